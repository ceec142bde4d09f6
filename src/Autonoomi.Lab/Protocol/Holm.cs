namespace Autonoomi.Lab.Protocol;

/// <summary>One hypothesis after Holm's step-down correction.</summary>
/// <param name="AdjustedP">Holm's adjusted p-value, at most 1.</param>
/// <param name="Level">One-sided level at which its bound is read: the bound is above zero exactly when it is rejected.</param>
/// <param name="IsRejected">True when superiority may be claimed.</param>
internal readonly record struct Corrected(double AdjustedP, double Level, bool IsRejected);

/// <summary>Holm (1979): of m hypotheses, the i-th smallest p-value is compared with α / (m − i + 1); the first that fails stops the claim of all that follow.</summary>
internal static class Holm
{
    /// <param name="pValues">One-sided.</param>
    /// <param name="alpha">Family-wise level, for example 0.025.</param>
    /// <returns>In the order given.</returns>
    public static IReadOnlyList<Corrected> Correct(IReadOnlyList<double> pValues, double alpha)
    {
        var corrected = new Corrected[pValues.Count];
        var adjusted = 0d;
        double? stopped = null;
        foreach (var (place, index) in Enumerable.Range(0, pValues.Count).OrderBy(index => pValues[index]).Index())
        {
            var remaining = pValues.Count - place;
            adjusted = Math.Max(adjusted, Math.Min(1, remaining * pValues[index]));
            if (stopped is null && pValues[index] > alpha / remaining) stopped = alpha / remaining;
            corrected[index] = new Corrected(adjusted, stopped ?? (alpha / remaining), stopped is null);
        }

        return corrected;
    }
}
