using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads;

internal sealed partial class SponsoredProductsV3
{
    private const int IdsPerFilter = 1000;
    private const int ParentsPerFilter = 100;

    // Negatives live in four places; each has its own route, id filter and id.
    private static readonly NegativePlace[] NegativePlaces =
    [
        new(Route.NegativeKeywords, "negativeKeywordIdFilter", Product: false, InAdGroup: true),
        new(Route.CampaignNegativeKeywords, "campaignNegativeKeywordIdFilter", Product: false, InAdGroup: false),
        new(Route.NegativeTargets, "negativeTargetIdFilter", Product: true, InAdGroup: true),
        new(Route.CampaignNegativeTargets, "campaignNegativeTargetIdFilter", Product: true, InAdGroup: false),
    ];

    public async Task<IReadOnlyList<Observation>> ObserveAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var campaigns = await LookUpAsync(changes.Where(change => change is SetBudget or SetPlacement or SetCampaignState or CreateTarget or AddNegative).Select(change => change.Campaign.Value), IdsPerFilter,
            CampaignsByIdAsync, item => item.CampaignId, cancellationToken).ConfigureAwait(false);
        var keywords = await LookUpAsync(Targets(changes, keyword: true), IdsPerFilter,
            (ids, ct) => ListAsync(Route.Keywords, new ListRequest { KeywordIdFilter = new(ids), StateFilter = AnyState }, page => page.Keywords, item => item.KeywordId, ct), item => item.KeywordId, cancellationToken).ConfigureAwait(false);
        var clauses = await LookUpAsync(Targets(changes, keyword: false), IdsPerFilter,
            (ids, ct) => ListAsync(Route.Targets, new ListRequest { TargetIdFilter = new(ids), StateFilter = AnyState }, page => page.TargetingClauses, item => item.TargetId, ct), item => item.TargetId, cancellationToken).ConfigureAwait(false);

        // Default bids of targets without their own, and whether parents of creations still live.
        var groupIds = changes.Select(change => change switch
        {
            CreateTarget creation => creation.AdGroup.Value,
            SetAdGroupState state => state.AdGroup.Value,
            AddNegative { AdGroup: { } group } => group.Value,
            SetBid bid when (bid.Kind == TargetKind.Keyword ? keywords.GetValueOrDefault(bid.Target.Value)?.Bid : clauses.GetValueOrDefault(bid.Target.Value)?.Bid) is null => bid.AdGroup.Value,
            _ => 0L,
        }).Where(id => id != 0);
        var groups = await LookUpAsync(groupIds, IdsPerFilter,
            (ids, ct) => ListAsync(Route.AdGroups, new ListRequest { AdGroupIdFilter = new(ids), StateFilter = AnyState }, page => page.AdGroups, item => item.AdGroupId, ct), item => item.AdGroupId, cancellationToken).ConfigureAwait(false);

        var twins = await TwinsAsync(changes, cancellationToken).ConfigureAwait(false);
        var negatives = new Dictionary<long, EntityState>();
        foreach (var place in NegativePlaces)
        {
            foreach (var chunk in changes.OfType<ArchiveNegative>().Where(change => place.Holds(change.Match, change.AdGroup is not null)).Select(change => Text(change.Negative.Value)).Distinct(StringComparer.Ordinal).Chunk(IdsPerFilter))
                foreach (var (id, state) in await place.ByIdAsync(this, chunk, cancellationToken).ConfigureAwait(false)) negatives[id] = state;
        }

        return [.. changes.Select(change => change switch
        {
            SetBid bid => BidOf(bid) is var (state, amount) && state != EntityState.Archived ? Compare(amount, bid.Before.Amount, bid.After.Amount) : Observation.Gone,
            SetTargetState wanted => StateOf(wanted),
            SetCampaignState wanted => Sight.Compare(campaigns.TryGetValue(wanted.Campaign.Value, out var campaign) ? State(campaign.State) : EntityState.Archived, wanted.Before, wanted.After),
            SetAdGroupState wanted => Sight.Compare(groups.TryGetValue(wanted.AdGroup.Value, out var group) ? State(group.State) : EntityState.Archived, wanted.Before, wanted.After),
            SetBudget budget => Living(budget.Campaign.Value) is { } campaign ? Compare(campaign.Budget?.Amount, budget.Before.Amount, budget.After.Amount) : Observation.Gone,
            SetPlacement placement => Living(placement.Campaign.Value) is { } campaign ? Compare(Percent(campaign, Written(placement.Placement)), placement.BeforePercent, placement.AfterPercent) : Observation.Gone,
            CreateTarget creation => Created(Key(creation), creation.Campaign.Value, creation.AdGroup.Value),
            AddNegative negative => Created(Key(negative), negative.Campaign.Value, negative.AdGroup?.Value),
            ArchiveNegative archived => negatives.GetValueOrDefault(archived.Negative.Value, EntityState.Archived) == EntityState.Archived ? Observation.Done : Observation.Untouched,
            _ => throw new NotSupportedException($"{change.GetType().Name} cannot be observed: teach the observer."),
        })];

