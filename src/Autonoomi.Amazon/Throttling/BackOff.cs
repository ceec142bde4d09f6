using System.Net;
using Autonoomi.Privacy.Egress;
using Polly;
using Polly.Retry;

namespace Autonoomi.Amazon.Throttling;

/// <summary>The one place that repeats a call: throttling and outages of what may be repeated, after Amazon's hint or a fully jittered exponential delay.</summary>
internal static class BackOff
{
    // Report queues ask for patience: reference values 30 seconds to 15 minutes, against 2 seconds to 5 minutes elsewhere.
    private const int SlowFactorBase = 15;
    private const int SlowFactorLimit = 3;
    private static readonly TimeSpan LongestHint = TimeSpan.FromHours(1);

    public static RetryStrategyOptions<HttpResponseMessage> Strategy(AmazonOptions options, Jitter jitter, TimeProvider clock) => new()
    {
        MaxRetryAttempts = Math.Max(1, options.MaximumAttempts - 1),
        ShouldHandle = arguments =>
        {
            var plan = CallPlan.Of(arguments.Outcome.Result?.RequestMessage ?? arguments.Context.GetRequestMessage());
            return ValueTask.FromResult(plan is { Repeatable: true } && options.MaximumAttempts > 1 && IsPassing(arguments.Outcome));
        },
        DelayGenerator = arguments =>
        {
            var plan = CallPlan.Of(arguments.Outcome.Result?.RequestMessage ?? arguments.Context.GetRequestMessage());
            var hint = arguments.Outcome.Result is { } response ? Hint(response, clock) : null;
            return ValueTask.FromResult<TimeSpan?>(Delay(options, jitter, arguments.AttemptNumber, hint, plan?.Slow ?? false));
        },
    };

    /// <param name="options">First step and limit.</param>
    /// <param name="jitter">Where in the step.</param>
    /// <param name="attempt">Repetitions so far, from 0.</param>
    /// <param name="hint">What Amazon asked for; never undercut.</param>
    /// <param name="slow">Report queues.</param>
    public static TimeSpan Delay(AmazonOptions options, Jitter jitter, int attempt, TimeSpan? hint, bool slow)
    {
        var step = options.BackOffBase * (slow ? SlowFactorBase : 1) * Math.Pow(2, Math.Min(attempt, 20));
        var limit = options.BackOffLimit * (slow ? SlowFactorLimit : 1);
        if (step > limit) step = limit;
        // After a hint only a little is added, so that many waiters do not come back in one instant.
        return hint is { } asked ? asked + (options.BackOffBase * (0.25 * jitter.Next())) : step * jitter.Next();
    }

    /// <returns>Amazon's <c>Retry-After</c>, in seconds or as a date, at most an hour; null when there is none.</returns>
    public static TimeSpan? Hint(HttpResponseMessage response, TimeProvider clock)
    {
        var wanted = response.Headers.RetryAfter;
        var wait = wanted?.Delta ?? (wanted?.Date is { } date ? date - clock.GetUtcNow() : null);
        return wait is { } known && known > TimeSpan.Zero ? known < LongestHint ? known : LongestHint : null;
    }

    private static bool IsPassing(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: EgressRefusedException } => false,
        { Exception: HttpRequestException } => true,
        { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } => true,
        _ => false,
    };
}
