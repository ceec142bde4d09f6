using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Autonoomi.App.Platform.Data;

/// <summary>An existing store, opened by a command beside a running product or without one: no host, no work, nothing made.</summary>
internal sealed class OpenedStore(StorageSettings storage, KeyChain keys) : IDisposable
{
    public KeyChain Keys => keys;

    public AppDbs Databases { get; } = new(tenant => DataServices.Open(storage, tenant));

    public AuditLog Audit => field ??= new(Databases, keys, storage, TimeProvider.System, NullLogger<AuditLog>.Instance);

    /// <exception cref="SetupException">There is no store there, or the product has to bring it up to date first.</exception>
    /// <exception cref="VaultException">Keys and data do not belong together.</exception>
    public static async Task<OpenedStore> OpenAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        if (storage.Provider == StorageEngine.Sqlite && !StoreStart.HasData(storage)) throw new SetupException($"There is no database in '{storage.DataFolder}'. Choose the data folder with --data.");
        var store = new OpenedStore(storage, KeyChain.OpenOrCreate(storage.KeyFolder, storage.Tag, dataExists: true));
        try
        {
            await DemandCurrentAsync(store.Databases, cancellationToken);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens, works, and lets the head file of the audit log follow what was noted.</summary>
    /// <returns>The exit code of the work.</returns>
    /// <exception cref="SetupException">There is no store there, or the product has to bring it up to date first.</exception>
    /// <exception cref="VaultException">Keys and data do not belong together.</exception>
    public static async Task<int> RunAsync(StorageSettings storage, Func<OpenedStore, Task<int>> work, CancellationToken cancellationToken)
    {
        using var store = await OpenAsync(storage, cancellationToken);
        var code = await work(store);
        await store.Audit.MarkAsync(cancellationToken);
        return code;
    }

    /// <exception cref="SetupException">The database is of an older version.</exception>
    public static async Task DemandCurrentAsync(AppDbs databases, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any()) throw new SetupException("The database is of an older version. Start the product once ('serve'): it brings the database up to date.");
    }

    public void Dispose() => keys.Dispose();
}
