namespace Autonoomi.Core.Rollback;

/// <summary>Days before and after a cohort's first change. Amounts in one currency.</summary>
/// <param name="DaysBefore">How many full days before.</param>
/// <param name="MeanBefore">Profit after ads per day before.</param>
/// <param name="DaysAfter">How many full days since.</param>
/// <param name="MeanAfter">Profit after ads per day since.</param>
/// <param name="Variance">Of one day's profit, money squared.</param>
/// <param name="Gross">Contribution of ad orders per day before ad spend, before the change: what drift is measured in.</param>
/// <param name="Index">Demand since over demand before, by products or orders that the changes did not touch; 1 when unknown.</param>
/// <param name="IndexVariance">Of the index.</param>
internal readonly record struct HarmInputs(double DaysBefore, double MeanBefore, double DaysAfter, double MeanAfter, double Variance, double Gross, double Index, double IndexVariance)
{
    /// <summary>From the days themselves; nothing to say while there are too few.</summary>
    public static HarmInputs Of(IReadOnlyList<double> before, IReadOnlyList<double> after, double gross, double index, double indexVariance)
    {
        if (before.Count < HarmTest.FewestDaysBefore || after.Count < HarmTest.FewestDaysAfter) return default;
        var (mean, later) = (before.Average(), after.Average());

        // The larger of the two: a quiet month before must not make the next one look like a catastrophe.
        var variance = Math.Max(before.Sum(day => Square(day - mean)) / (before.Count - 1), after.Sum(day => Square(day - later)) / (after.Count - 1));
        return new HarmInputs(before.Count, mean, after.Count, later, variance, gross, index, indexVariance);
    }

    /// <returns>Profit a day that would have been made without the changes.</returns>
    public double Expected => MeanBefore * Index;

    /// <returns>Squared error of what was made less <see cref="Expected"/>, that does not shrink with more days included.</returns>
    public double ErrorVariance => Variance * (1 / DaysAfter + Index * Index / DaysBefore) + (MeanBefore * MeanBefore * IndexVariance) + Square(HarmTest.Drift * Gross * Index);

    private static double Square(double value) => value * value;
}

/// <summary>
/// Evidence that changes made things worse: an e-process, so that it may be looked at every day and still cries wolf in at most one of twenty quiet cohorts. See
/// docs/maths/rollback.md.
/// </summary>
internal static class HarmTest
{
    /// <summary>So much worse counts as no worse.</summary>
    public const double Tolerance = 0.05;

    /// <summary>Standard deviation, as a share of gross contribution, by which a product's profit wanders within a month without anybody's doing.</summary>
    public const double Drift = 0.10;

    public const double FewestDaysBefore = 14;
    public const double FewestDaysAfter = 3;

    // How much worse than tolerated the bets say it is, as shares of the scale; each gets the same stake.
    private static readonly double[] Bets = [0.1, 0.2, 0.4, 0.8, 1.6];

    /// <summary>Natural logarithm of the e-value against "no worse than five percent below what was expected".</summary>
    /// <returns>0 while there is too little to say.</returns>
    public static double LogEvidence(in HarmInputs x)
    {
        // A cohort that earns little is held against what it turns over, lest a few cents be a catastrophe.
        var scale = Math.Max(Math.Abs(x.MeanBefore), 0.25 * x.Gross) * x.Index;
        if (x.DaysBefore < FewestDaysBefore || x.DaysAfter < FewestDaysAfter || !(scale > 0) || !(x.ErrorVariance > 0)) return 0;
        var below = x.Expected - Tolerance * scale - x.MeanAfter;
        Span<double> logs = stackalloc double[Bets.Length];
        var highest = double.NegativeInfinity;
        for (var bet = 0; bet < logs.Length; bet++)
        {
            var gap = Bets[bet] * scale;
            logs[bet] = gap / x.ErrorVariance * (below - gap / 2);
            highest = Math.Max(highest, logs[bet]);
        }

        var sum = 0.0;
        foreach (var log in logs) sum += Math.Exp(log - highest);
        return highest + Math.Log(sum / logs.Length);
    }
}
