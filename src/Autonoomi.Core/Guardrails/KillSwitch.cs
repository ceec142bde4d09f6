using System.Globalization;

namespace Autonoomi.Core.Guardrails;

/// <summary>When something is so wrong that nothing may be raised any more, or nothing written at all. See docs/maths/guardrails.md, G9.</summary>
public static class KillSwitch
{
    /// <summary>Spend beyond this multiple of the plan is runaway, if prices or click rates are outliers too.</summary>
    public const double RunawaySpend = 1.5;

    /// <summary>Robust deviations beyond which a price or a click rate is an outlier.</summary>
    public const double OutlierDeviations = 6;

    private const double HighestErrorShare = 0.2;
    private const int FewestCalls = 10;

    // Day-to-day noise of a logarithm that nobody is alarmed by: six of these are a factor of 1.8.
    private const double LeastDeviation = 0.1;

    /// <summary>Deviations of a value from earlier ones by median and median deviation of their logarithms: one strange day does not hide the next.</summary>
    /// <param name="value">Price per click or clicks per impression, above 0.</param>
    /// <param name="earlier">The same on earlier days or hours; values of zero or less are left out.</param>
    /// <returns>Zero when fewer than five earlier values are known.</returns>
    public static double RobustDeviations(double value, IEnumerable<double> earlier)
    {
        if (!(value > 0)) return 0;
        var logs = earlier.Where(entry => entry > 0 && double.IsFinite(entry)).Select(entry => Math.Log(entry)).Order().ToArray();
        if (logs.Length < 5) return 0;
        var middle = Median(logs);
        var spread = 1.4826 * Median([.. logs.Select(log => Math.Abs(log - middle)).Order()]);
        return (Math.Log(value) - middle) / Math.Max(LeastDeviation, spread);
    }

    /// <summary>Spend far beyond plan together with an outlier; one of the two alone may be a good day.</summary>
    /// <param name="spend">Of a day, or of two hours.</param>
    /// <param name="planned">For the same time.</param>
    /// <param name="clickPriceDeviations">From <see cref="RobustDeviations"/>.</param>
    /// <param name="clickRateDeviations">As above, of clicks per impression.</param>
    public static bool RunsAway(double spend, double planned, double clickPriceDeviations, double clickRateDeviations) =>
        planned > 0 && spend > RunawaySpend * planned && Math.Max(Math.Abs(clickPriceDeviations), Math.Abs(clickRateDeviations)) > OutlierDeviations;

    /// <summary>Ads cost more than twice what orders leave.</summary>
    /// <param name="cost">Of days old enough to have shown their orders.</param>
    /// <param name="sales">Attributed to them.</param>
    /// <param name="breakEvenAcos">As a fraction.</param>
    public static bool LosesTwice(double cost, double sales, double breakEvenAcos) => sales > 0 && breakEvenAcos > 0 && cost > 2 * breakEvenAcos * sales;

    /// <summary>So many of Amazon's answers are errors that no write should follow.</summary>
    /// <param name="calls">Made in the run so far; throttling answers that were repeated successfully count as one call that succeeded.</param>
    /// <param name="failures">Of these.</param>
    public static bool TooManyErrors(int calls, int failures) => calls >= FewestCalls && failures > HighestErrorShare * calls;

    internal static string Percent(double share) => (share * 100).ToString("0", CultureInfo.InvariantCulture) + "%";

    private static double Median(double[] sorted) => sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
