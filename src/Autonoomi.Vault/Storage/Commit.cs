using System.Diagnostics;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault;

/// <summary>One commit: compress, then fence, sealed rows and head in one transaction.</summary>
internal sealed class Commit(SellerState state, VaultWrite write)
{
    /// <summary>An owner's write that lost this many races to other processes holds the seller's row before it reads, so that nobody is faster.</summary>
    private const int Races = 3;

    /// <param name="based">The revision that the caller's decisions rest on; counts only without an epoch.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The revision that was committed.</returns>
    public async Task<long> RunAsync(long based, CancellationToken cancellationToken)
    {
        // Compressing takes time: once, and before the transaction, not inside it. Sealing is quick and names the revision, so it waits for the fence.
        using var spool = new Spool();
        var staged = write.Segments.Count == 0 ? [] : await Task.Run(() => Staged(spool), cancellationToken);
        for (var race = 1; race <= Races; race++)
        {
            var manifest = race == 1 && state.Newest() is { } newest ? newest : await state.ReadAsync((_, proven) => Task.FromResult(proven), cancellationToken);
            if (write.Epoch is null && manifest.Revision != based) throw Conflict(based, manifest.Revision);
            if (await TryAsync(manifest, staged, cancellationToken) is { } committed) return committed;
            if (write.Epoch is null) throw Conflict(based, manifest.Revision + 1);
        }

        return await TryAsync(known: null, staged, cancellationToken) ?? throw new UnreachableException("The seller's row was held, and moved on all the same.");
    }

    /// <param name="known">What the commit is planned on; null: the seller's row is held first and then read.</param>
    /// <param name="staged">Compressed segments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The revision that was committed; null when somebody else committed first.</returns>
    private async Task<long?> TryAsync(Manifest? known, List<(SegmentsWrite Write, StagedDays Staged)> staged, CancellationToken cancellationToken)
    {
        var id = state.Seller.Value;
        await using var db = state.Open();
        await using var transaction = await VaultEngine.BeginAsync(db, state.Seller, write: true, cancellationToken);
        var manifest = known ?? await state.HoldAsync(db, cancellationToken);
        var (revision, epoch) = (manifest.Revision + 1, write.Epoch);
        var moved = await db.Sellers.Where(row => row.Id == id && row.Revision == manifest.Revision && (epoch == null || row.Epoch == epoch))
            .ExecuteUpdateAsync(row => row.SetProperty(s => s.Revision, revision), cancellationToken);
        if (moved == 0)
        {
            var row = await db.Sellers.AsNoTracking().SingleOrDefaultAsync(seller => seller.Id == id, cancellationToken)
                ?? throw Manifest.Broken(manifest.Keys, "Its row in table seller is gone");
            if (epoch is not null && row.Epoch != epoch)
                throw new StaleOwnerException($"Seller {state.Seller} has a newer owner (epoch {row.Epoch}; this write carries {epoch}). Nothing was written. Stop working on this seller; the new owner goes on.");
            if (row.Revision < manifest.Revision) throw Manifest.Broken(manifest.Keys, $"The database stands at revision {row.Revision}, and revision {manifest.Revision} was already committed");
            return null;
        }

        var plan = Plan(manifest, staged);
        try
        {
            await plan.WriteSegmentsAsync(db, cancellationToken);
            db.AddRange(plan.Added);
            foreach (var row in plan.Changed) db.Entry(row).State = EntityState.Modified;
            foreach (var row in plan.Removed) db.Entry(row).State = EntityState.Deleted;
            foreach (var other in write.Others) await other(db, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException gone) when (gone.Entries.Any(entry => entry.Entity is SegmentRow or RecordRow))
        {
            throw Manifest.Broken(manifest.Keys, "A row that this write replaces is gone");
        }

        var head = plan.Finish().SealHead();
        await db.Sellers.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(s => s.Head, head), cancellationToken);

        await transaction.CommitAsync(cancellationToken);
        state.Publish(plan.Next);
        return revision;
    }

    private List<(SegmentsWrite Write, StagedDays Staged)> Staged(Spool spool) =>
        [.. write.Segments.Select(segments => (segments, segments.Staged ?? StagedDays.Of(segments, segments.Facts!, spool, compress: !state.SealingOff)))];

    private PlannedCommit Plan(Manifest manifest, List<(SegmentsWrite Write, StagedDays Staged)> staged)
    {
        var plan = new PlannedCommit(manifest);
        foreach (var (segments, rows) in staged) plan.Replace(segments, rows);
        foreach (var ((kind, id), record) in write.Records) plan.Put(kind, manifest.Keys.RowId(kind, id), record);
        return plan;
    }

    private VaultConflictException Conflict(long based, long found) =>
        new($"Seller {state.Seller} was at revision {based} when this vault was opened and is at {found} now. Nothing was written. Open the vault again, decide again, commit again.");
}

