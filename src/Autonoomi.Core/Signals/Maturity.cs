namespace Autonoomi.Core.Signals;

/// <summary>How much of a click's final orders is visible after some days. See docs/maths/signals.md.</summary>
public static class Maturity
{
    // Assumed until restatements have been recorded; 90 % after four days is the one published point.
    private static readonly double[] Curve = [.55, .70, .80, .86, .90, .94, .97, .99];
    private const int FullDays = 14;

    /// <param name="age">Full days between the click's day and the reading, 0 or more.</param>
    /// <returns>Share of the final orders, 0.55 to 1, never falling with age.</returns>
    public static double VisibleShare(int age)
    {
        if (age < 0) return 0;
        if (age < Curve.Length) return Curve[age];
        return age >= FullDays ? 1 : Curve[^1] + (1 - Curve[^1]) * (age - Curve.Length + 1) / (FullDays - Curve.Length + 1);
    }
}
