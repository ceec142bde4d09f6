using System.IO;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Backups;

/// <param name="Folder">The new set.</param>
/// <param name="Bytes">Of the store.</param>
/// <param name="Removed">Older sets that were removed.</param>
/// <param name="Kept">Sets in the folder now, the new one among them.</param>
internal sealed record BackupTaken(string Folder, long Bytes, int Removed, int Kept);

/// <summary>Copies the store as it stands at one moment, while the product runs or not, seals the copy, reads it back, and removes sets that are too old.</summary>
internal static class TakeBackup
{
    /// <exception cref="SetupException">Nothing to back up, an engine that is backed up by its own tool, or a folder that is lost with the data.</exception>
    /// <exception cref="VaultException">The store or its keys are damaged: no set was made and none was removed.</exception>
    public static async Task<BackupTaken> RunAsync(StorageSettings storage, string folder, DateTimeOffset now, CancellationToken cancellationToken)
    {
        BackupPlace.DemandEmbedded(storage, "pg_dump --format=custom --file=autonoomi.dump", "taken");
        if (!StoreStart.HasData(storage)) throw new SetupException($"There is no database at {storage.DatabaseFile}, so there is nothing to back up. Name the data folder with --data.");
        folder = BackupPlace.Demand(folder, storage);
        using var keys = KeyChain.OpenOrCreate(storage.KeyFolder, storage.Tag, dataExists: true);
        var copy = Path.Combine(storage.DataFolder, "backup-copy.db");
        DeleteCopy(copy);
        try
        {
            CopyOnline(storage.DatabaseFile, copy);
            var open = BackupPlace.At(copy);
            string schema;
            await using (var db = open())
            {
                await BackupPlace.DemandSoundAsync(db, "The database", cancellationToken);
                schema = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).LastOrDefault() ?? throw new SetupException($"The database {storage.DatabaseFile} has no tables yet: start the product once, then back up.");
            }

            await new SellerVaults(open, keys).VerifyStoreAsync(cancellationToken);
            BackupPlace.Fold(copy);
            var set = BackupSet.Write(folder, keys, copy, schema, now);
            DeleteCopy(copy);
            using (var written = BackupSet.Open(set, storage.KeyFolder, storage.Tag, now)) written.CopyStoreTo(copy);

            // Only now: a store that could not be backed up must not cost the sets that could.
            var removed = BackupSet.Prune(folder, storage.Tag, now);
            keys.DropRetired(now);
            return new(set, new FileInfo(copy).Length, removed, BackupSet.In(folder, storage.Tag).Count);
        }
        finally
        {
            DeleteCopy(copy);
        }
    }

    /// <summary>SQLite's own online copy: one moment of the database, whoever writes meanwhile.</summary>
    private static void CopyOnline(string from, string to)
    {
        using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = from, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        source.Open();
        target.Open();
        source.BackupDatabase(target);
    }

    private static void DeleteCopy(string copy)
    {
        foreach (var file in (string[])[copy, copy + "-wal", copy + "-shm", copy + "-journal"]) File.Delete(file);
    }
}
