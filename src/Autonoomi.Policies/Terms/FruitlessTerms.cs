using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Terms;

/// <summary>Closes the source to a term after so many clicks without an order.</summary>
/// <param name="days">Window.</param>
/// <param name="clicks">From so many clicks on.</param>
internal sealed class FruitlessTerms(int days, int clicks) : ITermModule
{
    public void Decide(Account account, List<Change> changes)
    {
        var desk = new TermDesk(account, changes);
        foreach (var term in new TermWindow(account, days).Terms)
        {
            if (term.Orders <= 0 && term.Clicks >= clicks) desk.Negate(term.Group, NegativeMatch.Exact, term);
        }
    }
}
