using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using Autonoomi.Amazon.Reports;
using Autonoomi.Core.Facts;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

public sealed class ReportSpeed
{
    [Theory(Explicit = true)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_million_rows_take_a_few_times_as_long_as_unpacking_them(bool allColumns)
    {
        var ct = TestContext.Current.CancellationToken;
        var path = Path.GetTempFileName();
        try
        {
            long plain;
            await using (var file = File.Create(path)) plain = SearchTermReportFile.Write(file, 1_000_000, 7, allColumns);
            var lines = new List<string> { $"plain {plain >> 20} MB, packed {new FileInfo(path).Length >> 20} MB" };
            for (var round = 0; round < 3; round++)
            {
                var before = Process.GetCurrentProcess().TotalProcessorTime;
                var watch = Stopwatch.StartNew();
                await using (var file = File.OpenRead(path))
                await using (var gzip = new GZipStream(file, CompressionMode.Decompress))
                {
                    var buffer = new byte[1 << 20];
                    while (await gzip.ReadAsync(buffer, ct) > 0)
                    {
                    }
                }

                var unpacked = watch.Elapsed;
                var unpackedCpu = Process.GetCurrentProcess().TotalProcessorTime - before;
                watch.Restart();
                await using var again = File.OpenRead(path);
                var cpu = Process.GetCurrentProcess().TotalProcessorTime;
                var table = await ReportReader.ReadAsync(Dataset.SearchTermDay, again, ct);
                lines.Add($"gunzip {unpacked.TotalSeconds:0.00} s (cpu {unpackedCpu.TotalSeconds:0.00}), read {watch.Elapsed.TotalSeconds:0.00} s = {watch.Elapsed / unpacked:0.00} x, cpu {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:0.00}, rows {table.Rows}, peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB");
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', lines));
            Assert.NotEmpty(lines);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
