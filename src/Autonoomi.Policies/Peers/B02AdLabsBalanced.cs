using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B02, AdLabs' balanced optimisation: once a week four classes of target (ACoS high, ACoS low, spend without sales, too little seen) get a bid from revenue
/// per click × target, the parents' where the own says nothing; placements from revenue per click.
/// </summary>
/// <remarks>
/// Source: help.adlabs.app (bid = revenue per click × target when ACoS exceeds the target by a fifth; spend without sales above target × order value; below
/// average clicks to conversion; placement percentage = revenue per click over the lowest − 1). Gaps filled (*): 30 days without the latest 3; low is under
/// 0.8 × target; the bid without sales is min(bid, order value / (clicks + clicks to conversion) × target); raises are 10 % a week; clicks to conversion are
/// the ad group's, else the product's or the account's; a percentage needs as many clicks in each placement as the campaign needs for an order.
/// </remarks>
internal sealed class B02AdLabsBalanced : IBidRule
{
    public static PeerKind Kind { get; } = new("B02", "AdLabs balanced",
        "AdLabs help articles 12, 16, 17, 22, 25, 49, 63. *30 days skip 3, low ACoS < 0.8·T, bid without sales, raises of 10 % a week.", _ => new B02AdLabsBalanced());

    private const int WindowDays = 30;
    private const int SkipDays = 3;
    private const double High = 1.2;
    private const double Low = 0.8;
    private const double Raise = 1.1;

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        if (account.Day % 7 != 0) return;
        var multipliers = Placements(account, changes);
        var window = account.Window(WindowDays, SkipDays);
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target]) continue;
            var acos = account.TargetAcosOf(target);
            var bid = bids.Current(target);
            var toOrder = window.ParentConversion(target) is { } conversion ? 1 / conversion : double.PositiveInfinity;
            bids.Set(target, Bid(
                bid, window.Targets, target, acos, window.OrderValue(target), toOrder,
                window.ParentRevenuePerClick(target), multipliers[account.TargetCampaign[target]]));
        }
    }

    /// <summary>The bid of the first class that fits; the same bid where none does.</summary>
    private static double Bid(double bid, Sums sums, int target, double acos, double orderValue, double clicksToOrder, double? parentRevenue, double multiplier)
    {
        var own = sums.RevenuePerClick(target) * acos;
        if (sums.Acos(target) is { } actual)
        {
            if (actual > High * acos) return own / multiplier;
            if (actual < Low * acos) return Math.Min(Raise * bid, own);
        }
        else if (sums.Cost[target] > orderValue * acos && double.IsFinite(clicksToOrder))
        {
            return Math.Min(bid, orderValue / (sums.Clicks[target] + clicksToOrder) * acos);
        }

        return sums.Clicks[target] < clicksToOrder && parentRevenue is { } revenue ? Math.Min(Raise * bid, revenue * acos) : bid;
    }

    // Per campaign the mean multiplier over its clicks, new percentages included.
    private static double[] Placements(Account account, List<Change> changes)
    {
        var window = account.Placements(WindowDays, SkipDays);
        var campaigns = account.Window(WindowDays, SkipDays).Campaigns;
        var means = new double[account.Campaigns.Length];
        Span<int> percents = stackalloc int[PlacementWindow.Placements];
        for (var campaign = 0; campaign < means.Length; campaign++)
        {
            means[campaign] = window.MeanMultiplier(campaign);
            if (!account.IsOpenCampaign[campaign] || campaigns.Orders[campaign] <= 0) continue;
            var clicksToOrder = campaigns.Clicks[campaign] / campaigns.Orders[campaign];
            if (!PlacementLayer.Ratios(window.Sums, campaign, clicksToOrder, fewestOrders: 1, highest: 10, percents)) continue;
            means[campaign] = window.MeanMultiplier(campaign, percents);
            PlacementLayer.AddTo(changes, account.Campaigns[campaign], percents);
        }

        return means;
    }
}
