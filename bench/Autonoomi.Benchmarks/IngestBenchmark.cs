using System.Buffers;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text;
using Autonoomi.Amazon.Reports;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using DuckDB.NET.Data;

namespace Autonoomi.Benchmarks;

/// <summary>A gzip JSON search-term report as Amazon sends it, until it is validated, sealed and committed; against unpacking it, and against DuckDB reading it into memory.</summary>
internal static class IngestBenchmark
{
    private const int Rounds = 3;
    private const int Days = 30;
    private const int MemoryLimit = 300;
    private static readonly StorefrontId Shop = new(1);
    private static readonly DateSpan Covered = DateSpan.Ending(new(2026, 11, 1), Days);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(int? wanted, CancellationToken cancellationToken)
    {
        using var store = new BenchStore();
        var rows = wanted ?? 1_000_000;
        var report = Path.Combine(store.Folder, "report.json.gz");
        var plainBytes = WriteReport(report, rows);
        var vaults = await store.CreateAsync(cancellationToken);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {rows:N0} rows, {plainBytes >> 20} MB of JSON, {new FileInfo(report).Length >> 20} MB packed"));
        List<Timing> ours = [], gunzip = [], duck = [];

        // Ours and gunzip first: what DuckDB keeps resident must not count as our memory. Round 0 warms up and does not count.
        for (var round = 0; round <= Rounds; round++)
        {
            var read = 0;
            var timing = await Bench.TimeAsync(async () => read = await IngestAsync(vaults, store.Seller, report, cancellationToken));
            if (read != rows) throw new InvalidOperationException($"{read} of {rows} rows arrived.");
            var unpacked = 0L;
            var baseline = await Bench.TimeAsync(() => Task.FromResult(unpacked = Gunzip(report)));
            if (unpacked != plainBytes) throw new InvalidOperationException($"{unpacked} of {plainBytes} bytes were unpacked.");
            if (round == 0) continue;
            ours.Add(timing);
            gunzip.Add(baseline);
        }

        for (var round = 0; round <= Rounds; round++)
        {
            var read = 0L;
            var baseline = await Bench.TimeAsync(() => Task.FromResult(read = ReadWithDuckDb(report)));
            if (read != rows) throw new InvalidOperationException($"DuckDB read {read} of {rows} rows.");
            if (round > 0) duck.Add(baseline);
        }

        var median = Bench.Median(ours);
        await Bench.NoteAsync("gunzip", median, Bench.Median(gunzip));
        await Bench.NoteAsync("DuckDB", median, Bench.Median(duck));
        return
        [
            BenchResult.AtMost("ingest (times gunzip, at most)", "gunzip alone", median, Bench.Median(gunzip), ceiling: 4),
            BenchResult.Faster("ingest (times faster)", "DuckDB read_json into an unencrypted table in memory", median, Bench.Median(duck), goal: 1.5),
            new("ingest memory (of the limit)", $"{MemoryLimit} MB resident", median.PeakMegabytes, MemoryLimit, "MB", median.PeakMegabytes / (double)MemoryLimit, 1, median.PeakMegabytes <= MemoryLimit, median.PeakMegabytes),
        ];
    }

