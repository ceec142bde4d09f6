using System.IO;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Vault;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Backups;

/// <summary>What taking and restoring a backup demand of folders and copies.</summary>
internal static class BackupPlace
{
    /// <exception cref="SetupException">PostgreSQL has its own tool, which knows more of it than we do.</exception>
    public static void DemandEmbedded(StorageSettings storage, string tool, string done)
    {
        if (storage.Provider == StorageEngine.Postgres)
            throw new SetupException($"The storage is PostgreSQL, whose backups are {done} with its own tools: {tool}. Everything in the database is sealed; copy the key folder '{storage.KeyFolder}' apart from it and keep neither copy longer than {BackupSet.Limit.Days} days. See docs/privacy/keys.md.");
    }

    /// <returns>The folder's full path.</returns>
    /// <exception cref="SetupException">It lies within the data or the key folder.</exception>
    public static string Demand(string folder, StorageSettings storage)
    {
        folder = Path.GetFullPath(folder);
        foreach (var (kind, other) in new[] { ("data", storage.DataFolder), ("key", storage.KeyFolder) })
            if ((folder + Path.DirectorySeparatorChar).StartsWith(other + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                throw new SetupException($"The backup folder '{folder}' lies inside the {kind} folder and would be lost with it. Choose a folder on another disk.");
        return folder;
    }

    /// <summary>Opens contexts on a copy, with a pool that <see cref="Fold"/> closes.</summary>
    public static Func<AppDb> At(string copy)
    {
        var options = new DbContextOptionsBuilder<SqliteAppDb>();
        VaultEngine.ConfigureSqlite(options, copy);
        return () =>
        {
            var tenant = new Tenant();
            tenant.ActAsSystem();
            return new SqliteAppDb(options.Options, tenant);
        };
    }

    /// <exception cref="BackupException">SQLite found damage.</exception>
    public static async Task DemandSoundAsync(AppDb db, string what, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "PRAGMA integrity_check(1)";
        if ((string?)await command.ExecuteScalarAsync(cancellationToken) is not "ok")
            throw new BackupException($"{what} is damaged: SQLite's integrity check fails. No set was made, removed or restored. Restore the newest set that is whole.");
    }

    /// <summary>Puts everything of a copy into its one file and lets go of it.</summary>
    public static void Fold(string copy)
    {
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true }.ToString())) SqliteConnection.ClearPool(connection);
        using var last = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        last.Open();
        using var command = last.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = DELETE";
        if (command.ExecuteScalar() is not "delete") throw new IOException($"The copy {copy} is held open by another program and cannot be closed into one file.");
    }
}
