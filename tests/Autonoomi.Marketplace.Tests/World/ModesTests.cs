using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class ModesTests
{
    [Fact]
    public void Single_auctions_and_the_fluid_market_expect_the_same_profit_within_a_hundredth()
    {
        // Budgets out of the way: a purse that runs dry a minute earlier here than there is luck, not method.
        var ratios = new List<(double Profit, double Spend, double Clicks)>();
        foreach (var seed in new ulong[] { 1, 2, 3, 4 })
        {
            var (fluid, each) = (Lived(seed, MarketMode.Fluid), Lived(seed, MarketMode.Event));
            ratios.Add((each.Profit / fluid.Profit, each.Spend / fluid.Spend, each.Clicks / fluid.Clicks));
        }

        Assert.InRange(ratios.Average(ratio => ratio.Profit), 0.99, 1.01);
        Assert.InRange(ratios.Average(ratio => ratio.Spend), 0.99, 1.01);
        Assert.InRange(ratios.Average(ratio => ratio.Clicks), 0.97, 1.03);

        static (double Profit, double Spend, double Clicks) Lived(ulong seed, MarketMode mode)
        {
            var world = new MarketWorld(seed, new WorldSettings { Products = 3, HistoryDays = 0, Mode = mode, StockRunsOut = false, Past = SellerPast.Mature });
            foreach (var campaign in world.Ads.Campaigns.ToList()) world.Ads.Update(new CampaignEdit(campaign.Id, DailyBudget: 10_000m));
            world.AdvanceDays(30);
            var days = world.Simulation.Days.Skip(1).Take(29).ToList();
            return (days.Sum(day => day.ExpectedProfit), days.Sum(day => day.ExpectedSpend), days.Sum(day => (double)day.Clicks.Count));
        }
    }

    [Fact]
    public void Single_auctions_are_the_same_twice_and_looking_changes_nothing()
    {
        static MarketWorld World() => new(7, new WorldSettings { Products = 2, HistoryDays = 3, Mode = MarketMode.Event });
        var (one, other) = (World(), World());
        _ = one.Fingerprint();
        one.AdvanceHours(20);
        other.AdvanceHours(11);
        _ = other.Fingerprint();
        other.AdvanceHours(9);

        Assert.Equal(one.Fingerprint(), other.Fingerprint());
        Assert.Contains(one.CampaignRows(one.AllDays()), row => row.Metrics.Clicks > 0);
        Assert.All(one.TargetRows(one.AllDays()), row => Assert.True(row.Metrics.Impressions >= row.Metrics.Clicks));
    }

    [Theory]
    [InlineData(MarketMode.Fluid)]
    [InlineData(MarketMode.Event)]
    public void Realised_profit_is_expected_profit_plus_luck(MarketMode mode)
    {
        var world = new MarketWorld(11, new WorldSettings { Products = 3, HistoryDays = 0, Demand = mode == MarketMode.Fluid ? 10 : 2, Mode = mode, StockRunsOut = false, Past = SellerPast.Mature });
        foreach (var campaign in world.Ads.Campaigns.ToList()) world.Ads.Update(new CampaignEdit(campaign.Id, DailyBudget: 50_000m));
        world.AdvanceDays(40);
        var days = world.Simulation.Days.Skip(1).Take(24).ToList(); // the last two weeks' orders are still to come

        var clicks = days.Sum(day => day.Clicks.Count);
        var noise = 3.5 * Math.Sqrt(clicks * 0.12) / (clicks * 0.12); // Poisson orders; contribution varies less than their number
        var (realised, expected, spend) = (days.Sum(day => day.RealisedProfit), days.Sum(day => day.ExpectedProfit), days.Sum(day => day.ExpectedSpend));

        Assert.InRange((realised + spend) / (expected + spend), 1 - noise - 0.02, 1 + noise + 0.02);
    }
}
