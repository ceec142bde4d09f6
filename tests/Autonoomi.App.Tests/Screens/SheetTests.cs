using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.App.Platform.Grid;
using Autonoomi.Core.Primitives;
using CsCheck;
using MiniExcelLibs;

namespace Autonoomi.App.Tests.Screens;

/// <summary>What every grid does, whatever its rows are.</summary>
public sealed class SheetTests
{
    private static readonly Currency Usd = new("USD");

    private static readonly Row[] Rows =
    [
        new("=cmd|calc", "Exact", 12_340_000, 0.25, 7), new("red kettle", "Broad", 500_000, null, 0), new("Blue kettle", "Exact", null, 0.31, 12), new("@home", "Phrase", -4_000_000, 0.1, 12), new("red mug", "Broad", 1_250_000_000, 1.5, 3),
    ];

    /// <summary>Condition and the rows that it leaves, in the sheet's order.</summary>
    public static TheoryData<string, string, int[]> Conditions => new()
    {
        { "name", "KETTLE", [1, 2] }, { "name", "kettle red", [1] }, { "kind", "Exact", [0, 2] }, { "kind", "exact, Phrase", [0, 2, 3] },
        { "cost", ">1", [0, 4] }, { "cost", "> $1,000", [4] }, { "cost", "<=0.5", [1, 3] }, { "cost", "12.34", [0] }, { "cost", "-4..0.5", [1, 3] }, { "cost", "none", [2] },
        { "share", ">25%", [2, 4] }, { "share", ">=25", [0, 2, 4] }, { "share", "10 .. 31", [0, 2, 3] }, { "share", "none", [1] }, { "count", "12", [2, 3] }, { "count", "<3", [1] },
    };

    [Theory, MemberData(nameof(Conditions))]
    public void A_condition_leaves_what_it_says(string column, string typed, int[] left)
    {
        var answer = Of(Rows).Ask(GridQuery.All.With(column, typed));

        Assert.Equal(left, answer.Rows.Order());
        Assert.Empty(answer.Refused);
    }

    [Theory]
    [InlineData("abc"), InlineData(">"), InlineData("5..x"), InlineData("10,5"), InlineData("1..2..3"), InlineData(".")]
    public void What_is_no_number_is_refused_with_the_rule_and_hides_no_row(string typed)
    {
        var answer = Of(Rows).Ask(GridQuery.All.With("cost", typed));

        Assert.Equal($"Cost: {Condition.NumberRule}", Assert.Single(answer.Refused).Value);
        Assert.Equal(Rows.Length, answer.Rows.Length);
    }

    [Fact]
    public void Rows_without_a_value_stand_last_both_ways_and_equal_ones_keep_their_order()
    {
        var sheet = Of(Rows);

        Assert.Equal([4, 0, 1, 3, 2], sheet.Ask(GridQuery.All).Rows);
        Assert.Equal([3, 1, 0, 4, 2], sheet.Ask(GridQuery.All with { Up = true }).Rows);
        Assert.Equal([2, 3, 0, 4, 1], sheet.Ask(GridQuery.All with { Sort = "count" }).Rows);
        Assert.Equal([0, 3, 2, 1, 4], sheet.Ask(GridQuery.All with { Sort = "name" }).Rows);
        Assert.Equal([1, 4, 0, 2, 3], sheet.Ask(GridQuery.All with { Sort = "kind" }).Rows);
    }

    [Fact]
    public void Sorting_and_filtering_agree_with_a_plain_reading_of_any_rows() =>
        Gen.Select(Gen.Select(Gen.Int[-5, 5], Gen.Bool, Gen.Int[0, 3]).Array[0, 60], Gen.Int[-6, 6], Gen.Bool).Sample((cells, bound, up) =>
        {
            var rows = cells.Select((cell, at) => new Row($"row {at}", cell.Item3 == 0 ? "Exact" : "Broad", cell.Item2 ? cell.Item1 * 1_000_000L : null, null, at)).ToArray();
            var asked = GridQuery.All.With("cost", $">={bound}").With("kind", "Broad") with { Up = up };

            var kept = Enumerable.Range(0, rows.Length).Where(row => rows[row].Cost >= bound * 1_000_000L && rows[row].Kind == "Broad");
            Assert.Equal(up ? kept.OrderBy(row => rows[row].Cost) : kept.OrderByDescending(row => rows[row].Cost), Of(rows).Ask(asked).Rows);
        });

