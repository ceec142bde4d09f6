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
/// a negative phrase.
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

    private static void Promote(TermDesk desk, in Term term)
    {
        if (desk.Create(term, MatchType.Exact, term.ClickPrice) < 0) return;
        if (desk.Create(term, MatchType.Phrase, term.ClickPrice) is >= 0 and var phrase) desk.Negate(phrase, NegativeMatch.Exact, term);
        if (term.Text.AsSpan().Count(' ') < 4 && desk.Create(term, MatchType.Broad, term.ClickPrice) is >= 0 and var broad) desk.Negate(broad, NegativeMatch.Phrase, term);
        desk.Negate(term.Group, NegativeMatch.Exact, term);
    }
}
