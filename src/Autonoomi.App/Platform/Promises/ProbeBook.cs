using Autonoomi.App.Platform.Data;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Promises;

/// <param name="Probe">Id of the probe.</param>
/// <param name="At">When it was asked.</param>
/// <param name="Holds">Its answer.</param>
/// <param name="Measured">What it looked at and found.</param>
public sealed record ProbeResult(string Probe, DateTimeOffset At, bool Holds, string Measured);

/// <summary>Asks all probes and keeps the newest answer of each.</summary>
public sealed partial class ProbeBook(IEnumerable<IProbe> probes, AppDbs databases, KeyChain keys, TimeProvider clock, ILogger<ProbeBook> log)
{
    /// <summary>Beginning of the answer of a probe that could not be asked.</summary>
    internal const string Unasked = "could not be asked";

    internal const string Table = "probe";
    internal const string Column = "measured";

    /// <summary>Those that exist, by id.</summary>
    public IReadOnlyList<IProbe> Probes { get; } = [.. probes.OrderBy(probe => probe.Id, StringComparer.Ordinal)];

    /// <summary>Asks all, one after the other. What cannot be asked is not proven: it counts as a no, with the reason.</summary>
    public async Task<IReadOnlyList<ProbeResult>> AskAllAsync(CancellationToken cancellationToken)
    {
        var results = new List<ProbeResult>();
        foreach (var probe in Probes)
        {
            var result = await AskAsync(probe, cancellationToken);
            results.Add(result);
            if (!result.Holds) LogFails(probe.Id);
            await using var db = databases.System();
            await KeepAsync(db, keys, probe.Id, result.At, result.Holds, result.Measured, cancellationToken);
        }

        return results;
    }

    public async Task<ProbeResult> AskAsync(IProbe probe, CancellationToken cancellationToken)
    {
        try
        {
            var (holds, measured) = await probe.MeasureAsync(cancellationToken);
            return new(probe.Id, clock.GetUtcNow(), holds, measured);
        }
#pragma warning disable CA1031 // whatever keeps a probe from asking is its answer: not proven
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogUnasked(failure, probe.Id);
            return new(probe.Id, clock.GetUtcNow(), false, $"{Unasked}: {failure.GetType().Name}");
        }
    }

    /// <returns>The newest answer of each probe that was ever asked.</returns>
    public async Task<IReadOnlyList<ProbeResult>> NewestAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await db.Probes.AsNoTracking().Where(row => row.Probe != AtRestProbe.CanaryRow).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new ProbeResult(row.Probe, row.At, row.Holds, keys.Application.OpenText(Table, Column, row.Probe, row.SealedMeasured)))];
    }

    internal static async Task KeepAsync(AppDb db, KeyChain keys, string probe, DateTimeOffset at, bool holds, string measured, CancellationToken cancellationToken)
    {
        var text = keys.Application.SealText(Table, Column, probe, measured);
        var kept = await db.Probes.Where(row => row.Probe == probe).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.At, at).SetProperty(row => row.Holds, holds).SetProperty(row => row.SealedMeasured, text), cancellationToken);
        if (kept > 0) return;
        db.Probes.Add(new ProbeRow { Probe = probe, At = at, Holds = holds, SealedMeasured = text });
        await db.SaveChangesAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Error, "The probe {Probe} says no: a promise is not kept. The page Promises and ./run promises tell what was measured")]
    private partial void LogFails(string probe);

    [LoggerMessage(LogLevel.Error, "The probe {Probe} could not be asked")]
    private partial void LogUnasked(Exception failure, string probe);
}
