using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Hygiene;

/// <summary>A term that has a target of its own but is caught by a looser one at a higher bid. Amounts in the storefront's currency, bids as in the own target's campaign.</summary>
/// <param name="Clicks">Weighted clicks of the own target and of the term elsewhere.</param>
/// <param name="Orders">Orders of the same.</param>
/// <param name="PriorMean">Orders per click.</param>
/// <param name="PriorStrength">In clicks.</param>
/// <param name="Contribution">Worth of an order.</param>
/// <param name="OwnBid">Bid of the own target.</param>
/// <param name="SourceBid">Bid of the looser target.</param>
/// <param name="Clicks30">Clicks of the term through the looser target, 30 days.</param>
/// <param name="ClickPrice">What they cost each.</param>
/// <param name="BudgetPrice">λ.</param>
/// <param name="ClickElasticity">Clicks by bid.</param>
/// <param name="PriceElasticity">Price by bid.</param>
/// <param name="MinimumGain">Smallest gain worth a negative, 30 days.</param>
internal readonly record struct DuplicateInputs(
    double Clicks, double Orders, double PriorMean, double PriorStrength, double Contribution, double OwnBid, double SourceBid, double Clicks30, double ClickPrice,
    double BudgetPrice, double ClickElasticity, double PriceElasticity, double MinimumGain)
{
    public Posterior Posterior => Posterior.Of(Orders, Math.Max(Clicks, Orders / 3), PriorMean, PriorStrength);

    /// <summary>The looser target bids more than the term is bid on its own, and paying the own bid is expected to earn more.</summary>
    public bool Holds => OwnBid > 0 && OwnBid < SourceBid && GainAt(Posterior.Mean) >= MinimumGain;

    public Effect Effect(Currency currency)
    {
        Span<(double, double)> points = stackalloc (double, double)[Effects.SliceCount];
        for (var slice = 0; slice < points.Length; slice++) points[slice] = (GainAt(Posterior.Quantile(Effects.Slice(slice))), 1.0 / points.Length);
        return Effects.Of(points, currency);
    }

    private double GainAt(double rate)
    {
        var (value, price, ratio) = (rate * Contribution, (1 + BudgetPrice) * ClickPrice, OwnBid / SourceBid);
        return Clicks30 * ((Math.Pow(ratio, ClickElasticity) * (value - (price * Math.Pow(ratio, PriceElasticity)))) - (value - price));
    }

    public void Write(EvidenceList list) => list
        .Clicks("clicks", Clicks).Orders("orders", Orders).Fraction("priorMean", PriorMean).SharedFactor("priorStrength", PriorStrength).Money("contribution", Contribution)
        .Money("ownBid", OwnBid).Money("sourceBid", SourceBid).Clicks("clicks30", Clicks30).Money("clickPrice", ClickPrice).SharedFactor("budgetPrice", BudgetPrice)
        .SharedFactor("clickElasticity", ClickElasticity).SharedFactor("priceElasticity", PriceElasticity).SharedMoney("minimumGain", MinimumGain);

    public static DuplicateInputs Read(Evidence e) => new(
        e["clicks"], e["orders"], e["priorMean"], e["priorStrength"], e["contribution"], e["ownBid"], e["sourceBid"], e["clicks30"], e["clickPrice"],
        e["budgetPrice"], e["clickElasticity"], e["priceElasticity"], e["minimumGain"]);
}
