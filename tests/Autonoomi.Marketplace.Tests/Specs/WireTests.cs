using System.Net.Http.Headers;
using System.Text;
using Autonoomi.Marketplace.Http;
using Autonoomi.Marketplace.Tests.Http;
using Autonoomi.Testing;
using Autonoomi.Testing.Specs;

namespace Autonoomi.Marketplace.Tests.Specs;

/// <summary>Every operation that a run uses, once over the wire and through the check; and the check, seen to fail on the same wire.</summary>
public sealed class WireTests
{
    // Operation and the status that a run lives on.
    private static readonly string[] NeededByARun =
    [
        "listProfiles 200",
        "ListSponsoredProductsCampaigns 200", "ListSponsoredProductsAdGroups 200", "ListSponsoredProductsProductAds 200", "ListSponsoredProductsKeywords 200",
        "ListSponsoredProductsTargetingClauses 200", "ListSponsoredProductsNegativeKeywords 200", "ListSponsoredProductsCampaignNegativeKeywords 200",
        "ListSponsoredProductsNegativeTargetingClauses 200", "ListSponsoredProductsCampaignNegativeTargetingClauses 200",
        "UpdateSponsoredProductsCampaigns 207", "UpdateSponsoredProductsAdGroups 207", "UpdateSponsoredProductsProductAds 207", "UpdateSponsoredProductsKeywords 207",
        "UpdateSponsoredProductsTargetingClauses 207", "CreateSponsoredProductsKeywords 207", "CreateSponsoredProductsTargetingClauses 207",
        "CreateSponsoredProductsNegativeKeywords 207", "CreateSponsoredProductsNegativeTargetingClauses 207", "DeleteSponsoredProductsNegativeKeywords 207",
        "createAsyncReport 200", "createAsyncReport 425", "getAsyncReport 200",
        "getMarketplaceParticipations 200", "searchListingsItems 200", "getInventorySummaries 200", "searchOrders 200", "createQuery 202", "getQuery 200", "getDocument 200",
    ];

    [Fact]
    public async Task Every_exchange_of_a_run_fits_the_published_specifications()
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        await using var shop = await Shop.OpenAsync(historyDays: 3, products: 2);

        await RunAsync(shop);

