using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Hygiene;

/// <summary>A paused target whose clicks would pay today. Amounts in the storefront's currency.</summary>
/// <param name="Clicks">Weighted clicks, its words' in looser targets among them.</param>
/// <param name="Orders">Weighted orders of the same.</param>
/// <param name="PriorMean">Orders per click.</param>
/// <param name="PriorStrength">In clicks.</param>
/// <param name="Worth">Of an order, its goal included.</param>
/// <param name="ClickPrice">What its clicks cost, as far as is known.</param>
/// <param name="Clicks30">Clicks that it may bring in 30 days.</param>
/// <param name="Chance">Smallest chance to pay at which it comes back.</param>
/// <param name="MinimumGain">Smallest expected gain of 30 days.</param>
internal readonly record struct WakeInputs(
    double Clicks, double Orders, double PriorMean, double PriorStrength, double Worth, double ClickPrice, double Clicks30, double Chance, double MinimumGain)
{
    private const double Ample = 1.2;

    private Posterior Posterior => Posterior.Of(Orders, Math.Max(Clicks, Orders / 3), PriorMean, PriorStrength);

    /// <summary>Expected worth of a click.</summary>
    public double ClickValue => Posterior.Mean * Worth;

    /// <summary>Chance that a click is worth a fifth more than its price.</summary>
    public double ChanceToPay => Worth > 0 ? 1 - Posterior.Cdf(Ample * ClickPrice / Worth) : 0;

    public bool Pays => ClickPrice > 0 && ChanceToPay >= Chance && Clicks30 * (ClickValue - ClickPrice) >= MinimumGain;

    public Effect Effect(Currency currency)
    {
        Span<(double, double)> points = stackalloc (double, double)[Effects.SliceCount];
        for (var slice = 0; slice < points.Length; slice++) points[slice] = (Clicks30 * ((Posterior.Quantile(Effects.Slice(slice)) * Worth) - ClickPrice), 1.0 / points.Length);
        return Effects.Of(points, currency);
    }
}
