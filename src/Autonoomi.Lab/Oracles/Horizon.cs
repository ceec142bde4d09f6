using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Oracles;

/// <summary>The managed days of one study as an oracle sees them from the hand-over: who can be served on them, and what prices make of them.</summary>
internal sealed class Horizon
{
    private readonly MarketWorld world;
    private readonly int first;
    private readonly double[][,] served;

    public Horizon(MarketWorld world, int days)
    {
        this.world = world;
        first = world.Today.DayNumber - world.FirstDay.DayNumber;
        served = [.. Enumerable.Range(0, days).Select(_ => new double[world.Market.Products.Length, Season.Regimes])];
        Serve();
    }

    public int Days => served.Length;

    public int Products => world.Market.Products.Length;

    public DateOnly DateOf(int day) => world.Today.AddDays(day);

    /// <returns>Managed days (0, 1, …) by calendar month, in order.</returns>
    public IReadOnlyList<(DateOnly Month, int[] Days)> Months() =>
        [.. Enumerable.Range(0, Days).GroupBy(day => new DateOnly(DateOf(day).Year, DateOf(day).Month, 1)).Select(month => (month.Key, month.ToArray()))];

    /// <returns>Money that the days before the hand-over have already taken from the month's cap, credits for invalid clicks deducted.</returns>
    public double SpentBefore(DateOnly month) => month >= world.Today || world.Today == world.FirstDay ? 0
        : (double)world.CampaignRows(new(month < world.FirstDay ? world.FirstDay : month, world.Today.AddDays(-1))).Sum(row => row.Metrics.Cost);

    /// <summary>Plays the best bids for an aim on one managed day.</summary>
    public Expected Best(int day, Aim aim, double[]? orders = null) => world.Oracle.Day(first + day, served[day], aim, orders);

    // Every hour of every managed day, also the first hours of the first day that passed before the hand-over: nobody is ever refused.
    private void Serve()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(world.Marketplace.TimeZone);
        for (var now = world.Now.AddHours(-26); ; now = now.AddHours(1))
        {
            var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
            var day = DateOnly.FromDateTime(local).DayNumber - world.Today.DayNumber;
            if (day < 0) continue;
            if (day >= Days) return;
            for (var product = 0; product < Products; product++) served[day][product, Season.RegimeOf(local.Hour)] += Season.HourShare[local.Hour];
        }
    }
}
