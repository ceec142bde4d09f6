using System.Data;
using System.Data.Common;
using Autonoomi.Core.Primitives;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Autonoomi.Vault;

/// <summary>How the vault's tables want each engine set up, and how a transaction says whose rows it may see.</summary>
public static class VaultEngine
{
    private const string Pragmas = """
        PRAGMA busy_timeout = 5000;
        PRAGMA page_size = 16384;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA secure_delete = ON;
        PRAGMA temp_store = MEMORY;
        PRAGMA foreign_keys = ON;
        """;

    /// <summary>SQLite with the vault's pragmas on every connection.</summary>
    /// <param name="options">Options of a context derived from <see cref="VaultDb"/>.</param>
    /// <param name="file">Path of the database file; made when it does not exist.</param>
    /// <param name="sqlite">More of the provider's own options, for example the migrations assembly.</param>
    public static DbContextOptionsBuilder ConfigureSqlite(DbContextOptionsBuilder options, string file, Action<Microsoft.EntityFrameworkCore.Infrastructure.SqliteDbContextOptionsBuilder>? sqlite = null)
    {
        var connection = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true }.ToString();
        return options.UseSqlite(connection, sqlite).AddInterceptors(SqlitePragmas.Instance);
    }

    /// <summary>PostgreSQL through a connection string that cannot leak one seller's setting to the next user of the connection.</summary>
    /// <exception cref="ArgumentException">The connection string switches off the reset between users, or enlists in ambient transactions.</exception>
    public static DbContextOptionsBuilder ConfigurePostgres(DbContextOptionsBuilder options, string connectionString, Action<Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.NpgsqlDbContextOptionsBuilder>? postgres = null)
    {
        var parsed = new NpgsqlConnectionStringBuilder(connectionString);
        if (parsed.NoResetOnClose) throw new ArgumentException("The PostgreSQL connection string says 'No Reset On Close'. Take it out: settings of one seller must not outlive a connection's use.", nameof(connectionString));
        parsed.Enlist = false;
        return options.UseNpgsql(parsed.ToString(), postgres);
    }

    /// <summary>Statements for PostgreSQL that may be run again at any time: forced row level security on the seller tables, sealed columns stored outside and uncompressed.</summary>
    /// <param name="otherTables">Further tables whose uuid column <c>seller</c> says to whom a row belongs.</param>
    public static string PostgresPolicies(params string[] otherTables)
    {
        var sql = new System.Text.StringBuilder();
        sql.AppendLine("ALTER TABLE segment ALTER COLUMN sealed SET STORAGE EXTERNAL;");
        sql.AppendLine("ALTER TABLE record ALTER COLUMN sealed SET STORAGE EXTERNAL;");
        foreach (var table in (string[])["seller", "segment", "record", .. otherTables])
        {
            // After a commit a transaction-local setting reads as empty text, not as null.
            var mine = "seller = nullif(current_setting('app.seller', true), '')::uuid";
            if (table == "seller") mine += " OR current_setting('app.poller', true) = 'on'";
            sql.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"""
                ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
                ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
                DROP POLICY IF EXISTS own_rows ON {table};
                CREATE POLICY own_rows ON {table} USING ({mine}) WITH CHECK ({mine});
                """);
        }

        return sql.ToString();
    }

    /// <summary>Runs <see cref="PostgresPolicies"/> on PostgreSQL and nothing on SQLite. The tables must exist.</summary>
    public static async Task InitialiseAsync(DbContext db, CancellationToken cancellationToken, params string[] otherTables)
    {
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlRawAsync(PostgresPolicies(otherTables), cancellationToken);
    }

    /// <summary>Opens the transaction in which rows of this seller, and of no other, are visible and writable.</summary>
    /// <param name="db">The context; it must not be in a transaction yet.</param>
    /// <param name="seller">Whose rows.</param>
    /// <param name="write">False gives a consistent snapshot that does not block writers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IDbContextTransaction> BeginAsync(DbContext db, SellerId seller, bool write, CancellationToken cancellationToken)
    {
        var transaction = await BeginAsync(db, write, cancellationToken);
        await AsSellerAsync(db, seller, cancellationToken);
        return transaction;
    }

    /// <summary>On PostgreSQL, lets the current transaction see this seller's rows. Nothing to do on SQLite.</summary>
    /// <exception cref="InvalidOperationException">There is no transaction: the setting would outlive its use.</exception>
    public static async Task AsSellerAsync(DbContext db, SellerId seller, CancellationToken cancellationToken)
    {
        DemandTransaction(db);
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlAsync($"select set_config('app.seller', {seller.Value.ToString("D")}, true)", cancellationToken);
    }

    /// <summary>On PostgreSQL, lets the current transaction see the <c>seller</c> table of all sellers (owner, epoch, due time; nothing sealed can be opened with it). For the poller alone.</summary>
    public static async Task AsPollerAsync(DbContext db, CancellationToken cancellationToken)
    {
        DemandTransaction(db);
        if (db.Database.IsNpgsql()) await db.Database.ExecuteSqlAsync($"select set_config('app.poller', 'on', true)", cancellationToken);
    }

    private static async Task<IDbContextTransaction> BeginAsync(DbContext db, bool write, CancellationToken cancellationToken)
    {
        if (db.Database.IsNpgsql()) return await db.Database.BeginTransactionAsync(write ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead, cancellationToken);
        if (write) return await db.Database.BeginTransactionAsync(cancellationToken);

        // EF would begin an immediate transaction, and a reader must not take the only write lock.
        await db.Database.OpenConnectionAsync(cancellationToken);
        var deferred = ((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true);
        return (await db.Database.UseTransactionAsync(deferred, cancellationToken))!;
    }

    private static void DemandTransaction(DbContext db)
    {
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("Rows of a seller are only reached inside a transaction: begin one with VaultEngine.BeginAsync.");
    }

    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        public static readonly SqlitePragmas Instance = new();

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = Command(connection);
            command?.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = Command(connection);
            if (command is not null) await command.ExecuteNonQueryAsync(cancellationToken);
        }

        private static DbCommand? Command(DbConnection connection)
        {
            if (new SqliteConnectionStringBuilder(connection.ConnectionString).Mode == SqliteOpenMode.ReadOnly) return null;
            var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            return command;
        }
    }
}
