using System.IO;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Backups;

/// <param name="Folder">The set.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="Sellers">Sellers that are there again.</param>
/// <param name="Pieces">Segments and records that were proven.</param>
/// <param name="Forgotten">Rows of destroyed sellers that were left out.</param>
internal sealed record BackupRestored(string Folder, DateTimeOffset MadeAt, int Sellers, int Pieces, int Forgotten);

/// <summary>Puts a backup set in the place of the store. Everything is checked in a copy first; the product must be stopped.</summary>
internal static class RestoreBackup
{
    /// <param name="storage">Whose store.</param>
    /// <param name="from">A set, or a folder of sets: then the newest of the environment.</param>
    /// <param name="replace">Whether a database that is there may go.</param>
    /// <param name="now">Sets past their age are refused.</param>
    /// <param name="cancellationToken">Ends the wait; nothing has changed until the last step.</param>
    /// <exception cref="SetupException">Something is in the way.</exception>
    /// <exception cref="VaultException">The set is not whole, not of this environment, or not made with these keys.</exception>
    public static async Task<BackupRestored> RunAsync(StorageSettings storage, string from, bool replace, DateTimeOffset now, CancellationToken cancellationToken)
    {
        BackupPlace.DemandEmbedded(storage, "pg_restore --clean --if-exists --dbname=… autonoomi.dump (the next start deletes what it brought back of destroyed sellers)", "restored");
        from = BackupPlace.Demand(from, storage);
        var folder = File.Exists(Path.Combine(from, "manifest.json")) ? from : BackupSet.In(from, storage.Tag) is [var newest, ..] ? newest.Folder : throw new SetupException($"There is no backup set of environment '{storage.Tag}' in '{from}'.");
        Directory.CreateDirectory(storage.DataFolder);
        using var held = new DataFolderLock();
        await held.TakeAsync(storage, cancellationToken);
        if (StoreStart.HasData(storage) && !replace && !File.Exists(StoreStart.RestoreMark(storage)))
            throw new SetupException($"There is a database at {storage.DatabaseFile}. A restore puts the backup in its place and deletes it: say --replace if that is what you want.");

        var copy = Path.Combine(storage.DataFolder, "restored-copy.db");
        Delete(copy);
        try
        {
            using var set = BackupSet.Open(folder, storage.KeyFolder, storage.Tag, now);
            set.CopyStoreTo(copy);
            var (sellers, pieces, forgotten) = await CheckAsync(set, copy, cancellationToken);
            BackupPlace.Fold(copy);

            // From here on nothing may stop half way unseen: the mark keeps the product from starting on half a restore.
            await File.WriteAllTextAsync(StoreStart.RestoreMark(storage), folder, CancellationToken.None);
            using (var old = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = storage.DatabaseFile, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true }.ToString())) SqliteConnection.ClearPool(old);
            Delete(storage.DatabaseFile);
            File.Move(copy, storage.DatabaseFile);
            set.AdoptKeys();
            File.Delete(AuditLog.HeadFileOf(storage));
            File.Delete(StoreStart.RestoreMark(storage));
            return new(folder, set.MadeAt, sellers, pieces, forgotten);
        }
        finally
        {
            Delete(copy);
        }
    }

    private static async Task<(int Sellers, int Pieces, int Forgotten)> CheckAsync(BackupSet set, string copy, CancellationToken cancellationToken)
    {
        var open = BackupPlace.At(copy);
        var vaults = new SellerVaults(open, set.Keys);
        List<SellerId> sellers;
        int forgotten;
        await using (var db = open())
        {
            await BackupPlace.DemandSoundAsync(db, $"The store in backup set '{set.Folder}'", cancellationToken);
            if (!db.Database.GetMigrations().Contains(set.Schema))
                throw new BackupException($"Backup set '{set.Folder}' was made by a newer program: its tables ({set.Schema}) are not known here. Nothing was restored. Install that program, or a newer one, and restore with it.");
            await vaults.VerifyStoreAsync(cancellationToken);
        }

        forgotten = await ForgottenSellers.DeleteAsync(open, set.Keys.Destroyed(), cancellationToken);
        await using (var db = open())
        {
            sellers = await db.Sellers.AsNoTracking().Select(row => new SellerId(row.Id)).ToListAsync(cancellationToken);

            // What was deleted leaves no trace in free pages either: secure_delete overwrites rows, this drops the pages.
            if (forgotten > 0) await db.Database.ExecuteSqlRawAsync("VACUUM", cancellationToken);
        }

        var pieces = 0;
        foreach (var seller in sellers) pieces += await vaults.ProveAsync(seller, cancellationToken);
        return (sellers.Count, pieces, forgotten);
    }

    /// <summary>The write-ahead log goes first: without its database it would be taken for the next one's.</summary>
    private static void Delete(string database)
    {
        foreach (var file in (string[])[database + "-wal", database + "-shm", database + "-journal", database]) File.Delete(file);
    }
}
