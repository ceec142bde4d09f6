using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>A product that was bought after a click on the ad of another.</summary>
/// <param name="Asin">What was bought.</param>
/// <param name="Listing">The seller's own offer of it; null for a product of the brand that this storefront does not list.</param>
/// <param name="Orders">Orders, by the attribution of the ad product.</param>
/// <param name="Units">Units ordered.</param>
/// <param name="Sales">What they came to.</param>
public sealed record BoughtProduct(Asin Asin, Listing? Listing, long Orders, long Units, Money Sales);

/// <summary>The halo of ads: what shoppers bought instead of, or beside, the product that they clicked on.</summary>
public static class Bought
{
    /// <summary>
    /// Other products bought after clicks on one target's ads. Amazon tells it by target for Sponsored Products alone; for Brands and Display it is that of the whole ad group.
    /// </summary>
    /// <param name="workspace">Facts, ads and listings.</param>
    /// <param name="target">One of the workspace's targets.</param>
    /// <param name="span">Click days.</param>
    /// <returns>By sales, the highest first. Products that the ad group itself advertises are left out.</returns>
    public static ImmutableArray<BoughtProduct> After(Workspace workspace, Target target, DateSpan span)
    {
        var ads = workspace.Campaigns.FirstOrDefault(campaign => campaign.Id == target.Campaign)?.AdProduct ?? AdProduct.SponsoredProducts;
        var (table, column, id) = ads switch
        {
            AdProduct.SponsoredProducts => (workspace.PurchaseDays, "target_id", target.Id.Value),
            AdProduct.SponsoredBrands => (workspace.BrandsPurchaseDays, "ad_group_id", target.AdGroup.Value),
            AdProduct.SponsoredDisplay => (workspace.DisplayPurchaseDays, "ad_group_id", target.AdGroup.Value),
        };
        var advertised = workspace.ProductAds.Where(ad => ad.AdGroup == target.AdGroup).Select(ad => ad.Asin.Value).ToHashSet(StringComparer.Ordinal);
        var ids = table.Longs(column);
        var days = table.Ints("day");
        var asins = table.Texts("asin");
        var orders = table.Longs("orders");
        var units = table.Longs("units");
        var sales = table.Longs("sales");
        var sums = new Dictionary<string, (long Orders, long Units, long Sales)>(StringComparer.Ordinal);
        for (var row = 0; row < table.Rows; row++)
        {
            if (ids[row] != id || days[row] < span.First.DayNumber || days[row] > span.Last.DayNumber || advertised.Contains(asins[row])) continue;
            var sum = sums.GetValueOrDefault(asins[row]);
            sums[asins[row]] = (sum.Orders + orders[row], sum.Units + units[row], sum.Sales + sales[row]);
        }

        var listings = workspace.Listings.GroupBy(listing => listing.Asin.Value, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var currency = workspace.Marketplace.Currency;
        return
        [
            .. sums.OrderByDescending(sum => sum.Value.Sales).ThenBy(sum => sum.Key, StringComparer.Ordinal)
                .Select(sum => new BoughtProduct(new(sum.Key), listings.GetValueOrDefault(sum.Key), sum.Value.Orders, sum.Value.Units, Money.FromMicros(sum.Value.Sales, currency))),
        ];
    }
}
