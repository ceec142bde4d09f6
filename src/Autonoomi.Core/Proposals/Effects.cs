using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Proposals;

/// <summary>What a change of bid is expected to be worth: a fixed grid of quantiles instead of dice, so that it replays. See docs/maths/effects.md.</summary>
internal static class Effects
{
    /// <summary>10 % and 90 % quantiles of the standard normal.</summary>
    public const double Low = -1.2815515655446004;
    public const double High = -Low;

    private const double ElasticityDeviation = 0.5;

    // Midpoints of eleven equally likely slices of the standard normal.
    private static readonly double[] Slices = [-1.6906, -1.0968, -0.7479, -0.4728, -0.2299, 0, 0.2299, 0.4728, 0.7479, 1.0968, 1.6906];

    /// <summary>Number of equally likely slices that stand for a distribution.</summary>
    public static int SliceCount => Slices.Length;

    /// <returns>Quantile of the standard normal at the middle of slice 0, 1, ….</returns>
    public static double Slice(int index) => Slices[index];

    // Three points that carry mean and variance of the elasticity exactly.
    private static readonly (double Shift, double Weight)[] Elasticities = [(-1.7320508075688772, 1.0 / 6), (0, 2.0 / 3), (1.7320508075688772, 1.0 / 6)];

    /// <summary>Contribution over 30 days at another bid, less that at the bid now.</summary>
    public static Effect OfBid(Posterior posterior, double margin, double clicks30, double clickPrice, double bidRatio, DecisionSettings settings, Currency currency)
    {
        // Half a click stands for a target that has not been clicked: small, never nothing.
        var clicks = Math.Max(clicks30, 0.5);
        Span<(double Amount, double Weight)> points = stackalloc (double, double)[Slices.Length * Elasticities.Length];
        var at = 0;
        foreach (var (shift, weight) in Elasticities)
        {
            var elasticity = Math.Max(0.3, settings.ClickElasticity + shift * ElasticityDeviation);
            var more = Math.Pow(bidRatio, elasticity);
            var price = clickPrice * Math.Pow(bidRatio, settings.PriceElasticity);
            foreach (var slice in Slices)
            {
                var value = posterior.Quantile(slice) * margin;
                points[at++] = (clicks * (more * (value - price) - (value - clickPrice)), weight / Slices.Length);
            }
        }

        return Of(points, currency);
    }

    public static Effect Of(Span<(double Amount, double Weight)> points, Currency currency)
    {
        points.Sort((left, right) => left.Amount.CompareTo(right.Amount));
        double mean = 0, positive = 0, passed = 0;
        double? low = null, high = null;
        foreach (var (amount, weight) in points)
        {
            mean += amount * weight;
            if (amount > 0) positive += weight;
            passed += weight;
            if (passed >= 0.1) low ??= amount;
            if (passed >= 0.9 - 1e-9) high ??= amount;
        }

        return new Effect(Round(mean, currency), Round(low ?? mean, currency), Round(high ?? mean, currency), Math.Clamp(positive, 0, 1));
    }

    public static Effect Certain(double amount, Currency currency) => new(Round(amount, currency), Round(amount, currency), Round(amount, currency), amount > 0 ? 1 : 0);

    private static Money Round(double amount, Currency currency) => new(decimal.Round((decimal)Math.Clamp(amount, -1e12, 1e12), currency.Decimals, MidpointRounding.ToEven), currency);
}
