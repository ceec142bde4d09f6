using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Ads;

/// <summary>What an adapter saw at Amazon of the things that changes speak of; what is missing here is archived or was never there.</summary>
internal sealed class Sight
{
    /// <summary>Living campaigns.</summary>
    public Dictionary<long, Campaign> Campaigns { get; } = [];

    /// <summary>Living ad groups.</summary>
    public Dictionary<long, EntityState> AdGroups { get; } = [];

    /// <summary>Living targets with the bid in force; null where there is none.</summary>
    public Dictionary<long, (EntityState State, decimal? Bid)> Targets { get; } = [];

    /// <summary>Living negatives.</summary>
    public HashSet<long> Negatives { get; } = [];

    /// <summary>Keys of what lives where something is to be created: see <see cref="Key(CreateTarget)"/>.</summary>
    public HashSet<string> Twins { get; } = new(StringComparer.Ordinal);

    public Observation See(Change change) => change switch
    {
        SetBid bid => Targets.TryGetValue(bid.Target.Value, out var target) ? Compare(target.Bid, bid.Before.Amount, bid.After.Amount) : Observation.Gone,
        SetTargetState wanted => Compare(Targets.TryGetValue(wanted.Target.Value, out var target) ? target.State : EntityState.Archived, wanted.Before, wanted.After),
        SetCampaignState wanted => Compare(Campaigns.TryGetValue(wanted.Campaign.Value, out var campaign) ? campaign.State : EntityState.Archived, wanted.Before, wanted.After),
        SetAdGroupState wanted => Compare(AdGroups.GetValueOrDefault(wanted.AdGroup.Value, EntityState.Archived), wanted.Before, wanted.After),
        SetBudget budget => Campaigns.TryGetValue(budget.Campaign.Value, out var campaign) ? Compare(campaign.DailyBudget.Amount, budget.Before.Amount, budget.After.Amount) : Observation.Gone,
        SetPlacement placement => Campaigns.TryGetValue(placement.Campaign.Value, out var campaign) ? Compare(campaign.PercentAt(placement.Placement), placement.BeforePercent, placement.AfterPercent) : Observation.Gone,
        CreateTarget creation => Created(Key(creation), creation.Campaign.Value, creation.AdGroup.Value),
        AddNegative negative => Created(Key(negative), negative.Campaign.Value, negative.AdGroup?.Value),
        ArchiveNegative archived => Negatives.Contains(archived.Negative.Value) ? Observation.Untouched : Observation.Done,
        _ => throw new NotSupportedException($"{change.GetType().Name} cannot be observed: teach the observer."),
    };

    public static string Key(CreateTarget creation) => Key(creation.AdGroup.Value, creation.Match, creation.Text);

    public static string Key(AddNegative negative) => Key(negative.AdGroup?.Value ?? negative.Campaign.Value, negative.Match, negative.Text);

    public static string Key(long adGroup, MatchType match, string text) => Key(adGroup, match.ToString(), text);

    public static string Key(long parent, NegativeMatch match, string text) => Key(parent, "-" + match, text);

    // Amazon compares texts without regard to case and to repeated spaces.
    private static string Key(long parent, string match, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"{parent}|{match}|{string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant()}");

    /// <param name="now">At Amazon; archived where nothing is found.</param>
    /// <param name="before">As whoever wants the change saw it.</param>
    /// <param name="after">What is wanted.</param>
    public static Observation Compare(EntityState now, EntityState before, EntityState after) =>
        now == after ? Observation.Done : now == EntityState.Archived ? Observation.Gone : now == before ? Observation.Untouched : Observation.Different;

    private static Observation Compare<T>(T? now, T before, T after)
        where T : struct, IEquatable<T> => now is not { } value ? Observation.Different : value.Equals(after) ? Observation.Done : value.Equals(before) ? Observation.Untouched : Observation.Different;

    private Observation Created(string key, long campaign, long? adGroup) => Twins.Contains(key) ? Observation.Done
        : Campaigns.ContainsKey(campaign) && (adGroup is null || AdGroups.ContainsKey(adGroup.Value)) ? Observation.Untouched : Observation.Gone;
}
