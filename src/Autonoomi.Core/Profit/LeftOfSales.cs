using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>
/// What a product's sales of a span left on average, line by line: what a sale that an ad is credited with is taken to leave. A product that did not sell is taken at what
/// a unit is expected to leave, and what is of no product at the average of all products.
/// </summary>
internal sealed class LeftOfSales
{
    private readonly Dictionary<Sku, (Statement Lines, bool CostKnown)> average;
    private readonly IReadOnlyDictionary<Sku, ProductEconomics>? expected;

    /// <param name="products">Rows by product and day, see <see cref="ProductProfit"/>.</param>
    /// <param name="expected">Unit economics for products without sales; null: such a sale is all that is left.</param>
    public LeftOfSales(ImmutableArray<ProfitRow> products, IReadOnlyDictionary<Sku, ProductEconomics>? expected)
    {
        this.expected = expected;
        average = products.Where(row => row.Sku.Value.Length > 0).GroupBy(row => row.Sku)
            .ToDictionary(group => group.Key, group => (Statement.Sum(group.Select(row => row.Lines)), group.All(row => row.CostKnown)));
        if (average.Count > 0) average[new Sku("")] = (Statement.Sum(average.Values.Select(left => left.Lines)), average.Values.All(left => left.CostKnown));
        foreach (var (sku, left) in average.Where(pair => pair.Value.Lines.Sales <= 0).ToArray()) average[sku] = Of(sku, left);
    }

    /// <summary>False where a cost of goods is missing.</summary>
    public bool IsKnown(Sku sku) => At(sku).CostKnown;

    /// <summary>What the sale left before ads, line by line.</summary>
    /// <param name="sku">The product; empty where none is known.</param>
    /// <param name="sales">Attributed sales, micros.</param>
    public Statement Of(Sku sku, long sales)
    {
        var lines = At(sku).Lines;
        return lines.Sales <= 0 ? Statement.Of((ProfitLine.ProductSales, sales)) : lines.Select((line, amount) => line >= ProfitLine.SponsoredProducts ? 0 : Share(amount, sales, lines.Sales));
    }

    private (Statement Lines, bool CostKnown) At(Sku sku) => average.TryGetValue(sku, out var known) ? known : average[sku] = Of(sku, (Statement.Empty, false));

    private (Statement Lines, bool CostKnown) Of(Sku sku, (Statement Lines, bool CostKnown) left) =>
        expected is not null && expected.TryGetValue(sku, out var unit) && unit.IsKnown ? (UnitOf(unit), true) : left;

    /// <summary>One unit as it is expected to end: adds up to <see cref="ProductEconomics.ContributionPerUnit"/>.</summary>
    private static Statement UnitOf(ProductEconomics unit)
    {
        var (kept, price) = (1 - unit.RefundRate, unit.Price);
        return Statement.Of(
            (ProfitLine.ProductSales, Micros(price)), (ProfitLine.Refunds, -Micros(price * unit.RefundRate)), (ProfitLine.Vat, -Micros(price * unit.VatShare * kept)),
            (ProfitLine.ReferralFees, -Micros(price * unit.ReferralRate * (kept + (ProductEconomics.KeptShareOfReferralFee * unit.RefundRate)))), (ProfitLine.FulfilmentFees, -Micros(unit.FulfilmentFee)),
            (ProfitLine.StorageFees, -Micros(unit.StorageFee)), (ProfitLine.OtherFees, -Micros(unit.OtherFee)),
            (ProfitLine.Goods, -Micros(unit.CostOfGoods * (kept + (ProductEconomics.LostShareOfRefundedGoods * unit.RefundRate)))));
    }

    private static long Micros(double amount) => (long)Math.Round(amount * Money.MicrosPerUnit);

    /// <summary>To the nearest micro, so that sums of many parts do not drift.</summary>
    private static long Share(long amount, long sales, long all)
    {
        var (whole, rest) = Int128.DivRem((Int128)amount * sales, all);
        return (long)(2 * Int128.Abs(rest) >= all ? whole + Int128.Sign((Int128)amount * sales) : whole);
    }
}
