using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>What ads did. Ratios are null where their denominator is zero.</summary>
/// <param name="Impressions">Times shown.</param>
/// <param name="Clicks">Paid clicks.</param>
/// <param name="Cost">Ad spend.</param>
/// <param name="Orders">Attributed orders, 7 days, on the click's day.</param>
/// <param name="Units">Attributed units.</param>
/// <param name="Sales">Attributed sales.</param>
/// <param name="Contribution">Attributed contribution before ad spend (sales less cost of goods, fees, expected refunds); null when costs are missing.</param>
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

/// <summary>All sales of the storefront or a product, organic and advertised.</summary>
/// <param name="Units">Units ordered.</param>
/// <param name="Sales">Ordered sales before refunds.</param>
/// <param name="ProfitBeforeAds">Sales less refunds, fees and cost of goods, of products whose costs are known; null when no cost is known.</param>
/// <param name="SalesWithoutCosts">Sales of products whose cost of goods is missing: not part of the profit.</param>
/// <param name="CostsMissing">True while anything that was sold or refunded has no cost of goods, so that the profit is a part of the whole.</param>
public readonly record struct SalesFigures(long Units, Money Sales, Money? ProfitBeforeAds, Money SalesWithoutCosts, bool CostsMissing);

/// <param name="Ads">What ads did.</param>
/// <param name="Sales">All sales; null when no sales data covers the days.</param>
public readonly record struct Figures(AdFigures Ads, SalesFigures? Sales)
{
    /// <summary>Spend of Sponsored Brands, which <see cref="Ads"/> does not hold; null where there is none.</summary>
    public Money? BrandsSpend { get; init; }

    /// <summary>Spend of Sponsored Display, which <see cref="Ads"/> does not hold; null where there is none.</summary>
    public Money? DisplaySpend { get; init; }

    /// <summary>Spend of all ad types on products whose cost of goods is missing; null where there is none.</summary>
    public Money? SpendWithoutCosts { get; init; }

    /// <summary>Costs beside goods, fees and ads that the days bear; null where there are none.</summary>
    public Money? OtherCosts { get; init; }

    /// <summary>Spend of Sponsored Brands and Display together; null where there is none.</summary>
    public Money? OtherAdSpend => BrandsSpend is { } brands && DisplaySpend is { } display ? brands + display : BrandsSpend ?? DisplaySpend;

    /// <summary>Spend of all ad types.</summary>
    public Money AdSpend => OtherAdSpend is { } other ? Ads.Cost + other : Ads.Cost;

    /// <summary>True while a product that sold or was advertised has no cost of goods.</summary>
    public bool CostsMissing => SpendWithoutCosts is { Amount: not 0 } || Sales is { CostsMissing: true };

    /// <summary>Profit of all sales after cost of goods, fees, refunds, value added tax, other costs and ad spend; null when sales data or the cost of any product that sold or was advertised are missing.</summary>
    public Money? TotalProfit => CostsMissing ? null : KnownProfit;

    /// <summary>Profit after ad spend of the products whose costs are known: no more than a part of the whole while <see cref="CostsMissing"/>; null when no cost or no sales are known.</summary>
    public Money? KnownProfit => Sales?.ProfitBeforeAds - (SpendWithoutCosts is { } without ? AdSpend - without : AdSpend) - (OtherCosts ?? Money.Zero(Ads.Cost.Currency));

    /// <returns>Share of all sales whose products have a cost of goods, 0 to 1; null without sales.</returns>
    public double? ShareWithCosts => Sales is { } sales ? AdFigures.Ratio((sales.Sales - sales.SalesWithoutCosts).Amount, sales.Sales.Amount) : null;

    /// <returns>Share of all sales that is left before ads, of products whose costs are known: the TACoS at which ads leave nothing; null without such sales.</returns>
    public double? BreakEvenTacos => Sales is { ProfitBeforeAds: { } left } sales ? AdFigures.Ratio(left.Amount, (sales.Sales - sales.SalesWithoutCosts).Amount) : null;

    /// <returns>Ad spend over all sales as a fraction; null without sales.</returns>
    public double? Tacos => Sales is { } sales ? AdFigures.Ratio(AdSpend.Amount, sales.Sales.Amount) : null;
}

/// <param name="Span">Days asked for.</param>
/// <param name="Figures">Sums over the span.</param>
/// <param name="UnsettledDays">Days of the span whose orders are still being attributed or restated.</param>
/// <param name="MissingDays">Days of the span without any ad fact.</param>
public sealed record PerformanceTotals(DateSpan Span, Figures Figures, int UnsettledDays, int MissingDays);

/// <param name="Day">Reporting day.</param>
/// <param name="Figures">Sums of the day.</param>
/// <param name="Settled">False while orders are still being attributed or restated.</param>
/// <param name="Estimated">True where fees are estimated because Amazon has not reported the day's economics.</param>
public sealed record DayPerformance(DateOnly Day, Figures Figures, bool Settled, bool Estimated);

public sealed record ProductPerformance(Sku Sku, string? Title, Figures Figures);

public sealed record CampaignPerformance(Advertising.Campaign Campaign, AdFigures Ads);
