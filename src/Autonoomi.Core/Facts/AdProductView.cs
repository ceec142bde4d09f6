using System.Collections.Immutable;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Core.Facts;

/// <summary>The part of a storefront that decisions are made on.</summary>
public static class AdProductView
{
    /// <summary>
    /// Sponsored Products alone. Attribution of 7 days, placements, auto clauses and negatives of campaigns are its rules; campaigns of Sponsored Brands and Display are
    /// shown and counted, and decided on by themselves (OtherAds), and neither do their keywords stand in the way of anything, nor what was changed of them.
    /// </summary>
    /// <returns>The workspace itself where there is nothing else.</returns>
    public static Workspace OfSponsoredProducts(this Workspace workspace)
    {
        var others = workspace.Campaigns.Where(campaign => campaign.AdProduct != AdProduct.SponsoredProducts).Select(campaign => campaign.Id).ToHashSet();
        return others.Count == 0 ? workspace : workspace with
        {
            Campaigns = [.. workspace.Campaigns.Where(campaign => !others.Contains(campaign.Id))],
            AdGroups = [.. workspace.AdGroups.Where(group => !others.Contains(group.Campaign))],
            ProductAds = [.. workspace.ProductAds.Where(ad => !others.Contains(ad.Campaign))],
            Targets = [.. workspace.Targets.Where(target => !others.Contains(target.Campaign))],
            Negatives = [.. workspace.Negatives.Where(negative => !others.Contains(negative.Campaign))],
            Changes = [.. workspace.Changes.Where(applied => !others.Contains(applied.Change.Campaign))],
        };
    }

    /// <summary>Sponsored Brands names products by ASIN alone: the SKU is that of the seller's listing. An ad of nothing that is listed is left out.</summary>
    public static ImmutableArray<ProductAd> Named(this ImmutableArray<ProductAd> ads, ImmutableArray<Listing> listings)
    {
        if (ads.All(ad => ad.Sku.Value.Length > 0)) return ads;
        var skus = listings.GroupBy(listing => listing.Asin).ToDictionary(group => group.Key, group => group.First().Sku);
        return [.. ads.Where(ad => ad.Sku.Value.Length > 0 || skus.ContainsKey(ad.Asin)).Select(ad => ad.Sku.Value.Length > 0 ? ad : ad with { Sku = skus[ad.Asin] })];
    }
}
