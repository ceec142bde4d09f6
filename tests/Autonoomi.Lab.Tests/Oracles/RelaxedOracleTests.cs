using Autonoomi.Lab.Oracles;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Tests.Oracles;

public sealed class RelaxedOracleTests
{
    [Fact]
    public void O1_is_what_an_exhaustive_search_finds_on_a_market_of_one_product()
    {
        var world = Tiny.World(3, products: 1);
        const int Days = 3;
        var first = world.Today.DayNumber - world.FirstDay.DayNumber;
        var found = 0d;
        for (var day = first; day < first + Days; day++) found += Searched(world, day);

        var oracle = RelaxedOracle.Of(Tiny.World(3, products: 1), Days, new OracleOptions());
        Assert.True(found > 0);
        Assert.InRange(oracle.Total / found, 1 - 1e-9, 1.0005);
    }

    // Every bid in steps of half a percent, from a hundredth of the rivals' median to forty times it; its own sums, nobody's hull.
    private static double Searched(MarketWorld world, int day)
    {
        var market = world.Market;
        var terms = new DayTerms(market, day, Aim.Earn(0));
        var profit = 0d;
        foreach (var pair in market.Pairs.ToList())
        {
            foreach (var cell in pair.Cells)
            {
                var seat = new Seat(pair.Product, pair.Query, cell.Placement, cell.Views * pair.Relevance, pair.Quality, pair.Odds);
                for (var regime = 0; regime < Season.Regimes; regime++)
                {
                    var best = 0d;
                    for (var bid = 0.01; bid < 40; bid *= 1.005)
                    {
                        var (_, clicks, cost) = terms.Landscape(seat, regime).At(Math.Log(bid));
                        best = Math.Max(best, (clicks * terms.Chance(seat, regime) * terms.Order(seat).Contribution) - (cost * terms.Unit(seat)));
                    }

                    profit += Season.RegimeShare[regime] * terms.Views(seat) * best;
                }
            }
        }

        return profit;
    }

