using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Features.Start;

/// <summary>One report type while the import runs.</summary>
/// <param name="Dataset">Which.</param>
/// <param name="Read">First to last day that was read; null when none was.</param>
/// <param name="Rows">Rows of the readings whose number is kept.</param>
/// <param name="Awaited">First to last day that is still to come; null when all are there.</param>
/// <param name="Asked">Amazon was asked for one of these.</param>
public sealed record ImportedReport(Dataset Dataset, DateSpan? Read, long Rows, DateSpan? Awaited, bool Asked)
{
    /// <param name="read">What was read.</param>
    /// <param name="awaited">What the run waits for.</param>
    /// <returns>In the order of <see cref="Dataset"/>.</returns>
    public static IReadOnlyList<ImportedReport> Of(IReadOnlyList<ReadReport> read, IReadOnlyList<AwaitedReport> awaited)
    {
        var known = read.ToDictionary(report => report.Dataset);
        var waiting = awaited.ToLookup(report => report.Dataset);
        return
        [
            .. from dataset in known.Keys.Concat(awaited.Select(report => report.Dataset)).Distinct().Order()
               let report = known.GetValueOrDefault(dataset)
               select new ImportedReport(
                   dataset, report?.Days, report?.Readings.Spans.Sum(span => span.Total?.Rows ?? 0) ?? 0,
                   waiting[dataset].Any() ? new DateSpan(waiting[dataset].Min(item => item.Days.First), waiting[dataset].Max(item => item.Days.Last)) : null,
                   waiting[dataset].Any(item => item.Asked)),
        ];
    }
}
