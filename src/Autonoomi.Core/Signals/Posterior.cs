using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Autonoomi.Core.Signals;

/// <summary>What is believed about a conversion rate: Beta, or Gamma where orders outnumber clicks. See docs/maths/signals.md.</summary>
public readonly record struct Posterior
{
    private Posterior(bool isGamma, double first, double second) => (IsGamma, First, Second) = (isGamma, first, second);

    internal bool IsGamma { get; }
    internal double First { get; }
    internal double Second { get; }

    /// <summary>Prior and observation in one.</summary>
    /// <param name="orders">Weighted orders, zero or more.</param>
    /// <param name="clicks">Weighted clicks, corrected for orders still to come; zero or more.</param>
    /// <param name="priorMean">Orders per click expected before looking; kept within 0.0001 and 0.6.</param>
    /// <param name="priorStrength">Clicks that the prior is worth, above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative or not a number.</exception>
    public static Posterior Of(double orders, double clicks, double priorMean, double priorStrength)
    {
        if (!(clicks >= 0 && double.IsFinite(clicks))) throw new ArgumentOutOfRangeException(nameof(clicks), clicks, "Clicks are zero or more.");
        if (!(orders >= 0 && double.IsFinite(orders))) throw new ArgumentOutOfRangeException(nameof(orders), orders, "Orders are zero or more.");
        if (!(priorMean > 0)) throw new ArgumentOutOfRangeException(nameof(priorMean), priorMean, "The prior mean is above zero.");
        if (!(priorStrength > 0)) throw new ArgumentOutOfRangeException(nameof(priorStrength), priorStrength, "The prior strength is above zero.");
        var mean = Math.Clamp(priorMean, 1e-4, 0.6);
        return orders > clicks
            ? new Posterior(true, priorStrength * mean + orders, priorStrength + clicks)
            : new Posterior(false, priorStrength * mean + orders, priorStrength * (1 - mean) + (clicks - orders));
    }

    /// <returns>Orders per click.</returns>
    public double Mean => IsGamma ? First / Second : First / (First + Second);

    /// <returns>Square of orders per click.</returns>
    public double Variance => IsGamma
        ? First / (Second * Second)
        : First * Second / ((First + Second) * (First + Second) * (First + Second + 1));

    /// <returns>Orders per click.</returns>
    public double Deviation => Math.Sqrt(Variance);

    /// <param name="rate">Orders per click.</param>
    /// <returns>Probability that the true rate is at most this, 0 to 1.</returns>
    public double Cdf(double rate)
    {
        if (rate <= 0) return 0;
        if (IsGamma) return First > 1e6 ? Normal.CDF(Mean, Deviation, rate) : SpecialFunctions.GammaLowerRegularized(First, rate * Second);
        if (rate >= 1) return 1;
        return First + Second > 1e6 ? Normal.CDF(Mean, Math.Max(Deviation, 1e-12), rate) : SpecialFunctions.BetaRegularized(First, Second, rate);
    }

    /// <summary>A quantile of the lognormal with the same mean and variance: within a few percent of the exact one and hundreds of times faster.</summary>
    /// <param name="normalQuantile">Quantile of the standard normal, −1.2816 for 10 %.</param>
    /// <returns>Orders per click.</returns>
    public double Quantile(double normalQuantile)
    {
        var spread = Math.Sqrt(Math.Log(1 + Variance / (Mean * Mean)));
        return Mean * Math.Exp(spread * normalQuantile - spread * spread / 2);
    }
}
