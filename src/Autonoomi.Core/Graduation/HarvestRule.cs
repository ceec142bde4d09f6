using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Graduation;

/// <summary>Everything on which a term's own target rests; amounts in the storefront's currency.</summary>
internal readonly record struct HarvestInputs(
    double Clicks, double Orders, double PriorMean, double PriorStrength, double Contribution, double Shading, double BudgetPrice, double PlacementMultiplier,
    double SourceBid, double Clicks30, double ClickPrice, double ClickElasticity, double PriceElasticity, double MinimumGain, double Chance,
    double MaximumBid, double MarketMinimum, double MarketMaximum, double BidStep)
{
    /// <summary>The new target starts a little above its source, so that Amazon prefers it before the source is closed to the term.</summary>
    public const double AboveSource = 1.05;

    private const int FewestOrders = 2;
    private const double PriceFloor = 0.6;

    public Posterior Posterior => Posterior.Of(Orders, Math.Max(Clicks, Orders / 3), PriorMean, PriorStrength);

    /// <returns>The start bid, or null when the term has not earned a target of its own.</returns>
    public decimal? Bid()
    {
        var posterior = Posterior;
        var value = posterior.Mean * Contribution;
        if (Orders < FewestOrders * 0.8 || !(Contribution > 0) || value < AboveSource * SourceBid) return null;
        if (1 - posterior.Cdf(Math.Max(MarketMinimum, PriceFloor * ClickPrice) / Contribution) < Chance) return null;

        var wanted = Math.Max(AboveSource * SourceBid, Shading * value / ((1 + BudgetPrice) * PlacementMultiplier));
        var highest = (decimal)Math.Min(MaximumBid, MarketMaximum);
        var step = (decimal)BidStep;
        var bid = Math.Min(Math.Floor((decimal)wanted / step) * step, Math.Floor(highest / step) * step);
        if (bid < (decimal)MarketMinimum || bid < (decimal)SourceBid) return null;
        return Gain((double)bid) >= MinimumGain ? bid : null;
    }

    /// <returns>Expected contribution over 30 days of bidding the term alone, against its share in the source.</returns>
    public double Gain(double bid) => Profit(bid / SourceBid, Posterior.Mean * Contribution) - Profit(1, Posterior.Mean * Contribution);

    public Effect Effect(double bid, Currency currency)
    {
        Span<(double, double)> points = stackalloc (double, double)[11];
        for (var slice = 0; slice < points.Length; slice++)
        {
            var value = Posterior.Quantile(-1.7 + 0.34 * slice) * Contribution;
            points[slice] = (Profit(bid / SourceBid, value) - Profit(1, value), 1.0 / points.Length);
        }

        return Effects.Of(points, currency);
    }

    private double Profit(double ratio, double value) => Clicks30 * Math.Pow(ratio, ClickElasticity) * (value - ClickPrice * Math.Pow(ratio, PriceElasticity));

    public void Write(EvidenceList list) => list
        .Clicks("clicks", Clicks).Orders("orders", Orders).Fraction("priorMean", PriorMean).SharedFactor("priorStrength", PriorStrength).Money("contribution", Contribution)
        .SharedFactor("shading", Shading).SharedFactor("budgetPrice", BudgetPrice).SharedFactor("placementMultiplier", PlacementMultiplier)
        .Money("sourceBid", SourceBid).Clicks("clicks30", Clicks30).Money("clickPrice", ClickPrice)
        .SharedFactor("clickElasticity", ClickElasticity).SharedFactor("priceElasticity", PriceElasticity).SharedMoney("minimumGain", MinimumGain).SharedFraction("chance", Chance)
        .SharedMoney("maximumBid", MaximumBid).SharedMoney("marketMinimum", MarketMinimum).SharedMoney("marketMaximum", MarketMaximum).SharedMoney("bidStep", BidStep);

    public static HarvestInputs Read(Evidence e) => new(
        e["clicks"], e["orders"], e["priorMean"], e["priorStrength"], e["contribution"], e["shading"], e["budgetPrice"], e["placementMultiplier"],
        e["sourceBid"], e["clicks30"], e["clickPrice"], e["clickElasticity"], e["priceElasticity"], e["minimumGain"], e["chance"],
        e["maximumBid"], e["marketMinimum"], e["marketMaximum"], e["bidStep"]);
}
