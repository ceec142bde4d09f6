using System.Data.Common;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Autonoomi.App.Tests;

internal sealed class KilledException() : Exception("killed");

/// <summary>Ends the work before the n-th command or commit.</summary>
internal sealed class Killer
{
    public int Left { get; private set; }

    /// <summary>Contexts of another process, which is killed when this says so.</summary>
    public AppDbs Databases(StorageSettings storage) => new(tenant =>
    {
        if (storage.Provider == StorageEngine.Postgres)
        {
            var postgres = new DbContextOptionsBuilder<PostgresAppDb>();
            VaultEngine.ConfigurePostgres(postgres, storage.ConnectionString!);
            return new PostgresAppDb(postgres.AddInterceptors(new CommandKiller(this), new CommitKiller(this)).Options, tenant);
        }

        var sqlite = new DbContextOptionsBuilder<SqliteAppDb>();
        VaultEngine.ConfigureSqlite(sqlite, storage.DatabaseFile);
        return new SqliteAppDb(sqlite.AddInterceptors(new CommandKiller(this), new CommitKiller(this)).Options, tenant);
    });

    public void Arm(int at) => Left = at;

    public static bool Is(Exception failure)
    {
        for (var at = failure; at is not null; at = at.InnerException)
            if (at is KilledException) return true;
        return false;
    }

    private void Count()
    {
        if (Left > 0 && --Left == 0) throw new KilledException();
    }

    private sealed class CommandKiller(Killer killer) : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            killer.Count();
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            killer.Count();
            return base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);
        }
    }

    private sealed class CommitKiller(Killer killer) : DbTransactionInterceptor
    {
        public override ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            killer.Count();
            return base.TransactionCommittingAsync(transaction, eventData, result, cancellationToken);
        }

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            killer.Count();
            return base.TransactionCommittedAsync(transaction, eventData, cancellationToken);
        }
    }
}
