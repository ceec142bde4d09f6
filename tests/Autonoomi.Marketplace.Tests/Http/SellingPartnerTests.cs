using System.IO;
using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Marketplace.Tests.Http;

public sealed class SellingPartnerTests(OpenShop open) : IClassFixture<OpenShop>, IDisposable
{
    private readonly Shop shop = open.Shop;

    public void Dispose() => open.Shop.AssertSpecified();

    [Fact]
    public async Task Participations_hold_the_marketplace_and_one_that_nobody_should_know()
    {
        var ids = (await shop.PartnerJsonAsync(HttpMethod.Get, "/sellers/v1/marketplaceParticipations"))["payload"]!.AsArray().Select(each => (string)each!["marketplace"]!["id"]!).ToList();

        Assert.Contains("ATVPDKIKX0DER", ids);
        Assert.Contains(ids, id => !Core.Primitives.Marketplace.IsKnown(id));
    }

    [Theory]
    [InlineData(null, "missing in the request header")]
    [InlineData("Atza|unknown", "revoked, malformed or invalid")]
    public async Task A_missing_or_unknown_token_is_a_403_and_never_a_401(string? token, string details)
    {
        using var response = await shop.PartnerAsync(HttpMethod.Get, "/sellers/v1/marketplaceParticipations", change: request =>
        {
            request.Headers.Remove("x-amz-access-token");
            if (token is not null) request.Headers.Add("x-amz-access-token", token);
        });

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(details, await response.Content.ReadAsStringAsync(Shop.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ads_token_opens_nothing_here()
    {
        var (ads, _) = await shop.ConnectAdsAsync();
        using var response = await shop.PartnerAsync(HttpMethod.Get, "/sellers/v1/marketplaceParticipations", change: request =>
        {
            request.Headers.Remove("x-amz-access-token");
            request.Headers.Add("x-amz-access-token", ads);
        });

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Listings_come_in_pages_with_price_and_asin()
    {
        var path = $"/listings/2021-08-01/items/{shop.World.SellingPartnerId}?marketplaceIds=ATVPDKIKX0DER&includedData=summaries,offers&pageSize=5&sortBy=sku&sortOrder=ASC";
        var items = new List<JsonNode>();
        string? token = null;
        do
        {
            var page = await shop.PartnerJsonAsync(HttpMethod.Get, token is null ? path : $"{path}&pageToken={Uri.EscapeDataString(token)}");
            items.AddRange(page["items"]!.AsArray().Select(each => each!));
            token = (string?)page["pagination"]?["nextToken"];
        }
        while (token is not null);

        var truth = shop.World.Listings().ToDictionary(each => each.Sku.Value);
        Assert.Equal(truth.Count, items.Count);
        Assert.All(items, item =>
        {
            var listing = truth[(string)item["sku"]!];
            Assert.Equal(listing.Asin.Value, (string)item["summaries"]![0]!["asin"]!);
            Assert.Equal(listing.Price.Amount, decimal.Parse((string)item["offers"]![0]!["price"]!["amount"]!, System.Globalization.CultureInfo.InvariantCulture));
        });
    }

    [Fact]
    public async Task Listings_of_another_seller_and_marketplaces_of_another_region_are_forbidden()
    {
        await shop.PartnerJsonAsync(HttpMethod.Get, "/listings/2021-08-01/items/A1OTHER?marketplaceIds=ATVPDKIKX0DER", expected: 403);
        var region = await shop.PartnerJsonAsync(HttpMethod.Get, $"/listings/2021-08-01/items/{shop.World.SellingPartnerId}?marketplaceIds=A1PA6795UKMFR9", expected: 403);

        Assert.Contains("not valid for region", (string)region["errors"]![0]!["details"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inventory_says_what_is_in_stock()
    {
        var rows = (await shop.PartnerJsonAsync(HttpMethod.Get, "/fba/inventory/v1/summaries?granularityType=Marketplace&granularityId=ATVPDKIKX0DER&marketplaceIds=ATVPDKIKX0DER&details=true"))["payload"]!["inventorySummaries"]!.AsArray();
        var truth = shop.World.Stock().ToDictionary(each => each.Sku);

        Assert.Equal(truth.Count, rows.Count);
        Assert.All(rows, row => Assert.Equal(truth[(string)row!["sellerSku"]!].Fulfillable, (int)row["inventoryDetails"]!["fulfillableQuantity"]!));
    }

    [Fact]
    public async Task Orders_come_in_pages_and_hold_nobody()
    {
        var after = shop.World.Now.AddDays(-3);
        var path = $"/orders/2026-01-01/orders?createdAfter={after:yyyy-MM-ddTHH:mm:ssZ}&marketplaceIds=ATVPDKIKX0DER&includedData=PROCEEDS,FULFILLMENT&maxResultsPerPage=20";
        var orders = new List<JsonNode>();
        string? token = null;
        do
        {
            var page = await shop.PartnerJsonAsync(HttpMethod.Get, token is null ? path : $"{path}&paginationToken={Uri.EscapeDataString(token)}");
            orders.AddRange(page["orders"]!.AsArray().Select(each => each!));
            token = (string?)page["pagination"]?["nextToken"];
        }
        while (token is not null);

        Assert.NotEmpty(orders);
        Assert.Equal(shop.World.OrdersPurchased(after, shop.World.Now.AddMinutes(-2)).Select(each => each.OrderId), orders.Select(each => (string)each["orderId"]!));
        Assert.All(orders, each => Assert.False(each.AsObject().ContainsKey("buyer") || each.AsObject().ContainsKey("recipient")));
    }

    [Theory]
    [InlineData("createdAfter=2026-05-01T00:00:00Z&includedData=BUYER", 403)]
    [InlineData("createdAfter=2026-05-01T00:00:00Z&includedData=PROCEEDS,RECIPIENT", 403)]
    [InlineData("createdAfter=2026-05-01T00:00:00Z&lastUpdatedAfter=2026-05-01T00:00:00Z", 400)]
    [InlineData("includedData=PROCEEDS", 400)]
    [InlineData("createdAfter=2026-05-01T00:00:00Z&createdBefore=2036-05-01T00:00:00Z", 400)]
    [InlineData("createdAfter=2026-05-01T00:00:00Z&maxResultsPerPage=101", 400)]
    [InlineData("createdAfter=2026-05-01T00:00:00Z&paginationToken=garbage", 400)]
    public async Task Buyers_are_refused_and_bad_questions_too(string query, int status) =>
        await shop.PartnerJsonAsync(HttpMethod.Get, $"/orders/2026-01-01/orders?{query}", expected: status);

    [Fact]
    public async Task A_path_that_does_not_exist_is_a_403_with_empty_details()
    {
        var body = await shop.Client.GetAsync("/sales/v1/nothing", Shop.Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, body.StatusCode);
    }

    [Fact]
    public async Task Economics_are_asked_in_graphql_and_say_what_the_world_says()
    {
        var (first, last) = (shop.World.Today.AddDays(-4), shop.World.Today.AddDays(-1));
        var lines = await EconomicsAsync(Query(first, last, "DAY", """
            startDate endDate marketplaceId childAsin msku
            sales { unitsOrdered unitsRefunded orderedProductSales { amount currencyCode } refundedProductSales { amount } }
            fees { feeTypeName charges { identifier aggregatedDetail { totalAmount { amount currencyCode } } } }
            ads { adTypeName charge { totalAmount { amount } } }
            netProceeds { total { amount } }
            """));
        var truth = shop.World.EconomicsRows(new DateSpan(first, last));

        Assert.Equal(truth.Count, lines.Count);
        Assert.Equal(truth.Sum(each => each.OrderedSales), lines.Sum(each => (decimal)each["sales"]!["orderedProductSales"]!["amount"]!));
        Assert.Equal(truth.Sum(each => each.ReferralFee + each.FulfilmentFee + each.StorageFee),
            lines.Sum(each => each["fees"]!.AsArray().Sum(fee => fee!["charges"]!.AsArray().Sum(charge => (decimal)charge!["aggregatedDetail"]!["totalAmount"]!["amount"]!))));
        Assert.Equal(truth.Sum(each => each.AdCharge), lines.Sum(each => each["ads"]!.AsArray().Sum(ad => (decimal)ad!["charge"]!["totalAmount"]!["amount"]!)));
        Assert.All(lines, each => Assert.Equal(["ads", "childAsin", "endDate", "fees", "marketplaceId", "msku", "netProceeds", "sales", "startDate"], each.AsObject().Select(field => field.Key).Order()));
    }

    [Fact]
    public async Task A_range_adds_the_days_up()
    {
        var (first, last) = (shop.World.Today.AddDays(-4), shop.World.Today.AddDays(-1));
        var lines = await EconomicsAsync(Query(first, last, "RANGE", "msku sales { unitsOrdered }"));

        Assert.Equal(lines.Count, lines.Select(each => (string)each["msku"]!).Distinct().Count());
        Assert.Equal(shop.World.EconomicsRows(new DateSpan(first, last)).Sum(each => each.UnitsOrdered), lines.Sum(each => (int)each["sales"]!["unitsOrdered"]!));
    }

    [Theory]
    [InlineData("query { analytics_economics_2024_03_15 { economics(startDate:\"2026-05-01\", endDate:\"2026-05-02\", marketplaceIds:[\"ATVPDKIKX0DER\"]) { buyerName } } }", 400)]
    [InlineData("query { analytics_economics_2024_03_15 { economics(startDate:\"2026-05-01\", endDate:\"2026-05-02\", marketplaceIds:[\"ATVPDKIKX0DER\"]) { sales } } }", 400)]
    [InlineData("query { analytics_economics_2024_03_15 { economics(startDate:\"2026-05-01\", marketplaceIds:[\"ATVPDKIKX0DER\"]) { msku } } }", 400)]
    [InlineData("query { analytics_economics_2024_03_15 { economics(startDate:\"2026-05-01\", endDate:\"2026-05-02\", marketplaceIds:[\"A1PA6795UKMFR9\"]) { msku } } }", 403)]
    [InlineData("query { analytics_salesAndTraffic_2024_04_24 { salesAndTrafficByDate { startDate } } }", 400)]
    [InlineData("query {", 400)]
    public async Task A_query_that_the_data_set_does_not_know_is_refused(string query, int status) =>
        await shop.PartnerJsonAsync(HttpMethod.Post, "/dataKiosk/2023-11-15/queries", new { query }, status);

    [Fact]
    public async Task A_query_can_end_without_rows_or_fatal()
    {
        var future = Query(shop.World.Today.AddDays(10), shop.World.Today.AddDays(11), "DAY", "msku");
        var empty = await DoneAsync(future);
        await shop.FaultAsync(new { fatalQueries = 1 });
        var fatal = await DoneAsync(Query(shop.World.Today.AddDays(-1), shop.World.Today.AddDays(-1), "DAY", "msku"));

        Assert.Equal(("DONE", null), ((string)empty["processingStatus"]!, (string?)empty["dataDocumentId"]));
        Assert.Equal("FATAL", (string)fatal["processingStatus"]!);
        Assert.NotNull(fatal["errorDocumentId"]);
        await shop.PartnerJsonAsync(HttpMethod.Get, "/dataKiosk/2023-11-15/queries/unknown", expected: 404);
        await shop.PartnerJsonAsync(HttpMethod.Get, "/dataKiosk/2023-11-15/documents/unknown", expected: 404);
    }

    [Fact]
    public async Task A_long_answer_comes_in_pages_of_the_same_query()
    {
        var query = Query(shop.World.Today.AddDays(-3), shop.World.Today.AddDays(-1), "DAY", "startDate msku sales{unitsOrdered}");
        var whole = await EconomicsAsync(query);
        await shop.FaultAsync(new { queryPageRows = whole.Count - 1 });

        var first = await DoneAsync(query);
        var token = (string)first["pagination"]!["nextToken"]!;
        await shop.PartnerJsonAsync(HttpMethod.Post, "/dataKiosk/2023-11-15/queries", new { query = query.Replace("msku", "childAsin", StringComparison.Ordinal), paginationToken = token }, 400);
        var last = await DoneAsync(query, token);
        await shop.FaultAsync(new { queryPageRows = 0 });

        Assert.Null(last["pagination"]);
        Assert.Equal(whole.Select(row => row.ToJsonString()), (await RowsAsync(first)).Concat(await RowsAsync(last)).Select(row => row.ToJsonString()));
        Assert.Single(await RowsAsync(last));
    }

    [Fact]
    public async Task With_Amazons_own_rates_a_bucket_runs_dry_at_its_burst()
    {
        await using var strict = await Shop.OpenAsync(historyDays: 1, products: 1, rateFactor: 1, naiveCampaigns: false);
        for (var call = 0; call < 15; call++)
        {
            using var granted = await strict.PartnerAsync(HttpMethod.Get, "/sellers/v1/marketplaceParticipations");
            Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
            Assert.Equal("0.016", granted.Headers.GetValues("x-amzn-RateLimit-Limit").Single());
        }

        using var refused = await strict.PartnerAsync(HttpMethod.Get, "/sellers/v1/marketplaceParticipations");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("QuotaExceeded", await refused.Content.ReadAsStringAsync(Shop.Cancel), StringComparison.Ordinal);
    }

    private static string Query(DateOnly first, DateOnly last, string period, string fields) =>
        $$"""query { analytics_economics_2024_03_15 { economics(startDate:"{{first:yyyy-MM-dd}}", endDate:"{{last:yyyy-MM-dd}}", marketplaceIds:["ATVPDKIKX0DER"], aggregateBy:{date:{{period}}, productId:MSKU}) { {{fields}} } } }""";

    private async Task<JsonObject> DoneAsync(string query, string? paginationToken = null)
    {
        var id = (string)(await shop.PartnerJsonAsync(HttpMethod.Post, "/dataKiosk/2023-11-15/queries", paginationToken is null ? (object)new { query } : new { query, paginationToken }, 202))["queryId"]!;
        Assert.Equal("IN_PROGRESS", (string)(await shop.PartnerJsonAsync(HttpMethod.Get, $"/dataKiosk/2023-11-15/queries/{id}"))["processingStatus"]!);
        return await shop.PartnerJsonAsync(HttpMethod.Get, $"/dataKiosk/2023-11-15/queries/{id}");
    }

    private async Task<List<JsonNode>> EconomicsAsync(string query) => await RowsAsync(await DoneAsync(query));

    private async Task<List<JsonNode>> RowsAsync(JsonObject done)
    {
        var document = await shop.PartnerJsonAsync(HttpMethod.Get, $"/dataKiosk/2023-11-15/documents/{(string)done["dataDocumentId"]!}");
        using var gzip = new GZipStream(new MemoryStream(await Shop.DownloadAsync((string)document["documentUrl"]!)), CompressionMode.Decompress);
        using var text = new StreamReader(gzip);
        return [.. (await text.ReadToEndAsync(Shop.Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