    [Fact]
    public void The_address_holds_the_whole_view()
    {
        var text = Gen.String[Gen.Char[" aZ09=&?#+%.,<>äé'\""], 0, 12];
        var name = Gen.Int[0, 4].Select(at => new[] { "spend", "acos", "match", "even-tacos", "a1" }[at]);
        Gen.Select(text, name, text, name, Gen.Int[0, 2].Select(at => new bool?[] { null, true, false }[at]), Gen.Int[0, 2].Select(at => GridQuery.Periods[at]), Gen.Select(Gen.Long[1, 999_999_999], Gen.Int[0, 3])).Sample((words, column, condition, sort, up, days, within) =>
        {
            var query = (GridQuery.All with
            {
                Text = words, Sort = sort, Up = up, Days = days, Columns = days == 7 ? "spend,acos" : "", Campaign = within.Item2 > 0 ? within.Item1 : null, AdGroup = within.Item2 > 1 ? within.Item1 + 1 : null,
            }).With(column, condition);

            var read = GridQuery.Parse(query.ToParameters());
            Assert.Equal((query.Text, query.Sort, query.Up, query.Days, query.Columns, query.Campaign, query.AdGroup), (read.Text, read.Sort, read.Up, read.Days, read.Columns, read.Campaign, read.AdGroup));
            Assert.Equal(query.Filters, read.Filters);
        });
    }

    [Theory]
    [InlineData("?days=9&sort=<script>&cols=a%20b&in=x.y&order=sideways&SPEND=1")]
    [InlineData("?days=-7&sort=&in=99999999999999999999&cols=,,&q=")]
    public void What_an_address_does_not_mean_is_left_out(string address) => Assert.Equal("", GridQuery.Parse(address).ToParameters());

    [Fact]
    public void Columns_are_those_chosen_the_first_always_among_them_and_unknown_ones_left_out()
    {
        string[] Shown(string columns) => [.. Of(Rows).Shown(GridQuery.All with { Columns = columns }).Select(column => column.Id)];

        Assert.Equal(["name", "kind", "cost", "count"], Shown(""));
        Assert.Equal(["name", "share", "cost"], Shown("share,cost,share,wrong,name"));
    }

    [Fact]
    public async Task Both_files_hold_the_rows_and_columns_shown_and_text_that_looks_like_a_formula_stays_text()
    {
        var (sheet, query) = (Of(Rows), GridQuery.All.With("kind", "Exact,Phrase") with { Columns = "kind,cost,share,count", Sort = "name" });

        var lines = await SheetFiles.LinesAsync(sheet, query);
        Assert.Equal(["\uFEFFName,Kind,Cost,Share,Count,Currency", "\"'=cmd|calc\",Exact,12.34,0.25,7,USD", "\"'@home\",Phrase,-4,0.1,12,USD", "\"Blue kettle\",Exact,,0.31,12,USD"], lines);

        using var file = await SheetFiles.XlsxAsync(sheet, query);
        var cells = file.Query(useHeaderRow: true).Cast<IDictionary<string, object?>>().ToList();
        Assert.Equal(["Name", "Kind", "Cost", "Share", "Count", "Currency"], cells[0].Keys);
        Assert.Equal(lines.Skip(1).Select(line => line.Replace("\"", "", StringComparison.Ordinal)), cells.Select(row => string.Join(',', row.Values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)))));

        using var empty = await SheetFiles.XlsxAsync(sheet, query with { Text = "nothing" });
        Assert.Equal("Name", Assert.IsAssignableFrom<IDictionary<string, object?>>((object)empty.Query().First())["A"]);
    }

    [Fact]
    public void Copied_rows_are_tab_separated_with_heads_and_calculate_nowhere() =>
        Assert.Equal("Name\tCost\n'=cmd|calc\t12.34\nBlue kettle\t\n", GridFiles.Tabbed(Of(Rows), GridQuery.All with { Columns = "cost" }, [0, 2]));

    private static Sheet Of(Row[] rows) => new(rows.Length, Usd,
    [
        GridColumn.OfText("name", "Name", 200, row => rows[row].Name),
        GridColumn.OfBadge("kind", "Kind", 90, ImmutableArray.Create("Exact", "Phrase", "Broad").Select(kind => new BadgeWord(kind, kind)), row => rows[row].Kind),
        GridColumn.OfMoney("cost", "Cost", 90, row => rows[row].Cost),
        GridColumn.OfPercent("share", "Share", 90, row => rows[row].Share) with { IsShown = false },
        GridColumn.OfCount("count", "Count", 90, row => rows[row].Count),
    ])
    {
        Find = row => rows[row].Name, Id = row => row, Sort = "cost", Totals = _ => [],
    };

    private sealed record Row(string Name, string Kind, long? Cost, double? Share, int Count);
}