    private static async Task<int> IngestAsync(SellerVaults vaults, SellerId seller, string report, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, "bench", cancellationToken);
        await using var file = File.OpenRead(report);
        var facts = await ReportReader.ReadAsync(Dataset.SearchTermDay, file, cancellationToken);
        await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.SearchTermDay, Shop, Covered, facts), cancellationToken);
        return facts.Rows;
    }

    private static long Gunzip(string report)
    {
        using var stream = new GZipStream(File.OpenRead(report), CompressionMode.Decompress);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        var total = 0L;
        while (stream.Read(buffer) is > 0 and var read) total += read;
        ArrayPool<byte>.Shared.Return(buffer);
        return total;
    }

    private static long ReadWithDuckDb(string report)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $$"""
            CREATE TABLE search_term_day AS
            SELECT date, campaignId, adGroupId, keywordId, searchTerm, impressions, clicks, cost, purchases7d, unitsSoldClicks7d, sales7d
            FROM read_json('{{report.Replace("'", "''", StringComparison.Ordinal)}}', format = 'array', columns = {
                date: 'DATE', campaignId: 'BIGINT', adGroupId: 'BIGINT', keywordId: 'BIGINT', searchTerm: 'VARCHAR', impressions: 'BIGINT', clicks: 'BIGINT',
                cost: 'DECIMAL(18,2)', purchases7d: 'BIGINT', unitsSoldClicks7d: 'BIGINT', sales7d: 'DECIMAL(18,2)' });
            """;
        command.ExecuteNonQuery();
        command.CommandText = "SELECT count(*) FROM search_term_day";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Rows with the columns that such reports usually carry, most of which are not ours to keep: about 670 bytes each.</summary>
    /// <returns>Bytes before packing.</returns>
    private static long WriteReport(string file, int rows)
    {
        var random = new Random(5);
        string[] words = ["steel", "water", "bottle", "insulated", "for", "kids", "large", "with", "straw", "lid", "bamboo", "cutting", "board", "set", "gift", "travel", "mug", "coffee", "blue", "black", "oz", "leakproof", "gym", "handle"];
        var keywords = Enumerable.Range(0, 6_000).Select(number => (
            Campaign: random.NextInt64(1L << 47, 1L << 49), Group: random.NextInt64(1L << 47, 1L << 49), Keyword: random.NextInt64(1L << 47, 1L << 49), Text: Phrase(3), Name: $"SP | Kitchen | {Phrase(2)} | exact {number}")).ToArray();
        using var gzip = new GZipStream(File.Create(file), CompressionLevel.Optimal);
        using var counted = new BufferedStream(gzip, 1 << 20);
        var text = new StringBuilder();
        var total = 0L;
        Write("[");
        for (var row = 0; row < rows; row++)
        {
            var (campaign, group, keyword, phrase, name) = keywords[random.Next(keywords.Length)];
            var day = Covered.First.AddDays((int)((long)row * Days / rows));
            var impressions = random.Next(1, 400);
            var clicks = random.Next(impressions / 12 + 1);
            var orders = clicks > 3 ? random.Next(clicks / 3) : 0;
            var cost = clicks * random.Next(30, 240) / 100m;
            var sales = orders * 24.99m;
            text.Clear();
            if (row > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $$"""
                {"date":"{{day:yyyy-MM-dd}}","campaignId":{{campaign}},"campaignName":"{{name}}","campaignStatus":"ENABLED","campaignBudgetType":"DAILY_BUDGET","campaignBudgetAmount":25.00,"campaignBudgetCurrencyCode":"USD","adGroupId":{{group}},"adGroupName":"{{phrase}} group","portfolioId":null,"keywordId":{{keyword}},"keyword":"{{phrase}}","keywordType":"BROAD","matchType":"BROAD","adKeywordStatus":"ENABLED","keywordBid":0.85,"targeting":"{{phrase}}","searchTerm":"{{phrase}} {{Phrase(2)}}","impressions":{{impressions}},"clicks":{{clicks}},"cost":{{cost}},"costPerClick":{{(clicks == 0 ? 0 : cost / clicks):0.0000}},"clickThroughRate":{{(double)clicks / impressions:0.000000}},"purchases1d":{{orders}},"purchases7d":{{orders}},"unitsSoldClicks7d":{{orders}},"sales1d":{{sales}},"sales7d":{{sales}}}
                """);
            Write(text.ToString());
        }

        Write("]");
        return total;

        void Write(string part)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            counted.Write(bytes);
            total += bytes.Length;
        }

        string Phrase(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => words[random.Next(words.Length)]));
    }
}
