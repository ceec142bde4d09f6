using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Terms;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B12, a person with a spreadsheet once a week: on 14 days ACoS over 1.25 × target cuts by 15 %, under 0.75 × target raises by 10 %, ten clicks without an order
/// cut by 25 %; terms with 15 clicks and no order are negated, terms with two orders get an exact keyword.
/// </summary>
/// <remarks>
/// Source: the usual advice for manual work, as algorithms.md states it. Gaps filled (*): the new keyword starts at its source's bid; nothing is negated when
/// a term is harvested.
/// </remarks>
internal sealed class B12HumanWeekly : IBidRule
{
    public static PeerKind Kind { get; } = new("B12", "Human, weekly",
        "Usual advice for manual work. *New keywords start at their source's bid.", _ => new B12HumanWeekly()) { Terms = () => new HumanTerms() };

    private const int WindowDays = 14;
    private const double High = 1.25;
    private const double Low = 0.75;
    private const double Cut = 0.85;
    private const double Raise = 1.10;
    private const double CutWithoutOrders = 0.75;
    private const int FewestClicks = 10;

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        if (account.Day % 7 != 0) return;
        var sums = account.Window(WindowDays).Targets;
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target]) continue;
            var goal = account.TargetAcosOf(target);
            if (sums.Acos(target) is { } acos)
            {
                if (acos > High * goal) bids.Multiply(target, Cut);
                else if (acos < Low * goal) bids.Multiply(target, Raise);
            }
            else if (sums.Clicks[target] >= FewestClicks && sums.Orders[target] <= 0)
            {
                bids.Multiply(target, CutWithoutOrders);
            }
        }
    }

    private sealed class HumanTerms : ITermModule
    {
        private readonly FruitlessTerms negatives = new(WindowDays, clicks: 15);

        public void Decide(Account account, List<Change> changes)
        {
            if (account.Day % 7 != 0) return;
            var desk = new TermDesk(account, changes);
            foreach (var term in new TermWindow(account, WindowDays).Terms)
            {
                if (term.Orders >= 2) desk.Create(term, Core.Advertising.MatchType.Exact, (double)account.Targets[term.Source].Bid.Amount);
            }

            negatives.Decide(account, changes);
        }
    }
}
