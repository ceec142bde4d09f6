using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Terms;

/// <summary>
/// H-Sellics: a term with an order in an automatic campaign becomes a phrase keyword; one with more than one order after X clicks an exact keyword, and its source
/// is closed to it; 20 clicks without an order close the source. X is the number of clicks that an order usually takes.
/// </summary>
/// <remarks>
/// Source: help.sellics.com 3289493, 3294583 (automatic: one order; exact: more than one after 1 X; negative exact at 20 clicks). Gaps filled (*): 60 days; X is the
/// product's; the step from automatic goes to phrase; new keywords start at their source's bid.
/// </remarks>
internal sealed class HSellics : ITermModule
{
    public static TermKind Kind { get; } = new("H-Sellics", "Sellics search terms",
        "Sellics help pages. *60 days, automatic to phrase, start at the source's bid.", () => new HSellics());

    private const int WindowDays = 60;
    private const int FruitlessClicks = 20;

    public void Decide(Account account, List<Change> changes)
    {
        var desk = new TermDesk(account, changes);
        var window = account.Window(WindowDays);
        foreach (var term in new TermWindow(account, WindowDays).Terms)
        {
            var bid = (double)account.Targets[term.Source].Bid.Amount;
            var conversion = window.Products.Conversion(account.GroupProduct[term.Group]);
            if (term.Orders > 1 && term.Clicks * conversion >= 1)
            {
                desk.Move(term, MatchType.Exact, bid);
            }
            else if (term.Orders >= 1)
            {
                if (account.Targets[term.Source].Kind == TargetKind.Auto) desk.Create(term, MatchType.Phrase, bid);
            }
            else if (term.Clicks >= FruitlessClicks)
            {
                desk.Negate(term.Group, NegativeMatch.Exact, term);
            }
        }
    }
}
