using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.OtherAds;
using Autonoomi.Marketplace.World;
using GraphQLParser.AST;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary>
/// Sales and traffic by product, added up over all days that are asked for, as Amazon does. Sales are the world's; visits are made up to fit them: clicks on ads, and for the
/// other orders as many visits as such a product needs for an order. Days younger than three are not complete yet.
/// </summary>
internal sealed record TrafficQuery(DateSpan Days, IReadOnlyList<string> Marketplaces, string Product, GraphQLSelectionSet Fields) : IKioskQuery
{
    public const string Root = "analytics_salesAndTraffic_2024_04_24";
    private const double PagesPerSession = 1.32;

    private static readonly KioskTypes Types = new(new(StringComparer.Ordinal)
    {
        ["SalesAndTrafficByAsin"] = KioskTypes.Shape("childAsin endDate marketplaceId parentAsin sku startDate", ("sales", "ByAsinSales"), ("traffic", "ByAsinTraffic")),
        ["ByAsinSales"] = KioskTypes.Shape("ordersShipped refundRate totalOrderItems unitsOrdered unitsRefunded unitsShipped", ("orderedProductSales", "Amount"), ("shippedProductSales", "Amount")),
        ["ByAsinTraffic"] = KioskTypes.Shape("browserPageViews browserSessions buyBoxPercentage mobileAppPageViews mobileAppSessions pageViews pageViewsPercentage sessionPercentage sessions unitSessionPercentage"),
        ["Amount"] = KioskTypes.Shape("amount currencyCode"),
    });

    /// <exception cref="BadInputException">The arguments or fields are none of this data set.</exception>
    public static TrafficQuery Read(GraphQLField query, DateOnly today)
    {
        Types.Check("SalesAndTrafficByAsin", query.SelectionSet!, query.Name.StringValue);
        var arguments = KioskText.Arguments(query, "startDate", "endDate", "marketplaceIds", "aggregateBy");
        var product = (arguments.GetValueOrDefault("aggregateBy") as GraphQLEnumValue)?.Name.StringValue;
        if (product is not ("PARENT" or "CHILD" or "SKU")) throw new BadInputException("aggregateBy is PARENT, CHILD or SKU.");
        return new(KioskText.Days(arguments, today), KioskText.Marketplaces(arguments), product, query.SelectionSet!);
    }

    public byte[]? Render(MarketWorld world, OtherMarket others)
    {
        var last = Days.Last < world.Today ? Days.Last : world.Today.AddDays(-1);
        if (last < Days.First || !Marketplaces.Contains(world.Marketplace.Id)) return null;
        var rows = Rows(world, new DateSpan(Days.First, last)).ToList();
        if (rows.Count == 0) return null;
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        using (var text = new StreamWriter(gzip, new UTF8Encoding(false)) { NewLine = "\n" })
            foreach (var row in rows) text.WriteLine(KioskText.Project(row, Fields)!.ToJsonString());
        return file.ToArray();
    }

    private IEnumerable<JsonObject> Rows(MarketWorld world, DateSpan days)
    {
        var sales = world.EconomicsRows(days).ToLookup(row => row.Sku, StringComparer.Ordinal);
        var ads = world.ProductRows(days).ToLookup(row => row.Sku, StringComparer.Ordinal);
        var orders = world.OrdersPurchased(world.Now.AddDays(days.First.DayNumber - world.Today.DayNumber - 2), world.Now)
            .Where(order => order.Status != OrderStatus.Cancelled && days.Contains(world.DayOf(order.PurchasedAt))).ToLookup(order => order.Sku, StringComparer.Ordinal);
        foreach (var product in world.Market.Products)
        {
            // Late data: the share of visits that Amazon has counted so far.
            var counted = sales[product.Sku].GroupBy(row => row.Day).Sum(day => (world.Today.DayNumber - day.Key.DayNumber) switch { <= 1 => 0.86, 2 => 0.97, _ => 1.0 }) / Math.Max(1, sales[product.Sku].Select(row => row.Day).Distinct().Count());
            var units = sales[product.Sku].Sum(row => row.UnitsOrdered);
            var organic = Math.Max(0, units - ads[product.Sku].Sum(row => row.Metrics.Within7Days.SameSkuUnits));
            var sessions = (long)Math.Round((ads[product.Sku].Sum(row => row.Metrics.Clicks) + (organic / Math.Max(0.02, product.Conversion * 1.4))) * counted);
            if (sessions == 0 && units == 0) continue;
            var pages = (long)Math.Round(sessions * PagesPerSession);
            var (ordered, returned) = (sales[product.Sku].Sum(row => row.OrderedSales), sales[product.Sku].Sum(row => row.UnitsRefunded));
            JsonObject Amount(decimal amount) => new() { ["amount"] = amount, ["currencyCode"] = world.Marketplace.Currency.Code };
            yield return new JsonObject
            {
                ["startDate"] = Day(Days.First), ["endDate"] = Day(Days.Last), ["marketplaceId"] = world.Marketplace.Id,
                ["parentAsin"] = product.Asin, ["childAsin"] = Product == "PARENT" ? null : product.Asin, ["sku"] = Product == "SKU" ? product.Sku : null,
                ["sales"] = new JsonObject
                {
                    ["orderedProductSales"] = Amount(ordered), ["shippedProductSales"] = Amount(ordered), ["unitsOrdered"] = units, ["unitsShipped"] = units, ["unitsRefunded"] = returned,
                    ["totalOrderItems"] = orders[product.Sku].Count(), ["ordersShipped"] = orders[product.Sku].Count(), ["refundRate"] = units == 0 ? 0 : Math.Round(100.0 * returned / units, 2),
                },
                ["traffic"] = new JsonObject
                {
                    ["sessions"] = sessions, ["pageViews"] = pages, ["browserSessions"] = sessions / 3, ["mobileAppSessions"] = sessions - (sessions / 3), ["browserPageViews"] = pages / 3, ["mobileAppPageViews"] = pages - (pages / 3),
                    ["buyBoxPercentage"] = Math.Round(100 * Enumerable.Range(days.First.DayNumber, days.Days).Average(day => world.Market.On(Math.Max(0, day - world.FirstDay.DayNumber)).Retail[product.Index].BuyBoxShare), 2),
                    ["sessionPercentage"] = 0, ["pageViewsPercentage"] = 0, ["unitSessionPercentage"] = sessions == 0 ? 0 : Math.Round(100.0 * units / sessions, 2),
                },
            };
        }
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
