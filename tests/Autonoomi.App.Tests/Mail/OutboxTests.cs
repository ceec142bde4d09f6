using System.IO;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Egress;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Privacy.Egress;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SmtpServer.Protocol;

namespace Autonoomi.App.Tests.Mail;

/// <summary>From the outbox to a mail server: killed at each step, refused, cut off; what stands in the store, in the log and in the mail.</summary>
[Collection<MailTests>]
public sealed class OutboxTests(MailHouse house)
{
    private static readonly Letter Word = new("How you sign in has changed", ["A passkey was added to your account."], "Look at Security", "/account/security");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MailKind.Security)]
    [InlineData(MailKind.Alert)]
    public async Task Killed_at_any_step_a_mail_is_neither_lost_nor_sent_again_once_the_answer_is_stored(MailKind kind)
    {
        var (_, user, _, email) = await house.PersonAsync();
        if (kind == MailKind.Alert) await house.Get<MailChoices>().SayAsync(user, kind, true, AgreedBy.Page, Stop);
        var (killer, kills, twice, never) = (new Killer(), 0, new List<int>(), new List<int>());
        for (var at = 1; ; at++)
        {
            await house.ClearAsync();
            await house.AddAsync(kind, user, Word);
            var clock = new FixedClock(DateTimeOffset.UtcNow.AddSeconds(1));
            killer.Arm(at);
            var killed = false;
            try
            {
                await house.Another(clock, killer).PassAsync(Stop);
            }
            catch (Exception failure) when (Killer.Is(failure))
            {
                killed = true;
            }

            // Others take it up at once, where they may, and after the time of whoever is dead.
            await house.Another(clock).PassAsync(Stop);
            clock.Now += Postman.Lease;
            for (var round = 0; round < 3; round++) await house.Another(clock).PassAsync(Stop);

            Assert.Single(house.Box.Taken.Select(mail => mail.MessageId).Distinct());
            Assert.All(house.Box.Taken, mail => Assert.Equal(email, mail.To.Mailboxes.Single().Address));
            if (house.Box.Taken.Count > 1) twice.Add(at);
            var row = Assert.Single(await house.RowsAsync(user));
            Assert.Null(row.SealedLetter);
            if (row.State == MailState.Unknown) never.Add(at);
            else Assert.Equal(MailState.Sent, row.State);
            if (!killed) break;
            kills++;
        }

        Assert.True(kills >= 6, $"{kills} kills");

        // The one gap in which nobody can know: after the server's answer, before it is stored. What everybody must be told comes once more, what was chosen does not.
        Assert.Equal(kind == MailKind.Alert ? 0 : 1, twice.Count);
        Assert.Equal(kind == MailKind.Alert ? 1 : 0, never.Count);
    }

    [Theory]
    [InlineData(MailKind.Security, 3)]
    [InlineData(MailKind.Alert, 1)]
    public async Task Cut_off_before_the_answer_what_must_be_told_is_repeated_thrice_at_most_and_what_was_chosen_never(MailKind kind, int copies)
    {
        var (_, user, _, _) = await house.PersonAsync();
        if (kind == MailKind.Alert) await house.Get<MailChoices>().SayAsync(user, kind, true, AgreedBy.Page, Stop);
        await house.ClearAsync();
        await house.AddAsync(kind, user, Word);
        house.Box.Arrived = (context, _) =>
        {
            ((IDisposable)context.Pipe!).Dispose();
            return Task.CompletedTask;
        };

        var clock = new FixedClock(DateTimeOffset.UtcNow.AddSeconds(1));
        for (var round = 0; round < 6; round++, clock.Now += Postman.Lease) Assert.Equal(0, await house.Another(clock).PassAsync(Stop));

        Assert.Equal(copies, house.Box.Taken.Count);
        Assert.Single(house.Box.Taken.Select(mail => mail.MessageId).Distinct());
        var row = Assert.Single(await house.RowsAsync(user));
        Assert.Equal((MailState.Unknown, null), (row.State, row.SealedLetter));
    }

    [Fact]
    public async Task A_no_for_good_ends_it_a_no_for_now_waits_and_what_waits_too_long_is_given_up()
    {
        var (_, user, _, _) = await house.PersonAsync();
        await house.ClearAsync();
        await house.AddAsync(MailKind.Security, user, Word);
        house.Box.ToAddress = new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "no such person");
        Assert.Equal(0, await house.RoundAsync());
        Assert.Equal((MailState.Refused, null), ((await house.RowsAsync(user)).Single().State, (await house.RowsAsync(user)).Single().SealedLetter));

        await house.ClearAsync();
        await house.AddAsync(MailKind.Security, user, Word);
        house.Box.ToAddress = new SmtpResponse(SmtpReplyCode.ServiceUnavailable, "later");
        var clock = new FixedClock(DateTimeOffset.UtcNow.AddSeconds(1));
        await house.Another(clock).PassAsync(Stop);
        var waiting = (await house.RowsAsync(user)).Single();
        Assert.Equal((MailState.Waiting, 1), (waiting.State, waiting.Attempts));
        Assert.Equal(clock.Now + Postman.Wait(1), waiting.DueAt, TimeSpan.FromMilliseconds(1));
        await house.Another(clock).PassAsync(Stop); // not before its time
        Assert.Equal(1, (await house.RowsAsync(user)).Single().Attempts);
        clock.Now += Postman.Wait(1);
        house.Box.ToAddress = null;
        Assert.Equal(1, await house.Another(clock).PassAsync(Stop));

        await house.ClearAsync();
        await house.AddAsync(MailKind.Security, user, Word);
        clock.Now = DateTimeOffset.UtcNow + Outbox.Patience;
        await house.Another(clock).PassAsync(Stop);
        Assert.Equal((MailState.Late, null), ((await house.RowsAsync(user)).Single().State, (await house.RowsAsync(user)).Single().SealedLetter));
        Assert.Empty(house.Box.Taken);
    }

    [Fact]
    public async Task Of_two_at_one_outbox_each_mail_is_sent_by_one()
    {
        var (_, user, _, _) = await house.PersonAsync();
        await house.ClearAsync();
        for (var number = 0; number < 8; number++) await house.AddAsync(MailKind.Security, user, Word);
        var clock = new FixedClock(DateTimeOffset.UtcNow.AddSeconds(1));

        var sent = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => house.Another(clock).PassAsync(Stop))));

        Assert.Equal(8, sent.Sum());
        Assert.Equal(8, house.Box.Taken.Select(mail => mail.MessageId).Distinct().Count());
        Assert.Equal(8, house.Box.Taken.Count);
    }

    [Fact]
    public async Task Address_and_words_rest_sealed_are_in_no_line_of_the_log_and_go_when_it_was_sent()
    {
        var (_, user, _, email) = await house.PersonAsync();
        await house.ClearAsync();
        await house.AddAsync(MailKind.Security, user, Word with { Lines = ["the-words-of-a-mail"] });
        var row = (await house.RowsAsync(user)).Single();
        Assert.DoesNotContain(email, System.Text.Encoding.UTF8.GetString(row.SealedLetter!), StringComparison.Ordinal);
        Assert.Equal(email, house.Get<Outbox>().Open(row).To);
        house.Box.ToAddress = new SmtpResponse(SmtpReplyCode.ServiceUnavailable, $"not now, {email}, the-words-of-the-server");
        var clock = new FixedClock(DateTimeOffset.UtcNow.AddSeconds(1));
        var logged = ActivatorUtilities.CreateInstance<Postman>(house.Services, clock);
        await logged.PassAsync(Stop);
        clock.Now += Postman.Wait(1);
        house.Box.ToAddress = null;
        Assert.Equal(1, await logged.PassAsync(Stop));

        Assert.Null((await house.RowsAsync(user)).Single().SealedLetter);
        var lines = house.Lines.Text;
        Assert.Contains($"Mail {row.Id} (Security) was taken", lines, StringComparison.Ordinal);
        Assert.Contains("could not be sent yet (421)", lines, StringComparison.Ordinal);
        foreach (var canary in new[] { email, "the-words-of-a-mail", "the-words-of-the-server", Word.Subject }) Assert.DoesNotContain(canary, lines, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_leaves_is_counted_and_goes_to_the_configured_server_and_no_other()
    {
        var (browser, user, _, _) = await house.PersonAsync();
        using var mine = browser;
        Assert.Contains($"127.0.0.1:{house.Box.Port} (counted for the installation", await mine.ReadAsync("/destinations"), StringComparison.Ordinal);
        await house.ClearAsync();
        await house.AddAsync(MailKind.Security, user, Word);
        var before = await CountAsync();
        await house.RoundAsync();

        Assert.Equal(before + 1, await CountAsync());
        var door = house.Get<EgressDoor>();
        Assert.Null(door.Refusal(EgressPurpose.Mail, house.Get<MailSettings>().Server));
        foreach (var other in new[] { "smtp://mail.example.com:25", $"smtp://127.0.0.1:{house.Box.Port + 1}", "https://advertising-api.amazon.com/", "smtp://169.254.169.254:25" }) Assert.NotNull(door.Refusal(EgressPurpose.Mail, new(other)));
        foreach (var purpose in new[] { EgressPurpose.Ads, EgressPurpose.Login, EgressPurpose.Documents }) Assert.NotNull(door.Refusal(purpose, house.Get<MailSettings>().Server));

        async Task<long> CountAsync() => (await house.Get<EgressBook>().DestinationsAsync(null, 1, Stop)).Where(place => place is { Purpose: EgressPurpose.Mail, Host: "127.0.0.1" }).Sum(place => place.All);
    }

    [Fact]
    public async Task A_server_without_TLS_gets_nothing_where_TLS_is_wanted()
    {
        var (_, user, _, _) = await house.PersonAsync();
        await house.ClearAsync();
        await house.AddAsync(MailKind.Security, user, Word);
        var settings = house.Get<MailSettings>() with { Tls = MailTls.StartTls };
        var door = new MailDoor(settings, house.Get<EgressDoor>(), new NoEgressLedger());
        using var mail = house.Get<MailPaper>().Write((await house.RowsAsync(user)).Single(), house.Get<Outbox>().Open((await house.RowsAsync(user)).Single()), DateTimeOffset.UtcNow);

        var delivery = await door.SendAsync(mail, _ => throw new InvalidOperationException("nothing may be handed over"), Stop);

        Assert.Equal(Handed.NotYet, delivery.How);
        Assert.Empty(house.Box.Taken);
    }

    [Fact]
    public async Task Every_mail_is_text_and_HTML_for_phone_and_dark_and_fetches_nothing()
    {
        var now = new DateTimeOffset(2026, 12, 1, 9, 30, 0, TimeSpan.Zero);
        Letter[] letters =
        [
            Letters.Invitation("House <b>of</b> Tea", "/account/join?invitation=x", now), Letters.NewPolicy("One thing.", true, now), Letters.NewPolicy("One thing.", false, now), Letters.Handover("Another Operator", now),
            Letters.AnnouncementTakenBack(), Letters.Reset("/account/reset?link=x", 30), Letters.SignInChanged(Features.Account.SignInNotices.Password),
        ];
        var (_, user, _, _) = await house.PersonAsync();
        foreach (var kind in Enum.GetValues<MailKind>())
            foreach (var letter in letters)
            {
                var row = new MailRow { Id = Guid.NewGuid(), User = user, Kind = kind };
                using var mail = house.Get<MailPaper>().Write(row, letter with { To = "ada@example.com" }, now);
                var (html, text) = (mail.HtmlBody!, mail.TextBody!);
                Assert.Equal("multipart/alternative", mail.Body!.ContentType.MimeType);
                Assert.Equal($"{row.Id:N}@seller.test", mail.MessageId);
                foreach (var wanted in new[] { "name=\"viewport\"", "prefers-color-scheme:dark", "name=\"color-scheme\"", "lang=\"en\"", "Test Operator, 2 Test Street, Testing", "privacy@seller.test" }) Assert.Contains(wanted, html, StringComparison.Ordinal);
                foreach (var fetched in new[] { "src=", "url(", "@import", "<link", "<img", "<script", "<iframe", "background=" }) Assert.DoesNotContain(fetched, html, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("<b>of", html, StringComparison.Ordinal);
                foreach (var body in new[] { html, text })
                    foreach (System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(body, "(?:https?:)?//[^\\s\"<]*", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)))
                        Assert.StartsWith("http://localhost:5443/", link.Value, StringComparison.Ordinal);
                foreach (var line in letter.Lines.Append(letter.Subject)) Assert.Contains(line, text, StringComparison.Ordinal);
                var optional = !MailRule.Of(kind).IsEssential;
                Assert.Equal(optional, mail.Headers.Contains(HeaderId.ListUnsubscribe));
                Assert.Equal(optional ? "List-Unsubscribe=One-Click" : null, mail.Headers["List-Unsubscribe-Post"]);
                Assert.Equal(optional, text.Contains(LeaveLinks.Path, StringComparison.Ordinal));
            }
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("Host=mail.example.net;From=a@b.test;Web=https://x.test", null)]
    [InlineData("Host=mail.example.net;From=a@b.test;Web=https://x.test;User=u;Password=p;Port=465", null)]
    [InlineData("Host=https://mail.example.net;From=a@b.test;Web=https://x.test", "Host")]
    [InlineData("Host=mail.example.net;From=a@b.test;Web=https://x.test;Tls=None", "Tls")]
    [InlineData("Host=127.0.0.1;From=a@b.test;Web=https://x.test;Tls=None", "Tls")]
    [InlineData("Host=mail.example.net;From=a@b.test;Web=https://x.test;Tls=Maybe", "Tls")]
    [InlineData("Host=mail.example.net;From=a@b.test;Web=https://x.test;Port=many", "Port")]
    [InlineData("Host=mail.example.net;From=a@b.test;Web=https://x.test;User=u", "Password")]
    [InlineData("Host=mail.example.net;From=Ada <a@b.test>;Web=https://x.test", "From")]
    [InlineData("Host=mail.example.net;From=a@b.test", "PublicAddress")]
    [InlineData("Host=mail.example.net;From=a@b.test;Web=http://x.test", "PublicAddress")]
    public void Production_refuses_settings_with_which_mail_could_be_read_or_lead_nowhere(string typed, string? named)
    {
        var values = typed.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0] == "Web" ? Transport.PublicSetting : $"Autonoomi:Mail:{pair[0]}", pair => (string?)pair[1]);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var words = Features.Doctor.MailWords.Of(configuration, DataEnvironment.Production);

        Assert.Equal(named is null, words.All(line => line.Good));
        if (named is not null) Assert.Contains(named, Assert.Single(words).Words, StringComparison.Ordinal);
        Assert.DoesNotContain(words, line => line.Words.Contains("Password=p", StringComparison.Ordinal));
        if (typed.Length == 0) Assert.Contains("mail is off", Assert.Single(words).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_company_that_carries_mail_needs_its_evidence_and_an_own_server_needs_none()
    {
        var folder = Directory.CreateTempSubdirectory("autonoomi-mail-").FullName;
        var more = new Dictionary<string, string?>(MailHouse.Configuration(587)) { ["Autonoomi:Mail:Host"] = "mail.example.net", ["Autonoomi:Mail:Tls"] = "StartTls" };
        Assert.Contains("belongs to no company", Assert.Throws<SetupException>(() => RunningProduct.Build(folder, more)).Message, StringComparison.Ordinal);

        more["Autonoomi:Mail:Own"] = "true";
        await using (var app = RunningProduct.Build(folder, more)) Assert.True(app.Services.GetRequiredService<MailSettings>().IsOn);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Tries_grow_apart()
    {
        Assert.Equal(TimeSpan.FromMinutes(1), Postman.Wait(1));
        Assert.All(Enumerable.Range(1, 9), attempt => Assert.True(Postman.Wait(attempt) <= Postman.Wait(attempt + 1)));
        Assert.Equal(TimeSpan.FromHours(4), Postman.Wait(99));
    }
}

/// <summary>Tests that share one product with a mail server.</summary>
[CollectionDefinition]
public sealed class MailTests : ICollectionFixture<MailHouse>;
