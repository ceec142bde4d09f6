using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>Why the profit of some ads differs from that of the days before: five causes that add up to the difference, to the last digit of the currency.</summary>
/// <param name="Before">Contribution after ad spend of the days before, rounded to the currency's digits.</param>
/// <param name="After">The same of the days told.</param>
/// <param name="Traffic">More or fewer clicks, at what a click left on average of both.</param>
/// <param name="Conversion">More or fewer orders per click.</param>
/// <param name="ClickPrice">Cheaper or dearer clicks.</param>
/// <param name="Margin">More or less left per order: price, fees, costs, and which products were bought.</param>
/// <param name="Other">What none of these explains: spend without clicks, orders without clicks.</param>
/// <remarks>
/// Profit is clicks × (orders per click × contribution per order − price per click). Each factor's move is told at the mean of the others, which adds up exactly: see docs/maths/profit.md.
/// </remarks>
public sealed record ProfitMove(Money Before, Money After, Money Traffic, Money Conversion, Money ClickPrice, Money Margin, Money Other)
{
    public Money Change => After - Before;

    /// <param name="before">Of the days before, with its contribution.</param>
    /// <param name="after">Of the days told.</param>
    /// <returns>Null where the contribution of either is unknown because costs are missing.</returns>
    public static ProfitMove? Of(AdFigures before, AdFigures after)
    {
        if (before.Contribution is null || after.Contribution is null) return null;
        var currency = after.Cost.Currency;
        var (was, now) = (Factors.Of(before), Factors.Of(after));

        // Where nothing tells a factor, it is taken to be as in the other days: then it explains nothing.
        (was, now) = (was.FilledFrom(now), now.FilledFrom(was));
        var clicks = (was.Clicks + now.Clicks) / 2;
        var rate = (was.Rate + now.Rate) / 2;
        var margin = (was.Margin + now.Margin) / 2;
        var told = new[]
        {
            (now.Clicks - was.Clicks) * (was.Left + now.Left) / 2,
            clicks * (now.Rate - was.Rate) * margin,
            clicks * (was.Price - now.Price),
            clicks * rate * (now.Margin - was.Margin),
        };

        decimal Round(decimal amount) => decimal.Round(amount, currency.Decimals, MidpointRounding.ToEven);
        var (first, last) = (Round(Profit(before)), Round(Profit(after)));
        var explained = (now.Clicks * now.Left) - (was.Clicks * was.Left);
        var other = Round(Profit(after) - Profit(before) - explained);
        var parts = Array.ConvertAll(told, Round);

        // What rounding leaves belongs to the largest part, where it is not seen.
        var rest = last - first - other - parts.Sum();
        var largest = Array.IndexOf(parts, parts.MaxBy(Math.Abs));
        parts[largest] += rest;
        Money Of(decimal amount) => new(amount, currency);
        return new(Of(first), Of(last), Of(parts[0]), Of(parts[1]), Of(parts[2]), Of(parts[3]), Of(other));
    }

    private static decimal Profit(AdFigures figures) => figures.Contribution!.Value.Amount - figures.Cost.Amount;

    /// <summary>What profit is the product of; null where nothing tells it.</summary>
    private readonly record struct Factors(decimal Clicks, decimal? OrdersPerClick, decimal? PerOrder, decimal? PerClick)
    {
        public decimal Rate => OrdersPerClick ?? 0;
        public decimal Margin => PerOrder ?? 0;
        public decimal Price => PerClick ?? 0;

        /// <summary>What a click leaves.</summary>
        public decimal Left => (Rate * Margin) - Price;

        public static Factors Of(AdFigures figures) => new(
            figures.Clicks,
            figures.Clicks == 0 ? null : (decimal)figures.Orders / figures.Clicks,
            figures.Orders == 0 ? null : figures.Contribution!.Value.Amount / figures.Orders,
            figures.Clicks == 0 ? null : figures.Cost.Amount / figures.Clicks);

        public Factors FilledFrom(Factors other) => new(Clicks, OrdersPerClick ?? other.OrdersPerClick, PerOrder ?? other.PerOrder, PerClick ?? other.PerClick);
    }
}
