using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>What an ad is credited with on a day.</summary>
/// <param name="Day">Reporting day.</param>
/// <param name="Ad">Ad type.</param>
/// <param name="Campaign">Id.</param>
/// <param name="AdGroup">Id; 0 where the report has none.</param>
/// <param name="Target">Id; 0 where the report has none.</param>
/// <param name="SearchTerm">Empty where Amazon does not tell.</param>
/// <param name="Products">Advertised products; empty where Amazon does not say.</param>
/// <param name="Sales">Attributed sales, micros.</param>
/// <param name="Cost">Spend, micros, zero or more.</param>
public sealed record AdFact(DateOnly Day, AdProduct Ad, long Campaign, long AdGroup, long Target, string SearchTerm, ImmutableArray<Sku> Products, long Sales, long Cost);

/// <summary>Splits products' profit among the ads that are credited with their sales. See docs/maths/profit.md.</summary>
public static class AdProfit
{
    /// <summary>
    /// An attributed sale leaves, line by line, what the product's sales of the span left on average. What no ad is credited with stays in rows without a campaign, so
    /// that the rows of a product and day add up to the profit of that product and day, to the last micro.
    /// </summary>
    /// <param name="products">Rows by product and day, see <see cref="ProductProfit"/>.</param>
    /// <param name="facts">What ads are credited with; spend and sales of several products are split by the products' sales of the day.</param>
    /// <param name="expected">Unit economics, for credited products without sales in the span; null: nothing is expected of such sales to be deducted.</param>
    public static ImmutableArray<ProfitRow> Of(ImmutableArray<ProfitRow> products, ImmutableArray<AdFact> facts, IReadOnlyDictionary<Sku, ProductEconomics>? expected = null)
    {
        var left = new LeftOfSales(products, expected);
        var sales = SalesByDay(products);
        var rest = new Dictionary<(DateOnly Day, Sku Sku), (Statement Lines, bool CostKnown)>();
        foreach (var row in products)
        {
            var held = rest.GetValueOrDefault((row.Day, row.Sku), (Statement.Empty, true));
            rest[(row.Day, row.Sku)] = (held.Item1 + row.Lines, held.Item2 && row.CostKnown);
        }

        var all = ImmutableArray.CreateBuilder<ProfitRow>();
        foreach (var fact in facts)
        {
            var salesOfDay = sales.GetValueOrDefault(fact.Day) ?? [];
            foreach (var (sku, cost, sold) in ProductProfit.BySales(fact.Cost, fact.Products, salesOfDay).Zip(ProductProfit.BySales(fact.Sales, fact.Products, salesOfDay), (cost, sold) => (cost.Sku, cost.Micros, sold.Micros)))
            {
                var known = left.IsKnown(sku);
                var credited = left.Of(sku, sold) + Statement.Of((ProductProfit.LineOf(fact.Ad), -cost));
                all.Add(new ProfitRow(fact.Day, sku, fact.Campaign, fact.AdGroup, fact.Target, fact.SearchTerm, credited, known) { Ad = fact.Ad });
                ref var other = ref CollectionsMarshal.GetValueRefOrAddDefault(rest, (fact.Day, sku), out var exists);
                other = exists ? (other.Lines - credited, other.CostKnown) : (Statement.Empty - credited, known);
            }
        }

        all.AddRange(rest.Where(pair => !pair.Value.Lines.Equals(Statement.Empty)).OrderBy(pair => pair.Key.Day).ThenBy(pair => pair.Key.Sku.Value, StringComparer.Ordinal)
            .Select(pair => new ProfitRow(pair.Key.Day, pair.Key.Sku, 0, 0, 0, "", pair.Value.Lines, pair.Value.CostKnown)));
        return all.DrainToImmutable();
    }

    /// <summary>Puts search terms in place of their targets' facts; what a target has beyond its terms stays with the target, without a term.</summary>
    /// <param name="targets">Facts by target and day, without terms.</param>
    /// <param name="terms">Facts by target, day and term; those of targets that are not among <paramref name="targets"/> are left out.</param>
    public static ImmutableArray<AdFact> ByTerm(ImmutableArray<AdFact> targets, ImmutableArray<AdFact> terms)
    {
        var byTarget = terms.ToLookup(term => (term.Day, term.Ad, term.Campaign, term.AdGroup, term.Target));
        return [.. targets.SelectMany(target =>
        {
            var own = byTarget[(target.Day, target.Ad, target.Campaign, target.AdGroup, target.Target)].Select(term => term with { Products = target.Products }).ToArray();
            return own.Append(target with { Sales = target.Sales - own.Sum(term => term.Sales), Cost = target.Cost - own.Sum(term => term.Cost) }).Where(fact => fact.Sales != 0 || fact.Cost != 0);
        })];
    }

    /// <summary>Sales by product of each day, micros.</summary>
    internal static Dictionary<DateOnly, Dictionary<Sku, long>> SalesByDay(ImmutableArray<ProfitRow> products) => products.Where(row => row.Sku.Value.Length > 0)
        .GroupBy(row => row.Day).ToDictionary(day => day.Key, day => day.GroupBy(row => row.Sku).ToDictionary(group => group.Key, group => group.Sum(row => row.Lines.Sales)));
}
