using System.Diagnostics;
using System.Net;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

public sealed class TransportTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly Answer Throttled = new("""{"code":"429","details":"Too Many Requests"}""", 429);

    [Fact]
    public async Task A_throttled_read_waits_for_as_long_as_it_is_asked_to()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /v2/profiles", Throttled with { Headers = [("Retry-After", "1")] }, "[]");
        await using var clients = new Clients(stub.Address);

        var watch = Stopwatch.StartNew();
        await clients.Ads.ProfilesAsync(Ct);

        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(1), $"came back after {watch.Elapsed}");
        Assert.Equal(2, stub.To("GET /v2/profiles").Count);
    }

    [Theory]
    [InlineData(429, "text/html", "<html><body>slow down</body></html>")]
    [InlineData(503, "application/json", """{"code":"INTERNAL_ERROR","message":"again"}""")]
    [InlineData(500, "text/html", "<html>oops</html>")]
    [InlineData(502, "application/json", "")]
    public async Task A_read_is_repeated_through_throttling_and_outages(int status, string mediaType, string body)
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /v2/profiles", new Answer(body, status, mediaType), new Answer(body, status, mediaType), "[]");
        await using var clients = new Clients(stub.Address);

        Assert.Empty(await clients.Ads.ProfilesAsync(Ct));

        Assert.Equal(3, stub.To("GET /v2/profiles").Count);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_asked_for_again()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /v2/profiles", new Answer("[") { Announced = 500 }, "[]");
        await using var clients = new Clients(stub.Address);

        Assert.Empty(await clients.Ads.ProfilesAsync(Ct));
    }

    [Fact]
    public async Task An_outage_without_end_is_one_exception_with_what_support_asks_for()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /v2/profiles", new Answer("<html>gateway</html>", 503, "text/html"));
        await using var clients = new Clients(stub.Address);

        var failed = await Assert.ThrowsAsync<AmazonApiException>(() => clients.Ads.ProfilesAsync(Ct));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.Status);
        Assert.Equal("request-1", failed.RequestId);
        Assert.True(failed.IsTransient);
        Assert.Contains("a page of HTML came instead of JSON", failed.Message, StringComparison.Ordinal);
        Assert.Equal(6, stub.To("GET /v2/profiles").Count);
    }

    [Theory]
    [InlineData("""{"code":"INVALID_ARGUMENT","message":"one"}""", "INVALID_ARGUMENT", "one")]
    [InlineData("""{"code":"INVALID_ARGUMENT","details":"two"}""", "INVALID_ARGUMENT", "two")]
    [InlineData("""{"code":"400","detail":"three"}""", "400", "three")]
    [InlineData("""{"errors":[{"code":"InvalidInput","message":"four","details":"five"}]}""", "InvalidInput", "four five")]
    [InlineData("""{"message":"six"}""", null, "six")]
    [InlineData("", null, "the answer has no body")]
    [InlineData("""{"code":"X","message":"token Atza|IwEBIabcdefgh of somebody@example.com is bad"}""", "X", "token [secret] of [address] is bad")]
    public void Every_shape_of_refusal_is_read(string body, string? code, string message)
    {
        var error = AmazonError.Read(System.Text.Encoding.UTF8.GetBytes(body), HttpStatusCode.BadRequest);

        Assert.Equal(code, error.Code);
        Assert.Equal(message, error.Message);
    }

    [Fact]
    [Promise("P-1.2-i")]
    public async Task A_redirection_is_never_followed()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /v2/profiles", new Answer("", 302) { Headers = [("Location", stub.Address + "elsewhere")] });
        await using var clients = new Clients(stub.Address);

        var refused = await Assert.ThrowsAsync<AmazonApiException>(() => clients.Ads.ProfilesAsync(Ct));

        Assert.Contains("never followed", refused.Message, StringComparison.Ordinal);
        Assert.Empty(stub.To("GET /elsewhere"));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    public async Task A_write_without_an_answer_is_unknown_and_is_not_sent_again(int status)
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("PUT /sp/keywords", new Answer("<html>", status, "text/html"));
        await using var clients = new Clients(stub.Address);

        var outcomes = await clients.Ads.ApplyAsync([Bid(1, 0.5m, 0.6m), Bid(2, 0.5m, 0.6m)], Ct);

        Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Unknown, outcome.Kind));
        Assert.Single(stub.To("PUT /sp/keywords"));
    }

    [Fact]
    public async Task A_write_that_never_came_back_is_unknown()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("PUT /sp/keywords", new Answer("{}", 207) { Delay = TimeSpan.FromSeconds(20) });
        await using var clients = new Clients(stub.Address, options => options.CallTimeout = TimeSpan.FromMilliseconds(200));

        var outcome = Assert.Single(await clients.Ads.ApplyAsync([Bid(1, 0.5m, 0.6m)], Ct));

        Assert.Equal(OutcomeKind.Unknown, outcome.Kind);
        Assert.Single(stub.To("PUT /sp/keywords"));
    }

    [Fact]
    public async Task A_throttled_write_is_looked_at_before_it_is_sent_again()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("PUT /sp/keywords", Throttled, new Answer("""{"keywords":{"success":[{"index":0,"keywordId":"2"}],"error":[]}}""", 207));
        stub.On("POST /sp/keywords/list", """
            {"keywords":[{"keywordId":"1","campaignId":"10","adGroupId":"20","keywordText":"a","matchType":"EXACT","state":"ENABLED","bid":0.6},
                         {"keywordId":"2","campaignId":"10","adGroupId":"20","keywordText":"b","matchType":"EXACT","state":"ENABLED","bid":0.5},
                         {"keywordId":"3","campaignId":"10","adGroupId":"20","keywordText":"c","matchType":"EXACT","state":"ENABLED","bid":0.9}]}
            """);
        await using var clients = new Clients(stub.Address);

        var outcomes = await clients.Ads.ApplyAsync([Bid(1, 0.5m, 0.6m), Bid(2, 0.5m, 0.6m), Bid(3, 0.5m, 0.6m)], Ct);

        Assert.Equal([OutcomeKind.Accepted, OutcomeKind.Accepted, OutcomeKind.Refused], outcomes.Select(outcome => outcome.Kind));
        Assert.Equal("""{"keywords":[{"keywordId":"2","bid":0.6}]}""", stub.To("PUT /sp/keywords")[1].Body);
    }

    [Fact]
    public async Task Throttling_without_end_leaves_the_change_to_the_caller()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("PUT /sp/keywords", Throttled);
        stub.On("POST /sp/keywords/list", """{"keywords":[{"keywordId":"1","campaignId":"10","adGroupId":"20","keywordText":"a","matchType":"EXACT","state":"ENABLED","bid":0.5}]}""");
        await using var clients = new Clients(stub.Address);

        var outcome = Assert.Single(await clients.Ads.ApplyAsync([Bid(1, 0.5m, 0.6m)], Ct));

        Assert.Equal(OutcomeKind.Retryable, outcome.Kind);
        Assert.Equal(3, stub.To("PUT /sp/keywords").Count);
    }

    [Fact]
    public void Delays_grow_stay_under_their_limit_and_differ()
    {
        var options = new AmazonOptions();
        var jitter = new Jitter(3);
        var early = Enumerable.Range(0, 200).Select(_ => BackOff.Delay(options, jitter, 0, null, slow: false)).ToList();
        var late = Enumerable.Range(0, 200).Select(_ => BackOff.Delay(options, jitter, 30, null, slow: false)).ToList();

        Assert.All(early, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        Assert.All(late, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromMinutes(5)));
        Assert.True(late.Average(delay => delay.TotalSeconds) > 100);
        Assert.True(early.Distinct().Count() > 190);
        Assert.True(BackOff.Delay(options, jitter, 0, TimeSpan.FromSeconds(7), slow: false) >= TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_bucket_lets_its_burst_through_and_then_makes_the_next_one_wait()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /sellers/v1/marketplaceParticipations", """{"payload":[]}""");
        await using var clients = new Clients(stub.Address, options =>
        {
            options.RateMultiplier = 1;
            options.LongestQueue = TimeSpan.FromMilliseconds(200);
        });

        for (var call = 0; call < 15; call++) await clients.Seller.ParticipationsAsync(Ct);
        var refused = await Assert.ThrowsAsync<AmazonApiException>(() => clients.Seller.ParticipationsAsync(Ct));

        Assert.Equal("LocalQueue", refused.Code);
        Assert.Equal(15, stub.To("GET /sellers/v1/marketplaceParticipations").Count);
    }

    private static SetBid Bid(long id, decimal before, decimal after) => new(new(10), new(20), new(id), TargetKind.Keyword, new Money(before, Clients.Us.Currency), new Money(after, Clients.Us.Currency));
}
