using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Retention;

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class AnyRecordJson : JsonSerializerContext;

/// <summary>How old the oldest row of a rule is, for whoever wants proof.</summary>
/// <param name="Rule">Which rule.</param>
/// <param name="Oldest">The day that the oldest row is about; null when there is no row, or no clock.</param>
/// <param name="IsKept">True while nothing is older than the rule allows.</param>
public sealed record OldestRow(RetentionRule Rule, DateOnly? Oldest, bool IsKept);

/// <summary>What of one seller has reached its limit.</summary>
/// <param name="Days">Days of data sets.</param>
/// <param name="Snapshots">Snapshots of storefronts that nobody reads.</param>
/// <param name="Records">Records, by kind and id.</param>
public sealed record Expired(
    ImmutableArray<(Dataset Dataset, StorefrontId Storefront, DateSpan Days)> Days, ImmutableArray<(Dataset Dataset, StorefrontId Storefront)> Snapshots, ImmutableArray<(string Kind, string Id)> Records)
{
    public int Count => Days.Length + Snapshots.Length + Records.Length;

    public void Put(VaultWrite write)
    {
        foreach (var (dataset, storefront, days) in Days) write.ReplaceDays(dataset, storefront, days, Empty(dataset));
        foreach (var (dataset, storefront) in Snapshots) write.ReplaceSnapshot(dataset, storefront, Empty(dataset));
        foreach (var (kind, id) in Records) write.Delete(kind, id);
    }

    internal static FactTable Empty(Dataset dataset) => new FactTableBuilder(TableSchema.Of(dataset)).Build();
}

/// <summary>Looks for what has reached its limit in one seller's vault, by <see cref="RetentionTable"/>.</summary>
public sealed class SellerRetention(AppDbs databases)
{
    private static readonly DateOnly Beginning = new(2000, 1, 1);

    /// <param name="vault">Of the seller.</param>
    /// <param name="today">The day of the look, in UTC.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Expired> ExpiredAsync(SellerVault vault, DateOnly today, CancellationToken cancellationToken)
    {
        var (days, snapshots, records) = (new List<(Dataset, StorefrontId, DateSpan)>(), new List<(Dataset, StorefrontId)>(), new List<(string, string)>());
        var held = await HeldAsync(vault.Seller, today, cancellationToken);
        var read = await LastReadAsync(vault.Seller, cancellationToken);
        foreach (var (rule, name, storefront, oldest) in await SegmentsAsync(vault.Seller, cancellationToken))
        {
            if (held.Contains(rule)) continue;
            var dataset = Enum.Parse<Dataset>(name);
            if (rule.Clock == RetentionClock.Day && oldest is { } day && rule.LastOver(today) is { } over && day <= over) days.Add((dataset, storefront, new(Beginning, over)));
            if (rule.Clock == RetentionClock.LastReading && read.GetValueOrDefault(storefront.Value) is { } last && rule.IsOver(last, today)) snapshots.Add((dataset, storefront));
        }

        foreach (var rule in RetentionTable.Rules.Where(rule => rule.As == RetainedAs.Record && rule.Days is not null && !held.Contains(rule)))
            records.AddRange(from row in await RecordsAsync(vault, rule, read, cancellationToken) where rule.IsOver(row.Day, today) select (rule.Name, row.Id));
        return new([.. days], [.. snapshots], [.. records]);
    }

    /// <summary>The oldest row of each data set and kind of record of one seller: nothing is taken away by it.</summary>
    public async Task<IReadOnlyList<OldestRow>> OldestAsync(SellerVault vault, DateOnly today, CancellationToken cancellationToken)
    {
        var found = new List<OldestRow>();
        var read = await LastReadAsync(vault.Seller, cancellationToken);
        var segments = await SegmentsAsync(vault.Seller, cancellationToken);
        foreach (var rule in RetentionTable.Rules)
        {
            if (rule.As == RetainedAs.Dataset)
                Tell(rule, segments.Where(item => item.Rule == rule).Select(item => rule.Clock == RetentionClock.Day ? item.Oldest : read.GetValueOrDefault(item.Storefront.Value)));
            if (rule.As == RetainedAs.Record)
                Tell(rule, rule.Days is null ? [] : (await RecordsAsync(vault, rule, read, cancellationToken)).Select(row => (DateOnly?)row.Day));
        }

        return found;

        // A day of grace: the job comes once a day.
        void Tell(RetentionRule rule, IEnumerable<DateOnly?> days) => found.Add(days.Min() is { } oldest ? new(rule, oldest, !rule.IsOver(oldest, today.AddDays(-1))) : new(rule, null, true));
    }

    // A hold covers the whole of its last day.
    private async Task<IReadOnlySet<RetentionRule>> HeldAsync(SellerId seller, DateOnly today, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await LegalHolds.HeldAsync(db, seller, new(today.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), cancellationToken);
    }

