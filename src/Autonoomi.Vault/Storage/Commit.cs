using Autonoomi.Core.Facts;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault;

/// <summary>One commit: seal for the next revision, then fence, head and rows in one transaction.</summary>
internal sealed class Commit(SellerState state, SellerKeys keys, VaultWrite write)
{
    /// <summary>An owner's write is repeated on top of others' commits this often; each of those was somebody's progress.</summary>
    private const int Attempts = 20;

    /// <param name="based">The revision that the caller's decisions rest on; counts only without an epoch.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The revision that was committed.</returns>
    public async Task<long> RunAsync(long based, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var manifest = attempt == 1 && state.Newest() is { } newest ? newest : await state.ReadAsync((_, proven) => Task.FromResult(proven), cancellationToken);
            if (write.Epoch is null && manifest.Revision != based) throw Conflict(based, manifest.Revision);

            // Sealing names the revision, and takes time: before the transaction, not inside it.
            var plan = await Task.Run(() => Plan(manifest), cancellationToken);
            if (await TryAsync(manifest, plan, cancellationToken)) return plan.Next.Revision;
            if (write.Epoch is null) throw Conflict(based, manifest.Revision + 1);
            if (attempt == Attempts) throw new VaultConflictException($"Others committed to seller {keys.Seller} faster than this write could be repeated ({Attempts} times). Try again.");
        }
    }

    private async Task<bool> TryAsync(Manifest manifest, PlannedCommit plan, CancellationToken cancellationToken)
    {
        var id = keys.Seller.Value;
        await using var db = state.Open();
        await using var transaction = await VaultEngine.BeginAsync(db, keys.Seller, write: true, cancellationToken);
        var (revision, head, epoch) = (plan.Next.Revision, plan.Next.SealHead(keys), write.Epoch);
        var moved = await db.Sellers.Where(row => row.Id == id && row.Revision == manifest.Revision && (epoch == null || row.Epoch == epoch))
            .ExecuteUpdateAsync(row => row.SetProperty(s => s.Revision, revision).SetProperty(s => s.Head, head), cancellationToken);
        if (moved == 0)
        {
            var row = await db.Sellers.AsNoTracking().SingleOrDefaultAsync(seller => seller.Id == id, cancellationToken)
                ?? throw Manifest.Broken(keys, "Its row in table seller is gone");
            if (epoch is not null && row.Epoch != epoch)
                throw new StaleOwnerException($"Seller {keys.Seller} has a newer owner (epoch {row.Epoch}; this write carries {epoch}). Nothing was written. Stop working on this seller; the new owner goes on.");
            if (row.Revision < manifest.Revision) throw Manifest.Broken(keys, $"The database stands at revision {row.Revision}, and revision {manifest.Revision} was already committed");
            return false;
        }

        db.AddRange(plan.Added);
        foreach (var row in plan.Changed) db.Entry(row).State = EntityState.Modified;
        foreach (var row in plan.Removed) db.Entry(row).State = EntityState.Deleted;
        foreach (var other in write.Others) await other(db, cancellationToken);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException gone) when (gone.Entries.Any(entry => entry.Entity is SegmentRow or RecordRow))
        {
            throw Manifest.Broken(keys, "A row that this write replaces is gone");
        }

        await transaction.CommitAsync(cancellationToken);
        state.Publish(plan.Next);
        return true;
    }

    private PlannedCommit Plan(Manifest manifest)
    {
        var plan = new PlannedCommit(manifest, keys);
        foreach (var days in write.Days)
        {
            var parts = RowSelection.ByDay(days.Facts.Ints("day"));
            plan.Clear(days);
            foreach (var (day, rows) in parts) plan.Put(days.Facts, days.Storefront.Value, Manifest.Partition(DateOnly.FromDayNumber(day)), day, rows);
        }

        foreach (var snapshot in write.Snapshots) plan.Put(snapshot.Facts, snapshot.Storefront.Value, 0, null, RowSelection.All(snapshot.Facts));
        foreach (var ((kind, id), record) in write.Records) plan.Put(kind, keys.RowId(kind, id), record);
        plan.Finish();
        return plan;
    }

    private VaultConflictException Conflict(long based, long found) =>
        new($"Seller {keys.Seller} was at revision {based} when this vault was opened and is at {found} now. Nothing was written. Open the vault again, decide again, commit again.");
}

