using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using MathNet.Numerics;

namespace Autonoomi.Core.Negation;

/// <summary>Everything on which closing an ad group to words rests; amounts in the storefront's currency. The first six are the product's, the others the ad group's.</summary>
/// <param name="Clicks">Weighted clicks of all searches that hold the words, corrected for orders still to come.</param>
/// <param name="Orders">Weighted orders of the same.</param>
/// <param name="UsualRate">Orders per click that those searches would have if the words meant nothing: as the same product's other searches do in the same targets.</param>
/// <param name="Terms">Different searches.</param>
/// <param name="Cost">What they cost in 90 days.</param>
/// <param name="Contribution">Worth of an order.</param>
/// <param name="Clicks30">Clicks of 30 days that the ad group will still get at the bids that its targets are on their way to.</param>
/// <param name="FairPrice">What each of them will cost there.</param>
/// <param name="Collateral">Expected profit of 30 days of the searches among them that pay.</param>
/// <param name="Chance">Largest chance to pay.</param>
/// <param name="Evidence">Smallest e-value.</param>
/// <param name="Threshold">Largest tail probability that the day's tests together allow.</param>
/// <param name="MinimumSaving">Smallest saving worth a negative, 30 days.</param>
internal readonly record struct WordInputs(
    double Clicks, double Orders, double UsualRate, double Terms, double Cost, double Contribution,
    double Clicks30, double FairPrice, double Collateral, double Chance, double Evidence, double Threshold, double MinimumSaving)
{
    public const int FewestTerms = 5;
    public const double FewestOrdersSpent = 3;

    /// <summary>Share of tests that may be wrong among those that a day's tests together find.</summary>
    public const double FalseDiscoveries = 0.05;

    private const double CollateralShare = 0.02;

    // Words change a rate by a factor that scatters around 1 with this shape: two rates in three lie between 0.4 and 1.7 of the usual one.
    private const double Shape = 2;

    public Posterior Posterior => Posterior.Of(Orders, Math.Max(Clicks, Orders / 3), UsualRate, Shape / Math.Clamp(UsualRate, 1e-4, 0.6));

    public double BreakEvenRate => Contribution > 0 ? FairPrice / Contribution : double.PositiveInfinity;

    public double ChanceToPay => BreakEvenRate >= 1 ? 0 : 1 - Posterior.Cdf(BreakEvenRate);

    /// <returns>Probability of so few orders if the words just paid.</returns>
    public double Tail => Clicks * BreakEvenRate is > 0 and var expected && double.IsFinite(expected) ? SpecialFunctions.GammaUpperRegularized(Math.Max(0, Orders) + 1, expected) : 1;

    /// <returns>Money a month that the searches are expected to lose in the ad group.</returns>
    public double Saving => SavingAt(Posterior.Mean);

    /// <param name="rate">Orders per click.</param>
    public double SavingAt(double rate) => Clicks30 * (FairPrice - (rate * Math.Max(0, Contribution)));

    /// <summary>All tests but the one over the whole day.</summary>
    public bool HoldsAlone => BreakEvenRate is > 0 and < 1 && Terms >= FewestTerms && Cost >= FewestOrdersSpent * Contribution && Saving >= MinimumSaving && Collateral <= CollateralShare * Saving
        && NegationInputs.LogE(Clicks, Orders, BreakEvenRate) >= Math.Log(Evidence) && ChanceToPay <= Chance;

    public bool Holds => Tail <= Threshold && HoldsAlone;

    /// <summary>Benjamini and Hochberg: the largest tail probability that still counts when so many words are tried at once.</summary>
    /// <param name="tails">Each test's, 0 to 1; sorted here.</param>
    /// <returns>0 when none counts.</returns>
    public static double ThresholdOf(double[] tails)
    {
        Array.Sort(tails);
        for (var rank = tails.Length; rank > 0; rank--)
        {
            if (tails[rank - 1] <= FalseDiscoveries * rank / tails.Length) return FalseDiscoveries * rank / tails.Length;
        }

        return 0;
    }

    public void Write(EvidenceList list) => list
        .Clicks("clicks", Clicks).Orders("orders", Orders).Fraction("usualRate", UsualRate).Count("terms", Terms).Money("cost90", Cost).Money("contribution", Contribution)
        .Clicks("clicks30", Clicks30).Money("fairPrice", FairPrice).Money("collateral", Collateral).SharedFraction("chance", Chance).SharedFactor("evidence", Evidence)
        .SharedFraction("threshold", Threshold).Money("minimumSaving", MinimumSaving)
        .Fraction("breakEvenRate", BreakEvenRate).Fraction("chanceToPay", ChanceToPay).Fraction("tail", Tail).Money("saving", Saving);

    public static WordInputs Read(Evidence e) => new(
        e["clicks"], e["orders"], e["usualRate"], e["terms"], e["cost90"], e["contribution"], e["clicks30"], e["fairPrice"], e["collateral"],
        e["chance"], e["evidence"], e["threshold"], e["minimumSaving"]);
}
