using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Terms;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B09, Merch Jar: a target with two orders in 30 days without the latest 2 moves 3 to 10 % a day in proportion to its distance from the target, nothing
/// within ±10 % of it, never above twice the click price of 90 days; a term with 20 clicks and no order is negated.
/// </summary>
/// <remarks>
/// Source: merchjar.com templates and smart bids. Gaps filled (*): a tenth of the distance (ACoS over target, or target over ACoS, less one) a day, within
/// 3 and 10 %; the days at hand stand for 90; the negatives look at 60 days. Its pause above four times the target is left out: the cuts get there first.
/// </remarks>
internal sealed class B09MerchJar : IBidRule
{
    public static PeerKind Kind { get; } = new("B09", "Merch Jar proportional",
        "Merch Jar templates. *A tenth of the distance a day within 3 and 10 %, negatives on 60 days.", _ => new B09MerchJar())
    {
        Terms = () => new FruitlessTerms(days: 60, clicks: 20),
    };

    private const int WindowDays = 30;
    private const int SkipDays = 2;
    private const int PriceDays = 90;
    private const int FewestOrders = 2;
    private const double Buffer = 0.10;
    private const double SmallestMove = 0.03;
    private const double LargestMove = 0.10;
    private const double HighestOfClickPrice = 2;

    /// <summary>The factor on a bid.</summary>
    /// <param name="acos">As a fraction.</param>
    /// <param name="target">As a fraction.</param>
    /// <returns>0.9 to 1.1.</returns>
    public static double Factor(double acos, double target)
    {
        if (Math.Abs(acos - target) <= Buffer * target) return 1;
        var distance = (acos > target ? acos / target : target / acos) - 1;
        var move = Math.Clamp(LargestMove * distance, SmallestMove, LargestMove);
        return acos > target ? 1 - move : 1 + move;
    }

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        var sums = account.Window(WindowDays, SkipDays).Targets;
        var prices = account.Window(PriceDays).Targets;
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target] || sums.Orders[target] < FewestOrders || sums.Acos(target) is not { } acos) continue;
            var bid = bids.Current(target);
            var wanted = bid * Factor(acos, account.TargetAcosOf(target));
            if (wanted > bid && prices.Clicks[target] > 0) wanted = Math.Max(bid, Math.Min(wanted, HighestOfClickPrice * prices.ClickPrice(target)));
            bids.Set(target, wanted);
        }
    }
}
