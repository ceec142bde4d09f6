using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Launches;

/// <param name="Id">Amazon's id; null where it was not made, or where Amazon told none.</param>
/// <param name="Problem">Why it was not made, in a person's words; null when it stands.</param>
public sealed record MadePart(long? Id, string? Problem)
{
    public bool Stands => Problem is null;
}

/// <param name="Part">The part's place in the plan; see <see cref="LaunchProgress"/>.</param>
/// <param name="Creation">A campaign, an ad group or an ad; null for the others.</param>
/// <param name="Change">A target or a negative; null for the others.</param>
public sealed record LaunchItem(string Part, Creation? Creation, Change? Change)
{
    public string EntityKey => Creation?.EntityKey ?? Change!.EntityKey;
}

/// <summary>How far one campaign of a launch is.</summary>
/// <param name="Index">Its place in the plan.</param>
/// <param name="Campaign">The plan's.</param>
/// <param name="Id">Amazon's; null while it is not made.</param>
/// <param name="Made">Parts that stand, the campaign among them.</param>
/// <param name="Parts">All of its parts.</param>
/// <param name="Problems">What was refused, with what it is.</param>
/// <param name="CanRun">True when something of it can be shown: an ad, and something to target.</param>
public sealed record LaunchedCampaign(int Index, PlannedCampaign Campaign, CampaignId? Id, int Made, int Parts, ImmutableArray<(string What, string Problem)> Problems, bool CanRun);

/// <summary>
/// What a launch has made and what comes next, layer by layer, since each layer needs the ids of the one above: campaigns, ad groups, ads, then targets and negatives. Pure; a part is named by
/// its place in the plan: <c>c0</c>, <c>c0.g1</c>, <c>c0.g1.a0</c>, <c>c0.g1.t5</c>, <c>c0.n2</c>, <c>c0.g1.n0</c>.
/// </summary>
public static class LaunchProgress
{
    /// <param name="plan">Of the launch.</param>
    /// <param name="made">What became of each part so far.</param>
    /// <param name="most">Items at most, 1 or more.</param>
    /// <returns>Parts of one layer that can be made now; none when nothing is left. What hangs on a refused part is never made.</returns>
    public static IReadOnlyList<LaunchItem> Next(LaunchPlan plan, IReadOnlyDictionary<string, MadePart> made, int most)
    {
        foreach (var layer in new Func<LaunchPlan, IReadOnlyDictionary<string, MadePart>, IEnumerable<LaunchItem>>[] { CampaignsOf, GroupsOf, AdsOf, RestOf })
        {
            var items = layer(plan, made).Where(item => !made.ContainsKey(item.Part)).Take(most).ToList();
            if (items.Count > 0) return items;
        }

        return [];
    }

    /// <returns>Parts of the plan, each counted once.</returns>
    public static int Parts(LaunchPlan plan) => plan.Campaigns.Sum(Parts);

