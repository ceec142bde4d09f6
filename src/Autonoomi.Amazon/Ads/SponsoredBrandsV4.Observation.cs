using System.Globalization;
using System.Text.Json;
using Autonoomi.Amazon.Ads.Wire.Brands;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads;

internal sealed partial class SponsoredBrandsV4
{
    private const int GroupsPerFilter = 100;

    public async Task<IReadOnlyList<Observation>> ObserveAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var sight = new Sight();
        var campaigns = changes.Where(change => change is SetBudget or SetPlacement or SetCampaignState or CreateTarget or AddNegative).Select(change => Text(change.Campaign.Value)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var item in await CampaignsByIdAsync(campaigns, cancellationToken).ConfigureAwait(false)) sight.Campaigns[Number(item.CampaignId)] = Of(item);

        foreach (var chunk in changes.Select(Parent).OfType<AdGroupId>().Select(group => Text(group.Value)).Distinct(StringComparer.Ordinal).Chunk(IdsPerFilter))
        {
            var found = await PagesAsync("/sb/v4/adGroups/list", AdGroupType, new BrandList { AdGroupIdFilter = new(chunk), StateFilter = LivingStates, MaxResults = PerPage }, page => page.AdGroups, item => item.AdGroupId, cancellationToken).ConfigureAwait(false);
            foreach (var item in found) sight.AdGroups[Number(item.AdGroupId)] = State(item.State);
        }

        // Keywords are asked for by their ids or, where one is to be created, by its ad group; product targets have a filter for ad groups alone.
        foreach (var chunk in Targets(changes, TargetKind.Keyword).Distinct().Chunk(PerPage)) See(await KeywordsAsync("/sb/keywords", KeywordListType, "&keywordIdFilter=" + Joined(chunk), cancellationToken).ConfigureAwait(false));
        foreach (var chunk in Groups<CreateTarget>(change => change.Match is MatchType.Exact or MatchType.Phrase or MatchType.Broad, change => change.AdGroup)) See(await KeywordsAsync("/sb/keywords", KeywordListType, "&adGroupIdFilter=" + Joined(chunk), cancellationToken).ConfigureAwait(false));
        foreach (var chunk in Groups<Change>(change => change is SetBid { Kind: TargetKind.Product } or SetTargetState { Kind: TargetKind.Product } or CreateTarget { Match: MatchType.Product or MatchType.Category }, change => GroupOf(change)!.Value))
        {
            foreach (var item in await ClausesAsync("/sb/targets/list", TargetListType, new("AD_GROUP_ID", JsonSerializer.SerializeToElement(chunk, BrandsJson.Default.Int64Array)), page => page.Targets, cancellationToken).ConfigureAwait(false))
            {
                if (State(item.State) == EntityState.Archived) continue;
                sight.Targets[Id(item.TargetId)] = (State(item.State), item.Bid);
                var (_, match, text) = ClauseWords.Of(Predicates(item.Expressions));
                sight.Twins.Add(Sight.Key(item.AdGroupId, match, text));
            }
        }

        foreach (var chunk in Targets(changes, TargetKind.Auto).Distinct().Select(Text).Chunk(GroupsPerFilter))
        {
            foreach (var item in await ThemesAsync(new ThemeList(TargetsPerPage, null) { ThemeIdFilter = new(chunk) }, cancellationToken).ConfigureAwait(false))
                if (State(item.State) != EntityState.Archived) sight.Targets[Number(item.ThemeId)] = (State(item.State), item.Bid);
        }

        foreach (var chunk in Groups<Change>(change => NegativeOf(change) is { } match && !ClauseWords.IsClause(match), change => GroupOf(change)!.Value))
        {
            foreach (var item in await KeywordsAsync("/sb/negativeKeywords", NegativeKeywordListType, "&adGroupIdFilter=" + Joined(chunk), cancellationToken).ConfigureAwait(false))
            {
                if (State(item.State) == EntityState.Archived || NegativeMatchOf(item.MatchType) is not { } match) continue;
                sight.Negatives.Add(Id(item.KeywordId));
                sight.Twins.Add(Sight.Key(item.AdGroupId, match, item.KeywordText ?? ""));
            }
        }

        foreach (var chunk in Groups<Change>(change => NegativeOf(change) is { } match && ClauseWords.IsClause(match), change => GroupOf(change)!.Value))
        {
            foreach (var item in await ClausesAsync("/sb/negativeTargets/list", NegativeTargetListType, new("AD_GROUP_ID", JsonSerializer.SerializeToElement([.. chunk.Select(Text)], BrandsJson.Default.StringArray)), page => page.NegativeTargets, cancellationToken).ConfigureAwait(false))
            {
                if (State(item.State) == EntityState.Archived) continue;
                sight.Negatives.Add(Id(item.TargetId));
                var (match, text) = ClauseWords.Negated(Predicates(item.Expressions));
                sight.Twins.Add(Sight.Key(item.AdGroupId, match, text));
            }
        }

        return [.. changes.Select(sight.See)];

        IEnumerable<long[]> Groups<T>(Func<T, bool> belongs, Func<T, AdGroupId> group)
            where T : Change => changes.OfType<T>().Where(belongs).Select(change => group(change).Value).Distinct().Chunk(GroupsPerFilter);

        void See(IReadOnlyList<Wire.Brands.Keyword> keywords)
        {
            foreach (var item in keywords.Where(item => State(item.State) != EntityState.Archived))
            {
                sight.Targets[Id(item.KeywordId)] = (State(item.State), item.Bid);
                if (Match(item.MatchType) is { } match) sight.Twins.Add(Sight.Key(item.AdGroupId, match, item.KeywordText ?? ""));
            }
        }
    }

    /// <returns>Null for what is no negative of an ad group.</returns>
    private static NegativeMatch? NegativeOf(Change change) => change switch
    {
        AddNegative { AdGroup: not null } negative => negative.Match,
        ArchiveNegative { AdGroup: not null } negative => negative.Match,
        _ => null,
    };

    private static AdGroupId? Parent(Change change) => change switch { CreateTarget creation => creation.AdGroup, AddNegative negative => negative.AdGroup, SetAdGroupState state => state.AdGroup, _ => null };

    private static AdGroupId? GroupOf(Change change) => change switch
    {
        SetBid bid => bid.AdGroup,
        SetTargetState state => state.AdGroup,
        ArchiveNegative negative => negative.AdGroup,
        _ => Parent(change),
    };

    private static IEnumerable<long> Targets(IReadOnlyList<Change> changes, TargetKind kind) => changes.Select(change => change switch
    {
        SetBid bid when bid.Kind == kind => bid.Target.Value,
        SetTargetState state when state.Kind == kind => state.Target.Value,
        _ => 0L,
    }).Where(id => id != 0);

    private static string Joined(IEnumerable<long> ids) => string.Join("%2C", ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));

    private async Task<IReadOnlyList<Wire.Brands.Campaign>> CampaignsByIdAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var found = new List<Wire.Brands.Campaign>();
        foreach (var chunk in ids.Chunk(IdsPerFilter))
            found.AddRange(await PagesAsync("/sb/v4/campaigns/list", CampaignType, new BrandList { CampaignIdFilter = new(chunk), StateFilter = LivingStates, MaxResults = PerPage }, page => page.Campaigns, item => item.CampaignId, cancellationToken).ConfigureAwait(false));
        return found;
    }
}
