using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Net;
using System.Text;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.Benchmarks;

/// <summary>The ranking of all searches of Brand Analytics, a gigabyte of it, through the client as the product uses it: how much memory a process takes that reads it, beside one that reads a tenth.</summary>
internal static class SearchesBenchmark
{
    private const int RowsOfAGigabyte = 5_600_000;
    private const int MemoryLimit = 150;

    // So much more than for a tenth of the rows, and memory is not flat.
    private const double Flat = 1.25;
    private const int Known = 2_000;
    private static readonly DateOnly Sunday = new(2026, 11, 15);
    private static readonly string[] Words = ["oak", "board", "large", "kitchen", "gift", "organic", "set", "wooden", "for", "women", "travel", "xl", "handmade", "blue", "steel", "k\u00fcche"];

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(int? wanted, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("autonoomi-bench-");
        try
        {
            var rows = wanted ?? RowsOfAGigabyte;
            var whole = await StartAsync(folder, rows, "ours", cancellationToken);
            var tenth = await StartAsync(folder, rows / 10, "ours", cancellationToken);
            var gunzip = await StartAsync(folder, rows, "gunzip", cancellationToken);
            await Bench.NoteAsync("gunzip", whole, gunzip);
            return
            [
                new("searches memory (of the limit)", $"{MemoryLimit} MB resident; gunzip alone took {gunzip.PeakMegabytes} MB", whole.PeakMegabytes, MemoryLimit, "MB", whole.PeakMegabytes / (double)MemoryLimit, 1, whole.PeakMegabytes <= MemoryLimit, whole.PeakMegabytes),
                new("searches memory (of a tenth's)", "the same with a tenth of the rows", whole.PeakMegabytes, tenth.PeakMegabytes, "MB", whole.PeakMegabytes / (double)tenth.PeakMegabytes, Flat, whole.PeakMegabytes <= Flat * tenth.PeakMegabytes, whole.PeakMegabytes),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Timing> StartAsync(DirectoryInfo folder, int rows, string name, CancellationToken cancellationToken)
    {
        var report = Path.Combine(folder.FullName, $"{rows}.json.gz");
        var plain = File.Exists(report) ? 0 : await WriteAsync(report, rows, cancellationToken);
        var timing = await Contestant.StartAsync(["searches", name, report], cancellationToken);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {name}, {rows:N0} rows{(plain > 0 ? $", {plain >> 20} MB of JSON, {new FileInfo(report).Length >> 20} MB packed" : "")}: {timing.Seconds:0.000} s, processor {timing.ProcessorSeconds:0.000} s, peak {timing.PeakMegabytes} MB"));
        return timing;
    }

    /// <summary>In a contestant's own process.</summary>
    /// <param name="arguments">Name and report file.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static Task CompeteAsync(string[] arguments, CancellationToken cancellationToken) => arguments[0] == "ours"
        ? Contestant.RunOnceAsync(() => ReadAsync(arguments[1], cancellationToken))
        : Contestant.RunOnceAsync(async () =>
        {
            await using var plain = new GZipStream(File.OpenRead(arguments[1]), CompressionMode.Decompress);
            var buffer = new byte[1 << 17];
            while (await plain.ReadAsync(buffer, cancellationToken) > 0) { }
        });

    private static async Task ReadAsync(string report, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddAmazon(options =>
        {
            options.PointAt(new Uri("http://127.0.0.1:1"));
            (options.AdsClientId, options.AdsClientSecret, options.SellingPartnerClientId, options.SellingPartnerClientSecret, options.SellingPartnerApplicationId) = ("ads", "secret", "sp", "secret", "app");
        });

        // Its own answers in the place of the three hosts; whatever stands between them and the reader is the product's.
        foreach (var (client, answer) in new (string, Func<HttpContent>)[]
        {
            ("autonoomi-amazon-login", () => new StringContent("""{"access_token":"a","token_type":"bearer","expires_in":3600}""", Encoding.UTF8, "application/json")),
            ("autonoomi-amazon-selling-partner", () => new StringContent("""{"reportDocumentId":"d","url":"http://127.0.0.1:1/d","compressionAlgorithm":"GZIP"}""", Encoding.UTF8, "application/json")),
            ("autonoomi-amazon-documents", () => new StreamContent(File.OpenRead(report))),
        }) services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(() => new Answers(answer));
        await using var provider = services.BuildServiceProvider();
        var seller = provider.GetRequiredService<AmazonConnections>().SellingPartner(new GrantHandle("sp", GrantKind.SellingPartner, new Secret("refresh")), "A1SELLER", Core.Primitives.Marketplace.Find("ATVPDKIKX0DER"));

        var kept = await seller.DownloadSearchTermsAsync("d", Sunday, Enumerable.Range(0, Known).Select(Term), Enumerable.Range(0, 20).Select(number => new Asin(Product(number * 1_000))), cancellationToken);
        if (kept.Rows < Known) throw new InvalidOperationException($"{kept.Rows} rows were kept: something was not read.");
    }

    private static async Task<long> WriteAsync(string report, int rows, CancellationToken cancellationToken)
    {
        var dice = new Random(5);
        await using var file = File.Create(report);
        await using var packed = new GZipStream(file, CompressionLevel.Fastest);
        var lines = new StringBuilder("""{"reportSpecification":{"reportType":"GET_BRAND_ANALYTICS_SEARCH_TERMS_REPORT","reportOptions":{"reportPeriod":"WEEK"},"dataStartTime":"2026-11-15","dataEndTime":"2026-11-21","marketplaceIds":["ATVPDKIKX0DER"]},"dataByDepartmentAndSearchTerm":[""");
        long bytes = 0;
        var term = "";
        for (var row = 0; row < rows; row++)
        {
            if (row % 3 == 0) term = Term(row / 3);
            lines.Append(CultureInfo.InvariantCulture, $$"""{{(row == 0 ? "" : ",")}}{"departmentName":"Amazon.com","searchTerm":"{{term}}","searchFrequencyRank":{{(row / 3) + 1}},"clickedAsin":"{{Product(dice.Next(2_000_000))}}","clickShareRank":{{(row % 3) + 1}},"clickShare":{{0.2 / ((row % 3) + 1):0.0000}},"conversionShare":{{0.1 / ((row % 3) + 1):0.0000}}}""");
            if (lines.Length > 1 << 16) bytes += await FlushAsync(packed, lines, cancellationToken);
        }

        lines.Append("]}");
        return bytes + await FlushAsync(packed, lines, cancellationToken);
    }

    private static async Task<int> FlushAsync(Stream packed, StringBuilder lines, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(lines.ToString());
        lines.Clear();
        await packed.WriteAsync(bytes, cancellationToken);
        return bytes.Length;
    }

    // The first ones are the seller's keywords.
    private static string Term(int number) => string.Create(CultureInfo.InvariantCulture, $"{Words[number * 7 % Words.Length]} {Words[number % Words.Length]} {Words[number / Words.Length % Words.Length]} {number}");

    private static string Product(int number) => string.Create(CultureInfo.InvariantCulture, $"B0{number:00000000}");

    private sealed class Answers(Func<HttpContent> content) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content(), RequestMessage = request });
    }
}
