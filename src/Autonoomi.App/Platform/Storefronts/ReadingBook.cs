using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>One report type of a storefront: what was read of it, and what was left out.</summary>
/// <param name="Dataset">Which report.</param>
/// <param name="Readings">Days that were read, the newest first.</param>
/// <param name="Rejects">Rows that were left out of the last reading that had any; null when there never was one.</param>
public sealed record ReadReport(Dataset Dataset, StoredReadings Readings, StoredRejects? Rejects)
{
    public DateSpan? Days => Readings.Spans.IsEmpty ? null : new DateSpan(Readings.Spans.Min(span => span.First), Readings.Spans.Max(span => span.Last));

    /// <summary>How many rows were left out of the reading that <see cref="Rejects"/> tells of; it lists the first hundred.</summary>
    public long RejectedRows => Rejects is null ? 0
        : Math.Max(Rejects.Rows.Length, Readings.Spans.FirstOrDefault(span => (span.First, span.Last, span.On) == (Rejects.First, Rejects.Last, Rejects.On))?.Total?.Rejected ?? 0);

    /// <summary>True when all of the days with rows left out were read again later, without any.</summary>
    public bool IsHealed => Rejects is not null && Enumerable.Range(0, Rejects.Last.DayNumber - Rejects.First.DayNumber + 1).All(day => Readings.LastRead(Rejects.First.AddDays(day)) is not { } on || on > Rejects.On);
}

/// <summary>What was read of Amazon's advertising reports.</summary>
public sealed class ReadingBook(SellerVaults vaults)
{
    /// <returns>Report types that were read, in the order of <see cref="Dataset"/>.</returns>
    public async Task<ImmutableArray<ReadReport>> ListAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var rejects = (await vault.RecordsAsync(RecordKind.Rejects, StoredJson.Default.StoredRejects, null, cancellationToken)).ToDictionary(record => record.Id, record => record.Value, StringComparer.Ordinal);
        var readings = (await vault.RecordsAsync(RecordKind.Reading, StoredJson.Default.StoredReadings, null, cancellationToken)).ToDictionary(record => record.Id, record => record.Value, StringComparer.Ordinal);
        return
        [
            .. from dataset in Enum.GetValues<Dataset>()
               let id = RecordKind.RecordId(storefront, dataset.ToString())
               where readings.ContainsKey(id)
               select new ReadReport(dataset, readings[id], rejects.GetValueOrDefault(id)),
        ];
    }
}
