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

    [Fact]
    public async Task A_reporting_currency_that_was_typed_stands_beside_the_storefronts_on_a_phone_in_the_dark_too()
    {
        await using var visit = await demo.OpenAsync("/economics");
        var page = visit.Page;
        await StoreAsync("EUR", "0.9225", "2020-01-01");
        await page.Locator("#rates").ScrollIntoViewIfNeededAsync();
        Assert.Empty(await visit.AccessibilityAsync());

        await visit.GoAsync("/profit");
        await Expect(page.Locator("#profit-rates")).ToContainTextAsync("Beside it in EUR, converted at 0.9225 since 2020-01-01; each day at its own rate.");
        await Expect(page.Locator("#statement thead")).ToContainTextAsync("In EUR");
        await Expect(page.Locator("#profit-parts tfoot .beside").First).ToContainTextAsync("€");
        Assert.Empty(await visit.AccessibilityAsync());

        await using (var phone = await demo.OpenAsync("/profit", width: 390, height: 844, dark: true))
        {
            await Expect(phone.Page.Locator("#profit-rates")).ToBeVisibleAsync();
            Assert.False(await phone.OverflowsAsync());
            Assert.Empty(await phone.AccessibilityAsync());
            Assert.Empty(phone.Complaints);
        }

        // As it was before, for the other journeys.
        await visit.GoAsync("/economics");
        await StoreAsync("", "", "");
        await visit.GoAsync("/profit");
        await Expect(page.Locator("#profit-parts")).ToBeVisibleAsync();
        await Expect(page.Locator("#profit-rates")).ToHaveCountAsync(0);
        Assert.Empty(visit.Complaints);

        async Task StoreAsync(string currency, string rate, string since)
        {
            await page.Locator("#reporting").SelectOptionAsync(currency);
            foreach (var (name, value) in new[] { ("rateFrom.0", ""), ("rateTo.0", ""), ("rateSince.0", since), ("rate.0", rate) }) await page.Locator($"[name='{name}']").FillAsync(value);
            await page.GetByRole(AriaRole.Button, new() { Name = "Store currency and rates" }).ClickAsync();
            await Expect(page.Locator(".note.ok")).ToContainTextAsync("exchange rates were stored");
        }
    }
}
