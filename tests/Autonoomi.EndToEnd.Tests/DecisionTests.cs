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
        await using var visit = await demo.OpenAsync("/recommendations?by=reason");
        var page = visit.Page;
        var first = page.Locator("#section-LowerBid .proposal:not([data-together]), #section-RaiseBid .proposal:not([data-together]), #section-Explore .proposal:not([data-together])").First;
        var what = await first.Locator(".proposal-main > b").InnerTextAsync();
        var bids = await first.Locator(".from-to").InnerTextAsync();

        await first.GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve") }).ClickAsync();
        await Expect(page.Locator("#recommendations-message")).ToContainTextAsync("1 proposal approved");
        await page.Locator("#apply-open").ClickAsync();
        await page.Locator("#apply-confirm").ClickAsync();
        await Expect(page.Locator("#apply-open")).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Applied") })).Not.ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"\D0\s*$"), new() { Timeout = 60_000 });

        await visit.GoAsync("/changes");
        var row = page.Locator("#changes tbody tr", new() { HasText = what }).First;
        await Expect(row).ToContainTextAsync(bids.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1]);
        await row.GetByRole(AriaRole.Button, new() { NameRegex = new("^Undo") }).ClickAsync();
        await Expect(page.Locator("#undo-words")).ToContainTextAsync("Sets the bid back to");
        await page.Locator("#undo-confirm").ClickAsync();

        await Expect(page.Locator("#changes tbody tr:not(.batch)").First).ToContainTextAsync("Takes back an earlier change", new() { Timeout = 60_000 });
        await Expect(page.Locator("#changes tbody tr:not(.batch)").First).ToContainTextAsync(what);
        await Expect(page.Locator("#changes tbody tr", new() { HasText = "Undone" }).First).ToContainTextAsync(what);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task What_was_written_together_is_undone_together_and_a_moment_comes_back()
    {
        await using var visit = await demo.OpenAsync("/recommendations?by=reason");
        var page = visit.Page;
        var button = page.Locator(".proposals:not(:has([data-together]))").GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve all") }).First;
        await button.ClickAsync();
        await page.Locator("#apply-open").ClickAsync();
        await page.Locator("#apply-confirm").ClickAsync();
        await Expect(page.Locator("#apply-open")).ToBeHiddenAsync(new() { Timeout = 60_000 });

        await visit.GoAsync("/changes");
        var batch = page.Locator("#changes tr.batch").First;
        await Expect(batch).ToContainTextAsync("changes written together", new() { Timeout = 60_000 });

        // What other journeys had approved goes along.
        var count = (await batch.InnerTextAsync()).Split(' ')[0];
        await batch.GetByRole(AriaRole.Button, new() { NameRegex = new("^Undo all") }).ClickAsync();
        await Expect(page.Locator("#batch-words")).ToContainTextAsync($"All {count} changes");
        await page.Locator("#batch-confirm").ClickAsync();
        await Expect(page.Locator("#changes tbody tr:not(.batch)").First).ToContainTextAsync("Takes back an earlier change", new() { Timeout = 60_000 });

        // Back to before that undo: the same changes once more, and then it stands as it did.
        await visit.GoAsync("/changes/return");
        await Expect(page.Locator("#way tbody tr")).ToHaveCountAsync(int.Parse(count, CultureInfo.InvariantCulture), new() { Timeout = 60_000 });
        await page.Locator("#return-open").ClickAsync();
        await page.Locator("#return-confirm").ClickAsync();
        await Expect(page.Locator("#return-message")).ToContainTextAsync($"{count} changes on the way");
        await Expect(page.Locator("#way-title")).ToHaveTextAsync("Nothing to write", new() { Timeout = 60_000 });
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
        await using var visit = await demo.OpenAsync("/recommendations?by=reason");
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

    [Fact]
    public async Task The_queue_is_worked_by_keyboard_alone()
    {
        await using var visit = await demo.OpenAsync("/recommendations");
        var page = visit.Page;
        var message = page.Locator("#recommendations-message");
        Task<string?> FocusedAsync() => page.EvaluateAsync<string?>("() => document.activeElement.closest('[data-proposal]')?.dataset.proposal ?? document.activeElement.id ?? document.activeElement.tagName");
        async Task AloneAsync()
        {
            // One that decides on itself alone and has a value of its own.
            for (var step = 0; step < 25; step++)
            {
                await page.Keyboard.PressAsync("j");
                if (await page.EvaluateAsync<bool>("() => !!document.activeElement.dataset.proposal && !document.activeElement.dataset.together && !!document.activeElement.querySelector('[data-key=e]')")) return;
            }

            Assert.Fail("No proposal of the first 25 stands alone.");
        }

        await Expect(page.Locator("#queue[data-keys]")).ToBeVisibleAsync();
        await AloneAsync();
        var approved = (await FocusedAsync())!;
        await page.Keyboard.PressAsync("a");
        await Expect(message).ToContainTextAsync("1 proposal approved", new() { Timeout = 15_000 });
        await page.WaitForFunctionAsync("() => document.activeElement.dataset.proposal");

        await AloneAsync();
        await page.Keyboard.PressAsync("s");
        await Expect(page.Locator("#snooze-dialog")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Locator("#snooze-confirm").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(message).ToContainTextAsync("1 proposal put aside", new() { Timeout = 15_000 });
        await Expect(page.Locator("#snooze-dialog")).ToBeHiddenAsync();
        await page.WaitForFunctionAsync("() => document.activeElement.dataset.proposal");

        // Letters that are typed into a field are letters.
        await AloneAsync();
        await page.Keyboard.PressAsync("e");
        await page.Locator("#edit-value").FocusAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("ars 9999");
        await page.Keyboard.PressAsync("Tab");
        await page.Locator("#edit-confirm").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#edit-dialog [role='alert']")).ToContainTextAsync("is no number");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#edit-dialog")).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("x");
        await Expect(page.Locator(".bulk")).ToContainTextAsync("1 selected");
        await page.Keyboard.PressAsync("r");
        await page.Locator("#reject-confirm").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(message).ToContainTextAsync("1 proposal rejected");
        await page.WaitForFunctionAsync("() => document.activeElement.dataset.proposal");

        // Switched off, letters do nothing.
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keys-dialog")).ToBeVisibleAsync();
        Assert.Empty(await visit.AccessibilityAsync());
        await page.Locator("#keys-on").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Escape");
        var waiting = await WaitingAsync(page);
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keys-dialog")).ToBeHiddenAsync();
        Assert.Equal(waiting, await WaitingAsync(page));
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#decision")).ToBeVisibleAsync();

        // What was put aside waits on its own tab and can be woken; what was approved is taken back.
        await visit.GoAsync("/recommendations?show=aside");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Wake") }).First.ClickAsync();
        await Expect(message).ToContainTextAsync("1 proposal waiting again");
        await visit.GoAsync("/recommendations?show=approved");
        await page.Locator($"[data-proposal='{approved}']").GetByRole(AriaRole.Button, new() { NameRegex = new("^Take back") }).ClickAsync();
        await Expect(message).ToContainTextAsync("1 proposal waiting again");
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task The_decision_card_shows_formula_inputs_and_version_and_replays()
    {
        await using var visit = await demo.OpenAsync("/recommendations");
        var page = visit.Page;
        await page.Locator(".proposal .card-link").First.ClickAsync();
        await Expect(page.Locator("#decision")).ToBeVisibleAsync();
        await visit.ReadyAsync();

        await Expect(page.Locator("#decision-inputs dt").Nth(4)).ToBeVisibleAsync();
        await Expect(page.Locator(".decision-version")).ToContainTextAsync("of the deciding code");
        await page.Locator("#replay").ClickAsync();
        await Expect(page.Locator("#replay-result")).ToContainTextAsync("Identical to what was proposed");
        Assert.Empty(await visit.AccessibilityAsync());
        Assert.False(await visit.OverflowsAsync());
        Assert.Empty(visit.Complaints);

        var address = new Uri(page.Url).PathAndQuery;
        await using var dark = await demo.OpenAsync(address, dark: true, width: 390, height: 844);
        Assert.Empty(await dark.AccessibilityAsync());
        Assert.False(await dark.OverflowsAsync());
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
