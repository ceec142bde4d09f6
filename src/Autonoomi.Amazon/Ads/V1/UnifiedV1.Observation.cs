using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads.V1;

internal sealed partial class UnifiedV1
{
    public async Task<IReadOnlyList<Observation>> ObserveAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var campaigns = await LookUpAsync(changes.Where(change => change is SetBudget or SetPlacement or SetCampaignState or CreateTarget or AddNegative).Select(change => change.Campaign.Value), limits.CampaignIds,
            (ids, ct) => CampaignsAsync(new UnifiedQuery { CampaignIdFilter = ids, StateFilter = AnyState }, ct), item => item.CampaignId, cancellationToken).ConfigureAwait(false);

        // Keywords, products, auto clauses and negatives are one list here.
        var targets = await LookUpAsync(changes.Select(change => change switch
        {
            SetBid bid => bid.Target.Value,
            SetTargetState state => state.Target.Value,
            ArchiveNegative archived => archived.Negative.Value,
            _ => 0L,
        }).Where(id => id != 0), Limits.TargetIds, (ids, ct) => TargetsAsync(negative: null, new UnifiedQuery { TargetIdFilter = ids, StateFilter = AnyState }, ct), item => item.TargetId, cancellationToken).ConfigureAwait(false);

        // Default bids of targets without their own, and whether parents of creations still live.
        var groups = await LookUpAsync(changes.Select(change => change switch
        {
            CreateTarget creation => creation.AdGroup.Value,
            SetAdGroupState state => state.AdGroup.Value,
            AddNegative { AdGroup: { } group } => group.Value,
            SetBid bid when targets.GetValueOrDefault(bid.Target.Value)?.Bid?.Amount is null => bid.AdGroup.Value,
            _ => 0L,
        }).Where(id => id != 0), limits.AdGroupIds, (ids, ct) => AdGroupsAsync(new UnifiedQuery { AdGroupIdFilter = ids, StateFilter = AnyState }, ct), item => item.AdGroupId, cancellationToken).ConfigureAwait(false);

        var twins = await TwinsAsync(changes, cancellationToken).ConfigureAwait(false);
        return [.. changes.Select(change => change switch
        {
            SetBid bid => targets.TryGetValue(bid.Target.Value, out var target) && UnifiedWords.State(target.State) != EntityState.Archived
                ? Compare(target.Bid?.Amount ?? groups.GetValueOrDefault(bid.AdGroup.Value)?.Bid?.Amount, bid.Before.Amount, bid.After.Amount) : Observation.Gone,
            SetTargetState wanted => StateOf(wanted),
            SetCampaignState wanted => Sight.Compare(campaigns.TryGetValue(wanted.Campaign.Value, out var campaign) ? UnifiedWords.State(campaign.State) : EntityState.Archived, wanted.Before, wanted.After),
            SetAdGroupState wanted => Sight.Compare(groups.TryGetValue(wanted.AdGroup.Value, out var group) ? UnifiedWords.State(group.State) : EntityState.Archived, wanted.Before, wanted.After),
            SetBudget budget => Living(budget.Campaign.Value) is { } campaign ? Compare(Budget(campaign), budget.Before.Amount, budget.After.Amount) : Observation.Gone,
            SetPlacement placement => Living(placement.Campaign.Value) is { } campaign ? Compare<int>(Percent(campaign, placement.Placement), placement.BeforePercent, placement.AfterPercent) : Observation.Gone,
            CreateTarget creation => Created(Key(creation.AdGroup.Value, negative: false, creation.Match, creation.Text), creation.Campaign.Value, creation.AdGroup.Value),
            AddNegative negative => Created(Key(negative.AdGroup?.Value ?? negative.Campaign.Value, negative: true, UnifiedWords.Positive(negative.Match), negative.Text), negative.Campaign.Value, negative.AdGroup?.Value),
            ArchiveNegative archived => UnifiedWords.State(targets.GetValueOrDefault(archived.Negative.Value)?.State ?? "ARCHIVED") == EntityState.Archived ? Observation.Done : Observation.Untouched,
            _ => throw new NotSupportedException($"{change.GetType().Name} cannot be observed: teach the observer."),
        })];

        Observation StateOf(SetTargetState wanted)
        {
            var now = targets.TryGetValue(wanted.Target.Value, out var target) ? UnifiedWords.State(target.State) : EntityState.Archived;
            return Sight.Compare(now, wanted.Before, wanted.After);
        }

        UnifiedCampaign? Living(long id) => campaigns.TryGetValue(id, out var campaign) && UnifiedWords.State(campaign.State) != EntityState.Archived ? campaign : null;

        Observation Created(string key, long campaign, long? group)
        {
            if (twins.Contains(key)) return Observation.Done;
            var parentsLive = Living(campaign) is not null && (group is null || (groups.TryGetValue(group.Value, out var parent) && UnifiedWords.State(parent.State) != EntityState.Archived));
            return parentsLive ? Observation.Untouched : Observation.Gone;
        }
    }

    private static Observation Compare<T>(T? now, T before, T after)
        where T : struct, IEquatable<T> => now is not { } value ? Observation.Different : value.Equals(after) ? Observation.Done : value.Equals(before) ? Observation.Untouched : Observation.Different;

    private static async Task<Dictionary<long, T>> LookUpAsync<T>(IEnumerable<long> ids, int perCall, Func<Include<string>, CancellationToken, Task<IReadOnlyList<T>>> list, Func<T, string?> id, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, T>();
        foreach (var chunk in ids.Distinct().Select(UnifiedWords.Text).Chunk(perCall))
            foreach (var item in await list(new(chunk), cancellationToken).ConfigureAwait(false)) found[UnifiedWords.Number(id(item), "id")] = item;
        return found;
    }

    /// <summary>Keys of everything living in the ad groups and campaigns into which the changes create.</summary>
    private async Task<HashSet<string>> TwinsAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var groups = changes.Select(change => change switch { CreateTarget creation => creation.AdGroup.Value, AddNegative { AdGroup: { } group } => group.Value, _ => 0L }).Where(id => id != 0);
        foreach (var chunk in groups.Distinct().Select(UnifiedWords.Text).Chunk(Limits.Parents))
            Add(await TargetsAsync(negative: null, new UnifiedQuery { AdGroupIdFilter = new(chunk), StateFilter = Living }, cancellationToken).ConfigureAwait(false));

        // Negatives of whole campaigns: the campaign's targets without an ad group.
        foreach (var chunk in changes.OfType<AddNegative>().Where(change => change.AdGroup is null).Select(change => UnifiedWords.Text(change.Campaign.Value)).Distinct(StringComparer.Ordinal).Chunk(Limits.Parents))
            Add((await TargetsAsync(negative: true, new UnifiedQuery { CampaignIdFilter = new(chunk), StateFilter = Living }, cancellationToken).ConfigureAwait(false)).Where(item => item.AdGroupId is null));
        return keys;

        void Add(IEnumerable<UnifiedTarget> found)
        {
            foreach (var item in found)
            {
                var (_, match, text) = UnifiedWords.Clause(item, product);
                keys.Add(Key(UnifiedWords.Number(item.AdGroupId ?? item.CampaignId, "adGroupId"), item.Negative == true, match, text));
            }
        }
    }

    // Amazon compares texts without regard to case and to repeated spaces.
    private static string Key(long parent, bool negative, MatchType match, string text) =>
        $"{parent}|{negative}|{match}|{string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant()}";
}
