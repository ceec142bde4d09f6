using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MiniExcelLibs;
using static Microsoft.Playwright.Assertions;

namespace Autonoomi.EndToEnd.Tests;

/// <summary>The grids of all levels in a real browser.</summary>
public sealed class GridsTests(Demo demo)
{
    [Fact]
    public async Task From_a_campaign_to_its_ad_groups_targets_and_search_terms_with_period_and_the_way_back()
    {
        await using var visit = await demo.OpenAsync("/");
        var page = visit.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Campaigns", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Campaigns", Level = 1 })).ToBeVisibleAsync();
        await visit.GoAsync("/campaigns?days=60&ad=SponsoredProducts");
        var first = page.Locator("#campaign-grid tbody tr[aria-rowindex='2']");
        var name = (await first.Locator(".name").InnerTextAsync()).Trim();
        var spend = Number(await first.Locator("td").Nth(4).InnerTextAsync());

        // Enter follows the row.
        await page.Locator("#campaign-grid td[tabindex='0']").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Arrival.AtAsync(page, "/ad-groups?in=");
        await Expect(page).ToHaveURLAsync(new Regex("days=60"));
        await Expect(page.Locator(".crumbs ol")).ToContainTextAsync(name);
        Assert.InRange(Number(await page.Locator("[data-total=spend]").InnerTextAsync()) - spend, -1m, 1m);

        await page.Locator("#ad-group-grid tbody tr[aria-rowindex='2'] .name").ClickAsync();
        await Arrival.AtAsync(page, "/targets?in=");
        await Expect(page.Locator("#target-grid tbody tr[aria-rowindex]").First).ToBeVisibleAsync();
        Assert.All(await page.Locator("#target-grid tbody tr[aria-rowindex] td:nth-child(2)").AllInnerTextsAsync(), campaign => Assert.Equal(name, campaign.Trim()));
        await page.GetByRole(AriaRole.Group, new() { Name = "Level" }).GetByRole(AriaRole.Link, new() { Name = "Search terms" }).ClickAsync();
        await Arrival.AtAsync(page, "/search-terms?in=");
        await Expect(page.Locator("#search-term-grid tbody tr[aria-rowindex]").First).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Regex("days=60"));
        await page.Locator(".crumbs ol").GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await Arrival.AtAsync(page, "/ad-groups?in=");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_typed_filter_and_chosen_columns_stand_in_the_address_and_both_files_hold_what_is_seen()
    {
        await using var visit = await demo.OpenAsync("/search-terms");
        var page = visit.Page;
        await Expect(page.Locator("#search-term-grid td[tabindex='0']")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("f");
        await page.Locator("[data-filter=clicks]").FillAsync("many");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Clicks: Write a number");
        await page.Locator("[data-filter=clicks]").FillAsync(">=5");
        await page.Keyboard.PressAsync("Tab");
        await Arrival.AtAsync(page, "clicks=%3E%3D5");
        await page.Locator("#search-term-columns summary").ClickAsync();
        await page.Locator("#search-term-columns").GetByLabel("CTR").UncheckAsync();
        await Arrival.AtAsync(page, "cols=");
        Assert.Empty(await visit.AccessibilityAsync());
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("[data-sort=clicks]").ClickAsync();
        await Arrival.AtAsync(page, "sort=clicks");

        // The same after coming back by the address alone.
        await page.ReloadAsync();
        await visit.ReadyAsync();
        var heads = (await page.Locator("#search-term-grid th").AllInnerTextsAsync()).Select(head => head.Trim()).ToList();
        Assert.DoesNotContain("CTR", heads);
        var rows = page.Locator("#search-term-grid tbody tr[aria-rowindex]");
        var shown = (await rows.Locator("td:first-child").AllInnerTextsAsync()).Take(20).Select(text => text.Trim()).ToList();
        var count = int.Parse(Regex.Match(await page.Locator("#search-term-count").InnerTextAsync(), "^[0-9,]+").Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        var clicks = heads.IndexOf("Clicks");
        Assert.All(await rows.Locator($"td:nth-child({clicks + 1})").AllInnerTextsAsync(), cell => Assert.True(Number(cell) >= 5));

        var csv = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await csv.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal(heads.Append("Currency"), lines[0].Split(','));
        Assert.Equal(count, lines.Length - 1);
        Assert.Equal(shown, lines.Skip(1).Take(shown.Count).Select(line => line.Split('"')[1]));

        var xlsx = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export XLSX" }).ClickAsync());
        await using var file = File.OpenRead(await xlsx.PathAsync());
        var cells = file.Query(useHeaderRow: true).Cast<IDictionary<string, object?>>().ToList();
        Assert.Equal(heads.Append("Currency"), cells[0].Keys);
        Assert.Equal(count, cells.Count);
        Assert.Equal(shown, cells.Take(shown.Count).Select(row => Convert.ToString(row["Search term"], CultureInfo.InvariantCulture)));
        Assert.Equal(Number(await page.Locator("[data-total=clicks]").InnerTextAsync()), cells.Sum(row => Convert.ToDecimal(row["Clicks"], CultureInfo.InvariantCulture)));
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Rows_are_chosen_by_keyboard_with_shift_or_all_that_match_and_go_to_the_clipboard()
    {
        await using var visit = await demo.OpenAsync("/targets?match=Exact&cols=match,spend,clicks");
        var page = visit.Page;
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var all = Regex.Match(await page.Locator("#target-count").InnerTextAsync(), "^[0-9,]+").Value;
        await page.Locator("#target-grid td[tabindex='0']").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#target-picked")).ToHaveTextAsync($"1 of {all} chosen");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await Expect(page.Locator("#target-picked")).ToHaveTextAsync($"3 of {all} chosen");
        await page.Locator("#target-grid tr[aria-rowindex='7'] .tick").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(page.Locator("#target-picked")).ToHaveTextAsync($"6 of {all} chosen");
        Assert.Empty(await visit.AccessibilityAsync());

        await page.Locator("#target-grid td[tabindex='0']").FocusAsync();
        await page.Keyboard.PressAsync("Control+c");
        var lines = (await page.EvaluateAsync<string>("""
            async () => {
                for (let tries = 0; tries < 200; tries++) {
                    const text = await navigator.clipboard.readText();
                    if (text.startsWith('Target\tMatch\tSpend\tClicks')) return text;
                    await new Promise(done => setTimeout(done, 50));
                }
                return '';
            }
            """)).TrimEnd('\n').Split('\n');
        Assert.Equal(7, lines.Length);
        Assert.Equal((await page.Locator("#target-grid tbody .name").AllInnerTextsAsync()).Take(6).Select(name => name.Trim()), lines.Skip(1).Select(line => line.Split('\t')[0]));

        // All that match the filter, not only what is seen; what another filter hides is let go.
        await page.Locator("#target-pick-all").ClickAsync();
        await Expect(page.Locator("#target-picked")).ToHaveTextAsync($"{all} of {all} chosen");
        await page.Locator("#target-pick-none").ClickAsync();
        await Expect(page.Locator("#target-picked")).ToHaveCountAsync(0);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_view_is_saved_under_a_name_opens_the_page_as_default_and_is_deleted()
    {
        await using var visit = await demo.OpenAsync("/negatives?match=Exact");
        var page = visit.Page;
        var filtered = await page.Locator("#negative-count").InnerTextAsync();
        await page.Locator("#views summary").ClickAsync();
        await page.Locator("#view-name").FillAsync("Exact ones");
        await page.Locator("#view-save").ClickAsync();
        await Expect(page.Locator("#views summary")).ToHaveTextAsync("Exact ones");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make Exact ones the default" }).ClickAsync();
        await Expect(page.Locator("#views .view-line").First).ToContainTextAsync("default");
        Assert.Empty(await visit.AccessibilityAsync());

        await visit.GoAsync("/negatives");
        await Expect(page.Locator("#negative-count")).ToHaveTextAsync(filtered);
        await page.Locator("#negative-match").SelectOptionAsync("");
        await Expect(page.Locator("#views summary")).ToHaveTextAsync("Views");
        await page.Locator("#views summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete Exact ones" }).ClickAsync();
        await Expect(page.Locator("#views")).Not.ToContainTextAsync("Exact ones");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_bid_is_typed_over_and_many_are_raised_with_a_preview_and_written_in_one_run()
    {
        await using var visit = await demo.OpenAsync("/targets?ad=SponsoredProducts&state=Enabled&cols=bid,spend&sort=spend");
        var page = visit.Page;
        var bid = page.Locator("#target-grid tr[aria-rowindex='2'] td[data-edit='bid']");
        var before = Number(await bid.InnerTextAsync());

        // Escape leaves it alone; what is no formula is told.
        await page.Locator("#target-grid td[tabindex='0']").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("9");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".type-over")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("=");
        await page.Keyboard.TypeAsync("y");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Bid: Write an amount");

        await page.Keyboard.PressAsync("-");
        await page.Keyboard.TypeAsync("0.03");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#grid-preview-title")).ToHaveTextAsync("1 change to write");
        await Expect(page.Locator("#grid-preview tbody")).ToContainTextAsync((before - 0.03m).ToString("0.00", CultureInfo.InvariantCulture));
        Assert.Empty(await visit.AccessibilityAsync());
        await page.Locator("#grid-write").ClickAsync();
        await Expect(page.Locator("#grid-preview [role=status]")).ToContainTextAsync("1 change is being written to Amazon in one run");
        await page.Locator("#grid-preview").GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(bid).ToContainTextAsync((before - 0.03m).ToString("0.00", CultureInfo.InvariantCulture), new() { Timeout = 60_000 });

        // Three rows at once: one run for the lot.
        await page.Locator("#target-grid tr[aria-rowindex='3'] .tick").ClickAsync();
        await page.Locator("#target-grid tr[aria-rowindex='5'] .tick").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await page.Locator("#target-bulk-how").SelectOptionAsync("bid:Lower");
        await page.Locator("#target-bulk-value").FillAsync("10");
        await page.Locator("#target-bulk-preview").ClickAsync();
        await Expect(page.Locator("#grid-preview-title")).ToHaveTextAsync("3 changes to write");
        await Expect(page.Locator("#grid-preview")).ToContainTextAsync("These rows spent $");
        await page.Locator("#grid-preview").GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.Locator("#grid-preview")).ToBeHiddenAsync();
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData("/products", "product", "Product")]
    [InlineData("/placements", "placement", "Adjustment")]
    [InlineData("/negatives", "negative", "Holds in")]
    [InlineData("/brand-analytics", "search", "Targeted")]
    public async Task A_page_shows_rows_sorts_them_and_says_when_nothing_matches(string path, string row, string head)
    {
        await using var visit = await demo.OpenAsync(path);
        var page = visit.Page;
        await Expect(page.Locator($"#{row}-grid thead")).ToContainTextAsync(head);
        await Expect(page.Locator($"#{row}-grid tbody tr[aria-rowindex]").First).ToBeVisibleAsync();

        var sort = page.Locator($"#{row}-grid th button").First;
        await sort.ClickAsync();
        await Expect(page.Locator($"#{row}-grid th").First).ToHaveAttributeAsync("aria-sort", new Regex("ascending|descending"));
        await page.Locator($"#{row}-filter").FillAsync("zzzzzz");
        await Expect(page.GetByText($"No {row} matches the filter.")).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    private static decimal Number(string shown) => decimal.Parse(shown.Replace("$", "", StringComparison.Ordinal).Replace('−', '-').Trim(), NumberStyles.Number, CultureInfo.InvariantCulture);
}
