using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Profit;

/// <summary>Orders that clicks of these days are still expected to bring; see docs/maths/signals.md.</summary>
/// <param name="More">Expected orders beyond those visible, as a share of them, zero or more.</param>
/// <param name="Low">10 % quantile of it.</param>
/// <param name="High">90 % quantile of it.</param>
public sealed record Settling(double More, double Low, double High)
{
    private const double IntervalHalf = 1.2815515655446004;

    /// <param name="days">Days with their figures.</param>
    /// <param name="today">The current reporting day.</param>
    /// <param name="maturity">How fast orders become visible.</param>
    /// <returns>Null where everything is settled, or nothing was sold that could be scaled.</returns>
    public static Settling? Of(IEnumerable<DayPerformance> days, DateOnly today, Maturity maturity)
    {
        double visible = 0, hidden = 0, orders = 0;
        foreach (var day in days)
        {
            var share = maturity.VisibleShare(today.DayNumber - day.Day.DayNumber - 1);
            visible += share * day.Figures.Ads.Clicks;
            hidden += (1 - share) * day.Figures.Ads.Clicks;
            orders += day.Figures.Ads.Orders;
        }

        if (hidden <= 0 || visible <= 0 || orders <= 0) return null;
        var more = hidden / visible;

        // Orders to come are as uncertain as their number, and as the rate that the visible ones tell.
        var deviation = Math.Sqrt(orders * more * (1 + more)) / orders;
        return new Settling(more, Math.Max(0, more - IntervalHalf * deviation), more + IntervalHalf * deviation);
    }
}