    [Fact]
    public void A_hull_finds_the_best_node_for_any_value_of_a_click()
    {
        var landscapes = Enumerable.Range(0, 3).SelectMany(placement => new[] { 4, 7, 10 }.Select(rivals => new Landscape((Core.Advertising.Placement)placement, rivals, 0.6))).ToArray();
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.Int[0, landscapes.Length - 1], CsCheck.Gen.Double[-4, 4]), (which, logValue) =>
        {
            var (landscape, value) = (landscapes[which], Math.Exp(logValue));
            var (clicks, cost) = new BestBids(landscape).At(value);
            var best = 0d;
            for (var node = 0; node < Landscape.Nodes; node++)
            {
                var (_, gained, paid) = landscape.At(Landscape.Lowest + (node * Landscape.Step));
                best = Math.Max(best, (gained * value) - paid);
            }

            return Math.Abs((clicks * value) - cost - best) < 1e-12;
        }, iter: 2_000);
    }

    [Fact]
    public void Under_a_cap_the_dual_value_is_above_the_plan_by_less_than_three_thousandths_and_the_price_falls_as_the_cap_rises()
    {
        var world = Tiny.World(5);
        var free = RelaxedOracle.Of(world, Tiny.Days, new OracleOptions());
        var monthly = free.Spend.Average() * 30;
        OracleResult? before = null;
        foreach (var share in new[] { 0.1, 0.2, 0.35, 0.6, 0.9, 1.5 })
        {
            var cap = (decimal)(share * monthly);
            var oracle = RelaxedOracle.Of(world, Tiny.Days, new OracleOptions { MonthlyCap = cap });

            Assert.InRange(oracle.DualGap, 0, 0.003);
            Assert.True(oracle.Bound >= oracle.Found && oracle.Bound <= free.Total * (1 + 1e-9));
            Assert.True(oracle.Spend.Sum() <= (double)cap * (1 + 1e-9));
            Assert.True(before is null || (oracle.Bound >= before.Bound && oracle.BudgetPrices[0] <= before.BudgetPrices[0]), $"at {share} of the free spend");
            before = oracle;
        }

        Assert.Equal(0, before!.BudgetPrices[0]);
        Assert.Equal(free.Total, before.Total, 6);
    }

    [Fact]
    public void Under_an_acos_ceiling_sales_are_most_where_the_ceiling_is_met()
    {
        var world = Tiny.World(6);
        var free = RelaxedOracle.Of(world, Tiny.Days, new OracleOptions());
        var ofProfit = free.Spend.Sum() / free.Sales.Sum();
        OracleResult? before = null;
        foreach (var share in new[] { 0.5, 0.8, 1.0, 1.3 })
        {
            var ceiling = share * ofProfit;
            var oracle = RelaxedOracle.Of(world, Tiny.Days, new OracleOptions { AcosCeiling = ceiling });

            Assert.InRange(oracle.Spend.Sum() / oracle.Sales.Sum(), ceiling * 0.998, ceiling * (1 + 1e-9));
            Assert.InRange(oracle.DualGap, 0, 0.003);
            Assert.True(before is null || oracle.Bound > before.Bound);
            Assert.True(oracle.Total <= free.Total * (1 + 1e-9));

            // At the ACoS of the best profit the most sales are at least those of the best profit.
            if (share >= 1) Assert.True(oracle.Bound >= free.Sales.Sum());
            before = oracle;
        }
    }

    [Fact]
    public void What_would_have_come_anyway_is_worth_nothing_to_the_incremental_oracle()
    {
        var all = RelaxedOracle.Of(Tiny.World(8), Tiny.Days, new OracleOptions());
        var added = RelaxedOracle.Of(Tiny.World(8), Tiny.Days, new OracleOptions { Incremental = true });

        Assert.InRange(added.Total / all.Total, 0.4, 0.95);
    }

    [Fact]
    public void The_hours_of_a_day_of_25_hours_all_count()
    {
        // The clocks of Los Angeles go back on the first of November 2026: the night's second hour comes twice.
        var world = new MarketWorld(3, Tiny.Settings(1) with { HistoryEnd = new DateTimeOffset(2026, 10, 31, 8, 0, 0, TimeSpan.Zero) });
        var horizon = new Horizon(world, 3);
        var shares = Enumerable.Range(0, 3).Select(day => Enumerable.Range(0, Season.Regimes).Sum(regime => horizon.Served(day)[0, regime])).ToArray();

        Assert.Equal(1, shares[0], 9);
        Assert.Equal(1 + Season.HourShare[1], shares[1], 9);
        Assert.Equal(1, shares[2], 9);
    }

    [Fact]
    public void A_thin_shelf_lowers_the_bound_and_nobody_passes_it()
    {
        WorldSettings Thin(double cover) => Tiny.Settings() with { StockRunsOut = true, Events = [new ThinStock(cover, 14, 0)] };
        var full = RelaxedOracle.Of(new MarketWorld(9, Thin(400)), Tiny.Days, new OracleOptions());
        var before = 0d;
        foreach (var cover in new[] { 6.0, 10, 400 })
        {
            var oracle = RelaxedOracle.Of(new MarketWorld(9, Thin(cover)), Tiny.Days, new OracleOptions { StockBinds = true });
            var greedy = Tiny.Play(9, Thin(cover), Tiny.Days, (world, day) =>
            {
                if (day == 0) Tiny.Loosen(world);
            }).Sum();

            Assert.True(oracle.Bound > before && oracle.Bound <= full.Bound * (1 + 1e-9), $"{cover} days: {oracle.Bound:0} after {before:0}, full {full.Bound:0}");
            Assert.True(greedy < oracle.Bound);
            Assert.InRange(oracle.DualGap, 0, 0.1);
            before = oracle.Bound;
        }

        Assert.Equal(full.Bound, before, 6);
    }
}
