using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Autonoomi.EndToEnd.Tests;

public sealed class ProfitTests(Demo demo)
{
    [Fact]
    public async Task From_the_storefronts_statement_to_one_product_and_to_search_terms_and_a_file()
    {
        await using var visit = await demo.OpenAsync("/");
        var page = visit.Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "Profit", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Profit", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator("#statement tr.sum").Last).ToContainTextAsync("Contribution");
        await Expect(page.Locator("#statement")).ToContainTextAsync("Sponsored Products");
        await Expect(page.Locator("#profit-months tbody tr").First).ToBeVisibleAsync();
        Assert.Empty(await visit.AccessibilityAsync());

        var product = page.Locator("#profit-parts tbody th a").First;
        var name = await product.TextContentAsync();
        await product.ClickAsync();
        await Expect(page.Locator("#statement-title")).ToContainTextAsync(name!.Trim());

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Split" }).GetByRole(AriaRole.Link, new() { Name = "Search term" }).ClickAsync();
        await Expect(page.Locator("#parts-title")).ToHaveTextAsync("By search term");
        Assert.True(await page.Locator("#profit-parts tbody tr").CountAsync() > 5);
        await page.Locator("#profit-parts [data-sort='AdSpend']").ClickAsync();
        await Expect(page.Locator("#profit-parts th[aria-sort='descending']")).ToContainTextAsync("Ad spend");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export CSV" }).ClickAsync());
        Assert.StartsWith("profit-", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task On_a_phone_and_in_the_dark_it_reads_as_well()
    {
        await using var visit = await demo.OpenAsync("/profit", width: 390, height: 844, dark: true);

        await Expect(visit.Page.Locator("#statement tr.sum").Last).ToBeVisibleAsync();
        Assert.False(await visit.OverflowsAsync());
        Assert.Empty(await visit.AccessibilityAsync());
        Assert.Empty(visit.Complaints);
    }
}
