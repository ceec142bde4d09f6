using System.Text;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using CsCheck;
using MiniExcelLibs;

namespace Autonoomi.App.Tests.Economics;

public sealed class CostFileTests
{
    private static readonly DateOnly Today = new(2026, 3, 1);
    private static readonly Currency Usd = new("USD");

    [Theory]
    [InlineData("sku,cost_of_goods\nA,1.50\nB,2\n")]
    [InlineData("sku;cost_of_goods\nA;1.50\nB;2\n")]
    [InlineData("sku\tcost_of_goods\nA\t1.50\nB\t2\n")]
    [InlineData("sku;cost_of_goods\r\nA;1,50\r\nB;2\r\n")]
    [InlineData("sku\tcost_of_goods\nA\t1,50\nB\t2")]
    [InlineData("sku,cost_of_goods\nA,\"1,50\"\nB,2\n")]
    [InlineData("sep=;\nsku;cost_of_goods\nA;1,5\nB;2\n")]
    [InlineData("\n\nSKU , Cost of goods\n\n A ,1.5\n,\nB,2\n\n")]
    [InlineData("\"sku\",\"Cost-Of-Goods\",title\n\"A\",\"1.5\",\"=1+1 is never looked at\"\n\"B\",\"2.0\",x\n")]
    [InlineData("cost_of_goods,colour,sku\n1.5,red,A\n2,,B\n")]
    public void Separators_decimal_marks_and_headings_are_understood(string text)
    {
        var file = Read(text);

        Assert.Equal([], file.Problems);
        Assert.Equal([("A", 1.5m), ("B", 2m)], file.Costs.Select(cost => (cost.Sku.Value, cost.CostOfGoods.Amount)));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_heading() =>
        Assert.Single(CostFile.Read(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes("sku,cost_of_goods\nA,1\n")).ToArray(), Context()).Costs);

    [Fact]
    public void All_columns_are_read()
    {
        var cost = Assert.Single(Read("sku,cost_of_goods,inbound_per_unit,target_margin,lead_time_days,valid_from\nA,7.25,0.4,15%,45,2026-02-01\n").Costs);

        Assert.Equal(new ProductCost(new Sku("A"), new DateOnly(2026, 2, 1), new Money(7.25m, Usd), new Money(0.4m, Usd), 0.15, 45), cost);
    }

    [Fact]
    public void Absent_and_empty_cells_keep_what_was_known()
    {
        var known = new ProductCost(new Sku("A"), new DateOnly(2026, 1, 1), new Money(5m, Usd), new Money(0.7m, Usd), 0.2, 60);
        var context = Context() with { Current = new Dictionary<string, ProductCost> { ["A"] = known } };

        var absent = CostFile.Read("sku,cost_of_goods\nA,6\n"u8.ToArray(), context);
        var empty = CostFile.Read("sku,cost_of_goods,inbound_per_unit,target_margin,lead_time_days,valid_from\nA,6,,,,\nB,1,,,,\n"u8.ToArray(), context);

        Assert.Equal(known with { From = Today, CostOfGoods = new Money(6m, Usd) }, Assert.Single(absent.Costs));
        Assert.Equal(absent.Costs[0], empty.Costs[0]);
        Assert.Equal(new ProductCost(new Sku("B"), Today, new Money(1m, Usd), new Money(0m, Usd), null, 30), empty.Costs[1]);
    }

    [Fact]
    public void One_product_may_have_costs_from_several_days() =>
        Assert.Equal(2, Read("sku,cost_of_goods,valid_from\nA,1,2026-01-01\nA,2,2026-02-01\n").Costs.Count);

