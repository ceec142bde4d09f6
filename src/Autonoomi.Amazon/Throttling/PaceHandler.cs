using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Autonoomi.Amazon.Throttling;

/// <summary>All lanes of the process: one token bucket per seller and operation, one adaptive lane per Ads profile.</summary>
internal sealed class Lanes : IDisposable
{
    private readonly ConcurrentDictionary<string, AdaptiveLane> adaptive = new(StringComparer.Ordinal);
    private readonly PartitionedRateLimiter<CallPlan> buckets;
    private readonly AmazonOptions options;
    private readonly TimeProvider clock;

    public Lanes(IOptions<AmazonOptions> options, TimeProvider clock)
    {
        (this.options, this.clock) = (options.Value, clock);
        var factor = this.options.RateMultiplier;
        buckets = PartitionedRateLimiter.Create<CallPlan, string>(plan => RateLimitPartition.GetTokenBucketLimiter(plan.Lane, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = plan.Rate!.Value.Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1 / (plan.Rate.Value.PerSecond * factor)),
            QueueLimit = int.MaxValue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            AutoReplenishment = true,
        }));
    }

    public AdaptiveLane Adaptive(string lane) => adaptive.GetOrAdd(lane, static (_, lanes) => new AdaptiveLane(lanes.clock, 5 * lanes.options.RateMultiplier), this);

    /// <exception cref="AmazonApiException">The queue is longer than the operator wants to wait.</exception>
    public async Task<IDisposable> EnterAsync(CallPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Rate is null) return await Adaptive(plan.Lane).EnterAsync(cancellationToken).ConfigureAwait(false);
        using var patience = new CancellationTokenSource(options.LongestQueue, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await buckets.AcquireAsync(plan, 1, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AmazonApiException(plan.Operation, HttpStatusCode.TooManyRequests, "LocalQueue", $"waited {options.LongestQueue} for its turn under Amazon's rate limit", requestId: null);
        }
    }

    public void Dispose()
    {
        buckets.Dispose();
        foreach (var lane in adaptive.Values) lane.Dispose();
    }
}

/// <summary>Innermost handler: waits for the turn, limits the time of one attempt, and reads the answer whole, so that a body that breaks off is retried like any other failure.</summary>
internal sealed class PaceHandler(Lanes lanes, IOptions<AmazonOptions> options, TimeProvider clock) : DelegatingHandler
{
    private const int LargestAnswer = 64 << 20;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var plan = CallPlan.Of(request) ?? throw new InvalidOperationException("A call without a plan reached the pipeline.");
        using var turn = await lanes.EnterAsync(plan, cancellationToken).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(options.Value.CallTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, either.Token).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(LargestAnswer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            response?.Dispose();
            throw new HttpRequestException($"no answer within {options.Value.CallTimeout}", late);
        }
        catch (IOException cut)
        {
            response?.Dispose();
            throw new HttpRequestException("the answer broke off", cut);
        }
        catch
        {
            response?.Dispose();
            throw;
        }

        if (plan.Rate is null)
        {
            if (response.StatusCode == HttpStatusCode.TooManyRequests) lanes.Adaptive(plan.Lane).SlowDown(BackOff.Hint(response, clock));
            else if ((int)response.StatusCode < 500) lanes.Adaptive(plan.Lane).Recover();
        }

        return response;
    }
}
