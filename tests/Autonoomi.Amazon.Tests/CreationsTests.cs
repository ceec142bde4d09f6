using System.Text.Json;
using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Tests;

public sealed class CreationsTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly CreateCampaign Plain = new("Board | Exact", TargetingType.Manual, Usd(30m), BiddingStrategy.DownOnly, new DateOnly(2026, 12, 1));

    private static readonly CreateCampaign Raised = Plain with { Name = "Board | Auto", Targeting = TargetingType.Auto, DailyBudget = Usd(12.5m), Strategy = BiddingStrategy.Fixed, TopOfSearchPercent = 25, ProductPagesPercent = 10 };

    [Fact]
    public async Task The_older_operations_are_told_everything_and_no_placement_without_an_increase()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /sp/campaigns", new Answer("""{"campaigns":{"success":[{"index":1,"campaignId":"12"},{"index":0,"campaignId":"11"}],"error":[]}}""", 207));
        stub.On("POST /sp/adGroups", new Answer("""{"adGroups":{"success":[{"index":0,"adGroupId":"21"}],"error":[]}}""", 207));
        stub.On("POST /sp/productAds", new Answer("""{"productAds":{"success":[{"index":0,"adId":"31"}],"error":[]}}""", 207));
        await using var clients = new Clients(stub.Address);

        var outcomes = await clients.Ads.CreateAsync([new CreateProductAd(new(10), new(20), new("SKU-1")), Plain, new CreateAdGroup(new(10), "Exact", Usd(0.55m)), Raised], Ct);

        Assert.Equal([31, 11, 21, 12], outcomes.Select(outcome => outcome.CreatedId));
        Assert.Equal(
            """{"campaigns":[{"name":"Board | Exact","targetingType":"MANUAL","state":"PAUSED","startDate":"2026-12-01","budget":{"budget":30,"budgetType":"DAILY"},"dynamicBidding":{"strategy":"LEGACY_FOR_SALES"}},"""
            + """{"name":"Board | Auto","targetingType":"AUTO","state":"PAUSED","startDate":"2026-12-01","budget":{"budget":12.5,"budgetType":"DAILY"},"dynamicBidding":{"strategy":"MANUAL","placementBidding":[{"placement":"PLACEMENT_TOP","percentage":25},{"placement":"PLACEMENT_PRODUCT_PAGE","percentage":10}]}}]}""",
            Assert.Single(stub.To("POST /sp/campaigns")).Body);
        Assert.Equal("""{"adGroups":[{"campaignId":"10","name":"Exact","defaultBid":0.55,"state":"ENABLED"}]}""", Assert.Single(stub.To("POST /sp/adGroups")).Body);
        Assert.Equal("""{"productAds":[{"campaignId":"10","adGroupId":"20","sku":"SKU-1","state":"ENABLED"}]}""", Assert.Single(stub.To("POST /sp/productAds")).Body);
        Assert.Equal("application/vnd.spProductAd.v3+json", stub.To("POST /sp/productAds")[0].Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("ATVPDKIKX0DER", "US", "2026-12-01T00:00:00-08:00")]
    [InlineData("A1F83G8C2ARO7P", "GB", "2026-12-01T00:00:00+00:00")]
    [InlineData("A1VC38T7YXB528", "JP", "2026-12-01T00:00:00+09:00")]
    public async Task The_unified_model_is_told_the_same_and_the_first_moment_of_the_first_day(string marketplace, string country, string start)
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /adsApi/v1/create/campaigns", new Answer("""{"success":[{"index":1,"campaign":{"campaignId":"12"}},{"index":0,"campaign":{"campaignId":"11"}}],"error":[]}""", 207));
        stub.On("POST /adsApi/v1/create/adGroups", new Answer("""{"success":[{"index":0,"adGroup":{"adGroupId":"21"}}],"error":[]}""", 207));
        stub.On("POST /adsApi/v1/create/ads", new Answer("""{"success":[{"index":0,"ad":{"adId":"31"}}],"error":[]}""", 207));
        await using var clients = new Clients(stub.Address, options => options.AdsAdapter = AdsAdapter.Unified);

        var outcomes = await clients.Connections.Ads(Clients.AdsGrant, new StorefrontId(3501), Marketplace.Find(marketplace))
            .CreateAsync([new CreateProductAd(new(10), new(20), new("SKU-1")), Plain, new CreateAdGroup(new(10), "Exact", Usd(0.55m)), Raised], Ct);

        Assert.Equal([31, 11, 21, 12], outcomes.Select(outcome => outcome.CreatedId));
        Same(
            """
            {"campaigns":[{"adProduct":"SPONSORED_PRODUCTS","name":"Board | Exact","state":"PAUSED","marketplaceScope":"SINGLE_MARKETPLACE","marketplaces":["COUNTRY"],"startDateTime":"START","autoCreationSettings":{"autoCreateTargets":false},
              "budgets":[{"budgetType":"MONETARY","recurrenceTimePeriod":"DAILY","budgetValue":{"monetaryBudgetValue":{"monetaryBudget":{"value":30}}}}],"optimizations":{"bidSettings":{"bidStrategy":"SALES_DOWN_ONLY"}}},
             {"adProduct":"SPONSORED_PRODUCTS","name":"Board | Auto","state":"PAUSED","marketplaceScope":"SINGLE_MARKETPLACE","marketplaces":["COUNTRY"],"startDateTime":"START","autoCreationSettings":{"autoCreateTargets":true},
              "budgets":[{"budgetType":"MONETARY","recurrenceTimePeriod":"DAILY","budgetValue":{"monetaryBudgetValue":{"monetaryBudget":{"value":12.5}}}}],
              "optimizations":{"bidSettings":{"bidStrategy":"MANUAL","bidAdjustments":{"placementBidAdjustments":[{"placement":"TOP_OF_SEARCH","percentage":25},{"placement":"PRODUCT_PAGE","percentage":10}]}}}}]}
            """.Replace("COUNTRY", country, StringComparison.Ordinal).Replace("START", start, StringComparison.Ordinal),
            Assert.Single(stub.To("POST /adsApi/v1/create/campaigns")).Body);
        Same("""{"adGroups":[{"adProduct":"SPONSORED_PRODUCTS","campaignId":"10","name":"Exact","state":"ENABLED","bid":{"defaultBid":0.55}}]}""", Assert.Single(stub.To("POST /adsApi/v1/create/adGroups")).Body);
        Same(
            """{"ads":[{"adProduct":"SPONSORED_PRODUCTS","adGroupId":"20","adType":"PRODUCT_AD","state":"ENABLED","creative":{"productCreative":{"productCreativeSettings":{"advertisedProduct":{"productId":"SKU-1","productIdType":"SKU"}}}}}]}""",
            Assert.Single(stub.To("POST /adsApi/v1/create/ads")).Body);
    }

    [Fact]
    public async Task Two_creations_of_one_thing_are_refused_before_anything_is_sent()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = new Clients(stub.Address);

        await Assert.ThrowsAsync<ArgumentException>(() => clients.Ads.CreateAsync([Plain, Raised, Plain with { DailyBudget = Usd(31m) }], Ct));

        Assert.Empty(stub.Requests);
        Assert.Empty(await clients.Ads.CreateAsync([], Ct));
        Assert.Empty(await clients.Ads.FindAsync([], Ct));
    }

    [Fact]
    public async Task Wide_batches_are_split_and_nothing_is_sent_twice()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /sp/campaigns", new Answer("""{"campaigns":{"success":[{"index":0,"campaignId":"11"}],"error":[]}}""", 207), new Answer("""{"code":"THROTTLED","message":"later"}""", 429));
        await using var clients = new Clients(stub.Address);

        var outcomes = await clients.Ads.CreateAsync([.. Enumerable.Range(1, 1002).Select(number => Plain with { Name = $"Campaign {number}" })], Ct);

        Assert.Equal((OutcomeKind.Accepted, 11L), (outcomes[0].Kind, outcomes[0].CreatedId!.Value));
        Assert.All(outcomes.Skip(1).Take(999), outcome => Assert.Equal(OutcomeKind.Unknown, outcome.Kind));
        Assert.All(outcomes.Skip(1000), outcome => Assert.Equal(OutcomeKind.Retryable, outcome.Kind));
        Assert.Equal([1000, 2], stub.To("POST /sp/campaigns").Select(request => JsonDocument.Parse(request.Body).RootElement.GetProperty("campaigns").GetArrayLength()));
    }

    [Fact]
    public async Task What_a_filter_lets_through_is_compared_again()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /sp/campaigns/list", """
            {"campaigns":[{"campaignId":"1","name":"BOARD","state":"PAUSED","targetingType":"MANUAL","budget":{"budget":30,"budgetType":"DAILY"}},
                          {"campaignId":"2","name":"Board","state":"PAUSED","targetingType":"MANUAL","budget":{"budget":30.00,"budgetType":"DAILY"},"dynamicBidding":{"strategy":"LEGACY_FOR_SALES","placementBidding":[{"placement":"SITE_AMAZON_BUSINESS","percentage":7}]}},
                          {"campaignId":"3","name":"Board game","state":"PAUSED","targetingType":"MANUAL","budget":{"budget":30,"budgetType":"DAILY"}},
                          {"campaignId":"4","name":"Gone","state":"ARCHIVED","targetingType":"MANUAL","budget":{"budget":30,"budgetType":"DAILY"}}]}
            """);
        stub.On("POST /sp/adGroups/list", """
            {"adGroups":[{"adGroupId":"5","campaignId":"1","name":"Exact","state":"ENABLED","defaultBid":0.5},{"adGroupId":"6","campaignId":"2","name":"exact","state":"ENABLED","defaultBid":0.5},{"adGroupId":"7","campaignId":"2","name":"Broad","state":"ENABLED","defaultBid":0.5}]}
            """);
        stub.On("POST /sp/productAds/list", """{"productAds":[{"adId":"8","campaignId":"1","adGroupId":"5","sku":"sku-1","asin":"B000000001","state":"ENABLED"},{"adId":"9","campaignId":"1","adGroupId":"5","sku":"SKU-2","asin":"B000000002","state":"ENABLED"}]}""");
        await using var clients = new Clients(stub.Address);

        var found = await clients.Ads.FindAsync(
        [
            Plain with { Name = "Board" }, Plain with { Name = "board" }, Plain with { Name = "Gone" }, Plain with { Name = "Never" },
            new CreateAdGroup(new(1), "Exact", Usd(0.5m)), new CreateAdGroup(new(2), "Exact", Usd(0.5m)), new CreateAdGroup(new(1), "Broad", Usd(0.5m)),
            new CreateProductAd(new(1), new(5), new("SKU-1")), new CreateProductAd(new(1), new(5), new("SKU-2")), new CreateProductAd(new(2), new(6), new("SKU-2")),
        ], Ct);

        Assert.Equal(
        [
            new(2, null), new(1, "its name is written “BOARD”"), null, null,
            new(5, null), new(6, "its name is written “exact”"), null,
            null, new(9, null), null,
        ], found);
        Assert.Equal("""{"stateFilter":{"include":["ENABLED","PAUSED"]},"nameFilter":{"include":["Board","board","Gone","Never"],"queryTermMatchType":"EXACT_MATCH"},"maxResults":500}""", Assert.Single(stub.To("POST /sp/campaigns/list")).Body);
        Assert.Equal("""{"campaignIdFilter":{"include":["1","2"]},"stateFilter":{"include":["ENABLED","PAUSED"]},"nameFilter":{"include":["Exact","Broad"],"queryTermMatchType":"EXACT_MATCH"},"maxResults":1000}""", Assert.Single(stub.To("POST /sp/adGroups/list")).Body);
        Assert.Equal("""{"adGroupIdFilter":{"include":["5","6"]},"stateFilter":{"include":["ENABLED","PAUSED"]},"maxResults":1000}""", Assert.Single(stub.To("POST /sp/productAds/list")).Body);
    }

    [Theory]
    [InlineData(AdsAdapter.Product, "POST /sp/campaigns/list", "POST /sp/adGroups/list", "POST /sp/productAds/list")]
    [InlineData(AdsAdapter.Unified, "POST /adsApi/v1/query/campaigns", "POST /adsApi/v1/query/adGroups", "POST /adsApi/v1/query/ads")]
    public async Task A_filter_names_at_most_a_hundred(AdsAdapter adapter, params string[] lists)
    {
        await using var stub = await StubAmazon.StartAsync();
        foreach (var list in lists) stub.On(list, "{}");
        await using var clients = new Clients(stub.Address, options => options.AdsAdapter = adapter);

        var found = await clients.Ads.FindAsync([.. Enumerable.Range(1, 250).SelectMany(number => new Creation[]
        {
            Plain with { Name = $"Campaign {number}" }, new CreateAdGroup(new(number), $"Group {number}", Usd(0.5m)), new CreateProductAd(new(number), new(number), new("SKU-1")),
        })], Ct);

        Assert.Equal(750, found.Count);
        Assert.All(found, Assert.Null);
        Assert.All(lists, list => Assert.Equal([100, 100, 50], stub.To(list).Select(request => Widest(JsonDocument.Parse(request.Body).RootElement))));
    }

    private static int Widest(JsonElement request) => request.EnumerateObject().Where(filter => filter.Value.ValueKind == JsonValueKind.Object).Max(filter => filter.Value.GetProperty("include").GetArrayLength());

    private static void Same(string expected, string actual) => Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(actual).RootElement), actual);

    private static Money Usd(decimal amount) => new(amount, Clients.Us.Currency);
}
