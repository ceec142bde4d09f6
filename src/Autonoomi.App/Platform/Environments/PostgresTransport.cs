using System.Net;
using Npgsql;

namespace Autonoomi.App.Platform.Environments;

/// <summary>The way to a PostgreSQL server: on this machine, or under TLS with a server that proves its name.</summary>
public static class PostgresTransport
{
    /// <returns>What is wrong with the connection string, and the fix; null when nothing is.</returns>
    public static string? Fault(string connectionString) =>
        IsOnThisMachine(connectionString) || new NpgsqlConnectionStringBuilder(connectionString).SslMode == SslMode.VerifyFull
            ? null
            : "The PostgreSQL server is on another machine and need not prove who it is. Add 'SSL Mode=VerifyFull' (and 'Root Certificate=FILE' for an authority of your own) to Autonoomi:Storage:ConnectionString.";

    /// <summary>Over a Unix socket or loopback, for every host that is named.</summary>
    public static bool IsOnThisMachine(string connectionString) =>
        (new NpgsqlConnectionStringBuilder(connectionString).Host ?? "").Split(',').All(host =>
            host.StartsWith('/') || host == "localhost" || (IPAddress.TryParse(host.Split(':')[0], out var address) && IPAddress.IsLoopback(address)));
}
