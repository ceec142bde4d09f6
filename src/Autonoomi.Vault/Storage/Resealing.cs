using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault;

/// <summary>Re-encrypts all rows of a seller under the next version of its key, in the transaction that holds the seller's row.</summary>
internal static class Resealing
{
    private const int BatchBytes = 4 << 20;

    /// <returns>The manifest of the next revision, under the next keys; its head is written.</returns>
    /// <exception cref="SealBrokenException">A row is not the one of the last commit, or does not open.</exception>
    public static async Task<Manifest> RunAsync(VaultDb db, Manifest manifest, SellerKeys next, CancellationToken cancellationToken)
    {
        var builder = new ManifestBuilder(Manifest.Empty(next));
        foreach (var stamp in manifest.Segments.Values.SelectMany(parts => parts.Values)) await SegmentAsync(db, manifest.Keys, stamp, next, builder, cancellationToken);
        foreach (var (kind, stamps) in manifest.Records) await RecordsAsync(db, manifest.Keys, kind, stamps, next, builder, cancellationToken);
        var resealed = builder.Build(manifest.Revision + 1);
        var (id, head) = (next.Seller.Value, resealed.SealHead());
        await db.Sellers.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(s => s.Revision, resealed.Revision).SetProperty(s => s.Head, head), cancellationToken);
        return resealed;
    }

    private static async Task SegmentAsync(VaultDb db, SellerKeys keys, SegmentStamp expected, SellerKeys next, ManifestBuilder builder, CancellationToken cancellationToken)
    {
        var seller = keys.Seller.Value;
        var row = await db.Segments.SingleOrDefaultAsync(row => row.Seller == seller && row.Dataset == expected.Dataset && row.Storefront == expected.Storefront && row.Partition == expected.Partition && row.Part == expected.Part, cancellationToken)
            ?? throw Manifest.Broken(keys, $"A segment of {expected.Dataset} is gone");
        var found = new SegmentStamp(row.Dataset, row.Storefront, row.Partition, row.Part, row.Revision, row.Rows, Cipher.TagOf(row.Sealed));
        var plain = new byte[Cipher.PlainLength(row.Sealed)];
        if (found != expected || !keys.TryOpen(found, row.Sealed, plain)) throw Manifest.Broken(keys, $"A segment of {expected.Dataset} (revision {expected.Revision}) does not open: changed, moved or rolled back");
        row.Sealed = next.Seal(found, plain);
        row.Seal = Manifest.Seal(Cipher.TagOf(row.Sealed));
        builder.Add(found with { Tag = Cipher.TagOf(row.Sealed) });
        await SaveAsync(db, cancellationToken);
    }

    /// <summary>A record's row id is a keyed hash of its own, so the rows of a kind leave and come back under new ids.</summary>
    private static async Task RecordsAsync(
        VaultDb db, SellerKeys keys, string kind, ImmutableDictionary<string, RecordStamp> stamps, SellerKeys next, ManifestBuilder builder, CancellationToken cancellationToken)
    {
        var seller = keys.Seller.Value;
        var rows = await db.Records.AsNoTracking().Where(row => row.Seller == seller && row.Kind == kind).ToListAsync(cancellationToken);
        if (rows.Count != stamps.Count) throw Manifest.Broken(keys, $"{stamps.Count} records of kind '{kind}' were committed, {rows.Count} are there");
        await db.Records.Where(row => row.Seller == seller && row.Kind == kind).ExecuteDeleteAsync(cancellationToken);
        var bytes = 0;
        foreach (var row in rows)
        {
            var found = new RecordStamp(row.Kind, row.Id, row.Revision, row.State, row.DueAt, Cipher.TagOf(row.Sealed));
            if (!stamps.TryGetValue(row.Id, out var expected) || found != expected || !keys.TryOpen(found, row.Sealed, out var plain))
                throw Manifest.Broken(keys, $"A record of kind '{kind}' (revision {row.Revision}) does not open: changed, moved or rolled back");
            var stamp = new RecordStamp(kind, next.RowId(kind, RecordCodec.IdOf(plain!)), row.Revision, row.State, row.DueAt);
            var cipher = next.Seal(stamp, plain);
            var tag = Cipher.TagOf(cipher);
            builder.Add(stamp with { Tag = tag });
            db.Records.Add(new RecordRow { Seller = seller, Kind = kind, Id = stamp.Id, Revision = row.Revision, State = row.State, DueAt = row.DueAt, Seal = Manifest.Seal(tag), Sealed = cipher });
            bytes += cipher.Length;
            if (bytes < BatchBytes) continue;
            await SaveAsync(db, cancellationToken);
            bytes = 0;
        }

        await SaveAsync(db, cancellationToken);
    }

    private static async Task SaveAsync(VaultDb db, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }
}
