using System.Net;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Promises;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Autonoomi.App.Tests.Mail;

/// <summary>Optional mail: chosen on a page, left by one click on the link in it.</summary>
[Collection<MailTests>]
public sealed class MailChoiceTests(MailHouse house)
{
    private const string Page = "/account/your-data";
    private static readonly Letter Word = new("Your week", ["Nothing happened."], "Look", "/");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private MailChoices Choices => house.Get<MailChoices>();

    [Fact]
    [Promise("P-7-f")]
    public async Task Optional_mail_goes_only_to_who_chose_it_and_one_post_ends_it_at_once()
    {
        var (browser, user, _, email) = await house.PersonAsync();
        using var mine = browser;
        await house.ClearAsync();
        await house.AddAsync(MailKind.WeeklySummary, user, Word);
        Assert.Empty(await house.RowsAsync(user)); // nobody chose it

        Assert.Contains("from=mail", (await mine.SubmitAsync(Page, "mail-WeeklySummary", [])).Headers.Location!.ToString(), StringComparison.Ordinal);
        await Choices.SayAsync(user, MailKind.Alert, true, AgreedBy.Page, Stop);
        await house.AddAsync(MailKind.WeeklySummary, user, Word);
        Assert.Equal(1, await house.RoundAsync());
        var link = house.Box.Taken.Single().Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>');
        Assert.StartsWith("http://localhost:5443/mail/leave?link=", link, StringComparison.Ordinal);
        var path = new Uri(link).PathAndQuery;
        foreach (var told in new[] { email, user.ToString(), user.ToString("N") }) Assert.DoesNotContain(told, Uri.UnescapeDataString(link), StringComparison.OrdinalIgnoreCase);

        // Programs look at links before people do: looking changes nothing.
        using var stranger = house.Open();
        var asked = await stranger.ReadAsync(path);
        Assert.Contains("No more weekly summaries?", asked, StringComparison.Ordinal);
        Assert.Contains("<form method=\"post\">", asked, StringComparison.Ordinal);
        Assert.True(await WantsAsync(user, MailKind.WeeklySummary));

        for (var waiting = 0; waiting < 3; waiting++) await house.AddAsync(MailKind.WeeklySummary, user, Word);
        await house.AddAsync(MailKind.Alert, user, Word);
        using var provider = house.Open(); // no session, no cookie, no token of a form
        var left = await provider.PostAsync(path, new() { ["List-Unsubscribe"] = "One-Click" });
        Assert.Equal(HttpStatusCode.OK, left.StatusCode);
        var said = await left.Content.ReadAsStringAsync(Stop);
        foreach (var told in new[] { email, "Ada", "Test house", user.ToString() }) Assert.DoesNotContain(told, said, StringComparison.OrdinalIgnoreCase);
        Assert.False(left.Headers.Contains("Set-Cookie"));

        house.Box.Clear();
        await house.RoundAsync();
        await house.AddAsync(MailKind.WeeklySummary, user, Word);
        Assert.Equal("Your week", house.Box.Taken.Single().Subject); // the alert, which was not left
        Assert.DoesNotContain(await house.RowsAsync(user), row => row is { Kind: MailKind.WeeklySummary, State: MailState.Waiting });
        Assert.Equal(HttpStatusCode.OK, (await provider.PostAsync(path, [])).StatusCode); // twice is once
        var shown = WebUtility.HtmlDecode(await mine.ReadAsync(Page));
        Assert.Contains("The link in a mail", shown, StringComparison.Ordinal);
        Assert.Contains("Weekly summary by mail: taken back", shown, StringComparison.Ordinal);
        Assert.True(await WantsAsync(user, MailKind.Alert));
    }

    [Fact]
    [Promise("P-7-f")]
    public async Task What_is_left_while_the_server_is_being_called_is_not_sent()
    {
        var (_, user, _, _) = await house.PersonAsync();
        await Choices.SayAsync(user, MailKind.Tip, true, AgreedBy.Page, Stop);
        await house.ClearAsync();
        await house.AddAsync(MailKind.Tip, user, Word);
        var row = (await house.RowsAsync(user)).Single();
        await using (var db = house.Db()) await db.Mails.Where(item => item.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(item => item.State, MailState.Claimed), Stop);

        await Choices.SayAsync(user, MailKind.Tip, false, AgreedBy.Mail, Stop);

        Assert.Empty(await house.RowsAsync(user)); // whoever had claimed it finds nothing to hand over
        await house.RoundAsync();
        Assert.Empty(house.Box.Taken);
    }

