using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Hygiene;

/// <summary>A target whose clicks have shown that they do not pay. Amounts in the storefront's currency.</summary>
/// <param name="Clicks">Weighted clicks.</param>
/// <param name="Orders">Weighted orders.</param>
/// <param name="PriorMean">Orders per click.</param>
/// <param name="PriorStrength">In clicks.</param>
/// <param name="Worth">Of an order, its goal included.</param>
/// <param name="ClickPrice">Mean cost of its clicks over all days that are kept.</param>
/// <param name="Bid">In force.</param>
/// <param name="MinimumBid">The marketplace's.</param>
/// <param name="DaysAtRest">Days for which the bid has stood, as far as is known.</param>
/// <param name="Chance">Largest chance to pay at which it is given up.</param>
internal readonly record struct HopelessInputs(
    double Clicks, double Orders, double PriorMean, double PriorStrength, double Worth, double ClickPrice, double Bid, double MinimumBid, double DaysAtRest, double Chance)
{
    public const double RestDays = 60;

    /// <summary>Under this share of their usual price clicks are hardly to be had.</summary>
    private const double PriceFloor = 0.6;

    // Clicks after which three orders were to be expected.
    private const double ExpectedOrders = 3;

    /// <summary>Chance that a click is worth the lowest price at which clicks are to be had.</summary>
    public double ChanceToPay => 1 - Posterior.Of(Orders, Math.Max(Clicks, Orders / 3), PriorMean, PriorStrength).Cdf(Math.Max(MinimumBid, PriceFloor * ClickPrice) / Worth);

    public bool IsHopeless => Worth > 0 && ClickPrice > 0 && Clicks * PriorMean >= ExpectedOrders && ChanceToPay <= Chance;

    /// <summary>It has stood at the lowest bid for long, and nothing speaks for it.</summary>
    public bool Pauses => IsHopeless && Bid <= MinimumBid && DaysAtRest >= RestDays;

    /// <summary>What is no longer spent on it, as long as clicks come at all.</summary>
    public Effect EffectOfPause(double clicks30, double clickPrice30, Currency currency)
    {
        var posterior = Posterior.Of(Orders, Math.Max(Clicks, Orders / 3), PriorMean, PriorStrength);
        Span<(double, double)> points = stackalloc (double, double)[Effects.SliceCount];
        for (var slice = 0; slice < points.Length; slice++) points[slice] = (clicks30 * (clickPrice30 - (posterior.Quantile(Effects.Slice(slice)) * Worth)), 1.0 / points.Length);
        return Effects.Of(points, currency);
    }

    /// <summary>What the evidence of a bid does not hold already.</summary>
    public void WriteRest(EvidenceList list) => list.Money("worth", Worth).Money("usualPrice", ClickPrice).Days("daysAtRest", DaysAtRest).SharedFraction("hopelessChance", Chance).Fraction("chanceToPay", ChanceToPay);

    public void Write(EvidenceList list)
    {
        list.Clicks("clicks", Clicks).Orders("orders", Orders).Fraction("priorMean", PriorMean).SharedFactor("priorStrength", PriorStrength).Money("bidBefore", Bid).SharedMoney("marketMinimum", MinimumBid);
        WriteRest(list);
    }

    public static HopelessInputs Read(Evidence e) => new(
        e["clicks"], e["orders"], e["priorMean"], e["priorStrength"], e["worth"], e["usualPrice"], e["bidBefore"], e["marketMinimum"], e["daysAtRest"], e["hopelessChance"]);
}

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

    public void Write(EvidenceList list) => list
        .Clicks("clicks", Clicks).Orders("orders", Orders).Fraction("priorMean", PriorMean).SharedFactor("priorStrength", PriorStrength).Money("worth", Worth).Money("clickPrice", ClickPrice)
        .Clicks("clicks30", Clicks30).SharedFraction("chance", Chance).SharedMoney("minimumGain", MinimumGain).Money("clickValue", ClickValue).Fraction("chanceToPay", ChanceToPay);

    public static WakeInputs Read(Evidence e) => new(
        e["clicks"], e["orders"], e["priorMean"], e["priorStrength"], e["worth"], e["clickPrice"], e["clicks30"], e["chance"], e["minimumGain"]);
}
