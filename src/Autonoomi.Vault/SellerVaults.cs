using System.Collections.Concurrent;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Autonoomi.Vault;

/// <summary>Opens sellers' vaults. One per process.</summary>
/// <param name="open">Makes a new context; the vault disposes it.</param>
/// <param name="keys">The key chain of this environment.</param>
/// <param name="log">Ids and purposes only.</param>
public sealed partial class SellerVaults(Func<VaultDb> open, KeyChain keys, ILogger<SellerVaults>? log = null)
{
    // Weak, so that the manifests of sellers that nobody looks at can go.
    private readonly ConcurrentDictionary<SellerId, WeakReference<SellerState>> states = [];

    /// <summary>Call once at start, before anything else: is this database of this environment and key? The first call stamps a new database.</summary>
    /// <exception cref="MasterKeyMissingException">The database has data of another key and the key folder was empty.</exception>
    /// <exception cref="WrongMasterKeyException">Another key or environment.</exception>
    public async Task VerifyStoreAsync(CancellationToken cancellationToken)
    {
        await using var db = open();
        var stamp = await db.Stamps.AsNoTracking().SingleOrDefaultAsync(row => row.Id == 1, cancellationToken);
        if (stamp is null)
        {
            db.Stamps.Add(new StampRow
            {
                Id = 1,
                Environment = keys.Environment,
                MasterKeyId = keys.MasterKeyId,
                Check = keys.Application.SealText("vault_stamp", "check", "1", keys.MasterKeyId),
            });
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateException)
            {
                // Another process stamped it in the same moment; its stamp is judged like any other.
                stamp = await db.Stamps.AsNoTracking().SingleAsync(row => row.Id == 1, cancellationToken);
            }
        }

        if (stamp.MasterKeyId != keys.MasterKeyId && keys.Created)
        {
            keys.Withdraw();
            throw new MasterKeyMissingException($"The database was written with master key {stamp.MasterKeyId} (environment '{stamp.Environment}'), and the key folder was empty. The key just made was taken back. Put back your backup of the key folder at {keys.MasterKeyFile}; if the data may be lost, move the database away and start again.");
        }

        if (stamp.Environment != keys.Environment)
            throw new WrongMasterKeyException($"The database belongs to environment '{stamp.Environment}', this process runs as '{keys.Environment}'. Data never crosses environments: set the data folder of '{keys.Environment}'.");
        var former = stamp.MasterKeyId != keys.MasterKeyId && keys.IsFormerMaster(stamp.MasterKeyId);
        if (stamp.MasterKeyId != keys.MasterKeyId && !former)
            throw new WrongMasterKeyException($"The database was written with master key {stamp.MasterKeyId}, but {keys.MasterKeyFile} holds {keys.MasterKeyId}. Put back master key {stamp.MasterKeyId}.");
        try
        {
            _ = keys.Application.OpenText("vault_stamp", "check", "1", stamp.Check);
        }
        catch (SealBrokenException broken)
        {
            throw new WrongMasterKeyException($"Master key {keys.MasterKeyId} is named in the database, but the key ledger beside it does not open the database's check value. Put back the key folder that belongs to this database, as one piece.", broken);
        }

        if (!former) return;

