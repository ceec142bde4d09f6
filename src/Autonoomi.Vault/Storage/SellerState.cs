using Microsoft.EntityFrameworkCore;

namespace Autonoomi.Vault;

/// <summary>What all open vaults of one seller in this process share: the newest proven manifest, the anchor, and the turn to write.</summary>
/// <param name="keys">The seller's keys when the first vault was opened.</param>
/// <param name="keysOf">The seller's keys of a version; null when there are none (any more). A rotation, of this process or another, moves the seller to the next.</param>
/// <param name="anchor">Outside the database.</param>
/// <param name="open">Makes a context.</param>
internal sealed class SellerState(SellerKeys keys, Func<int, SellerKeys?> keysOf, Anchor anchor, Func<VaultDb> open)
{
    private readonly Lock gate = new();
    private Manifest? newest;

    public Core.Primitives.SellerId Seller => keys.Seller;

    public bool SealingOff => keys.SealingOff;

    public Func<VaultDb> Open => open;

    /// <summary>Writers of one process take turns here, so that only writers of other processes ever conflict in the database.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Runs a read in one consistent, proven snapshot of the seller's rows.</summary>
    public async Task<T> ReadAsync<T>(Func<VaultDb, Manifest, Task<T>> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            var floor = Floor();
            await using var db = open();
            await using var transaction = await VaultEngine.BeginAsync(db, Seller, write: false, cancellationToken);
            if (await ProveAsync(db, floor.Newest, floor.Anchor, cancellationToken) is { } manifest) return await read(db, manifest);
        }
    }

    /// <summary>Holds the seller's row until the current transaction ends, and reads the manifest that no other process can move on from until then.</summary>
    /// <param name="db">In a transaction for this seller that may write.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Manifest> HoldAsync(VaultDb db, CancellationToken cancellationToken)
    {
        var id = keys.Seller.Value;
        await db.Sellers.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(seller => seller.Revision, seller => seller.Revision), cancellationToken);
        var floor = Floor();
        return await ProveAsync(db, floor.Newest, floor.Anchor, cancellationToken) ?? throw Manifest.Broken(keys, "Its row in table seller went back while it was held");
    }

    /// <summary>The manifest of the rows that the current transaction sees.</summary>
    /// <param name="db">In a transaction for this seller.</param>
    /// <param name="floor">What this process had proven before the transaction began.</param>
    /// <param name="seen">What the anchor said before the transaction began.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when another commit of this process passed the snapshot: begin again.</returns>
    private async Task<Manifest?> ProveAsync(VaultDb db, Manifest? floor, (long Revision, MultisetHash Hash)? seen, CancellationToken cancellationToken)
    {
        var id = keys.Seller.Value;
        var row = await db.Sellers.AsNoTracking().SingleOrDefaultAsync(seller => seller.Id == id, cancellationToken)
            ?? throw Manifest.Broken(keys, "Its row in table seller is gone");
        if (row.Revision < floor?.Revision) throw Manifest.Broken(keys, $"The database stands at revision {row.Revision}, and revision {floor.Revision} was already committed");
        var known = Newest();
        if (row.Revision == known?.Revision) return known;
        if (row.Revision < known?.Revision) return null;
        var version = Cipher.VersionOf(row.Head);
        var sealing = version == known?.Keys.Version ? known.Keys : keysOf(version) ?? known?.Keys ?? keys;
        var manifest = await Manifest.ReadAsync(db, sealing, row, cancellationToken);
        HoldAgainst(seen, manifest);
        Publish(manifest);
        return manifest;
    }

    /// <summary>Remembers a committed manifest here and in the anchor. The database is already there: a crash before the anchor leaves it behind, which is allowed.</summary>
    public void Publish(Manifest manifest)
    {
        lock (gate)
        {
            if (newest is not null && newest.Revision >= manifest.Revision) return;
            newest = manifest;
            anchor.Write(manifest.Keys, manifest.Revision, manifest.Hash);
        }
    }

    /// <summary>Writes the anchor anew under the manifest's keys, before older ones are retired.</summary>
    public void Renew(Manifest manifest)
    {
        lock (gate) anchor.Write(manifest.Keys, manifest.Revision, manifest.Hash);
    }

    public Manifest? Newest()
    {
        lock (gate) return newest;
    }

    /// <summary>Both are taken before a snapshot begins: a snapshot that is older than they are is a database that went back.</summary>
    private (Manifest? Newest, (long Revision, MultisetHash Hash)? Anchor) Floor() => (Newest(), anchor.Read());

    private void HoldAgainst((long Revision, MultisetHash Hash)? anchored, Manifest manifest)
    {
        if (anchored is not { } seen) return;
        if (manifest.Revision < seen.Revision)
            throw Manifest.Broken(keys, $"The database stands at revision {manifest.Revision}, but this key folder has seen revision {seen.Revision}: the database is an old copy (if you restored a backup on purpose, delete the file '{keys.Seller}' in the folder 'anchors' of the key folder to accept it)");
        if (manifest.Revision == seen.Revision && manifest.Hash != seen.Hash)
            throw Manifest.Broken(keys, $"The database and this key folder both stand at revision {manifest.Revision}, with different rows: the database is a copy that went its own way");
    }
}
