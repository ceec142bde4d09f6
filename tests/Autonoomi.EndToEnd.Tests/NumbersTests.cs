using System.Globalization;
using System.IO;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace Autonoomi.EndToEnd.Tests;

/// <summary>
/// What stands on the pages, in their files and in their totals is what adds up from the stored rows: the rows are read from the demo's vault and added up here, row by row, by
/// nothing that the pages use.
/// </summary>
public sealed class NumbersTests(Demo demo)
{
    private const string Figures = "spend,sales,orders,clicks,impressions,units";

    private static readonly Dataset[] Targets = [Dataset.TargetDay, Dataset.BrandsTargetDay, Dataset.DisplayTargetDay];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, Dataset[], string[]> Sheets => new()
    {
        { "/campaigns", Targets, ["campaign_id"] },
        { "/ad-groups", Targets, ["ad_group_id"] },
        { "/targets", Targets, ["target_id"] },
        { "/search-terms", [Dataset.SearchTermDay, Dataset.BrandsSearchTermDay], ["campaign_id", "ad_group_id", "target_id", "search_term"] },
        { "/placements", [Dataset.PlacementDay, Dataset.BrandsPlacementDay], ["campaign_id", "placement"] },
    };

    [Theory, MemberData(nameof(Sheets))]
    public async Task Every_row_of_a_sheet_and_its_totals_add_up_from_the_stored_rows(string path, Dataset[] datasets, string[] keys)
    {
        await using var visit = await demo.OpenAsync($"{path}?days=30&cols={Figures}");
        var (span, rows) = await FileAsync(visit.Page);
        Assert.Equal(30, span.Days);

        var sums = await SumsAsync(datasets, keys, span);
        Assert.True(sums.Count > 3, $"{sums.Count} rows were stored");
        Assert.True(sums.Values.Sum(sum => sum[0]) > 0, "nothing was spent");

        // Rows without any figure stand on the page too; what they are of is the grids' own test.
        Assert.Equal(Written(sums.Values.Where(sum => sum.Any(value => value != 0))), Written(rows.Where(row => row.Any(value => value != 0))));
        foreach (var (name, at) in new[] { ("spend", 0), ("sales", 1), ("orders", 2), ("clicks", 3) })
        {
            var shown = await visit.Page.Locator($"[data-total={name}]").InnerTextAsync();
            Assert.InRange(Number(shown) - sums.Values.Sum(sum => sum[at]), -0.5m, 0.5m);
        }

        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task The_overviews_ad_figures_are_those_of_the_stored_rows()
    {
        await using var visit = await demo.OpenAsync("/targets?days=30&cols=spend");
        var (span, _) = await FileAsync(visit.Page);
        var sums = await SumsAsync(Targets, [], span);
        var (spend, sales) = (sums[""][0], sums[""][1]);

        await visit.GoAsync("/?days=30");
        Task<string> Figure(string tile) => visit.Page.Locator(".tile", new() { Has = visit.Page.GetByRole(AriaRole.Heading, new() { Name = tile, Exact = true }) }).Locator(".figure").InnerTextAsync();
        Assert.Equal((100 * spend / sales).ToString("0.0", CultureInfo.InvariantCulture) + "%", await Figure("ACoS"));
        Assert.InRange(Number(await Figure("Ad sales")) - sales, -0.5m, 0.5m);
    }

    private static string[] Written(IEnumerable<decimal[]> rows) => [.. rows.Select(row => string.Join(' ', row.Select(value => value.ToString("0.00", CultureInfo.InvariantCulture)))).Order(StringComparer.Ordinal)];

    private static decimal Number(string shown) => decimal.Parse(new string([.. shown.Where(letter => char.IsAsciiDigit(letter) || letter == '.')]), CultureInfo.InvariantCulture);

    /// <returns>The days of the page's file, and its rows without their names: spend, sales, orders, clicks, impressions, units.</returns>
    private static async Task<(DateSpan Span, List<decimal[]> Rows)> FileAsync(IPage page)
    {
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export CSV" }).ClickAsync());
        var dates = Path.GetFileNameWithoutExtension(file.SuggestedFilename)[^21..];
        var span = new DateSpan(DateOnly.Parse(dates[..10], CultureInfo.InvariantCulture), DateOnly.Parse(dates[11..], CultureInfo.InvariantCulture));
        var lines = await File.ReadAllLinesAsync(await file.PathAsync(), Stop);

        // Texts may hold commas: figures are counted from the end, before the currency.
        return (span, [.. lines.Skip(1).Select(line => line.Split(',')[..^1].TakeLast(Figures.Split(',').Length).Select(cell => decimal.TryParse(cell, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) ? value : 0).ToArray())]);
    }

    private async Task<Dictionary<string, decimal[]>> SumsAsync(Dataset[] datasets, string[] keys, DateSpan span)
    {
        var storage = new StorageSettings { Environment = DataEnvironment.Demo, DataFolder = Path.Combine(demo.Folder, "data"), KeyFolder = Path.Combine(demo.Folder, "keys") };
        var databases = new AppDbs(tenant => DataServices.Open(storage, tenant));
        using var chain = KeyChain.OpenOrCreate(storage.KeyFolder, storage.Tag, dataExists: true);
        await using var database = databases.System();
        var storefront = await database.Storefronts.AsNoTracking().FirstAsync(row => row.Active, Stop);
        var vault = await new SellerVaults(databases.System, chain).OpenAsync(new(storefront.Seller), Purpose.Show, Stop);
        var sums = new Dictionary<string, decimal[]>(StringComparer.Ordinal);
        foreach (var dataset in datasets)
        {
            var table = await vault.ReadAsync(dataset, new(storefront.Storefront), span, Stop);
            for (var row = 0; row < table.Rows; row++)
            {
                var key = string.Join('|', keys.Select(name => Cell(table, name, row)));
                if (!sums.TryGetValue(key, out var sum)) sums[key] = sum = new decimal[6];
                foreach (var (at, (name, per)) in new[] { ("cost", 1_000_000m), ("sales", 1_000_000m), ("orders", 1m), ("clicks", 1m), ("impressions", 1m), ("units", 1m) }.Index())
                    sum[at] += table.Longs(name)[row] / per;
            }
        }

        return sums;
    }

    private static string Cell(FactTable table, string name, int row) => table[table.Schema.IndexOf(name)] switch
    {
        LongColumn numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        IntColumn numbers => numbers.Values[row].ToString(CultureInfo.InvariantCulture),
        TextColumn text => text[row],
        _ => throw new NotSupportedException("A column of a new kind."),
    };
}
