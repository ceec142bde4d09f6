using System.Net;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.Tests.Http;

public sealed class SponsoredProductsTests : IAsyncLifetime
{
    private Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.OpenAsync(historyDays: 2, products: 2);

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task Profiles_tell_the_one_storefront_and_its_seller()
    {
        using var response = await shop.AdsAsync(HttpMethod.Get, "/v2/profiles");
        var profile = JsonNode.Parse(await response.Content.ReadAsStringAsync(Shop.Cancel))!.AsArray()[0]!;

        Assert.Equal(shop.World.ProfileId, (long)profile["profileId"]!);
        Assert.Equal(shop.World.SellingPartnerId, (string)profile["accountInfo"]!["id"]!);
        Assert.Equal("seller", (string)profile["accountInfo"]!["type"]!);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("Amazon-Advertising-API-ClientId")]
    [InlineData("Amazon-Advertising-API-Scope")]
    public async Task A_call_without_one_of_the_three_headers_is_a_401(string header)
    {
        var body = await shop.SpAsync(HttpMethod.Post, "/sp/campaigns/list", "spCampaign", new { }, 401, request => request.Headers.Remove(header));

        Assert.Equal("UNAUTHORIZED", (string)body["code"]!);
    }

    [Fact]
    public async Task A_scope_of_somebody_else_is_a_401()
    {
        await shop.SpAsync(HttpMethod.Post, "/sp/campaigns/list", "spCampaign", new { }, 401, request =>
        {
            request.Headers.Remove("Amazon-Advertising-API-Scope");
            request.Headers.Add("Amazon-Advertising-API-Scope", "12345");
        });
    }

    [Fact]
    public async Task A_wrong_content_type_is_a_415_and_a_wrong_accept_a_406()
    {
        await shop.SpAsync(HttpMethod.Post, "/sp/keywords/list", "spCampaign", new { }, 415);
        await shop.SpAsync(HttpMethod.Post, "/sp/keywords/list", "spKeyword", new { }, 406, request =>
        {
            request.Headers.Remove("Accept");
            request.Headers.Add("Accept", "application/vnd.spCampaign.v3+json");
        });
    }

    [Theory]
    [InlineData("campaigns", "spCampaign", "campaigns")]
    [InlineData("adGroups", "spAdGroup", "adGroups")]
    [InlineData("productAds", "spProductAd", "productAds")]
    [InlineData("keywords", "spKeyword", "keywords")]
    [InlineData("targets", "spTargetingClause", "targetingClauses")]
    [InlineData("negativeKeywords", "spNegativeKeyword", "negativeKeywords")]
    [InlineData("campaignNegativeKeywords", "spCampaignNegativeKeyword", "campaignNegativeKeywords")]
    [InlineData("negativeTargets", "spNegativeTargetingClause", "negativeTargetingClauses")]
    [InlineData("campaignNegativeTargets", "spCampaignNegativeTargetingClause", "campaignNegativeTargetingClauses")]
    public async Task A_list_comes_in_pages_without_gap_or_repetition(string path, string media, string key)
    {
        var all = (await shop.SpAsync(HttpMethod.Post, $"/sp/{path}/list", media, new { includeExtendedDataFields = true }, 200))[key]!.AsArray();
        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = await shop.SpAsync(HttpMethod.Post, $"/sp/{path}/list", media, token is null ? new { maxResults = 3 } : new { maxResults = 3, nextToken = token }, 200);
            seen.AddRange(page[key]!.AsArray().Select(each => each!.ToJsonString()));
            Assert.Equal(all.Count, (int)page["totalResults"]!);
            token = (string?)page["nextToken"];
        }
        while (token is not null);

