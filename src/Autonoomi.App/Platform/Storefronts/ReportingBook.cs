using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>A seller account's reporting currency and exchange rates: sealed in its vault, the same for all of its storefronts, and never another account's.</summary>
public sealed class ReportingBook(SellerVaults vaults, Workspaces workspaces, AuditLog audit, Rights rights)
{
    private const string Id = "all";
    private const int Attempts = 5;

    /// <exception cref="VaultException">The seller's data does not open; the message says why.</exception>
    public async Task<Reporting> ReadAsync(SellerId seller, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        return await vault.RecordAsync(RecordKind.Exchange, Id, StoredJson.Default.Reporting, cancellationToken) ?? Reporting.None;
    }

    /// <param name="seller">Whose.</param>
    /// <param name="storefront">The one on screen: its pages are told.</param>
    /// <param name="reporting">In place of what was stored.</param>
    /// <param name="by">Who typed it in.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is wrong, in a person's words; empty when it was stored.</returns>
    public async Task<IReadOnlyList<string>> StoreAsync(SellerId seller, StorefrontId storefront, Reporting reporting, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Exchange, cancellationToken) is { } refusal) return [refusal.Message];
        if (reporting.Faults().ToList() is { Count: > 0 } faults) return faults;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                var vault = await vaults.OpenAsync(seller, Purpose.Instruct, cancellationToken);
                await vault.CommitAsync(new VaultWrite().Put(RecordKind.Exchange, Id, reporting, StoredJson.Default.Reporting, "set")
                    .Also((db, stop) => audit.AppendAsync((AppDb)db, new(AuditAction.Exchange, by, seller, "reporting currency and rates"), stop)), cancellationToken);
                workspaces.RecordsChanged(seller, storefront);
                return [];
            }
            catch (VaultConflictException)
            {
                // A run committed in between; rates do not depend on what it wrote.
            }
        }

        return ["Somebody else, or a run, kept writing at the same moment. Nothing was stored; try again."];
    }
}
