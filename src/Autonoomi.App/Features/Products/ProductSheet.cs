using System.Collections.Immutable;
using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Products;

/// <summary>The page Products: what sold, was advertised or is listed.</summary>
public sealed class ProductSheet(ProfitShelf shelf) : GridSource
{
    private static readonly ImmutableArray<BadgeWord> Offers = [new("yes", "Buyable"), new("no", "Not buyable"), new("unknown", "")];

    public override string Path => "/products";
    public override string Title => "Products";
    public override string Row => "product";
    public override string Found => "title, SKU or ASIN";

    public override async Task<Sheet> ReadAsync(GridAsk ask, CancellationToken cancellationToken) =>
        Of(ask.Workspace, ask.Span, ask.Query.Days, await shelf.TableAsync(ask.Seller, ask.Workspace.Storefront, ask.Span, cancellationToken));

    /// <param name="workspace">Listings, sales and stock.</param>
    /// <param name="span">Days.</param>
    /// <param name="days">As the address says them, for links.</param>
    /// <param name="table">Profit of the same days.</param>
    public static Sheet Of(Workspace workspace, DateSpan span, int days, ProfitTable table)
    {
        var parts = table.Rows.ToLookup(part => part.Sku.Value, StringComparer.Ordinal);
        var listings = workspace.Listings.DistinctBy(listing => listing.Sku).ToDictionary(listing => listing.Sku.Value, StringComparer.Ordinal);
        var skus = parts.Select(part => part.Key).Union(listings.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var left = skus.Select(sku => Contribution.Of(parts[sku], table.Currency, table.Sold is not null)).ToArray();
        var ads = skus.Select(sku => Contribution.Of(parts[sku].Where(part => part.Campaign != 0), table.Currency)).ToArray();
        var (units, stock) = (Units(workspace, span), Stock(workspace));
        double? Sold(int row) => units.GetValueOrDefault(skus[row]);
        Listing? Offer(int row) => listings.GetValueOrDefault(skus[row]);
        string Title(int row) => Offer(row)?.Title ?? (skus[row].Length == 0 ? "Of no single product" : skus[row]);
        double? Held(int row) => stock.TryGetValue(skus[row], out var held) ? held : null;
        return new Sheet(skus.Length, table.Currency,
        [
            GridColumn.OfText("title", "Product", 320, Title) with { Link = row => skus[row].Length == 0 ? null : $"/profit?sku={Uri.EscapeDataString(skus[row])}&days={days}" },
            GridColumn.OfText("sku", "SKU", 120, row => skus[row]),
            GridColumn.OfText("asin", "ASIN", 110, row => Offer(row)?.Asin.Value ?? "") with { IsShown = false },
            GridColumn.OfBadge("offer", "Offer", 110, Offers, row => Offer(row) is { } offer ? offer.Buyable ? "yes" : "no" : "unknown") with { IsQuick = true, Tone = row => Offer(row) is { Buyable: false } ? "warning" : null },
            GridColumn.OfMoney("price", "Price", 84, row => Offer(row)?.Price.ToMicros()) with { IsShown = false },
            GridColumn.OfCount("units", "Units", 76, Sold),
            GridColumn.OfMoney("sales", "Sales", 92, row => left[row].Sales.ToMicros()),
            GridColumn.OfMoney("spend", "Ad spend", 92, row => left[row].AdSpend.ToMicros()),
            GridColumn.OfPercent("tacos", "TACoS", 84, row => left[row].Tacos) with { Tone = row => Heat(left[row]), Hint = row => left[row] is { IsComplete: true, BreakEven: { } even } ? $"Break-even {Display.Percent(even)}" : null },
            GridColumn.OfPercent("even", "Break-even", 104, row => left[row].IsComplete ? left[row].BreakEven : null) with { Meaning = "The TACoS at which ads leave nothing: share of all sales that is left before ads." },
            GridColumn.OfMoney("profit", "Profit", 96, row => left[row].Profit?.ToMicros()) with { Tone = row => left[row].Profit is { Amount: < 0 } ? "bad" : null, Unknown = row => left[row].CostsMissing ? "no cost" : Display.None, Meaning = "Of all sales, as on the page Profit." },
            GridColumn.OfMoney("ad-sales", "Ad sales", 92, row => ads[row].Sales.ToMicros()) with { IsShown = false },
            GridColumn.OfPercent("acos", "ACoS", 84, row => ads[row].Tacos),
            GridColumn.OfCount("stock", "In stock", 84, Held) with { Meaning = "Units that can be sent, on the newest morning that was read." },
            GridColumn.OfCount("cover", "Days of cover", 112, row => Held(row) is { } held && Sold(row) is > 0 and var sold ? Math.Floor(held / (sold / span.Days)) : null) with
            {
                Meaning = "How long the stock lasts if as much is sold a day as in the days shown. Decisions go by expected sales and deliveries.",
            },
        ])
        {
            Find = row => string.Join('\n', Title(row), skus[row], Offer(row)?.Asin.Value),
            Id = row => skus[row],
            Sort = "sales",
            Totals = rows => Totals(Contribution.Of(rows.SelectMany(row => parts[skus[row]]), table.Currency, table.Sold is not null), rows.Sum(row => (long)(Sold(row) ?? 0))),
        };
    }

    private static ImmutableArray<GridTotal> Totals(Contribution sum, long units) =>
    [
        new("units", "Units", Display.Count(units)),
        new("sales", "Sales", Display.Amount(sum.Sales)),
        new("spend", "Ad spend", Display.Amount(sum.AdSpend)),
        new("tacos", "TACoS", Display.Percent(sum.Tacos)) { Beside = sum is { IsComplete: true, BreakEven: { } even } ? $"break-even {Display.Percent(even)}" : null },
        new("profit", "Profit", sum.Profit is { } profit ? Display.Amount(profit) : Display.Amount(sum.KnownProfit)) { Beside = sum.CostsMissing ? "without products of unknown cost" : null },
    ];

    // As far as a day was reported by product; of days that were not, the orders stand in.
    private static Dictionary<string, double?> Units(Workspace workspace, DateSpan span)
    {
        var units = new Dictionary<string, double?>(StringComparer.Ordinal);
        var reported = new HashSet<int>();
        foreach (var (table, column) in new[] { (workspace.SkuDays, "units_ordered"), (workspace.OrderDays, "units") })
        {
            var days = table.Ints("day");
            var skus = table.Texts("sku");
            var sold = table.Longs(column);
            for (var fact = 0; fact < table.Rows; fact++)
            {
                if (days[fact] < span.First.DayNumber || days[fact] > span.Last.DayNumber) continue;
                if (table == workspace.SkuDays) reported.Add(days[fact]);
                else if (reported.Contains(days[fact])) continue;
                units[skus[fact]] = (units.GetValueOrDefault(skus[fact]) ?? 0) + sold[fact];
            }
        }

        return units;
    }

    private static Dictionary<string, double> Stock(Workspace workspace)
    {
        var table = workspace.InventoryDays;
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var held = table.Longs("fulfillable");
        var newest = new Dictionary<string, int>(StringComparer.Ordinal);
        var stock = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var fact = 0; fact < table.Rows; fact++)
        {
            if (newest.TryGetValue(skus[fact], out var day) && day > days[fact]) continue;
            (newest[skus[fact]], stock[skus[fact]]) = (days[fact], Math.Max(0, held[fact]));
        }

        return stock;
    }

    private static string? Heat(Contribution left) => (left.Tacos, left.IsComplete ? left.BreakEven : null) switch
    {
        (null, _) => null,
        (_, null) => "heat unknown",
        ({ } tacos, { } even) when tacos > even => "heat high",
        ({ } tacos, { } even) when tacos > even * 0.9 => "heat near",
        _ => "heat low",
    };
}
