using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Autonoomi.EndToEnd.Tests;

/// <summary>From a product to its campaigns, and a campaign once more.</summary>
public sealed class LaunchTests(Demo demo)
{
    [Fact]
    public async Task A_product_gets_its_campaigns_they_stand_paused_are_switched_on_and_archived_again()
    {
        await using var visit = await demo.OpenAsync("/campaigns");
        var page = visit.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Launch campaigns" }).ClickAsync();
        await Arrival.AtAsync(page, "/launch");
        await Expect(page.Locator("#launch-products input").First).ToBeVisibleAsync();

        // Nothing chosen yet: the plan says what is missing.
        await page.Locator("#launch-look").ClickAsync();
        await Expect(page.Locator("[data-stops='true']")).ToContainTextAsync("choose at least one product");
        await page.Locator("#launch-products input").First.CheckAsync();
        await Expect(page.Locator("#chosen-count")).ToContainTextAsync("1 chosen");
        await page.GetByRole(AriaRole.Button, new() { Name = "All five" }).ClickAsync();
        await page.Locator("#launch-budget").FillAsync("forty");
        await page.Locator("#launch-look").ClickAsync();
        await Expect(page.Locator("#launch-fault")).ToContainTextAsync("'forty' is no amount");
        await page.Locator("#launch-budget").FillAsync("60");
        await page.Locator("#launch-keywords").FillAsync("one two three four five six seven eight nine ten eleven");
        await page.Locator("#launch-look").ClickAsync();
        await Expect(page.Locator("[data-stops='true']")).ToContainTextAsync("Amazon takes 10 at most");
        await page.Locator("#launch-keywords").FillAsync("a board for the launch journey");
        await page.Locator("#launch-asins").FillAsync("B0LAUNCHED");
        await page.Locator("#launch-names").FillAsync("Journey {sku} {part}");
        await page.Locator("#launch-look").ClickAsync();
        await Expect(page.Locator("#plan-sum")).ToContainTextAsync("5 campaigns");
        await Expect(page.Locator("#plan-sum")).ToContainTextAsync("$60.00 a day");
        await page.Locator("#launch-plan summary").Last.ClickAsync();
        await Expect(page.Locator("#launch-plan")).ToContainTextAsync("B0LAUNCHED");
        await Expect(page.Locator("#launch-plan")).ToContainTextAsync("a click is worth");
        Assert.Empty(await visit.AccessibilityAsync());

        await page.Locator("#launch-open").ClickAsync();
        await page.Locator("#launch-switch-on").UncheckAsync();
        await page.Locator("#launch-confirm").ClickAsync();
        await Arrival.AtAsync(page, "/launch/");
        await Expect(page.Locator("#launch-state")).ToContainTextAsync("parts stand at Amazon", new() { Timeout = 60_000 });
        await Expect(page.Locator("#launched tbody tr")).ToHaveCountAsync(5);
        await Expect(page.Locator("#launch-on")).ToContainTextAsync("Switch on 5", new() { Timeout = 60_000 });
        Assert.All(await page.Locator("#launched tbody td:nth-child(2)").AllInnerTextsAsync(), state => Assert.Equal("Paused", state));
        Assert.Empty(await visit.AccessibilityAsync());

        await page.Locator("#launch-on").ClickAsync();
        await Expect(page.Locator("#launch-pause")).ToContainTextAsync("Pause 5", new() { Timeout = 60_000 });
        await page.Locator("#launch-pause").ClickAsync();
        await Expect(page.Locator("#launch-archive-open")).ToContainTextAsync("Archive 5", new() { Timeout = 60_000 });
        await page.Locator("#launch-archive-open").ClickAsync();
        await Expect(page.Locator("#archive-dialog")).ToContainTextAsync("never brings an archived campaign back");
        await page.Locator("#launch-archive").ClickAsync();
        await Expect(page.Locator("#launched tbody tr").First).ToContainTextAsync("archived", new() { Timeout = 60_000 });
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_search_of_brand_analytics_is_added_as_a_keyword()
    {
        await using var visit = await demo.OpenAsync("/brand-analytics?targeted=none");
        var page = visit.Page;
        var row = page.Locator("#search-grid tbody tr[aria-rowindex='2']");
        var search = (await row.Locator(".name").InnerTextAsync()).Trim();
        await row.Locator(".tick").CheckAsync();
        await page.Locator("#search-keyword-match").SelectOptionAsync("Phrase");
        await page.Locator("#search-add-keywords").ClickAsync();
        await Expect(page.Locator("#grid-preview[open]")).ToContainTextAsync(search, new() { IgnoreCase = true });
        await page.Locator("#grid-write").ClickAsync();
        await Expect(page.Locator("#grid-preview")).ToContainTextAsync("being written to Amazon");
        await visit.GoAsync("/changes");
        var change = page.Locator("table.changes tbody tr").Filter(new() { HasText = search }).First;
        await Expect(change).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_layout_is_kept_as_a_template_and_a_campaign_is_duplicated_from_its_grid()
    {
        await using var visit = await demo.OpenAsync("/launch");
        var page = visit.Page;
        await page.Locator("#part-Phrase").CheckAsync();
        await page.Locator("#templates summary").ClickAsync();
        await page.Locator("#template-name").FillAsync("Three of them");
        await page.Locator("#template-keep").ClickAsync();
        await Expect(page.Locator("#template-said")).ToContainTextAsync("is kept");
        await page.GetByRole(AriaRole.Button, new() { Name = "Auto and exact" }).ClickAsync();
        await Expect(page.Locator("#part-Phrase")).Not.ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Three of them", Exact = true }).ClickAsync();
        await Expect(page.Locator("#part-Phrase")).ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete Three of them" }).ClickAsync();
        await Expect(page.Locator("#template-said")).ToContainTextAsync("is deleted");

        await visit.GoAsync("/campaigns?ad=SponsoredProducts");
        var row = page.Locator("#campaign-grid tbody tr[aria-rowindex='2']");
        var name = (await row.Locator(".name").InnerTextAsync()).Trim();
        await row.Locator(".tick").CheckAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Duplicate" }).ClickAsync();
        await Arrival.AtAsync(page, "/launch?copy=");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(name);
        await Expect(page.Locator("#copy-name")).ToHaveValueAsync($"{name} (copy)");
        await page.Locator("#copy-name").FillAsync(name);
        await page.Locator("#launch-look").ClickAsync();
        await Expect(page.Locator("[data-stops='true']").First).ToContainTextAsync("another campaign has this name already");
        await page.Locator("#copy-name").FillAsync($"{name} twice");
        await page.Locator("#launch-look").ClickAsync();
        await Expect(page.Locator("#plan-sum")).ToContainTextAsync("1 campaign");
        await Expect(page.Locator("#launch-open")).ToBeVisibleAsync();
        Assert.Empty(await visit.AccessibilityAsync());

        // Archiving is previewed with what it means, and not done here.
        await visit.GoAsync("/campaigns?ad=SponsoredProducts");
        await row.Locator(".tick").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Archive" }).ClickAsync();
        await Expect(page.Locator("dialog[open]")).ToContainTextAsync(new Regex("never brings a campaign back"));
        await page.Keyboard.PressAsync("Escape");
        Assert.Empty(visit.Complaints);
    }
}
