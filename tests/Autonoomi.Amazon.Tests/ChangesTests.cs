using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Tests;

public sealed class ChangesTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly Currency Usd = Clients.Us.Currency;

    [Fact]
    public async Task A_partly_taken_batch_comes_back_in_the_order_of_the_changes_and_silence_is_unknown()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("PUT /sp/keywords", new Answer("""
            {"keywords":{"success":[{"index":3,"keywordId":"4"},{"index":0,"keywordId":"1"}],
             "error":[{"index":1,"errors":[{"errorType":"biddingError","errorValue":{"biddingError":{"reason":"BID_OUT_OF_MARKET_PLACE_RANGE","message":"Bid outside the range"}}}]}]}}
            """, 207));
        await using var clients = new Clients(stub.Address);

        var outcomes = await clients.Ads.ApplyAsync([Bid(1), Bid(2), Bid(3), Bid(4)], Ct);

        Assert.Equal([OutcomeKind.Accepted, OutcomeKind.Refused, OutcomeKind.Unknown, OutcomeKind.Accepted], outcomes.Select(outcome => outcome.Kind));
        Assert.Equal("BID_OUT_OF_MARKET_PLACE_RANGE", outcomes[1].Code);
        Assert.Equal("Bid outside the range", outcomes[1].Message);
        Assert.Equal(4, outcomes[3].CreatedId);
    }

    [Fact]
    public async Task An_item_that_amazon_throttled_is_sent_again_alone()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("PUT /sp/keywords",
            new Answer("""{"keywords":{"success":[{"index":0,"keywordId":"1"}],"error":[{"index":1,"errors":[{"errorType":"throttledError","errorValue":{"throttledError":{"reason":"THROTTLED","message":"later"}}}]}]}}""", 207),
            new Answer("""{"keywords":{"success":[{"index":0,"keywordId":"2"}],"error":[]}}""", 207));
        stub.On("POST /sp/keywords/list", """{"keywords":[{"keywordId":"2","campaignId":"10","adGroupId":"20","keywordText":"b","matchType":"EXACT","state":"ENABLED","bid":0.5}]}""");
        await using var clients = new Clients(stub.Address);

        var outcomes = await clients.Ads.ApplyAsync([Bid(1), Bid(2)], Ct);

        Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
        Assert.Equal("""{"keywords":[{"keywordId":"2","bid":0.6}]}""", stub.To("PUT /sp/keywords")[1].Body);
    }

    [Fact]
    public async Task Keywords_and_targets_take_different_roads_and_each_its_media_type()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("PUT /sp/keywords", new Answer("""{"keywords":{"success":[{"index":0,"keywordId":"1"}]}}""", 207));
        stub.On("PUT /sp/targets", new Answer("""{"targetingClauses":{"success":[{"index":0,"targetId":"2"}]}}""", 207));
        await using var clients = new Clients(stub.Address);

        await clients.Ads.ApplyAsync([Bid(1), Bid(2) with { Kind = TargetKind.Auto }], Ct);

        var keyword = Assert.Single(stub.To("PUT /sp/keywords"));
        var target = Assert.Single(stub.To("PUT /sp/targets"));
        Assert.Equal("""{"targetingClauses":[{"targetId":"2","bid":0.6}]}""", target.Body);
        Assert.Equal("application/vnd.spKeyword.v3+json", keyword.Headers["Content-Type"]);
        Assert.Equal("application/vnd.spKeyword.v3+json", keyword.Headers["Accept"]);
        Assert.Equal("application/vnd.spTargetingClause.v3+json", target.Headers["Content-Type"]);
        Assert.Equal("3501", keyword.Headers["Amazon-Advertising-API-Scope"]);
    }

    [Fact]
    public async Task A_placement_is_written_with_what_else_the_campaign_has()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /sp/campaigns/list", """
            {"campaigns":[{"campaignId":"10","name":"c","state":"ENABLED","targetingType":"MANUAL","budget":{"budget":20,"budgetType":"DAILY"},
             "dynamicBidding":{"strategy":"AUTO_FOR_SALES","placementBidding":[{"placement":"PLACEMENT_TOP","percentage":5},{"placement":"SITE_AMAZON_BUSINESS","percentage":7}],
             "shopperCohortBidding":[{"shopperCohortType":"AUDIENCE_SEGMENT","percentage":3}]}}]}
            """);
        stub.On("PUT /sp/campaigns", new Answer("""{"campaigns":{"success":[{"index":0,"campaignId":"10"}]}}""", 207));
        await using var clients = new Clients(stub.Address);

        var outcomes = await clients.Ads.ApplyAsync([new SetPlacement(new(10), Placement.TopOfSearch, 5, 25), new SetPlacement(new(10), Placement.ProductPages, 0, 10), new SetPlacement(new(11), Placement.TopOfSearch, 0, 10)], Ct);

        Assert.Equal([OutcomeKind.Accepted, OutcomeKind.Accepted, OutcomeKind.Refused], outcomes.Select(outcome => outcome.Kind));
        Assert.Equal("""{"campaigns":[{"campaignId":"10","dynamicBidding":{"strategy":"AUTO_FOR_SALES","placementBidding":[{"placement":"PLACEMENT_TOP","percentage":25},{"placement":"SITE_AMAZON_BUSINESS","percentage":7},{"placement":"PLACEMENT_PRODUCT_PAGE","percentage":10}],"shopperCohortBidding":[{"shopperCohortType":"AUDIENCE_SEGMENT","percentage":3}]}}]}""",
            Assert.Single(stub.To("PUT /sp/campaigns")).Body);
    }

    [Fact]
    public async Task Two_changes_of_one_thing_are_refused_before_anything_is_sent()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = new Clients(stub.Address);

        await Assert.ThrowsAsync<ArgumentException>(() => clients.Ads.ApplyAsync([Bid(1), Bid(1)], Ct));

        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task What_no_operation_exists_for_is_refused_by_us()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = new Clients(stub.Address);

        var outcome = Assert.Single(await clients.Ads.ApplyAsync([new CreateTarget(new(10), new(20), MatchType.CloseMatch, "", new Money(0.5m, Usd))], Ct));

        Assert.Equal((OutcomeKind.Refused, "NO_SUCH_OPERATION"), (outcome.Kind, outcome.Code));
    }

    [Fact]
    public async Task A_batch_wider_than_amazon_takes_is_split()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("PUT /sp/keywords", new Answer("""{"keywords":{"success":[],"error":[]}}""", 207));
        await using var clients = new Clients(stub.Address);

        var outcomes = await clients.Ads.ApplyAsync([.. Enumerable.Range(1, 1001).Select(id => Bid(id))], Ct);

        Assert.Equal(1001, outcomes.Count);
        Assert.Equal(2, stub.To("PUT /sp/keywords").Count);
    }

    [Fact]
    public async Task Observation_tells_done_untouched_different_and_gone_apart()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /sp/keywords/list", """
            {"keywords":[{"keywordId":"1","campaignId":"10","adGroupId":"20","keywordText":"Oak  Board","matchType":"EXACT","state":"ENABLED","bid":0.6},
                         {"keywordId":"2","campaignId":"10","adGroupId":"20","keywordText":"b","matchType":"EXACT","state":"ENABLED"},
                         {"keywordId":"3","campaignId":"10","adGroupId":"20","keywordText":"c","matchType":"EXACT","state":"ENABLED","bid":0.9},
                         {"keywordId":"4","campaignId":"10","adGroupId":"20","keywordText":"d","matchType":"EXACT","state":"ARCHIVED","bid":0.5}]}
            """);
        stub.On("POST /sp/adGroups/list", """{"adGroups":[{"adGroupId":"20","campaignId":"10","name":"g","state":"ENABLED","defaultBid":0.5},{"adGroupId":"21","campaignId":"10","name":"h","state":"ARCHIVED","defaultBid":0.5}]}""");
        stub.On("POST /sp/campaigns/list", """{"campaigns":[{"campaignId":"10","name":"c","state":"ENABLED","targetingType":"MANUAL","budget":{"budget":20,"budgetType":"DAILY"}}]}""");
        stub.On("POST /sp/negativeKeywords/list", """{"negativeKeywords":[{"keywordId":"7","campaignId":"10","adGroupId":"20","keywordText":"never","matchType":"NEGATIVE_EXACT","state":"ENABLED"}]}""");
        await using var clients = new Clients(stub.Address);

        var seen = await clients.Ads.ObserveAsync(
        [
            Bid(1), Bid(2), Bid(3), Bid(4), Bid(5),
            new CreateTarget(new(10), new(20), MatchType.Exact, "oak board", new Money(1, Usd)),
            new CreateTarget(new(10), new(20), MatchType.Phrase, "oak board", new Money(1, Usd)),
            new CreateTarget(new(10), new(21), MatchType.Exact, "oak board", new Money(1, Usd)),
            new AddNegative(new(10), new(20), NegativeMatch.Exact, "NEVER"),
            new AddNegative(new(10), new(20), NegativeMatch.Phrase, "never"),
            new ArchiveNegative(new(10), new(20), new(7), NegativeMatch.Exact, "never"),
            new ArchiveNegative(new(10), new(20), new(8), NegativeMatch.Exact, "gone"),
            new SetBudget(new(10), new Money(20, Usd), new Money(30, Usd)),
            new SetBudget(new(99), new Money(20, Usd), new Money(30, Usd)),
            new SetPlacement(new(10), Placement.TopOfSearch, 5, 0),
        ], Ct);

        Assert.Equal(
        [
            Observation.Done, Observation.Untouched, Observation.Different, Observation.Gone, Observation.Gone,
            Observation.Done, Observation.Untouched, Observation.Gone, Observation.Done, Observation.Untouched,
            Observation.Untouched, Observation.Done, Observation.Untouched, Observation.Gone, Observation.Done,
        ], seen);
    }

    private static SetBid Bid(long id) => new(new(10), new(20), new(id), TargetKind.Keyword, new Money(0.5m, Usd), new Money(0.6m, Usd));
}
