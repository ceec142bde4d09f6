using System.Text;
using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Tests;

/// <summary>Answers as Amazon's services of Sponsored Brands and Display give them, and as their specification draws them.</summary>
public sealed class AnswerShapesTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public void A_single_item_may_come_as_an_object_and_several_as_a_list()
    {
        Assert.Equal(new ChangeOutcome(OutcomeKind.Accepted, 9007199254740993), Assert.Single(Ordered("""{"keywordId":9007199254740993,"code":"SUCCESS"}""", 1)));
        Assert.Equal([OutcomeKind.Accepted, OutcomeKind.Refused, OutcomeKind.Retryable, OutcomeKind.Unknown],
            Ordered("""[{"keywordId":1,"code":"SUCCESS"},{"code":"INVALID_ARGUMENT","description":"Bid too low"},{"keywordId":3,"code":"THROTTLED"},{"keywordId":4}]""", 4).Select(outcome => outcome.Kind));
        Assert.All(Ordered("<html>", 2), outcome => Assert.Equal(OutcomeKind.Unknown, outcome.Kind));
    }

    [Fact]
    public void A_list_shorter_than_the_request_is_placed_by_ids_and_never_guessed()
    {
        const string Short = """[{"keywordId":3,"code":"SUCCESS"},{"keywordId":1,"code":"NOT_FOUND"}]""";

        Assert.Equal([OutcomeKind.Refused, OutcomeKind.Unknown, OutcomeKind.Accepted], Ordered(Short, 3, [1, 2, 3]).Select(outcome => outcome.Kind));
        Assert.All(Ordered(Short, 3), outcome => Assert.Equal(OutcomeKind.Unknown, outcome.Kind));
    }

    [Fact]
    public void Two_lists_side_by_side_are_brought_into_order_and_a_wrong_index_is_nobody_s()
    {
        var outcomes = Writes.Listed(Encoding.UTF8.GetBytes("""{"good":[{"at":2,"themeId":"12"},{"at":7,"themeId":"13"}],"bad":[{"at":0,"code":"BID_OUT_OF_RANGE","details":"too high"}]}"""), "good", "bad", "at", 3);

        Assert.Equal([OutcomeKind.Refused, OutcomeKind.Unknown, OutcomeKind.Accepted], outcomes.Select(outcome => outcome.Kind));
        Assert.Equal(("BID_OUT_OF_RANGE", "too high", 12), (outcomes[0].Code, outcomes[0].Message, outcomes[2].CreatedId));
    }

    [Fact]
    public async Task A_seller_without_a_registered_brand_has_no_brand_campaigns()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /sp/campaigns/list", """{"campaigns":[{"campaignId":"10","name":"c","state":"ENABLED","targetingType":"MANUAL","budget":{"budget":20,"budgetType":"DAILY"}}]}""");
        stub.On("POST /sb/v4/campaigns/list", new Answer("""{"code":"ACCESS_DENIED","message":"Not eligible"}""", 403));
        stub.On("GET /sd/campaigns", "[]");
        await using var clients = new Clients(stub.Address);

        Assert.Equal(new CampaignId(10), Assert.Single(await clients.Ads.CampaignsAsync(Ct)).Id);
        stub.On("POST /sp/campaigns/list", new Answer("""{"code":"ACCESS_DENIED","message":"Not eligible"}""", 403));
        await Assert.ThrowsAsync<AmazonApiException>(() => clients.Ads.CampaignsAsync(Ct));
    }

    [Fact]
    public async Task What_a_campaign_pays_for_is_read_and_a_word_that_is_missing_or_new_is_not_taken_for_clicks()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /sp/campaigns/list", """{"campaigns":[{"campaignId":"10","name":"c","state":"ENABLED","targetingType":"MANUAL","budget":{"budget":20,"budgetType":"DAILY"}}]}""");
        stub.On("POST /sb/v4/campaigns/list", """{"campaigns":[{"campaignId":"21","budget":5,"costType":"CPC"},{"campaignId":"22","budget":5,"costType":"VCPM"},{"campaignId":"23","budget":5},{"campaignId":"24","budget":5,"costType":"CPA"}]}""");
        stub.On("GET /sd/campaigns", """[{"campaignId":31,"budget":5,"costType":"cpc"},{"campaignId":32,"budget":5,"costType":"vcpm"},{"campaignId":33,"budget":5,"costType":null}]""");
        await using var clients = new Clients(stub.Address);

        var campaigns = (await clients.Ads.CampaignsAsync(Ct)).ToDictionary(campaign => campaign.Id.Value);

        Assert.Equal([CostType.PerClick, CostType.PerThousandViews, CostType.Unknown, CostType.Unknown], new long[] { 21, 22, 23, 24 }.Select(id => campaigns[id].CostType));
        Assert.Equal([CostType.PerClick, CostType.PerThousandViews, CostType.Unknown], new long[] { 31, 32, 33 }.Select(id => campaigns[id].CostType));
        Assert.Equal([10, 21, 31], campaigns.Values.Where(campaign => campaign.PaysPerClick).Select(campaign => campaign.Id.Value).Order());
    }

    [Fact]
    public async Task Changes_of_three_ad_products_take_three_roads_and_come_back_in_order()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("PUT /sp/keywords", new Answer("""{"keywords":{"success":[{"index":0,"keywordId":"1"}]}}""", 207));
        stub.On("PUT /sb/keywords", new Answer("""[{"keywordId":2,"code":"SUCCESS"}]""", 207));
        stub.On("PUT /sd/targets", new Answer("""[{"targetId":3,"code":"INVALID_ARGUMENT","description":"no"}]""", 207));
        await using var clients = new Clients(stub.Address);
        SetBid Of(long id, TargetKind kind, AdProduct product) => new(new(10), new(20), new(id), kind, new Money(0.5m, Clients.Us.Currency), new Money(0.6m, Clients.Us.Currency)) { AdProduct = product };

        var outcomes = await clients.Ads.ApplyAsync([Of(3, TargetKind.Product, AdProduct.SponsoredDisplay), Of(1, TargetKind.Keyword, AdProduct.SponsoredProducts), Of(2, TargetKind.Keyword, AdProduct.SponsoredBrands)], Ct);

        Assert.Equal([OutcomeKind.Refused, OutcomeKind.Accepted, OutcomeKind.Accepted], outcomes.Select(outcome => outcome.Kind));
        Assert.Equal("""[{"keywordId":2,"adGroupId":20,"campaignId":10,"bid":0.6}]""", Assert.Single(stub.To("PUT /sb/keywords")).Body);
        Assert.Equal("application/json", Assert.Single(stub.To("PUT /sb/keywords")).Headers["Content-Type"]);
        Assert.Equal("""[{"targetId":3,"bid":0.6}]""", Assert.Single(stub.To("PUT /sd/targets")).Body);
    }

    private static IReadOnlyList<ChangeOutcome> Ordered(string body, int count, IReadOnlyList<long>? ids = null) => Writes.Ordered(Encoding.UTF8.GetBytes(body), "keywordId", count, ids);
}
