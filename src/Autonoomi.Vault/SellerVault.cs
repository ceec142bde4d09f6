using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault;

/// <param name="Id">The caller's id.</param>
/// <param name="State">In clear at rest.</param>
/// <param name="DueAt">In clear at rest.</param>
/// <param name="Revision">The seller's revision at which the record was written.</param>
/// <param name="Value">The opened value.</param>
public sealed record VaultRecord<T>(string Id, string State, DateTimeOffset? DueAt, long Revision, T Value);

/// <summary>The one door to a seller's data. Safe to use from several threads; holds no connection between calls.</summary>
public sealed class SellerVault
{
    private const int RecordsAtOnce = 256;

    private readonly SellerState state;
    private readonly PurposeRule purpose;
    private readonly Action demandKey;
    private long based;

    internal SellerVault(SellerState state, PurposeRule purpose, long revision, Action demandKey)
    {
        (this.state, this.purpose, this.demandKey) = (state, purpose, demandKey);
        based = revision;
    }

    public SellerId Seller => state.Seller;

    /// <summary>For what it was opened: what that does not cover, it neither shows nor takes.</summary>
    public Purpose Purpose => purpose.Purpose;

    /// <summary>The revision that a write without epoch builds on: that of opening, or of this vault's last commit.</summary>
    public long Revision => Interlocked.Read(ref based);

    /// <param name="dataset">Which.</param>
    /// <param name="storefront">Of which storefront.</param>
    /// <param name="days">Which days; null for all, and for snapshots.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Rows by day, oldest first, within a day in the order written; empty when nothing is kept.</returns>
    /// <exception cref="PurposeException">The data set is not for the purpose of this vault.</exception>
    /// <exception cref="SealBrokenException">Never zeros: what cannot be proven is refused.</exception>
    public async Task<FactTable> ReadAsync(Dataset dataset, StorefrontId storefront, DateSpan? days, CancellationToken cancellationToken)
    {
        Demand(RetainedAs.Dataset, Manifest.NameOf(dataset));
        demandKey();
        var (keys, (stamps, cipher)) = await state.ReadAsync(async (db, manifest) => (manifest.Keys, await SegmentReader.FetchAsync(db, manifest, dataset, storefront, days, cancellationToken)), cancellationToken);
        return await Task.Run(() => SegmentReader.Open(keys, TableSchema.Of(dataset), stamps, cipher, cancellationToken), cancellationToken);
    }

    /// <returns>The value, or null (default) when there is no such record.</returns>
    public async Task<T?> RecordAsync<T>(string kind, string id, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        Demand(RetainedAs.Record, kind);
        demandKey();
        var seller = Seller.Value;
        return await state.ReadAsync(async (db, manifest) =>
        {
            var rowId = manifest.Keys.RowId(kind, id);
            if (manifest.Find(kind, rowId) is not { } stamp) return default;
            var row = await db.Records.AsNoTracking().SingleOrDefaultAsync(record => record.Seller == seller && record.Kind == kind && record.Id == rowId, cancellationToken);
            return Opened(manifest.Keys, stamp, row, type).Value;
        }, cancellationToken);
    }

