namespace Autonoomi.Marketplace.World;

/// <summary>What a draw is for. Two streams never share a number.</summary>
internal enum Draw : ulong
{
    Ids = 1, Product, Query, Fit, Rivals, Drift, Season, Impressions, Clicks, ClickMinute, Price, Order, Units, Delay, Void, Invalid,
    Halo, Organic, OrganicMinute, Cannibal, Refund, Supply, Naive, OrderNumber, Page, Broad, Noise, Tail, Auction, Arrival,
    Scenario = 1000,

    Retail = 100, Suggested, WriteFailure, Stream,
}

/// <summary>
/// Counter-based randomness: a draw is a function of (seed, stream, entity, time, number) and of nothing that happened before,
/// so the same shoppers arrive whatever the seller does.
/// </summary>
internal readonly struct Dice(ulong seed)
{
    // Above this mean a Poisson quantile comes from the normal one.
    private const double Busy = 60;

    public ulong Bits(Draw stream, long entity, long time = 0, long draw = 0)
    {
        unchecked
        {
            var state = Mix(seed + (0x9E3779B97F4A7C15UL * (ulong)stream));
            state = Mix(state ^ ((ulong)entity * 0xD6E8FEB86659FD93UL));
            state = Mix(state ^ ((ulong)time * 0xA0761D6478BD642FUL));
            return Mix(state ^ ((ulong)draw * 0xE7037ED1A0B428DBUL));
        }
    }

    /// <summary>The part of a draw's key that does not change from hour to hour; goes on in <see cref="Continue"/>.</summary>
    public ulong Begin(Draw stream, long entity) => Bits(stream, entity);

    public static ulong Continue(ulong begun, long time) => Mix(unchecked(begun ^ ((ulong)time * 0xA0761D6478BD642FUL)));

    /// <returns>In (0, 1).</returns>
    public double Uniform(Draw stream, long entity, long time = 0, long draw = 0) => ToUnit(Bits(stream, entity, time, draw));

    public double Uniform(Draw stream, long entity, double low, double high, long time = 0, long draw = 0) =>
        low + ((high - low) * Uniform(stream, entity, time, draw));

    /// <returns>Whole number from 0 to <paramref name="count"/> − 1.</returns>
    public int Pick(int count, Draw stream, long entity, long time = 0, long draw = 0) =>
        (int)(Uniform(stream, entity, time, draw) * count);

    public double Normal(Draw stream, long entity, long time = 0, long draw = 0)
    {
        var bits = Bits(stream, entity, time, draw);
        var first = ToUnit(bits);
        var second = ToUnit(Mix(unchecked(bits + 0x9E3779B97F4A7C15UL)));
        return Math.Sqrt(-2 * Math.Log(first)) * Math.Cos(2 * Math.PI * second);
    }

    /// <returns>exp(sd · N(0, 1)): median 1.</returns>
    public double LogNormal(double sd, Draw stream, long entity, long time = 0, long draw = 0) => Math.Exp(sd * Normal(stream, entity, time, draw));

    /// <summary>By inversion of one uniform: a higher mean never gives fewer events for the same key.</summary>
    public static int Poisson(double mean, double uniform) => mean <= 0 || (uniform <= 1 - mean && mean < 1) ? 0 : Invert(mean, uniform);

    public int Poisson(double mean, Draw stream, long entity, long time, long draw = 0) =>
        mean <= 0 ? 0 : Poisson(mean, Uniform(stream, entity, time, draw));

    private static int Invert(double mean, double uniform)
    {
        if (mean > Busy) return Math.Max(mean < Busy + 20 ? Search(Busy, uniform) : 0, FromNormal(mean, uniform));
        return Search(mean, uniform);
    }

    private static int Search(double mean, double uniform)
    {
        var term = Math.Exp(-mean);
        var sum = term;
        var count = 0;
        while (uniform > sum && count < 400)
        {
            count++;
            term *= mean / count;
            sum += term;
        }

        return count;
    }

    // Normal quantile with the first correction for skewness: within one event of the exact quantile above the busy mean.
    private static int FromNormal(double mean, double uniform)
    {
        var z = Quantile(uniform);
        return (int)Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * z) + (((z * z) - 1) / 6), MidpointRounding.AwayFromZero));
    }

    /// <returns>Normal quantile by Acklam's rational approximation, relative error below 1.2e-9.</returns>
    public static double Quantile(double uniform)
    {
        const double Tail = 0.02425;
        if (uniform is >= Tail and <= 1 - Tail)
        {
            var q = uniform - 0.5;
            var r = q * q;
            return q * ((((((((((-39.69683028665376 * r) + 220.9460984245205) * r) - 275.9285104469687) * r) + 138.3577518672690) * r) - 30.66479806614716) * r) + 2.506628277459239)
                / ((((((((((-54.47609879822406 * r) + 161.5858368580409) * r) - 155.6989798598866) * r) + 66.80131188771972) * r) - 13.28068155288572) * r) + 1);
        }

        var t = Math.Sqrt(-2 * Math.Log(Math.Min(uniform, 1 - uniform)));
        var z = ((((((((((-0.007784894002430293 * t) - 0.3223964580411365) * t) - 2.400758277161838) * t) - 2.549732539343734) * t) + 4.374664141464968) * t) + 2.938163982698783)
            / ((((((((0.007784695709041462 * t) + 0.3224671290700398) * t) + 2.445134137142996) * t) + 3.754408661907416) * t) + 1);
        return uniform < 0.5 ? z : -z;
    }

    public static double ToUnit(ulong bits) => ((bits >> 11) + 0.5) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