    [Fact]
    [Promise("P-7-f")]
    public async Task A_choice_that_was_taken_back_by_other_ways_holds_back_what_waits()
    {
        var (_, user, organisation, _) = await house.PersonAsync();
        await Choices.SayAsync(user, MailKind.Tip, true, AgreedBy.Page, Stop);
        await house.ClearAsync();
        await house.AddAsync(MailKind.Tip, user, Word);
        await using (var db = house.Db())
        {
            var text = AgreementTexts.Of(AgreedTo.Tips);
            db.Agreements.Add(new() { Id = Guid.CreateVersion7(), Organisation = organisation, User = user, What = AgreedTo.Tips, Version = 1, TextHash = text.Sha256, Words = text.Words, Given = false, Channel = AgreedBy.Page, At = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync(Stop);
        }

        Assert.Equal(0, await house.RoundAsync());

        Assert.Empty(house.Box.Taken);
        Assert.Empty(await house.RowsAsync(user));
    }

    [Fact]
    [Promise("P-7-f")]
    public async Task A_changed_link_of_somebody_else_leaves_nothing()
    {
        var (_, user, _, _) = await house.PersonAsync();
        await Choices.SayAsync(user, MailKind.Alert, true, AgreedBy.Page, Stop);
        var links = house.Get<LeaveLinks>();
        var good = links.PathOf(user, MailKind.Alert).Split('=', 2)[1];
        Assert.Equal((user, MailKind.Alert), links.Read(good));
        Assert.NotEqual(good, links.PathOf(user, MailKind.Alert).Split('=', 2)[1]); // two of one person look like two of two

        using var stranger = house.Open();
        List<string> wrong = ["", "x", user.ToString(), new('A', good.Length), good[1..], good[..^1], $"{good}A", new('B', 5000), "..%2f..%2f"];
        for (var at = 0; at < good.Length; at += 9) wrong.Add($"{good[..at]}{(good[at] == 'A' ? 'B' : 'A')}{good[(at + 1)..]}");
        foreach (var value in wrong)
        {
            Assert.Null(links.Read(value));
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"/mail/leave?link={value}", [])).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync("/mail/leave", [])).StatusCode);
        Assert.Null(links.Read(links.PathOf(user, MailKind.Security).Split('=', 2)[1])); // what everybody must be told cannot be left
        Assert.True(await WantsAsync(user, MailKind.Alert));
    }

    [Fact]
    public async Task The_probe_finds_mail_that_nobody_chose_and_a_way_out_that_asks_for_more()
    {
        var (_, user, organisation, _) = await house.PersonAsync();
        await house.ClearAsync();
        var probe = house.Get<ProbeBook>().Probes.Single(known => known.Id == "mail");
        var good = await probe.MeasureAsync(Stop);
        Assert.True(good.Holds, good.Measured);
        Assert.Contains("3 ways out tried", good.Measured, StringComparison.Ordinal);

        await using (var db = house.Db())
        {
            house.Get<Outbox>().Add(db, MailKind.Tip, organisation, user, "ada@example.com", Word);
            await db.SaveChangesAsync(Stop);
        }

        var bad = await probe.MeasureAsync(Stop);
        Assert.False(bad.Holds);
        Assert.Contains("did not choose it", bad.Measured, StringComparison.Ordinal);
        await house.ClearAsync();
    }

    [Fact]
    public void Every_kind_is_essential_or_has_words_that_somebody_says_yes_to()
    {
        Assert.Equal(Enum.GetValues<MailKind>(), MailRule.All.Select(rule => rule.Kind));
        Assert.Equal([MailKind.WeeklySummary, MailKind.Alert, MailKind.Tip], MailRule.All.Where(rule => !rule.IsEssential).Select(rule => rule.Kind));
        Assert.All(MailRule.All, rule => Assert.Equal(rule, MailRule.Of(rule.Kind)));
        Assert.All(MailRule.All.Where(rule => !rule.IsEssential), rule => Assert.Contains("by mail", AgreementTexts.Of(rule.Choice!.Value).Words, StringComparison.Ordinal));
    }

    private async Task<bool> WantsAsync(Guid user, MailKind kind)
    {
        await using var db = house.Db();
        return await MailChoices.WantsAsync(db, user, kind, Stop);
    }
}
