using System.Collections.Frozen;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Graduation;

/// <summary>The rungs from loose to tight. A product page that shoppers looked at has a rung of its own at the end.</summary>
public enum Rung { Auto, Broad, Phrase, Exact, Product }

/// <summary>One search term of one product over some days.</summary>
/// <param name="Term">As shoppers typed it, or an ASIN.</param>
/// <param name="Product">The advertised product; null where the ad group advertises none or several.</param>
/// <param name="Clicks">Clicks by rung, by the value of <see cref="Rung"/>.</param>
/// <param name="Orders">Orders by rung.</param>
/// <param name="Cost">Ad spend of all rungs.</param>
/// <param name="Sales">Sales of all rungs.</param>
/// <param name="Handover">Where it stands on its way to a target of its own; null where it is on none.</param>
/// <param name="Next">What happens next, in a sentence.</param>
/// <param name="Proposal">What waits for a decision; null where nothing does.</param>
public sealed record LadderTerm(string Term, Sku? Product, IReadOnlyList<long> Clicks, IReadOnlyList<long> Orders, Money Cost, Money Sales, Handover? Handover, string Next, ProposalId? Proposal)
{
    /// <summary>The tightest rung on which it was clicked.</summary>
    public Rung Highest => (Rung)Enumerable.Range(0, Clicks.Count).Last(rung => Clicks[rung] > 0 || rung == 0);

    /// <summary>True while its new target is only proposed: a hand-over is written down with the proposal.</summary>
    public bool IsAsked => Proposal is not null && Handover is { State: HandoverState.Created };

    public long AllClicks => Clicks.Sum();

    public long AllOrders => Orders.Sum();
}

/// <summary>Which terms a page shows.</summary>
public enum LadderView { All, OnTheWay, Own, Loose }

/// <summary>Where each search term of Sponsored Products stands between an automatic campaign and a target of its own. Sums of the search-term reports, nothing else.</summary>
public static class TermLadder
{
    /// <param name="workspace">Facts, targets, hand-overs.</param>
    /// <param name="span">Days that are summed.</param>
    /// <param name="open">Proposals that wait.</param>
    /// <returns>Terms that were clicked, most orders first, then most spend.</returns>
    public static IReadOnlyList<LadderTerm> Of(Workspace workspace, DateSpan span, IEnumerable<ListedProposal> open)
    {
        var rungs = workspace.Targets.ToFrozenDictionary(target => target.Id.Value, target => RungOf(target.Match));
        var groups = workspace.ProductAds.Where(ad => ad.State != EntityState.Archived).GroupBy(ad => ad.AdGroup).ToFrozenDictionary(group => group.Key.Value, group => group.Select(ad => ad.Sku).Distinct().ToArray() is [var only] ? only : (Sku?)null);
        var sums = new Dictionary<(string Term, Sku? Product), Sum>();
        var table = workspace.SearchTermDays;
        var days = table.Ints("day");
        var adGroups = table.Longs("ad_group_id");
        var targets = table.Longs("target_id");
        var terms = table.Texts("search_term");
        var clicks = table.Longs("clicks");
        var orders = table.Longs("orders");
        var cost = table.Longs("cost");
        var sales = table.Longs("sales");
        for (var row = 0; row < table.Rows; row++)
        {
            if (days[row] < span.First.DayNumber || days[row] > span.Last.DayNumber) continue;
            var key = (TermText.Plain(terms[row]), groups.GetValueOrDefault(adGroups[row]));
            if (!sums.TryGetValue(key, out var sum)) sums.Add(key, sum = new Sum());
            sum.Add(rungs.GetValueOrDefault(targets[row], Rung.Auto), clicks[row], orders[row], cost[row], sales[row]);
        }

        var asked = open.Select(item => (item.Proposal, Term: TermOf(item.Proposal))).Where(item => item.Term is not null).GroupBy(item => item.Term!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Select(item => item.Proposal).ToArray(), StringComparer.Ordinal);
        var handovers = workspace.Handovers.GroupBy(handover => (TermText.Plain(handover.Term), (Sku?)handover.Sku)).ToDictionary(group => group.Key, group => group.OrderByDescending(handover => handover.Since).First());
        return
        [
            .. sums.Where(sum => sum.Value.Clicks.Sum() > 0)
                .Select(sum =>
                {
                    var handover = handovers.GetValueOrDefault(sum.Key);
                    var proposal = asked.GetValueOrDefault(sum.Key.Term)?.FirstOrDefault(item => item.Product is null || sum.Key.Product is null || item.Product == sum.Key.Product);
                    return new LadderTerm(sum.Key.Term, sum.Key.Product, sum.Value.Clicks, sum.Value.Orders, Money.FromMicros(sum.Value.Cost, workspace.Marketplace.Currency), Money.FromMicros(sum.Value.Sales, workspace.Marketplace.Currency),
                        handover, Next(proposal, handover, sum.Value), proposal?.Id);
                })
                .OrderByDescending(term => term.AllOrders).ThenByDescending(term => term.Cost.Amount).ThenBy(term => term.Term, StringComparer.Ordinal),
        ];
    }

