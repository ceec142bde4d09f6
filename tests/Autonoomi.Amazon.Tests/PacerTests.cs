#pragma warning disable VSTHRD003 // the pacer's own tasks, begun in the test that awaits them
using System.Collections.Concurrent;
using System.Net;
using Autonoomi.Amazon.Throttling;
using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Autonoomi.Amazon.Tests;

public sealed class PacerTests
{
    private const string Host = "sellingpartnerapi-na.amazon.com";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly CallRate Orders = Rates.Orders;

    private sealed record Caller(int Seller, int Operation, double Arrives);

    [Fact]
    public Task No_rate_is_ever_exceeded_and_no_call_is_lost() =>
        Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Double[0, 60]).Array[1, 80], Gen.Double[0.2, 4], Gen.Int[1, 6], Gen.Double[0.5, 6], Gen.Int[1, 8]).SampleAsync(async (arrivals, perSecond, burst, common, commonBurst) =>
        {
            var (pacer, clock, _) = New();
            var rate = new CallRate(perSecond, burst, new SharedRate("all", common, commonBurst));
            var callers = arrivals.Select(item => new Caller(item.Item1, item.Item2, item.Item3)).OrderBy(caller => caller.Arrives).ToList();
            var turns = new List<(Caller Caller, Task<Pacer.Turn> Turn)>();
            for (var at = 0.0; at < 300; at += 0.1)
            {
                clock.Advance(TimeSpan.FromSeconds(0.1));
                foreach (var caller in callers.Where(caller => caller.Arrives >= at && caller.Arrives < at + 0.1))
                    turns.Add((caller, pacer.EnterAsync(Plan($"s{caller.Seller}", $"op{caller.Operation}", rate), Host, CancellationToken.None)));
            }

            Assert.Equal(callers.Count, turns.Count);
            await Task.WhenAll(turns.Select(item => item.Turn)).WaitAsync(TimeSpan.FromSeconds(20));
            foreach (var lane in turns.GroupBy(item => (item.Caller.Seller, item.Caller.Operation))) Within([.. lane.Select(item => item.Turn.Result.At)], perSecond, burst);
            Within([.. turns.Select(item => item.Turn.Result.At)], common, commonBurst);
        }, iter: 60, threads: 1);

    [Fact]
    public async Task A_backlog_of_one_seller_does_not_make_another_wait_for_more_than_its_turn()
    {
        var (pacer, clock, _) = New();
        var rate = new CallRate(50, 50, new SharedRate("capped", 1, 1));
        var backlog = Enumerable.Range(0, 300).Select(call => pacer.EnterAsync(Plan("large", $"op{call % 10}", rate), Host, Ct)).ToList();
        clock.Advance(TimeSpan.FromSeconds(5));
        var small = new[] { "one", "two", "three" }.Select(seller => pacer.EnterAsync(Plan(seller, "op", rate), Host, Ct)).ToList();
        for (var second = 0; second < 310; second++) clock.Advance(TimeSpan.FromSeconds(1));

        var waited = await Task.WhenAll(small).WaitAsync(TimeSpan.FromSeconds(20), Ct);
        Assert.All(waited, turn => Assert.InRange(turn.At, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
        Assert.Equal(300, (await Task.WhenAll(backlog).WaitAsync(TimeSpan.FromSeconds(20), Ct)).Select(turn => turn.At).Distinct().Count());
    }

    [Fact]
    public async Task A_429_empties_the_bucket_halves_its_rate_and_calls_that_succeed_bring_it_back()
    {
        var (pacer, clock, _) = New();
        var plan = Plan("s", "op", new CallRate(4, 4));
        var first = await pacer.EnterAsync(plan, Host, Ct);
        first.Answered(Answer(429, ("Retry-After", "30")));
        first.Dispose();

        Assert.Equal(2, first.Pace);
        var resting = pacer.EnterAsync(plan, Host, Ct);
        clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(resting.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        var turn = await resting.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        Assert.Equal(30, turn.At.TotalSeconds, 0.2);

        for (var call = 0; call < 20; call++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            using var next = await pacer.EnterAsync(plan, Host, Ct).WaitAsync(TimeSpan.FromSeconds(20), Ct);
            next.Answered(Answer(200));
        }

        Assert.Equal(4, first.Pace, 0.001);
    }

    [Fact]
    public async Task The_rate_that_amazon_names_lowers_ours_and_never_raises_it()
    {
        var (pacer, _, _) = New();
        using var turn = await pacer.EnterAsync(Plan("s", "op", new CallRate(2, 2)), Host, Ct);
        turn.Answered(Answer(200, ("x-amzn-RateLimit-Limit", "0.5")));
        Assert.Equal(0.5, turn.Pace);

        using var other = await pacer.EnterAsync(Plan("s", "other", new CallRate(2, 2)), Host, Ct);
        other.Answered(Answer(200, ("x-amzn-RateLimit-Limit", "900")));
        Assert.Equal(2, other.Pace);
    }

    [Fact]
    public async Task A_restart_does_not_forget_that_a_slow_bucket_is_empty()
    {
        var kept = new Kept();
        var (before, clock, _) = New(kept);
        for (var call = 0; call < 20; call++) (await before.EnterAsync(Plan("seller", "orders", Orders), Host, Ct).WaitAsync(TimeSpan.FromSeconds(20), Ct)).Dispose();
        before.Dispose();
        clock.Advance(TimeSpan.FromSeconds(60));

        var (after, _, _) = New(kept, clock);
        var next = after.EnterAsync(Plan("seller", "orders", Orders), Host, Ct);
        var elsewhere = await after.EnterAsync(Plan("other", "orders", Orders), Host, Ct).WaitAsync(TimeSpan.FromSeconds(20), Ct);
        clock.Advance(TimeSpan.FromSeconds(117));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(3));

        // One token takes 178.6 seconds at 0.0056 a second; 60 of them passed before the restart.
        Assert.Equal(118.6, (await next.WaitAsync(TimeSpan.FromSeconds(20), Ct)).At.TotalSeconds, 1.5);
        Assert.Equal(TimeSpan.Zero, elsewhere.At);
        Assert.Equal(["seller GET /orders orders", "other GET /orders orders"], kept.Levels.Keys.Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public async Task A_fast_bucket_is_never_written_down()
    {
        var kept = new Kept();
        var (pacer, _, _) = New(kept);
        (await pacer.EnterAsync(Plan("s", "listings", Rates.Listings), Host, Ct)).Dispose();
        (await pacer.EnterAsync(Plan("s", "ads", null), Host, Ct)).Dispose();

        Assert.Empty(kept.Levels);
    }

    [Fact]
    public async Task Who_leaves_the_line_takes_no_token_along()
    {
        var (pacer, clock, _) = New();
        var plan = Plan("s", "op", new CallRate(1, 1));
        (await pacer.EnterAsync(plan, Host, Ct)).Dispose();
        using var stop = new CancellationTokenSource();
        var leaving = Enumerable.Range(0, 50).Select(_ => pacer.EnterAsync(plan, Host, stop.Token)).ToList();
        var staying = pacer.EnterAsync(plan, Host, Ct);
        await stop.CancelAsync();
        clock.Advance(TimeSpan.FromSeconds(1.01));

        Assert.Equal(1, (await staying.WaitAsync(TimeSpan.FromSeconds(20), Ct)).At.TotalSeconds, 0.05);
        foreach (var task in leaving) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    [Fact]
    public async Task A_line_longer_than_the_operators_patience_ends_as_throttled()
    {
        var (pacer, clock, _) = New(patience: TimeSpan.FromMinutes(2));
        for (var call = 0; call < 20; call++) (await pacer.EnterAsync(Plan("s", "orders", Orders), Host, Ct)).Dispose();
        var late = pacer.EnterAsync(Plan("s", "orders", Orders), Host, Ct);
        clock.Advance(TimeSpan.FromMinutes(2.1));

        var refused = await Assert.ThrowsAsync<AmazonApiException>(() => late.WaitAsync(TimeSpan.FromSeconds(20), Ct));
        Assert.Equal((HttpStatusCode.TooManyRequests, "LocalQueue"), (refused.Status!.Value, refused.Code));
    }

    [Fact]
    public async Task A_host_that_is_down_is_left_in_peace_and_tried_by_one_call_at_a_time()
    {
        var (pacer, clock, _) = New();
        var plan = Plan("s", "op", new CallRate(100, 100));
        for (var failure = 0; failure < 10; failure++)
        {
            using var turn = await pacer.EnterAsync(plan, Host, Ct).WaitAsync(TimeSpan.FromSeconds(20), Ct);
            if (failure % 2 == 0) turn.Answered(Answer(503));
            else turn.Lost();
            clock.Advance(TimeSpan.FromSeconds(2));
        }

        var waiting = Enumerable.Range(0, 5).Select(_ => pacer.EnterAsync(plan, Host, Ct)).ToList();
        var elsewhere = pacer.EnterAsync(plan, "advertising-api.amazon.com", Ct);
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.True(elsewhere.IsCompleted);
        Assert.DoesNotContain(waiting, task => task.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(20));
        var trying = await (await Task.WhenAny(waiting).WaitAsync(TimeSpan.FromSeconds(20), Ct));
        Assert.Equal(1, waiting.Count(task => task.IsCompleted));
        trying.Answered(Answer(200));
        trying.Dispose();
        Assert.Equal(5, (await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(20), Ct)).Length);
    }

    [Fact]
    public async Task Nobody_polls_while_waiting()
    {
        var (pacer, clock, _) = New();
        for (var call = 0; call < 20; call++) (await pacer.EnterAsync(Plan("s", "orders", Orders), Host, Ct)).Dispose();
        var waiting = Enumerable.Range(0, 3).Select(_ => pacer.EnterAsync(Plan("s", "orders", Orders), Host, Ct)).ToList();
        var before = clock.Wakes;
        for (var second = 0; second < 600; second++) clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(3, (await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(20), Ct)).Length);
        Assert.InRange(clock.Wakes - before, 3, 4);
    }

    private static void Within(List<TimeSpan> instants, double perSecond, int burst)
    {
        instants.Sort();
        for (var first = 0; first < instants.Count; first++)
            for (var last = first; last < instants.Count; last++)
                Assert.True(last - first + 1 <= burst + ((instants[last] - instants[first]).TotalSeconds * perSecond) + 1e-6, $"{last - first + 1} calls within {instants[last] - instants[first]} at {perSecond}/s and a burst of {burst}");
    }

    private static CallPlan Plan(string seller, string operation, CallRate? rate) => new($"GET /{operation}", $"x:{seller}:{operation}", rate, Repeatable: true) { Seller = seller };

    private static HttpResponseMessage Answer(int status, params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var (name, value) in headers) answer.Headers.TryAddWithoutValidation(name, value);
        return answer;
    }

    private static (Pacer Pacer, CountingClock Clock, AmazonOptions Options) New(Kept? kept = null, CountingClock? clock = null, TimeSpan? patience = null)
    {
        clock ??= new CountingClock();
        var options = new AmazonOptions { LongestQueue = patience ?? TimeSpan.FromDays(1) };
        return (new Pacer(Options.Create(options), kept ?? new Kept(), new Jitter(1), clock), clock, options);
    }

    private sealed class Kept : IBucketStore
    {
        public ConcurrentDictionary<string, BucketLevel> Levels { get; } = new(StringComparer.Ordinal);

        public Task<BucketLevel?> FindAsync(string seller, string operation, CancellationToken cancellationToken) => Task.FromResult(Levels.TryGetValue($"{seller} {operation}", out var level) ? level : (BucketLevel?)null);

        public Task SaveAsync(string seller, string operation, BucketLevel level, CancellationToken cancellationToken)
        {
            Levels[$"{seller} {operation}"] = level;
            return Task.CompletedTask;
        }
    }

    /// <summary>Counts how often the pacer's own timer wakes it.</summary>
    private sealed class CountingClock : FakeTimeProvider
    {
        private int timers;

        public int Wakes { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Interlocked.Increment(ref timers) > 1
            ? base.CreateTimer(callback, state, dueTime, period)
            : base.CreateTimer(given =>
            {
                Wakes++;
                callback(given);
            }, state, dueTime, period);
    }
}
