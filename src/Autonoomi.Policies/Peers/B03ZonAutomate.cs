using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B03, Zon.Tools AutoMate 3: over 60 days a target without a sale after ten clicks, or after its largest spend, falls to a minimum bid; one with ten clicks
/// and sales moves a fifth of the way a day towards the bid that its revenue per click pays for.
/// </summary>
/// <remarks>
/// Source: help pages of Zon.Tools (action clicks 10 in the US, move 0 to 100 % a day towards the conversion-based optimum, minimum bid after a maximum
/// spend without a sale). Gaps filled (*): largest spend 2 × order value × target; minimum bid max(0.10, a quarter of the suggestion); a fifth a day;
/// bids stay between 0.10 and twice the suggestion.
/// </remarks>
internal sealed class B03ZonAutomate : IBidRule
{
    public static PeerKind Kind { get; } = new("B03", "Zon.Tools AutoMate",
        "Zon.Tools help pages. *Maximum spend 2·AOV·T, minimum bid max(0.10, suggested/4), a fifth of the way a day, bids within [0.10, 2·suggested].", _ => new B03ZonAutomate());

    private const int WindowDays = 60;
    private const int ActionClicks = 10;
    private const double MaximumSpend = 2;
    private const double DailyMove = 0.2;
    private const double LowestDollars = 0.10;
    private const double MinimumOfSuggested = 0.25;
    private const double MaximumOfSuggested = 2;

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        var window = account.Window(WindowDays);
        var sums = window.Targets;
        var lowest = account.Dollars(LowestDollars);
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target]) continue;
            var acos = account.TargetAcosOf(target);
            if (sums.Orders[target] <= 0)
            {
                var spentOut = sums.Cost[target] > 0 && sums.Cost[target] >= MaximumSpend * window.OrderValue(target) * acos;
                if (sums.Clicks[target] >= ActionClicks || spentOut) bids.Set(target, Math.Max(lowest, MinimumOfSuggested * account.Suggested(target)));
            }
            else if (sums.Clicks[target] >= ActionClicks)
            {
                var current = bids.Current(target);
                var moved = current + DailyMove * (sums.RevenuePerClick(target) * acos - current);
                bids.Set(target, Math.Max(lowest, Math.Min(MaximumOfSuggested * account.Suggested(target), moved)));
            }
        }
    }
}
