using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Graduation;

/// <summary>Everything on which a term's own target rests; amounts in the storefront's currency, bids as they would stand in the new target's campaign.</summary>
internal readonly record struct HarvestInputs
{
    /// <summary>The new target starts a little above its sources, so that Amazon prefers it before they are closed to the term.</summary>
    public const double AboveSource = 1.05;

    private const int FewestOrders = 2;
    private const double PriceFloor = 0.6;

    /// <summary>Deviation of what a term alone brings, over the worth or the price of its clicks: how often it is searched next month is hardly known.</summary>
    private const double ClicksError = 0.2;

    public HarvestInputs()
    {
    }

    public double Clicks { get; init; }
    public double Orders { get; init; }
    public double PriorMean { get; init; }
    public double PriorStrength { get; init; }

    /// <summary>Worth of an attributed order.</summary>
    public double Contribution { get; init; }

    /// <summary>Share of the term's orders that count where the seller counts only what ads add, 0 to 1.</summary>
    public double Incrementality { get; init; } = 1;
    public double Shading { get; init; }
    public double BudgetPrice { get; init; }
    public double PlacementMultiplier { get; init; }

    /// <summary>Mean bid of the sources, weighted by the term's clicks.</summary>
    public double SourceBid { get; init; }

    /// <summary>Highest bid among the sources.</summary>
    public double HighestSourceBid { get; init; }

    /// <summary>1 where the sources can be closed to the term without closing its own target.</summary>
    public double Separable { get; init; }
    public double Clicks30 { get; init; }
    public double ClickPrice { get; init; }

    /// <summary>Worth of a click where the term did best: guardrail G1 trusts no more, however much all places together say.</summary>
    public double SafeValue { get; init; }

    /// <summary>Money a day that the start bid is expected to cost beyond the sources, by the reckoning of guardrail G8.</summary>
    public double NewSpend { get; init; }
    public double ClickElasticity { get; init; }
    public double PriceElasticity { get; init; }
    public double MinimumGain { get; init; }
    public double Chance { get; init; }
    public double MaximumBid { get; init; }
    public double MarketMinimum { get; init; }
    public double MarketMaximum { get; init; }
    public double BidStep { get; init; }

    public Posterior Posterior => Posterior.Of(Orders, Math.Max(Clicks, Orders / 3), PriorMean, PriorStrength);

    private double Worth => Contribution * Incrementality;

    /// <returns>The bid that the term is worth on its own, not rounded.</returns>
    public double Wanted => WantedAt(Posterior.Mean * Worth);

    /// <returns>The start bid, or null when the term has not earned a target of its own.</returns>
    public decimal? Bid()
    {
        if (Orders < FewestOrders * 0.8 || !(Contribution > 0) || !(SourceBid > 0)) return null;
        if (Start() is not { } bid) return null;
        return Alone >= MinimumGain && Gain >= 0 && 1 - Posterior.Cdf(Math.Max(MarketMinimum, PriceFloor * ClickPrice) / Contribution) >= Chance ? bid : null;
    }

    /// <returns>The larger of its goal and a little above its sources; null where that breaks a limit, or could never win the term.</returns>
    public decimal? Start()
    {
        var above = AboveSource * HighestSourceBid;
        var step = (decimal)BidStep;
        var highest = Math.Floor((decimal)Math.Min(MaximumBid, MarketMaximum) / step) * step;
        var bid = Math.Min(Math.Floor((decimal)Math.Min(Math.Max(above, Wanted), 1e7) / step) * step, highest);
        if (bid < (decimal)HighestSourceBid) bid = Math.Ceiling((decimal)above / step) * step;
        if (bid < (decimal)MarketMinimum || bid > highest || bid < (decimal)HighestSourceBid) return null;
        return Separable == 1 || Wanted >= above ? bid : null;
    }

    /// <summary>
    /// Expected contribution over 30 days of bidding the term alone. The term's rate is learned on the way: the bid follows what a month's clicks will tell,
    /// which is why variance counts.
    /// </summary>
    public double Alone => Expected(sourceShare: 0);

    /// <summary>The same over what the term brings in its source.</summary>
    public double Gain => Expected(sourceShare: 1);

    private double Expected(double sourceShare)
    {
        var posterior = Posterior;
        var learned = Math.Sqrt(Clicks30 / (Clicks30 + Clicks + PriorStrength));
        double sum = 0;
        for (var slice = 0; slice < Effects.SliceCount; slice++)
        {
            var value = (posterior.Mean + (learned * (posterior.Quantile(Effects.Slice(slice)) - posterior.Mean))) * Worth;
            sum += Profit(WantedAt(value) / SourceBid, value) - (sourceShare * Profit(1, value));
        }

        return sum / Effects.SliceCount;
    }

    /// <summary>At the bid that is wanted now, whatever is learned later. Spend that is freed earns what the budget's price says.</summary>
    public Effect Effect(Currency currency)
    {
        Span<(double, double)> points = stackalloc (double, double)[Effects.SliceCount];
        var move = Math.Log(Wanted / SourceBid);
        var (more, price) = (Effects.Clicks(0, move), Effects.Price(0, move));
        for (var slice = 0; slice < points.Length; slice++)
        {
            var value = Posterior.Quantile(Effects.Slice(slice)) * Worth;
            points[slice] = (Clicks30 * ((more * (value - (1 + BudgetPrice) * ClickPrice * price)) - (value - (1 + BudgetPrice) * ClickPrice)), 1.0 / points.Length);
        }

        return Effects.Widened(Effects.Of(points, currency), ClicksError * Clicks30 * more * Math.Max(ClickPrice, Posterior.Mean * Math.Max(0, Worth)), currency);
    }

    private double WantedAt(double value) =>
        Math.Clamp(Shading * value / ((1 + BudgetPrice) * PlacementMultiplier), MarketMinimum, Math.Max(MarketMinimum, Math.Min(MaximumBid, MarketMaximum)));

    private double Profit(double ratio, double value) => Clicks30 * Math.Pow(ratio, ClickElasticity) * (value - ((1 + BudgetPrice) * ClickPrice * Math.Pow(ratio, PriceElasticity)));

    public void Write(EvidenceList list) => list
        .Clicks("clicks", Clicks).Orders("orders", Orders).Fraction("priorMean", PriorMean).SharedFactor("priorStrength", PriorStrength).Money("contribution", Contribution)
        .SharedFactor("shading", Shading).SharedFactor("budgetPrice", BudgetPrice).SharedFactor("placementMultiplier", PlacementMultiplier)
        .Money("sourceBid", SourceBid).Money("highestSourceBid", HighestSourceBid).SharedFactor("separable", Separable).Clicks("clicks30", Clicks30).Money("clickPrice", ClickPrice)
        .Money("safeValue", SafeValue).Money("newSpend", NewSpend).SharedFactor("clickElasticity", ClickElasticity).SharedFactor("priceElasticity", PriceElasticity).SharedMoney("minimumGain", MinimumGain)
        .SharedFraction("chance", Chance).SharedMoney("maximumBid", MaximumBid).SharedMoney("marketMinimum", MarketMinimum).SharedMoney("marketMaximum", MarketMaximum).SharedMoney("bidStep", BidStep)
        .Money("wantedBid", Wanted).SharedFraction("incrementality", Incrementality);

    public static HarvestInputs Read(Evidence e) => new()
    {
        Clicks = e["clicks"], Orders = e["orders"], PriorMean = e["priorMean"], PriorStrength = e["priorStrength"], Contribution = e["contribution"], Incrementality = e.Find("incrementality") ?? 1,
        Shading = e["shading"], BudgetPrice = e["budgetPrice"], PlacementMultiplier = e["placementMultiplier"],
        SourceBid = e["sourceBid"], HighestSourceBid = e["highestSourceBid"], Separable = e["separable"], Clicks30 = e["clicks30"], ClickPrice = e["clickPrice"], SafeValue = e["safeValue"], NewSpend = e["newSpend"],
        ClickElasticity = e["clickElasticity"], PriceElasticity = e["priceElasticity"], MinimumGain = e["minimumGain"], Chance = e["chance"],
        MaximumBid = e["maximumBid"], MarketMinimum = e["marketMinimum"], MarketMaximum = e["marketMaximum"], BidStep = e["bidStep"],
    };
}
