namespace Autonoomi.Core.Health;

/// <summary>From a ratio or an amount to a score of 0 to 100. Worked numbers in docs/maths/health.md.</summary>
internal static class HealthRules
{
    /// <param name="now">Expected profit at the bids in force.</param>
    /// <param name="gain">What the wanted bids would add.</param>
    /// <returns>Null where nothing is earned and nothing could be.</returns>
    public static double? Efficiency(double now, double gain)
    {
        var best = now + Math.Max(0, gain);
        if (best <= 0) return gain > 0 || now < 0 ? 0 : null;
        return 100 * Math.Clamp((now / best - 0.4) / 0.55, 0, 1);
    }

    /// <summary>The most that a score of ads that earn nothing may say; below lie those that lose money.</summary>
    public const double NothingEarned = 29;

    /// <summary>The most that a score may say: good housekeeping does not make up for profit that is left lying.</summary>
    /// <param name="now">Expected profit at the bids in force, below zero where they lose.</param>
    /// <param name="lost">Profit that all faults together cost, zero or more.</param>
    /// <returns>100 where nothing is lost, <see cref="NothingEarned"/> where nothing is earned, 0 where as much is lost as could be earned.</returns>
    public static double Ceiling(double now, double lost)
    {
        var best = now + Math.Max(0, lost);
        if (now < 0) return best <= 0 ? 0 : NothingEarned * Math.Max(0, 1 + (now / best));
        return best <= 0 ? NothingEarned : NothingEarned + ((100 - NothingEarned) * Math.Sqrt(now / best));
    }

    /// <param name="share">Spend without hope over spend, 0 to 1.</param>
    public static double Waste(double share) => 100 * Math.Exp(-Math.Clamp(share, 0, 1) / 0.12);

    /// <param name="lost">Profit that the fault costs.</param>
    /// <param name="now">Expected profit as it is.</param>
    /// <param name="recoverable">Profit that all faults together cost, this one included.</param>
    /// <param name="scale">Share of loss at which the score is 37.</param>
    /// <returns>Null where nothing is earned and nothing could be.</returns>
    public static double? Loss(double lost, double now, double recoverable, double scale)
    {
        var whole = Math.Max(0, now) + Math.Max(0, recoverable);
        if (whole <= 0) return null;
        return 100 * Math.Exp(-Math.Clamp(lost / whole, 0, 1) / scale);
    }

    /// <param name="share">Spend on one's own brand that would have sold anyway, over spend, 0 to 1.</param>
    public static double Brand(double share) => 100 * Math.Exp(-Math.Clamp(share, 0, 1) / 0.15);
}
