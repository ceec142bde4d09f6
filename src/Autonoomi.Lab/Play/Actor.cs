using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Play;

/// <summary>Writes changes into the world's ad account in the order and with the meaning of the product's writer, so that one decision leaves the same account behind.</summary>
internal sealed class Actor(AdAccount ads)
{
    // The product sends so many changes at once, one kind of operation after the other.
    private const int BatchSize = 250;

    // A change that Amazon could not take for the moment is sent again: three times within a batch, four batches.
    private const int Attempts = 12;

    /// <param name="changes">In the order wanted; of two that write the same thing the first counts.</param>
    /// <returns>What Amazon took, in the order given, and how many changes it refused.</returns>
    public (IReadOnlyList<Change> Taken, int Refused) Apply(IReadOnlyList<Change> changes)
    {
        var wanted = changes.DistinctBy(change => change.EntityKey, StringComparer.Ordinal).ToArray();
        var taken = new bool[wanted.Length];
        for (var first = 0; first < wanted.Length; first += BatchSize)
        {
            var pending = Enumerable.Range(first, Math.Min(BatchSize, wanted.Length - first)).ToList();
            for (var attempt = 0; attempt < Attempts && pending.Count > 0; attempt++) pending = Send(wanted, pending, taken);
        }

        var accepted = wanted.Where((_, index) => taken[index]).ToArray();
        return (accepted, wanted.Length - accepted.Length);
    }

    /// <returns>Those that are worth another try.</returns>
    private List<int> Send(Change[] wanted, List<int> pending, bool[] taken)
    {
        var again = new List<int>();
        foreach (var operation in pending.GroupBy(index => Operation(wanted[index])).OrderBy(group => group.Key))
        {
            if (operation.Key == PlacementOperation) SendPlacements(wanted, operation, taken, again);
            else if (operation.Key != NoOperation)
            {
                foreach (var index in operation) Settle(index, Write(wanted[index]), taken, again);
            }
        }

        again.Sort();
        return again;
    }

    private const int PlacementOperation = 7;
    private const int NoOperation = int.MaxValue;

    private static int Operation(Change change) => change switch
    {
        SetBid { Kind: TargetKind.Keyword } => 0,
        SetBid => 1,
        SetTargetState { Kind: TargetKind.Keyword, After: not EntityState.Archived } => 2,
        SetTargetState { After: not EntityState.Archived } => 3,
        SetTargetState { Kind: TargetKind.Keyword } => 4,
        SetTargetState => 5,
        SetBudget => 6,
        SetPlacement => PlacementOperation,
        CreateTarget { Match: MatchType.Exact or MatchType.Phrase or MatchType.Broad } => 8,
        CreateTarget { Match: MatchType.Product or MatchType.Category } => 9,
        CreateTarget => NoOperation,
        AddNegative negative => 10 + NegativePlace(negative.Match, negative.AdGroup is not null),
        ArchiveNegative archive => 14 + NegativePlace(archive.Match, archive.AdGroup is not null),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "A change that has no writer here."),
    };

    private static int NegativePlace(NegativeMatch match, bool inAdGroup) => (match == NegativeMatch.Product ? 2 : 0) + (inAdGroup ? 0 : 1);

    private WriteResult Write(Change change) => change switch
    {
        SetBid bid => ads.Update(new TargetEdit(KindOf(bid.Kind), bid.Target.Value, Bid: bid.After.Amount)),
        SetTargetState { After: EntityState.Archived } state => ads.Archive(KindOf(state.Kind), state.Target.Value),
        SetTargetState state => ads.Update(new TargetEdit(KindOf(state.Kind), state.Target.Value, state.After)),
        SetBudget budget => ads.Update(new CampaignEdit(budget.Campaign.Value, DailyBudget: budget.After.Amount)),
        CreateTarget { Match: MatchType.Exact or MatchType.Phrase or MatchType.Broad } create => ads.Create(
            new KeywordDraft(create.Campaign.Value, create.AdGroup.Value, create.Text, create.Match, EntityState.Enabled, create.Bid.Amount)),
        CreateTarget create => ads.Create(new TargetDraft(create.Campaign.Value, create.AdGroup.Value, create.Match, create.Text, EntityState.Enabled, create.Bid.Amount)),
        AddNegative negative => ads.Create(new NegativeDraft(negative.Campaign.Value, negative.AdGroup?.Value, negative.Match, negative.Text, EntityState.Enabled)),
        ArchiveNegative archive => ads.Archive(new WorldNegative(0, 0, archive.AdGroup?.Value, archive.Match, "", default, default, default).Kind, archive.Negative.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "A change that has no writer here."),
    };

    // All placements of a campaign are one field: what is not changed is written back with the rest.
    private void SendPlacements(Change[] wanted, IEnumerable<int> placements, bool[] taken, List<int> again)
    {
        foreach (var campaign in placements.GroupBy(index => wanted[index].Campaign))
        {
            WriteResult result = new Refused("entityNotFoundError", "ENTITY_NOT_FOUND", "The campaign is not there.");
            if (ads.Campaign(campaign.Key.Value) is { } present)
            {
                var percents = Enum.GetValues<Placement>().ToDictionary(placement => placement, present.PercentAt);
                foreach (var index in campaign) percents[((SetPlacement)wanted[index]).Placement] = ((SetPlacement)wanted[index]).AfterPercent;
                result = ads.Update(new CampaignEdit(
                    present.Id, Strategy: present.Strategy, TopOfSearchPercent: percents[Placement.TopOfSearch],
                    RestOfSearchPercent: percents[Placement.RestOfSearch], ProductPagesPercent: percents[Placement.ProductPages]));
            }

            foreach (var index in campaign) Settle(index, result, taken, again);
        }
    }

    private static void Settle(int index, WriteResult result, bool[] taken, List<int> again)
    {
        if (result is Accepted) taken[index] = true;
        else if (result is Refused { Selector: "throttledError" or "internalServerError" }) again.Add(index);
    }

    private static AdEntityKind KindOf(TargetKind kind) => kind == TargetKind.Keyword ? AdEntityKind.Keyword : AdEntityKind.Target;
}
