using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>Spend that the target reports of Sponsored Products do not tell: of Sponsored Brands and Display, and what went to products without a cost of goods.</summary>
internal static class OtherSpend
{
    /// <summary>Spend of one product or day; each null where there is none.</summary>
    /// <param name="Brands">Of Sponsored Brands.</param>
    /// <param name="Display">Of Sponsored Display.</param>
    /// <param name="WithoutCosts">Of all ad types, on products without a cost.</param>
    public readonly record struct Spent(Money? Brands, Money? Display, Money? WithoutCosts);

    /// <param name="workspace">Facts.</param>
    /// <param name="costs">Which products have a cost.</param>
    /// <param name="span">Days.</param>
    /// <returns>One entry per day of the span.</returns>
    public static Spent[] ByDay(Workspace workspace, CostBook costs, DateSpan span)
    {
        var (brands, display, without) = (new Money?[span.Days], new Money?[span.Days], new Money?[span.Days]);
        foreach (var (table, sums) in new[] { (workspace.BrandsTargetDays, brands), (workspace.DisplayTargetDays, display) })
        {
            var facts = new AdColumns(table);
            for (var row = 0; row < table.Rows; row++)
            {
                var at = facts.Days[row] - span.First.DayNumber;
                if (at >= 0 && at < sums.Length) Add(ref sums[at], facts.Cost[row]);
            }
        }

        foreach (var (day, part) in Parts(workspace, span).Where(part => part.Part.Sku.Value.Length > 0 && costs.At(part.Part.Sku, part.Spend.Day) is null).Select(part => (part.Spend.Day, part.Part)))
            Add(ref without[day.DayNumber - span.First.DayNumber], part.Micros);
        return [.. brands.Select((money, at) => new Spent(money, display[at], without[at]))];

        void Add(ref Money? sum, long micros) => sum = Money.FromMicros(micros, workspace.Marketplace.Currency) + (sum ?? Money.Zero(workspace.Marketplace.Currency));
    }

    /// <returns>Spend by product; under an empty SKU what is of none.</returns>
    public static Dictionary<Sku, Spent> ByProduct(Workspace workspace, CostBook costs, DateSpan span)
    {
        return Parts(workspace, span).GroupBy(part => part.Part.Sku).ToDictionary(group => group.Key, group => new Spent(
            Sum(group.Where(part => part.Spend.Ad == AdProduct.SponsoredBrands)), Sum(group.Where(part => part.Spend.Ad == AdProduct.SponsoredDisplay)),
            group.Key.Value.Length > 0 && costs.At(group.Key, span.Last) is null ? Sum(group) : null));

        Money? Sum(IEnumerable<(AdSpend Spend, (Sku Sku, long Micros) Part)> parts) =>
            parts.Aggregate((Money?)null, (sum, part) => Money.FromMicros(part.Part.Micros, workspace.Marketplace.Currency) + (sum ?? Money.Zero(workspace.Marketplace.Currency)));
    }

    private static IEnumerable<(AdSpend Spend, (Sku Sku, long Micros) Part)> Parts(Workspace workspace, DateSpan span)
    {
        var sales = SalesByDay(workspace);
        return AdTables.Spend(workspace, span).SelectMany(ads => ProductProfit.BySales(ads.Micros, ads.Products, sales.GetValueOrDefault(ads.Day.DayNumber) ?? []).Select(part => (ads, part)));
    }

    private static Dictionary<int, Dictionary<Sku, long>> SalesByDay(Workspace workspace)
    {
        var table = workspace.SkuDays;
        var days = table.Ints("day");
        var sales = table.Longs("ordered_sales");
        var skus = table.Texts("sku");
        var all = new Dictionary<int, Dictionary<Sku, long>>();
        for (var row = 0; row < table.Rows; row++)
        {
            if (!all.TryGetValue(days[row], out var day)) all.Add(days[row], day = []);
            day[new Sku(skus[row])] = day.GetValueOrDefault(new Sku(skus[row])) + sales[row];
        }

        return all;
    }
}
