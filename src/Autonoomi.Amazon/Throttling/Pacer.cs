using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace Autonoomi.Amazon.Throttling;

/// <summary>
/// Every call of this process to Amazon waits here for its turn: for a token of its own lane (seller and operation), for one of what all sellers share, and
/// for a host that is up. Tokens are taken together or not at all, so that no rate is ever exceeded; of those who could go, the seller goes who was served
/// least lately. One timer wakes the next in line: nobody polls.
/// </summary>
internal sealed class Pacer : IDisposable
{
    /// <summary>Buckets slower than this outlive the process.</summary>
    private const double SlowPerSecond = 0.2;
    private const int AdsInParallel = 2;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private readonly Lock gate = new();
    private readonly SemaphoreSlim keeping = new(1);
    private readonly Dictionary<string, Lane> lanes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TokenBucket> shared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HostHealth> hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> served = new(StringComparer.Ordinal);
    private readonly List<Lane> waiting = [];
    private readonly AmazonOptions options;
    private readonly IBucketStore store;
    private readonly Jitter jitter;
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private readonly long began;
    private long turns;

    public Pacer(IOptions<AmazonOptions> options, IBucketStore store, Jitter jitter, TimeProvider clock)
    {
        (this.options, this.store, this.jitter, this.clock) = (options.Value, store, jitter, clock);
        began = clock.GetTimestamp();
        timer = clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => clock.GetElapsedTime(began);

    /// <summary>Waits for the turn. Tell the turn what came of the call, then dispose it.</summary>
    /// <param name="plan">Of the call.</param>
    /// <param name="host">Which it goes to.</param>
    /// <param name="cancellationToken">Leaves the line; no token is lost.</param>
    /// <exception cref="AmazonApiException">The line is longer than the operator wants to wait.</exception>
    public async Task<Turn> EnterAsync(CallPlan plan, string host, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var isSlow = plan.Rate is { } rate && rate.PerSecond * options.RateMultiplier < SlowPerSecond;
        if (isSlow && await store.FindAsync(plan.Seller, plan.Bucket, cancellationToken).ConfigureAwait(false) is { } kept) Adopt(plan, host, kept);
        var turn = await WaitAsync(plan, host, cancellationToken).ConfigureAwait(false);
        try
        {
            // Before the call, not after: a process that dies in between has spent a token too many, never one too few.
            if (isSlow) await KeepAsync(plan, turn, cancellationToken).ConfigureAwait(false);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        keeping.Dispose();
    }

    private async Task<Turn> WaitAsync(CallPlan plan, string host, CancellationToken cancellationToken)
    {
        var place = new TaskCompletionSource<Turn>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            var lane = LaneOf(plan, host);
            if (lane.Line.Count == 0) waiting.Add(lane);
            lane.Line.Enqueue(place);
            Serve();
        }

        if (place.Task.IsCompleted) return await place.Task.ConfigureAwait(false);
        using var patience = new CancellationTokenSource(options.LongestQueue, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var leaving = either.Token.Register(() => place.TrySetCanceled(either.Token));
        try
        {
            return await place.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AmazonApiException(plan.Operation, HttpStatusCode.TooManyRequests, "LocalQueue", $"waited {options.LongestQueue} for its turn under Amazon's rate limit", requestId: null);
        }
    }

    private void Adopt(CallPlan plan, string host, BucketLevel kept)
    {
        lock (gate)
        {
            // A clock that was set back has refilled nothing.
            var bucket = LaneOf(plan, host).Bucket;
            var age = clock.GetUtcNow() - kept.At;
            bucket.Lower(Now, kept.Tokens + (age > TimeSpan.Zero ? age.TotalSeconds * bucket.Rate : 0));
        }
    }

    private async Task KeepAsync(CallPlan plan, Turn turn, CancellationToken cancellationToken)
    {
        await keeping.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            double level;
            lock (gate) level = turn.Lane.Bucket.Level(Now);
            await store.SaveAsync(plan.Seller, plan.Bucket, new(level, clock.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            keeping.Release();
        }
    }

    private void Wake()
    {
        lock (gate) Serve();
    }

    // Everything below happens under the gate.
    private void Serve()
    {
        var now = Now;
        while (true)
        {
            Lane? chosen = null;
            var next = TimeSpan.MaxValue;
            for (var at = waiting.Count - 1; at >= 0; at--)
            {
                var lane = waiting[at];
                while (lane.Line.TryPeek(out var head) && head.Task.IsCompleted) lane.Line.Dequeue();
                if (lane.Line.Count == 0)
                {
                    waiting.RemoveAt(at);
                    continue;
                }

                var ready = lane.ReadyAt(now);
                if (ready > now) next = ready < next ? ready : next;
                else if (chosen is null || Before(lane, chosen)) chosen = lane;
            }

            if (chosen is null)
            {
                // Whoever waits for another call to end, and not for an instant, is woken by that end.
                var wait = next == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Clamp((next - now).Ticks, ShortestWait.Ticks, LongestWait.Ticks));
                timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }

            var turn = new Turn(this, chosen, now);
            if (!chosen.Line.Dequeue().TrySetResult(turn)) continue;
            chosen.Go(turn, now);
            chosen.Served = served[chosen.Seller] = ++turns;
        }
    }

    private bool Before(Lane one, Lane other) =>
        served.GetValueOrDefault(one.Seller).CompareTo(served.GetValueOrDefault(other.Seller)) is not 0 and var first ? first < 0 : one.Served < other.Served;

    private Lane LaneOf(CallPlan plan, string host)
    {
        var name = $"{host}|{plan.Lane}";
        if (lanes.TryGetValue(name, out var known)) return known;
        var rate = plan.Rate ?? Rates.Ads;
        TokenBucket? common = null;
        if (rate.Application is { } cap && !shared.TryGetValue($"{host}|{cap.Name}", out common)) shared.Add($"{host}|{cap.Name}", common = new(cap.PerSecond * options.RateMultiplier, cap.Burst));
        if (!hosts.TryGetValue(host, out var health)) hosts.Add(host, health = new(options.HostRest, jitter));
        var lane = new Lane(plan.Seller, new TokenBucket(rate.PerSecond * options.RateMultiplier, rate.Burst), common, health, plan.Rate is null ? AdsInParallel : int.MaxValue);
        lanes.Add(name, lane);
        return lane;
    }

    /// <summary>The right to send one call.</summary>
    public sealed class Turn : IDisposable
    {
        private readonly Pacer pacer;
        private bool over;

        internal Turn(Pacer pacer, Lane lane, TimeSpan at) => (this.pacer, Lane, At) = (pacer, lane, at);

        /// <summary>When it was given, since the pacer began.</summary>
        public TimeSpan At { get; }

        internal Lane Lane { get; }

        /// <summary>Calls per second of the lane at present.</summary>
        public double Pace
        {
            get
            {
                lock (pacer.gate) return Lane.Bucket.Rate;
            }
        }

        /// <summary>Learns from the answer's status and headers.</summary>
        public void Answered(HttpResponseMessage response)
        {
            lock (pacer.gate)
            {
                if (over) return;
                over = true;
                var now = pacer.Now;
                if (BackOff.Hint(response, pacer.clock) is { } hint) Lane.Bucket.Rest(now + hint);
                if ((int)response.StatusCode >= 500) Lane.Health.Failed(now);
                else Lane.Health.Answered();
                if (response.StatusCode == HttpStatusCode.TooManyRequests) Lane.Bucket.SlowDown(now);
                else if ((int)response.StatusCode < 500) Lane.Bucket.Recover(now);
                if (response.Headers.TryGetValues("x-amzn-RateLimit-Limit", out var limits)
                    && double.TryParse(limits.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var limit)) Lane.Bucket.Limit(now, limit);
            }
        }

        /// <summary>No answer came.</summary>
        public void Lost()
        {
            lock (pacer.gate)
            {
                if (over) return;
                over = true;
                Lane.Health.Failed(pacer.Now);
            }
        }

        public void Dispose()
        {
            lock (pacer.gate)
            {
                if (!over) Lane.Health.GivenUp();
                over = true;
                if (Lane.Leave(this)) pacer.Serve();
            }
        }
    }

    /// <summary>Calls that share a bucket of their own, in the order in which they came.</summary>
    internal sealed class Lane(string seller, TokenBucket bucket, TokenBucket? shared, HostHealth health, int parallel)
    {
        private readonly HashSet<Turn> inFlight = [];

        public string Seller => seller;

        public TokenBucket Bucket => bucket;

        public HostHealth Health => health;

        public Queue<TaskCompletionSource<Turn>> Line { get; } = new();

        public long Served { get; set; }

        public TimeSpan ReadyAt(TimeSpan now)
        {
            if (inFlight.Count >= parallel) return TimeSpan.MaxValue;
            var ready = bucket.ReadyAt(now);
            if (shared is not null && shared.ReadyAt(now) is var common && common > ready) ready = common;
            return health.ReadyAt(now) is var up && up > ready ? up : ready;
        }

        public void Go(Turn turn, TimeSpan now)
        {
            inFlight.Add(turn);
            bucket.Take(now);
            shared?.Take(now);
            health.Send();
        }

        public bool Leave(Turn turn) => inFlight.Remove(turn);
    }
}
