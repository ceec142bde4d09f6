using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>B01, the ratio rule of Sellerboard and SellerMetrics: with eight clicks in 60 days the bid goes, at most 7 % a day, towards bid × target ACoS / ACoS.</summary>
/// <remarks>
/// Source: help pages of SellerMetrics (60 days, click threshold with 8 as the example, 5 to 10 % a day) and Sellerboard (the ratio, in steps, daily).
/// Gaps filled (*): without an order the optimum is half the bid; without cost it is as high as a day's step allows.
/// </remarks>
internal sealed class B01Ratio : IBidRule
{
    public static PeerKind Kind { get; } = new("B01", "Ratio of target to ACoS",
        "Sellerboard and SellerMetrics help pages. *Without orders half the bid, 7 % a day.", _ => new B01Ratio());

    private const int WindowDays = 60;
    private const int FewestClicks = 8;
    private const double DailyStep = 0.07;
    private const double WithoutOrders = 0.5;

    /// <summary>The bid at which the ACoS would be the target if price and bid moved together.</summary>
    /// <param name="bid">Per click.</param>
    /// <param name="acos">As a fraction, above 0.</param>
    /// <param name="target">As a fraction.</param>
    public static double Optimum(double bid, double acos, double target) => bid * target / acos;

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        var sums = account.Window(WindowDays).Targets;
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target] || sums.Clicks[target] < FewestClicks) continue;
            var bid = bids.Current(target);
            var optimum = sums.Acos(target) switch
            {
                null => WithoutOrders * bid,
                0 => double.MaxValue,
                { } acos => Optimum(bid, acos, account.TargetAcosOf(target)),
            };
            bids.Set(target, Math.Clamp(optimum, bid * (1 - DailyStep), bid * (1 + DailyStep)));
        }
    }
}
