using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Marketplace.Tests.Http;

public sealed class ReportingTests(OpenShop open) : IClassFixture<OpenShop>, IDisposable
{
    private const string Media = "application/vnd.createasyncreportrequest.v3+json";

    private Shop shop = open.Shop;

    public void Dispose() => open.Shop.AssertSpecified();

    [Theory]
    [InlineData("spTargeting", "targeting", "campaignId,adGroupId,keywordId,keyword,keywordType,matchType,keywordBid,targeting")]
    [InlineData("spSearchTerm", "searchTerm", "campaignId,adGroupId,keywordId,searchTerm,matchType")]
    [InlineData("spCampaigns", "campaign", "campaignId,campaignName,campaignStatus,campaignBudgetAmount,campaignBiddingStrategy,topOfSearchImpressionShare")]
    [InlineData("spCampaigns", "campaignPlacement", "campaignId,placementClassification")]
    [InlineData("spAdvertisedProduct", "advertiser", "campaignId,adGroupId,adId,advertisedSku,advertisedAsin")]
    public async Task A_daily_report_is_ordered_polled_and_downloaded_with_exactly_the_columns_asked(string type, string group, string keys)
    {
        var columns = new[] { "date", "impressions", "clicks", "cost", "purchases7d", "unitsSoldClicks7d", "sales7d" }.Concat(keys.Split(',')).ToArray();

        var rows = await FetchAsync(Order(type, group, "DAILY", columns));

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(columns.Order(StringComparer.Ordinal), row!.AsObject().Select(each => each.Key).Order(StringComparer.Ordinal)));
        Assert.All(rows, row => Assert.InRange(DateOnly.Parse((string)row!["date"]!, System.Globalization.CultureInfo.InvariantCulture), First, Last));
        Assert.Contains(rows, row => (long)row!["clicks"]! > 0);
    }

    [Fact]
    public async Task The_file_says_what_the_world_says()
    {
        var rows = await FetchAsync(Order("spTargeting", "targeting", "DAILY", ["date", "campaignId", "adGroupId", "keywordId", "impressions", "clicks", "cost", "sales7d", "purchases7d"]));
        var truth = shop.World.TargetRows(new DateSpan(First, Last));

        Assert.Equal(truth.Count, rows.Count);
        Assert.Equal(truth.Sum(each => each.Metrics.Cost), rows.Sum(row => (decimal)row!["cost"]!));
        Assert.Equal(truth.Sum(each => each.Metrics.Within7Days.Sales), rows.Sum(row => (decimal)row!["sales7d"]!));
        Assert.Equal(truth.Select(each => each.TargetId), rows.Select(row => (long)row!["keywordId"]!));
    }

    [Fact]
    public async Task A_summary_adds_the_days_up()
    {
        var daily = await FetchAsync(Order("spCampaigns", "campaign", "DAILY", ["date", "campaignId", "clicks", "cost"]));
        var summary = await FetchAsync(Order("spCampaigns", "campaign", "SUMMARY", ["startDate", "endDate", "campaignId", "clicks", "cost"]));

        Assert.Equal(summary.Count, summary.Select(row => (long)row!["campaignId"]!).Distinct().Count());
        Assert.Equal(daily.Sum(row => (decimal)row!["cost"]!), summary.Sum(row => (decimal)row!["cost"]!));
    }

    [Fact]
    public async Task Filters_keep_the_rows_they_name()
    {
        var rows = await FetchAsync(Order("spTargeting", "targeting", "DAILY", ["date", "keywordId", "keywordType", "clicks"], ("keywordType", ["EXACT"])));

        Assert.All(rows, row => Assert.Equal("EXACT", (string)row!["keywordType"]!));
    }

    [Fact]
    public async Task What_a_row_is_bid_on_with_stands_in_the_list_of_its_type_and_in_no_other()
    {
        var rows = await FetchAsync(Order("spTargeting", "targeting", "DAILY", ["date", "keywordId", "keywordType", "clicks"]));
        var keywords = await IdsAsync("/sp/keywords/list", "application/vnd.spKeyword.v3+json", "keywords", "keywordId");
        var targets = await IdsAsync("/sp/targets/list", "application/vnd.spTargetingClause.v3+json", "targetingClauses", "targetId");

        Assert.Empty(keywords.Intersect(targets));
        Assert.All(rows, row => Assert.Contains((string)row!["keywordType"]! is "EXACT" or "PHRASE" or "BROAD" ? keywords : targets, ids => ids == (long)row["keywordId"]!));
        Assert.Contains(rows, row => keywords.Contains((long)row!["keywordId"]!));
        Assert.Contains(rows, row => targets.Contains((long)row!["keywordId"]!));

        async Task<List<long>> IdsAsync(string path, string media, string list, string id)
        {
            using var response = await shop.AdsAsync(HttpMethod.Post, path, new { maxResults = 5000 }, media);
            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Shop.Cancel))!;
            Assert.Null(body["nextToken"]);
            return [.. body[list]!.AsArray().Select(item => long.Parse((string)item![id]!, System.Globalization.CultureInfo.InvariantCulture))];
        }
    }

    [Fact]
    public async Task An_equal_order_is_a_425_with_the_id_of_the_first_until_that_is_finished()
    {
        var order = Order("spTargeting", "targeting", "DAILY", ["date", "keywordId", "clicks"]);
        var first = await CreateAsync(order);
        var twin = await CreateAsync(order, 425);
        await CreateAsync(Order("spTargeting", "targeting", "DAILY", ["date", "keywordId", "cost"]));
        await CompleteAsync((string)first["reportId"]!);

        Assert.Equal($"The Request is a duplicate of : {(string)first["reportId"]!}", (string)twin["detail"]!);
        Assert.NotEqual((string)first["reportId"]!, (string)(await CreateAsync(order))["reportId"]!);
    }

    [Theory]
    [InlineData("spTargeting", "targeting", "DAILY", "date,keywordIdd", "keywordIdd", "keywordId")]
    [InlineData("spTargeting", "targeting", "DAILY", "keywordId", "date", "DAILY")]
    [InlineData("spTargeting", "targeting", "DAILY", "date,startDate", "startDate", "Allowed")]
    [InlineData("spTargeting", "targeting", "SUMMARY", "date", "date", "startDate")]
    [InlineData("spTargeting", "campaign", "DAILY", "date", "groupBy", "targeting")]
    [InlineData("spTargets", "targeting", "DAILY", "date", "reportTypeId", "spTargeting")]
    [InlineData("spTargeting", "targeting", "HOURLY", "date", "timeUnit", "SUMMARY")]
    public async Task An_illegal_order_is_a_400_that_lists_what_is_legal(string type, string group, string unit, string columns, string wrong, string legal)
    {
        var detail = (string)(await CreateAsync(Order(type, group, unit, columns.Split(',')), 400))["detail"]!;

        Assert.Contains(wrong, detail, StringComparison.Ordinal);
        Assert.Contains(legal, detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-35, -1)]
    [InlineData(-100, -90)]
    [InlineData(-1, -2)]
    [InlineData(-1, 3)]
    public async Task Days_out_of_range_or_retention_are_a_400(int first, int last)
    {
        var order = Order("spTargeting", "targeting", "DAILY", ["date", "keywordId"]);
        order["startDate"] = Text(shop.World.Today.AddDays(first));
        order["endDate"] = Text(shop.World.Today.AddDays(last));

        await CreateAsync(order, 400);
    }

    [Fact]
    public async Task A_file_shows_what_was_visible_when_it_was_completed_and_its_address_ends_after_an_hour()
    {
        await using var own = await Shop.OpenAsync(historyDays: 6, products: 2);
        shop = own;
        var report = await CompleteAsync((string)(await CreateAsync(Order("spTargeting", "targeting", "DAILY", ["date", "keywordId", "sales7d"])))["reportId"]!);
        var before = await Shop.DownloadAsync((string)report["url"]!);
        await shop.ControlAsync(HttpMethod.Post, "/world/advance", new { days = 1 });
        using var client = new HttpClient();
        using var late = await client.GetAsync(new Uri((string)report["url"]!), Shop.Cancel);
        var (_, token) = (0, (await shop.ConnectAdsAsync()).Access);
        using var again = await shop.AdsAsync(HttpMethod.Get, $"/reporting/reports/{(string)report["reportId"]!}", change: request => request.Headers.Authorization = new("Bearer", token));
        var fresh = JsonNode.Parse(await again.Content.ReadAsStringAsync(Shop.Cancel))!;

        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Equal(before, await Shop.DownloadAsync((string)fresh["url"]!));
    }

    [Fact]
    public async Task A_download_refuses_credentials_and_a_changed_address()
    {
        var report = await CompleteAsync((string)(await CreateAsync(Order("spCampaigns", "campaign", "DAILY", ["date", "campaignId", "clicks"])))["reportId"]!);
        var address = (string)report["url"]!;
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Authorization", "Bearer Atza|something");
        using var refused = await client.SendAsync(request, Shop.Cancel);
        using var changed = await client.GetAsync(new Uri(address.Replace("X-Amz-Expires=3600", "X-Amz-Expires=360000", StringComparison.Ordinal)), Shop.Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
    }

    [Fact]
    public async Task Reports_can_be_made_late_failing_and_throttled_though_accepted()
    {
        await using var own = await Shop.OpenAsync(historyDays: 6, products: 2);
        shop = own;
        await shop.FaultAsync(new { pollsBeforeCompletion = 3, failedReports = 1, faults = new[] { new { path = "/reporting/reports", method = "POST", kind = "throttledButAccepted" } } });
        var order = Order("spCampaigns", "campaign", "DAILY", ["date", "campaignId", "clicks"]);
        await CreateAsync(order, 429);
        var id = ((string)(await CreateAsync(order, 425))["detail"]!).Split(' ')[^1];
        var states = new List<string>();
        for (var poll = 0; poll < 4; poll++) states.Add((string)(await GetAsync(id))["status"]!);

        Assert.Equal(["PENDING", "PENDING", "PROCESSING", "FAILED"], states);
    }

    private DateOnly First => shop.World.Today.AddDays(-5);

    private DateOnly Last => shop.World.Today.AddDays(-1);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private JsonObject Order(string type, string group, string unit, string[] columns, params (string Field, string[] Values)[] filters) => new()
    {
        ["name"] = "test", ["startDate"] = Text(First), ["endDate"] = Text(Last),
        ["configuration"] = new JsonObject
        {
            ["adProduct"] = "SPONSORED_PRODUCTS", ["reportTypeId"] = type, ["timeUnit"] = unit, ["format"] = "GZIP_JSON",
            ["groupBy"] = new JsonArray(group), ["columns"] = new JsonArray([.. columns.Select(each => (JsonNode)each)]),
            ["filters"] = new JsonArray([.. filters.Select(each => (JsonNode)new JsonObject { ["field"] = each.Field, ["values"] = new JsonArray([.. each.Values.Select(value => (JsonNode)value)]) })]),
        },
    };

    private async Task<JsonObject> CreateAsync(JsonObject order, int expected = 200)
    {
        using var response = await shop.AdsAsync(HttpMethod.Post, "/reporting/reports", order.ToJsonString(), Media);
        var text = await response.Content.ReadAsStringAsync(Shop.Cancel);
        Assert.True((int)response.StatusCode == expected, $"{(int)response.StatusCode}: {text}");
        return (JsonObject)JsonNode.Parse(text)!;
    }

    private async Task<JsonObject> GetAsync(string id)
    {
        using var response = await shop.AdsAsync(HttpMethod.Get, $"/reporting/reports/{id}");
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(Shop.Cancel))!;
    }

    private async Task<JsonObject> CompleteAsync(string id)
    {
        Assert.Equal("PROCESSING", (string)(await GetAsync(id))["status"]!);
        var report = await GetAsync(id);
        Assert.Equal("COMPLETED", (string)report["status"]!);
        return report;
    }

    private async Task<JsonArray> FetchAsync(JsonObject order)
    {
        var report = await CompleteAsync((string)(await CreateAsync(order))["reportId"]!);
        await using var gzip = new GZipStream(new System.IO.MemoryStream(await Shop.DownloadAsync((string)report["url"]!)), CompressionMode.Decompress);
        return (await JsonNode.ParseAsync(gzip, cancellationToken: Shop.Cancel))!.AsArray();
    }
}
