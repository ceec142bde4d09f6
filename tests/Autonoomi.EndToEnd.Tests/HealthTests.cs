using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Autonoomi.EndToEnd.Tests;

public sealed class HealthTests(Demo demo)
{
    [Fact]
    public async Task The_overview_leads_to_the_score_and_the_score_to_what_would_mend_it()
    {
        await using var visit = await demo.OpenAsync("/");
        var page = visit.Page;
        var score = await page.Locator(".health-strip .ring-number").TextContentAsync();
        await Expect(page.Locator("#budget-price")).ToContainTextAsync("month's budget");

        await page.Locator(".health-link").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Health", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.Locator(".health-top .ring-number")).ToHaveTextAsync(score!);
        await Expect(page.Locator("#health-parts tbody tr")).ToHaveCountAsync(9);
        await page.Locator("#health-parts").GetByText("The numbers behind it").First.ClickAsync();
        await Expect(page.Locator("#health-parts .evidence dt").First).ToBeVisibleAsync();

        await page.Locator(".top-list a").First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Recommendations", Level = 1 })).ToBeVisibleAsync();
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Unsettled_figures_say_what_is_still_expected()
    {
        await using var visit = await demo.OpenAsync("/?days=7");

        await Expect(visit.Page.Locator(".tile", new() { HasText = "Ad sales" })).ToContainTextAsync("expected +");
        await Expect(visit.Page.Locator("#settling")).ToContainTextAsync("expected to end");
    }

    [Fact]
    public async Task A_suggested_goal_is_stored_and_shown_as_in_force()
    {
        await using var visit = await demo.OpenAsync("/strategies");
        var page = visit.Page;
        await Expect(page.Locator(".strategy").First).ToBeVisibleAsync();
        var button = page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Use this goal") });
        if (await button.CountAsync() == 0) return;
        var product = await page.Locator(".strategy", new() { Has = button.First }).First.GetAttributeAsync("data-product");

        await button.First.ClickAsync();

        await Expect(page.Locator("#strategies-message")).ToContainTextAsync("from the next decision on", new() { Timeout = 30_000 });
        await Expect(page.Locator($".strategy[data-product='{product}']")).ToContainTextAsync("In force");
        Assert.Empty(visit.Complaints);
    }
}
