using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Tests.Connect;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.Privacy;

/// <summary>
/// Every field of the official schemas that the manifest does not list is a canary in the answers of the operations that we use. Our clients read them, the vault keeps
/// what came of it (unsealed, so that it can be searched), and no canary may be found in store, log, page of an error, or temporary file.
/// </summary>
public sealed partial class CanaryTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly StorefrontId Storefront = new(3501);
    private static readonly DateOnly Sunday = new(2026, 10, 4);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-1.2-b", "P-1.2-c", "P-1.2-h", "P-5-b", "P-8-g")]
    public async Task Nothing_that_the_manifest_leaves_out_is_kept_anywhere()
    {
        var (found, canaries, read) = await ReadEverythingAsync(planted: false);

        Figures.Tell(string.Create(CultureInfo.InvariantCulture, $"{canaries} fields were canaries; {read.Count} readings: {string.Join(", ", read)}"));
        Assert.Empty(found);
        Assert.True(canaries >= 1500, canaries.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task The_search_finds_a_canary_in_a_field_that_is_read()
    {
        var (found, _, _) = await ReadEverythingAsync(planted: true);

        Assert.Contains(found, place => place.StartsWith("store", StringComparison.Ordinal));
        Assert.Contains(found, place => place.StartsWith("log", StringComparison.Ordinal));
        Assert.Contains(found, place => place.StartsWith("temporary", StringComparison.Ordinal));
        if (OperatingSystem.IsLinux()) Assert.Contains(found, place => place.StartsWith("nameless", StringComparison.Ordinal));
    }

    private static async Task<(List<string> Found, int Canaries, List<string> Read)> ReadEverythingAsync(bool planted)
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        var mark = $"kanari{Guid.NewGuid():N}"[..16];
        var began = DateTime.UtcNow.AddSeconds(-2);
        var folder = Directory.CreateTempSubdirectory("autonoomi-canary-").FullName;
        using var lines = new KeptLines();
        await using var amazon = await CanaryAmazon.StartAsync(mark);
        SetUp(amazon);
        if (planted) amazon.Own["POST /sp/campaigns/list"] = new() { ["campaigns[].name"] = mark + "planted", ["nextToken"] = null };
        try
        {
            var read = new List<string>();
            var kept = new StringBuilder();
            await using (var app = RunningProduct.Build(folder, new() { ["Autonoomi:Amazon:BaseAddress"] = amazon.Address.ToString(), ["Autonoomi:Amazon:BackOffBase"] = "00:00:00.001", ["Logging:LogLevel:Default"] = "Trace" }, services =>
            {
                services.RemoveAll<ILoggerProvider>();
                services.AddSingleton<ILoggerProvider>(lines);
                services.Replace(ServiceDescriptor.Singleton(_ => KeyChain.OpenUnsealed(Path.Combine(folder, "keys"), "demo")));
            }))
            {
                await StoreStart.PrepareAsync(app.Services, Stop);
                var seller = new SellerId(Guid.NewGuid());
                await app.Services.GetRequiredService<SellerVaults>().CreateAsync(seller, Stop);
                var vault = await app.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
                var connections = app.Services.GetRequiredService<AmazonConnections>();
                var ads = connections.Ads(new("canary/ads", GrantKind.Ads, new Secret("Atzr|canary-ads")), Storefront, Us);
                var partner = connections.SellingPartner(new("canary/sp", GrantKind.SellingPartner, new Secret("Atzr|canary-sp")), "A1SELLER", Us);
                await using var unified = Unified(amazon.Address, lines);
                var failures = new List<string>();
                foreach (var (name, reading) in new Readings(ads, unified.GetRequiredService<AmazonConnections>().Ads(new("canary/v1", GrantKind.Ads, new Secret("Atzr|canary-v1")), Storefront, Us), partner, amazon).All(Stop))
                {
                    try
                    {
                        await KeepAsync(vault, name, await reading(), kept);
                        read.Add(name);
                    }
                    catch (Exception failed) when (failed is not OperationCanceledException)
                    {
                        failures.Add($"{name}: {failed.GetType().Name} {failed.Message}");
                    }
                }

                Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures));

                // A report so large that it waits in the vault's temporary file, with the mark in a field that is kept: even so it may not be read there.
                using var staged = await StagedDays.TakeAsync(Dataset.SearchTermDay, Storefront, new DateSpan(Sunday, Sunday), LargeReport(mark), Stop);
                if (OperatingSystem.IsLinux()) Assert.Contains(NamelessFiles(), file => file.Target.Contains(".spool", StringComparison.Ordinal));
                using var plantedFile = planted ? Nameless(mark) : null;
                if (planted)
                {
                    app.Services.GetRequiredService<ILogger<CanaryTests>>().LogPlanted(mark);
                    await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"autonoomi-planted-{mark}", "deeper")).FullName, "file"), mark + "planted", Stop);
                }

                var found = new List<string>();
                if (lines.Text.Contains(mark, StringComparison.Ordinal)) found.Add("log " + Around(lines.Text, mark));
                if (kept.ToString().Contains(mark, StringComparison.Ordinal)) found.Add("results " + Around(kept.ToString(), mark));
                found.AddRange(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Has(file, mark)).Select(file => "store " + Path.GetFileName(file)));
                found.AddRange(Directory.EnumerateFiles(Path.GetTempPath(), "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
                    .Where(file => !file.StartsWith(folder, StringComparison.Ordinal) && File.GetLastWriteTimeUtc(file) > began && Has(file, mark)).Select(file => "temporary " + Path.GetFileName(file)));
                found.AddRange(NamelessFiles().Where(file => Bytes(file.Path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(mark)) >= 0).Select(file => "nameless " + Path.GetFileName(file.Target)));
                Assert.Contains(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories), file => Has(file, "SKU-1")); // what is listed did arrive
                Assert.Empty(amazon.Unknown);
                return (found, amazon.Canaries.Count, read);
            }
        }
        finally
        {
            if (Directory.Exists(Path.Combine(Path.GetTempPath(), $"autonoomi-planted-{mark}"))) Directory.Delete(Path.Combine(Path.GetTempPath(), $"autonoomi-planted-{mark}"), recursive: true);
            SqliteFiles.Release(folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Words that do not compress, twenty megabytes of them: beyond what the vault keeps in memory.</summary>
    private static async IAsyncEnumerable<FactTable> LargeReport(string mark)
    {
        var dice = new Random(5);
        var letters = new byte[150];
        for (var part = 0; part < 14; part++)
        {
            var table = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay));
            for (var row = 0; row < 10_000; row++)
            {
                dice.NextBytes(letters);
                table.Day(Sunday).Long(1).Long(2).Long(3).Text(mark + Convert.ToBase64String(letters)).Long(5).Long(1).Long(500_000).Long(0).Long(0).Long(0);
            }

            yield return table.Build();
        }

        await Task.CompletedTask;
    }

    /// <summary>Files of this process that lost their name while they were open: nobody else finds them, and their bytes are on the disk all the same.</summary>
    private static List<(string Path, string Target)> NamelessFiles() => !OperatingSystem.IsLinux() ? [] :
    [
        .. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(each => (Path: $"/proc/{Environment.ProcessId}/fd/{Path.GetFileName(each)}", Target: TargetOf(each)))
            .Where(file => file.Target.StartsWith(Path.GetTempPath(), StringComparison.Ordinal) && file.Target.EndsWith(" (deleted)", StringComparison.Ordinal)),
    ];

    private static string TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return ""; // closed meanwhile
        }
    }

    private static FileStream Nameless(string mark)
    {
        var path = Path.Combine(Path.GetTempPath(), $"autonoomi-planted-{mark}.spool");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        File.Delete(path);
        file.Write(Encoding.UTF8.GetBytes(mark));
        file.Flush();
        return file;
    }

    // By another program: our own would respect the lock of whoever holds the file.
    private static byte[] Bytes(string path)
    {
        using var cat = Process.Start(new ProcessStartInfo("cat", [path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var copy = new MemoryStream();
        cat.StandardOutput.BaseStream.CopyTo(copy);
        cat.WaitForExit();
        return copy.ToArray();
    }

    /// <summary>The clients once more, with the other adapter of the Ads API.</summary>
    private static ServiceProvider Unified(Uri address, KeptLines lines)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(lines));
        services.AddAmazon(options =>
        {
            options.PointAt(address);
            options.AdsAdapter = AdsAdapter.Unified;
            options.RateMultiplier = 1000;
        });
        return services.BuildServiceProvider();
    }

    private static async Task KeepAsync(SellerVault vault, string name, object what, StringBuilder kept)
    {
        var write = new VaultWrite();
        switch (what)
        {
            case FactTable { Schema.IsDaily: true } daily:
                if (daily.Rows > 0) write.ReplaceDays(daily.Schema.Dataset, Storefront, new DateSpan(DateOnly.FromDayNumber(daily.Ints("day").ToArray().Min()), DateOnly.FromDayNumber(daily.Ints("day").ToArray().Max())), daily);
                break;
            case FactTable snapshot: write.ReplaceSnapshot(snapshot.Schema.Dataset, Storefront, snapshot); break;
            default:
                var text = JsonSerializer.Serialize(what, Plain);
                kept.AppendLine(text);
                write.Put("reading", name, text, (JsonTypeInfo<string>)Plain.GetTypeInfo(typeof(string)), "read");
                break;
        }

        Assert.True(what switch { FactTable table => table.Rows, System.Collections.ICollection list => list.Count, _ => 1 } > 0, $"{name} read nothing: what it leaves out was never tried.");
        await vault.CommitAsync(write, Stop);
    }

    private static readonly JsonSerializerOptions Plain = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private static void SetUp(CanaryAmazon amazon)
    {
        var at = amazon.Address.ToString();
        amazon.Files["/auth/o2/token"] = () => $$"""{"access_token":"Atza|canary","expires_in":3600,"token_type":"{{amazon.Canaries.Canary("POST /auth/o2/token", "token_type")}}","scope":"{{amazon.Canaries.Canary("POST /auth/o2/token", "scope")}}"}""";
        void Set(string operation, params (string Path, JsonNode? Value)[] values)
        {
            foreach (var (path, value) in values)
            {
                if (!amazon.Own.TryGetValue(operation, out var own)) amazon.Own[operation] = own = new(StringComparer.Ordinal);
                own[path] = value;
            }
        }

        foreach (var source in FieldManifest.Sources)
            foreach (var operation in source.Operations)
                Set(operation, ("nextToken", null), ("pagination.nextToken", null), ("payload.nextToken", null));
        Set("GET /v2/profiles", ("[].accountInfo.type", "seller"), ("[].accountInfo.id", "A1SELLER"), ("[].accountInfo.marketplaceStringId", "ATVPDKIKX0DER"));
        Set("GET /sellers/v1/marketplaceParticipations", ("payload[].marketplace.id", "ATVPDKIKX0DER"));
        const string Bids = "bidRecommendations[].bidRecommendationsForTargetingExpressions[]";
        Set("POST /sp/targets/bid/recommendations", ("bidRecommendations[].theme", "CONVERSION_OPPORTUNITIES"), (Bids + ".targetingExpression.type", "KEYWORD_EXACT_MATCH"), (Bids + ".targetingExpression.value", "plain"),
            (Bids + ".bidValues", new JsonArray(new JsonObject { ["suggestedBid"] = 1.1m }, new JsonObject { ["suggestedBid"] = 1.2m }, new JsonObject { ["suggestedBid"] = 1.3m })));
        Set("POST /sb/recommendations/bids", ("keywordsBidsRecommendationSuccessResults[].keywordIndex", 0), ("targetsBidsRecommendationSuccessResults[].targetsIndex", 0), ("themesRecommendationSuccessResults[].themeIndex", 0));
        Set("GET /sd/adGroups", ("[].bidOptimization", "clicks"));

        // The description draws no fields for an item.
        Set("POST /sd/targets/bid/recommendations", ("bidRecommendations", new JsonArray(new JsonObject { ["code"] = "200", ["rangeLower"] = 1.1m, ["recommended"] = 1.2m, ["rangeUpper"] = 1.3m })));
        Set("POST /sb/v4/ads/list", ("ads[].creative.asins", new JsonArray("B000000001")));
        Set("POST /history", ("events[].entityId", "44"), ("events[].entityType", "KEYWORD"), ("events[].changeType", "BID_AMOUNT"));
        Set("POST /reporting/reports", ("reportId", "report-1"));
        Set("GET /reporting/reports/{reportId}", ("status", "COMPLETED"), ("url", at + "file/none"));
        Set("GET /exports/{exportId}", ("status", "COMPLETED"), ("url", at + "file/none"));
        Set("GET /dataKiosk/2023-11-15/documents/{documentId}", ("documentUrl", at + "file/none"));
        Set("GET /reports/2021-06-30/documents/{reportDocumentId}", ("url", at + "file/none"));
        Set("POST /products/fees/v0/feesEstimate", ("[].FeesEstimateIdentifier.IdValue", "SKU-1"));
    }

    private static bool Has(string file, string mark)
    {
        try
        {
            if (new FileInfo(file) is not { Length: > 0 and < 100_000_000 }) return false;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(mark)) >= 0 || copy.ToArray().AsSpan().IndexOf(Encoding.Unicode.GetBytes(mark)) >= 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false; // somebody else's temporary file
        }
    }

    private static string Around(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 60)];
    }
}

internal static partial class Planted
{
    [LoggerMessage(LogLevel.Information, "planted {Mark}")]
    public static partial void LogPlanted(this ILogger log, string mark);
}