        // The master key was rotated since: from now on the database names the new one, and the old one is refused.
        var master = keys.MasterKeyId;
        var check = keys.Application.SealText("vault_stamp", "check", "1", master);
        await db.Stamps.Where(row => row.Id == 1).ExecuteUpdateAsync(row => row.SetProperty(s => s.MasterKeyId, master).SetProperty(s => s.Check, check), cancellationToken);
    }

    /// <summary>Makes the seller's key and row; nothing happens when both exist.</summary>
    public async Task CreateAsync(SellerId seller, CancellationToken cancellationToken)
    {
        keys.CreateSeller(seller);
        var sellerKeys = keys.Keys(seller);
        await using var db = open();
        await using var transaction = await VaultEngine.BeginAsync(db, seller, write: true, cancellationToken);
        if (await db.Sellers.AsNoTracking().AnyAsync(row => row.Id == seller.Value, cancellationToken)) return;
        if (keys.AnchorOf(seller).Read() is { } seen)
            throw Manifest.Broken(sellerKeys, $"Its row in table seller is gone, and this key folder has seen revision {seen.Revision}");
        db.Sellers.Add(new SellerRow { Id = seller.Value, Head = Manifest.Empty(sellerKeys).SealHead() });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        keys.AnchorOf(seller).Write(sellerKeys, 0, Manifest.Empty(sellerKeys).Hash);
    }

    /// <summary>Opens and verifies the vault of a seller.</summary>
    /// <param name="seller">Whose.</param>
    /// <param name="purpose">For what; logged. The vault shows and takes what this purpose covers, and nothing else.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PurposeException">No vault is opened for this.</exception>
    /// <exception cref="SellerKeyMissingException">No key.</exception>
    /// <exception cref="SealBrokenException">Rows are missing, foreign, changed or rolled back.</exception>
    public async Task<SellerVault> OpenAsync(SellerId seller, Purpose purpose, CancellationToken cancellationToken)
    {
        var rule = Purposes.OfVault(purpose);
        var state = StateOf(seller);
        var manifest = await state.ReadAsync((_, proven) => Task.FromResult(proven), cancellationToken);
        if (log is not null) LogOpened(log, seller, purpose, manifest.Revision);
        return new SellerVault(state, rule, manifest.Revision, () => keys.Keys(seller));
    }

    /// <returns>The new epoch; writes with an older one are refused from now on.</returns>
    public async Task<long> TakeOwnershipAsync(SellerId seller, string owner, CancellationToken cancellationToken)
    {
        await using var db = open();
        await using var transaction = await VaultEngine.BeginAsync(db, seller, write: true, cancellationToken);
        var taken = await db.Sellers.Where(row => row.Id == seller.Value)
            .ExecuteUpdateAsync(row => row.SetProperty(s => s.Epoch, s => s.Epoch + 1).SetProperty(s => s.Owner, owner), cancellationToken);
        if (taken == 0) throw new SellerKeyMissingException($"There is no seller {seller} in the database: create the seller first.");
        var epoch = await db.Sellers.Where(row => row.Id == seller.Value).Select(row => row.Epoch).SingleAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return epoch;
    }

    /// <summary>Gives the seller a new data key: writes it beside the old one, re-encrypts every row of the vault under it in one transaction, then retires the old one.</summary>
    /// <remarks>
    /// May run while the product does, in this process or another: writers of the seller wait (on SQLite, writers of all sellers), readers see the rows of
    /// before or of after. A crash at any point leaves a seller that opens; repeat the call to finish.
    /// </remarks>
    /// <param name="seller">Whose.</param>
    /// <param name="also">Re-encrypts columns of control tables that rest under the seller's key, in the same transaction: opens and seals each with the sealer given, which opens the old and seals under the new.</param>
    /// <param name="cancellationToken">Ends the wait; nothing has changed then.</param>
    /// <exception cref="SellerKeyMissingException">No key.</exception>
    /// <exception cref="SealBrokenException">A row does not open: nothing was changed.</exception>
    public async Task RotateAsync(SellerId seller, Func<VaultDb, FieldSealer, CancellationToken, Task>? also, CancellationToken cancellationToken)
    {
        var next = keys.BeginRotation(seller);
        var state = StateOf(seller);
        await state.Turn.WaitAsync(cancellationToken);
        try
        {
            await using var db = open();
            await using var transaction = await VaultEngine.BeginAsync(db, seller, write: true, cancellationToken);

            // A key may be written and its row not yet, when the process died in between: then there is nothing to re-encrypt.
            var bare = !await db.Sellers.AsNoTracking().AnyAsync(row => row.Id == seller.Value, cancellationToken) && keys.AnchorOf(seller).Read() is null;
            var manifest = bare ? null : await state.HoldAsync(db, cancellationToken);
            if (manifest is not null && manifest.Keys.Version != next.Version) manifest = await Resealing.RunAsync(db, manifest, next, cancellationToken);
            if (also is not null) await also(db, keys.ForSeller(seller), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (manifest is not null)
            {
                state.Publish(manifest);
                state.Renew(manifest);
            }

            keys.FinishRotation(seller);
        }
        finally
        {
            state.Turn.Release();
        }

        if (log is not null) LogRotated(log, seller, next.Version);
    }

    /// <summary>Destroys the key, then deletes the rows. May be repeated after a crash.</summary>
    public async Task ShredAsync(SellerId seller, CancellationToken cancellationToken)
    {
        // The key first: from this line on nothing can be opened, whatever happens to the rest.
        keys.DestroySeller(seller);
        states.TryRemove(seller, out _);
        await using var db = open();
        await using var transaction = await VaultEngine.BeginAsync(db, seller, write: true, cancellationToken);
        await db.Segments.Where(row => row.Seller == seller.Value).ExecuteDeleteAsync(cancellationToken);
        await db.Records.Where(row => row.Seller == seller.Value).ExecuteDeleteAsync(cancellationToken);
        await db.Sellers.Where(row => row.Id == seller.Value).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (log is not null) LogShredded(log, seller);
    }

    /// <summary>Proves a seller's rows against their sealed head, without the anchor: for a restored copy, which is older than what this key folder has seen.</summary>
    /// <returns>How many segments and records were proven.</returns>
    /// <exception cref="SellerKeyMissingException">No key.</exception>
    /// <exception cref="SealBrokenException">Rows are missing, foreign or changed.</exception>
    public async Task<int> ProveAsync(SellerId seller, CancellationToken cancellationToken)
    {
        var sellerKeys = keys.Keys(seller);
        await using var db = open();
        await using var transaction = await VaultEngine.BeginAsync(db, seller, write: false, cancellationToken);
        var row = await db.Sellers.AsNoTracking().SingleOrDefaultAsync(row => row.Id == seller.Value, cancellationToken)
            ?? throw Manifest.Broken(sellerKeys, "Its row in table seller is gone");
        var manifest = await Manifest.ReadAsync(db, keys.Keys(seller, Cipher.VersionOf(row.Head)) ?? sellerKeys, row, cancellationToken);
        return manifest.Segments.Values.Sum(parts => parts.Count) + manifest.Records.Values.Sum(ids => ids.Count);
    }

    private SellerState StateOf(SellerId seller)
    {
        var sellerKeys = keys.Keys(seller);
        while (true)
        {
            if (states.TryGetValue(seller, out var weak))
            {
                if (weak.TryGetTarget(out var living)) return living;
                states.TryRemove(KeyValuePair.Create(seller, weak));
            }

            var state = new SellerState(sellerKeys, version => keys.Keys(seller, version), keys.AnchorOf(seller), open);
            if (states.TryAdd(seller, new(state))) return state;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Opened the vault of seller {Seller} for {Purpose} at revision {Revision}")]
    private static partial void LogOpened(ILogger log, SellerId seller, Purpose purpose, long revision);

    [LoggerMessage(LogLevel.Information, "Seller {Seller} rests under version {Version} of its key")]
    private static partial void LogRotated(ILogger log, SellerId seller, int version);

    [LoggerMessage(LogLevel.Information, "Shredded seller {Seller}: key destroyed, rows deleted")]
    private static partial void LogShredded(ILogger log, SellerId seller);
}
