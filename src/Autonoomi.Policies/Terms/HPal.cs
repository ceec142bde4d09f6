using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Terms;

/// <summary>H-pal, ppc-pal's rules engine: on 14 days two orders at an ACoS of at most 35 % make an exact keyword at the click price; 20 clicks or 10 dollars without an order a negative.</summary>
/// <remarks>Source: OwaisMaq/ppc-pal, <c>rules-engine-runner</c>. Gaps filled (*): the source is closed to a harvested term, as its funnel means it.</remarks>
internal sealed class HPal : ITermModule
{
    public static TermKind Kind { get; } = new("H-pal", "ppc-pal rules engine",
        "OwaisMaq/ppc-pal, rules-engine-runner. *Source closed to a harvested term.", () => new HPal());

    private const int WindowDays = 14;
    private const int HarvestOrders = 2;
    private const double HighestAcos = 0.35;
    private const int FruitlessClicks = 20;
    private const double FruitlessDollars = 10;

    public void Decide(Account account, List<Change> changes)
    {
        var desk = new TermDesk(account, changes);
        var spend = account.Dollars(FruitlessDollars);
        foreach (var term in new TermWindow(account, WindowDays).Terms)
        {
            if (term.Orders >= HarvestOrders && term.Cost <= HighestAcos * term.Sales)
            {
                desk.Move(term, MatchType.Exact, term.ClickPrice);
            }
            else if (term.Orders <= 0 && (term.Clicks >= FruitlessClicks || term.Cost >= spend))
            {
                desk.Negate(term.Group, NegativeMatch.Exact, term);
            }
        }
    }
}
