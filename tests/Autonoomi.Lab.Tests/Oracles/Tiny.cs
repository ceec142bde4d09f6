using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Tests.Oracles;

/// <summary>Worlds small enough to play hundreds of them.</summary>
internal static class Tiny
{
    public const int Days = 20;

    public static WorldSettings Settings(int products = 2) => new() { Products = products, HistoryDays = 2, StockRunsOut = false, Past = SellerPast.Mature };

    public static MarketWorld World(ulong seed, int products = 2) => new(seed, Settings(products));

    /// <returns>Expected profit by managed day of somebody who writes straight into the account each morning.</returns>
    public static double[] Play(ulong seed, WorldSettings settings, int days, Action<MarketWorld, int> morning)
    {
        var world = new MarketWorld(seed, settings);
        var first = world.Today.DayNumber - world.FirstDay.DayNumber;
        for (var day = 0; day < days; day++)
        {
            morning(world, day);
            world.AdvanceDays(1);
        }

        return [.. Enumerable.Range(first, days).Select(day => world.Simulation.Days[day].ExpectedProfit)];
    }

    public static void Bid(MarketWorld world, WorldTarget target, double bid)
    {
        var limits = world.Marketplace;
        var rounded = Math.Clamp(Math.Round((decimal)bid / limits.BidStep) * limits.BidStep, limits.MinimumBid, limits.MaximumBid);
        Assert.IsType<Accepted>(world.Ads.Update(new TargetEdit(target.Kind == TargetKind.Keyword ? AdEntityKind.Keyword : AdEntityKind.Target, target.Id, Bid: rounded)));
    }

    public static void SetState(MarketWorld world, WorldTarget target, EntityState state) =>
        Assert.IsType<Accepted>(world.Ads.Update(new TargetEdit(target.Kind == TargetKind.Keyword ? AdEntityKind.Keyword : AdEntityKind.Target, target.Id, State: state)));

    /// <summary>Budgets that never ration.</summary>
    public static void Loosen(MarketWorld world)
    {
        foreach (var campaign in world.Ads.Campaigns.ToList())
            Assert.IsType<Accepted>(world.Ads.Update(new CampaignEdit(campaign.Id, DailyBudget: 100_000 * world.Settings.MoneyScale)));
    }
}
