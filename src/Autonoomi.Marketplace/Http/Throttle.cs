using System.Globalization;

namespace Autonoomi.Marketplace.Http;

/// <param name="Rate">Tokens per second, as published.</param>
/// <param name="Burst">Size of the bucket.</param>
internal readonly record struct Plan(double Rate, int Burst);

/// <summary>One token bucket per operation of the Selling Partner API, on real time: waiting is what callers do, not the market.</summary>
/// <param name="clock">Real time.</param>
/// <param name="factor">Multiplies rates and bursts; 1 is Amazon's.</param>
internal sealed class Throttle(TimeProvider clock, double factor)
{
    private readonly Dictionary<string, (double Tokens, long At)> buckets = new(StringComparer.Ordinal);

    /// <returns>False when the bucket is empty.</returns>
    public bool Take(string operation, Plan plan)
    {
        lock (buckets)
        {
            var size = plan.Burst * factor;
            var now = clock.GetTimestamp();
            var (tokens, at) = buckets.GetValueOrDefault(operation, (size, now));
            tokens = Math.Min(size, tokens + (clock.GetElapsedTime(at, now).TotalSeconds * plan.Rate * factor));
            var granted = tokens >= 1;
            buckets[operation] = (granted ? tokens - 1 : tokens, now);
            return granted;
        }
    }

    public string Header(Plan plan) => (plan.Rate * factor).ToString("0.####", CultureInfo.InvariantCulture);
}
