namespace Autonoomi.Policies;

/// <summary>A policy's own dice: a draw depends on seed, day, target and number alone, so that it never matters who was asked first.</summary>
internal readonly struct Draws(ulong seed, int day, long target)
{
    /// <summary>Uniform within (0, 1).</summary>
    /// <param name="number">Which draw of this day and target.</param>
    public double Uniform(int number)
    {
        unchecked
        {
            var bits = Mix(Mix(Mix(seed ^ 0x9E3779B97F4A7C15UL) + (ulong)day) + (ulong)target);
            return ((Mix(bits + (ulong)number * 0xD1B54A32D192ED03UL) >> 11) + 0.5) / (1UL << 53);
        }
    }

    /// <summary>From a beta distribution.</summary>
    /// <param name="alpha">Above 0.</param>
    /// <param name="beta">Above 0.</param>
    /// <returns>0 to 1.</returns>
    public double Beta(double alpha, double beta)
    {
        var number = 0;
        var one = Gamma(alpha, ref number);
        var other = Gamma(beta, ref number);
        return one + other > 0 ? one / (one + other) : alpha / (alpha + beta);
    }

    // Marsaglia and Tsang 2000.
    private double Gamma(double shape, ref int number)
    {
        if (shape < 1)
        {
            var power = Math.Pow(Uniform(number++), 1 / shape);
            return power * Gamma(shape + 1, ref number);
        }

        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = Math.Sqrt(-2 * Math.Log(Uniform(number++))) * Math.Cos(2 * Math.PI * Uniform(number++));
            var v = Math.Pow(1 + c * normal, 3);
            if (v > 0 && Math.Log(Uniform(number++)) < 0.5 * normal * normal + d * (1 - v + Math.Log(v))) return d * v;
        }
    }

    // SplitMix64's finaliser.
    private static ulong Mix(ulong bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
            bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
            return bits ^ (bits >> 31);
        }
    }
}
