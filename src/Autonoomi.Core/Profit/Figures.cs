using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>What ads did. Ratios are null where their denominator is zero.</summary>
/// <param name="Impressions">Times shown.</param>
/// <param name="Clicks">Paid clicks.</param>
/// <param name="Cost">Ad spend.</param>
/// <param name="Orders">Attributed orders on the click's day: within 7 days, of Sponsored Brands and Display within 14.</param>
/// <param name="Units">Attributed units.</param>
/// <param name="Sales">Attributed sales.</param>
/// <param name="Contribution">What the attributed sales left before ad spend, at the average of the products' sales of the days; null when costs are missing.</param>
public readonly record struct AdFigures(long Impressions, long Clicks, Money Cost, long Orders, long Units, Money Sales, Money? Contribution)
{
    /// <summary>Contribution after ad spend; null when costs are missing.</summary>
    public Money? Profit => Contribution - Cost;

    /// <returns>Cost over sales as a fraction; null without sales.</returns>
    public double? Acos => Ratio(Cost.Amount, Sales.Amount);

    /// <returns>The ACoS at which profit is zero, as a fraction; null without sales or costs.</returns>
    public double? BreakEvenAcos => Contribution is { } contribution ? Ratio(contribution.Amount, Sales.Amount) : null;

    /// <returns>Clicks per impression; null without impressions.</returns>
    public double? Ctr => Ratio(Clicks, Impressions);

    /// <returns>Orders per click; null without clicks.</returns>
    public double? ConversionRate => Ratio(Orders, Clicks);

    /// <summary>Cost per click; null without clicks.</summary>
    public Money? Cpc => Clicks == 0 ? null : new Money(Cost.Amount / Clicks, Cost.Currency);

    internal static double? Ratio(decimal numerator, decimal denominator) => denominator == 0 ? null : (double)(numerator / denominator);
}

/// <summary>What some days brought: by all ads, and in all.</summary>
/// <param name="Ads">What the targets of all ad products did.</param>
/// <param name="Left">What all sales left after everything, from the books.</param>
public sealed record Figures(AdFigures Ads, Contribution Left)
{
    /// <summary>Spend of all ad types, as the books take it off. Amazon tells it by product too, and its reports may differ a little: <see cref="AdFigures.Cost"/> is by target.</summary>
    public Money AdSpend => Left.AdSpend;

    /// <summary>Profit of all sales after cost of goods, fees, refunds, value added tax, other costs and ad spend; null when sales or the cost of any product that sold or was advertised are missing.</summary>
    public Money? TotalProfit => Left.Profit;

    /// <returns>Share of all sales whose products have a cost of goods, 0 to 1; null without sales.</returns>
    public double? ShareWithCosts => 1 - Left.ShareWithoutCost;

    /// <returns>Share of all sales that is left before ads: the TACoS at which ads leave nothing; null while a cost is missing or without sales.</returns>
    public double? BreakEvenTacos => Left.IsComplete ? Left.BreakEven : null;

    /// <returns>Ad spend over all sales as a fraction; null without sales.</returns>
    public double? Tacos => Left.Tacos;
}

/// <param name="Day">Reporting day.</param>
/// <param name="Figures">Sums of the day; a sale that ads are credited with leaves what the product's sales of the whole span left on average.</param>
/// <param name="Settled">False while orders of its clicks are still being attributed or restated.</param>
/// <param name="Estimated">True where fees are estimated because Amazon has not reported the day's economics.</param>
public sealed record DayPerformance(DateOnly Day, Figures Figures, bool Settled, bool Estimated)
{
    /// <summary>What clicks of the day are still expected to bring; null where all is settled, or nothing was sold that could be scaled.</summary>
    public Settling? Settling { get; init; }

    /// <summary>Ad profit as it is expected to end; null when costs are missing.</summary>
    public Money? ExpectedAdProfit => Figures.Ads.Contribution is { } left ? (left * (decimal)(1 + (Settling?.More ?? 0))) - Figures.Ads.Cost : null;

    /// <returns>ACoS as it is expected to end, as a fraction; null without sales.</returns>
    public double? ExpectedAcos => Figures.Ads.Acos / (1 + (Settling?.More ?? 0));
}
