using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;
using WorldBid = Autonoomi.Marketplace.World.BidSuggestion;

namespace Autonoomi.Marketplace.Tests.Http;

public sealed class BidRecommendationsTests : IAsyncLifetime
{
    private const string Path = "/sp/targets/bid/recommendations";
    private const string Media = "application/vnd.spthemebasedbidrecommendation.v5+json";

    private Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.OpenAsync(historyDays: 2, products: 2);

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task Suggestions_for_an_ad_group_are_the_worlds_and_echo_the_expressions()
    {
        var known = shop.World.SuggestedBids().ToDictionary(bid => bid.TargetId);
        var keyword = shop.World.Ads.Targets.First(target => target.Kind == TargetKind.Keyword && target.Match == MatchType.Exact && known.ContainsKey(target.Id));
        var auto = shop.World.Ads.Targets.First(target => target.Match == MatchType.CloseMatch && known.ContainsKey(target.Id));

        var spelled = await AskAsync(keyword, 200, new { type = "KEYWORD_EXACT_MATCH", value = keyword.Text.ToUpperInvariant() }, new { type = "KEYWORD_EXACT_MATCH", value = "no such keyword" });
        var clause = await AskAsync(auto, 200, new { type = "CLOSE_MATCH" });

        Assert.Equal(keyword.Text.ToUpperInvariant(), (string)Only(spelled)["targetingExpression"]!["value"]!);
        Assert.Equal(known[keyword.Id], Values(keyword, Only(spelled)));
        Assert.Equal(known[auto.Id], Values(auto, Only(clause)));
        Assert.Equal("CONVERSION_OPPORTUNITIES", (string)clause["bidRecommendations"]![0]!["theme"]!);
    }

    [Fact]
    public async Task What_the_service_does_not_take_is_refused_in_its_own_words()
    {
        var target = shop.World.Ads.Targets[0];
        var expression = new { type = "CLOSE_MATCH" };

        Assert.Contains("101", (string)(await AskAsync(target, 400, [.. Enumerable.Repeat(expression, 101)]))["details"]!, StringComparison.Ordinal);
        Assert.Contains("type", (string)(await AskAsync(target, 400, new { type = "BROAD" }))["details"]!, StringComparison.Ordinal);
        Assert.NotNull((await AskAsync(target with { AdGroupId = 5 }, 422, expression))["details"]);
        await shop.SpAsync(HttpMethod.Post, Path, "spKeyword", new { }, 415);
    }

    private async Task<JsonObject> AskAsync(WorldTarget target, int status, params object[] expressions)
    {
        using var response = await shop.AdsAsync(HttpMethod.Post, Path, new
        {
            recommendationType = "BIDS_FOR_EXISTING_AD_GROUP", campaignId = $"{target.CampaignId}", adGroupId = $"{target.AdGroupId}", targetingExpressions = expressions,
        }, Media);
        Assert.Equal(status, (int)response.StatusCode);
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(Shop.Cancel))!;
    }

    private static JsonObject Only(JsonObject answer) => (JsonObject)Assert.Single(answer["bidRecommendations"]![0]!["bidRecommendationsForTargetingExpressions"]!.AsArray())!;

    private static WorldBid Values(WorldTarget target, JsonObject item)
    {
        var values = item["bidValues"]!.AsArray().Select(value => (decimal)value!["suggestedBid"]!).ToList();
        return new(target.Id, values[0], values[1], values[2]);
    }
}
