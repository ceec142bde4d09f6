using MathNet.Numerics;

namespace Autonoomi.Core.Signals;

/// <summary>How far single targets stray from their parents, found by maximum likelihood. See docs/maths/signals.md.</summary>
public static class PriorStrength
{
    private static readonly double[] Grid = [4, 7, 12, 20, 32, 50, 80];
    private const double Usual = 20;
    private const int Enough = 20_000;

    /// <summary>The strength on the grid 4 to 80 under which the observations are most likely; a weak prior around 20 decides where data are thin.</summary>
    /// <param name="orders">Weighted orders, one per cell.</param>
    /// <param name="clicks">Weighted clicks, one per cell; cells under one click are left out.</param>
    /// <param name="means">Prior mean per cell, orders per click.</param>
    /// <returns>Clicks that the prior is worth, 4 to 80.</returns>
    public static double Fit(ReadOnlySpan<double> orders, ReadOnlySpan<double> clicks, ReadOnlySpan<double> means)
    {
        var (best, bestLikelihood) = (Usual, double.NegativeInfinity);

        // Beyond some thousand cells the maximum stands still: an even sample says the same.
        var cells = 0;
        foreach (var n in clicks) cells += n >= 1 ? 1 : 0;
        var every = Math.Max(1, cells / Enough);
        foreach (var strength in Grid)
        {
            var likelihood = -0.5 * Math.Pow(Math.Log(strength / Usual) / 1.2, 2);
            var seen = 0;
            for (var cell = 0; cell < clicks.Length; cell++)
            {
                if (clicks[cell] < 1 || seen++ % every != 0) continue;
                var mean = Math.Clamp(means[cell], 1e-4, 0.6);
                likelihood += LogBetaBinomial(Math.Min(orders[cell], clicks[cell]), clicks[cell], strength * mean, strength * (1 - mean));
            }

            if (likelihood > bestLikelihood) (best, bestLikelihood) = (strength, likelihood);
        }

        return best;
    }

    // Without the binomial coefficient, which is the same for every strength.
    private static double LogBetaBinomial(double y, double n, double alpha, double beta) =>
        SpecialFunctions.GammaLn(y + alpha) + SpecialFunctions.GammaLn(n - y + beta) - SpecialFunctions.GammaLn(n + alpha + beta)
        - SpecialFunctions.GammaLn(alpha) - SpecialFunctions.GammaLn(beta) + SpecialFunctions.GammaLn(alpha + beta);
}
