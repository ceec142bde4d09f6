using System.Text;
using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

public sealed class DocumentTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private const string Row = """{"date":"2026-09-01","campaignId":10,"adGroupId":20,"keywordId":30,"impressions":5,"clicks":1,"cost":0.5,"purchases7d":0,"unitsSoldClicks7d":0,"sales7d":0,"campaignBudgetCurrencyCode":"USD"}""";
    private static readonly DateSpan Days = new(new(2026, 9, 1), new(2026, 9, 7));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Gzip_is_told_by_its_first_bytes_and_no_header_of_ours_goes_along(bool packed)
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /document", packed ? Answer.Gzip($"[{Row}]") : new Answer($"[{Row}]", MediaType: "application/gzip"));
        await using var clients = new Clients(stub.Address);
        stub.On("GET /v2/profiles", "[]");
        await clients.Ads.ProfilesAsync(Ct);

        var table = await clients.Ads.DownloadReportAsync(Dataset.TargetDay, new(stub.Address, "/document?X-Signature=abc"), Ct);

        Assert.Equal(1, table.Rows);
        var sent = Assert.Single(stub.To("GET /document"));
        Assert.DoesNotContain(sent.Headers.Keys, name => name.StartsWith("Amazon", StringComparison.OrdinalIgnoreCase) || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("x-amz-access-token", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_cut_download_is_fetched_again_and_never_taken_for_a_short_one()
    {
        var whole = Answer.Pack(Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat(Row, 2000)) + "]"));
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /document", new Answer("") { Bytes = whole[..(whole.Length / 2)] }, new Answer("") { Bytes = whole[..^20], Announced = whole.Length }, new Answer("") { Bytes = whole });
        await using var clients = new Clients(stub.Address);

        Assert.Equal(2000, (await clients.Ads.DownloadReportAsync(Dataset.TargetDay, new(stub.Address, "/document"), Ct)).Rows);

        stub.On("GET /document", new Answer("") { Bytes = whole[..(whole.Length / 2)] });
        var failed = await Assert.ThrowsAsync<AmazonApiException>(() => clients.Ads.DownloadReportAsync(Dataset.TargetDay, new(stub.Address, "/document"), Ct));
        Assert.Contains("broke off", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_document_that_is_cut_never_reads_like_a_whole_one()
    {
        var random = new Random(2);
        var whole = Answer.Pack(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(line => $"{{\"line\":{line},\"x\":{random.Next()}}}\n"))));
        for (var length = 20; length < whole.Length; length += whole.Length / 37)
        {
            await using var plain = await Reports.Documents.OpenAsync("lines", new System.IO.MemoryStream(whole[..length]), new AmazonOptions(), Ct);
            await Assert.ThrowsAsync<System.IO.InvalidDataException>(() => plain.CopyToAsync(System.IO.Stream.Null, Ct));
        }
    }

    [Fact]
    public async Task A_gzip_bomb_is_stopped_long_before_its_end()
    {
        var bomb = Answer.Pack(Encoding.UTF8.GetBytes("[" + new string(' ', 60 << 20) + "]"));
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /document", new Answer("") { Bytes = bomb });
        // This machine's fastest packing reaches a ratio of about 200; deflate can reach 1032.
        await using var clients = new Clients(stub.Address, options => options.LargestRatio = 100);

        var refused = await Assert.ThrowsAsync<AmazonDocumentException>(() => clients.Ads.DownloadReportAsync(Dataset.TargetDay, new(stub.Address, "/document"), Ct));

        Assert.Contains("times its compressed size", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_document_larger_than_the_limit_is_refused()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /document", "[" + string.Join(',', Enumerable.Repeat(Row, 20_000)) + "]");
        await using var clients = new Clients(stub.Address, options => options.LargestDownload = 1 << 20);

        await Assert.ThrowsAsync<AmazonDocumentException>(() => clients.Ads.DownloadReportAsync(Dataset.TargetDay, new(stub.Address, "/document"), Ct));
    }

    [Theory]
    [InlineData("https://evil.example/report?secret-signature=1")]
    [InlineData("http://bucket.s3.amazonaws.com/report?secret-signature=1")]
    [InlineData("https://user:pass@bucket.s3.amazonaws.com/report?secret-signature=1")]
    [InlineData("https://amazonaws.com.evil.example/report?secret-signature=1")]
    [InlineData("https://bucket.s3.amazonaws.com:8443/report?secret-signature=1")]
    [InlineData("file:///etc/passwd")]
    public async Task A_document_elsewhere_is_never_fetched_and_its_address_not_repeated(string address)
    {
        await using var clients = new Clients(new("http://127.0.0.1:1"), options =>
        {
            options.DownloadHosts.Clear();
            options.DownloadHosts.AddRange(new AmazonOptions().DownloadHosts);
        });

        var refused = await Assert.ThrowsAsync<AmazonDocumentException>(() => clients.Ads.DownloadReportAsync(Dataset.TargetDay, new(address), Ct));

        Assert.DoesNotContain("secret-signature", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-1.2-i")]
    public async Task A_redirection_of_a_document_is_not_followed()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /document", new Answer("", 302) { Headers = [("Location", "/elsewhere")] });
        await using var clients = new Clients(stub.Address);

        await Assert.ThrowsAsync<AmazonApiException>(() => clients.Ads.DownloadReportAsync(Dataset.TargetDay, new(stub.Address, "/document"), Ct));

        Assert.Empty(stub.To("GET /elsewhere"));
    }

    [Fact]
    public async Task A_duplicate_that_is_the_same_report_is_adopted()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /reporting/reports", new Answer("""{"code":"425","detail":"The Request is a duplicate of : 9553f2aa-0c1e-4b7b-8a4e-0d5f3e1f7a10"}""", 425));
        stub.On("GET /reporting/reports/9553f2aa-0c1e-4b7b-8a4e-0d5f3e1f7a10", Report("DAILY"));
        await using var clients = new Clients(stub.Address);

        Assert.Equal("9553f2aa-0c1e-4b7b-8a4e-0d5f3e1f7a10", await clients.Ads.RequestReportAsync(Dataset.TargetDay, Days, Ct));

        Assert.Single(stub.To("POST /reporting/reports"));
    }

    [Fact]
    public async Task A_duplicate_that_is_another_report_is_waited_out()
    {
        await using var stub = await StubAmazon.StartAsync();
        var duplicate = new Answer("""{"code":"425","detail":"The Request is a duplicate of : 9553f2aa-0c1e-4b7b-8a4e-0d5f3e1f7a10"}""", 425);
        stub.On("POST /reporting/reports", duplicate, duplicate, """{"reportId":"11111111-0c1e-4b7b-8a4e-0d5f3e1f7a10","status":"PENDING"}""");
        stub.On("GET /reporting/reports/9553f2aa-0c1e-4b7b-8a4e-0d5f3e1f7a10", Report("SUMMARY"));
        await using var clients = new Clients(stub.Address);

        Assert.Equal("11111111-0c1e-4b7b-8a4e-0d5f3e1f7a10", await clients.Ads.RequestReportAsync(Dataset.TargetDay, Days, Ct));

        stub.On("POST /reporting/reports", duplicate);
        var refused = await Assert.ThrowsAsync<AmazonApiException>(() => clients.Ads.RequestReportAsync(Dataset.TargetDay, Days, Ct));
        Assert.Contains("not the same", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_throttled_order_of_a_report_is_repeated_and_a_finished_one_without_rows_has_no_address()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /reporting/reports", new Answer("<html>slow</html>", 429, "text/html"), """{"reportId":"11111111-0c1e-4b7b-8a4e-0d5f3e1f7a10","status":"PENDING"}""");
        stub.On("GET /reporting/reports/11111111-0c1e-4b7b-8a4e-0d5f3e1f7a10", """{"reportId":"x","status":"PROCESSING"}""", """{"reportId":"x","status":"COMPLETED","url":null}""", """{"reportId":"x","status":"FAILED","failureReason":"no"}""");
        await using var clients = new Clients(stub.Address);

        var id = await clients.Ads.RequestReportAsync(Dataset.TargetDay, Days, Ct);

        Assert.Equal(new ReportStatus(ReportState.Waiting, null, null), await clients.Ads.ReportStatusAsync(id, Ct));
        Assert.Equal(new ReportStatus(ReportState.Done, null, null), await clients.Ads.ReportStatusAsync(id, Ct));
        Assert.Equal(new ReportStatus(ReportState.Failed, null, "no"), await clients.Ads.ReportStatusAsync(id, Ct));
    }

    [Fact]
    [Promise("P-3-g")]
    public async Task No_token_and_no_secret_is_ever_logged_or_said()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("GET /v2/profiles", new Answer("""{"code":"X","message":"the token Atza|access-canary-0001 is wrong"}""", 400));
        stub.On("GET /document", new Answer("""{"message":"no access for Atza|access-canary-0001"}""", 403));
        await using var clients = new Clients(stub.Address);
        var said = new List<string>();

        said.Add((await Record.ExceptionAsync(() => clients.Ads.ProfilesAsync(Ct)))!.ToString());
        said.Add((await Record.ExceptionAsync(() => clients.Ads.DownloadReportAsync(Dataset.TargetDay, new(stub.Address, "/document?signature-canary"), Ct)))!.ToString());
        stub.On("POST /auth/o2/token", new Answer("""{"error":"invalid_grant","error_description":"refresh-canary Atzr|refresh-canary-ads"}""", 400));
        clients.Connections.Forget(Clients.AdsGrant.Key);
        said.Add((await Record.ExceptionAsync(() => clients.Ads.ProfilesAsync(Ct)))!.ToString());
        stub.On("POST /auth/o2/token", """{"access_token":17,"refresh_token":"Atzr|refresh-canary-0001"}""");
        said.Add((await Record.ExceptionAsync(() => clients.Ads.ProfilesAsync(Ct)))!.ToString());
        said.Add(Clients.AdsGrant.ToString());

        // The canaries did travel, so the scan can fail.
        Assert.Contains(stub.Requests, request => request.Body.Contains("refresh-canary-ads", StringComparison.Ordinal) && request.Body.Contains("client-secret-canary-ads", StringComparison.Ordinal));
        Assert.Contains(stub.Requests, request => request.Headers.TryGetValue("Authorization", out var header) && header.Contains("access-canary", StringComparison.Ordinal));
        Assert.Contains("Amazon answered GET /v2/profiles", clients.Logs, StringComparison.Ordinal);
        foreach (var text in said.Append(clients.Logs)) Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
    }

    private static string Report(string timeUnit) => $$"""
        {"reportId":"9553f2aa-0c1e-4b7b-8a4e-0d5f3e1f7a10","status":"PENDING","startDate":"2026-09-01","endDate":"2026-09-07","configuration":{"adProduct":"SPONSORED_PRODUCTS","reportTypeId":"spTargeting",
         "groupBy":["targeting"],"timeUnit":"{{timeUnit}}","format":"GZIP_JSON","filters":[],"columns":["sales7d","date","campaignId","adGroupId","keywordId","impressions","clicks","cost","purchases7d","unitsSoldClicks7d","campaignBudgetCurrencyCode"]} }
        """;
}
