using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Terms;

/// <summary>H-Scale, Scale Insights: a term that spent 10 dollars in 90 days without an order, or at an ACoS of 50 % and more, is negated in its source.</summary>
/// <remarks>Source: docs.scaleinsights.com, negative rules. Gaps filled (*): the days at hand stand for 90. It publishes no harvest rule with figures.</remarks>
internal sealed class HScale : ITermModule
{
    public static TermKind Kind { get; } = new("H-Scale", "Scale Insights negatives",
        "Scale Insights documentation. *The days at hand stand for 90.", () => new HScale());

    private const int WindowDays = 90;
    private const double SpendDollars = 10;
    private const double HighAcos = 0.50;

    public void Decide(Account account, List<Change> changes)
    {
        var desk = new TermDesk(account, changes);
        var spend = account.Dollars(SpendDollars);
        foreach (var term in new TermWindow(account, WindowDays).Terms)
        {
            if (term.Cost >= spend && term.Cost >= HighAcos * term.Sales) desk.Negate(term.Group, NegativeMatch.Exact, term);
        }
    }
}
