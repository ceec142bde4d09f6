using Autonoomi.Marketplace.World;
using MathNet.Numerics.Distributions;

namespace Autonoomi.Lab.Protocol;

/// <summary>An estimate over worlds with its interval.</summary>
/// <param name="Mean">The estimate.</param>
/// <param name="Low">Lower end at 95 %; null with a single world, of which nothing can be said.</param>
/// <param name="High">Upper end at 95 %.</param>
internal sealed record Interval(double Mean, double? Low, double? High);

/// <summary>
/// A BCa bootstrap over worlds: a world is drawn whole, so that whatever belongs to it stays together. Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 14;
/// docs/maths/protocol.md.
/// </summary>
internal sealed class Bootstrap
{
    /// <summary>Resamples of every study.</summary>
    public const int Resamples = 10_000;

    /// <summary>One-sided share outside each end of an interval at 95 %.</summary>
    public const double Tail = 0.025;

    private readonly double[] sorted;
    private readonly bool constant;

    /// <param name="worlds">One value per world, at least two.</param>
    /// <param name="statistic">Of the values drawn.</param>
    /// <param name="seed">Of the draws: the same seed gives the same interval.</param>
    /// <param name="resamples">At least 100.</param>
    public Bootstrap(IReadOnlyList<double> worlds, Func<double[], double> statistic, ulong seed, int resamples = Resamples)
    {
        if (worlds.Count < 2) throw new ArgumentException("An interval needs two worlds or more.", nameof(worlds));
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        var values = worlds.ToArray();
        Estimate = statistic(values);
        var dice = new Dice(seed);
        sorted = new double[resamples];
        var drawn = new double[values.Length];
        for (var resample = 0; resample < resamples; resample++)
        {
            for (var draw = 0; draw < drawn.Length; draw++) drawn[draw] = values[dice.Pick(values.Length, Draw.Scenario, resample, 0, draw)];
            sorted[resample] = statistic(drawn);
        }

        Array.Sort(sorted);
        constant = sorted[^1] - sorted[0] <= 1e-12 * Math.Abs(Estimate);
        Bias = Normal.InvCDF(0, 1, Math.Clamp(ShareBelow(Estimate), 0.5 / resamples, 1 - (0.5 / resamples)));
        Acceleration = Jackknife(values, statistic);
    }

    public double Estimate { get; }

    /// <summary>z₀: median bias of the resamples in normal units.</summary>
    public double Bias { get; }

    /// <summary>a: how fast the standard error changes with the estimate, from the jackknife.</summary>
    public double Acceleration { get; }

    /// <returns>The mean over worlds with its 95 % interval; without one when there is a single world.</returns>
    public static Interval Of(IReadOnlyList<double> worlds, ulong seed)
    {
        if (worlds.Count == 1) return new Interval(worlds[0], null, null);
        var bootstrap = new Bootstrap(worlds, Mean, seed);
        return new Interval(bootstrap.Estimate, bootstrap.Bound(Tail), bootstrap.Bound(1 - Tail));
    }

    public static double Mean(double[] values) => values.Sum() / values.Length;

    /// <param name="level">One-sided, 0 to 1 exclusive: 0.025 is the lower end of a 95 % interval.</param>
    /// <returns>The BCa bound.</returns>
    public double Bound(double level) => constant ? Estimate : Quantile(Share(Bias, Acceleration, level));

    /// <returns>The share of resamples below the BCa bound of a one-sided level.</returns>
    public static double Share(double bias, double acceleration, double level)
    {
        var shifted = bias + Normal.InvCDF(0, 1, level);
        return Normal.CDF(0, 1, bias + (shifted / (1 - (acceleration * shifted))));
    }

    /// <summary>The one-sided p-value of "not above <paramref name="value"/>": the level at which the lower bound meets it. Never below half a resample.</summary>
    public double LevelOf(double value)
    {
        if (constant) return Estimate > value ? 0.5 / sorted.Length : 1;
        var share = Math.Clamp(ShareBelow(value), 0.5 / sorted.Length, 1 - (0.5 / sorted.Length));
        var shifted = Normal.InvCDF(0, 1, share) - Bias;
        return Normal.CDF(0, 1, (shifted / (1 + (Acceleration * shifted))) - Bias);
    }

    private double Quantile(double share)
    {
        var place = Math.Clamp((share * sorted.Length) - 0.5, 0, sorted.Length - 1);
        var below = (int)place;
        return below == sorted.Length - 1 ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }

    // Ties count half.
    private double ShareBelow(double value)
    {
        var below = 0;
        var equal = 0;
        foreach (var resample in sorted)
        {
            if (resample < value) below++;
            else if (resample <= value) equal++;
            else break;
        }

        return (below + (0.5 * equal)) / sorted.Length;
    }

    private static double Jackknife(double[] values, Func<double[], double> statistic)
    {
        var without = new double[values.Length];
        var rest = new double[values.Length - 1];
        for (var left = 0; left < values.Length; left++)
        {
            Array.Copy(values, rest, left);
            Array.Copy(values, left + 1, rest, left, values.Length - left - 1);
            without[left] = statistic(rest);
        }

        var mean = Mean(without);
        var squares = without.Sum(value => (mean - value) * (mean - value));
        return squares <= 0 ? 0 : without.Sum(value => Math.Pow(mean - value, 3)) / (6 * Math.Pow(squares, 1.5));
    }
}
