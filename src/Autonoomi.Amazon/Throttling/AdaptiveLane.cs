namespace Autonoomi.Amazon.Throttling;

/// <summary>The Ads API publishes no rates and throttles by load: a lane halves its pace when told to slow down, rests as long as it is asked to, and recovers by five percent a call.</summary>
/// <param name="clock">Time of the delays.</param>
/// <param name="limit">Highest pace in calls per second.</param>
internal sealed class AdaptiveLane(TimeProvider clock, double limit) : IDisposable
{
    private const double Slowest = 0.05;
    private readonly SemaphoreSlim parallel = new(2);
    private readonly Lock gate = new();
    private readonly double fastest = limit;
    private double pace = limit;
    private DateTimeOffset next = DateTimeOffset.MinValue;

    /// <summary>Calls per second at present.</summary>
    public double Pace
    {
        get
        {
            lock (gate) return pace;
        }
    }

    /// <summary>Waits for the turn. Dispose what is returned when the answer is there.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await parallel.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            TimeSpan wait;
            lock (gate)
            {
                var now = clock.GetUtcNow();
                var turn = next > now ? next : now;
                next = turn + TimeSpan.FromSeconds(1 / pace);
                wait = turn - now;
            }

            if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
            return new Turn(parallel);
        }
        catch
        {
            parallel.Release();
            throw;
        }
    }

    public void SlowDown(TimeSpan? rest)
    {
        lock (gate)
        {
            pace = Math.Max(Slowest, pace / 2);
            var until = clock.GetUtcNow() + (rest ?? TimeSpan.Zero);
            if (until > next) next = until;
        }
    }

    public void Recover()
    {
        lock (gate) pace = Math.Min(fastest, pace * 1.05);
    }

    public void Dispose() => parallel.Dispose();

    private sealed class Turn(SemaphoreSlim parallel) : IDisposable
    {
        private int left = 1;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 0) == 1) parallel.Release();
        }
    }
}
