using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Oracles;

/// <summary>O1: the most that anybody could expect to earn, see docs/maths/oracles.md. The same for every policy: it looks at the market, not at what was done.</summary>
internal static class RelaxedOracle
{
    /// <param name="world">A fresh world at the hand-over of its clock; it is read, not advanced.</param>
    /// <param name="days">Managed days, the first is <see cref="MarketWorld.Today"/>.</param>
    /// <param name="options">Constraints and what counts.</param>
    public static OracleResult Of(MarketWorld world, int days, OracleOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var served = new double[world.Market.Products.Length, Season.Regimes];
        for (var hour = 0; hour < 24; hour++)
        {
            foreach (var product in world.Market.Products) served[product.Index, Season.RegimeOf(hour)] += Season.HourShare[hour];
        }

        var first = world.Today.DayNumber - world.FirstDay.DayNumber;
        var best = Enumerable.Range(first, days).Select(day => world.Oracle.Day(day, served, 0)).ToArray();
        var total = best.Sum(day => day.Profit);
        return new OracleResult
        {
            Profit = [.. best.Select(day => day.Profit)],
            Spend = [.. best.Select(day => day.Spend)],
            Sales = new double[days],
            Bound = total,
            Found = total,
            Total = total,
        };
    }
}
