using System.Collections.Immutable;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>What settlements hold of one marketplace that has no storefront here.</summary>
/// <param name="Name">Amazon's name of the marketplace.</param>
/// <param name="Reports">In how many settlement reports.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Total">What they add up to, positive to the seller.</param>
public sealed record ElsewhereSum(string Name, int Reports, int Rows, Money Total);

/// <summary>What was read of the money that Amazon settled.</summary>
public sealed class LedgerBook(SellerVaults vaults)
{
    /// <returns>By name; empty where every row found its storefront.</returns>
    public async Task<ImmutableArray<ElsewhereSum>> ElsewhereAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var mark = await vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(storefront, "ledger"), StoredJson.Default.LedgerMark, cancellationToken);
        return
        [
            .. (mark?.NotHere ?? []).GroupBy(item => (item.Name, item.Total.Currency)).OrderBy(items => items.Key.Name, StringComparer.Ordinal)
                .Select(items => new ElsewhereSum(items.Key.Name, items.Count(), items.Sum(item => item.Rows), items.Aggregate(Money.Zero(items.Key.Currency), (sum, item) => sum + item.Total))),
        ];
    }
}
