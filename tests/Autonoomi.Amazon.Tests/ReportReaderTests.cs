using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using Autonoomi.Amazon.Reports;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy.Scrubbing;
using Autonoomi.Testing;
using CsCheck;

namespace Autonoomi.Amazon.Tests;

public sealed class ReportReaderTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateOnly Start = new(2026, 9, 1);

    private sealed record Row(int Day, long Campaign, long Group, long Target, string Term, long Impressions, long Clicks, long Cost, long Orders, long Units, long Sales);

    private static readonly Gen<Row> Rows =
        from day in Gen.Int[0, 30]
        from ids in Gen.Select(Gen.Long[1, long.MaxValue], Gen.Long[1, 999_999_999_999_999_999], Gen.Long[1, 1_000])
        from term in Gen.Frequency((8, Gen.String[Gen.Char["abcdefg äöß*+-'0123456789"], 0, 40]), (1, Gen.String[0, 12].Where(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text)), (1, Gen.Const("},{\"\\ \u0001日本語 😀")))
        from counts in Gen.Select(Gen.Long[0, 1_000_000], Gen.Long[0, 50_000], Gen.Long[0, 300], Gen.Long[0, 300])
        from money in Gen.Select(Gen.Long[0, 5_000_000_000], Gen.Long[0, 900_000_000_000])
        select new Row(day, ids.Item1, ids.Item2, ids.Item3, term, counts.Item1, counts.Item2, money.Item1, counts.Item3, counts.Item4, money.Item2);

    [Fact]
    public Task What_is_rendered_comes_back_whatever_the_order_of_columns_spacing_or_packing() =>
        Gen.Select(Rows.Array[0, 60], Gen.Int[0, 5], Gen.Bool, Gen.Bool, Gen.Bool).SampleAsync(async (rows, order, spaced, foreign, packed) =>
        {
            var json = Encoding.UTF8.GetBytes(Render(rows, order, spaced, foreign));
            using var document = new MemoryStream(packed ? Answer.Pack(json) : json);

            var table = await ReportReader.ReadAsync(Dataset.SearchTermDay, document, CancellationToken.None);

            return table.Rows == rows.Length && Enumerable.Range(0, rows.Length).All(index => rows[index] with { Term = TermScrubber.Scrub(rows[index].Term) } == new Row(
                table.Ints("day")[index] - Start.DayNumber, table.Longs("campaign_id")[index], table.Longs("ad_group_id")[index], table.Longs("target_id")[index], table.Texts("search_term")[index],
                table.Longs("impressions")[index], table.Longs("clicks")[index], table.Longs("cost")[index], table.Longs("orders")[index], table.Longs("units")[index], table.Longs("sales")[index]));
        }, iter: 300);

    [Theory]
    [InlineData(Dataset.SearchTermDay, "7d"), InlineData(Dataset.BrandsSearchTermDay, "14d")]
    [Promise("P-1.2-e")]
    public async Task What_shoppers_typed_about_themselves_never_gets_into_a_table(Dataset dataset, string window)
    {
        string[] terms = ["oak board", "oak board for anna.svensson@telia.se", "oak board for erik@telia.se", "212-555-0147", "12 inch board"];
        var purchases = window == "7d" ? ("purchases7d", "unitsSoldClicks7d", "sales7d") : ("purchases", "unitsSold", "sales");
        var rows = terms.Select(term => $$"""{"date":"2026-09-01","campaignId":1,"adGroupId":2,"keywordId":3,"searchTerm":"{{term}}","impressions":10,"clicks":1,"cost":0.5,"{{purchases.Item1}}":0,"{{purchases.Item2}}":0,"{{purchases.Item3}}":0}""");

        var table = await ReportReader.ReadAsync(dataset, new MemoryStream(Encoding.UTF8.GetBytes($"[{string.Join(',', rows)}]")), Ct);

        Assert.Equal(["oak board", "oak board for ⟦x⟧", "⟦x⟧", "12 inch board"], table.Texts("search_term").Words);
        Assert.Equal([0, 1, 1, 2, 3], table.Texts("search_term").Codes);
        Assert.Equal(5, table.Longs("clicks").ToArray().Sum());
    }

    [Fact]
    public async Task Rows_across_many_blocks_come_back_too()
    {
        using var packed = new MemoryStream();
        var plain = Autonoomi.Testing.SearchTermReportFile.Write(packed, 12_000, 3, allColumns: true);
        Assert.True(plain > 6 << 20);

        var table = await ReportReader.ReadAsync(Dataset.SearchTermDay, new MemoryStream(packed.ToArray()), Ct);
        using var again = new MemoryStream(Autonoomi.Testing.SearchTermReportFile.Write(new MemoryStream(), 1, 1, allColumns: false) > 0 ? packed.ToArray() : []);
        var rows = JsonDocument.Parse(new System.IO.Compression.GZipStream(again, System.IO.Compression.CompressionMode.Decompress)).RootElement;

        Assert.Equal(12_000, table.Rows);
        for (var index = 0; index < table.Rows; index += 371)
        {
            Assert.Equal(rows[index].GetProperty("searchTerm").GetString(), table.Texts("search_term")[index]);
            Assert.Equal(rows[index].GetProperty("cost").GetDecimal(), Money.FromMicros(table.Longs("cost")[index], Clients.Us.Currency).Amount);
        }
    }

    [Fact]
    public async Task A_long_report_comes_in_parts_of_bounded_size_with_the_same_rows()
    {
        const int Rows = 2 * ReportReader.PartRows + 345;
        using var packed = new MemoryStream();
        Autonoomi.Testing.SearchTermReportFile.Write(packed, Rows, 3, allColumns: false);

        var parts = new List<FactTable>();
        await foreach (var part in ReportReader.ReadPartsAsync(Dataset.SearchTermDay, new MemoryStream(packed.ToArray()), Ct)) parts.Add(part);

        Assert.Equal([ReportReader.PartRows, ReportReader.PartRows, 345], parts.Select(part => part.Rows));
        var whole = await ReportReader.ReadAsync(Dataset.SearchTermDay, new MemoryStream(packed.ToArray()), Ct);
        Assert.Equal(Rows, whole.Rows);
        Assert.Equal(whole.Longs("cost").ToArray(), parts.SelectMany(part => part.Longs("cost").ToArray()));
        Assert.Equal(whole.Texts("search_term")[Rows - 1], parts[^1].Texts("search_term")[344]);
    }

    [Fact]
    public async Task A_report_that_is_cut_off_after_whole_parts_ends_with_an_error()
    {
        using var packed = new MemoryStream();
        Autonoomi.Testing.SearchTermReportFile.Write(packed, ReportReader.PartRows + 10, 3, allColumns: false);
        using var plain = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(new MemoryStream(packed.ToArray()), System.IO.Compression.CompressionMode.Decompress)) await gzip.CopyToAsync(plain, Ct);
        var taken = 0;

        await Assert.ThrowsAsync<EndOfStreamException>(async () =>
        {
            await foreach (var part in ReportReader.ReadPartsAsync(Dataset.SearchTermDay, new MemoryStream(plain.ToArray()[..^50]), Ct)) taken += part.Rows;
        });

        Assert.Equal(ReportReader.PartRows, taken);
    }

    private const string Good = """{"date":"2026-09-01","campaignId":10,"adGroupId":20,"keywordId":30,"searchTerm":"oak","impressions":5,"clicks":1,"cost":0.5,"purchases7d":0,"unitsSoldClicks7d":0,"sales7d":0}""";

    [Theory]
    [InlineData("\"clicks\":1,", "", "clicks", "missing")]
    [InlineData("\"clicks\":1", "\"clicks\":-1", "clicks", "negative")]
    [InlineData("\"cost\":0.5", "\"cost\":-0.5", "cost", "negative")]
    [InlineData("\"clicks\":1", "\"clicks\":\"1\"", "clicks", "a whole number was expected, and it is text")]
    [InlineData("\"clicks\":1", "\"clicks\":1.5", "clicks", "a whole number was expected")]
    [InlineData("\"clicks\":1", "\"clicks\":null", "clicks", "it is null")]
    [InlineData("\"clicks\":1", "\"clicks\":[1]", "clicks", "no such value")]
    [InlineData("\"keywordId\":30", "\"keywordId\":0", "keywordId", "an id is")]
    [InlineData("\"keywordId\":30", "\"keywordId\":18446744073709551615", "keywordId", "an id is")]
    [InlineData("\"campaignId\":10", "\"campaignId\":\"x\"", "campaignId", "an id is")]
    [InlineData("2026-09-01", "2026-09-31", "date", "YYYY-MM-DD")]
    [InlineData("\"2026-09-01\"", "20260901", "date", "YYYY-MM-DD")]
    [InlineData("\"oak\"", "7", "searchTerm", "text was expected")]
    public async Task A_row_that_breaks_a_rule_is_named_with_row_field_and_rule(string old, string wrong, string field, string rule)
    {
        var document = $"[{Good},{Good},{Good.Replace(old, wrong, StringComparison.Ordinal)}]";

        var broken = await Assert.ThrowsAsync<AmazonDocumentException>(() => ReportReader.ReadAsync(Dataset.SearchTermDay, new MemoryStream(Encoding.UTF8.GetBytes(document)), Ct));

        Assert.Equal(3, broken.Row);
        Assert.Equal(field, broken.Field);
        Assert.Contains(rule, broken.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_that_are_not_ours_may_hold_anything_and_a_name_or_brace_within_them_is_no_column()
    {
        static string Row(int number, string foreign) =>
            $$"""{"about":{{foreign}},"date":"2026-09-01","campaignId":10,"more":{{foreign}},"other":{{foreign}},"adGroupId":20,"keywordId":30,"searchTerm":"oak","x":{{foreign}},"impressions":5,"clicks":{{number}},"y":{{foreign}},"cost":0.5,"purchases7d":0,"unitsSoldClicks7d":0,"sales7d":0,"end":{{foreign}},"last":{{foreign}}}""";
        string[] foreign = ["1", "\"plain\"", "null", "\"a } ] { [ b\"", "\",\\\"clicks\\\":99,\"", "\"back\\\\\"", "{\"clicks\":99,\"cost\":7}", "[{\"campaignId\":99}]", $"\"{new string('z', 9_000)}\"", "-1.5e3"];
        var rows = foreign.Select((text, index) => Row(index, text)).ToList();

        // Whatever the first row teaches.
        for (var turn = 0; turn < rows.Count; turn++)
        {
            var turned = rows[turn..].Concat(rows[..turn]).ToList();
            var table = await ReportReader.ReadAsync(Dataset.SearchTermDay, new MemoryStream(Encoding.UTF8.GetBytes($"[{string.Join(',', turned)}]")), Ct);

            Assert.Equal(turned.Select(row => (long)rows.IndexOf(row)), table.Longs("clicks").ToArray());
            Assert.All(table.Longs("campaign_id").ToArray(), id => Assert.Equal(10, id));
            Assert.All(table.Longs("cost").ToArray(), cost => Assert.Equal(500_000, cost));
        }
    }

    [Fact]
    public async Task A_search_of_Sponsored_Brands_that_names_no_keyword_is_its_ad_groups_and_no_broken_row()
    {
        static string Row(string keyword, string term, int clicks) =>
            $$"""{"date":"2026-09-01","campaignId":10,"adGroupId":20,{{keyword}}"searchTerm":"{{term}}","impressions":5,"clicks":{{clicks}},"cost":0.5,"purchases":0,"unitsSold":0,"sales":0}""";
        var named = Row("\"keywordId\":30,", "oak", 1);
        var nobody = Row("\"keywordId\":null,", "elm", 2);
        var silent = Row("", "fir", 4);

        // Whichever comes first teaches the bytes of the rest.
        foreach (var rows in new[] { new[] { named, nobody, silent, named, nobody }, [nobody, named, nobody, silent, named], [silent, named, silent, nobody, nobody, named] })
        {
            var table = await ReportReader.ReadAsync(Dataset.BrandsSearchTermDay, new MemoryStream(Encoding.UTF8.GetBytes($"[{string.Join(',', rows)}]")), Ct);

            Assert.Equal(rows.Length, table.Rows);
            var (terms, targets, groups) = (table.Texts("search_term"), table.Longs("target_id").ToArray(), table.Longs("ad_group_id").ToArray());
            Assert.All(Enumerable.Range(0, table.Rows), row => Assert.Equal((terms[row] == "oak" ? 30 : 0, 20L), (targets[row], groups[row])));
        }

        // An id that is there and none is still wrong, and so is a row of Sponsored Products without one.
        await Assert.ThrowsAsync<AmazonDocumentException>(() => ReportReader.ReadAsync(Dataset.BrandsSearchTermDay, new MemoryStream(Encoding.UTF8.GetBytes($"[{Row("\"keywordId\":0,", "oak", 1)}]")), Ct));
        await Assert.ThrowsAsync<AmazonDocumentException>(() => ReportReader.ReadAsync(Dataset.SearchTermDay, new MemoryStream(Encoding.UTF8.GetBytes($"[{Good.Replace("\"keywordId\":30", "\"keywordId\":null", StringComparison.Ordinal)}]")), Ct));
    }

    [Theory]
    [InlineData("<html>not a report</html>")]
    [InlineData("{\"code\":\"400\"}")]
    [InlineData("[1,2]")]
    [InlineData("[" + Good + Good + "]")]
    [InlineData("[" + Good + "] []")]
    [InlineData("[" + Good + ",]")]
    public async Task What_is_no_report_is_refused(string document) =>
        await Assert.ThrowsAsync<AmazonDocumentException>(() => ReportReader.ReadAsync(Dataset.SearchTermDay, new MemoryStream(Encoding.UTF8.GetBytes(document)), Ct));

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[" + Good)]
    [InlineData("[" + Good + ",{\"date\":\"20")]
    public async Task A_cut_document_is_never_taken_for_a_short_one(string document) =>
        await Assert.ThrowsAsync<EndOfStreamException>(() => ReportReader.ReadAsync(Dataset.SearchTermDay, new MemoryStream(Encoding.UTF8.GetBytes(document)), Ct));

    [Fact]
    public async Task Places_outside_amazon_are_left_out_and_unknown_ones_refused()
    {
        static string Placement(string name) => $$"""{"date":"2026-09-01","campaignId":10,"placementClassification":"{{name}}","impressions":5,"clicks":1,"cost":0.5,"purchases7d":0,"unitsSoldClicks7d":0,"sales7d":0}""";
        var document = $"[{Placement("Top of Search on-Amazon")},{Placement("Off Amazon")},{Placement("Detail Page on-Amazon")},{Placement("Other on-Amazon")}]";

        var table = await ReportReader.ReadAsync(Dataset.PlacementDay, new MemoryStream(Encoding.UTF8.GetBytes(document)), Ct);

        Assert.Equal([(int)Core.Advertising.Placement.TopOfSearch, (int)Core.Advertising.Placement.ProductPages, (int)Core.Advertising.Placement.RestOfSearch], table.Ints("placement").ToArray());
        await Assert.ThrowsAsync<AmazonDocumentException>(() => ReportReader.ReadAsync(Dataset.PlacementDay, new MemoryStream(Encoding.UTF8.GetBytes($"[{Placement("The Moon")}]")), Ct));
    }

    [Theory]
    [InlineData("0.1", 100_000)]
    [InlineData("0.6100000000000001", 610_000)]
    [InlineData("0.0000005", 0)]
    [InlineData("0.0000015", 2)]
    [InlineData("12345678.123456", 12_345_678_123_456)]
    [InlineData("1.5E2", 150_000_000)]
    [InlineData("-3", -3_000_000)]
    public void Money_is_exact_to_the_millionth(string digits, long micros)
    {
        Assert.True(Utf8Amounts.TryMicros(Encoding.UTF8.GetBytes(digits), out var read));
        Assert.Equal(micros, read);
    }

    [Fact]
    public void Money_agrees_with_decimal_for_any_digits() => Gen.Select(Gen.Long[0, 999_999_999], Gen.Int[0, 999_999_999], Gen.Int[1, 9]).Sample((whole, fraction, digits) =>
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{whole}.{fraction.ToString("D9", CultureInfo.InvariantCulture)[..digits]}");
        return Utf8Amounts.TryMicros(Encoding.UTF8.GetBytes(text), out var micros) && micros == (long)decimal.Round(decimal.Parse(text, CultureInfo.InvariantCulture) * 1_000_000m, 0, MidpointRounding.ToEven);
    });

    private static string Render(Row[] rows, int order, bool spaced, bool foreign)
    {
        var culture = CultureInfo.InvariantCulture;
        var lines = rows.Select((row, index) =>
        {
            var columns = new List<string>
            {
                $"\"date\":\"{Start.AddDays(row.Day):yyyy-MM-dd}\"", $"\"campaignId\":{row.Campaign}", $"\"adGroupId\":\"{row.Group}\"", $"\"keywordId\":{row.Target}", $"\"searchTerm\":{JsonSerializer.Serialize(row.Term)}",
                $"\"impressions\":{row.Impressions}", $"\"clicks\":{row.Clicks}", $"\"cost\":{Amount(row.Cost)}", $"\"purchases7d\":{row.Orders}", $"\"unitsSoldClicks7d\":{row.Units}", $"\"sales7d\":{Amount(row.Sales)}",
            };
            if (foreign) columns.Insert(3, index % 7 == 6 ? "\"extra\":{\"clicks\":[{\"clicks\":-5}]}" : "\"buyerName\":\"never \\\"kept\\\"\",\"roasClicks7d\":null");
            // Most rows alike, some not: both ways of reading take part.
            if (index % 5 == 4) columns.Reverse();
            for (var turn = 0; turn < order; turn++) (columns[turn], columns[^(turn + 1)]) = (columns[^(turn + 1)], columns[turn]);
            return "{" + string.Join(spaced ? " , " : ",", columns) + "}";
        });
        return (spaced ? " [ " : "[") + string.Join(spaced ? ",\n" : ",", lines) + (spaced ? " ]\n" : "]");

        string Amount(long micros) => (micros / 1_000_000m).ToString(culture);
    }
}
