using System.Collections.Immutable;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Core.Intraday;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>What ads have cost by the hour, as the guard of the day counted it.</summary>
public sealed class HourBook(SellerVaults vaults, BusinessClock clock)
{
    /// <returns>Finished days that tell their hours, the last four weeks at most, oldest first.</returns>
    public async Task<ImmutableArray<SpendHours>> SpentAsync(SellerId seller, StorefrontId storefront, Marketplace marketplace, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var stored = await vault.RecordAsync(RecordKind.Hours, RecordKind.RecordId(storefront, "latest"), StoredJson.Default.StoredHours, cancellationToken);
        return stored?.On(clock.Day(marketplace), BusinessClock.Day(marketplace, stored.Today.Date)).Earlier ?? [];
    }
}
