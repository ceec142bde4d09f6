using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Autonoomi.EndToEnd.Tests;

public sealed partial class OverviewTests(Demo demo)
{
    [Fact]
    public async Task The_overview_says_what_ads_earned_and_shows_six_figures()
    {
        await using var visit = await demo.OpenAsync("/");

        await Expect(visit.Page.Locator("#headline")).ToContainTextAsync(EarnedOrLost());
        await Expect(visit.Page.Locator(".tile")).ToHaveCountAsync(6);
        foreach (var figure in await visit.Page.Locator(".tile .figure").AllInnerTextsAsync()) Assert.Matches(@"\d", figure);
        await Expect(visit.Page.Locator(".demo-banner")).ToHaveTextAsync("Pretend Amazon: simulated data");
    }

    [Fact]
    public async Task A_period_of_seven_days_changes_the_figures_and_the_address()
    {
        await using var visit = await demo.OpenAsync("/");
        var before = await visit.Page.Locator(".tile .figure").AllInnerTextsAsync();

        await visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "Period" }).GetByRole(AriaRole.Link, new() { Name = "7 d", Exact = true }).ClickAsync();

        await Expect(visit.Page.Locator("#headline")).ToContainTextAsync("7 days");
        Assert.EndsWith("?days=7", visit.Page.Url, StringComparison.Ordinal);
        Assert.NotEqual(before, await visit.Page.Locator(".tile .figure").AllInnerTextsAsync());
    }

    [Fact]
    public async Task Overview_profit_and_targets_say_the_same_of_the_same_days()
    {
        await using var visit = await demo.OpenAsync("/?days=30");
        var page = visit.Page;
        Task<string> Figure(string tile) => page.Locator(".tile", new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = tile, Exact = true }) }).Locator(".figure").InnerTextAsync();
        var (acos, tacos, profit) = (await Figure("ACoS"), await Figure("TACoS"), await Figure("Profit after costs"));
        Assert.Matches(@"^\d+\.\d%$", acos);

        await visit.GoAsync("/profit?days=30");
        await Expect(page.Locator("#statement-state")).ToContainTextAsync($"ACoS {acos},");
        await Expect(page.Locator("#statement-state")).ToContainTextAsync($"TACoS {tacos},");
        await Expect(page.Locator("#profit-parts tfoot td").Nth(2)).ToContainTextAsync(profit);

        await visit.GoAsync("/targets?days=30");
        await Expect(page.Locator("[data-total='acos']")).ToHaveTextAsync(acos);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task The_chart_is_drawn_and_has_the_same_days_as_a_table()
    {
        await using var visit = await demo.OpenAsync("/");

        await Expect(visit.Page.Locator(".chart canvas")).ToBeVisibleAsync();
        await visit.Page.Locator(".overview-columns").GetByText("Show as a table").ClickAsync();
        await Expect(visit.Page.Locator(".overview-columns .chart-table tbody tr")).ToHaveCountAsync(30);
        await visit.Page.Locator("#pace").GetByText("Show as a table").ClickAsync();
        Assert.InRange(await visit.Page.Locator("#pace .chart-table tbody tr").CountAsync(), 28, 31);
    }

    [Fact]
    public async Task What_needs_somebody_leads_to_where_it_is_solved_and_causes_add_up()
    {
        await using var visit = await demo.OpenAsync("/");
        var page = visit.Page;

        Assert.InRange(await page.Locator("#needs li").CountAsync(), 1, 5);
        await Expect(page.Locator("#spend-quality")).ToHaveAttributeAsync("href", new Regex("^/targets"));
        await Expect(page.Locator("#fresh [data-source]")).ToHaveCountAsync(7);

        // Cents are shown below a thousand: every row of causes adds up to its change.
        foreach (var row in await page.Locator(".movers tbody tr, .movers tfoot tr").AllAsync())
        {
            var cells = (await row.Locator("td").AllInnerTextsAsync()).Select(Money).ToArray();
            Assert.True(Math.Abs(cells[0] - cells[1..].Sum()) <= (cells.Any(cell => Math.Abs(cell) >= 1000) ? 3 : 0.001m), string.Join(' ', cells));
        }

        await page.Locator("[data-need='approvals'] a").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Recommendations", Level = 1 })).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    private static decimal Money(string shown) => shown.Trim() is "–" or "" ? 0 : decimal.Parse(shown.Replace("$", "", StringComparison.Ordinal).Replace("−", "-", StringComparison.Ordinal).Replace("+", "", StringComparison.Ordinal), System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task The_theme_is_kept_after_loading_again()
    {
        await using var visit = await demo.OpenAsync("/");
        var bright = await Background(visit);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        Assert.NotEqual(bright, await Background(visit));
        await visit.GoAsync("/");

        Assert.NotEqual(bright, await Background(visit));
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Fact]
    public async Task Control_K_jumps_to_a_page()
    {
        await using var visit = await demo.OpenAsync("/");

        await visit.Page.Keyboard.PressAsync("Control+k");
        await visit.Page.Keyboard.TypeAsync("change");
        await visit.Page.Keyboard.PressAsync("Enter");

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Change log", Level = 1 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_box_finds_things_of_the_shop_and_tells_a_screen_reader_what_is_chosen()
    {
        await using var visit = await demo.OpenAsync("/");
        var page = visit.Page;

        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("hl-");
        var thing = page.Locator("#jump-list [role=option]", new() { HasText = "Product" }).First;
        await Expect(thing).ToBeVisibleAsync();
        await Expect(page.Locator("#jump-says")).ToContainTextAsync("found");
        await page.Keyboard.PressAsync("ArrowDown");
        var chosen = await page.Locator("#jump input[role=combobox]").GetAttributeAsync("aria-activedescendant");
        await Expect(page.Locator($"#{chosen}")).ToHaveAttributeAsync("aria-selected", "true");
        Assert.Empty(await visit.AccessibilityAsync());
        await thing.ClickAsync();
        await Arrival.AtAsync(page, "/economics?q=");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Letters_go_to_pages_are_listed_and_can_be_switched_off()
    {
        await using var visit = await demo.OpenAsync("/");
        var page = visit.Page;

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("x");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Strategy and limits", Level = 1 })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Keys" })).ToBeVisibleAsync();
        Assert.Empty(await visit.AccessibilityAsync());
        await page.GetByLabel("Single letters do something.").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");

        await visit.GoAsync("/control");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.PressAsync("?");
        await page.EvaluateAsync("() => new Promise(done => setTimeout(done, 300))");
        Assert.EndsWith("/control", page.Url, StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("dialog[open]").CountAsync());
    }

    [Fact]
    public async Task On_a_phone_the_navigation_opens_and_closes()
    {
        await using var visit = await demo.OpenAsync("/", width: 390, height: 844);
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Targets" })).ToBeHiddenAsync();

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Open navigation" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Targets" }).ClickAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Targets", Level = 1 })).ToBeVisibleAsync();
    }

    private static Task<string> Background(Visit visit) => visit.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    // Playwright passes a pattern on to the page and knows few options.
    [GeneratedRegex("Ads (?:earned|lost) ", RegexOptions.None, 1000)]
    private static partial Regex EarnedOrLost();
}
