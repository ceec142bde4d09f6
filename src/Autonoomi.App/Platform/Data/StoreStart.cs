using System.IO;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Duties;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>Brings the store up: folders, migrations under a lock of our own, policies, the proof that key and data belong together, and nothing left of destroyed sellers.</summary>
public static class StoreStart
{
    public static bool HasData(StorageSettings storage) => storage.Provider == StorageEngine.Sqlite && File.Exists(storage.DatabaseFile) && new FileInfo(storage.DatabaseFile).Length > 0;

    /// <summary>Stands in the data folder while a restore changes it.</summary>
    internal static string RestoreMark(StorageSettings storage) => Path.Combine(storage.DataFolder, "restore.unfinished");

    /// <exception cref="SetupException">A folder cannot be written; the message says which and what to do.</exception>
    /// <exception cref="VaultException">Key and data do not belong together.</exception>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var storage = services.GetRequiredService<StorageSettings>();
        try
        {
            var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(storage.DataFolder);
            else Directory.CreateDirectory(storage.DataFolder, mode);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The data folder '{storage.DataFolder}' cannot be made: {failure.Message} Choose another with Autonoomi:Storage:DataFolder (or --data).", failure);
        }

        if (File.Exists(RestoreMark(storage)))
            throw new SetupException($"A restore into '{storage.DataFolder}' was cut off, so what lies there is not whole. Run the restore again, to its end.");
        var keys = services.GetRequiredService<KeyChain>();
        await services.GetRequiredService<DataFolderLock>().TakeAsync(storage, cancellationToken);
        await using (var db = services.GetRequiredService<AppDbs>().System())
        {
            if (storage.Provider == StorageEngine.Sqlite) await ClearStaleLockAsync(db, cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
            await VaultEngine.InitialiseAsync(db, cancellationToken);
        }

        await services.GetRequiredService<SellerVaults>().VerifyStoreAsync(cancellationToken);
        await services.GetRequiredService<AuditLog>().BeginAsync(cancellationToken);
        await services.GetRequiredService<DutyBook>().BeginAsync(cancellationToken);
        keys.DropRetired(services.GetRequiredService<TimeProvider>().GetUtcNow());
        await ForgottenSellers.DeleteAsync(services.GetRequiredService<AppDbs>().System, keys.Destroyed(), cancellationToken);
    }

    private static async Task ClearStaleLockAsync(AppDb db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsLock'";
        if (Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture) == 0) return;
        command.CommandText = "DELETE FROM __EFMigrationsLock";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
