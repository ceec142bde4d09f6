using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Negation;

/// <summary>Everything on which a negative rests; amounts in the storefront's currency. <c>BidRatio</c>: the source's goal over its bid, at most 1.</summary>
internal readonly record struct NegationInputs(
    double Clicks, double Orders, double PriorMean, double PriorStrength, double Contribution, double ClickPrice, double Clicks30,
    double BidRatio, double ClickElasticity, double PriceElasticity, double Chance, double Evidence, double MinimumSaving)
{
    /// <summary>The bad alternative that the e-value bets on: a third of the rate that pays.</summary>
    private const double Alternative = 1.0 / 3;

    public Posterior Posterior => Posterior.Of(Orders, Math.Max(Clicks, Orders / 3), PriorMean, PriorStrength);

    /// <summary>What a click will cost at the bid that the source is on its way to: bidding comes first, a negative is for what it cannot correct.</summary>
    public double FairPrice => ClickPrice * Math.Pow(BidRatio, PriceElasticity);

    /// <returns>Orders per click at which the term just pays for its clicks at that price; 1 or more when it never can.</returns>
    public double BreakEvenRate => Contribution > 0 ? FairPrice / Contribution : double.PositiveInfinity;

    /// <returns>Probability that the term pays.</returns>
    public double ChanceToPay => BreakEvenRate >= 1 ? 0 : 1 - Posterior.Cdf(BreakEvenRate);

    /// <returns>Natural logarithm of the e-value against "the term pays".</returns>
    public double LogEvidence => LogE(Clicks, Orders, BreakEvenRate);

    /// <returns>Money a month that the term is expected to lose.</returns>
    public double Saving => SavingAt(Posterior.Mean);

    /// <param name="rate">Orders per click.</param>
    public double SavingAt(double rate) => Clicks30 * Math.Pow(BidRatio, ClickElasticity) * (FairPrice - (rate * Math.Max(0, Contribution)));

    /// <summary>Both tests and the saving.</summary>
    public bool Holds => BreakEvenRate is > 0 and < 1 && Saving >= MinimumSaving && LogEvidence >= Math.Log(Evidence) && ChanceToPay <= Chance;

    /// <summary>A bet that multiplies wealth while orders stay away. Where the term truly pays, wealth of 1/α is ever reached with probability α at most, however often one looks.</summary>
    /// <param name="clicks">Clicks, corrected for orders still to come.</param>
    /// <param name="orders">Orders.</param>
    /// <param name="breakEven">Orders per click that pay, above 0 and below 1.</param>
    public static double LogE(double clicks, double orders, double breakEven)
    {
        if (!(breakEven is > 0 and < 1)) return 0;
        var bad = breakEven * Alternative;
        return orders * Math.Log(bad / breakEven) + Math.Max(0, clicks - orders) * Math.Log((1 - bad) / (1 - breakEven));
    }

    public void Write(EvidenceList list) => list
        .Clicks("clicks", Clicks).Orders("orders", Orders).Fraction("priorMean", PriorMean).SharedFactor("priorStrength", PriorStrength).Money("contribution", Contribution)
        .Money("clickPrice", ClickPrice).Clicks("clicks30", Clicks30).Factor("bidRatio", BidRatio)
        .SharedFactor("clickElasticity", ClickElasticity).SharedFactor("priceElasticity", PriceElasticity).Money("fairPrice", FairPrice).SharedFraction("chance", Chance).SharedFactor("evidence", Evidence).Money("minimumSaving", MinimumSaving)
        .Fraction("breakEvenRate", BreakEvenRate).Fraction("chanceToPay", ChanceToPay).Money("saving", Saving);

    public static NegationInputs Read(Evidence e) => new(
        e["clicks"], e["orders"], e["priorMean"], e["priorStrength"], e["contribution"], e["clickPrice"], e["clicks30"],
        e["bidRatio"], e["clickElasticity"], e["priceElasticity"], e["chance"], e["evidence"], e["minimumSaving"]);
}