/// <summary>The rows of a commit, sealed for the next revision.</summary>
internal sealed class PlannedCommit(Manifest manifest, SellerKeys keys)
{
    private readonly long revision = manifest.Revision + 1;
    private readonly Dictionary<(string Dataset, long Storefront, int Partition), SegmentRow?> segments = [];
    private readonly Dictionary<(string Kind, string Id), RecordRow?> records = [];
    private Manifest? next;

    public List<object> Added { get; } = [];
    public List<object> Changed { get; } = [];
    public List<object> Removed { get; } = [];
    public Manifest Next => next ?? throw new InvalidOperationException("The plan is not finished.");

    public void Clear(DaysWrite days)
    {
        foreach (var stamp in manifest.SegmentsOf(days.Dataset, days.Storefront, days.Covered))
            segments[(stamp.Dataset, stamp.Storefront, stamp.Partition)] = null;
        foreach (var planned in segments.Keys.Where(key => key.Dataset == Manifest.NameOf(days.Dataset) && key.Storefront == days.Storefront.Value
            && key.Partition >= Manifest.Partition(days.Covered.First) && key.Partition <= Manifest.Partition(days.Covered.Last)).ToArray())
            segments[planned] = null;
    }

    public void Put(FactTable facts, long storefront, int partition, int? day, RowSelection rows)
    {
        var stamp = new SegmentStamp(Manifest.NameOf(facts.Schema.Dataset), storefront, partition, revision, rows.Count);
        var cipher = keys.Seal(stamp, SegmentCodec.Encode(facts, rows, day, compress: !keys.SealingOff));
        segments[(stamp.Dataset, storefront, partition)] = new SegmentRow
        {
            Seller = keys.Seller.Value,
            Dataset = stamp.Dataset,
            Storefront = storefront,
            Partition = partition,
            Revision = revision,
            Rows = rows.Count,
            Seal = Manifest.Seal(Cipher.TagOf(cipher)),
            Sealed = cipher,
        };
    }

    public void Put(string kind, string rowId, RecordWrite? record)
    {
        if (record is null)
        {
            records[(kind, rowId)] = null;
            return;
        }

        var cipher = keys.Seal(new RecordStamp(kind, rowId, revision, record.State, record.DueAt), record.Plain);
        records[(kind, rowId)] = new RecordRow
        {
            Seller = keys.Seller.Value,
            Kind = kind,
            Id = rowId,
            Revision = revision,
            State = record.State,
            DueAt = record.DueAt,
            Seal = Manifest.Seal(Cipher.TagOf(cipher)),
            Sealed = cipher,
        };
    }

    public void Finish()
    {
        var builder = new ManifestBuilder(manifest, keys);
        foreach (var ((dataset, storefront, partition), row) in segments)
        {
            var before = manifest.Find(dataset, storefront, partition);
            if (before is { } old) builder.Remove(old);
            if (row is not null) builder.Add(new SegmentStamp(dataset, storefront, partition, revision, row.Rows, Cipher.TagOf(row.Sealed)));
            Sort(before is not null, row, () => new SegmentRow { Seller = keys.Seller.Value, Dataset = dataset, Storefront = storefront, Partition = partition, Seal = [], Sealed = [] });
        }

        foreach (var ((kind, id), row) in records)
        {
            var before = manifest.Find(kind, id);
            if (before is { } old) builder.Remove(old);
            if (row is not null) builder.Add(new RecordStamp(kind, id, revision, row.State, row.DueAt, Cipher.TagOf(row.Sealed)));
            Sort(before is not null, row, () => new RecordRow { Seller = keys.Seller.Value, Kind = kind, Id = id, State = "", Seal = [], Sealed = [] });
        }

        next = builder.Build(revision);
    }

    private void Sort(bool existed, object? row, Func<object> keyOnly)
    {
        if (row is null)
        {
            if (existed) Removed.Add(keyOnly());
        }
        else (existed ? Changed : Added).Add(row);
    }
}
