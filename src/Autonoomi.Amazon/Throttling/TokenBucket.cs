namespace Autonoomi.Amazon.Throttling;

/// <summary>A token bucket whose rate follows what Amazon answers: never above what is published, lower when Amazon says so, half after a 429, and back by five percent a call.</summary>
/// <remarks>Instants are times since the pacer began. Not safe for two threads.</remarks>
/// <param name="perSecond">Published tokens a second.</param>
/// <param name="burst">Tokens at most; a new bucket is full.</param>
internal sealed class TokenBucket(double perSecond, int burst)
{
    private const double Slowest = 0.01;
    private const double Recovery = 1.05;
    private readonly double published = perSecond;
    private double ceiling = perSecond;
    private double tokens = burst;
    private TimeSpan filledAt;
    private TimeSpan restsUntil;

    /// <summary>Tokens a second at present.</summary>
    public double Rate { get; private set; } = perSecond;

    /// <returns>When the next token is there, rest included; not after <paramref name="now"/> when it is there already.</returns>
    public TimeSpan ReadyAt(TimeSpan now)
    {
        Fill(now);
        // Rounding must never make a bucket wait for a token it already has.
        var filled = tokens >= 1 - 1e-9 ? now : now + TimeSpan.FromTicks((long)Math.Ceiling((1 - tokens) / Rate * TimeSpan.TicksPerSecond));
        return filled > restsUntil ? filled : restsUntil;
    }

    public void Take(TimeSpan now)
    {
        Fill(now);
        tokens -= 1;
    }

    /// <returns>Tokens now.</returns>
    public double Level(TimeSpan now)
    {
        Fill(now);
        return tokens;
    }

    /// <summary>Somebody knows of fewer tokens: a process before this one.</summary>
    public void Lower(TimeSpan now, double level)
    {
        Fill(now);
        tokens = Math.Min(tokens, level);
    }

    /// <summary>Amazon refused for the rate: the bucket it sees is empty.</summary>
    public void SlowDown(TimeSpan now)
    {
        Fill(now);
        tokens = Math.Min(tokens, 0);
        Rate = Math.Max(ceiling * Slowest, Rate / 2);
    }

    public void Rest(TimeSpan until)
    {
        if (until > restsUntil) restsUntil = until;
    }

    public void Recover(TimeSpan now)
    {
        Fill(now);
        Rate = Math.Min(ceiling, Rate * Recovery);
    }

    /// <param name="now">The present.</param>
    /// <param name="limit">Tokens a second that Amazon grants this seller; a higher one than published is not believed.</param>
    public void Limit(TimeSpan now, double limit)
    {
        if (limit <= 0) return;
        Fill(now);
        ceiling = Math.Min(published, limit);
        Rate = Math.Min(Rate, ceiling);
    }

    private void Fill(TimeSpan now)
    {
        if (now <= filledAt) return;
        tokens = Math.Min(burst, tokens + ((now - filledAt).TotalSeconds * Rate));
        filledAt = now;
    }
}
