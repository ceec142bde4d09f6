using System.Globalization;
using Autonoomi.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Autonoomi.EndToEnd.Tests;

public sealed class DecisionTests(Demo demo)
{
    [Fact]
    [Promise("P-2-f")]
    public async Task An_approved_bid_is_written_logged_and_taken_back()
    {
        await using var visit = await demo.OpenAsync("/recommendations");
        var page = visit.Page;
        var first = page.Locator("#section-LowerBid .proposal:not([data-together]), #section-RaiseBid .proposal:not([data-together]), #section-Explore .proposal:not([data-together])").First;
        var what = await first.Locator(".proposal-main > b").InnerTextAsync();
        var bids = await first.Locator(".from-to").InnerTextAsync();

        await first.GetByText("Why: the numbers behind it").ClickAsync();
        await Expect(first.Locator(".evidence dt").First).ToBeVisibleAsync();
        await first.GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve") }).ClickAsync();
        await Expect(page.Locator("#recommendations-message")).ToContainTextAsync("1 proposal approved");
        await page.Locator("#apply-open").ClickAsync();
        await page.Locator("#apply-confirm").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Applied") }).ClickAsync();
        await Expect(page.Locator(".proposal", new() { HasText = what }).First).ToBeVisibleAsync(new() { Timeout = 30_000 });

        await visit.GoAsync("/changes");
        var row = page.Locator("#changes tbody tr", new() { HasText = what }).First;
        await Expect(row).ToContainTextAsync(bids.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1]);
        var rows = await page.Locator("#changes tbody tr").CountAsync();
        await row.GetByRole(AriaRole.Button, new() { NameRegex = new("^Undo") }).ClickAsync();
        await Expect(page.Locator("#undo-words")).ToContainTextAsync("Sets the bid back to");
        await page.Locator("#undo-confirm").ClickAsync();

        await Expect(page.Locator("#changes tbody tr")).ToHaveCountAsync(rows + 1, new() { Timeout = 30_000 });
        await Expect(page.Locator("#changes tbody tr").First).ToContainTextAsync("Takes back an earlier change");
        await Expect(page.Locator("#changes tbody tr", new() { HasText = "Undone" }).First).ToContainTextAsync(what);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task What_was_written_together_is_undone_together_and_a_moment_comes_back()
    {
        await using var visit = await demo.OpenAsync("/recommendations");
        var page = visit.Page;
        var button = page.Locator(".proposals:not(:has([data-together]))").GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve all") }).First;
        var count = (await button.InnerTextAsync()).Split(' ', StringSplitOptions.TrimEntries)[^1];
        await button.ClickAsync();
        await page.Locator("#apply-open").ClickAsync();
        await page.Locator("#apply-confirm").ClickAsync();
        await Expect(page.Locator("#apply-open")).ToBeHiddenAsync(new() { Timeout = 30_000 });

        await visit.GoAsync("/changes");
        var batch = page.Locator("#changes tr.batch").First;
        await Expect(batch).ToContainTextAsync($"{count} changes written together", new() { Timeout = 30_000 });
        await batch.GetByRole(AriaRole.Button, new() { NameRegex = new("^Undo all") }).ClickAsync();
        await Expect(page.Locator("#batch-words")).ToContainTextAsync($"All {count} changes");
        await page.Locator("#batch-confirm").ClickAsync();
        await Expect(page.Locator("#changes tbody tr:not(.batch)").First).ToContainTextAsync("Takes back an earlier change", new() { Timeout = 30_000 });

        // Back to before that undo: the same changes once more, and then it stands as it did.
        await visit.GoAsync("/changes/return");
        await Expect(page.Locator("#way tbody tr")).ToHaveCountAsync(int.Parse(count, CultureInfo.InvariantCulture), new() { Timeout = 30_000 });
        await page.Locator("#return-open").ClickAsync();
        await page.Locator("#return-confirm").ClickAsync();
        await Expect(page.Locator("#return-message")).ToContainTextAsync($"{count} changes on the way");
        await Expect(page.Locator("#way-title")).ToHaveTextAsync("Nothing to write", new() { Timeout = 30_000 });
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task A_rejected_proposal_keeps_its_reason_and_can_be_taken_back()
    {
        await using var visit = await demo.OpenAsync("/recommendations");
        var page = visit.Page;
        var last = page.Locator(".proposal:not([data-together])").Last;
        var id = await last.GetAttributeAsync("data-proposal");
        var waiting = await WaitingAsync(page);

        await last.GetByRole(AriaRole.Button, new() { NameRegex = new("^Reject") }).ClickAsync();
        await page.GetByLabel("Reason").SelectOptionAsync("Wrong moment");
        await page.Locator("#reject-confirm").ClickAsync();
        await Expect(page.Locator("#recommendations-message")).ToContainTextAsync("1 proposal rejected");
        await ExpectWaitingAsync(page, waiting - 1);

        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Not applied") }).ClickAsync();
        var rejected = page.Locator($"[data-proposal='{id}']");
        await Expect(rejected).ToContainTextAsync("Wrong moment");
        await rejected.GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await Expect(rejected).ToBeHiddenAsync();
        await ExpectWaitingAsync(page, waiting);
    }

    [Fact]
    public async Task All_of_a_kind_are_approved_at_once_and_can_be_taken_back()
    {
        await using var visit = await demo.OpenAsync("/recommendations");
        var page = visit.Page;
        var button = page.Locator(".proposals:not(:has([data-together]))").GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve all") }).Last;
        var count = (await button.InnerTextAsync()).Split(' ', StringSplitOptions.TrimEntries)[^1];

        await button.ClickAsync();

        await Expect(page.Locator("#recommendations-message")).ToContainTextAsync($"{count} proposal");
        await Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Approved") })).ToContainTextAsync(count);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Approved") }).ClickAsync();
        var back = page.Locator(".proposal:not([data-together])").GetByRole(AriaRole.Button, new() { Name = "Take back" });
        await Expect(back.First).ToBeVisibleAsync();
        await back.First.ClickAsync();
        await Expect(page.Locator("#recommendations-message")).ToContainTextAsync("1 proposal waiting again");
    }

    // The list answers first; the count beside it may come a moment later.
    private static Task ExpectWaitingAsync(IPage page, int count) =>
        Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Waiting") })).ToHaveTextAsync(new System.Text.RegularExpressions.Regex($@"\D{count.ToString("N0", CultureInfo.InvariantCulture)}\s*$"));

    private static async Task<int> WaitingAsync(IPage page)
    {
        var tab = await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Waiting") }).InnerTextAsync();
        return int.Parse(tab.Split(' ', '\n')[^1], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }
}
