using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Terms;

/// <summary>
/// H-open, the funnel of the open-source optimizer: from broad and automatic a term becomes a phrase keyword at three orders and a ROAS of 1, from phrase an
/// exact one at ten orders and a ROAS of 5; the level it leaves is closed to it; the new bid is its click price × 1.2.
/// </summary>
/// <remarks>
/// Source: tuobayong1988/amazon-ads-optimizer, <c>server/adAutomation.ts</c>. Gaps filled (*): 60 days; the level left is closed with a negative exact. Its list of
/// fruitless word groups is advice to a person and therefore left out.
/// </remarks>
internal sealed class HOpen : ITermModule
{
    public static TermKind Kind { get; } = new("H-open", "Open-source funnel",
        "tuobayong1988/amazon-ads-optimizer, adAutomation.ts. *60 days, negative exact in the level left.", () => new HOpen());

    private const int WindowDays = 60;
    private const double BidOfClickPrice = 1.2;

    public void Decide(Account account, List<Change> changes)
    {
        var desk = new TermDesk(account, changes);
        foreach (var term in new TermWindow(account, WindowDays).Terms)
        {
            var fromPhrase = account.Targets[term.Source] is { Kind: TargetKind.Keyword, Match: MatchType.Phrase };
            var (orders, roas, next) = fromPhrase ? (10, 5.0, MatchType.Exact) : (3, 1.0, MatchType.Phrase);
            if (term.Orders < orders || term.Sales < roas * term.Cost) continue;
            desk.Move(term, next, BidOfClickPrice * term.ClickPrice);
        }
    }
}
