using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class EventsTests
{
    [Fact]
    public void A_peak_brings_more_and_readier_shoppers_after_some_days_of_hesitation()
    {
        var (usual, peak) = (Market(), Market(new DemandPeak(20, 12, 2.5, 1.35)));

        Assert.All(Enumerable.Range(0, 60), day => Assert.Equal(day is >= 30 and < 42 ? 2.5 : 1, peak.On(day).Demand[0] / usual.On(day).Demand[0], 12));
        Assert.All(Enumerable.Range(0, 60), day => Assert.Equal(day is >= 30 and < 42 ? 1.35 : day is >= 27 and < 30 ? 0.95 : 1, peak.On(day).Odds[0] / usual.On(day).Odds[0], 12));

        static Market Market(params MarketEvent[] events) => new(new Dice(3), new WorldSettings { Products = 2, HistoryDays = 10, Events = events }, new DateOnly(2026, 4, 2));
    }

    [Fact]
    public void Thin_shelves_wait_for_the_one_delivery()
    {
        var world = new MarketWorld(7, new WorldSettings { Products = 4, HistoryDays = 15, Demand = 2, Events = [new ThinStock(6, 25, 1)] });
        var empty = new List<int>();
        for (var day = 0; day < 40; day++)
        {
            empty.Add(world.Stock().Count(level => level.Fulfillable == 0));
            world.AdvanceDays(1);
        }

        Assert.Equal(0, empty[0]);
        Assert.True(empty[20] >= 3, $"{empty[20]} of 4 shelves are empty on day 20");
        Assert.Equal(0, empty[32]);
    }

    [Fact]
    public void Shelves_that_do_not_run_out_never_do()
    {
        var world = new MarketWorld(7, new WorldSettings { Products = 3, HistoryDays = 2, Demand = 20, StockRunsOut = false });
        world.SetEveryBid(_ => 5m);
        for (var day = 0; day < 10; day++)
        {
            world.AdvanceDays(1);
            Assert.All(world.Stock(), level => Assert.True(level.Fulfillable > 0));
        }

        Assert.All(world.Simulation.Days.Take(11), day => Assert.All(Enumerable.Range(0, 3), product =>
            Assert.Equal(1, Enumerable.Range(0, Season.Regimes).Sum(regime => day.Served[product, regime]), 12)));
    }

    [Fact]
    public void Missing_reports_never_come_but_the_days_were_lived()
    {
        var world = new MarketWorld(7, new WorldSettings { Products = 2, HistoryDays = 5, Events = [new MissingReports(1, 2)] });
        world.AdvanceDays(30);
        var days = world.TargetRows(world.AllDays()).Select(row => row.Day.DayNumber - world.FirstDay.DayNumber).Distinct().ToHashSet();

        Assert.Equal([6, 7], Enumerable.Range(0, 35).Where(day => !days.Contains(day)));
        Assert.True(world.Simulation.Days[6].Clicks.Count > 0);
        Assert.DoesNotContain(world.SearchTermRows(world.AllDays()), row => row.Day == world.FirstDay.AddDays(7));
        Assert.Contains(world.EconomicsRows(world.AllDays()), row => row.Day == world.FirstDay.AddDays(7) && row.UnitsOrdered > 0);
    }

    [Fact]
    public void A_suppressed_listing_is_neither_shown_nor_bought()
    {
        var world = new MarketWorld(7, new WorldSettings { Products = 2, HistoryDays = 5, Events = [new Suppression(2, 3, 1)] });
        world.AdvanceDays(8);
        var first = world.FirstDay.AddDays(7);

        Assert.DoesNotContain(world.TargetRows(world.AllDays()), row => row.Day >= first && row.Day < first.AddDays(3));
        Assert.Equal(0, world.Simulation.Days[8].ExpectedSpend);
        Assert.Contains(world.TargetRows(world.AllDays()), row => row.Day == first.AddDays(3));
    }

    [Fact]
    public void Sales_lift_the_organic_rank_of_their_search_and_of_no_other()
    {
        var market = new Market(new Dice(3), new WorldSettings { Products = 1 }, new DateOnly(2026, 4, 2));
        var rank = new OrganicRank(market, market.Products[0], 6);
        var best = market.Queries.Where(query => !query.IsPage).MaxBy(query => query.Volume * market.Rates(market.Products[0], query).Odds)!;
        Assert.Equal(1, rank.Factor);
        for (var day = 0; day < 14; day++)
        {
            for (var sale = 0; sale < 20; sale++) rank.Sold(rank.PlaceOf(best), 1);
            rank.EndDay(wasOffered: true);
        }

        var picks = Enumerable.Range(0, 1000).CountBy(draw => rank.Pick((draw + 0.5) / 1000)).ToDictionary();
        Assert.InRange(rank.Factor, 0.6, 1.5);
        Assert.True(rank.PlaceOf(best) == 1 && picks[1] > picks.GetValueOrDefault(2));
        Assert.Equal(0, rank.PlaceOf(market.Queries.First(query => query.IsPage)));
    }

    [Fact]
    public void A_launch_has_campaigns_but_no_past_and_a_mature_account_lives_on_exact_keywords()
    {
        var launch = new MarketWorld(7, new WorldSettings { Products = 3, HistoryDays = 10, Past = SellerPast.Launch });
        var mature = new MarketWorld(7, new WorldSettings { Products = 3, HistoryDays = 20, Past = SellerPast.Mature });

        Assert.Empty(launch.TargetRows(new(launch.FirstDay, launch.Today.AddDays(-1))));
        launch.AdvanceDays(2);
        Assert.NotEmpty(launch.TargetRows(launch.AllDays()));
        var exact = mature.Ads.Targets.Where(target => target.Match == MatchType.Exact).Select(target => target.Id).ToHashSet();
        var rows = mature.TargetRows(mature.AllDays());
        Assert.InRange(rows.Where(row => exact.Contains(row.TargetId)).Sum(row => row.Metrics.Clicks) / (double)rows.Sum(row => row.Metrics.Clicks), 0.5, 0.9);
        Assert.All(mature.Ads.Campaigns, campaign => Assert.Equal(0, campaign.TopOfSearchPercent));
        Assert.NotEmpty(mature.Ads.Negatives);
    }
}
