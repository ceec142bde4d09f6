using MathNet.Numerics.Distributions;

namespace Autonoomi.Core.Dayparting;

/// <summary>What hours are worth against each other: counts in, factors with their uncertainty out. See docs/maths/dayparting.md.</summary>
internal sealed class HourRates
{
    public const int Hours = 24;
    public const int ShortestBlock = 3;
    public const double Highest = 1.5, Lowest = 0.6;

    private const double Bandwidth = 2;
    private const double Noticeable = 0.10;
    private const double Certainty = 0.90;

    private readonly double[] orders, expected;
    private readonly double pseudoOrders;

    /// <param name="orders">Per hour of the day, zero or more.</param>
    /// <param name="expected">Orders that the same clicks would bring at the campaign's mean rate, per hour.</param>
    /// <param name="pseudoOrders">Expected orders that the belief "all hours are alike" is worth, above zero.</param>
    public HourRates(double[] orders, double[] expected, double pseudoOrders) => (this.orders, this.expected, this.pseudoOrders) = (orders, expected, pseudoOrders);

    /// <summary>An hour's factor, its neighbours on the clock counted by distance.</summary>
    public (double Mean, double Deviation) At(int hour)
    {
        double y = 0, e = 0, variance = 0;
        for (var other = 0; other < Hours; other++)
        {
            var apart = Math.Min(Math.Abs(hour - other), Hours - Math.Abs(hour - other));
            var weight = Math.Exp(-0.5 * Math.Pow(apart / Bandwidth, 2));
            (y, e, variance) = (y + weight * orders[other], e + weight * expected[other], variance + weight * weight * Math.Max(orders[other], expected[other]));
        }

        return ((y + pseudoOrders) / (e + pseudoOrders), Math.Sqrt(variance + pseudoOrders) / (e + pseudoOrders));
    }

    /// <summary>Several hours as one.</summary>
    public (double Mean, double Deviation) Over(IEnumerable<int> hours)
    {
        double y = 0, e = 0;
        foreach (var hour in hours) (y, e) = (y + orders[hour], e + expected[hour]);
        return ((y + pseudoOrders) / (e + pseudoOrders), Math.Sqrt(Math.Max(y, e) + pseudoOrders) / (e + pseudoOrders));
    }

    /// <returns>Per hour: 1 or −1 where it is better or worse by more than a tenth with a chance of 90 %, in runs of three hours at least; otherwise 0.</returns>
    public int[] Classes()
    {
        var classes = new int[Hours];
        for (var hour = 0; hour < Hours; hour++)
        {
            var (mean, deviation) = At(hour);
            if (1 - Normal.CDF(mean, deviation, 1 + Noticeable) >= Certainty) classes[hour] = 1;
            else if (Normal.CDF(mean, deviation, 1 - Noticeable) >= Certainty) classes[hour] = -1;
        }

        // The clock is round: a run may pass midnight.
        var start = Array.FindIndex(classes, 0, hour => hour != classes[0]);
        if (start < 0) return classes[0] == 0 ? classes : new int[Hours];
        for (var at = 0; at < Hours;)
        {
            var run = 1;
            while (run < Hours && classes[(start + at + run) % Hours] == classes[(start + at) % Hours]) run++;
            for (var hour = 0; run < ShortestBlock && hour < run; hour++) classes[(start + at + hour) % Hours] = 0;
            at += run;
        }

        return classes;
    }
}
