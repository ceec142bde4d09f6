using Autonoomi.Marketplace.World;
using MarketplaceLimits = Autonoomi.Core.Primitives.Marketplace;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class MoneyTests
{
    private static readonly MarketplaceLimits UnitedStates = MarketplaceLimits.Find("ATVPDKIKX0DER");

    [Fact]
    public void Doubled_money_doubles_every_amount_exactly_and_changes_nothing_else()
    {
        var (one, two) = (World(1, null), World(2, UnitedStates with
        {
            MinimumBid = UnitedStates.MinimumBid * 2, MaximumBid = UnitedStates.MaximumBid * 2, MinimumBudget = UnitedStates.MinimumBudget * 2,
            MaximumBudget = UnitedStates.MaximumBudget * 2, BidStep = UnitedStates.BidStep * 2,
        }));
        foreach (var (world, scale) in new[] { (one, 1m), (two, 2m) })
        {
            world.SetEveryBid(target => (0.40m + (target.Text.Length * 0.03m)) * scale);
            foreach (var campaign in world.Ads.Campaigns.ToList()) world.Ads.Update(new CampaignEdit(campaign.Id, DailyBudget: 25m * scale));
            world.AdvanceDays(12);
        }

        var (truth, doubled) = (one.Truth(one.TruthDays), two.Truth(two.TruthDays));
        Assert.Equal(truth.Select(day => new[] { day.ExpectedProfit, day.IncrementalProfit, day.RealisedProfit, day.OracleProfit, day.ExpectedSpend, day.ExpectedSales, day.OracleSpend }.Select(amount => amount * 2)),
            doubled.Select(day => new[] { day.ExpectedProfit, day.IncrementalProfit, day.RealisedProfit, day.OracleProfit, day.ExpectedSpend, day.ExpectedSales, day.OracleSpend }));
        Assert.Equal(one.TargetRows(one.AllDays()).Select(row => (row.Day, row.TargetId, row.Metrics.Impressions, row.Metrics.Clicks, row.Metrics.Cost * 2, row.Metrics.Within7Days.Sales * 2)),
            two.TargetRows(two.AllDays()).Select(row => (row.Day, row.TargetId, row.Metrics.Impressions, row.Metrics.Clicks, row.Metrics.Cost, row.Metrics.Within7Days.Sales)));
        Assert.Equal(one.EconomicsRows(one.AllDays()).Select(row => (row.UnitsOrdered, row.OrderedSales * 2, row.ReferralFee * 2, row.StorageFee * 2, row.AdCharge * 2)),
            two.EconomicsRows(two.AllDays()).Select(row => (row.UnitsOrdered, row.OrderedSales, row.ReferralFee, row.StorageFee, row.AdCharge)));
        Assert.Equal(one.Knowledge.SuggestedMonthlyBudget * 2, two.Knowledge.SuggestedMonthlyBudget);
        Assert.Contains(one.TargetRows(one.AllDays()), row => row.Metrics.Within7Days.Sales > 0);

        static MarketWorld World(decimal scale, MarketplaceLimits? limits) => new(7, new WorldSettings
        {
            Products = 3, HistoryDays = 10, MoneyScale = scale, Limits = limits, Events = [new PriceChange(3, 1, 0.93, 1.07)],
        });
    }

    [Fact]
    public void Yen_come_whole()
    {
        var world = new MarketWorld(7, new WorldSettings { MarketplaceId = "A1VC38T7YXB528", Products = 2, HistoryDays = 8, MoneyScale = 100 });
        var rows = world.TargetRows(world.AllDays());

        Assert.Contains(rows, row => row.Metrics.Cost > 0);
        Assert.All(rows, row => Assert.Equal(decimal.Floor(row.Metrics.Cost), row.Metrics.Cost));
        Assert.All(world.Listings(), listing => Assert.Equal(decimal.Floor(listing.Price.Amount), listing.Price.Amount));
        Assert.All(world.Ads.Targets, target => Assert.Equal(decimal.Floor(world.Ads.BidInForce(target)), world.Ads.BidInForce(target)));
    }

    [Fact]
    public void The_accounts_monthly_cap_holds_over_all_campaigns_together()
    {
        var world = new MarketWorld(7, new WorldSettings { Products = 4, HistoryDays = 0, NaiveCampaigns = true, AccountMonthlyCap = 1_000, HistoryEnd = new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero), StockRunsOut = false });
        world.SetEveryBid(_ => 2m);
        world.AdvanceDays(45);
        var spent = world.CampaignRows(world.AllDays()).GroupBy(row => row.Day.Month).ToDictionary(month => month.Key, month => month.Sum(row => row.Metrics.Cost));
        var dayOfMay = world.CampaignRows(world.AllDays()).Where(row => row.Day.Month == 5).Max(row => row.Day.Day);

        Assert.InRange(spent[5], 940m, 1_040m); // credits, and a quarter of an hour that Amazon notices late
        Assert.True(dayOfMay < 20, $"still running on 5/{dayOfMay}");
        Assert.True(spent[6] > 300m, "June begins with a full purse");
    }

    [Fact]
    public void A_price_change_moves_price_worth_and_readiness_from_its_day()
    {
        var change = new PriceChange(4, 1, 0.80, 1);
        var (usual, cheap) = (World(), World(change));
        usual.AdvanceDays(12);
        cheap.AdvanceDays(12);
        var (before, after) = (cheap.Market.On(13), cheap.Market.On(14)); // ten days of history

        Assert.All(cheap.Market.Products, product => Assert.Equal(decimal.Round(before.Retail[product.Index].Price * 0.8m, 2), after.Retail[product.Index].Price));
        Assert.All(cheap.Market.Products, product => Assert.True(after.OrderValue[product.Index] < before.OrderValue[product.Index]));
        Assert.All(cheap.Market.Products, product => Assert.Equal(Math.Pow(0.8, -1.5), after.Odds[product.Index] / usual.Market.On(14).Odds[product.Index], 9));
        Assert.Equal(cheap.Market.On(14).Retail.Select(offer => offer.Price), cheap.Listings().Select(listing => listing.Price.Amount));
        Assert.Equal(usual.Simulation.Days[13].ExpectedProfit, cheap.Simulation.Days[13].ExpectedProfit);
        Assert.True(cheap.Simulation.Days[15].ExpectedProfit < usual.Simulation.Days[15].ExpectedProfit);
        Assert.All(cheap.OrdersPurchased(cheap.Now.AddDays(-3), cheap.Now), order => Assert.Contains(after.Retail, offer => offer.Price == order.UnitPrice));

        static MarketWorld World(params MarketEvent[] events) => new(7, new WorldSettings { Products = 3, HistoryDays = 10, Events = events, StockRunsOut = false });
    }
}
