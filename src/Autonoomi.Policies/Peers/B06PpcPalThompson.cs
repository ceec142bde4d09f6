using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B06, ppc-pal's Bayesian optimiser: the conversion rate is drawn from Beta(0.5 + orders, 0.5 + other clicks) over all history; the bid is that rate × the
/// account's order value × target × (1 + a tenth of the posterior's deviation), at most 20 % a day, ignored under 2 %.
/// </summary>
/// <remarks>
/// Source: OwaisMaq/ppc-pal, <c>bayesian-bid-optimizer</c> (7 observations, 100 impressions, bids 0.10 to 10 dollars, steps of 20 to 25 %).
/// Gaps filled (*): an observation is a day with an impression; daily; 20 %.
/// </remarks>
internal sealed class B06PpcPalThompson(PolicySettings settings) : IBidRule
{
    public static PeerKind Kind { get; } = new("B06", "ppc-pal Thompson sampling",
        "OwaisMaq/ppc-pal, bayesian-bid-optimizer. *Observation = day with an impression, daily, ±20 %.", settings => new B06PpcPalThompson(settings));

    private const int AllDays = 400;
    private const double Prior = 0.5;
    private const int FewestObservations = 7;
    private const int FewestImpressions = 100;
    private const double ExplorationBonus = 0.1;
    private const double DailyStep = 0.20;
    private const double DeadBand = 0.02;
    private const double LowestDollars = 0.10;
    private const double HighestDollars = 10;

    /// <summary>The bid of one drawn conversion rate.</summary>
    /// <param name="drawn">Orders per click.</param>
    /// <param name="alpha">Of the posterior.</param>
    /// <param name="beta">Of the posterior.</param>
    /// <param name="orderValue">Sales per order.</param>
    /// <param name="acos">Target, as a fraction.</param>
    /// <returns>Per click, before limits.</returns>
    public static double Bid(double drawn, double alpha, double beta, double orderValue, double acos)
    {
        var all = alpha + beta;
        var deviation = Math.Sqrt(alpha * beta / (all * all * (all + 1)));
        return drawn * orderValue * acos * (1 + ExplorationBonus * deviation);
    }

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        var window = account.Window(AllDays);
        var sums = window.Targets;
        if (!(window.Total.Orders[0] > 0)) return;
        var orderValue = window.Total.Sales[0] / window.Total.Orders[0];
        var (lowest, highest) = (account.Dollars(LowestDollars), account.Dollars(HighestDollars));
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target] || sums.Days[target] < FewestObservations || sums.Impressions[target] < FewestImpressions) continue;
            var alpha = Prior + sums.Orders[target];
            var beta = Prior + Math.Max(0, sums.Clicks[target] - sums.Orders[target]);
            var drawn = new Draws(settings.Seed, account.Day, account.Targets[target].Id.Value).Beta(alpha, beta);
            var bid = bids.Current(target);
            var wanted = Math.Clamp(Bid(drawn, alpha, beta, orderValue, account.TargetAcosOf(target)), bid * (1 - DailyStep), bid * (1 + DailyStep));
            wanted = Math.Clamp(wanted, lowest, highest);
            if (Math.Abs(wanted - bid) > DeadBand * bid) bids.Set(target, wanted);
        }
    }
}