    public static TheoryData<string, int?, string?, string, string> BadRows => new()
    {
        // file, row, field, words of the rule, words of the fix
        { "", null, null, "empty", "first row names the columns" },
        { "\n\n \n", null, null, "empty", "first row names the columns" },
        { "sku,cost_of_goods\n", null, null, "no row", "one row per product" },
        { "sku,price\nA,1\n", 1, "cost_of_goods", "column is missing", "heading cost_of_goods" },
        { "cost_of_goods\n1\n", 1, "sku", "column is missing", "heading sku" },
        { "A,1\nB,2\n", 1, "sku", "column is missing", "heading sku" },
        { "sku,cost_of_goods,SKU\nA,1,A\n", 1, "sku", "stands twice", "Keep one column" },
        { "sku,cost_of_goods\nA,-4\n", 2, "cost_of_goods", "below zero", "zero or more" },
        { "sku,cost_of_goods\nA,1\nB,-0.01\n", 3, "cost_of_goods", "below zero", "zero or more" },
        { "sku,cost_of_goods,inbound_per_unit\nA,1,-2\n", 2, "inbound_per_unit", "below zero", "zero or more" },
        { "sku,cost_of_goods\nNOPE,4\n", 2, "sku", "'NOPE' is not among the 3 products", "Check capitals" },
        { "sku,cost_of_goods\na,4\n", 2, "sku", "'a' is not among", "Check capitals" },
        { "sku,cost_of_goods\n,4\n", 2, "sku", "empty", "Seller Central" },
        { "sku,cost_of_goods\nA,\n", 2, "cost_of_goods", "empty", "0 if there is none" },
        { "sku,cost_of_goods\nA\n", 2, "cost_of_goods", "empty", "0 if there is none" },
        { "sku,cost_of_goods\nA,=1+1\n", 2, "cost_of_goods", "starts like a formula (=)", "Paste values" },
        { "sku,cost_of_goods\nA,+5\n", 2, "cost_of_goods", "starts like a formula (+)", "Paste values" },
        { "sku,cost_of_goods\nA,-cmd\n", 2, "cost_of_goods", "starts like a formula (-)", "Paste values" },
        { "sku,cost_of_goods\n@SUM(A1),1\n", 2, "sku", "starts like a formula (@)", "Paste values" },
        { "sku,cost_of_goods\n\"\t=1\",1\n", 2, "sku", "starts like a formula (tab)", "Paste values" },
        { "sku,cost_of_goods\nA,\"\t1\"\n", 2, "cost_of_goods", "starts like a formula (tab)", "Paste values" },
        { "sku,cost_of_goods\n＝1+1,1\n", 2, "sku", "starts like a formula (＝)", "Paste values" },
        { "sku,cost_of_goods,valid_from\nA,1,=TODAY()\n", 2, "valid_from", "starts like a formula (=)", "Paste values" },
        { "sku,cost_of_goods,lead_time_days\nA,1,@x\n", 2, "lead_time_days", "starts like a formula (@)", "Paste values" },
        { "sku,cost_of_goods\nA,1\nB,2\nA,3\n", 4, "sku", "stands in row 2 already", "Keep one of the two rows" },
        { "sku,cost_of_goods\nA,cheap\n", 2, "cost_of_goods", "'cheap' is not a number", "without currency sign" },
        { "sku,cost_of_goods\nA,$5\n", 2, "cost_of_goods", "'$5' is not a number", "without currency sign" },
        { "sku,cost_of_goods\nA,1e3\n", 2, "cost_of_goods", "not a number", "without currency sign" },
        { "sku,cost_of_goods\nA,NaN\n", 2, "cost_of_goods", "not a number", "without currency sign" },
        { "sku,cost_of_goods\nA,٣\n", 2, "cost_of_goods", "not a number", "without currency sign" },
        { "sku,cost_of_goods\nA,2000000\n", 2, "cost_of_goods", "above one million", "one unit" },
        { "sku,cost_of_goods\nA,0.12345678\n", 2, "cost_of_goods", "more than six digits", "Round it" },
        { "sku;cost_of_goods\nA;1,5\nB;1.5\n", 3, "cost_of_goods", "different decimal marks", "the same way" },
        { "sku;cost_of_goods\nA;1.234\n", 2, "cost_of_goods", "a thousand or a fraction", "Choose the decimal mark" },
        { "sku,cost_of_goods\nA,1,50\n", 2, null, "3 cells, the heading 2", "decimal point" },
        { "sku,cost_of_goods,target_margin\nA,1,25\n", 2, "target_margin", "outside 0 to 0.9", "0.25 or as 25%" },
        { "sku,cost_of_goods,target_margin\nA,1,-0.1\n", 2, "target_margin", "outside 0 to 0.9", "0.25 or as 25%" },
        { "sku,cost_of_goods,lead_time_days\nA,1,400\n", 2, "lead_time_days", "0 to 365", "for example 30" },
        { "sku,cost_of_goods,lead_time_days\nA,1,2.5\n", 2, "lead_time_days", "0 to 365", "for example 30" },
        { "sku,cost_of_goods,lead_time_days\nA,1,-1\n", 2, "lead_time_days", "0 to 365", "for example 30" },
        { "sku,cost_of_goods,valid_from\nA,1,01/02/2026\n", 2, "valid_from", "year-month-day", "2026-03-01" },
        { "sku,cost_of_goods,valid_from\nA,1,1999-01-01\n", 2, "valid_from", "before 2000", "Check the year" },
        { "sku,cost_of_goods,valid_from\nA,1,2028-01-01\n", 2, "valid_from", "a year ahead", "Check the year" },
        { "sku,cost_of_goods\nA,\"1\n", 2, null, "never closed", "quotation marks" },
        { "sku,cost_of_goods\nA,1\"2\n", 2, null, "quotation mark", "quotation marks" },
        { "sku,cost_of_goods\nA,1\n\n\nB,-1\n", 5, "cost_of_goods", "below zero", "zero or more" },
        { "sep=;\nsku;cost_of_goods\nA;-1\n", 3, "cost_of_goods", "below zero", "zero or more" },
    };

