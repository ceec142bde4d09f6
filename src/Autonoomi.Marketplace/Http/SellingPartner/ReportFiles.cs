using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.Ledger;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary>What stands in the reports that can be ordered.</summary>
internal static class ReportFiles
{
    private const string Planning = "GET_FBA_INVENTORY_PLANNING_DATA";
    private const string Orders = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
    private const string Returns = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA";
    private const string Terms = "GET_BRAND_ANALYTICS_SEARCH_TERMS_REPORT";
    private const string Queries = "GET_BRAND_ANALYTICS_SEARCH_QUERY_PERFORMANCE_REPORT";
    private const string Catalogue = "GET_BRAND_ANALYTICS_SEARCH_CATALOG_PERFORMANCE_REPORT";
    private const int LongestAsinList = 200;

    public static bool Knows(string type) => type is Planning or Orders or Returns || IsBrandAnalytics(type);

    public static bool IsBrandAnalytics(string type) => type is Terms or Queries or Catalogue;

    public static bool IsReturns(string type) => type is Returns;

    /// <returns>The content; or nothing when there is nothing to tell; or the words of the error document.</returns>
    public static (string? Content, string? Problem) Make(WorldGate gate, ReportOrder order)
    {
        if (IsBrandAnalytics(order.Type)) return Week(gate, order);
        if (order.Type == Planning) return (PlanningFile(gate), null);
        if (order is not { From: { } from, Until: { } until }) return (null, "dataStartTime and dataEndTime are asked for this report.");
        if (until - from > TimeSpan.FromDays(31)) return (null, "The span is longer than 30 days.");
        return (IsReturns(order.Type) ? ReturnsFile(gate.Money, from, until) : OrdersFile(gate.World, from, until), null);
    }

    private static string? PlanningFile(WorldGate gate)
    {
        var world = gate.World;
        string[] columns =
        [
            "snapshot-date", "sku", "fnsku", "asin", "product-name", "condition", "available", "pending-removal-quantity", "inv-age-0-to-90-days", "inv-age-91-to-180-days", "inv-age-181-to-270-days",
            "inv-age-271-to-365-days", "inv-age-365-plus-days", "currency", "units-shipped-t7", "units-shipped-t30", "units-shipped-t60", "units-shipped-t90", "alert", "your-price", "recommended-action",
            "days-of-supply", "estimated-excess-quantity", "sell-through", "item-volume", "volume-unit-measurement", "storage-type", "storage-volume", "estimated-storage-cost-next-month", "inbound-quantity",
            "unfulfillable-quantity", "Total Reserved Quantity", "Inventory Supply at FBA",
        ];
        var shipped = world.Today > world.FirstDay ? world.EconomicsRows(DateSpan.Ending(world.Today.AddDays(-1), 30)).ToLookup(row => row.Sku, StringComparer.Ordinal) : null;
        var stock = world.Stock();
        if (stock.Count == 0) return null;
        var text = new StringBuilder().AppendJoin('\t', columns).Append('\n');
        foreach (var level in stock.OrderBy(each => each.Sku, StringComparer.Ordinal))
        {
            var product = world.Market.Products.First(each => each.Sku == level.Sku);
            var month = shipped?[level.Sku].Sum(row => row.UnitsOrdered) ?? 0;
            var daily = month / 30.0;
            var old = (int)(gate.Money.Hash($"age/{level.Sku}") % 5) == 0 ? level.Fulfillable / 8 : 0;
            var fields = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["snapshot-date"] = world.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["sku"] = level.Sku, ["fnsku"] = Inventory.FnSku(level.Asin), ["asin"] = level.Asin, ["product-name"] = product.Title,
                ["condition"] = "New", ["available"] = Whole(level.Fulfillable), ["pending-removal-quantity"] = "0", ["inv-age-0-to-90-days"] = Whole(level.Fulfillable - old), ["inv-age-181-to-270-days"] = Whole(old),
                ["inv-age-91-to-180-days"] = "0", ["inv-age-271-to-365-days"] = "0", ["inv-age-365-plus-days"] = "0", ["currency"] = world.Marketplace.Currency.Code, ["units-shipped-t30"] = Whole(month),
                ["your-price"] = Amount(product.Price), ["days-of-supply"] = daily > 0 ? Whole((int)(level.Fulfillable / daily)) : "-1",
                ["estimated-excess-quantity"] = daily > 0 ? Whole(Math.Max(0, (int)(level.Fulfillable - (daily * 90)))) : "", ["estimated-storage-cost-next-month"] = Amount(decimal.Round(level.Fulfillable * product.StoragePerUnitDay * 30, 2)),
                ["inbound-quantity"] = Whole(level.Inbound), ["unfulfillable-quantity"] = "0", ["Total Reserved Quantity"] = Whole(level.Reserved), ["Inventory Supply at FBA"] = Whole(level.Fulfillable + level.Reserved + level.Inbound),
            };
            text.AppendJoin('\t', columns.Select(column => fields.GetValueOrDefault(column, ""))).Append('\n');
        }

