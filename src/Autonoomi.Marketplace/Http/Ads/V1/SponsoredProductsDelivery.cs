using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.Ads.V1;

/// <summary>Why something of Sponsored Products is not shown now, in the words of Ads API v1 and of the exports; nothing when it is.</summary>
internal sealed class SponsoredProductsDelivery(MarketWorld world)
{
    // What is paused, or was made within the hour, has no budget of today to be out of.
    private readonly Lazy<HashSet<long>> spent = new(() => [.. world.BudgetUsage(new DateSpan(world.Today, world.Today)).Where(row => row.Budget > 0 && row.Spent >= row.Budget).Select(row => row.CampaignId)]);
    private readonly Lazy<HashSet<string>> empty = new(() => [.. world.Stock().Where(stock => stock.Fulfillable <= 0).Select(stock => stock.Sku)]);
    private readonly Lazy<HashSet<string>> suppressed = new(() => [.. world.Listings().Where(listing => !listing.Buyable).Select(listing => listing.Sku.Value)]);

    public IReadOnlyList<string> Of(WorldCampaign campaign)
    {
        var reasons = State("CAMPAIGN", campaign.State);
        if (campaign.StartDate > world.Today) reasons.Add("CAMPAIGN_PENDING_START_DATE");
        if (campaign.EndDate < world.Today) reasons.Add("CAMPAIGN_END_DATE_REACHED");
        if (spent.Value.Contains(campaign.Id)) reasons.Add("CAMPAIGN_OUT_OF_BUDGET");
        return reasons;
    }

    public IReadOnlyList<string> Of(WorldAdGroup group) => [.. Of(world.Ads.Campaign(group.CampaignId)!), .. State("AD_GROUP", group.State)];

    public IReadOnlyList<string> Of(WorldProductAd ad)
    {
        List<string> reasons = [.. Of(world.Ads.AdGroup(ad.AdGroupId)!), .. State("AD", ad.State)];
        if (empty.Value.Contains(ad.Sku)) reasons.Add("OUT_OF_STOCK");
        if (suppressed.Value.Contains(ad.Sku)) reasons.Add("NOT_BUYABLE");
        return reasons;
    }

    public IReadOnlyList<string> Of(WorldTarget target) => [.. Of(world.Ads.AdGroup(target.AdGroupId)!), .. State("TARGET", target.State)];

    public IReadOnlyList<string> Of(WorldNegative negative) =>
        [.. negative.AdGroupId is { } group ? Of(world.Ads.AdGroup(group)!) : Of(world.Ads.Campaign(negative.CampaignId)!), .. State("TARGET", negative.State)];

    private static List<string> State(string prefix, EntityState state) => state switch
    {
        EntityState.Paused => [$"{prefix}_PAUSED"],
        EntityState.Archived => [$"{prefix}_ARCHIVED"],
        EntityState.Enabled => [],
    };
}