    public static bool Is(this LadderTerm term, LadderView view) => view switch
    {
        LadderView.OnTheWay => term.Proposal is not null || term.Handover is { State: HandoverState.Created or HandoverState.Delivering or HandoverState.Isolated },
        LadderView.Own => term.Highest is Rung.Exact or Rung.Product,
        LadderView.Loose => term.Highest is not (Rung.Exact or Rung.Product),
        _ => true,
    };

    public static Rung RungOf(MatchType match) => match switch
    {
        MatchType.Exact => Rung.Exact,
        MatchType.Phrase => Rung.Phrase,
        MatchType.Broad => Rung.Broad,
        MatchType.Product => Rung.Product,
        _ => Rung.Auto,
    };

    /// <summary>A hand-over in a few words.</summary>
    public static string Words(HandoverState state) => state switch
    {
        HandoverState.Created => "New target made",
        HandoverState.Delivering => "New target delivers",
        HandoverState.Isolated => "Source closed",
        HandoverState.Confirmed => "Moved",
        HandoverState.Restored => "Source open again",
        HandoverState.Abandoned => "Stayed in its source",
    };

    private static string Next(Proposal? proposal, Handover? handover, Sum sum) => proposal?.Change switch
    {
        CreateTarget create => $"A target of its own at {Display.Amount(create.Bid)} waits for your yes",
        AddNegative when proposal.Reason is ReasonCode.IsolateSource or ReasonCode.RemoveDuplicate => "Closing the looser way waits for your yes",
        AddNegative => "Blocking it waits for your yes",
        ArchiveNegative => "Opening the old way again waits for your yes",
        _ => handover?.State switch
        {
            HandoverState.Created => "Its source is closed once the new target is shown or clicked enough",
            HandoverState.Delivering => "Its source is closed to it next",
            HandoverState.Isolated => "Watched for two weeks: if the clicks do not arrive, the source is opened again",
            HandoverState.Confirmed => "Nothing: it has a bid of its own",
            HandoverState.Restored => "Nothing: its source serves it as before",
            HandoverState.Abandoned => "Nothing: the new target did not deliver, and its source was never closed",
            _ when sum.Clicks[(int)Rung.Exact] + sum.Clicks[(int)Rung.Product] > 0 => "Nothing: it has a target of its own",
            _ when sum.Orders.Sum() >= 2 => "Moves once a bid of its own would earn more",
            _ => "Too few orders to move",
        },
    };

    private static string? TermOf(Proposal proposal) => proposal.Change switch
    {
        CreateTarget create => TermText.Plain(create.Text),
        AddNegative negative when negative.Match != NegativeMatch.Phrase => TermText.Plain(negative.Text),
        ArchiveNegative archive => TermText.Plain(archive.Text),
        _ => null,
    };

    private sealed class Sum
    {
        public long[] Clicks { get; } = new long[5];
        public long[] Orders { get; } = new long[5];
        public long Cost { get; private set; }
        public long Sales { get; private set; }

        public void Add(Rung rung, long clicks, long orders, long cost, long sales)
        {
            Clicks[(int)rung] += clicks;
            Orders[(int)rung] += orders;
            Cost += cost;
            Sales += sales;
        }
    }
}
