using static Microsoft.Playwright.Assertions;

namespace Autonoomi.EndToEnd.Tests;

/// <summary>Two sellers with two storefronts each, small shops.</summary>
public sealed class SellersDemo : Demo
{
    protected override string[] Arguments => ["--products", "4"];
}

public sealed class SellersTests(SellersDemo demo) : IClassFixture<SellersDemo>
{
    // Imports of three small shops, on a busy machine.
    private const float Import = 120_000;

    [Fact]
    public async Task Every_storefront_shows_its_own_shop_in_its_own_currency()
    {
        await using var visit = await demo.OpenAsync("/");
        var names = new List<string>();
        foreach (var (country, sign) in new[] { ("Japan", "¥"), ("United Kingdom", "£"), ("Germany", "€"), ("United States", "$") })
        {
            await visit.Page.Locator(".switcher summary").ClickAsync();
            await visit.Page.Locator(".switcher a", new() { HasText = country }).ClickAsync();

            await Expect(visit.Page.Locator("#headline")).ToContainTextAsync(sign, new() { Timeout = Import });
            await visit.ReadyAsync();
            // Total profit comes with the end of the import.
            await Expect(visit.Page.Locator(".tile .figure").First).ToContainTextAsync(sign, new() { Timeout = Import });
            names.Add(await visit.Page.Locator(".switcher summary").InnerTextAsync());
        }

        Assert.Equal(4, names.Distinct().Count());
    }

    [Fact]
    public async Task A_menu_stays_open_when_its_markup_is_replaced_and_closed_when_it_was_closed()
    {
        await using var visit = await demo.OpenAsync("/");
        const string Replace = "() => { const menu = document.querySelector('details.switcher'); const fresh = menu.cloneNode(true); fresh.open = false; menu.replaceWith(fresh); }";
        var open = visit.Page.Locator("details.switcher[open]");
        await visit.Page.Locator(".switcher summary").ClickAsync();
        await Expect(open).ToHaveCountAsync(1);
        await visit.Page.EvaluateAsync(Replace);
        await Expect(open).ToHaveCountAsync(1);

        await visit.Page.Locator(".switcher summary").ClickAsync();
        await Expect(open).ToHaveCountAsync(0);
        await visit.Page.EvaluateAsync(Replace);
        await visit.Page.EvaluateAsync("() => new Promise(done => setTimeout(done, 200))");
        Assert.Equal(0, await open.CountAsync());
    }

    [Fact]
    public async Task Amounts_in_yen_have_no_fractions()
    {
        await using var visit = await demo.OpenAsync("/");
        await visit.Page.Locator(".switcher summary").ClickAsync();
        await visit.Page.Locator(".switcher a", new() { HasText = "Japan" }).ClickAsync();
        await Expect(visit.Page.Locator("#headline")).ToContainTextAsync("¥", new() { Timeout = Import });
        await visit.GoAsync("/targets");
        await Expect(visit.Page.Locator("td", new() { HasText = "¥" }).First).ToBeVisibleAsync(new() { Timeout = Import });

        var amounts = await visit.Page.Locator("td").AllInnerTextsAsync();
        Assert.Contains(amounts, text => text.Contains('¥', StringComparison.Ordinal));
        Assert.DoesNotContain(amounts, text => text.Contains('¥', StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal));
    }
}
