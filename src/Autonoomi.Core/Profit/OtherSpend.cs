using System.Collections.Immutable;
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

    /// <summary>Display tells the product. A brand campaign's spend of a day is split by that day's sales of the products that it advertises, or of all where Amazon does not say which.</summary>
    /// <returns>Spend by product; under an empty SKU what is of none.</returns>
    public static Dictionary<Sku, Money> ByProduct(Workspace workspace, DateSpan span)
    {
        var sums = new Dictionary<Sku, Money>();
        foreach (var (sku, micros) in Display(workspace, span).Concat(Brands(workspace, span)))
            sums[sku] = Money.FromMicros(micros, workspace.Marketplace.Currency) + sums.GetValueOrDefault(sku, Money.Zero(workspace.Marketplace.Currency));
        return sums;
    }

    private static List<(Sku, long)> Display(Workspace workspace, DateSpan span)
    {
        var table = workspace.DisplayProductDays;
        var skus = table.Texts("sku");
        var facts = new AdColumns(table);
        var all = new List<(Sku, long)>();
        for (var row = 0; row < table.Rows; row++)
        {
            if (span.Contains(DateOnly.FromDayNumber(facts.Days[row]))) all.Add((new Sku(skus[row]), facts.Cost[row]));
        }

        return all;
    }

    private static IEnumerable<(Sku, long)> Brands(Workspace workspace, DateSpan span)
    {
        var spend = new Dictionary<(int Day, long Campaign), long>();
        var table = workspace.BrandsTargetDays;
        var facts = new AdColumns(table);
        var campaigns = table.Longs("campaign_id");
        for (var row = 0; row < table.Rows; row++)
        {
            if (!span.Contains(DateOnly.FromDayNumber(facts.Days[row]))) continue;
            spend[(facts.Days[row], campaigns[row])] = spend.GetValueOrDefault((facts.Days[row], campaigns[row])) + facts.Cost[row];
        }

        if (spend.Count == 0) return [];
        var advertised = workspace.ProductAds.ToLookup(ad => ad.Campaign.Value, ad => ad.Sku);
        var sales = SalesByDay(workspace);
        return spend.SelectMany(pair => ProductProfit.BySales(pair.Value, [.. advertised[pair.Key.Campaign]], sales.GetValueOrDefault(pair.Key.Day) ?? []));
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
