using System.Diagnostics;
using System.IO;
using System.Text.Json;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Run;

/// <summary>The product as a child process: <c>demo --headless</c> against a pretend Amazon that outlives it, so that it can be killed and started again.</summary>
internal static class DemoChild
{
    public static Process Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? wrapper = null)
    {
        var words = new List<string> { "dotnet", Executable() };
        words.AddRange(arguments);
        // A wrapper is a line of shell that ends in exec "$@": limits are set there.
        if (wrapper is not null) words.InsertRange(0, ["/bin/bash", "-c", wrapper, "sh"]);
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static string[] Headless(PretendAmazon amazon, string keyFile, string data, int days, string? json = null) =>
    [
        "demo", "--headless", "--days", days.ToString(System.Globalization.CultureInfo.InvariantCulture), "--amazon", amazon.Address.ToString(), "--world-key-file", keyFile, "--data", data,
        .. json is null ? Array.Empty<string>() : ["--json", json],
    ];

    public static async Task<(int Code, string Output, string Errors)> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? environment = null, string? wrapper = null)
    {
        using var process = Start(arguments, environment, wrapper);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    public static async Task<string> KeyFileAsync(PretendAmazon amazon, string folder, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "world.key");
        await File.WriteAllTextAsync(file, amazon.WorldKey, cancellationToken);
        return file;
    }

    /// <summary>What the pretend Amazon accepted from the product, one text per written item: twice the same text is a write done twice.</summary>
    public static async Task<List<string>> AcceptedAsync(PretendAmazon amazon, CancellationToken cancellationToken)
    {
        var log = await amazon.GetAsync("/world/writes", cancellationToken);
        return
        [
            .. log.GetProperty("writes").EnumerateArray().Where(write => write.GetProperty("accepted").GetBoolean())
                .Select(write => Item(write)),
        ];
    }

    private static string Item(JsonElement write)
    {
        var isNew = write.GetProperty("operation").GetString() == "create";
        var fields = string.Join(',', write.GetProperty("fields").EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{field.Name}={field.Value}"));
        // A creation has a new id each time it is done, so its fields alone name it.
        return $"{write.GetProperty("entity").GetString()} {write.GetProperty("operation").GetString()} {(isNew ? "" : write.GetProperty("id").GetRawText())} {fields}";
    }

    internal static string Executable()
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        return Path.Combine(Repository.Root, "src", "Autonoomi.App", "bin", configuration, "net10.0", "Autonoomi.App.dll");
    }
}