        Assert.Equal(all.Count, seen.Distinct().Count());
        Assert.All(all, each => Assert.NotNull(each!["extendedData"]!["servingStatus"]));
    }

    [Fact]
    public async Task A_page_token_of_another_question_is_refused()
    {
        var page = await shop.SpAsync(HttpMethod.Post, "/sp/keywords/list", "spKeyword", new { maxResults = 1 }, 200);

        await shop.SpAsync(HttpMethod.Post, "/sp/keywords/list", "spKeyword", new { nextToken = (string)page["nextToken"]!, stateFilter = new { include = new[] { "PAUSED" } } }, 400);
        await shop.SpAsync(HttpMethod.Post, "/sp/keywords/list", "spKeyword", new { nextToken = "garbage" }, 400);
    }

    [Fact]
    public async Task Filters_choose_by_parent_state_and_text()
    {
        var keyword = shop.World.Ads.Targets.First(each => each.Kind == TargetKind.Keyword);

        var found = await shop.SpAsync(HttpMethod.Post, "/sp/keywords/list", "spKeyword", new
        {
            campaignIdFilter = new { include = new[] { $"{keyword.CampaignId}" } },
            stateFilter = new { include = new[] { "ENABLED" } },
            keywordTextFilter = new { queryTermMatchType = "EXACT_MATCH", include = new[] { keyword.Text } },
            matchTypeFilter = new[] { keyword.Match.ToString().ToUpperInvariant() },
        }, 200);

        Assert.Contains(found["keywords"]!.AsArray(), each => (string)each!["keywordId"]! == $"{keyword.Id}");
        Assert.All(found["keywords"]!.AsArray(), each => Assert.Equal($"{keyword.CampaignId}", (string)each!["campaignId"]!));
    }

    [Fact]
    public async Task Names_are_found_whole_or_in_part_whatever_their_case()
    {
        var (first, second) = (shop.World.Ads.Campaigns[0], shop.World.Ads.Campaigns[1]);
        var group = shop.World.Ads.AdGroups.First(each => each.CampaignId == second.Id);

        Assert.Equal([first.Name, second.Name], await NamesAsync("campaigns", "spCampaign", new { nameFilter = new { include = new[] { first.Name.ToUpperInvariant(), second.Name, "no such" }, queryTermMatchType = "EXACT_MATCH" } }));
        Assert.Equal([first.Name], await NamesAsync("campaigns", "spCampaign", new { nameFilter = new { include = new[] { first.Name[1..] }, queryTermMatchType = "BROAD_MATCH" } }));
        Assert.Empty(await NamesAsync("campaigns", "spCampaign", new { nameFilter = new { include = new[] { first.Name[1..] }, queryTermMatchType = "EXACT_MATCH" } }));
        Assert.Equal([group.Name], await NamesAsync("adGroups", "spAdGroup", new { campaignIdFilter = new { include = new[] { $"{second.Id}" } }, nameFilter = new { include = new[] { group.Name }, queryTermMatchType = "EXACT_MATCH" } }));
        await shop.SpAsync(HttpMethod.Post, "/sp/campaigns/list", "spCampaign", new { nameFilter = new { include = Enumerable.Range(0, 101).Select(number => $"Campaign {number}"), queryTermMatchType = "EXACT_MATCH" } }, 400);

        async Task<IEnumerable<string>> NamesAsync(string path, string media, object body)
        {
            var found = (await shop.SpAsync(HttpMethod.Post, $"/sp/{path}/list", media, body, 200))[path]!.AsArray().Select(each => (string)each!["name"]!).ToList();
            return shop.World.Ads.Campaigns.Select(each => each.Name).Concat(shop.World.Ads.AdGroups.Select(each => each.Name)).Distinct().Where(found.Contains);
        }
    }

    [Fact]
    public async Task Every_item_of_an_update_is_judged_alone()
    {
        var keywords = shop.World.Ads.Targets.Where(each => each.Kind == TargetKind.Keyword).Take(2).ToList();

        var body = await shop.SpAsync(HttpMethod.Put, "/sp/keywords", "spKeyword", new
        {
            keywords = new object[]
            {
                new { keywordId = $"{keywords[0].Id}", bid = 0.57 }, new { keywordId = "1", bid = 0.5 }, new { keywordId = $"{keywords[1].Id}", bid = 0.001 },
                new { keywordId = "not-a-number", bid = 0.5 },
            },
        });

        Assert.Equal([0], Indexes(body["keywords"]!["success"]!));
        Assert.Equal([1, 2, 3], Indexes(body["keywords"]!["error"]!));
        Assert.Equal("ENTITY_NOT_FOUND", Reason(body["keywords"]!, 0, "entityNotFoundError"));
        Assert.Equal("BID_OUT_OF_MARKET_PLACE_RANGE", Reason(body["keywords"]!, 1, "biddingError"));
        Assert.Equal("$.keywords[2].bid", (string)body["keywords"]!["error"]![1]!["errors"]![0]!["errorValue"]!["biddingError"]!["cause"]!["location"]!);
        Assert.Equal(0.57m, shop.World.Ads.Target(keywords[0].Id)!.Bid);
    }

    [Fact]
    public async Task Amazons_own_trouble_with_an_item_is_an_internal_error_of_that_item()
    {
        await using var troubled = await Shop.OpenAsync(historyDays: 1, products: 1, writeFailureShare: 0.5);
        var keywords = troubled.World.Ads.Targets.Where(each => each.Kind == TargetKind.Keyword).Select(each => new { keywordId = $"{each.Id}", bid = 0.57 }).ToList();

        var body = (await troubled.SpAsync(HttpMethod.Put, "/sp/keywords", "spKeyword", new { keywords }))["keywords"]!;

        Assert.InRange(Indexes(body["error"]!).Count(), 1, keywords.Count - 1);
        Assert.Equal("INTERNAL_ERROR", Reason(body, 0, "internalServerError"));
        Assert.All(body["error"]!.AsArray(), error => Assert.Equal("internalServerError", (string)error!["errors"]![0]!["errorType"]!));
        Assert.Equal(keywords.Count, Indexes(body["success"]!).Count() + Indexes(body["error"]!).Count());
    }

    [Fact]
    public async Task A_malformed_item_refuses_the_whole_request_and_writes_nothing()
    {
        var keyword = shop.World.Ads.Targets.First(each => each.Kind == TargetKind.Keyword);
        var before = shop.World.Ads.Writes.Count;

        await shop.SpAsync(HttpMethod.Put, "/sp/keywords", "spKeyword", $$"""{"keywords":[{"keywordId":"{{keyword.Id}}","bid":0.57},{"keywordId":"{{keyword.Id}}","bid":"0.57"}]}""", 400);
        await shop.SpAsync(HttpMethod.Put, "/sp/keywords", "spKeyword", """{"keyword":[]}""", 400);
        await shop.SpAsync(HttpMethod.Put, "/sp/keywords", "spKeyword", "[]", 400);
        await shop.SpAsync(HttpMethod.Put, "/sp/keywords", "spKeyword", new { keywords = Enumerable.Repeat(new { keywordId = "1", bid = 0.5 }, 1001) }, 400);

        Assert.Equal(before, shop.World.Ads.Writes.Count);
    }

    [Fact]
    public async Task A_campaign_of_ones_own_is_built_changed_and_archived()
    {
        var sku = shop.World.Listings()[0].Sku.Value;
        var campaign = Created(await shop.SpAsync(HttpMethod.Post, "/sp/campaigns", "spCampaign", new
        {
            campaigns = new[] { new { name = "Mine", targetingType = "MANUAL", state = "ENABLED", budget = new { budget = 12.5, budgetType = "DAILY" }, dynamicBidding = new { strategy = "LEGACY_FOR_SALES", placementBidding = new[] { new { placement = "PLACEMENT_TOP", percentage = 30 } } } } },
        }), "campaigns", "campaignId");
        var group = Created(await shop.SpAsync(HttpMethod.Post, "/sp/adGroups", "spAdGroup", new { adGroups = new[] { new { campaignId = campaign, name = "One", defaultBid = 0.4, state = "ENABLED" } } }), "adGroups", "adGroupId");
        Created(await shop.SpAsync(HttpMethod.Post, "/sp/productAds", "spProductAd", new { productAds = new[] { new { campaignId = campaign, adGroupId = group, sku, state = "ENABLED" } } }), "productAds", "adId");
        var keyword = await shop.SpAsync(HttpMethod.Post, "/sp/keywords", "spKeyword", new { keywords = new[] { new { campaignId = campaign, adGroupId = group, keywordText = "a very own phrase", matchType = "EXACT", state = "ENABLED", bid = 0.61 } } }, 207,
            request => request.Headers.Add("Prefer", "return=representation"));
        var again = await shop.SpAsync(HttpMethod.Post, "/sp/keywords", "spKeyword", new { keywords = new[] { new { campaignId = campaign, adGroupId = group, keywordText = "a very own phrase", matchType = "EXACT", state = "ENABLED", bid = 0.7 } } });
        Created(await shop.SpAsync(HttpMethod.Post, "/sp/negativeKeywords", "spNegativeKeyword", new { negativeKeywords = new[] { new { campaignId = campaign, adGroupId = group, keywordText = "free", matchType = "NEGATIVE_PHRASE", state = "ENABLED" } } }), "negativeKeywords", "negativeKeywordId");
        Created(await shop.SpAsync(HttpMethod.Post, "/sp/campaignNegativeKeywords", "spCampaignNegativeKeyword", new { campaignNegativeKeywords = new[] { new { campaignId = campaign, keywordText = "used", matchType = "NEGATIVE_EXACT", state = "ENABLED" } } }), "campaignNegativeKeywords", "campaignNegativeKeywordId");
        Created(await shop.SpAsync(HttpMethod.Post, "/sp/negativeTargets", "spNegativeTargetingClause", new { negativeTargetingClauses = new[] { new { campaignId = campaign, adGroupId = group, expression = new[] { new { type = "ASIN_SAME_AS", value = "B0RIVAL001" } }, state = "ENABLED" } } }), "negativeTargetingClauses", "targetId");
        await shop.SpAsync(HttpMethod.Put, "/sp/campaigns", "spCampaign", new { campaigns = new[] { new { campaignId = campaign, budget = new { budget = 15, budgetType = "DAILY" }, state = "PAUSED" } } });
        var shown = (await shop.SpAsync(HttpMethod.Post, "/sp/campaigns/list", "spCampaign", new { campaignIdFilter = new { include = new[] { campaign } }, includeExtendedDataFields = true }, 200))["campaigns"]![0]!;
        var deleted = await shop.SpAsync(HttpMethod.Post, "/sp/campaigns/delete", "spCampaign", new { campaignIdFilter = new { include = new[] { campaign, "1" } } });
        var late = await shop.SpAsync(HttpMethod.Put, "/sp/campaigns", "spCampaign", new { campaigns = new[] { new { campaignId = campaign, state = "ENABLED" } } });

        Assert.Equal(0.61m, (decimal)keyword["keywords"]!["success"]![0]!["keyword"]!["bid"]!);
        Assert.Equal("DUPLICATE_VALUE", Reason(again["keywords"]!, 0, "duplicateValueError"));
        Assert.Equal((15m, "PAUSED", "CAMPAIGN_PAUSED"), ((decimal)shown["budget"]!["budget"]!, (string)shown["state"]!, (string)shown["extendedData"]!["servingStatus"]!));
        Assert.Equal(30, (int)shown["dynamicBidding"]!["placementBidding"]![0]!["percentage"]!);
        Assert.Equal([0], Indexes(deleted["campaigns"]!["success"]!));
        Assert.Equal("$.campaignIdFilter.include[1]", (string)deleted["campaigns"]!["error"]![0]!["errors"]![0]!["errorValue"]!["entityNotFoundError"]!["cause"]!["location"]!);
        Assert.Equal("ARCHIVED_ENTITY_CANNOT_BE_MODIFIED", Reason(late["campaigns"]!, 0, "entityStateError"));
        var writes = (await shop.ControlAsync(HttpMethod.Get, "/world/writes"))["writes"]!.AsArray();
        Assert.Contains(writes, each => (string)each!["route"]! == "/sp/keywords" && (bool)each["accepted"]!);
        Assert.Contains(writes, each => (string?)each!["reason"] == "DUPLICATE_VALUE");
    }

    [Fact]
    public async Task An_auto_campaigns_ad_group_comes_with_its_four_clauses()
    {
        var campaign = Created(await shop.SpAsync(HttpMethod.Post, "/sp/campaigns", "spCampaign", new
        {
            campaigns = new[] { new { name = "Automatic", targetingType = "AUTO", state = "ENABLED", budget = new { budget = 10, budgetType = "DAILY" } } },
        }), "campaigns", "campaignId");
        await shop.SpAsync(HttpMethod.Post, "/sp/adGroups", "spAdGroup", new { adGroups = new[] { new { campaignId = campaign, name = "One", defaultBid = 0.4, state = "ENABLED" } } });

        var clauses = (await shop.SpAsync(HttpMethod.Post, "/sp/targets/list", "spTargetingClause", new { campaignIdFilter = new { include = new[] { campaign } }, expressionTypeFilter = new { include = new[] { "AUTO" } } }, 200))["targetingClauses"]!.AsArray();
        var refused = await shop.SpAsync(HttpMethod.Post, "/sp/targets/delete", "spTargetingClause", new { targetIdFilter = new { include = new[] { (string)clauses[0]!["targetId"]! } } });

        Assert.Equal(["ASIN_ACCESSORY_RELATED", "ASIN_SUBSTITUTE_RELATED", "QUERY_BROAD_REL_MATCHES", "QUERY_HIGH_REL_MATCHES"], clauses.Select(each => (string)each!["expression"]![0]!["type"]!).Order());
        Assert.All(clauses, each => Assert.Null(each!["bid"]));
        Assert.Equal("AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY", Reason(refused["targetingClauses"]!, 0, "entityStateError"));
    }

    [Fact]
    public async Task Throttles_outages_and_the_gateways_own_pages_can_be_ordered()
    {
        await shop.FaultAsync(new
        {
            faults = new object[]
            {
                new { path = "/sp/keywords", kind = "throttle", retryAfterSeconds = 4 }, new { path = "/sp/keywords", kind = "throttleHtml" },
                new { path = "/sp/keywords", kind = "html", status = 503 },
            },
        });

        using (var first = await shop.AdsAsync(HttpMethod.Post, "/sp/keywords/list", new { }, "application/vnd.spKeyword.v3+json"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, first.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(4), first.Headers.RetryAfter!.Delta);
        }

        using (var second = await shop.AdsAsync(HttpMethod.Post, "/sp/keywords/list", new { }, "application/vnd.spKeyword.v3+json"))
            Assert.Equal((429, "text/html"), ((int)second.StatusCode, second.Content.Headers.ContentType!.MediaType));
        using (var third = await shop.AdsAsync(HttpMethod.Post, "/sp/keywords/list", new { }, "application/vnd.spKeyword.v3+json")) Assert.Equal(503, (int)third.StatusCode);
        await shop.SpAsync(HttpMethod.Post, "/sp/keywords/list", "spKeyword", new { }, 200);
    }

    [Fact]
    public async Task A_lost_answer_leaves_the_work_done()
    {
        var keyword = shop.World.Ads.Targets.First(each => each.Kind == TargetKind.Keyword);
        await shop.SpAsync(HttpMethod.Post, "/sp/keywords/list", "spKeyword", new { maxResults = 1 }, 200);
        await shop.FaultAsync(new { faults = new[] { new { path = "/sp/keywords", method = "PUT", kind = "lostAnswer" } } });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => shop.SpAsync(HttpMethod.Put, "/sp/keywords", "spKeyword", new { keywords = new[] { new { keywordId = $"{keyword.Id}", bid = 0.66 } } }));

        Assert.Equal(0.66m, shop.World.Ads.Target(keyword.Id)!.Bid);
    }

    private static IEnumerable<int> Indexes(JsonNode list) => list.AsArray().Select(each => (int)each!["index"]!);

    private static string Reason(JsonNode answer, int position, string selector)
    {
        var error = answer["error"]![position]!["errors"]![0]!;
        Assert.Equal(selector, (string)error["errorType"]!);
        return (string)error["errorValue"]![selector]!["reason"]!;
    }

    private static string Created(JsonObject answer, string key, string id)
    {
        Assert.True(answer[key]!["error"]!.AsArray().Count == 0, answer.ToJsonString());
        return (string)answer[key]!["success"]![0]![id]!;
    }
}
