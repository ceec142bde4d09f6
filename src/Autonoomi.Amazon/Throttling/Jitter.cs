namespace Autonoomi.Amazon.Throttling;

/// <summary>Seeded randomness for delays, safe for many threads.</summary>
internal sealed class Jitter(int seed)
{
    private readonly Lock gate = new();
    private readonly Random random = new(seed);

    /// <returns>0 (included) to 1 (excluded).</returns>
    public double Next()
    {
        lock (gate) return random.NextDouble();
    }
}
