using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net.Http.Json;
using System.Text.Json;

namespace Autonoomi.Testing;

/// <summary>The pretend Amazon as a process of its own, as the demo runs it: started on a free port, stopped with the fixture.</summary>
public sealed class PretendAmazon : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;

    private PretendAmazon(Process process, string folder, Uri address, string worldKey)
    {
        (this.process, this.folder, Address, WorldKey) = (process, folder, address, worldKey);
        Control = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        Control.DefaultRequestHeaders.Add("X-World-Key", worldKey);
    }

    /// <summary>The one base address of all of Amazon's hosts.</summary>
    public Uri Address { get; }

    public string WorldKey { get; }

    /// <summary>Sends the world key along: for the control routes below <c>/world</c> only.</summary>
    public HttpClient Control { get; }

    /// <param name="seed">Seed of the world.</param>
    /// <param name="historyDays">Days already lived when the server answers first.</param>
    /// <param name="more">Further command-line arguments.</param>
    public static async Task<PretendAmazon> StartAsync(int seed = 7, int historyDays = 60, params string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("autonoomi-world-").FullName;
        var keyFile = Path.Combine(folder, "world.key");
        var start = new ProcessStartInfo("dotnet",
        [
            Executable(), "--urls", "http://127.0.0.1:0", "--seed", seed.ToString(CultureInfo.InvariantCulture),
            "--history-days", historyDays.ToString(CultureInfo.InvariantCulture), "--world-key-file", keyFile, "--exit-with-parent", .. more,
        ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith("LISTENING ", StringComparison.Ordinal)) continue;
            // Nobody reads on, so the pipe is drained: a full one would stop the server.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new(process, folder, new Uri(line["LISTENING ".Length..].Trim()), (await File.ReadAllTextAsync(keyFile, patience.Token)).Trim());
        }

        throw new InvalidOperationException($"The pretend Amazon ended before it listened: {await errors}");
    }

    /// <returns>The world's present instant.</returns>
    public async Task<DateTimeOffset> ClockAsync(CancellationToken cancellationToken) => Now(await Control.GetFromJsonAsync<JsonElement>("/world/clock", cancellationToken));

    public async Task<DateTimeOffset> AdvanceAsync(int days, CancellationToken cancellationToken)
    {
        using var response = await Control.PostAsJsonAsync("/world/advance", new { days }, cancellationToken);
        response.EnsureSuccessStatusCode();
        return Now(await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken));
    }

    /// <returns>Any control route's answer, for example <c>/world/writes</c>.</returns>
    public Task<JsonElement> GetAsync(string route, CancellationToken cancellationToken) => Control.GetFromJsonAsync<JsonElement>(route, cancellationToken);

    /// <param name="faults">Body of <c>POST /world/faults</c>; see docs/amazon/pretend-amazon.md.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task SetFaultsAsync(object faults, CancellationToken cancellationToken)
    {
        using var response = await Control.PostAsJsonAsync("/world/faults", faults, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        try
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The server's assembly, built in the same configuration as the running tests.</summary>
    public static string Executable()
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var path = Path.Combine(Repository.Root, "src", "Autonoomi.Marketplace", "bin", configuration, "net10.0", "Autonoomi.Marketplace.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException("The pretend Amazon is not built: dotnet build src/Autonoomi.Marketplace.", path);
    }

    private static DateTimeOffset Now(JsonElement clock) => clock.GetProperty("now").GetDateTimeOffset();
}
