using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B07, the open-source amazon-ads-optimizer: every three days, on orders scaled up for late attribution, a target with 15 clicks and 3 orders gets the highest
/// bid of a coarse grid at which an assumed curve meets the target ACoS; a thinner one gets a conversion rate with one pseudo-click × target cost per order;
/// one that its upper-confidence helper calls unexplored is raised a little.
/// </summary>
/// <remarks>
/// <para>Source: tuobayong1988/amazon-ads-optimizer, <c>server/bidOptimizer.ts</c>, <c>algorithmUtils.ts</c>, <c>specialScenarioOptimizationService.ts</c> (curve clicks × (1 + 0.8 ln ratio),
/// price 0.7 × bid, grid 0.10 to 5.00 in 20 steps, ±25 % with enough figures and ±20 % without, nothing under 5 clicks and 100 impressions, nothing under 1 %,
/// attribution .70 .80 .90 .95 .97 .99 1.00).</para>
/// <para>The helper is called there with clicks and ROAS in each other's place, so that nearly every target looks unexplored: <c>B07x</c> does the same,
/// <c>B07</c> calls it as meant. Gaps filled (*): 60 days; the prior rate is the account's; the raise of unexplored targets ends where the account's own
/// conversion pays the bid; the calendar of holidays is left out because its dates are of one year.</para>
/// </remarks>
/// <param name="swapped">True calls the helper as the code does.</param>
internal sealed class B07OpenSourceOptimizer(bool swapped) : IBidRule
{
    public static PeerKind Kind { get; } = new("B07", "Open-source optimizer, as intended",
        "tuobayong1988/amazon-ads-optimizer. *60 days, prior = account's rate, exploring ends at the bid that this rate pays.", _ => new B07OpenSourceOptimizer(swapped: false));

    public static PeerKind Literal { get; } = new("B07x", "Open-source optimizer, literally",
        "tuobayong1988/amazon-ads-optimizer, with the helper's swapped arguments. *As B07.", _ => new B07OpenSourceOptimizer(swapped: true));

    /// <summary>Share of a day's orders taken to be visible, from yesterday on.</summary>
    public static readonly double[] Attribution = [0.70, 0.80, 0.90, 0.95, 0.97, 0.99, 1.00];

    private const int WindowDays = 60;
    private const int EveryDays = 3;
    private const double HalfLifeDays = 7;
    private const double ClickElasticity = 0.8;
    private const double PriceOfBid = 0.7;
    private const int GridSteps = 20;
    private const double GridLowestDollars = 0.10;
    private const double GridHighestDollars = 5.00;
    private const double StepWithEnough = 0.25;
    private const double StepWithLittle = 0.20;
    private const double DeadBand = 0.01;
    private const double UsualConversion = 0.10;

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        if (account.Day % EveryDays != 0) return;
        var window = new Window(account, WindowDays, completeness: Attribution);
        var recent = new Window(account, WindowDays, halfLifeDays: HalfLifeDays, completeness: Attribution).Targets;
        var sums = window.Targets;
        var prior = window.Total.Conversion(0) is var rate and > 0 ? rate : UsualConversion;
        var (lowest, highest) = (account.Dollars(GridLowestDollars), account.Dollars(GridHighestDollars));
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target] || (sums.Clicks[target] < 5 && sums.Impressions[target] < 100)) continue;
            var bid = bids.Current(target);
            var costPerOrder = window.OrderValue(target) * account.TargetAcosOf(target);
            var roas = recent.Cost[target] > 0 ? recent.Sales[target] / recent.Cost[target] : 0;
            var wanted = bid < prior * costPerOrder && ExploringRaise(swapped ? roas : sums.Clicks[target]) is { } raise
                ? Math.Min(prior * costPerOrder, bid * raise)
                : sums.Clicks[target] >= 15 && sums.Orders[target] >= 3
                    ? Within(CurveBid(bid, sums.Clicks[target], sums.RevenuePerClick(target), account.TargetAcosOf(target), lowest, highest), bid, StepWithEnough)
                    : Within(ThinBid(sums.Clicks[target], sums.Orders[target], prior, costPerOrder), bid, StepWithLittle);

            // Nine clicks raise by just one percent: not for the last digit to decide.
            if (Math.Abs(wanted - bid) > DeadBand * bid * (1 + 1e-9)) bids.Set(target, wanted);
        }
    }

    /// <summary>The highest bid of the grid at which the assumed curve's ACoS is not above the target; the lowest where none is.</summary>
    /// <param name="bid">In force.</param>
    /// <param name="clicks">At that bid.</param>
    /// <param name="revenuePerClick">Conversion × order value.</param>
    /// <param name="acos">Target, as a fraction.</param>
    /// <param name="lowest">Of the grid.</param>
    /// <param name="highest">Of the grid.</param>
    public static double CurveBid(double bid, double clicks, double revenuePerClick, double acos, double lowest, double highest)
    {
        var best = lowest;
        for (var step = 0; step <= GridSteps; step++)
        {
            // A level without a click costs nothing and so meets every target, as in the code.
            var level = lowest + step * (highest - lowest) / GridSteps;
            var expected = clicks * (1 + ClickElasticity * Math.Log(level / bid));
            if (expected <= 0 || PriceOfBid * level <= acos * revenuePerClick) best = level;
        }

        return best;
    }

    /// <summary>Conversion with one pseudo-click at the prior rate, times the target cost per order.</summary>
    public static double ThinBid(double clicks, double orders, double prior, double costPerOrder) => (orders + prior) / (clicks + 1) * costPerOrder;

    /// <summary>The helper's factor on a bid whose target it has seen less than ten times; null for others.</summary>
    /// <param name="seen">Clicks; ROAS where the arguments are swapped.</param>
    public static double? ExploringRaise(double seen) => seen < 10 ? 1 + 0.1 * (1 - seen / 10) : null;

    private static double Within(double wanted, double bid, double step) => Math.Clamp(wanted, bid * (1 - step), bid * (1 + step));
}