/// <summary>The rows of a commit for the next revision; segments are sealed one by one while they are written.</summary>
internal sealed class PlannedCommit(Manifest manifest)
{
    private readonly SellerKeys keys = manifest.Keys;
    // Enough rows to a statement that statements do not count, few enough bytes that memory does not.
    private const int BatchBytes = 4 << 20;
    private readonly long revision = manifest.Revision + 1;
    private readonly ManifestBuilder builder = new(manifest);
    private readonly HashSet<(string Dataset, long Storefront, int Partition, int Part)> replaced = [];
    private readonly Dictionary<(string Dataset, long Storefront, int Partition, int Part), (StagedDays From, StagedPiece Piece)> segments = [];
    private Manifest? next;

    public List<RecordRow> Added { get; } = [];
    public List<RecordRow> Changed { get; } = [];
    public List<RecordRow> Removed { get; } = [];
    public Manifest Next => next ?? throw new InvalidOperationException("The plan is not finished.");

    /// <summary>A later call wins where ranges overlap.</summary>
    public void Replace(SegmentsWrite range, StagedDays staged)
    {
        var dataset = Manifest.NameOf(range.Dataset);
        foreach (var stamp in manifest.SegmentsOf(range.Dataset, range.Storefront, range.First, range.Last))
            if (replaced.Add((dataset, stamp.Storefront, stamp.Partition, stamp.Part))) builder.Remove(stamp);
        foreach (var planned in segments.Keys.Where(key => key.Dataset == dataset && key.Storefront == range.Storefront.Value && key.Partition >= range.First && key.Partition <= range.Last).ToArray())
            segments.Remove(planned);
        foreach (var piece in staged.Pieces) segments.Add((dataset, range.Storefront.Value, piece.Partition, piece.Part), (staged, piece));
    }

    public void Put(string kind, string rowId, RecordWrite? record)
    {
        var before = manifest.Find(kind, rowId);
        if (before is { } old) builder.Remove(old);
        if (record is null)
        {
            if (before is not null) Removed.Add(new RecordRow { Seller = keys.Seller.Value, Kind = kind, Id = rowId, State = "", Seal = [], Sealed = [] });
            return;
        }

        var stamp = new RecordStamp(kind, rowId, revision, record.State, record.DueAt);
        var cipher = keys.Seal(stamp, record.Plain);
        builder.Add(stamp with { Tag = Cipher.TagOf(cipher) });
        (before is null ? Added : Changed).Add(new RecordRow
        {
            Seller = keys.Seller.Value,
            Kind = kind,
            Id = rowId,
            Revision = revision,
            State = record.State,
            DueAt = record.DueAt,
            Seal = Manifest.Seal(Cipher.TagOf(cipher)),
            Sealed = cipher,
        });
    }

    /// <summary>Takes away what is replaced and writes the new segments, a few megabytes in memory at a time. The context tracks nothing before and after.</summary>
    public async Task WriteSegmentsAsync(VaultDb db, CancellationToken cancellationToken)
    {
        var bytes = 0;
        foreach (var ((dataset, storefront, partition, part), (staged, piece)) in segments)
        {
            // A row that stays in its place is overwritten: deleting it first would write its pages twice.
            var row = Sealed(dataset, storefront, staged, piece);
            db.Entry(row).State = replaced.Remove((dataset, storefront, partition, part)) ? EntityState.Modified : EntityState.Added;
            bytes += row.Sealed.Length;
            if (bytes < BatchBytes) continue;
            await SaveAsync(db, cancellationToken);
            bytes = 0;
        }

        foreach (var (dataset, storefront, partition, part) in replaced)
            db.Remove(new SegmentRow { Seller = keys.Seller.Value, Dataset = dataset, Storefront = storefront, Partition = partition, Part = part, Seal = [], Sealed = [] });
        if (bytes > 0 || replaced.Count > 0) await SaveAsync(db, cancellationToken);
    }

    /// <summary>The manifest of the next revision, once all segments are written.</summary>
    public Manifest Finish() => next = builder.Build(revision);

    private static async Task SaveAsync(VaultDb db, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }

    private SegmentRow Sealed(string dataset, long storefront, StagedDays staged, StagedPiece piece)
    {
        var stamp = new SegmentStamp(dataset, storefront, piece.Partition, piece.Part, revision, piece.Rows);
        var cipher = staged.Read(piece, packed => keys.Seal(stamp, packed));
        builder.Add(stamp with { Tag = Cipher.TagOf(cipher) });
        return new SegmentRow
        {
            Seller = keys.Seller.Value,
            Dataset = dataset,
            Storefront = storefront,
            Partition = piece.Partition,
            Part = piece.Part,
            Revision = revision,
            Rows = piece.Rows,
            Seal = Manifest.Seal(Cipher.TagOf(cipher)),
            Sealed = cipher,
        };
    }
}