    [Theory, MemberData(nameof(BadRows))]
    public void A_bad_file_is_refused_whole_and_names_row_field_rule_and_fix(string text, int? row, string? field, string rule, string fix)
    {
        var file = Read(text);

        Assert.Empty(file.Costs);
        var problem = file.Problems[0];
        Assert.Equal((row, field), (problem.Row, problem.Field));
        Assert.Contains(rule, problem.Rule, StringComparison.Ordinal);
        Assert.Contains(fix, problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void One_wrong_row_among_good_ones_leaves_nothing_to_store()
    {
        var file = Read("sku,cost_of_goods\nA,1\nB,-1\nC,2\n");

        Assert.False(file.IsValid);
        Assert.Empty(file.Costs);
        Assert.Equal("Row 3, cost_of_goods: -1 is below zero. Costs are written as amounts of zero or more.", Assert.Single(file.Problems).ToString());
    }

    [Theory]
    [InlineData("1.234", DecimalMark.Point, 1.234)]
    [InlineData("1.234", DecimalMark.Comma, 1234)]
    [InlineData("\"1,234\"", DecimalMark.Comma, 1.234)]
    [InlineData("\"1,234\"", DecimalMark.Point, 1234)]
    [InlineData("\"1.234,5\"", DecimalMark.Comma, 1234.5)]
    [InlineData("\"12,345.67\"", DecimalMark.Point, 12345.67)]
    public void A_declared_decimal_mark_decides(string cell, DecimalMark mark, double expected) =>
        Assert.Equal((decimal)expected, Assert.Single(CostFile.Read(Encoding.UTF8.GetBytes($"sku,cost_of_goods\nA,{cell}\n"), Context() with { Mark = mark }).Costs).CostOfGoods.Amount);

    [Theory]
    [InlineData("1,5", DecimalMark.Point)]
    [InlineData("1.5", DecimalMark.Comma)]
    public void A_number_against_the_declared_mark_is_refused(string cell, DecimalMark mark) =>
        Assert.Contains("does not fit the decimal", CostFile.Read(Encoding.UTF8.GetBytes($"sku;cost_of_goods\nA;{cell}\n"), Context() with { Mark = mark }).Problems[0].Rule, StringComparison.Ordinal);

    [Fact]
    public void A_doubtful_number_follows_the_clear_ones()
    {
        var file = Read("sku;cost_of_goods\nA;1.234\nB;2,5\n");

        Assert.Equal([1234m, 2.5m], file.Costs.Select(cost => cost.CostOfGoods.Amount));
    }

    public static TheoryData<string, byte[]> WrongEncodings => new()
    {
        { "UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("sku,cost_of_goods\nA,1\n")] },
        { "UTF-16", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes("sku,cost_of_goods\nA,1\n")] },
        { "zero byte", Encoding.Unicode.GetBytes("sku,cost_of_goods\nA,1\n") },
        { "not written in UTF-8", Encoding.Latin1.GetBytes("sku,cost_of_goods\nA,1\nMÜTZE,2\n") },
        { "damaged", [0x50, 0x4B, 3, 4, 20, 0] },
    };

    [Theory, MemberData(nameof(WrongEncodings))]
    public void A_wrong_encoding_is_named_with_the_way_out(string rule, byte[] file)
    {
        var problem = Assert.Single(CostFile.Read(file, Context()).Problems);

        Assert.Contains(rule, problem.Rule, StringComparison.Ordinal);
        Assert.Contains("UTF-8", problem.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_a_workbook_leave_no_doubt_and_typed_texts_are_read_as_in_a_text_file()
    {
        var file = CostFile.Read(Workbook(["sku", "Cost of goods", "valid_from", "lead_time_days"], ["A", 1.234, new DateTime(2026, 2, 1), 45], ["B", "2,50", null, null], [null, null, null, null], ["C", 1234, "2026-01-15", null]), Context());

        Assert.Equal([], file.Problems);
        Assert.Equal([("A", 1.234m, new DateOnly(2026, 2, 1), 45), ("B", 2.5m, Today, 30), ("C", 1234m, new DateOnly(2026, 1, 15), 30)], file.Costs.Select(cost => (cost.Sku.Value, cost.CostOfGoods.Amount, cost.From, cost.LeadTimeDays)));
    }

    [Fact]
    public void A_faulty_workbook_names_row_field_rule_and_fix_and_keeps_its_good_rows_apart()
    {
        var file = CostFile.Read(Workbook(["sku", "cost_of_goods"], ["A", 4.5], ["NOPE", 3], ["B", "=1+1"], ["A", 9], ["C", -2], ["C", 2]), Context());

        Assert.False(file.IsValid);
        Assert.Empty(file.Costs);
        Assert.Equal([("A", 4.5m), ("C", 2m)], file.Good.Select(cost => (cost.Sku.Value, cost.CostOfGoods.Amount)));
        Assert.Equal(
            [(3, "sku"), (4, "cost_of_goods"), (5, "sku"), (6, "cost_of_goods")],
            file.Problems.Select(problem => (problem.Row!.Value, problem.Field!)));
        Assert.StartsWith("Row 4, cost_of_goods: '=1+1' starts like a formula (=). Paste values", file.Problems[1].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[Content_Types].xml", 10)]
    [InlineData("xl/sharedStrings.xml", 140_000_000)]
    public void An_archive_that_is_no_workbook_or_unpacks_too_large_is_refused_in_words(string entry, int bytes)
    {
        using var stream = new System.IO.MemoryStream();
        using (var archive = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        using (var part = archive.CreateEntry(entry).Open())
        {
            var zeros = new byte[1_000_000];
            for (var left = bytes; left > 0; left -= zeros.Length) part.Write(zeros, 0, Math.Min(left, zeros.Length));
        }

        var problem = Assert.Single(CostFile.Read(stream.ToArray(), Context()).Problems);

        Assert.Contains(bytes > 1000 ? "larger than 128 MiB" : "cannot be read", problem.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_no_heading_names_are_guessed_and_read_as_a_person_says()
    {
        var bytes = Encoding.UTF8.GetBytes("Seller-SKU;Name;Unit cost (EUR);Freight\nA;Kettle;1,50;0,2\nB;Mug;2;\n");

        var first = CostFile.Read(bytes, Context());
        Assert.True(first.NeedsColumns);
        Assert.Equal(["Seller-SKU", "Name", "Unit cost (EUR)", "Freight"], first.Headings);
        Assert.Equal([("cost_of_goods", 2), ("inbound_per_unit", 3), ("sku", 0)], first.Columns.Select(column => (column.Key, column.Value)).Order());

        var said = CostFile.Read(bytes, Context(), first.Columns);
        Assert.Equal([("A", 1.5m, 0.2m), ("B", 2m, 0m)], said.Costs.Select(cost => (cost.Sku.Value, cost.CostOfGoods.Amount, cost.InboundPerUnit.Amount)));
        Assert.Equal(["Name"], said.Ignored);
        Assert.Contains("is chosen for sku already", CostFile.Read(bytes, Context(), new Dictionary<string, int> { ["sku"] = 0, ["cost_of_goods"] = 0 }).Problems[0].Rule, StringComparison.Ordinal);
        Assert.Contains("no such column", CostFile.Read(bytes, Context(), new Dictionary<string, int> { ["sku"] = 0, ["cost_of_goods"] = 9 }).Problems[0].Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_amazon_has_listed_the_products_any_sku_is_taken_and_no_formula()
    {
        var context = Context() with { Known = new HashSet<string>() };

        Assert.Equal("NEW-1", Assert.Single(CostFile.Read("sku,cost_of_goods\nNEW-1,3\n"u8.ToArray(), context).Costs).Sku.Value);
        Assert.Contains("starts like a formula", Assert.Single(CostFile.Read("sku,cost_of_goods\n=NEW,3\n"u8.ToArray(), context).Problems).Rule, StringComparison.Ordinal);
    }

    private static byte[] Workbook(string[] headings, params object?[][] rows)
    {
        using var stream = new System.IO.MemoryStream();
        stream.SaveAs(rows.Select(row => headings.Zip(row).ToDictionary(cell => cell.First, cell => cell.Second!)));
        return stream.ToArray();
    }

    [Fact]
    public void The_row_of_the_first_wrong_letter_is_named() =>
        Assert.Equal(3, CostFile.Read(Encoding.Latin1.GetBytes("sku,cost_of_goods\nA,1\nMÜTZE,2\n"), Context()).Problems[0].Row);

    [Fact]
    public void A_file_above_ten_mebibytes_is_refused() =>
        Assert.Contains("10 MiB", Assert.Single(CostFile.Read(new byte[CostFile.MaximumBytes + 1], Context()).Problems).Rule, StringComparison.Ordinal);

    [Fact]
    public void Two_hundred_thousand_rows_are_read_and_one_more_is_refused()
    {
        var text = new StringBuilder("sku,cost_of_goods,valid_from\n");
        var context = Context() with { Known = Enumerable.Range(0, 200_001).Select(i => $"S{i}").ToHashSet() };
        for (var i = 0; i < 200_000; i++) text.Append('S').Append(i).Append(",1.5,\n");

        Assert.Equal(200_000, CostFile.Read(Encoding.UTF8.GetBytes(text.ToString()), context).Costs.Count);
        text.Append("S200000,1.5,\n");
        Assert.Contains("200,000", Assert.Single(CostFile.Read(Encoding.UTF8.GetBytes(text.ToString()), context).Problems).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_first_hundred_problems_are_kept_and_all_are_counted()
    {
        var file = Read("sku,cost_of_goods\n" + string.Concat(Enumerable.Repeat("X,-1\n", 5000)));

        Assert.Equal(100, file.Problems.Count);
        Assert.Equal(10_000, file.Total);
    }

    [Fact]
    public void Any_bytes_at_all_end_in_costs_or_words_never_in_an_exception() =>
        Gen.OneOf(Gen.Byte.Array[0, 300], Gen.OneOf<string>("sku,cost_of_goods\n", "A,", "1.5", "\"", ";", "\n", "=", "\t", "-", "é", "sep=;\n", "\r\n", "'", "%").Array[0, 40].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
            .Sample(bytes =>
            {
                var file = CostFile.Read(bytes, Context());
                return file.IsValid ? file.Costs.Count > 0 : file.Costs.Count == 0 && file.Problems.Count > 0;
            }, iter: 3000);

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@x")]
    [InlineData("\tx")]
    [InlineData("\rx")]
    [InlineData("＝x")]
    [InlineData(" =x")]
    public void What_goes_to_a_spreadsheet_never_calculates(string text) => Assert.StartsWith("\"'", SpreadsheetText.Cell(text), StringComparison.Ordinal);

    [Fact]
    public void A_sku_that_the_template_guarded_comes_back_as_it_is()
    {
        var context = Context() with { Known = new HashSet<string> { "=weird \"sku\"" } };

        var file = CostFile.Read(Encoding.UTF8.GetBytes($"sku,cost_of_goods\n{SpreadsheetText.Cell("=weird \"sku\"")},1\n"), context);

        Assert.Equal("=weird \"sku\"", Assert.Single(file.Costs).Sku.Value);
    }

    private static CostFile Read(string text) => CostFile.Read(Encoding.UTF8.GetBytes(text), Context());

    private static CostFileContext Context() => new(Usd, Today, DecimalMark.Detect, new HashSet<string> { "A", "B", "C" }, new Dictionary<string, ProductCost>());
}