        (EntityState State, decimal? Amount)? BidOf(SetBid bid)
        {
            var inherited = groups.GetValueOrDefault(bid.AdGroup.Value)?.DefaultBid;
            return bid.Kind == TargetKind.Keyword
                ? keywords.TryGetValue(bid.Target.Value, out var keyword) ? (State(keyword.State), keyword.Bid ?? inherited) : null
                : clauses.TryGetValue(bid.Target.Value, out var clause) ? (State(clause.State), clause.Bid ?? inherited) : null;
        }

        Observation StateOf(SetTargetState wanted)
        {
            var now = wanted.Kind == TargetKind.Keyword
                ? keywords.TryGetValue(wanted.Target.Value, out var keyword) ? State(keyword.State) : EntityState.Archived
                : clauses.TryGetValue(wanted.Target.Value, out var clause) ? State(clause.State) : EntityState.Archived;
            return Sight.Compare(now, wanted.Before, wanted.After);
        }

        Wire.Campaign? Living(long id) => campaigns.TryGetValue(id, out var campaign) && State(campaign.State) != EntityState.Archived ? campaign : null;

        Observation Created(string key, long campaign, long? group)
        {
            if (twins.Contains(key)) return Observation.Done;
            var parentsLive = Living(campaign) is not null && (group is null || (groups.TryGetValue(group.Value, out var parent) && State(parent.State) != EntityState.Archived));
            return parentsLive ? Observation.Untouched : Observation.Gone;
        }
    }

    private static Observation Compare<T>(T? now, T before, T after)
        where T : struct, IEquatable<T> => now is not { } value ? Observation.Different : value.Equals(after) ? Observation.Done : value.Equals(before) ? Observation.Untouched : Observation.Different;

    private static IEnumerable<long> Targets(IReadOnlyList<Change> changes, bool keyword) => changes.Select(change => change switch
    {
        SetBid bid when bid.Kind == TargetKind.Keyword == keyword => bid.Target.Value,
        SetTargetState state when state.Kind == TargetKind.Keyword == keyword => state.Target.Value,
        _ => 0L,
    }).Where(id => id != 0);

    private Task<IReadOnlyList<Wire.Campaign>> CampaignsByIdAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        ListAsync(Route.Campaigns, new ListRequest { CampaignIdFilter = new(ids), StateFilter = AnyState, MaxResults = CampaignsPerPage }, page => page.Campaigns, item => item.CampaignId, cancellationToken);

    private static async Task<Dictionary<long, T>> LookUpAsync<T>(IEnumerable<long> ids, int perCall, Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<T>>> list, Func<T, string> id, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, T>();
        foreach (var chunk in ids.Distinct().Select(Text).Chunk(perCall))
            foreach (var item in await list(chunk, cancellationToken).ConfigureAwait(false)) found[Number(id(item), "id")] = item;
        return found;
    }

    /// <summary>Keys of everything living in the ad groups and campaigns into which the changes create.</summary>
    private async Task<HashSet<string>> TwinsAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in Groups<CreateTarget>(change => IsKeyword(change.Match), change => change.AdGroup.Value))
        {
            foreach (var item in await ListAsync(Route.Keywords, Within(chunk), page => page.Keywords, item => item.KeywordId, cancellationToken).ConfigureAwait(false))
                keys.Add(Key(item.AdGroupId, item.MatchType, item.KeywordText));
        }

        foreach (var chunk in Groups<CreateTarget>(change => !IsKeyword(change.Match), change => change.AdGroup.Value))
        {
            foreach (var item in await ListAsync(Route.Targets, Within(chunk), page => page.TargetingClauses, item => item.TargetId, cancellationToken).ConfigureAwait(false))
                if (item.Expression is [{ } only]) keys.Add(Key(item.AdGroupId, only.Type, only.Value));
        }

        foreach (var place in NegativePlaces)
        {
            foreach (var chunk in Groups<AddNegative>(change => place.Holds(change.Match, change.AdGroup is not null), change => change.AdGroup?.Value ?? change.Campaign.Value))
                keys.UnionWith(await place.KeysAsync(this, chunk, cancellationToken).ConfigureAwait(false));
        }

        return keys;

        IEnumerable<string[]> Groups<T>(Func<T, bool> belongs, Func<T, long> parent)
            where T : Change => changes.OfType<T>().Where(belongs).Select(parent).Distinct().Select(Text).Chunk(ParentsPerFilter);

        static ListRequest Within(string[] groups) => new() { AdGroupIdFilter = new(groups), StateFilter = Living, MaxResults = OthersPerPage };
    }

    private static string Key(CreateTarget creation) => Key(Text(creation.AdGroup.Value), IsKeyword(creation.Match) || creation.Match is MatchType.Product or MatchType.Category ? Written(creation.Match) : null, creation.Text);

    private static string Key(AddNegative negative) => Key(Text(negative.AdGroup?.Value ?? negative.Campaign.Value), negative.Match == NegativeMatch.Other ? null : "-" + Written(negative.Match), negative.Text);

    // Amazon compares texts without regard to case and to repeated spaces.
    internal static string Key(string? parent, string? match, string? text) =>
        $"{parent}|{match}|{string.Join(' ', (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant()}";

    private sealed record NegativePlace(Route Route, string Filter, bool Product, bool InAdGroup)
    {
        public bool Holds(NegativeMatch match, bool inAdGroup) => Product == ClauseWords.IsClause(match) && InAdGroup == inAdGroup;

        public async Task<IEnumerable<(long Id, EntityState State)>> ByIdAsync(SponsoredProductsV3 client, string[] ids, CancellationToken cancellationToken)
        {
            var filter = new Ids(ids);
            var request = new ListRequest
            {
                StateFilter = AnyState,
                NegativeKeywordIdFilter = !Product && InAdGroup ? filter : null,
                CampaignNegativeKeywordIdFilter = !Product && !InAdGroup ? filter : null,
                NegativeTargetIdFilter = Product && InAdGroup ? filter : null,
                CampaignNegativeTargetIdFilter = Product && !InAdGroup ? filter : null,
            };
            return Product
                ? (await client.ListAsync(Route, request, Clauses, item => item.TargetId, cancellationToken).ConfigureAwait(false)).Select(item => (Number(item.TargetId, "targetId"), State(item.State)))
                : (await client.ListAsync(Route, request, Keywords, item => item.KeywordId, cancellationToken).ConfigureAwait(false)).Select(item => (Number(item.KeywordId, "keywordId"), State(item.State)));
        }

        public async Task<IEnumerable<string>> KeysAsync(SponsoredProductsV3 client, string[] parents, CancellationToken cancellationToken)
        {
            var request = new ListRequest { StateFilter = Living, MaxResults = OthersPerPage, AdGroupIdFilter = InAdGroup ? new(parents) : null, CampaignIdFilter = InAdGroup ? null : new(parents) };
            return Product
                ? (await client.ListAsync(Route, request, Clauses, item => item.TargetId, cancellationToken).ConfigureAwait(false)).Where(item => item.Expression is [_]).Select(item => Key(item.AdGroupId ?? item.CampaignId, "-" + item.Expression![0].Type, item.Expression[0].Value))
                : (await client.ListAsync(Route, request, Keywords, item => item.KeywordId, cancellationToken).ConfigureAwait(false)).Select(item => Key(item.AdGroupId ?? item.CampaignId, "-" + item.MatchType, item.KeywordText));
        }

        private Keyword[]? Keywords(Page page) => InAdGroup ? page.NegativeKeywords : page.CampaignNegativeKeywords;

        private Clause[]? Clauses(Page page) => InAdGroup ? page.NegativeTargetingClauses : page.CampaignNegativeTargetingClauses;
    }
}
