using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

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
        if (workspace.Targets.Any(target => target.Match == MatchType.Other)) workspace = workspace with { Targets = [.. workspace.Targets.Where(IsKnown)] };
        var others = workspace.Campaigns.Where(campaign => campaign.AdProduct != AdProduct.SponsoredProducts).Select(campaign => campaign.Id).ToHashSet();
        return others.Count == 0 ? workspace : workspace.Entities(campaign => !others.Contains(campaign));
    }

    // What a target of an unknown kind reaches cannot be weighed: its bid is left as it stands.
    private static bool IsKnown(Target target) => target.Match != MatchType.Other;

    /// <summary>Campaigns of a kind with what belongs to them, what was changed in them included, targets of unknown kinds apart; facts stay those of the whole.</summary>
    /// <param name="workspace">The storefront.</param>
    /// <param name="stays">Told of each entity's campaign, also where that is no longer listed.</param>
    internal static Workspace Entities(this Workspace workspace, Func<CampaignId, bool> stays) => workspace with
    {
        Campaigns = [.. workspace.Campaigns.Where(campaign => stays(campaign.Id))],
        AdGroups = [.. workspace.AdGroups.Where(group => stays(group.Campaign))],
        ProductAds = [.. workspace.ProductAds.Where(ad => stays(ad.Campaign))],
        Targets = [.. workspace.Targets.Where(target => stays(target.Campaign) && IsKnown(target))],
        Negatives = [.. workspace.Negatives.Where(negative => stays(negative.Campaign))],
        Changes = [.. workspace.Changes.Where(applied => stays(applied.Change.Campaign))],
    };

    /// <summary>Sponsored Brands names products by ASIN alone: the SKU is that of the seller's listing. An ad of nothing that is listed is left out.</summary>
    public static ImmutableArray<ProductAd> Named(this ImmutableArray<ProductAd> ads, ImmutableArray<Listing> listings)
    {
        if (ads.All(ad => ad.Sku.Value.Length > 0)) return ads;
        var skus = listings.GroupBy(listing => listing.Asin).ToDictionary(group => group.Key, group => group.First().Sku);
        return [.. ads.Where(ad => ad.Sku.Value.Length > 0 || skus.ContainsKey(ad.Asin)).Select(ad => ad.Sku.Value.Length > 0 ? ad : ad with { Sku = skus[ad.Asin] })];
    }
}