        return text.ToString();
    }

    private static string? OrdersFile(MarketWorld world, DateTimeOffset from, DateTimeOffset until)
    {
        string[] columns =
        [
            "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status", "fulfillment-channel", "sales-channel", "order-channel", "url", "ship-service-level", "product-name", "sku",
            "asin", "item-status", "quantity", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax", "item-promotion-discount", "ship-promotion-discount",
            "ship-city", "ship-state", "ship-postal-code", "ship-country", "promotion-ids", "is-business-order", "purchase-order-number", "price-designation",
        ];
        var orders = world.OrdersUpdated(from, until);
        if (orders.Count == 0) return null;
        var text = new StringBuilder().AppendJoin('\t', columns).Append('\n');
        foreach (var order in orders)
        {
            var gone = order.Status == OrderStatus.Cancelled;
            var fields = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["amazon-order-id"] = order.OrderId, ["purchase-date"] = Iso(order.PurchasedAt), ["last-updated-date"] = Iso(order.UpdatedAt), ["fulfillment-channel"] = "Amazon", ["sales-channel"] = "Amazon.com",
                ["order-status"] = order.Status switch { OrderStatus.Cancelled => "Cancelled", OrderStatus.Shipped => "Shipped", OrderStatus.Unshipped => "Unshipped" }, ["sku"] = order.Sku, ["asin"] = order.Asin,
                ["quantity"] = Whole(gone ? 0 : order.Quantity), ["currency"] = gone ? "" : world.Marketplace.Currency.Code, ["item-price"] = gone ? "" : Amount(order.Quantity * order.UnitPrice), ["ship-service-level"] = "Standard",
                // Nobody lives here; the columns are there so that a reader can be seen to step over them.
                ["ship-city"] = "PRETENDVILLE", ["ship-state"] = "ZZ", ["ship-postal-code"] = "00000", ["ship-country"] = "ZZ", ["is-business-order"] = "false",
            };
            text.AppendJoin('\t', columns.Select(column => fields.GetValueOrDefault(column, ""))).Append('\n');
        }

        return text.ToString();
    }

    private static string? ReturnsFile(MoneyBook money, DateTimeOffset from, DateTimeOffset until)
    {
        string[] columns =
        [
            "return-date", "order-id", "sku", "asin", "fnsku", "product-name", "quantity", "fulfillment-center-id", "detailed-disposition", "reason", "status", "license-plate-number", "customer-comments",
        ];
        var goods = money.Returned().Where(each => each.At >= from && each.At <= until).ToList();
        if (goods.Count == 0) return null;
        var text = new StringBuilder().AppendJoin('\t', columns).Append('\n');
        foreach (var each in goods)
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["return-date"] = Iso(each.At), ["order-id"] = each.OrderId, ["sku"] = each.Sku, ["asin"] = each.Asin, ["fnsku"] = Inventory.FnSku(each.Asin), ["quantity"] = Whole(each.Units), ["fulfillment-center-id"] = "PRE1",
                ["detailed-disposition"] = each.Disposition, ["status"] = "Unit returned to inventory", ["reason"] = each.Disposition == "DEFECTIVE" ? "DEFECTIVE" : "UNWANTED_ITEM",
                // Nobody wrote this; the columns are there so that a reader can be seen to step over them.
                ["license-plate-number"] = "LPNPRETEND", ["customer-comments"] = "PRETENDWORDS",
            };
            text.AppendJoin('\t', columns.Select(column => fields.GetValueOrDefault(column, ""))).Append('\n');
        }

        return text.ToString();
    }

    private static (string? Content, string? Problem) Week(WorldGate gate, ReportOrder order)
    {
        var world = gate.World;
        if (order is not { From: { } from, Until: { } until }) return (null, "dataStartTime and dataEndTime are asked for this report.");
        if (order.Options.GetValueOrDefault("reportPeriod") != "WEEK") return (null, "Only the period WEEK is played here.");
        var days = (First: DateOnly.FromDateTime(from.UtcDateTime), Last: DateOnly.FromDateTime(until.UtcDateTime));
        if (days.First.DayOfWeek != DayOfWeek.Sunday || days.Last != days.First.AddDays(6)) return (null, "dataStartTime and dataEndTime do not match one week from Sunday to Saturday.");
        // A week's figures are ready two days after its end.
        if (days.Last.AddDays(2) >= world.Today || days.First < world.FirstDay) return (null, "The data of this period are not available.");

        var specification = new JsonObject
        {
            ["reportType"] = order.Type, ["reportOptions"] = new JsonObject(order.Options.Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Value))),
            ["dataStartTime"] = Day(days.First), ["dataEndTime"] = Day(days.Last), ["marketplaceIds"] = new JsonArray(world.Marketplace.Id),
        };
        var searches = Searches(gate, new DateSpan(days.First, days.Last));
        switch (order.Type)
        {
            case Queries:
                var list = order.Options.GetValueOrDefault("asin") ?? "";
                if (list.Length is 0 or > LongestAsinList) return (null, "asin is a list of 1 to 200 characters.");
                var asked = list.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return Whole(specification, "dataByAsin", searches.Where(each => asked.Contains(each.Asin)).Select(each => Show(world, days.First, each)));
            case Catalogue:
                return Whole(specification, "dataByAsin", searches.GroupBy(each => each.Asin).Select(each => Show(world, days.First, each.Key, [.. each])));
            default:
                return Whole(specification, "dataByDepartmentAndSearchTerm", searches.GroupBy(each => each.Query).OrderByDescending(each => each.First().Volume).ThenBy(each => each.Key, StringComparer.Ordinal)
                    .SelectMany((each, rank) => Ranked(world, each.Key, rank + 1, [.. each])));
        }

        static (string?, string?) Whole(JsonObject specification, string name, IEnumerable<JsonNode> rows) => (new JsonObject { ["reportSpecification"] = specification, [name] = new JsonArray([.. rows]) }.ToJsonString(), null);
    }

    private sealed record Search(string Asin, string Query, long Volume, long Seen, long OwnSeen, long Clicks, long OwnClicks, long Carts, long OwnCarts, long Bought, long OwnBought);

    // Own figures are those of the ads and somewhat more; what other sellers had is made up from the seed, always the same.
    private static List<Search> Searches(WorldGate gate, DateSpan days)
    {
        var world = gate.World;
        var products = world.Ads.ProductAds.GroupBy(ad => ad.AdGroupId).ToDictionary(ads => ads.Key, ads => ads.First().Asin);
        var found = new List<Search>();
        foreach (var search in world.SearchTermRows(days).Where(row => products.ContainsKey(row.AdGroupId) && row.SearchTerm.Contains(' ', StringComparison.Ordinal))
            .GroupBy(row => (Asin: products[row.AdGroupId], Query: row.SearchTerm)).OrderBy(group => group.Key.Asin, StringComparer.Ordinal).ThenBy(group => group.Key.Query, StringComparer.Ordinal))
        {
            var draw = gate.Money.Hash($"search/{search.Key.Query}");
            var (clicks, bought) = (search.Sum(row => row.Metrics.Clicks) * 3 / 2, search.Sum(row => row.Metrics.Within7Days.Orders));
            var seen = Math.Max(clicks, search.Sum(row => row.Metrics.Impressions) * 3 / 2);
            var others = 3 + (long)(draw % 9);
            // Rivals sell after 3 to 14 of a hundred clicks.
            var all = bought + (clicks * (others - 1) * (3 + (long)(draw / 9 % 12)) / 100);
            found.Add(new(search.Key.Asin, search.Key.Query, seen * others / 2, seen * others, seen, clicks * others, clicks, all + (clicks * others / 10), bought + (clicks / 10), all, bought));
        }

        return found;
    }

    private static JsonObject Show(MarketWorld world, DateOnly sunday, Search search)
    {
        JsonObject Price() => new() { ["amount"] = world.Market.Products.First(each => each.Asin == search.Asin).Price, ["currencyCode"] = world.Marketplace.Currency.Code };
        return new JsonObject
        {
            ["startDate"] = Day(sunday), ["endDate"] = Day(sunday.AddDays(6)), ["asin"] = search.Asin,
            ["searchQueryData"] = new JsonObject { ["searchQuery"] = search.Query, ["searchQueryScore"] = 1, ["searchQueryVolume"] = search.Volume },
            ["impressionData"] = new JsonObject { ["totalQueryImpressionCount"] = search.Seen, ["asinImpressionCount"] = search.OwnSeen, ["asinImpressionShare"] = Share(search.OwnSeen, search.Seen) },
            ["clickData"] = new JsonObject
            {
                ["totalClickCount"] = search.Clicks, ["totalClickRate"] = Share(search.Clicks, search.Volume), ["asinClickCount"] = search.OwnClicks, ["asinClickShare"] = Share(search.OwnClicks, search.Clicks),
                ["totalMedianClickPrice"] = Price(), ["asinMedianClickPrice"] = Price(), ["totalSameDayShippingClickCount"] = 0, ["totalOneDayShippingClickCount"] = 0, ["totalTwoDayShippingClickCount"] = search.Clicks,
            },
            ["cartAddData"] = new JsonObject
            {
                ["totalCartAddCount"] = search.Carts, ["totalCartAddRate"] = Share(search.Carts, search.Volume), ["asinCartAddCount"] = search.OwnCarts, ["asinCartAddShare"] = Share(search.OwnCarts, search.Carts),
                ["totalMedianCartAddPrice"] = Price(), ["asinMedianCartAddPrice"] = Price(), ["totalSameDayShippingCartAddCount"] = 0, ["totalOneDayShippingCartAddCount"] = 0, ["totalTwoDayShippingCartAddCount"] = search.Carts,
            },
            ["purchaseData"] = new JsonObject
            {
                ["totalPurchaseCount"] = search.Bought, ["totalPurchaseRate"] = Share(search.Bought, search.Volume), ["asinPurchaseCount"] = search.OwnBought, ["asinPurchaseShare"] = Share(search.OwnBought, search.Bought),
                ["totalMedianPurchasePrice"] = Price(), ["asinMedianPurchasePrice"] = Price(), ["totalSameDayShippingPurchaseCount"] = 0, ["totalOneDayShippingPurchaseCount"] = 0, ["totalTwoDayShippingPurchaseCount"] = search.Bought,
            },
        };
    }

    private static JsonObject Show(MarketWorld world, DateOnly sunday, string asin, List<Search> searches)
    {
        var price = world.Market.Products.First(each => each.Asin == asin).Price;
        JsonObject Money(decimal amount) => new() { ["amount"] = amount, ["currencyCode"] = world.Marketplace.Currency.Code };
        var (seen, clicks, carts, bought) = (searches.Sum(each => each.OwnSeen), searches.Sum(each => each.OwnClicks), searches.Sum(each => each.OwnCarts), searches.Sum(each => each.OwnBought));
        return new JsonObject
        {
            ["startDate"] = Day(sunday), ["endDate"] = Day(sunday.AddDays(6)), ["asin"] = asin,
            ["impressionData"] = new JsonObject { ["impressionCount"] = seen, ["impressionMedianPrice"] = Money(price), ["sameDayShippingImpressionCount"] = 0, ["oneDayShippingImpressionCount"] = 0, ["twoDayShippingImpressionCount"] = seen },
            ["clickData"] = new JsonObject { ["clickCount"] = clicks, ["clickRate"] = Share(clicks, seen), ["clickedMedianPrice"] = Money(price), ["sameDayShippingClickCount"] = 0, ["oneDayShippingClickCount"] = 0, ["twoDayShippingClickCount"] = clicks },
            ["cartAddData"] = new JsonObject { ["cartAddCount"] = carts, ["cartAddedMedianPrice"] = Money(price), ["sameDayShippingCartAddCount"] = 0, ["oneDayShippingCartAddCount"] = 0, ["twoDayShippingCartAddCount"] = carts },
            ["purchaseData"] = new JsonObject
            {
                ["purchaseCount"] = bought, ["searchTrafficSales"] = Money(bought * price), ["conversionRate"] = Share(bought, seen), ["purchaseMedianPrice"] = Money(price),
                ["sameDayShippingPurchaseCount"] = 0, ["oneDayShippingPurchaseCount"] = 0, ["twoDayShippingPurchaseCount"] = bought,
            },
        };
    }

    // The three products that were clicked most: the seller's own, and rivals that have no name here.
    private static IEnumerable<JsonNode> Ranked(MarketWorld world, string query, int rank, List<Search> searches)
    {
        var department = world.Marketplace.Country == "US" ? "Amazon.com" : $"Amazon {world.Marketplace.Country}";
        var clicked = searches.OrderByDescending(each => each.OwnClicks).Select(each => (each.Asin, Clicks: Share(each.OwnClicks, each.Clicks), Bought: Share(each.OwnBought, each.Bought)))
            .Concat([("B0RIVAL001", 0.05, 0.04), ("B0RIVAL002", 0.04, 0.03), ("B0RIVAL003", 0.03, 0.02)]).OrderByDescending(each => each.Item2).Take(3).ToList();
        return clicked.Select((each, place) => (JsonNode)new JsonObject
        {
            ["departmentName"] = department, ["searchTerm"] = query, ["searchFrequencyRank"] = rank, ["clickedAsin"] = each.Item1, ["clickShareRank"] = place + 1, ["clickShare"] = each.Item2, ["conversionShare"] = each.Item3,
        });
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : Math.Round(Math.Min(1.0, (double)part / whole), 4);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Iso(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Amount(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
