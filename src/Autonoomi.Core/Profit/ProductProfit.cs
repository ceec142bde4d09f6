using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Profit;

/// <summary>On which day money is counted. Both are right; mixing them is not.</summary>
public enum ProfitDate
{
    /// <summary>On which Amazon posted it: adds up to settlements.</summary>
    Posted,

    /// <summary>Of the order, refunds included: tells what the orders of a day left in the end.</summary>
    Ordered,

    /// <summary>As posted, but what comes to light of a closed month is counted when the settlement that brings it ends: closed months stay as they are.</summary>
    Booked,
}

/// <summary>Ad spend of a day, on whose products it went.</summary>
/// <param name="Day">Reporting day.</param>
/// <param name="Ad">Ad type.</param>
/// <param name="Products">Products that the ads showed, any of which the spend may have sold; empty where Amazon does not say.</param>
/// <param name="Micros">Spend, zero or more.</param>
public sealed record AdSpend(DateOnly Day, AdProduct Ad, ImmutableArray<Sku> Products, long Micros);

/// <summary>What the seller adds to what Amazon tells.</summary>
/// <param name="Currency">Of the storefront.</param>
/// <param name="Vat">Value added tax held in prices.</param>
/// <param name="Goods">Costs of goods.</param>
/// <param name="Others">Other costs.</param>
public sealed record ProfitBasis(Currency Currency, VatBook Vat, GoodsCosts Goods, ImmutableArray<OtherCost> Others);

/// <summary>Profit by product and day from single movements of money. See docs/maths/profit.md.</summary>
public static class ProductProfit
{
    private static readonly ProfitLine[] AdLines = [.. Enum.GetValues<AdProduct>().Select(LineOf)];

    /// <param name="movements">Of one storefront; order data tell the day of orders and are not counted themselves.</param>
    /// <param name="returned">Goods that came back; those back in stock are not lost.</param>
    /// <param name="spend">Ad spend from the Ads reports; advertising among the movements is not counted.</param>
    /// <param name="basis">What the seller adds.</param>
    /// <param name="span">Days of interest.</param>
    /// <param name="date">On which day money is counted.</param>
    /// <returns>One row per product and day with any amount, and per day one without product for what is of none.</returns>
    public static ImmutableArray<ProfitRow> Of(
        IReadOnlyCollection<Movement> movements, ImmutableArray<ReturnedGoods> returned, ImmutableArray<AdSpend> spend, ProfitBasis basis, DateSpan span, ProfitDate date)
    {
        var cells = Moved(movements, returned, basis.Vat, date);

        // Costs of goods follow all units from the beginning, so that batches are used up in order; the span is cut out afterwards.
        AddGoods(cells, basis.Goods);
        foreach (var key in cells.Keys.Where(key => !span.Contains(key.Day)).ToArray()) cells.Remove(key);
        var sales = SalesByDay(cells);
        foreach (var ads in spend.Where(ads => span.Contains(ads.Day))) Spread(ads.Day, LineOf(ads.Ad), -ads.Micros, ads.Products);
        foreach (var cost in basis.Others)
        {
            for (var day = span.First > cost.First ? span.First : cost.First; day <= span.Last && day <= cost.Last; day = day.AddDays(1))
                Spread(day, ProfitLine.OtherCosts, -cost.On(day), cost.Sku is { } sku ? [sku] : []);
        }

        // Fees and costs of a product that neither sold nor was advertised need no cost of goods.
        foreach (var product in cells.GroupBy(pair => pair.Key.Sku, pair => pair.Value).Where(product => product.All(cell => cell.Units == 0 && AdLines.All(line => cell.Lines[(int)line] == 0))))
        {
            foreach (var cell in product) cell.CostKnown = true;
        }

        return [.. cells.Where(pair => pair.Value.Units != 0 || pair.Value.Lines.Any(amount => amount != 0))
            .OrderBy(pair => pair.Key.Day).ThenBy(pair => pair.Key.Sku.Value, StringComparer.Ordinal)
            .Select(pair => new ProfitRow(pair.Key.Day, pair.Key.Sku, 0, 0, 0, "", Statement.Of(Statement.Lines.Select(line => (line, pair.Value.Lines[(int)line]))), pair.Value.CostKnown))];

        void Spread(DateOnly day, ProfitLine line, long micros, ImmutableArray<Sku> among)
        {
            foreach (var (sku, part) in BySales(micros, among, sales.GetValueOrDefault(day) ?? []))
            {
                // A day with nothing but a cost: known where the product has a cost of goods at all.
                var isNew = sku.Value.Length > 0 && !cells.ContainsKey((sku, day));
                var cell = At(cells, day, sku);
                cell.Lines[(int)line] += part;
                if (isNew) cell.CostKnown = basis.Goods.Of(sku, [(day, 0)])[0] is not null;
            }
        }
    }

