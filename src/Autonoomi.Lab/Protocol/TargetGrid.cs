namespace Autonoomi.Lab.Protocol;

/// <summary>Values of the target ACoS (over break-even) that tuning tries: nine log-spaced ones, then six around the best; 15 in all, at most 7 % apart near the optimum.</summary>
internal static class TargetGrid
{
    public const double Lowest = 0.15;
    public const double Highest = 1.25;

    /// <summary>Furthest that an edge is pushed out.</summary>
    public const double LowestEver = 0.02;
    public const double HighestEver = 4;

    private const int CoarseValues = 9;
    private const int FineSteps = 4;

    private static readonly double Step = Math.Pow(Highest / Lowest, 1.0 / (CoarseValues - 1));

    /// <summary>0.15 to 1.25, 30 % apart.</summary>
    public static IReadOnlyList<double> Coarse { get; } = [.. Enumerable.Range(0, CoarseValues).Select(place => Rounded(Lowest * Math.Pow(Step, place)))];

    /// <returns>The next value outwards when the best lies at an edge of what was tried; null when it does not, or the end is reached.</returns>
    public static double? Beyond(IReadOnlyCollection<double> tried, double best)
    {
        var next = best >= tried.Max() ? Rounded(best * Step) : best <= tried.Min() ? Rounded(best / Step) : best;
        return next == best || next is < LowestEver or > HighestEver ? null : next;
    }

    /// <returns>Three values on each side of the best coarse one, up to its neighbours.</returns>
    public static IReadOnlyList<double> Around(double best) =>
        [.. Enumerable.Range(1 - FineSteps, (2 * FineSteps) - 1).Where(place => place != 0).Select(place => Rounded(best * Math.Pow(Step, (double)place / FineSteps)))];

    // Four digits: what stands in tuned.json is what was played.
    private static double Rounded(double value) => Math.Round(value, 4);
}
