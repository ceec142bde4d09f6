using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;
using MathNet.Numerics.Distributions;

namespace Autonoomi.Core.Proposals;

/// <summary>What a change of bid is expected to be worth: a fixed grid of quantiles instead of dice, so that it replays. See docs/maths/effects.md.</summary>
internal static class Effects
{
    /// <summary>10 % and 90 % quantiles of the standard normal.</summary>
    public const double Low = -1.2815515655446004;
    public const double High = -Low;

    // Landscape of clicks and of their price over the logarithm of full bid / suggested bid: steepness and middle. Tuned on development seed 53 of S1, S2 and S8.
    private const double ClickWidth = 0.6, ClickMiddle = 0.10, PriceWidth = 0.8, PriceMiddle = 0.32;

    /// <summary>How far a target's own landscape lies from the usual one, standard deviation in logarithms.</summary>
    private const double LevelDeviation = 0.5;

    /// <summary>Deviation of what clicks that come or go are worth and cost, over what they are expected to.</summary>
    private const double MarginalError = 0.2;

    /// <summary>Share of what bids promise that they bring: they are moved because they look good, and bids of one morning compete for the same searches. Fitted in the lab.</summary>
    private const double BidsRealised = 0.88;

    // Midpoints of eleven equally likely slices of the standard normal.
    private static readonly double[] Slices = [-1.6906, -1.0968, -0.7479, -0.4728, -0.2299, 0, 0.2299, 0.4728, 0.7479, 1.0968, 1.6906];

    /// <summary>Number of equally likely slices that stand for a distribution.</summary>
    public static int SliceCount => Slices.Length;

    /// <returns>Quantile of the standard normal at the middle of slice 0, 1, ….</returns>
    public static double Slice(int index) => Slices[index];

    /// <summary>What the last clicks are worth less than the mean one, where all that can be won is won: a high bid ends with the searches that fit least.</summary>
    private const double MarginalLoss = 0.15;

    // Three points that carry mean and variance of a normal exactly.
    private static readonly (double Shift, double Weight)[] Levels = [(-1.7320508075688772, 1.0 / 6), (0, 2.0 / 3), (1.7320508075688772, 1.0 / 6)];

    /// <returns>Clicks at another bid over clicks at this one.</returns>
    /// <param name="level">Logarithm of the full bid over Amazon's suggestion; 0 where there is none.</param>
    /// <param name="move">Logarithm of the other bid over this one.</param>
    public static double Clicks(double level, double move) => Rise(level, move, ClickMiddle, ClickWidth);

    /// <returns>Price of a click at another bid over the price at this one.</returns>
    /// <param name="level">Logarithm of the full bid over Amazon's suggestion; 0 where there is none.</param>
    /// <param name="move">Logarithm of the other bid over this one.</param>
    public static double Price(double level, double move) => Rise(level, move, PriceMiddle, PriceWidth);

    /// <summary>Contribution over 30 days at another bid, less that at the bid now.</summary>
    public static Effect OfBid(in BidMove move, Currency currency)
    {
        // Half a click stands for a target that has not been clicked: small, never nothing. Clicks and prices were seen at earlier bids.
        var before = Math.Max(move.Clicks30, 0.5) / Clicks(move.Level, -move.Shift);
        var paid = move.ClickPrice / Price(move.Level, -move.Shift);
        Span<(double Amount, double Weight)> points = stackalloc (double, double)[Slices.Length * Levels.Length];
        var at = 0;
        foreach (var (shift, weight) in Levels)
        {
            var level = move.Level + shift * LevelDeviation;
            var more = Clicks(level, move.Ratio);
            var price = paid * Price(level, move.Ratio);
            var last = 1 - (MarginalLoss * Won(level));
            foreach (var slice in Slices)
            {
                var value = move.Posterior.Quantile(slice) * move.Margin;
                points[at++] = (before * (((more - 1) * last * value) - ((more * price) - paid)), weight / Slices.Length);
            }
        }

        var (gone, dearer) = (Math.Abs(Clicks(move.Level, move.Ratio) - 1), Math.Abs((Clicks(move.Level, move.Ratio) * Price(move.Level, move.Ratio)) - 1));
        return Realised(Widened(Of(points, currency), MarginalError * before * (gone * move.Posterior.Mean * move.Margin + dearer * paid), currency), currency);
    }

    // The interval keeps its width: what is expected less is not known better.
    private static Effect Realised(Effect effect, Currency currency)
    {
        double mean = BidsRealised * (double)effect.Mean.Amount, less = (double)effect.Mean.Amount - mean;
        double low = (double)effect.Low.Amount - less, high = (double)effect.High.Amount - less;
        var spread = (high - low) / (High - Low);
        return new Effect(Round(mean, currency), Round(low, currency), Round(high, currency), spread > 0 ? Normal.CDF(0, spread, mean) : effect.ProbabilityPositive);
    }

    /// <summary>The same expectation with one more error, independent of the others.</summary>
    /// <param name="effect">As it is without.</param>
    /// <param name="deviation">Standard deviation in the currency.</param>
    /// <param name="currency">Of the amounts.</param>
    public static Effect Widened(Effect effect, double deviation, Currency currency)
    {
        double mean = (double)effect.Mean.Amount, error = High * deviation;
        var low = mean - Hypotenuse(mean - (double)effect.Low.Amount, error);
        var high = mean + Hypotenuse((double)effect.High.Amount - mean, error);
        var spread = (high - low) / (High - Low);
        return new Effect(effect.Mean, Round(low, currency), Round(high, currency), spread > 0 ? Normal.CDF(0, spread, mean) : effect.ProbabilityPositive);
    }

    // Share of all clicks there are.
    private static double Won(double level) => 1 / (1 + Math.Exp(Math.Clamp((ClickMiddle - level) / ClickWidth, -30, 30)));

    private static double Hypotenuse(double one, double other) => Math.Sqrt((one * one) + (other * other));

    // A logistic over the logarithm of the bid: its middle is where half of all is won.
    private static double Rise(double level, double move, double middle, double width) =>
        (1 + Math.Exp(Math.Clamp((middle - level) / width, -30, 30))) / (1 + Math.Exp(Math.Clamp((middle - level - move) / width, -30, 30)));

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

/// <summary>A move of one bid.</summary>
/// <param name="Posterior">Orders per click.</param>
/// <param name="Margin">Money that an order leaves.</param>
/// <param name="Clicks30">Clicks of 30 days.</param>
/// <param name="ClickPrice">Mean price of these clicks.</param>
/// <param name="Ratio">Logarithm of the new full bid over the one in force.</param>
/// <param name="Level">Logarithm of the full bid in force over Amazon's suggestion; 0 without one.</param>
/// <param name="Shift">Logarithm of the full bid in force over the mean one at which the clicks came.</param>
internal readonly record struct BidMove(Posterior Posterior, double Margin, double Clicks30, double ClickPrice, double Ratio, double Level, double Shift);
