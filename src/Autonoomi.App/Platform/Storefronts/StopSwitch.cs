using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>Stops all writing for a storefront at once. It is released on the page Strategy and limits, where a person sees what else is set.</summary>
public sealed class StopSwitch(SellerVaults vaults, Workspaces workspaces, AuditLog audit, Rights rights)
{
    private const int Attempts = 5;

    /// <returns>Why nothing was stored; null when writing is stopped.</returns>
    public async Task<Error?> StopAsync(SellerId seller, StorefrontId storefront, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Automation, cancellationToken) is { } refusal) return refusal;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var settings = (await workspaces.GetAsync(seller, storefront, cancellationToken)).Settings;
            if (settings.Frozen) return null;
            try
            {
                var vault = await vaults.OpenAsync(seller, Purpose.Instruct, cancellationToken);
                await vault.CommitAsync(new VaultWrite().Put(RecordKind.Settings, RecordKind.RecordId(storefront, "all"), settings with { Frozen = true }, StoredJson.Default.StorefrontSettings, "set")
                    .Also((db, stop) => audit.AppendAsync((AppDb)db, new(AuditAction.Automation, by, seller, $"mode {settings.Mode}, stopped", $"before: mode {settings.Mode}, running"), stop)), cancellationToken);
                workspaces.RecordsChanged(seller, storefront);
                return null;
            }
            catch (VaultConflictException)
            {
                // A run or another person wrote in between: their settings are read again before writing is stopped.
            }
        }

        return new NotStopped();
    }
}

public sealed record NotStopped() : Error("Somebody else, or a run, kept writing at the same moment. Nothing was stopped; try again at once.");
