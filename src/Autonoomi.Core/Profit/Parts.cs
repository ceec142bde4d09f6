namespace Autonoomi.Core.Profit;

/// <summary>Splits whole numbers so that the parts add up to the whole.</summary>
public static class Parts
{
    /// <param name="whole">What is split, of either sign.</param>
    /// <param name="weights">One per part, zero or more; all zero means equal parts.</param>
    /// <returns>One part per weight, each within one of its exact share; what rounding leaves goes to the largest remainders, the earlier part first.</returns>
    /// <exception cref="ArgumentException">There is no part, or a weight is negative.</exception>
    public static long[] Of(long whole, IReadOnlyList<long> weights)
    {
        if (weights.Count == 0) throw new ArgumentException("There is nobody to give a part to.", nameof(weights));
        if (weights.Any(weight => weight < 0)) throw new ArgumentException("A weight is zero or more.", nameof(weights));
        Int128 sum = 0;
        foreach (var weight in weights) sum += weight;
        var parts = new long[weights.Count];
        var remainders = new Int128[weights.Count];
        Int128 given = 0;
        for (var index = 0; index < parts.Length; index++)
        {
            var (weight, all) = sum == 0 ? (1, parts.Length) : (weights[index], sum);
            parts[index] = (long)(Int128.Abs(whole) * weight / all);
            remainders[index] = Int128.Abs(whole) * weight % all;
            given += parts[index];
        }

        foreach (var index in Enumerable.Range(0, parts.Length).OrderByDescending(index => remainders[index]).Take((int)(Int128.Abs(whole) - given))) parts[index]++;
        if (whole < 0) for (var index = 0; index < parts.Length; index++) parts[index] = -parts[index];
        return parts;
    }
}
