using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using MatchType = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.App.Tests.Privacy;

/// <summary>Everything that the clients can read, once, each with what comes of it.</summary>
internal sealed partial class Readings(AdsClient ads, AdsClient unified, SellingPartnerClient partner, CanaryAmazon amazon)
{
    private static readonly DateOnly Sunday = new(2026, 10, 4);

    // Columns that reports may carry and that are never asked for: a report is read by name, so they must be passed over like any other field.
    private static readonly string[] Uncalled =
    [
        "campaignName", "campaignStatus", "campaignBudgetAmount", "campaignBudgetType", "campaignBudgetCurrencyCode", "adGroupName", "portfolioId", "keyword", "keywordType", "matchType", "targeting", "adKeywordStatus",
        "advertisedAsin", "promotedAsin", "costPerClick", "clickThroughRate", "purchases1d", "purchases14d", "purchases30d", "purchasesSameSku7d", "sales1d", "sales14d", "sales30d", "attributedSalesSameSku7d",
        "unitsSoldSameSku7d", "salesOtherSku7d", "unitsSoldOtherSku7d", "acosClicks7d", "roasClicks7d", "topOfSearchImpressionShare", "royaltyQualifiedBorrows", "addToList", "qualifiedBorrows", "newToBrandPurchases",
        "newToBrandSales", "detailPageViews", "brandedSearches", "viewabilityRate", "videoCompleteViews", "longTermSales", "longTermROAS", "retailer", "spend", "targetingText", "targetingExpression",
    ];

    public IEnumerable<(string Name, Func<Task<object>> Read)> All(CancellationToken stop)
    {
        yield return ("profiles", async () => await ads.ProfilesAsync(stop));
        foreach (var (name, client) in new[] { ("products", ads), ("v1", unified) })
        {
            IReadOnlyList<AdGroup> groups = [];
            IReadOnlyList<Target> targets = [];
            yield return ($"{name} campaigns", async () => EntityTables.ToTable(await client.CampaignsAsync(stop)));
            yield return ($"{name} ad groups", async () => EntityTables.ToTable(groups = await client.AdGroupsAsync(stop)));
            yield return ($"{name} product ads", async () => EntityTables.ToTable(await client.ProductAdsAsync(stop)));
            yield return ($"{name} targets", async () => EntityTables.ToTable(targets = await client.TargetsAsync(groups, stop)));
            yield return ($"{name} negatives", async () => EntityTables.ToTable(await client.NegativesAsync(stop)));
            if (client == ads) yield return ("suggested bids", async () => await ads.SuggestedBidsAsync(targets[0].Campaign, targets[0].AdGroup, [targets[0]], stop));
            if (client != ads) continue;
            yield return ("suggested bids of Brands", async () => await ads.SuggestedBidsAsync(AdProduct.SponsoredBrands, new(11), new(22), [Asked(MatchType.Exact, "plain"), Asked(MatchType.Product, "B000000001"), Asked(MatchType.CloseMatch, "Theme: your brand")], [], stop));
            yield return ("suggested bids of Display", async () => await ads.SuggestedBidsAsync(AdProduct.SponsoredDisplay, new(11), new(22), [Asked(MatchType.Product, "B000000001")], [new("B000000001")], stop));
        }

        static Target Asked(MatchType match, string text) => new(new(33), new(11), new(22), match == MatchType.Exact ? TargetKind.Keyword : TargetKind.Product, match, text, EntityState.Enabled, new Money(1m, new Currency("USD")));

        yield return ("history", async () => await ads.HistoryAsync(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow, stop));
        foreach (var product in Enum.GetValues<AdProduct>())
        {
            yield return ($"budget use {product}", async () => await ads.BudgetUseAsync(product, [new CampaignId(11)], stop));
            yield return ($"budget rules {product}", async () => await ads.CampaignsUnderBudgetRulesAsync(product, stop));
        }

        yield return ("portfolios", async () => await ads.PortfoliosAsync(stop));
        yield return ("portfolio campaigns", async () => await ads.CampaignsInPortfolioAsync(55, stop));
        yield return ("promoted ad groups", async () => await ads.PromotedAdGroupsAsync(stop));

        foreach (var source in FieldManifest.Sources.Where(source => source.Reader.StartsWith("report:", StringComparison.Ordinal)))
        {
            var dataset = Enum.Parse<Dataset>(source.Reader.Split('/')[1]);
            amazon.Files["/file/" + dataset] = () => Report(source);
            yield return ($"order {dataset}", async () => await ads.RequestReportAsync(dataset, new DateSpan(Sunday, Sunday), stop));
            yield return ($"status {dataset}", async () => (await ads.ReportStatusAsync("report-1", stop)).State.ToString());
            yield return (dataset.ToString(), async () => await ads.DownloadReportAsync(dataset, new Uri(amazon.Address, "/file/" + dataset), stop));
        }

        yield return ("participations", async () => (await partner.ParticipationsAsync(stop)).Select(item => item.StoreName).ToList());
        yield return ("listings", async () => EntityTables.ToTable(await partner.ListingsAsync(stop)));
        yield return ("inventory", async () => await partner.InventoryAsync(Sunday, stop));
        yield return ("orders", async () => await partner.OrdersAsync(new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), stop));
        yield return ("catalogue", async () => await partner.CatalogueAsync([new Asin("B000000001")], stop));
        yield return ("fees", async () => await partner.FeeEstimatesAsync([new Listing(new("SKU-1"), new("B000000001"), "x", new(20m, new Currency("USD")), true)], Sunday, stop));
        yield return ("transactions", async () => (await partner.TransactionsAsync(new DateSpan(Sunday, Sunday), new(2026, 10, 8, 0, 0, 0, TimeSpan.Zero), new OrderKeys(new byte[32]), stop)).Rows);
        yield return ("a report", async () => await partner.PartnerReportAsync("r1", stop));
        yield return ("reports", async () => await partner.PartnerReportsAsync(PartnerReportTypes.Settlement, DateTimeOffset.UtcNow.AddDays(-30), stop));
        yield return ("a query ordered", async () => await partner.RequestEconomicsAsync(new DateSpan(Sunday, Sunday), stop));
        yield return ("a query", async () => await partner.QueryStatusAsync("q1", stop));

