using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.Run;

/// <summary>Report files that no honest Amazon sends, through the product's own steps, over HTTP, onto a vault that holds good days: an error that says why, and the good days untouched.</summary>
public sealed class HostileReportTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 9, 8, 6, 0, 0, TimeSpan.Zero);
    private static readonly DateSpan Days = new(new(2026, 9, 1), new(2026, 9, 7));
    private ReportServer server = null!;
    private Workshop shop = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await ReportServer.StartAsync();
        shop = await Workshop.AtStubAsync(server.Address, Now, new(StringComparer.Ordinal)
        {
            ["Autonoomi:Amazon:LargestDocument"] = "30000000",
            ["Autonoomi:Amazon:DownloadTimeout"] = "00:00:20",
        }, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await server.DisposeAsync();
    }

    public static TheoryData<string, string> Files => new()
    {
        { "cut in the middle", "broke off" },
        { "cut inside the packing", "broke off" },
        { "a bomb by ratio", "times its compressed size" },
        { "a bomb by size", "larger than" },
        { "nested a thousand deep", "nested deeper than" },
        { "a page of HTML", "not a JSON array" },
        { "an object", "not a JSON array" },
        { "a list of numbers", "not an object" },
        { "text where a number belongs", "clicks" },
        { "a number beyond all bounds", "clicks" },
        { "an amount beyond all bounds", "no row of one day can be so large" },
        { "an id beyond 64 bits", "an id is" },
        { "bytes that are no UTF-8", "not valid UTF-8" },
        { "a text without end", "a text has at most" },
        { "a row without end", "longer than" },
        { "another currency", "USD was expected" },
        { "days nobody asked for", "it was asked for" },
        { "two rows in a hundred wrong", "rows break a rule" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_hostile_file_is_refused_with_a_reason_and_what_was_stored_stays(string file, string reason)
    {
        server.Document = Pack(Report(500));
        Assert.Equal(RunState.Done, (await ReadAsync()).State);
        var before = await shop.ContentAsync(Stop);
        Assert.StartsWith("500 rows", before[Dataset.SearchTermDay], StringComparison.Ordinal);

        server.Document = Hostile(file);
        var run = await ReadAsync();

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("oak board", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, await shop.ContentAsync(Stop));
        Assert.Equal(500, (await ReadingsAsync()).Spans.Single().Total!.Rows);
    }

    [Fact]
    public async Task A_download_that_never_ends_is_given_up_in_time()
    {
        await using var hurried = await Workshop.AtStubAsync(server.Address, Now, new(StringComparer.Ordinal) { ["Autonoomi:Amazon:DownloadTimeout"] = "00:00:00.300" }, Stop);
        server.Document = Report(500);
        server.Drips = true;

        var run = await hurried.RunAsync(RunKind.Apply, [Step()], Stop);

        Assert.Equal(RunState.Failed, run.State);
        Assert.Contains("did not finish within", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Dataset.SearchTermDay, (await hurried.ContentAsync(Stop)).Keys);
    }

    [Fact]
    public async Task A_few_wrong_rows_are_left_out_and_listed_with_row_and_reason()
    {
        server.Document = Pack(Report(500, (37, "\"clicks\":1", "\"clicks\":-1"), (401, "\"cost\":0.5", "\"cost\":\"much\"")));

        var run = await ReadAsync();

        Assert.Equal((RunState.Done, 498), (run.State, run.Rows));
        var total = (await ReadingsAsync()).Spans.Single().Total!;
        Assert.Equal((500, 2, 498, 249_000_000), (total.Rows, total.Rejected, total.Clicks, total.Cost));
        var rejects = await (await shop.VaultAsync(Stop)).RecordAsync(RecordKind.Rejects, RecordKind.RecordId(shop.Storefront, nameof(Dataset.SearchTermDay)), StoredJson.Default.StoredRejects, Stop);
        Assert.Equal([(37L, "clicks"), (401L, "cost")], rejects!.Rows.Select(row => (row.Row, row.Field!)));
        Assert.Contains("negative", rejects.Rows[0].Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_million_different_words_are_a_report_like_any_other()
    {
        const int Rows = 1_000_000;
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var row = 0; row < Rows; row++) gzip.Write(Encoding.UTF8.GetBytes((row == 0 ? "[" : ",") + Row(row, $"w{row}")));
            gzip.Write("]"u8);
        }

        server.Document = packed.ToArray();
        await using var roomy = await Workshop.AtStubAsync(server.Address, Now, null, Stop);
        var run = await roomy.RunAsync(RunKind.Apply, [Step()], Stop);

        Assert.Equal((RunState.Done, Rows), (run.State, run.Rows));
    }

    [Fact]
    public async Task What_amazon_does_not_keep_after_all_is_no_failure_and_not_asked_for_again()
    {
        server.RefusesRequests = true;

        var run = await shop.RunAsync(RunKind.Apply, [NewStep.With(StepNames.Report, new ReportNotes(Dataset.SearchTermDay, Days.First, Days.Last, Today: Days.Last.AddDays(1), Optional: true), NotesJson.Default.ReportNotes)], Stop);
        Assert.Equal(RunState.Done, run.State);
        Assert.Equal(Days.Last.AddDays(1), (await ReadingsAsync()).LastRead(Days.First));

        Assert.Equal(RunState.Failed, (await ReadAsync()).State);
    }

    [Fact]
    public async Task A_report_that_is_stuck_is_given_up_and_asked_for_anew()
    {
        server.Document = Pack(Report(10));
        server.StuckReports = 1;

        // Twenty polls of at most five milliseconds stand for seven hours of five minutes.
        await using var hurried = await Workshop.AtStubAsync(server.Address, Now, new(StringComparer.Ordinal) { ["Autonoomi:Runs:PollLimit"] = "00:00:00.005", ["Autonoomi:Runs:PollGiveUp"] = "00:00:00.100" }, Stop);
        var run = await hurried.RunAsync(RunKind.Apply, [Step()], Stop);

        Assert.Equal((RunState.Done, 10), (run.State, run.Rows));
        Assert.Equal((2, 1), (server.Requested, server.Cancelled));
    }

    private Task<RunView> ReadAsync() => shop.RunAsync(RunKind.Apply, [Step()], Stop);

    private static NewStep Step() => NewStep.With(StepNames.Report, new ReportNotes(Dataset.SearchTermDay, Days.First, Days.Last, Today: Days.Last.AddDays(1)), NotesJson.Default.ReportNotes);

    private async Task<StoredReadings> ReadingsAsync() =>
        (await (await shop.VaultAsync(Stop)).RecordAsync(RecordKind.Reading, RecordKind.RecordId(shop.Storefront, nameof(Dataset.SearchTermDay)), StoredJson.Default.StoredReadings, Stop))!;

    private static byte[] Hostile(string file) => file switch
    {
        "cut in the middle" => Report(500)[..^90],
        "cut inside the packing" => Pack(Report(500))[..^200],
        "a bomb by ratio" => Bomb(),
        "a bomb by size" => Pack(Encoding.UTF8.GetBytes($"[{Row(0, "oak board")}," + string.Join(',', Enumerable.Repeat(Row(1, new string('x', 900)), 30_000)) + "]"), CompressionLevel.Fastest),
        "nested a thousand deep" => Text($"[{Row(0, "oak board").TrimEnd('}')},\"more\":{new string('[', 1000)}{new string(']', 1000)}}}]"),
        "a page of HTML" => Text("<html><body>oak board</body></html>"),
        "an object" => Text("""{"code":"400","detail":"oak board"}"""),
        "a list of numbers" => Text("[1,2,3]"),
        "text where a number belongs" => Changed("\"clicks\":1", "\"clicks\":\"many\""),
        "a number beyond all bounds" => Changed("\"clicks\":1", "\"clicks\":1e400"),
        "an amount beyond all bounds" => Changed("\"cost\":0.5", "\"cost\":9000000000000"),
        "an id beyond 64 bits" => Changed("\"campaignId\":10", "\"campaignId\":99999999999999999999"),
        "bytes that are no UTF-8" => [.. Text($"[{Row(0, "oak board")},"), .. Text(Row(1, "@")).Select(each => each == (byte)'@' ? (byte)0xFF : each), (byte)']'],
        "a text without end" => Changed("oak board 1", new string('x', 5000)),
        "a row without end" => Changed("oak board 1", new string('x', 3_000_000)),
        "another currency" => Changed("\"campaignBudgetCurrencyCode\":\"USD\"", "\"campaignBudgetCurrencyCode\":\"EUR\""),
        "days nobody asked for" => Changed("2026-09-02", "2026-08-02"),
        "two rows in a hundred wrong" => Report(500, [.. Enumerable.Range(1, 10).Select(row => (row * 50, "\"clicks\":1", "\"clicks\":-1"))]),
        _ => throw new ArgumentException(file, nameof(file)),
    };

    private static byte[] Changed(string old, string wrong)
    {
        var row = Row(1, "oak board 1");
        Assert.Contains(old, row, StringComparison.Ordinal);
        return Text($"[{Row(0, "oak board")},{row.Replace(old, wrong, StringComparison.Ordinal)}]");
    }

    private static byte[] Report(int rows, params (int Row, string Old, string New)[] wrong)
    {
        var lines = Enumerable.Range(1, rows).Select(row => Row(row, $"oak board {row}")).ToArray();
        foreach (var (row, old, changed) in wrong) lines[row - 1] = lines[row - 1].Replace(old, changed, StringComparison.Ordinal);
        return Text($"[{string.Join(',', lines)}]");
    }

    private static string Row(int row, string term) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"date":"{{Days.First.AddDays(row % 7):yyyy-MM-dd}}","campaignId":10,"adGroupId":20,"keywordId":30,"searchTerm":"{{term}}","impressions":5,"clicks":1,"cost":0.5,"purchases7d":0,"unitsSoldClicks7d":0,"sales7d":0,"campaignBudgetCurrencyCode":"USD"}""");

    private static byte[] Bomb()
    {
        var zeros = new byte[1 << 20];
        Array.Fill(zeros, (byte)' ');
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
        {
            gzip.Write("["u8);
            for (var megabyte = 0; megabyte < 60; megabyte++) gzip.Write(zeros);
        }

        return packed.ToArray();
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Pack(byte[] plain, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level)) gzip.Write(plain);
        return packed.ToArray();
    }

    /// <summary>The part of Amazon that makes one report, and gives out whatever file it was told to.</summary>
    private sealed class ReportServer(WebApplication app) : IAsyncDisposable
    {
        public Uri Address => new(app.Urls.First());

        public byte[] Document { get; set; } = [];

        public bool Drips { get; set; }

        public bool RefusesRequests { get; set; }

        public int StuckReports { get; set; }

        public int Requested { get; private set; }

        public int Cancelled { get; private set; }

        public static async Task<ReportServer> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var server = new ReportServer(builder.Build());
            await server.BeginAsync();
            return server;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private Task BeginAsync()
        {
            app.MapPost("/auth/o2/token", () => Results.Json(new { access_token = "Atza|test", token_type = "bearer", expires_in = 3600 }));
            app.MapPost("/reporting/reports", () =>
            {
                if (RefusesRequests) return Results.Json(new { code = "400", detail = "startDate is too old" }, statusCode: 400);
                Requested++;
                return Results.Json(new { reportId = $"report-{Requested}", status = "PENDING" });
            });
            app.MapGet("/reporting/reports/{id}", (string id) => id == $"report-{Requested}" && Requested <= StuckReports
                ? Results.Json(new { reportId = id, status = "PENDING" })
                : Results.Json(new { reportId = id, status = "COMPLETED", url = new Uri(Address, "/document") }));
            app.MapDelete("/reporting/reports/{id}", (string id) =>
            {
                Cancelled++;
                return Results.Json(new { reportId = id, code = "200" });
            });
            app.MapGet("/document", async context =>
            {
                context.Response.ContentType = "application/octet-stream";
                if (Drips)
                {
                    foreach (var each in Document)
                    {
                        await context.Response.Body.WriteAsync(new[] { each }, context.RequestAborted);
                        await context.Response.Body.FlushAsync(context.RequestAborted);
                        await Task.Delay(50, context.RequestAborted);
                    }
                }

                await context.Response.Body.WriteAsync(Document, context.RequestAborted);
            });
            return app.StartAsync();
        }
    }
}