    /// <returns>How each campaign of the plan stands, in its order.</returns>
    public static IReadOnlyList<LaunchedCampaign> Standing(LaunchPlan plan, IReadOnlyDictionary<string, MadePart> made)
    {
        var byCampaign = made.ToLookup(pair => pair.Key.Split('.')[0], StringComparer.Ordinal);
        return
        [
            .. plan.Campaigns.Select((campaign, index) =>
            {
                var mine = byCampaign[$"c{index}"].ToList();
                var id = made.GetValueOrDefault($"c{index}") is { Stands: true, Id: { } known } ? new CampaignId(known) : (CampaignId?)null;
                var canRun = id is not null && campaign.AdGroups.Select((group, at) => (group, Place: $"c{index}.g{at}")).Any(pair =>
                    Any(made, $"{pair.Place}.a", pair.group.Products.Length) && (campaign.Targeting == TargetingType.Auto || Any(made, $"{pair.Place}.t", pair.group.Targets.Length)));
                return new LaunchedCampaign(index, campaign, id, mine.Count(pair => pair.Value.Stands), Parts(campaign),
                    [.. mine.Where(pair => !pair.Value.Stands).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (What(campaign, pair.Key), pair.Value.Problem!))], canRun);
            }),
        ];
    }

    /// <returns>True when every part stands or was refused, those that hang on a refused one with it.</returns>
    public static bool IsOver(LaunchPlan plan, IReadOnlyDictionary<string, MadePart> made) => Next(plan, made, 1).Count == 0;

    private static bool Any(IReadOnlyDictionary<string, MadePart> made, string prefix, int count) => Enumerable.Range(0, count).Any(index => made.GetValueOrDefault($"{prefix}{index}") is { Stands: true });

    private static int Parts(PlannedCampaign campaign) => 1 + campaign.Negatives.Length + campaign.AdGroups.Sum(group => 1 + group.Products.Length + group.Targets.Length + group.Negatives.Length);

    private static string What(PlannedCampaign campaign, string part)
    {
        var places = part.Split('.');
        int At(int depth) => int.Parse(places[depth].AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
        if (places.Length == 1) return "campaign";
        if (places[1][0] == 'n') return $"negative '{campaign.Negatives[At(1)].Text}'";
        var group = campaign.AdGroups[At(1)];
        return places.Length == 2 ? $"ad group {group.Name}" : places[2][0] switch
        {
            'a' => $"ad of {group.Products[At(2)]}",
            't' => $"'{group.Targets[At(2)].Text}'",
            _ => $"negative '{group.Negatives[At(2)].Text}'",
        };
    }

    private static IEnumerable<LaunchItem> CampaignsOf(LaunchPlan plan, IReadOnlyDictionary<string, MadePart> made) => plan.Campaigns.Select((campaign, index) => new LaunchItem($"c{index}", new CreateCampaign(
        campaign.Name, campaign.Targeting, campaign.DailyBudget, campaign.Strategy, campaign.Start, campaign.TopOfSearchPercent, campaign.RestOfSearchPercent, campaign.ProductPagesPercent), null));

    private static IEnumerable<LaunchItem> GroupsOf(LaunchPlan plan, IReadOnlyDictionary<string, MadePart> made) =>
        Standing(made, "c", plan.Campaigns).SelectMany(campaign => campaign.Item.AdGroups.Select((group, index) => new LaunchItem($"{campaign.Part}.g{index}", new CreateAdGroup(new(campaign.Id), group.Name, group.DefaultBid), null)));

    private static IEnumerable<LaunchItem> AdsOf(LaunchPlan plan, IReadOnlyDictionary<string, MadePart> made) =>
        Groups(plan, made).SelectMany(place => place.Group.Products.Select((sku, index) => new LaunchItem($"{place.Part}.a{index}", new CreateProductAd(place.CampaignId, place.Id, sku), null)));

    private static IEnumerable<LaunchItem> RestOf(LaunchPlan plan, IReadOnlyDictionary<string, MadePart> made)
    {
        // Negatives first: nothing of a campaign is ever on without them.
        foreach (var (part, id, campaign) in Standing(made, "c", plan.Campaigns))
        {
            for (var index = 0; index < campaign.Negatives.Length; index++)
                yield return new($"{part}.n{index}", null, new AddNegative(new(id), null, campaign.Negatives[index].Match, campaign.Negatives[index].Text));
        }

        foreach (var place in Groups(plan, made))
        {
            for (var index = 0; index < place.Group.Negatives.Length; index++)
                yield return new($"{place.Part}.n{index}", null, new AddNegative(place.CampaignId, place.Id, place.Group.Negatives[index].Match, place.Group.Negatives[index].Text));
            for (var index = 0; index < place.Group.Targets.Length; index++)
                yield return new($"{place.Part}.t{index}", null, new CreateTarget(place.CampaignId, place.Id, place.Group.Targets[index].Match, place.Group.Targets[index].Text, place.Group.Targets[index].Bid));
        }
    }

    private static IEnumerable<(string Part, CampaignId CampaignId, AdGroupId Id, PlannedAdGroup Group)> Groups(LaunchPlan plan, IReadOnlyDictionary<string, MadePart> made) =>
        Standing(made, "c", plan.Campaigns).SelectMany(campaign => Standing(made, $"{campaign.Part}.g", campaign.Item.AdGroups).Select(group => (group.Part, new CampaignId(campaign.Id), new AdGroupId(group.Id), group.Item)));

    private static IEnumerable<(string Part, long Id, T Item)> Standing<T>(IReadOnlyDictionary<string, MadePart> made, string prefix, ImmutableArray<T> items) =>
        items.Select((item, index) => (Part: $"{prefix}{index}", item)).Where(pair => made.GetValueOrDefault(pair.Part) is { Stands: true, Id: not null }).Select(pair => (pair.Part, made[pair.Part].Id!.Value, pair.item));
}
