using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>Spend of Sponsored Brands and Sponsored Display.</summary>
internal static class OtherSpend
{
    /// <returns>One entry per day of the span; null on days without any.</returns>
    public static Money?[] ByDay(Workspace workspace, DateSpan span)
    {
        var sums = new Money?[span.Days];
        foreach (var table in new[] { workspace.BrandsTargetDays, workspace.DisplayTargetDays })
        {
            var facts = new AdColumns(table);
            for (var row = 0; row < table.Rows; row++)
            {
                var at = facts.Days[row] - span.First.DayNumber;
                if (at >= 0 && at < sums.Length) sums[at] = Money.FromMicros(facts.Cost[row], workspace.Marketplace.Currency) + (sums[at] ?? Money.Zero(workspace.Marketplace.Currency));
            }
        }

        return sums;
    }

    /// <returns>Spend by product; under an empty SKU what is of none.</returns>
    public static Dictionary<Sku, Money> ByProduct(Workspace workspace, DateSpan span)
    {
        var spend = AdTables.Spend(workspace, span).Where(ads => ads.Ad != AdProduct.SponsoredProducts).ToArray();
        if (spend.Length == 0) return [];
        var sales = SalesByDay(workspace);
        return spend
            .SelectMany(ads => ProductProfit.BySales(ads.Micros, ads.Products, sales.GetValueOrDefault(ads.Day.DayNumber) ?? []))
            .GroupBy(part => part.Sku)
            .ToDictionary(group => group.Key, group => Money.FromMicros(group.Sum(part => part.Micros), workspace.Marketplace.Currency));
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