    private async Task<List<(RetentionRule Rule, string Dataset, StorefrontId Storefront, DateOnly? Oldest)>> SegmentsAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await VaultEngine.BeginAsync(db, seller, write: false, cancellationToken);
        var oldest = await db.Segments.Where(row => row.Seller == seller.Value && row.Rows > 0).GroupBy(row => new { row.Dataset, row.Storefront })
            .Select(group => new { group.Key.Dataset, group.Key.Storefront, First = group.Min(row => row.Partition) }).ToListAsync(cancellationToken);
        return [.. oldest.Select(row => (RetentionTable.Of(RetainedAs.Dataset, row.Dataset), row.Dataset, new StorefrontId(row.Storefront), row.First == 0 ? (DateOnly?)null : Day(row.First)))];
    }

    /// <returns>The day of the last whole reading by storefront; of one that was never read the day on which the account came.</returns>
    private async Task<Dictionary<long, DateOnly?>> LastReadAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.SellerAccounts.AsNoTracking().Where(row => row.Seller == seller.Value).Select(row => (DateTimeOffset?)row.CreatedAt).SingleOrDefaultAsync(cancellationToken) is not { } came) return [];
        var runs = await db.Runs.AsNoTracking().Where(run => run.Seller == seller.Value && run.Kind == RunKind.Full && run.State == RunState.Done && run.FinishedAt != null)
            .Select(run => new { run.Storefront, run.FinishedAt }).ToListAsync(cancellationToken);
        var storefronts = await db.Storefronts.AsNoTracking().Where(row => row.Seller == seller.Value).Select(row => row.Storefront).ToListAsync(cancellationToken);
        return storefronts.Distinct().ToDictionary(storefront => storefront, storefront => (DateOnly?)Day(runs.Where(run => run.Storefront == storefront).Max(run => run.FinishedAt) ?? came));
    }

    private static async Task<IEnumerable<(string Id, DateOnly Day)>> RecordsAsync(SellerVault vault, RetentionRule rule, Dictionary<long, DateOnly?> read, CancellationToken cancellationToken)
    {
        switch (rule.Name)
        {
            case RecordKind.Proposal:
                return (await vault.RecordsAsync(rule.Name, StoredJson.Default.StoredProposal, null, cancellationToken)).Select(record => (record.Id, record.Value.Created));
            case RecordKind.Change:
                return (await vault.RecordsAsync(rule.Name, StoredJson.Default.StoredChange, null, cancellationToken)).Select(record => (record.Id, Day(record.Value.Applied.At)));
            case RecordKind.Handover:
                return (await vault.RecordsAsync(rule.Name, StoredJson.Default.Handover, null, cancellationToken)).Select(record => (record.Id, record.Value.Since));
            case RecordKind.Score:
                return (await vault.RecordsAsync(rule.Name, StoredJson.Default.StoredScore, null, cancellationToken)).Select(record => (record.Id, record.Value.Day));
            case RecordKind.Audit:
                return (await vault.RecordsAsync(rule.Name, StoredJson.Default.StoredAudit, null, cancellationToken)).Select(record => (record.Id, record.Value.Day));
            case RecordKind.Refusal:
                return (await vault.RecordsAsync(rule.Name, StoredJson.Default.StoredRefusals, null, cancellationToken)).Select(record => (record.Id, Day(record.Value.At)));
            case RecordKind.Launch:
                return (await vault.RecordsAsync(rule.Name, StoredJson.Default.StoredLaunch, null, cancellationToken)).Select(record => (record.Id, Day(record.Value.At)));
            case RecordKind.Moves:
                return (await vault.RecordsAsync(rule.Name, StoredJson.Default.StoredMoves, null, cancellationToken)).Select(record => (record.Id, Day(record.Value.At)));
            case RetentionTable.Quarantine:
                return (await vault.RecordsAsync(rule.Name, QuarantineJson.Default.Quarantined, null, cancellationToken)).Select(record => (record.Id, Day(record.Value.Since)));
            default:
                if (rule.Clock != RetentionClock.LastReading) throw new InvalidOperationException($"Records of kind '{rule.Name}' have a limit and no clock here.");
                var records = await vault.RecordsAsync(rule.Name, AnyRecordJson.Default.JsonElement, null, cancellationToken);
                return from record in records let day = LastRead(record.Id, read) where day is not null select (record.Id, day.Value);
        }
    }

    // An id begins with its storefront; what belongs to none is as young as the storefront that was read last.
    private static DateOnly? LastRead(string id, Dictionary<long, DateOnly?> read) =>
        long.TryParse(id.Split('/')[0], System.Globalization.CultureInfo.InvariantCulture, out var storefront) && read.TryGetValue(storefront, out var day) ? day : read.Values.Max();

    private static DateOnly Day(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime);

    private static DateOnly Day(int partition) => new(partition / 10_000, partition / 100 % 100, partition % 100);
}
