using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

[assembly: AssemblyFixture(typeof(Autonoomi.App.Tests.PostgresCopies))]

namespace Autonoomi.App.Tests;

/// <summary>
/// One PostgreSQL for all tests that do not look into its files. The product's migrations run once, into a database of which each test gets a copy that is
/// empty otherwise: a cluster and its migrations for every test took longer than most of the tests.
/// </summary>
public sealed class PostgresCopies : IAsyncDisposable
{
    private const string Pattern = "pattern";
    private const string PlainRole = "autonoomi_plain";

    private readonly SemaphoreSlim gate = new(1);
    private PostgresServer? server;
    private int copies;

    /// <summary>Skips the test where the server's binaries are not installed.</summary>
    public static async Task<PostgresCopy> TakeAsync()
    {
        Assert.SkipWhen(PostgresServer.MissingReason is not null, PostgresServer.MissingReason ?? "");
        return await (await TestContext.Current.GetFixture<PostgresCopies>())!.CopyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        gate.Dispose();
        if (server is not null) await server.DisposeAsync();
    }

    private async Task<PostgresCopy> CopyAsync()
    {
        await gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (server is null) await BeginAsync(server = await PostgresServer.StartAsync());
            var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"copy{++copies}");
            await ExecuteAsync(server.ConnectionString("postgres"), $"create database {name} template {Pattern} owner {PlainRole}");
            return new PostgresCopy(server, name, PlainRole);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Migrated by a role as it is documented: the owner of the database and no superuser, whom row level security would not hold.</summary>
    private static async Task BeginAsync(PostgresServer server)
    {
        await ExecuteAsync(server.ConnectionString("postgres"), $"create role {PlainRole} login");
        await ExecuteAsync(server.ConnectionString("postgres"), $"create database {Pattern} owner {PlainRole}");
        await ExecuteAsync(server.ConnectionString(Pattern), $"alter schema public owner to {PlainRole}");
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString(Pattern)) { Username = PlainRole, Pooling = false }.ToString();
        var storage = new StorageSettings { Provider = StorageEngine.Postgres, ConnectionString = connection };
        await using var db = new AppDbs(tenant => DataServices.Open(storage, tenant)).System();
        await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
    }

    internal static async Task ExecuteAsync(string connection, string sql)
    {
        await using var source = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ToString());
        await source.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, source);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

/// <summary>A database with the product's tables and nothing in them; gone when it is disposed of.</summary>
public sealed class PostgresCopy(PostgresServer server, string name, string plainRole) : IAsyncDisposable
{
    /// <summary>As the server's superuser.</summary>
    public string Connection => server.ConnectionString(name);

    /// <summary>As the role that owns the database, whom row level security holds.</summary>
    public string PlainConnection => new NpgsqlConnectionStringBuilder(Connection) { Username = plainRole }.ToString();

    public async ValueTask DisposeAsync() => await PostgresCopies.ExecuteAsync(server.ConnectionString("postgres"), $"drop database {name} with (force)");
}
