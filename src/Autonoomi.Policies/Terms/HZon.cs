using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Terms;

/// <summary>
/// H-Zon, the keyword miner of Zon.Tools: a term with two orders in 60 days becomes an exact keyword, a phrase keyword whose group is closed to the term itself,
/// and a broad keyword whose group is closed to the phrase; ten clicks or the largest spend without an order close the source.
/// </summary>
/// <remarks>
/// Source: Zon.Tools help pages (relevancy sales 2 in 60 days; exact, phrase with negative exact, broad with negative phrase). Gaps filled (*): new keywords start at
/// the term's click price; the source is closed to the term at once; the largest spend is 2 × order value × target; no broad keyword for terms too long for
/// a negative phrase; keywords that would share an ad group with a narrower one of the three are left out.
/// </remarks>
internal sealed class HZon : ITermModule
{
    public static TermKind Kind { get; } = new("H-Zon", "Zon.Tools keyword miner",
        "Zon.Tools help pages. *Start at the click price, source closed at once, maximum spend 2·AOV·T.", () => new HZon());

    private const int WindowDays = 60;
    private const int RelevancySales = 2;
    private const int ActionClicks = 10;
    private const double MaximumSpend = 2;

    public void Decide(Account account, List<Change> changes)
    {
        var desk = new TermDesk(account, changes);
        var window = account.Window(WindowDays);
        foreach (var term in new TermWindow(account, WindowDays).Terms)
        {
            if (term.Orders >= RelevancySales) Promote(desk, term);
            else if (term.Orders <= 0 && (term.Clicks >= ActionClicks || (term.Cost > 0 && term.Cost >= MaximumSpend * window.OrderValue(term.Source) * account.TargetAcosOf(term.Source))))
                desk.Negate(term.Group, NegativeMatch.Exact, term);
        }
    }

    // A negative never closes the ad group of another of the three: where two would share one, only the narrower is made.
    private static void Promote(TermDesk desk, in Term term)
    {
        var (exact, phrase, broad) = (desk.Home(term, MatchType.Exact), desk.Home(term, MatchType.Phrase), desk.Home(term, MatchType.Broad));
        if (desk.Create(term, MatchType.Exact, term.ClickPrice) < 0) return;
        if (phrase != exact && desk.Create(term, MatchType.Phrase, term.ClickPrice) >= 0) desk.Negate(phrase, NegativeMatch.Exact, term);
        if (broad != exact && broad != phrase && term.Text.AsSpan().Count(' ') < 4 && desk.Create(term, MatchType.Broad, term.ClickPrice) >= 0)
            desk.Negate(broad, NegativeMatch.Phrase, term);
        if (term.Group != exact) desk.Negate(term.Group, NegativeMatch.Exact, term);
    }
}
