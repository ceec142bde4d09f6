using System.IO;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Autonoomi.Testing;

/// <summary>A real PostgreSQL of its own for one test run: a fresh cluster in a temporary folder on a free loopback port, gone afterwards.</summary>
/// <remarks>PostgreSQL refuses to run as root, so under root the cluster belongs to the system's <c>postgres</c> user.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly bool asRoot = Environment.UserName == "root";
    private readonly string binaries;

    private PostgresServer(string binaries, string folder, int port) => (this.binaries, Folder, Port) = (binaries, folder, port);

    /// <summary>The cluster's data folder: what an at-rest scan reads.</summary>
    public string Folder { get; }

    public int Port { get; }

    /// <summary>Null when the machine has PostgreSQL's server binaries; otherwise the sentence to skip with.</summary>
    public static string? MissingReason => FindBinaries() is null ? "PostgreSQL's server binaries (initdb) are not installed; ./test installs them on Debian and Ubuntu." : null;

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Database={database};Username=autonoomi_test;Password=autonoomi_test;Include Error Detail=false";

    public static async Task<PostgresServer> StartAsync()
    {
        var binaries = FindBinaries() ?? throw new InvalidOperationException(MissingReason);
        var folder = Directory.CreateTempSubdirectory("autonoomi-pg-").FullName;
        var server = new PostgresServer(binaries, Path.Combine(folder, "data"), FreePort());
        if (server.asRoot) await ExecuteAsync("chown", ["postgres", folder]);
        await server.RunAsync("initdb", ["-D", server.Folder, "-U", "autonoomi_test", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions"]);
        await server.RunAsync("pg_ctl", ["-D", server.Folder, "-w", "-l", Path.Combine(folder, "log"), "-o", $"-p {server.Port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=50", "start"]);
        return server;
    }

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await RunAsync("createdb", ["-h", "127.0.0.1", "-p", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-U", "autonoomi_test", name]);
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("pg_ctl", ["-D", Folder, "-m", "immediate", "-w", "stop"]);
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    private Task RunAsync(string tool, string[] arguments) => asRoot
        ? ExecuteAsync("runuser", ["-u", "postgres", "--", Path.Combine(binaries, tool), .. arguments])
        : ExecuteAsync(Path.Combine(binaries, tool), arguments);

    private static async Task ExecuteAsync(string program, string[] arguments)
    {
        // Output goes to a file handle that pg_ctl's server may keep open, so nothing is redirected that would be awaited.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments]) { WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with code {process.ExitCode}.");
    }

    private static string? FindBinaries()
    {
        if (Directory.Exists("/usr/lib/postgresql"))
        {
            var newest = Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(path => path, StringComparer.Ordinal)
                .Select(path => Path.Combine(path, "bin")).FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")));
            if (newest is not null) return newest;
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