    /// <param name="kind">Which kind.</param>
    /// <param name="type">From a source-generated context.</param>
    /// <param name="state">Only records in this state; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Oldest revision first, then by id.</returns>
    public async Task<IReadOnlyList<VaultRecord<T>>> RecordsAsync<T>(string kind, JsonTypeInfo<T> type, string? state, CancellationToken cancellationToken)
    {
        Demand(RetainedAs.Record, kind);
        demandKey();
        var seller = Seller.Value;
        return await this.state.ReadAsync(async (db, manifest) =>
        {
            var keys = manifest.Keys;
            if (!manifest.Records.TryGetValue(kind, out var stamps)) return [];
            var expected = stamps.Values.Where(stamp => state is null || stamp.State == state).ToDictionary(stamp => stamp.Id, StringComparer.Ordinal);
            var rows = db.Records.AsNoTracking().Where(record => record.Seller == seller && record.Kind == kind && (state == null || record.State == state));
            var records = new List<VaultRecord<T>>(expected.Count);
            await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                if (!expected.Remove(row.Id, out var stamp)) throw Manifest.Broken(keys, $"There is a record of kind '{kind}' that was never committed");
                records.Add(Opened(keys, stamp, row, type));
            }

            if (expected.Count != 0) throw Manifest.Broken(keys, $"{expected.Count} records of kind '{kind}' are gone");
            records.Sort((left, right) => left.Revision != right.Revision ? left.Revision.CompareTo(right.Revision) : string.CompareOrdinal(left.Id, right.Id));
            return records;
        }, cancellationToken);
    }

    /// <summary>The same, some at a time, so that memory does not grow with their number. What is written meanwhile is read as it stands then; what is deleted meanwhile is left out.</summary>
    /// <exception cref="PurposeException">The kind is not for the purpose of this vault.</exception>
    /// <exception cref="VaultConflictException">The seller's key was renewed meanwhile: begin again.</exception>
    public async IAsyncEnumerable<VaultRecord<T>> EachRecordAsync<T>(string kind, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Demand(RetainedAs.Record, kind);
        demandKey();
        var seller = Seller.Value;
        var (version, ids) = await state.ReadAsync((_, manifest) => Task.FromResult((manifest.Keys.Version, manifest.Records.TryGetValue(kind, out var stamps)
            ? stamps.Values.OrderBy(stamp => stamp.Revision).ThenBy(stamp => stamp.Id, StringComparer.Ordinal).Select(stamp => stamp.Id).ToArray() : [])), cancellationToken);
        foreach (var some in ids.Chunk(RecordsAtOnce))
        {
            var page = await state.ReadAsync(async (db, manifest) =>
            {
                if (manifest.Keys.Version != version) throw new VaultConflictException("The seller's key was renewed while its records were read: begin again.");
                var rows = await db.Records.AsNoTracking().Where(record => record.Seller == seller && record.Kind == kind && some.Contains(record.Id)).ToDictionaryAsync(record => record.Id, StringComparer.Ordinal, cancellationToken);
                var found = new List<VaultRecord<T>>(some.Length);
                foreach (var id in some)
                    if (manifest.Find(kind, id) is { } stamp) found.Add(Opened(manifest.Keys, stamp, rows.GetValueOrDefault(id), type));
                return found;
            }, cancellationToken);
            foreach (var record in page) yield return record;
        }
    }

    /// <returns>What the vault holds now.</returns>
    public Task<VaultContents> ContentsAsync(CancellationToken cancellationToken)
    {
        demandKey();
        return state.ReadAsync((_, manifest) => Task.FromResult(new VaultContents(
            manifest.Revision,
            [
                .. from table in manifest.Segments
                   let parts = (from stamp in table.Value.Values where stamp.Rows > 0 group (long)stamp.Rows by stamp.Partition into part orderby part.Key select new HeldPart(Day(part.Key), part.Sum())).ToImmutableArray()
                   where parts.Length > 0
                   orderby table.Key.Storefront, table.Key.Dataset
                   select new HeldTable(Enum.Parse<Dataset>(table.Key.Dataset), new StorefrontId(table.Key.Storefront), parts),
            ],
            manifest.Records.Where(kind => kind.Value.Count > 0).ToImmutableSortedDictionary(kind => kind.Key, kind => kind.Value.Count, StringComparer.Ordinal))), cancellationToken);
    }

    /// <summary>One transaction: everything in the write, or nothing.</summary>
    /// <exception cref="PurposeException">Something of it is not for the purpose of this vault; nothing was written.</exception>
    /// <exception cref="StaleOwnerException">The seller has a newer owner.</exception>
    /// <exception cref="VaultConflictException">A write without epoch met a newer commit: open again, decide again.</exception>
    public async Task CommitAsync(VaultWrite write, CancellationToken cancellationToken)
    {
        foreach (var segments in write.Segments) Demand(RetainedAs.Dataset, Manifest.NameOf(segments.Dataset));
        foreach (var (kind, _) in write.Records.Keys) Demand(RetainedAs.Record, kind);
        demandKey();
        await state.Turn.WaitAsync(cancellationToken);
        try
        {
            var committed = await new Commit(state, write).RunAsync(Revision, cancellationToken);
            Interlocked.Exchange(ref based, committed);
        }
        finally
        {
            state.Turn.Release();
        }
    }

    private static DateOnly? Day(int partition) => partition == 0 ? null : new DateOnly(partition / 10_000, partition / 100 % 100, partition % 100);

    private void Demand(RetainedAs kind, string name) => Purposes.Demand(purpose, kind, name);

    private static VaultRecord<T> Opened<T>(SellerKeys keys, RecordStamp expected, RecordRow? row, JsonTypeInfo<T> type)
    {
        if (row is null) throw Manifest.Broken(keys, $"A record of kind '{expected.Kind}' is gone");
        var found = new RecordStamp(row.Kind, row.Id, row.Revision, row.State, row.DueAt, Cipher.TagOf(row.Sealed));
        if (found != expected || !keys.TryOpen(found, row.Sealed, out var plain))
            throw Manifest.Broken(keys, $"A record of kind '{expected.Kind}' (revision {expected.Revision}) does not open: changed, moved or rolled back");
        var (id, value) = RecordCodec.Decode(plain, type);
        return new(id, row.State, row.DueAt is { } due ? DateTimeOffset.UnixEpoch.AddMicroseconds(due) : null, row.Revision, value);
    }
}
