using System.IO;
using Autonoomi.Core.Primitives;
using Autonoomi.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Autonoomi.Vault.Tests;

public enum Engine { Sqlite, Postgres }

/// <summary>A vault on a real database in a temporary folder, with its keys in another.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly Func<VaultTestDb> admin;
    private readonly List<KeyChain> chains = [];

    private Store(Engine engine, string root, string data, Func<VaultTestDb> open, Func<VaultTestDb> admin, bool sealingOff)
    {
        (Engine, Root, Data, OpenDb, this.admin) = (engine, root, data, open, admin);
        Keys = Kept(sealingOff ? KeyChain.OpenUnsealed(KeyFolder, "test") : KeyChain.OpenOrCreate(KeyFolder, "test"));
        Vaults = new SellerVaults(open, Keys);
    }

    public Engine Engine { get; }
    public string Root { get; }
    public string Data { get; }
    public string KeyFolder => Path.Combine(Root, "keys");
    public Func<VaultTestDb> OpenDb { get; }
    public KeyChain Keys { get; private set; }
    public SellerVaults Vaults { get; private set; }

    public static async Task<Store> StartAsync(Engine engine, bool sealingOff = false, CancellationToken cancellationToken = default)
    {
        var root = Directory.CreateTempSubdirectory("autonoomi-vault-").FullName;
        var data = Path.Combine(root, "data");
        Directory.CreateDirectory(data);
        Func<VaultTestDb> open, admin;
        if (engine == Engine.Sqlite)
        {
            var file = Path.Combine(data, "autonoomi.db");
            open = admin = () => new VaultTestDb(VaultEngine.ConfigureSqlite(new DbContextOptionsBuilder<VaultTestDb>(), file).Options);
        }
        else
        {
            Assert.SkipWhen(PostgresServer.MissingReason is not null, PostgresServer.MissingReason ?? "");
            var server = PostgresFixture.Server;
            var name = "v" + Guid.NewGuid().ToString("N");
            var super = await server.CreateDatabaseAsync(name);
            var plain = new NpgsqlConnectionStringBuilder(super) { Username = "plain_role" }.ToString();
            data = server.Folder;
            open = () => new VaultTestDb(VaultEngine.ConfigurePostgres(new DbContextOptionsBuilder<VaultTestDb>(), plain).Options);
            admin = () => new VaultTestDb(VaultEngine.ConfigurePostgres(new DbContextOptionsBuilder<VaultTestDb>(), super).Options);

            // The bootstrap user is a superuser, and row security does not bind superusers: the product's role is plain and owns its tables.
            await using var source = NpgsqlDataSource.Create(super);
            await using var command = source.CreateCommand($"""
                DO $$ BEGIN CREATE ROLE plain_role LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
                ALTER DATABASE {name} OWNER TO plain_role;
                """);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var db = open())
        {
            await db.Database.EnsureCreatedAsync(cancellationToken);
            await VaultEngine.InitialiseAsync(db, cancellationToken);
        }

        return new Store(engine, root, data, open, admin, sealingOff);
    }

    public async Task<SellerId> NewSellerAsync(CancellationToken cancellationToken)
    {
        var seller = new SellerId(Guid.NewGuid());
        await Vaults.CreateAsync(seller, cancellationToken);
        return seller;
    }

    /// <summary>As after a restart: nothing remembered but the files.</summary>
    public void Restart()
    {
        Keys = Kept(KeyChain.OpenOrCreate(KeyFolder, "test"));
        Vaults = new SellerVaults(OpenDb, Keys);
    }

    /// <summary>A context past all walls but encryption: what somebody with the database's password can do.</summary>
    public VaultTestDb OpenAsIntruder() => admin();

    /// <summary>Everything that waits in memory goes to the files.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await using var db = admin();
        if (Engine == Engine.Postgres) await db.Database.ExecuteSqlRawAsync("CHECKPOINT", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var chain in chains) chain.Dispose();
        await ClosePoolsAsync();
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>
    /// This store's connections alone: on SQLite the last one that closes takes the write-ahead log away, and other tests read theirs; PostgreSQL has
    /// places for so many, and each test a database of its own.
    /// </summary>
    private async Task ClosePoolsAsync()
    {
        foreach (var open in new[] { OpenDb, admin })
        {
            await using var db = open();
            if (db.Database.GetDbConnection() is NpgsqlConnection postgres) NpgsqlConnection.ClearPool(postgres);
            else SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        }
    }

    private KeyChain Kept(KeyChain chain)
    {
        chains.Add(chain);
        return chain;
    }
}

/// <summary>One PostgreSQL for the whole test run.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static PostgresServer? shared;

    public static PostgresServer Server => shared ?? throw new InvalidOperationException(PostgresServer.MissingReason);

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.MissingReason is null) shared = await PostgresServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (shared is not null) await shared.DisposeAsync();
    }
}
