using System.Buffers;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using Autonoomi.Amazon.Reports;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using DuckDB.NET.Data;

namespace Autonoomi.Benchmarks;

/// <summary>A gzip JSON search-term report as Amazon sends it, until it is validated, sealed and committed; against unpacking it, and against DuckDB reading it into memory.</summary>
/// <remarks>Every contestant gets the same file in a process of its own, once to warm up and four times for the clock; three processes each, in turn; the best time of each counts, and the worst memory. A report of more than two million rows is read once.</remarks>
internal static class IngestBenchmark
{
    private const int Rounds = 3;

    // Beyond so many rows each contestant runs once and unwarmed: it takes long enough.
    private const int Long = 2_000_000;
    private const int MemoryLimit = 300;
    private static readonly StorefrontId Shop = new(1);

    // The days of the generated report.
    private static readonly DateSpan Covered = new(new(2026, 9, 1), new(2026, 10, 1));

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(int? wanted, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("autonoomi-bench-");
        try
        {
            var rows = wanted ?? 1_000_000;
            var report = Path.Combine(folder.FullName, "report.json.gz");
            long plainBytes;
            await using (var file = File.Create(report)) plainBytes = SearchTermReportFile.Write(file, rows, seed: 5, allColumns: true);
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {rows:N0} rows, {plainBytes >> 20} MB of JSON, {new FileInfo(report).Length >> 20} MB packed"));
            string[] names = ["ours", "gunzip", "duckdb"];
            var timings = names.ToDictionary(name => name, _ => new List<Timing>());
            for (var round = 1; round <= (rows > Long ? 1 : Rounds); round++)
                foreach (var name in names)
                {
                    var timing = await Contestant.StartAsync(["ingest", name, report, rows.ToString(CultureInfo.InvariantCulture), plainBytes.ToString(CultureInfo.InvariantCulture)], cancellationToken);
                    timings[name].Add(timing);
                    await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  round {round}, {name}: {timing.Seconds:0.000} s, processor {timing.ProcessorSeconds:0.000} s, peak {timing.PeakMegabytes} MB"));
                }

            var (ours, gunzip, duck) = (Bench.Best(timings["ours"]), Bench.Best(timings["gunzip"]), Bench.Best(timings["duckdb"]));
            await Bench.NoteAsync("gunzip", ours, gunzip);
            await Bench.NoteAsync("DuckDB", ours, duck);
            return
            [
                BenchResult.AtMost("ingest (times gunzip, at most)", "gunzip alone", ours, gunzip, ceiling: 4),
                BenchResult.Faster("ingest (times faster)", "DuckDB read_json into an unencrypted table in memory", ours, duck, goal: 1.5),
                new("ingest memory (of the limit)", $"{MemoryLimit} MB resident; DuckDB's process took {duck.PeakMegabytes} MB", ours.PeakMegabytes, MemoryLimit, "MB", ours.PeakMegabytes / (double)MemoryLimit, 1, ours.PeakMegabytes <= MemoryLimit, ours.PeakMegabytes),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>In a contestant's own process.</summary>
    /// <param name="arguments">Name, report file, its rows, its bytes before packing.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task CompeteAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var report = arguments[1];
        var rows = long.Parse(arguments[2], CultureInfo.InvariantCulture);
        var plainBytes = long.Parse(arguments[3], CultureInfo.InvariantCulture);
        Func<Func<Task>, Task> time = rows > Long ? Contestant.RunOnceAsync : Contestant.RunAsync;
        switch (arguments[0])
        {
            case "ours":
                using (var store = new BenchStore())
                {
                    // The second round restates what the first wrote: every day is replaced.
                    var vaults = await store.CreateAsync(cancellationToken);
                    await time(async () => Check(rows, await IngestAsync(vaults, store.Seller, report, cancellationToken)));
                }

                break;
            case "gunzip":
                await time(() =>
                {
                    Check(plainBytes, Gunzip(report));
                    return Task.CompletedTask;
                });
                break;
            case "duckdb":
                await time(() =>
                {
                    Check(rows, ReadWithDuckDb(report));
                    return Task.CompletedTask;
                });
                break;
            default:
                throw new ArgumentException($"There is no contestant '{arguments[0]}'.", nameof(arguments));
        }
    }

    private static void Check(long expected, long found)
    {
        if (found != expected) throw new InvalidOperationException($"{found} of {expected} arrived: something was not measured.");
    }

    private static async Task<long> IngestAsync(SellerVaults vaults, SellerId seller, string report, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Run, cancellationToken);
        await using var file = File.OpenRead(report);
        using var staged = await StagedDays.TakeAsync(Dataset.SearchTermDay, Shop, Covered, ReportReader.ReadPartsAsync(Dataset.SearchTermDay, file, cancellationToken), cancellationToken);
        // As the product does: what was packed is added up once more before it is sealed.
        if ((await staged.SumAsync(cancellationToken))["clicks"] == 0) throw new InvalidOperationException("Nothing was packed.");
        await vault.CommitAsync(new VaultWrite().ReplaceDays(staged), cancellationToken);
        return staged.Rows;
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
}
