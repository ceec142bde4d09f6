using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Autonoomi.EndToEnd.Tests;

public sealed partial class TargetsTests(Demo demo)
{
    [Fact]
    public async Task Sorting_by_every_column_orders_the_rows()
    {
        await using var visit = await demo.OpenAsync("/targets");

        foreach (var (column, at) in new[] { ("orders", 10), ("clicks", 11), ("bid", 4), ("sales", 6) })
        {
            await visit.Page.Locator($"[data-sort={column}]").ClickAsync();
            await Expect(visit.Page.Locator($"th:has([data-sort={column}])")).ToHaveAttributeAsync("aria-sort", "descending");
            var shown = await ColumnAsync(visit, at);
            Assert.Equal(shown.OrderDescending(), shown);

            await visit.Page.Locator($"[data-sort={column}]").ClickAsync();
            await Expect(visit.Page.Locator($"th:has([data-sort={column}])")).ToHaveAttributeAsync("aria-sort", "ascending");
            shown = await ColumnAsync(visit, at);
            Assert.Equal(shown.Order(), shown);
        }
    }

    [Fact]
    public async Task A_filter_leaves_matching_rows_and_their_totals()
    {
        await using var visit = await demo.OpenAsync("/targets");
        var all = await visit.Page.Locator("#target-count").InnerTextAsync();

        await visit.Page.Locator("#target-match").SelectOptionAsync("Exact");
        await Expect(visit.Page.Locator("#target-count")).Not.ToHaveTextAsync(all);
        await Arrival.AtAsync(visit.Page, "/targets?match=Exact");

        var badges = await visit.Page.Locator("#target-grid tbody td:nth-child(4)").AllInnerTextsAsync();
        Assert.All(badges, badge => Assert.Equal("Exact", badge.Trim()));
        var file = await ExportAsync(visit);
        Assert.InRange(await TotalAsync(visit, "spend") - file.Sum(row => decimal.Parse(row[5], CultureInfo.InvariantCulture)), -0.51m, 0.51m);
        Assert.Equal(file.Sum(row => long.Parse(row[11], CultureInfo.InvariantCulture)), (long)await TotalAsync(visit, "clicks"));
    }

    [Fact]
    public async Task Three_ad_types_stand_side_by_side_and_one_can_be_chosen()
    {
        await using var visit = await demo.OpenAsync("/targets");
        var spend = await TotalAsync(visit, "spend");
        var all = await ExportAsync(visit);
        Assert.Equal(["Sponsored Brands", "Sponsored Display", "Sponsored Products"], all.Select(row => row[2]).Distinct().Order());

        var parts = 0m;
        foreach (var ad in new[] { "Products", "Brands", "Display" })
        {
            await visit.Page.Locator("#target-ad").SelectOptionAsync($"Sponsored{ad}");
            await Arrival.AtAsync(visit.Page, $"/targets?ad=Sponsored{ad}");
            // Rows give way one by one.
            await Expect(visit.Page.Locator("#target-grid tbody tr[aria-rowindex] td:nth-child(3)").Filter(new() { HasNotText = ad })).ToHaveCountAsync(0);
            await Expect(visit.Page.Locator("#target-grid tbody tr[aria-rowindex] td:nth-child(3)").First).ToHaveTextAsync(ad);
            Assert.All(await visit.Page.Locator("#target-grid tbody tr[aria-rowindex] td:nth-child(3)").AllInnerTextsAsync(), shown => Assert.Equal(ad, shown.Trim()));
            var part = await TotalAsync(visit, "spend");
            Assert.True(part > 0, $"Sponsored {ad} spent nothing");
            parts += part;
        }

        // Cents go from 1,000 up, once in each of four figures.
        Assert.InRange(spend - parts, -2.01m, 2.01m);
        Assert.Matches("^(settled|expected \\+[0-9.]+%)$", await visit.Page.Locator("[data-total=state]").InnerTextAsync());
        await visit.Page.Locator("#target-grid tbody tr[aria-rowindex]").First.ClickAsync();
        await Expect(visit.Page.Locator("#target-panel")).ToContainTextAsync("Sponsored Display");
        await Expect(visit.Page.Locator("#panel-settled")).ToHaveTextAsync(new Regex("settled|expected|orders may still come"));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Typing_filters_and_the_address_keeps_it()
    {
        await using var visit = await demo.OpenAsync("/targets");
        var name = (await visit.Page.Locator("#target-grid td .name").First.InnerTextAsync()).Trim();

        await visit.Page.Locator("#target-filter").FillAsync(name);
        await visit.Page.Keyboard.PressAsync("Tab");
        await Arrival.AtAsync(visit.Page, "/targets?q=");
        await visit.Page.ReloadAsync();
        await visit.ReadyAsync();

        Assert.Equal(name, await visit.Page.Locator("#target-filter").InputValueAsync());
        Assert.Contains(name, (await visit.Page.Locator("#target-grid tbody").InnerTextAsync()), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Nothing_matches_is_said()
    {
        await using var visit = await demo.OpenAsync("/targets?q=zzzzzz");

        await Expect(visit.Page.GetByText("No target matches the filter.")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("#target-count")).ToHaveTextAsync("0 targets");
    }

    [Fact]
    public async Task Scrolling_to_the_end_shows_the_last_row()
    {
        await using var visit = await demo.OpenAsync("/targets");
        var rows = await visit.Page.Locator("#target-grid table").GetAttributeAsync("aria-rowcount");

        await visit.Page.EvaluateAsync("() => { const grid = document.getElementById('target-grid'); grid.scrollTop = grid.scrollHeight; }");

        await Expect(visit.Page.Locator($"#target-grid tr[aria-rowindex='{rows}']")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Keys_move_and_enter_opens_what_is_known_about_the_target()
    {
        await using var visit = await demo.OpenAsync("/targets");
        await visit.Page.Locator("#target-grid td[tabindex='0']").FocusAsync();

        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        var name = (await visit.Page.Locator("#target-grid tr[aria-rowindex='4'] .name").InnerTextAsync()).Trim();
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page.Locator("#panel-title")).ToHaveTextAsync(name);
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Page.Locator("#target-panel")).ToBeHiddenAsync();
    }

    private static async Task<decimal[]> ColumnAsync(Visit visit, int at) =>
        [.. (await visit.Page.Locator($"#target-grid tr[aria-rowindex] td:nth-child({at + 1})").AllInnerTextsAsync()).Take(40).Select(Number)];

    private static async Task<decimal> TotalAsync(Visit visit, string which) => Number(await visit.Page.Locator($"[data-total={which}]").InnerTextAsync());

    private static decimal Number(string shown) => decimal.Parse(shown.Replace("$", "", StringComparison.Ordinal).Replace('−', '-').Trim(), NumberStyles.Number, CultureInfo.InvariantCulture);

    private static async Task<string[][]> ExportAsync(Visit visit)
    {
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByRole(AriaRole.Link, new() { Name = "Export CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        return [.. lines.Skip(1).Select(line => Cells().Matches(line).Select(cell => cell.Groups["cell"].Value.Trim('"')).ToArray())];
    }

    // Texts stand in quotes and may hold commas.
    [GeneratedRegex("(?:^|,)(?<cell>\"(?:[^\"]|\"\")*\"|[^,]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cells();
}
