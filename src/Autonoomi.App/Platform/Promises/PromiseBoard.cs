using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Promises;

public enum Standing
{
    /// <summary>Its probe said yes within the last two intervals.</summary>
    Proven,

    /// <summary>Its probe said no.</summary>
    Failing,

    /// <summary>Its probe's last yes is older than two intervals, or it was never asked.</summary>
    Stale,

    /// <summary>Held by tests; there is nothing that a running system could be asked.</summary>
    Tested,

    Organisational,

    /// <summary>Not built yet.</summary>
    Open,
}

/// <param name="Promise">The entry of the register.</param>
/// <param name="Standing">How it stands now.</param>
/// <param name="Measured">What its probe measured, or what stands in for it.</param>
/// <param name="At">When; null where nothing was measured.</param>
public sealed record StandingPromise(Promise Promise, Standing Standing, string Measured, DateTimeOffset? At);

/// <summary>How every promise stands: the register and the newest answers of the probes, nothing else.</summary>
public static class PromiseBoard
{
    /// <summary>How often probes are asked.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <param name="promises">The register.</param>
    /// <param name="results">The newest answer of each probe.</param>
    /// <param name="now">To tell old answers.</param>
    public static IReadOnlyList<StandingPromise> Of(IEnumerable<Promise> promises, IReadOnlyCollection<ProbeResult> results, DateTimeOffset now) =>
        [.. promises.Select(promise => Of(promise, results.FirstOrDefault(result => result.Probe == promise.Probe), now))];

    private static StandingPromise Of(Promise promise, ProbeResult? result, DateTimeOffset now) => promise.Kind switch
    {
        // What is not built yet may still be measured: a no is a no.
        PromiseKind.Open => new(promise, result is { Holds: false } ? Standing.Failing : Standing.Open, result is null ? promise.Missing : $"{promise.Missing} Measured: {result.Measured}.", result?.At),
        PromiseKind.Organisational => new(promise, result is { Holds: false } ? Standing.Failing : Standing.Organisational, result is { Holds: false } ? result.Measured : promise.Does, result?.At),
        PromiseKind.ProvenByTests => new(promise, Standing.Tested, $"held by {string.Join(", ", promise.Tests)}", null),
        PromiseKind.ProvenByProbe when result is null => new(promise, Standing.Stale, "not asked yet", null),
        PromiseKind.ProvenByProbe => new(promise, !result!.Holds ? Standing.Failing : now - result.At > 2 * Interval ? Standing.Stale : Standing.Proven, result.Measured, result.At),
    };
}
