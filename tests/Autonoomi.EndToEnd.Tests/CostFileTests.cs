using System.Text;
using Microsoft.Playwright;
using MiniExcelLibs;
using static Microsoft.Playwright.Assertions;

namespace Autonoomi.EndToEnd.Tests;

public sealed class CostFileTests(Demo demo)
{
    public static TheoryData<string, string, string> Wrong => new()
    {
        { "a missing column", "sku,price\nA,1\n", "cost_of_goods" },
        { "a negative cost", "sku,cost_of_goods\n{sku},-3\n", "cost_of_goods" },
        { "an unknown SKU", "sku,cost_of_goods\nNO-SUCH-SKU,3\n", "NO-SUCH-SKU" },
        { "a formula", "sku,cost_of_goods\n{sku},=1+1\n", "cost_of_goods" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_wrong_file_is_refused_with_the_fix_and_nothing_is_stored(string what, string content, string named)
    {
        await using var visit = await demo.OpenAsync("/economics");
        var page = visit.Page;
        var sku = await page.Locator("input[name='sku.0']").InputValueAsync();

        await page.GetByLabel("File, at most 10 MiB").SetInputFilesAsync(new FilePayload { Name = "costs.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(content.Replace("{sku}", sku, StringComparison.Ordinal)) });
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what would change" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Nothing changed" }).First).ToContainTextAsync(named, new() { IgnoreCase = true });
        Assert.True(await page.Locator("#cost-preview").CountAsync() == 0, what);
        Assert.Empty(await visit.AccessibilityAsync());
    }

    [Fact]
    public async Task A_faulty_workbook_says_what_is_wrong_and_its_good_rows_can_be_kept()
    {
        await using var visit = await demo.OpenAsync("/economics");
        var page = visit.Page;
        var skus = new[] { await page.Locator("input[name='sku.0']").InputValueAsync(), await page.Locator("input[type=hidden][name='sku.1']").InputValueAsync() };
        using var stream = new System.IO.MemoryStream();
        stream.SaveAs(new[] { new Dictionary<string, object> { ["Article"] = skus[0], ["Unit cost"] = 4.75 }, new Dictionary<string, object> { ["Article"] = skus[1], ["Unit cost"] = "cheap" } });

        await page.GetByLabel("File, at most 10 MiB").SetInputFilesAsync(new FilePayload { Name = "costs.xlsx", MimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Buffer = stream.ToArray() });
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what would change" }).ClickAsync();
        await Expect(page.Locator("#map-file")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("sku", new() { Exact = true })).ToHaveValueAsync("0");
        await Expect(page.GetByLabel("cost_of_goods", new() { Exact = true })).ToHaveValueAsync("1");
        Assert.Empty(await visit.AccessibilityAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Read it so" }).ClickAsync();
        await Expect(page.Locator("#file-problems")).ToContainTextAsync("Row 3, cost_of_goods: 'cheap' is not a number.");
        await Expect(page.Locator("#cost-preview tbody tr")).ToHaveCountAsync(1);
        Assert.Empty(await visit.AccessibilityAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Store the good row" }).ClickAsync();

        await Arrival.AtAsync(page, "/economics?from=file&n=1");
        await Expect(page.Locator("#map-file")).ToBeHiddenAsync();
        await Expect(page.Locator($"tr:has(input[value='{skus[0]}']) input[name^='cost.']")).ToHaveValueAsync("4.75");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_right_file_is_shown_first_and_stored_after_confirming()
    {
        await using var visit = await demo.OpenAsync("/economics");
        var page = visit.Page;
        var sku = await page.Locator("input[name='sku.0']").InputValueAsync();

        await page.GetByLabel("File, at most 10 MiB").SetInputFilesAsync(new FilePayload { Name = "costs.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes($"sku,cost_of_goods\n{sku},4.25\n") });
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what would change" }).ClickAsync();
        await Expect(page.Locator("#cost-preview tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Store these costs" }).ClickAsync();

        await Arrival.AtAsync(page, "/economics?from=file&n=1");
        await Expect(page.Locator($"tr:has(input[value='{sku}']) input[name^='cost.']")).ToHaveValueAsync("4.25");
    }
}