        foreach (var (name, text, read) in Documents())
        {
            amazon.Files["/file/none"] = () => text;
            yield return (name, async () => await read(stop));
        }
    }

    private IEnumerable<(string Name, string Text, Func<CancellationToken, Task<FactTable>> Read)> Documents()
    {
        yield return ("economics", Graph("analytics_economics_2024_03_15", "Economics"), stop => partner.DownloadEconomicsAsync("d", stop));
        yield return ("traffic", Graph("analytics_salesAndTraffic_2024_04_24", "SalesAndTrafficByAsin"), stop => partner.DownloadTrafficAsync("d", stop));
        yield return ("search queries", Analytics("sellingPartnerSearchQueryPerformanceReport", "GET_BRAND_ANALYTICS_SEARCH_QUERY_PERFORMANCE_REPORT", "dataByAsin[]."), stop => partner.DownloadSearchQueriesAsync("d", stop));
        yield return ("search catalogue", Analytics("sellingPartnerSearchCatalogPerformanceReport", "GET_BRAND_ANALYTICS_SEARCH_CATALOG_PERFORMANCE_REPORT", "dataByAsin[]."), stop => partner.DownloadSearchCatalogueAsync("d", stop));
        yield return ("search terms", Analytics("sellingPartnerSearchTermsReport", "GET_BRAND_ANALYTICS_SEARCH_TERMS_REPORT", "dataByDepartmentAndSearchTerm[].", ("dataByDepartmentAndSearchTerm[].searchTerm", "kettle"), ("dataByDepartmentAndSearchTerm[].departmentName", "Amazon.com"),
            ("dataByDepartmentAndSearchTerm[].clickedAsin", "B000000001"), ("dataByDepartmentAndSearchTerm[].searchFrequencyRank", 3), ("dataByDepartmentAndSearchTerm[].clickShareRank", 1), ("dataByDepartmentAndSearchTerm[].clickShare", 0.5), ("dataByDepartmentAndSearchTerm[].conversionShare", 0.5)),
            stop => partner.DownloadSearchTermsAsync("d", Sunday, ["kettle"], [], stop));
        yield return ("order file", Flat("The file of orders", OrderColumns, new() { ["amazon-order-id"] = "111-1", ["purchase-date"] = "2026-10-04T08:00:00+00:00", ["order-status"] = "Shipped", ["item-status"] = "Shipped", ["sku"] = "SKU-1", ["quantity"] = "1", ["item-price"] = "20.00", ["currency"] = "USD", ["sales-channel"] = "Amazon.com" }),
            async stop => (await partner.DownloadOrderFileAsync("d", new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), new OrderKeys(new byte[32]), stop)).Lines);
        yield return ("returns", Flat("The file of returns", ReturnColumns, new() { ["return-date"] = "2026-10-04T08:00:00+00:00", ["order-id"] = "111-1", ["sku"] = "SKU-1", ["quantity"] = "1", ["detailed-disposition"] = "SELLABLE" }),
            stop => partner.DownloadReturnsAsync("d", new OrderKeys(new byte[32]), stop));
        yield return ("settlement", Settlement(), async stop => (await partner.DownloadSettlementAsync("d", new OrderKeys(new byte[32]), stop)).Rows);
        yield return ("stock plan", Flat("The inventory planning report", StockColumns, new() { ["sku"] = "SKU-1", ["available"] = "5", ["currency"] = "USD" }), stop => partner.DownloadStockPlanAsync("d", stop));
    }

    private string Report(ManifestSource source)
    {
        var row = new JsonObject();
        foreach (var field in source.Fields)
        {
            row[field.Path] = field.Path switch
            {
                "date" => "2026-10-04",
                "searchTerm" => "kettle",
                "placementClassification" => "Top of Search on-Amazon",
                "advertisedSku" or "promotedSku" => "SKU-1",
                "purchasedAsin" or "asinBrandHalo" => "B000000001",
                "campaignBudgetCurrencyCode" => "USD",
                var id when id.EndsWith("Id", StringComparison.Ordinal) => 11,
                var money when money.StartsWith("cost", StringComparison.Ordinal) || money.StartsWith("sales", StringComparison.Ordinal) => 1.25m,
                _ => 3,
            };
        }

        foreach (var column in Uncalled.Where(column => source.Fields.All(field => field.Path != column))) row[column] = amazon.Canaries.Canary(source.Operations[0], column);
        return new JsonArray(row).ToJsonString();
    }

    private string Analytics(string schema, string operation, string below, params (string Path, JsonNode Value)[] own)
    {
        var root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Specs!, "sp-api-schemas", schema + ".json"))).RootElement;
        return amazon.Row(operation, root, root, below, own.ToDictionary(each => each.Path, each => (JsonNode?)each.Value, StringComparer.Ordinal)).ToJsonString();
    }

    /// <summary>A row of a Data Kiosk document: the schema language's types, turned into the other schemas' words.</summary>
    private string Graph(string file, string type)
    {
        var text = Prose().Replace(File.ReadAllText(Path.Combine(Repository.Specs!, "sp-api-schemas", file + ".graphql")), "");
        var definitions = new JsonObject();
        foreach (Match found in GraphType().Matches(text))
        {
            var properties = new JsonObject();
            foreach (Match field in GraphField().Matches(found.Groups["body"].Value))
            {
                var named = field.Groups["type"].Value;
                var list = named.Contains('[', StringComparison.Ordinal);
                named = named.Trim('[', ']', '!');
                JsonObject schema = named switch
                {
                    "Float" => new() { ["type"] = "number" },
                    "Int" or "Long" => new() { ["type"] = "integer" },
                    "Boolean" => new() { ["type"] = "boolean" },
                    "String" or "Date" => new() { ["type"] = "string" },
                    _ => new() { ["$ref"] = "#/" + named },
                };
                properties[field.Groups["name"].Value] = list ? new JsonObject { ["type"] = "array", ["items"] = schema } : schema;
            }

            definitions[found.Groups["name"].Value] = new JsonObject { ["type"] = "object", ["properties"] = properties };
        }

        foreach (Match word in GraphEnum().Matches(text)) definitions[word.Groups["name"].Value] = new JsonObject { ["type"] = "string" };
        foreach (Match scalar in GraphScalar().Matches(text)) definitions[scalar.Groups["name"].Value] = new JsonObject { ["type"] = "string" };
        var root = JsonDocument.Parse(definitions.ToJsonString()).RootElement;
        return amazon.Row(file, root, root.GetProperty(type)).ToJsonString();
    }

    private string Flat(string name, string[] columns, Dictionary<string, string> values)
    {
        var listed = FieldManifest.Sources.Single(source => source.Reader == "file:" + name);
        string[] all = [.. listed.Fields.Select(field => field.Path), .. columns.Except(listed.Fields.Select(field => field.Path))];
        var row = all.Select(column => values.TryGetValue(column, out var value) ? value : listed.Fields.Any(field => field.Path == column) ? "" : amazon.Canaries.Canary(listed.Operations[0], column));
        return string.Join('\t', all) + "\n" + string.Join('\t', row) + "\n";
    }

    private string Settlement()
    {
        var listed = FieldManifest.Sources.Single(source => source.Reader == "file:The settlement report");
        string[] all = [.. listed.Fields.Select(field => field.Path), .. SettlementColumns.Except(listed.Fields.Select(field => field.Path))];
        string Line(Dictionary<string, string> values) => string.Join('\t', all.Select(column => values.TryGetValue(column, out var value) ? value : listed.Fields.Any(field => field.Path == column) ? "" : amazon.Canaries.Canary(listed.Operations[0], column))) + "\n";
        return string.Join('\t', all) + "\n"
            + Line(new() { ["settlement-id"] = "123", ["settlement-start-date"] = "2026-10-01 00:00:00 UTC", ["settlement-end-date"] = "2026-10-08 00:00:00 UTC", ["deposit-date"] = "2026-10-09 00:00:00 UTC", ["total-amount"] = "20.00", ["currency"] = "USD" })
            + Line(new() { ["settlement-id"] = "123", ["transaction-type"] = "Order", ["order-id"] = "111-1", ["amount-type"] = "ItemPrice", ["amount-description"] = "Principal", ["amount"] = "20.00", ["posted-date"] = "2026-10-04", ["posted-date-time"] = "2026-10-04 08:00:00 UTC", ["sku"] = "SKU-1", ["quantity-purchased"] = "1" });
    }

    private static readonly string[] OrderColumns =
    [
        "merchant-order-id", "last-updated-date", "fulfillment-channel", "order-channel", "url", "ship-service-level", "product-name", "asin", "number-of-items", "item-tax", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
        "ship-promotion-discount", "ship-city", "ship-state", "ship-postal-code", "ship-country", "promotion-ids", "cpf", "is-business-order", "purchase-order-number", "price-designation", "signature-confirmation-recommended",
        "buyer-identification-number", "buyer-identification-type", "buyer-name", "buyer-email", "buyer-phone-number", "recipient-name", "ship-address-1", "gift-message-text", "customized-url", "license-plate-number",
    ];

    private static readonly string[] ReturnColumns = ["asin", "fnsku", "product-name", "fulfillment-center-id", "reason", "status", "license-plate-number", "customer-comments"];

    private static readonly string[] StockColumns =
    [
        "snapshot-date", "fnsku", "asin", "product-name", "condition", "pending-removal-quantity", "inv-age-0-to-90-days", "inv-age-91-to-180-days", "units-shipped-t7", "units-shipped-t60", "units-shipped-t90", "alert",
        "your-price", "sales-price", "lowest-price-new-plus-shipping", "lowest-price-used", "recommended-action", "recommended-sales-price", "recommended-sale-duration-days", "recommended-removal-quantity", "estimated-cost-savings-of-recommended-actions",
        "sell-through", "item-volume", "volume-unit-measurement", "storage-type", "storage-volume", "marketplace", "product-group", "sales-rank", "historical-days-of-supply", "inbound-working", "inbound-shipped", "inbound-received", "no-sale-last-6-months",
    ];

    private static readonly string[] SettlementColumns =
    [
        "merchant-order-id", "adjustment-id", "shipment-id", "marketplace-name", "fulfillment-id", "order-item-code", "merchant-order-item-id", "merchant-adjustment-item-id", "promotion-id",
    ];

    [GeneratedRegex("\"\"\".*?\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*\"", RegexOptions.Singleline)]
    private static partial Regex Prose();

    [GeneratedRegex(@"^type (?<name>\w+)[^{]*\{(?<body>.*?)^\}", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex GraphType();

    [GeneratedRegex(@"^  (?<name>\w+): (?<type>[\[\]\w!]+)", RegexOptions.Multiline)]
    private static partial Regex GraphField();

    [GeneratedRegex(@"^enum (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex GraphEnum();

    [GeneratedRegex(@"^scalar (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex GraphScalar();
}
