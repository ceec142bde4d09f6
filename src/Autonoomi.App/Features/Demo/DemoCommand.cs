#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.IO;
using Autonoomi.App.Platform.Environments;

namespace Autonoomi.App.Features.Demo;

/// <summary>What was asked for on the command line.</summary>
internal sealed record DemoOptions
{
    public bool Headless { get; init; }
    public int Days { get; init; } = 30;
    public int Seed { get; init; } = 7;
    public int Products { get; init; } = 20;
    public string? Sellers { get; init; }
    public string? Json { get; init; }
    public string? Marketplace { get; init; }
    public Uri? Amazon { get; init; }
    public string? WorldKeyFile { get; init; }
    public string? Data { get; init; }
    public int? Port { get; init; }
}

/// <summary>The main job with a pretend Amazon: with a browser, or headless for a number of simulated days.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var headless = new Option<bool>("--headless") { Description = "No browser: manage N simulated days, print the result, end." };
        var days = new Option<int>("--days") { Description = "Simulated days to manage when headless, 1 to 365.", DefaultValueFactory = _ => 30 };
        var seed = new Option<int>("--seed") { Description = "Seed of the pretend market.", DefaultValueFactory = _ => 7 };
        var products = new Option<int>("--products") { Description = "Products in the pretend market, 1 to 40.", DefaultValueFactory = _ => 20 };
        var sellers = new Option<string?>("--sellers") { Description = "Countries of the demo's sellers: US+JP,UK+DE with a browser (a seller in two regions, another with two storefronts in Europe), US headless." };
        var json = new Option<string?>("--json") { Description = "File for the result when headless." };
        var marketplace = new Option<string?>("--marketplace") { Description = "The pretend Amazon's assembly; ./run fills it in." };
        var amazon = new Option<string?>("--amazon") { Description = "A running pretend Amazon instead of one of our own." };
        var key = new Option<string?>("--world-key-file") { Description = "Key file of the running pretend Amazon." };
        var data = new Option<string?>("--data") { Description = "Folder of the demo's data and keys; one with an unfinished demo is resumed. Default: a temporary folder." };
        var port = new Option<int?>("--port") { Description = "Port on loopback; default 5080, headless any free one." };
        var command = new Command("demo", "Starts a pretend Amazon and the product, connects a demo seller, imports 60 days and optimises.") { headless, days, seed, products, sellers, json, marketplace, amazon, key, data, port };
        command.Validators.Add(result =>
        {
            if (Number(result, days) is < 1 or > 365) result.AddError("--days lies between 1 and 365.");
            if (Number(result, seed) < 0) result.AddError("--seed is 0 or more.");
            if (Number(result, products) is < 1 or > 40) result.AddError("--products lies between 1 and 40.");
            if (Number(result, port) is < 0 or > 65535) result.AddError("--port lies between 0 and 65535.");
            if (result.GetValue(json) is not null && !result.GetValue(headless)) result.AddError("--json goes with --headless.");
            if ((result.GetValue(amazon) is null) != (result.GetValue(key) is null)) result.AddError("--amazon and --world-key-file go together.");
            if (result.GetValue(amazon) is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http", IsLoopback: true })) result.AddError("--amazon is an http:// address on loopback: a demo never talks to the real Amazon.");
        });
        command.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => RunAsync(new DemoOptions
        {
            Headless = parsed.GetValue(headless),
            Days = parsed.GetValue(days),
            Seed = parsed.GetValue(seed),
            Products = parsed.GetValue(products),
            Sellers = parsed.GetValue(sellers),
            Json = parsed.GetValue(json),
            Marketplace = parsed.GetValue(marketplace),
            Amazon = parsed.GetValue(amazon) is { } address ? new Uri(address) : null,
            WorldKeyFile = parsed.GetValue(key),
            Data = parsed.GetValue(data),
            Port = parsed.GetValue(port),
        }, cancellationToken)));
        return command;
    }

    // While options are judged, one that was not given has no default yet; what is not a number at all, the parser refuses by itself.
    private static int? Number<T>(System.CommandLine.Parsing.CommandResult result, Option<T> option)
    {
        if (result.GetResult(option) is not { Tokens.Count: > 0 }) return null;
        try
        {
            return result.GetValue(option) is int number ? number : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        if (options.Data is { } kept) return await new DemoHost(options, Path.GetFullPath(kept)).RunAsync(cancellationToken);
        var folder = Directory.CreateTempSubdirectory("autonoomi-demo-").FullName;
        try
        {
            return await new DemoHost(options, folder).RunAsync(cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
