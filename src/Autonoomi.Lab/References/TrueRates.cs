using Autonoomi.Core.Proposals;
using Autonoomi.Lab.Oracles;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.References;

/// <summary>
/// B14: every target bids one share of what its clicks are truly worth, and placements stand in the ratio in which their clicks truly convert. It knows rates and
/// economics, not the auctions: an upper reference for policies that estimate rates, not a competitor. The published share is 0.8; like every baseline's target it is
/// tuned on development seeds, and a target here answers searches of such different worth that 0.6 earns most (docs/maths/oracles.md).
/// </summary>
/// <param name="days">Days that it manages.</param>
/// <param name="monthlyCap">Ceiling of the spend in each calendar month; then bids are divided by the true price of money.</param>
/// <param name="shading">Share of the value that is bid.</param>
internal sealed class TrueRates(int days, decimal? monthlyCap = null, double shading = 0.6) : IInsider
{
    private Horizon? horizon;
    private Field? field;

    public IReadOnlyList<Change> Decide(MarketWorld world, PolicyView view)
    {
        horizon ??= new Horizon(world, days);
        field ??= Field.Of(world, days);
        var today = horizon.TermsOf(view.Day, Aim.Earn(0));
        var plan = field.Present(world);
        var (clicks, value, shares) = Count(today, plan);
        var ratios = world.Market.Parameters.PlacementConversion.Select(ratio => Math.Clamp(ratio / world.Market.Parameters.PlacementConversion.Min(), 1, 4)).ToArray();
        for (var place = 0; place < plan.Multipliers.Length; place++) plan.Multipliers[place] = Math.Log(ratios[place % Field.Placements]);
        for (var target = 0; target < plan.Bids.Length; target++)
        {
            var campaign = field.CampaignOf[target];
            var ofCampaign = Enumerable.Range(0, Field.Placements).Select(placement => shares[Field.Switch(campaign, placement)] + 1).ToArray();
            var mean = Enumerable.Range(0, Field.Placements).Sum(placement => ofCampaign[placement] * ratios[placement]) / ofCampaign.Sum();
            plan.Bids[target] = clicks[target] <= 0 ? double.NegativeInfinity : Math.Log(shading * value[target] / clicks[target] / mean);
        }

        if (monthlyCap is { } cap) Ration(view.Day, plan, today, (double)cap);
        return Writes.Towards(world, field, plan, Costs(today, plan, 0));
    }

    // Clicks and their worth by target at the bids in force, clicks by placement of each campaign; what wins nothing is judged by all it could win.
    private (double[] Clicks, double[] Value, double[] Shares) Count((int Day, DayTerms Terms, double[,] Served) today, Plan plan)
    {
        var (clicks, value, shares) = (new double[plan.Bids.Length], new double[plan.Bids.Length], new double[plan.Multipliers.Length]);
        for (var seat = 0; seat < field!.Seats.Length; seat++)
        {
            var (winner, bid) = field.WinnerOf(seat, plan);
            var (won, worth, _) = At(today, seat, bid);
            clicks[winner.Target] += won;
            value[winner.Target] += worth;
            shares[Field.Switch(winner.Campaign, field.Seats[seat].Placement)] += won;
        }

        for (var target = 0; target < clicks.Length; target++)
        {
            if (clicks[target] > 1e-6) continue;
            foreach (var (seat, _) in field.PlacesOf[target])
            {
                var (won, worth, _) = At(today, seat, double.PositiveInfinity);
                clicks[target] += won;
                value[target] += worth;
            }
        }

        return (clicks, value, shares);
    }

    private void Ration(int day, Plan plan, (int Day, DayTerms Terms, double[,] Served) today, double cap)
    {
        var (left, share) = horizon!.LeftOfMonth(day, day + 1, cap);
        double Spend(double logPrice) => share * Costs(today, plan, logPrice).Sum();
        if (Spend(0) <= left) return;
        var (low, high) = (0d, 5d);
        for (var round = 0; round < 12; round++)
        {
            var middle = (low + high) / 2;
            if (Spend(middle) > left) low = middle;
            else high = middle;
        }

        for (var target = 0; target < plan.Bids.Length; target++) plan.Bids[target] -= high;
    }

    private double[] Costs((int Day, DayTerms Terms, double[,] Served) today, Plan plan, double logPrice)
    {
        var costs = new double[field!.Campaigns.Count];
        for (var seat = 0; seat < field.Seats.Length; seat++)
        {
            var (winner, bid) = field.WinnerOf(seat, plan);
            costs[winner.Campaign] += At(today, seat, bid - logPrice).Cost;
        }

        return costs;
    }

    private (double Clicks, double Worth, double Cost) At((int Day, DayTerms Terms, double[,] Served) today, int place, double logBid)
    {
        ref readonly var seat = ref field!.Seats[place];
        if (seat.Query.BornOn > today.Day) return default;
        double clicks = 0, worth = 0, cost = 0;
        for (var regime = 0; regime < Season.Regimes; regime++)
        {
            var views = today.Served[seat.Product, regime] * today.Terms.Views(seat);
            var unit = today.Terms.Unit(seat);
            var (_, won, paid) = today.Terms.Landscape(seat, regime).At(double.IsPositiveInfinity(logBid) ? 0 : logBid - Math.Log(unit));
            clicks += views * won;
            worth += views * won * today.Terms.Chance(seat, regime) * today.Terms.Order(seat).Worth;
            cost += views * paid * unit;
        }

        return (clicks, worth, cost);
    }
}
