using System.IO;
using System.Text;
using Autonoomi.Amazon.Reports;
using Autonoomi.Testing;
using CsCheck;

namespace Autonoomi.Amazon.Tests;

public sealed class FlatFileTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("utf-8", 65001)]
    [InlineData("\"UTF-8\"", 65001)]
    [InlineData("ISO-8859-1", 28591)]
    [InlineData("Shift_JIS", 932)]
    [InlineData("windows-31j", 932)]
    public async Task A_file_is_read_in_the_charset_that_its_host_declares(string charset, int page)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var title = page == 932 ? "木の板ソ表" : "Holzbrett für Käse";
        var rows = await ReadAsync(Encoding.GetEncoding(page).GetBytes($"sku\titem-name\nS-1\t{title}\n"), ["sku", "item-name"], [], charset);

        Assert.Equal(["S-1", title], Assert.Single(rows));
    }

    [Fact]
    public async Task Columns_are_found_by_name_whatever_their_order_and_spelling()
    {
        var rows = await ReadAsync("\uFEFFTotal Reserved Quantity\tSKU\tunknown\r\n4\tS-1\tx\r\n\t\t\r\n5\tS-2\r\n"u8.ToArray(), ["sku"], ["total-reserved-quantity", "not-there"]);

        Assert.Equal([["S-1", "4", ""], ["S-2", "5", ""]], rows);
    }

    [Fact]
    [Promise("P-1.2-g")]
    public async Task Columns_about_people_are_stepped_over_as_bytes_and_cannot_be_asked_for()
    {
        // Bytes that are no text at all: whoever made a string of them would fail.
        byte[] file = [.. "sku\tship-city\tbuyer-email\tquantity\nS-1\t"u8, 0xFF, 0xFE, .. "\t"u8, 0xC3, 0x28, .. "\t2\n"u8];

        Assert.Equal(["S-1", "2"], Assert.Single(await ReadAsync(file, ["sku", "quantity"], [])));
        foreach (var column in new[] { "ship-city", "buyer-email", "recipient-name", "purchase-order-number", "license-plate-number" })
            await Assert.ThrowsAsync<ArgumentException>(() => ReadAsync(file, ["sku"], [column]));
    }

    [Theory]
    [InlineData("", 0, null, "empty")]
    [InlineData("<html><body>Service Unavailable</body></html>", 0, null, "something else")]
    [InlineData("{\"errors\":[]}", 0, null, "something else")]
    [InlineData("name\tquantity\nx\t1\n", 0, "sku", "no such column")]
    [InlineData("sku\tquantity\nS-1\t1\t2\n", 2, null, "2 fields were expected")]
    [InlineData("sku\tquantity\nS-1\t1\nS-2\tmany\n", 3, "quantity", "whole number")]
    [InlineData("sku\tquantity\nS-1\t-1\n", 2, "quantity", "negative")]
    [InlineData("sku\tquantity\nS-1\t99999999999999999999\n", 2, "quantity", "whole number")]
    public async Task A_broken_file_says_where_and_why(string text, int row, string? field, string rule)
    {
        var wrong = await Assert.ThrowsAsync<AmazonDocumentException>(() => FlatFile.ReadAsync("The file", new(new MemoryStream(Encoding.UTF8.GetBytes(text)), null), ["sku", "quantity"], [], each => each.Count(1), Ct));

        Assert.Equal((row, field), ((int)wrong.Row, wrong.Field));
        Assert.Contains(rule, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_do_not_fit_the_charset_stop_the_file_and_are_not_repeated()
    {
        byte[] file = [.. "sku\nS-"u8, 0xC3, 0x28, .. "\n"u8];

        var wrong = await Assert.ThrowsAsync<AmazonDocumentException>(() => ReadAsync(file, ["sku"], []));
        Assert.Equal((2, "sku"), ((int)wrong.Row, wrong.Field));
        await Assert.ThrowsAsync<AmazonDocumentException>(() => ReadAsync("sku\n"u8.ToArray(), ["sku"], [], "EBCDIC-CP-US"));
    }

    [Theory]
    [InlineData("12.34", 12_340_000)]
    [InlineData("12,34", 12_340_000)]
    [InlineData("-0.015", -15_000)]
    [InlineData("1980", 1_980_000_000)]
    [InlineData("", 0)]
    public async Task Amounts_are_exact_and_a_decimal_comma_is_one(string written, long micros)
    {
        var read = 0L;
        await FlatFile.ReadAsync("The file", new(new MemoryStream(Encoding.UTF8.GetBytes($"sku\tamount\nS-1\t{written}\n")), null), ["amount"], [], row => read = row.Micros(0), Ct);

        Assert.Equal(micros, read);
    }

    [Theory]
    [InlineData("1.234,56")]
    [InlineData("$12")]
    [InlineData("1e999")]
    public async Task What_is_no_amount_is_refused(string written) => await Assert.ThrowsAsync<AmazonDocumentException>(() =>
        FlatFile.ReadAsync("The file", new(new MemoryStream(Encoding.UTF8.GetBytes($"amount\n{written}\n")), null), ["amount"], [], row => row.Micros(0), Ct));

    [Theory]
    [InlineData("2026-10-01T08:00:00Z")]
    [InlineData("2026-10-01T08:00:00+00:00")]
    [InlineData("2026-10-01T10:00:00+02:00")]
    [InlineData("2026-10-01 08:00:00 UTC")]
    [InlineData("01.10.2026 08:00:00 UTC")]
    public async Task Instants_are_read_in_the_ways_in_which_files_write_them(string written)
    {
        DateTimeOffset read = default;
        await FlatFile.ReadAsync("The file", new(new MemoryStream(Encoding.UTF8.GetBytes($"posted-date\n{written}\n")), null), ["posted-date"], [], row => read = row.Instant(0), Ct);

        Assert.Equal(new DateTimeOffset(2026, 10, 1, 8, 0, 0, TimeSpan.Zero), read);
    }

    [Fact]
    public async Task Items_of_a_large_document_are_the_same_however_it_is_cut_into_reads() =>
        await Gen.Select(Gen.Select(Gen.String[Gen.Char["ab\"\\{}[],é木 "], 0, 12], Gen.Int[0, 9]).Array[0, 30], Gen.Int[1, 40]).SampleAsync(async (items, size) =>
        {
            var body = JsonSerializerText(items);
            var read = new List<string>();
            await JsonItems.ReadAsync("The document", new Drip(Encoding.UTF8.GetBytes(body), size), "rows", (item, _) =>
            {
                using var json = System.Text.Json.JsonDocument.Parse(item.ToArray());
                read.Add($"{json.RootElement.GetProperty("text").GetString()}/{json.RootElement.GetProperty("inner")[0].GetProperty("number").GetInt32()}");
            }, CancellationToken.None);
            return read.SequenceEqual(items.Select(item => $"{item.Item1}/{item.Item2}"));
        }, iter: 300);

    [Theory]
    [InlineData("""{"rows":[{"a":1},{"a":""")]
    [InlineData("""{"rows":[{"a":1}""")]
    [InlineData("""{"rows":[{"a":1},7]}""")]
    [InlineData("""{"others":[]}""")]
    [InlineData("""{"rows":{}}""")]
    [InlineData("<html></html>")]
    [InlineData("""{"rows":[{"a":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}]}""")]
    public async Task A_document_that_is_cut_or_of_another_shape_is_refused(string body) => await Assert.ThrowsAsync<AmazonDocumentException>(() =>
        JsonItems.ReadAsync("The document", new MemoryStream(Encoding.UTF8.GetBytes(body)), "rows", (_, _) => { }, Ct));

    private static string JsonSerializerText((string Text, int Number)[] items) => System.Text.Json.JsonSerializer.Serialize(new
    {
        about = new { rows = "not these", list = new[] { 1, 2 } },
        rows = items.Select(item => new { text = item.Text, inner = new[] { new { number = item.Number } } }),
        after = "end",
    });

    private static async Task<List<string[]>> ReadAsync(byte[] file, string[] required, string[] optional, string? charset = null)
    {
        var rows = new List<string[]>();
        await FlatFile.ReadAsync("The file", new(new MemoryStream(file), charset), required, optional, row => rows.Add([.. Enumerable.Range(0, required.Length + optional.Length).Select(row.Text)]), Ct);
        return rows;
    }

    /// <summary>Gives a few bytes at a time, as a slow network does.</summary>
    private sealed class Drip(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
