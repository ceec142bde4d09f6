using System.Diagnostics;
using System.Globalization;
using System.IO;
using Autonoomi.App.Platform.Environments;

namespace Autonoomi.App.Features.Demo;

/// <summary>The pretend Amazon as a child process: it ends when we do, however we end.</summary>
internal sealed class PretendProcess : IDisposable
{
    private readonly Process process;

    private PretendProcess(Process process, Uri address, string keyFile) => (this.process, Address, KeyFile) = (process, address, keyFile);

    public Uri Address { get; }

    public string KeyFile { get; }

    /// <exception cref="SetupException">It is not where it was said to be, or it did not start.</exception>
    public static async Task<PretendProcess> StartAsync(string? assembly, int seed, int products, string sellers, bool otherAds, string folder, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(assembly)) throw new SetupException("The demo needs the pretend Amazon: start it with ./run, name its assembly with --marketplace, or a running one with --amazon and --world-key-file.");
        if (!File.Exists(assembly)) throw new SetupException($"There is no pretend Amazon at '{assembly}': build it (./run does) or name another with --marketplace.");
        Directory.CreateDirectory(folder);
        var keyFile = Path.Combine(folder, "world.key");
        var host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(host,
        [
            Path.GetFullPath(assembly), "--urls", "http://127.0.0.1:0", "--seed", seed.ToString(CultureInfo.InvariantCulture), "--history-days", "60",
            "--products", products.ToString(CultureInfo.InvariantCulture), "--sellers", sellers, "--world-key-file", keyFile, "--exit-with-parent",
        ])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        if (otherAds) start.ArgumentList.Add("--other-ads");
        start.Environment["DOTNET_TieredPGO"] = "0"; // it lives for a minute or two: profiling would not pay
        var process = Process.Start(start) ?? throw new SetupException("The pretend Amazon could not be started.");
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith("LISTENING ", StringComparison.Ordinal)) continue;
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None); // a full pipe would stop it
            return new(process, new Uri(line["LISTENING ".Length..].Trim()), keyFile);
        }

        throw new SetupException($"The pretend Amazon ended before it listened: {(await errors).Trim()}");
    }

    public void Dispose()
    {
        try
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(TimeSpan.FromSeconds(3))) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It was gone already.
        }

        process.Dispose();
    }
}
