using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

/// <summary>Small worlds for the tests of mechanisms; the demo's own for calibration, built once.</summary>
internal static class Worlds
{
    private static readonly Lazy<MarketWorld> DemoWorld = new(() => new MarketWorld(7));

    /// <summary>Read only: many tests look at it.</summary>
    public static MarketWorld Demo => DemoWorld.Value;

    public static MarketWorld Small(ulong seed = 7, int products = 4, int days = 12, double demand = 1) =>
        new(seed, new WorldSettings { Products = products, HistoryDays = days, Demand = demand });

    public static DateSpan AllDays(this MarketWorld world) => new(world.FirstDay, world.Today);

    /// <summary>Every row that the world can show, as one hash.</summary>
    public static string Fingerprint(this MarketWorld world)
    {
        var days = world.AllDays();
        var text = new StringBuilder();
        Write(world.CampaignRows(days));
        Write(world.TargetRows(days));
        Write(world.SearchTermRows(days));
        Write(world.PlacementRows(days));
        Write(world.ProductRows(days));
        Write(world.EconomicsRows(days));
        Write(world.Stock());
        Write(world.OrdersPurchased(DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        Write(world.Truth(days));
        Write(world.Ads.Targets);
        Write(world.Ads.Writes.Select(write => (write.Sequence, write.At, write.Entity, write.Operation, write.Id, write.Accepted, write.Reason)));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        void Write<T>(IEnumerable<T> rows)
        {
            foreach (var row in rows) text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{row}"));
        }
    }

    public static void SetEveryBid(this MarketWorld world, Func<WorldTarget, decimal> bid)
    {
        foreach (var campaign in world.Ads.Campaigns.ToList())
        {
            Assert.IsType<Accepted>(world.Ads.Update(new CampaignEdit(campaign.Id, DailyBudget: 100_000)));
        }

        foreach (var target in world.Ads.Targets.ToList())
        {
            var kind = target.Kind == TargetKind.Keyword ? AdEntityKind.Keyword : AdEntityKind.Target;
            Assert.IsType<Accepted>(world.Ads.Update(new TargetEdit(kind, target.Id, Bid: bid(target))));
        }
    }

    /// <summary>The days after the hand-over that are over.</summary>
    public static DateSpan DaysSince(this MarketWorld world, DateOnly first) => new(first, world.Today.AddDays(-1));
}