        Assert.Empty(shop.Check!.Violations);
        Assert.Empty(NeededByARun.Except(shop.Check.Exchanges.Keys.Select(each => $"{each.Operation} {each.Status}")));
    }

    [Fact]
    public async Task A_deliberately_wrong_field_on_the_wire_is_found_in_requests_and_in_answers()
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        await using var shop = await Shop.OpenAsync(historyDays: 1, products: 1);
        var token = (await shop.ConnectAdsAsync()).Access;

        Assert.Empty(await ListAsync(shop, token, "{\"maxResults\":5}", wrongAnswer: false));
        Assert.Contains(await ListAsync(shop, token, "{\"maximum\":5}", wrongAnswer: false), violation => violation.Contains("$.maximum", StringComparison.Ordinal));
        Assert.Contains(await ListAsync(shop, token, "{\"maxResults\":5}", wrongAnswer: true), violation => violation.Contains("adGroupID", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyCollection<string>> ListAsync(Shop shop, string token, string body, bool wrongAnswer)
    {
        using var check = new SpecCheckingHandler(SpecValidator.Amazon, wrongAnswer ? new Misspelling(new SocketsHttpHandler()) : new SocketsHttpHandler());
        using var client = new HttpClient(check);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shop.Client.BaseAddress!, "/sp/adGroups/list"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Amazon-Advertising-API-ClientId", PretendApps.AdsClientId);
        request.Headers.Add("Amazon-Advertising-API-Scope", $"{shop.World.ProfileId}");
        request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/vnd.spAdGroup.v3+json"));
        using var response = await client.SendAsync(request, Shop.Cancel);
        Assert.Equal(200, (int)response.StatusCode);
        return check.Violations;
    }

    private static async Task RunAsync(Shop shop)
    {
        using (await shop.AdsAsync(HttpMethod.Get, "/v2/profiles")) { }
        foreach (var (path, media) in new[]
        {
            ("campaigns", "spCampaign"), ("adGroups", "spAdGroup"), ("productAds", "spProductAd"), ("keywords", "spKeyword"), ("targets", "spTargetingClause"),
            ("negativeKeywords", "spNegativeKeyword"), ("campaignNegativeKeywords", "spCampaignNegativeKeyword"), ("negativeTargets", "spNegativeTargetingClause"),
            ("campaignNegativeTargets", "spCampaignNegativeTargetingClause"),
        })
            await shop.SpAsync(HttpMethod.Post, $"/sp/{path}/list", media, new { includeExtendedDataFields = true }, 200);

        await WriteAsync(shop);
        await ReportAsync(shop);
        await AskPartnerAsync(shop);
    }

    private static async Task WriteAsync(Shop shop)
    {
        var manual = shop.World.Ads.AdGroups.First(group => shop.World.Ads.Campaign(group.CampaignId)!.Targeting == Core.Advertising.TargetingType.Manual);
        var (campaign, group) = ($"{manual.CampaignId}", $"{manual.Id}");
        var keyword = shop.World.Ads.Targets.First(each => each.Kind == Core.Advertising.TargetKind.Keyword);
        var clause = shop.World.Ads.Targets.First(each => each.Kind == Core.Advertising.TargetKind.Auto);
        var expression = new[] { new { type = "ASIN_SAME_AS", value = "B0RIVAL002" } };
        await shop.SpAsync(HttpMethod.Put, "/sp/campaigns", "spCampaign", new { campaigns = new object[] { new { campaignId = campaign, budget = new { budget = 33.5, budgetType = "DAILY" } }, new { campaignId = campaign, budget = new { budget = 0.01, budgetType = "DAILY" } } } });
        await shop.SpAsync(HttpMethod.Put, "/sp/adGroups", "spAdGroup", new { adGroups = new[] { new { adGroupId = group, defaultBid = 0.45 } } });
        await shop.SpAsync(HttpMethod.Put, "/sp/productAds", "spProductAd", new { productAds = new[] { new { adId = $"{shop.World.Ads.ProductAds[0].Id}", state = "PAUSED" }, new { adId = "1", state = "PAUSED" } } });
        await shop.SpAsync(HttpMethod.Put, "/sp/keywords", "spKeyword", new { keywords = new[] { new { keywordId = $"{keyword.Id}", bid = 0.44 }, new { keywordId = "1", bid = 0.44 }, new { keywordId = $"{keyword.Id}", bid = 5000.0 } } });
        await shop.SpAsync(HttpMethod.Put, "/sp/targets", "spTargetingClause", new { targetingClauses = new[] { new { targetId = $"{clause.Id}", bid = 0.31 }, new { targetId = "1", bid = 0.31 } } });
        await shop.SpAsync(HttpMethod.Post, "/sp/keywords", "spKeyword", new { keywords = new[] { New("wire test"), New("wire test"), New("   "), New(new string('x', 90)) } });
        await shop.SpAsync(HttpMethod.Post, "/sp/targets", "spTargetingClause", new { targetingClauses = new[] { new { campaignId = campaign, adGroupId = group, expression, expressionType = "MANUAL", state = "ENABLED", bid = 0.5 }, new { campaignId = "1", adGroupId = group, expression, expressionType = "MANUAL", state = "ENABLED", bid = 0.5 } } });
        var made = await shop.SpAsync(HttpMethod.Post, "/sp/negativeKeywords", "spNegativeKeyword", new { negativeKeywords = new[] { new { campaignId = campaign, adGroupId = group, keywordText = "broken", matchType = "NEGATIVE_EXACT", state = "ENABLED" }, new { campaignId = campaign, adGroupId = group, keywordText = "a b c d e f", matchType = "NEGATIVE_PHRASE", state = "ENABLED" } } });
        await shop.SpAsync(HttpMethod.Post, "/sp/negativeTargets", "spNegativeTargetingClause", new { negativeTargetingClauses = new[] { new { campaignId = campaign, adGroupId = group, expression, state = "ENABLED" } } });
        await shop.SpAsync(HttpMethod.Post, "/sp/negativeKeywords/delete", "spNegativeKeyword", new { negativeKeywordIdFilter = new { include = new[] { (string)made["negativeKeywords"]!["success"]![0]!["negativeKeywordId"]!, "1" } } });

        object New(string text) => new { campaignId = campaign, adGroupId = group, keywordText = text, matchType = "EXACT", state = "ENABLED", bid = 0.5 };
    }

    private static async Task ReportAsync(Shop shop)
    {
        var day = shop.World.Today.AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var order = new
        {
            name = "wire", startDate = day, endDate = day,
            configuration = new { adProduct = "SPONSORED_PRODUCTS", reportTypeId = "spTargeting", groupBy = new[] { "targeting" }, timeUnit = "DAILY", format = "GZIP_JSON", columns = new[] { "date", "keywordId", "clicks" } },
        };
        const string Media = "application/vnd.createasyncreportrequest.v3+json";
        string id;
        using (var made = await shop.AdsAsync(HttpMethod.Post, "/reporting/reports", order, Media))
            id = System.Text.Json.JsonDocument.Parse(await made.Content.ReadAsStringAsync(Shop.Cancel)).RootElement.GetProperty("reportId").GetString()!;
        using (await shop.AdsAsync(HttpMethod.Post, "/reporting/reports", order, Media)) { }
        for (var poll = 0; poll < 2; poll++)
            using (await shop.AdsAsync(HttpMethod.Get, $"/reporting/reports/{id}")) { }
    }

    private static async Task AskPartnerAsync(Shop shop)
    {
        var day = shop.World.Today.AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await shop.PartnerJsonAsync(HttpMethod.Get, "/sellers/v1/marketplaceParticipations");
        await shop.PartnerJsonAsync(HttpMethod.Get, $"/listings/2021-08-01/items/{shop.World.SellingPartnerId}?marketplaceIds=ATVPDKIKX0DER&includedData=summaries,offers,fulfillmentAvailability&pageSize=20");
        await shop.PartnerJsonAsync(HttpMethod.Get, "/fba/inventory/v1/summaries?granularityType=Marketplace&granularityId=ATVPDKIKX0DER&marketplaceIds=ATVPDKIKX0DER&details=true");
        await shop.PartnerJsonAsync(HttpMethod.Get, $"/orders/2026-01-01/orders?lastUpdatedAfter={day}T00:00:00Z&marketplaceIds=ATVPDKIKX0DER&includedData=PROCEEDS,FULFILLMENT,PROMOTION");
        var query = $$"""query { analytics_economics_2024_03_15 { economics(startDate:"{{day}}", endDate:"{{day}}", marketplaceIds:["ATVPDKIKX0DER"], aggregateBy:{date:DAY, productId:MSKU}) { msku sales { unitsOrdered } } } }""";
        Assert.Empty(GraphQlSchemaCheck.Economics.Validate(query));
        var id = (string)(await shop.PartnerJsonAsync(HttpMethod.Post, "/dataKiosk/2023-11-15/queries", new { query }, 202))["queryId"]!;
        await shop.PartnerJsonAsync(HttpMethod.Get, $"/dataKiosk/2023-11-15/queries/{id}");
        var done = await shop.PartnerJsonAsync(HttpMethod.Get, $"/dataKiosk/2023-11-15/queries/{id}");
        await shop.PartnerJsonAsync(HttpMethod.Get, $"/dataKiosk/2023-11-15/documents/{(string)done["dataDocumentId"]!}");
    }

    private sealed class Misspelling(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            var text = (await response.Content.ReadAsStringAsync(cancellationToken)).Replace("\"adGroupId\"", "\"adGroupID\"", StringComparison.Ordinal);
            response.Content = new StringContent(text, Encoding.UTF8, response.Content.Headers.ContentType!);
            return response;
        }
    }
}