    /// <summary>Units that left for good, as batches are used up by them: by product, days in order.</summary>
    /// <param name="movements">Of one storefront.</param>
    /// <param name="returned">Goods that came back; those back in stock did not leave.</param>
    internal static ILookup<Sku, (DateOnly Day, long Units)> Units(IReadOnlyCollection<Movement> movements, ImmutableArray<ReturnedGoods> returned) =>
        Moved(movements, returned, new VatBook([]), ProfitDate.Booked).OrderBy(pair => pair.Key.Day).ToLookup(pair => pair.Key.Sku, pair => (pair.Key.Day, pair.Value.Units));

    /// <summary>What moved by product and day, goods, ads and other costs left out.</summary>
    private static Dictionary<(Sku Sku, DateOnly Day), Cell> Moved(IReadOnlyCollection<Movement> movements, ImmutableArray<ReturnedGoods> returned, VatBook vat, ProfitDate date)
    {
        var cells = new Dictionary<(Sku Sku, DateOnly Day), Cell>();
        var counted = Counted.Of(movements).Movements;
        var dayOf = date == ProfitDate.Ordered ? DaysOfOrders(movements, counted) : null;
        var corrections = date == ProfitDate.Booked ? Months.Corrections(movements) : null;
        foreach (var line in counted.GroupBy(movement => (movement.OrderKey, movement.Sku)))
        {
            var priced = line.Key.OrderKey == 0 ? null : PriceTax(line, vat);
            foreach (var movement in line)
            {
                if (LedgerLines.Of(movement.Kind) is not { } into && movement.Kind != LedgerKind.TaxWithheld) continue;
                var cell = At(cells, DayOf(movement), movement.Sku);
                if (LedgerLines.Of(movement.Kind) is { } at) cell.Lines[(int)at] += movement.Micros;
                cell.Lines[(int)ProfitLine.Vat] -= priced?.Invoke(movement) ?? 0;
                if (movement is { Kind: LedgerKind.ProductCharge, OrderKey: not 0 }) cell.Units += movement.Quantity;
            }
        }

        foreach (var goods in returned.Where(goods => goods.Outcome == ReturnOutcome.Sellable))
            At(cells, dayOf is not null && dayOf.TryGetValue(goods.OrderKey, out var ordered) ? ordered : goods.Day, goods.Sku).Units -= goods.Quantity;

        return cells;

        DateOnly DayOf(Movement movement) => dayOf is not null && movement.OrderKey != 0 ? dayOf[movement.OrderKey]
            : corrections is not null && corrections.TryGetValue(movement, out var booked) ? booked : movement.Day;
    }

    private static Cell At(Dictionary<(Sku Sku, DateOnly Day), Cell> cells, DateOnly day, Sku sku) => CollectionsMarshal.GetValueRefOrAddDefault(cells, (sku, day), out _) ??= new Cell();

