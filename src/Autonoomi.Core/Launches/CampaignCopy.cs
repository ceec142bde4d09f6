using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Launches;

/// <summary>A campaign once more: the same layout under another name, for the same products or for one other.</summary>
public static class CampaignCopy
{
    /// <param name="workspace">The storefront.</param>
    /// <param name="campaign">Which.</param>
    /// <param name="name">Of the copy.</param>
    /// <param name="dailyBudget">Of the copy, in the storefront's currency.</param>
    /// <param name="product">Advertised in place of all others; null: what the campaign advertises.</param>
    /// <param name="start">First day of the copy, in the storefront's zone.</param>
    /// <returns>The plan, with the bids of today, and what stands in the way or is left out.</returns>
    public static LaunchDraft Draft(Workspace workspace, CampaignId campaign, string name, Money dailyBudget, Sku? product, DateOnly start)
    {
        if (workspace.Campaigns.FirstOrDefault(each => each.Id == campaign) is not { } source) return new(LaunchPlan.Empty, [new(true, "Campaign: it no longer exists at Amazon; choose another.")]);
        if (source.AdProduct != AdProduct.SponsoredProducts) return new(LaunchPlan.Empty, [new(true, $"Campaign: {source.AdProduct.Name()} cannot be duplicated from here, only Sponsored Products; do it at Amazon.")]);
        var notes = new List<LaunchNote>();
        var groups = ImmutableArray.CreateBuilder<PlannedAdGroup>();
        foreach (var group in workspace.AdGroups.Where(each => each.Campaign == campaign && each.State != EntityState.Archived))
        {
            ImmutableArray<Sku> products = product is { } one ? [one] : [.. workspace.ProductAds.Where(ad => ad.AdGroup == group.Id && ad.State == EntityState.Enabled).Select(ad => ad.Sku).Distinct()];
            var targets = workspace.Targets.Where(target => target.AdGroup == group.Id && target.State == EntityState.Enabled && target.Kind != TargetKind.Auto).ToList();
            var kept = targets.Where(target => target.Match is MatchType.Exact or MatchType.Phrase or MatchType.Broad or MatchType.Product or MatchType.Category).ToList();
            if (kept.Count < targets.Count) notes.Add(new(false, string.Create(CultureInfo.InvariantCulture, $"{group.Name}: {targets.Count - kept.Count} targets are of kinds that cannot be made from here and are left out.")));
            if (products.IsEmpty || (source.Targeting == TargetingType.Manual && kept.Count == 0))
            {
                notes.Add(new(false, $"{group.Name}: left out, because {(products.IsEmpty ? "it advertises nothing" : "none of its targets is enabled")}."));
                continue;
            }

            groups.Add(new(group.Name, group.DefaultBid, products, [.. kept.Select(target => new PlannedTarget(target.Match, target.Text, target.Bid))]) { Negatives = Negatives(workspace, campaign, group.Id) });
        }

        if (groups.Count == 0) return new(LaunchPlan.Empty, [.. notes, new(true, "Campaign: nothing of it is enabled, so there is nothing to duplicate.")]);
        var plan = new LaunchPlan([new(name.Trim(), source.Targeting, dailyBudget, source.Strategy == BiddingStrategy.RuleBased ? BiddingStrategy.DownOnly : source.Strategy, start, groups.ToImmutable())
        {
            TopOfSearchPercent = source.TopOfSearchPercent, RestOfSearchPercent = source.RestOfSearchPercent, ProductPagesPercent = source.ProductPagesPercent, Negatives = Negatives(workspace, campaign, null),
        }]);
        if (source.Strategy == BiddingStrategy.RuleBased) notes.Add(new(false, "Amazon's own rule moves the bids of the original; the copy's are dynamic, down only."));
        if (product is null) notes.Add(new(false, "Both campaigns would bid for the same searches with the same products: pause one of them, or change what the copy targets."));
        if (start < workspace.Today) notes.Add(new(true, $"Start: {start:yyyy-MM-dd} is over; choose {workspace.Today:yyyy-MM-dd} or a later day."));
        return new(plan, [.. notes, .. LaunchRules.Faults(workspace, plan)]);
    }

    private static ImmutableArray<PlannedNegative> Negatives(Workspace workspace, CampaignId campaign, AdGroupId? group) =>
    [
        .. workspace.Negatives.Where(negative => negative.Campaign == campaign && negative.AdGroup == group && negative.State == EntityState.Enabled && negative.Match is NegativeMatch.Exact or NegativeMatch.Phrase or NegativeMatch.Product)
            .Select(negative => new PlannedNegative(negative.Match, negative.Text)),
    ];
}