    /// <summary>Parts of ad spend by product: by the products' sales of the day, equal parts where none was sold, nobody's where no product is known or sold.</summary>
    /// <param name="micros">The whole, of either sign.</param>
    /// <param name="among">Products that may have a part; empty for all.</param>
    /// <param name="salesOfDay">Sales of the day by product, in micros.</param>
    public static ImmutableArray<(Sku Sku, long Micros)> BySales(long micros, ImmutableArray<Sku> among, IReadOnlyDictionary<Sku, long> salesOfDay)
    {
        var products = among.IsEmpty
            ? salesOfDay.Where(pair => pair.Value > 0).Select(pair => pair.Key).OrderBy(sku => sku.Value, StringComparer.Ordinal).ToArray()
            : [.. among.Distinct().OrderBy(sku => sku.Value, StringComparer.Ordinal)];
        if (products.Length == 0) return [(new Sku(""), micros)];
        var parts = Parts.Of(micros, [.. products.Select(sku => Math.Max(0, salesOfDay.GetValueOrDefault(sku)))]);
        return [.. products.Zip(parts)];
    }

    /// <summary>
    /// The value added tax that a movement of an order line bears. Where Amazon shows tax apart, prices are net and the tax passes through; where it withholds tax
    /// out of prices, that is the tax; otherwise prices hold it at the storefront's rate.
    /// </summary>
    private static Func<Movement, long> PriceTax(IEnumerable<Movement> line, VatBook vat)
    {
        if (line.Any(movement => movement.Kind == LedgerKind.TaxCollected)) return _ => 0;
        if (line.Any(movement => movement.Kind == LedgerKind.TaxWithheld)) return movement => movement.Kind == LedgerKind.TaxWithheld ? -movement.Micros : 0;
        return movement => LedgerLines.IsPrice(movement.Kind) ? vat.Held(movement.Micros, movement.Sku, movement.Day) : 0;
    }

    private static Dictionary<long, DateOnly> DaysOfOrders(IReadOnlyCollection<Movement> movements, ImmutableArray<Movement> counted)
    {
        var days = new Dictionary<long, DateOnly>();
        foreach (var movement in movements.Where(movement => movement.Source == LedgerSource.Order).Concat(counted.Where(movement => movement.Kind == LedgerKind.ProductCharge).OrderBy(movement => movement.Day)).Concat(counted.OrderBy(movement => movement.Day)))
            days.TryAdd(movement.OrderKey, movement.Day);
        return days;
    }

    private static void AddGoods(Dictionary<(Sku Sku, DateOnly Day), Cell> cells, GoodsCosts goods)
    {
        foreach (var product in cells.Where(pair => pair.Key.Sku.Value.Length > 0).GroupBy(pair => pair.Key.Sku).ToArray())
        {
            var days = product.OrderBy(pair => pair.Key.Day).ToArray();
            var costs = goods.Of(product.Key, [.. days.Select(pair => (pair.Key.Day, pair.Value.Units))]);
            foreach (var (pair, cost) in days.Zip(costs))
            {
                pair.Value.CostKnown = cost is not null;
                pair.Value.Lines[(int)ProfitLine.Goods] -= cost?.Goods ?? 0;
                pair.Value.Lines[(int)ProfitLine.Inbound] -= cost?.Inbound ?? 0;
            }
        }
    }

    private static Dictionary<DateOnly, Dictionary<Sku, long>> SalesByDay(Dictionary<(Sku Sku, DateOnly Day), Cell> cells) => cells
        .Where(pair => pair.Key.Sku.Value.Length > 0)
        .GroupBy(pair => pair.Key.Day)
        .ToDictionary(day => day.Key, day => day.ToDictionary(pair => pair.Key.Sku, pair => pair.Value.Lines[(int)ProfitLine.ProductSales]));

    internal static ProfitLine LineOf(AdProduct ad) => ad switch
    {
        AdProduct.SponsoredProducts => ProfitLine.SponsoredProducts,
        AdProduct.SponsoredBrands => ProfitLine.SponsoredBrands,
        AdProduct.SponsoredDisplay => ProfitLine.SponsoredDisplay,
    };

    private sealed class Cell
    {
        public readonly long[] Lines = new long[Statement.Lines.Length];
        public long Units;

        // What is of no product has no goods.
        public bool CostKnown = true;
    }
}
