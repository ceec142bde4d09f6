using System.Net;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Privacy;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Mail;

/// <summary>What is mailed: invitations, changes of the policy, changes of how somebody signs in.</summary>
[Collection<MailTests>]
public sealed class MailedTests(MailHouse house)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invitation_reaches_an_address_that_is_kept_no_longer_than_that()
    {
        var (browser, _, organisation, _) = await house.PersonAsync();
        using var owner = browser;
        await house.ClearAsync();
        const string to = "bea@guest.example.com";
        Assert.Contains("Write an e-mail address", await BodyAsync(await owner.SubmitAsync("/account/people", "invite", new() { ["role"] = "Viewer", ["email"] = "bea", ["proof"] = RunningProduct.Password })), StringComparison.Ordinal);
        var shown = await BodyAsync(await owner.SubmitAsync("/account/people", "invite", new() { ["role"] = "Viewer", ["email"] = to, ["proof"] = RunningProduct.Password }));
        Assert.Contains("on its way by mail", shown, StringComparison.Ordinal);
        Assert.Equal(1, await house.RoundAsync());

        var mail = house.Box.Taken.Single();
        Assert.Equal(to, mail.To.Mailboxes.Single().Address);
        Assert.Contains("join Test house in Autonoomi", mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("Test house", mail.Subject, StringComparison.Ordinal);
        using var guest = house.Open();
        Assert.Contains("Join Test house", await guest.ReadAsync(MailHouse.LinkIn(mail, "/account/join?invitation=")), StringComparison.Ordinal);
        await using var db = house.Db();
        var row = await db.Mails.AsNoTracking().SingleAsync(item => item.Organisation == organisation, Stop);
        Assert.Equal((null, null, MailState.Sent), (row.User, row.SealedLetter, row.State));
    }

    [Theory]
    [InlineData("Test house", "Test house")]
    [InlineData("Dr. Tea & Sons", "Dr. Tea & Sons")]
    [InlineData("win at http://evil.example", "an organisation")]
    [InlineData("www.evil.example", "an organisation")]
    [InlineData("evil.example", "an organisation")]
    [InlineData("me@evil.example", "an organisation")]
    public void A_name_that_a_reader_would_make_a_link_is_left_out(string name, string told) =>
        Assert.Contains($"join {told} in", Letters.Invitation(name, "/", DateTimeOffset.UnixEpoch).Lines[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("bea@guest.example.com\r\nRCPT TO:<eve@evil.example.com>")]
    [InlineData("bea@guest.example.com\nBcc: eve@evil.example.com")]
    [InlineData("bea@guest.example.com, eve@evil.example.com")]
    [InlineData("Bea <bea@guest.example.com>")]
    [InlineData("bea@guest.example.com>")]
    public async Task An_address_that_holds_commands_is_refused(string address)
    {
        var (browser, _, organisation, _) = await house.PersonAsync();
        using var owner = browser;

        Assert.Contains("Write an e-mail address", await BodyAsync(await owner.SubmitAsync("/account/people", "invite", new() { ["role"] = "Viewer", ["email"] = address, ["proof"] = RunningProduct.Password })), StringComparison.Ordinal);

        await using var db = house.Db();
        Assert.False(await db.Mails.AnyAsync(row => row.Organisation == organisation, Stop));
    }

    [Fact]
    public async Task Twenty_invitations_of_an_organisation_are_mailed_within_a_day()
    {
        var (_, user, organisation, _) = await house.PersonAsync();
        var book = house.Get<MemberBook>();
        for (var number = 0; number < MemberBook.MostMails; number++)
        {
            var invited = await book.InviteAsync(organisation, MemberRole.Viewer, $"p{number}@guest.example.com", Actor.Person(user), Stop);
            Assert.Null(await book.TakeBackAsync(organisation, LinkValue.IdOf(invited.Value), Actor.Person(user), Stop));
        }

        Assert.Contains("which is the most", (await book.InviteAsync(organisation, MemberRole.Viewer, "one@guest.example.com", Actor.Person(user), Stop)).Error!.Message, StringComparison.Ordinal);
        Assert.True((await book.InviteAsync(organisation, MemberRole.Viewer, Actor.Person(user), Stop)).IsOk);
        await house.ClearAsync();
    }

    [Fact]
    public async Task Everybody_is_told_by_mail_that_somebody_else_will_run_the_service_and_that_it_was_taken_back()
    {
        var (_, user, _, email) = await house.PersonAsync();
        await house.ClearAsync();
        var policy = house.Get<PolicyBook>();
        var told = await policy.HandoverAsync("Another Operator", DateOnly.FromDateTime(DateTime.UtcNow).AddDays(40), "Ada", Stop);
        Assert.True(told.IsOk);
        await using var db = house.Db();
        var people = await db.Memberships.Select(row => row.User).Distinct().CountAsync(Stop);

        Assert.Equal(people, await house.RoundAsync());
        var mine = house.Box.Taken.Single(mail => mail.To.Mailboxes.Single().Address == email);
        Assert.Contains("run by Another Operator", mine.TextBody, StringComparison.Ordinal);
        Assert.Contains("/account/changes", mine.HtmlBody, StringComparison.Ordinal);

        house.Box.Clear();
        Assert.True(await policy.TakeBackAsync((await policy.AllAsync(Stop)).Single(item => item.Row.Kind == AnnouncementKind.Handover && item.Row.EndedAt is null).Row.Id, Stop));
        await house.RoundAsync();
        Assert.Contains("does not come", house.Box.Taken.Single(mail => mail.To.Mailboxes.Single().Address == email).TextBody, StringComparison.Ordinal);
        Assert.Equal(2, (await house.RowsAsync(user)).Count(row => row.Kind == MailKind.Policy));
    }

    [Fact]
    public async Task A_changed_password_second_factor_sign_on_or_address_is_told_and_the_last_to_the_address_of_before()
    {
        var (browser, user, organisation, email) = await house.PersonAsync();
        using var mine = browser;
        await house.ClearAsync();
        const string next = "five very quiet words here";
        await mine.SubmitAsync("/account/security", "password", new() { ["old"] = RunningProduct.Password, ["new"] = next });
        await mine.ReadAsync("/account/authenticator");
        var key = Base32.Decode(await KeyAsync(user));
        await mine.SubmitAsync("/account/authenticator", "confirm", new() { ["code"] = OneTimeCodes.Code(key, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30), ["proof"] = next });
        await mine.SubmitAsync("/account/security", "turn-off", new() { ["proof"] = next });
        await using var scope = house.Services.CreateAsyncScope();
        var person = (await scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>().FindByIdAsync(user.ToString()))!;
        Assert.True(await scope.ServiceProvider.GetRequiredService<SignOnHandler>().LinkAsync(person, new(Guid.NewGuid().ToString("N"), null, "", null), Stop));
        Assert.Null(await scope.ServiceProvider.GetRequiredService<CorrectHandler>().EmailAsync(organisation, person, $"n{Guid.NewGuid():N}@example.com", Stop));

        Assert.Equal(5, await house.RoundAsync());
        Assert.All(house.Box.Taken, mail => Assert.Equal(email, mail.To.Mailboxes.Single().Address));
        string[] told = [SignInNotices.Password, SignInNotices.AuthenticatorOn, SignInNotices.AuthenticatorOff, SignInNotices.SignOnLinked, SignInNotices.Email];
        Assert.Equal(told, house.Box.Taken.Select(mail => told.Single(words => mail.TextBody!.Contains(words, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Owners_are_told_that_a_deletion_has_begun_was_taken_back_and_is_done()
    {
        var (_, user, organisation, email) = await house.PersonAsync();
        var (seller, _) = await RunningProduct.ConnectAsync(house.Services, organisation);
        await house.ClearAsync();
        var book = house.Get<DeletionBook>();
        var by = Actor.Person(user);
        var begun = (await book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Owner, DateTimeOffset.UtcNow, by, Stop)).Value;
        await book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Owner, DateTimeOffset.UtcNow, by, Stop); // twice is once
        Assert.Null(await book.TakeBackAsync(organisation, begun.Id, by, Stop));
        await book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Owner, DateTimeOffset.UtcNow, by, Stop);
        var clock = new FixedClock(DateTimeOffset.UtcNow);
        var saga = ActivatorUtilities.CreateInstance<DeletionSaga>(house.Services, clock);
        foreach (var pause in new[] { TimeSpan.Zero, DeletionClock.Window, DeletionClock.Backups })
        {
            clock.Now += pause;
            await saga.PassAsync(Stop);
        }

        await house.RoundAsync();

        Assert.Equal(["A deletion has begun", "A deletion was taken back", "A deletion has begun", "A deletion is done"], house.Box.Taken.Select(mail => mail.Subject));
        Assert.All(house.Box.Taken, mail => Assert.Equal(email, mail.To.Mailboxes.Single().Address));
        Assert.DoesNotContain("Test shop", string.Concat(house.Box.Taken.Select(mail => mail.TextBody)), StringComparison.Ordinal);

        // Where everything goes, one mail says so, and it goes too.
        var (_, other, house2, _) = await house.PersonAsync();
        await RunningProduct.ConnectAsync(house.Services, house2);
        await house.ClearAsync();
        await book.StartOrganisationAsync(house2, DateTimeOffset.UtcNow, Actor.Person(other), Stop);
        Assert.Single(await house.RowsAsync(other));
        clock.Now = DateTimeOffset.UtcNow;
        foreach (var pause in new[] { TimeSpan.Zero, DeletionClock.Window })
        {
            clock.Now += pause;
            await saga.PassAsync(Stop);
        }

        Assert.Empty(await house.RowsAsync(other));
    }

    private async Task<string> KeyAsync(Guid user)
    {
        await using var scope = house.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>().FindByIdAsync(user.ToString()))!.Totp!.Key;
    }

    private static async Task<string> BodyAsync(System.Net.Http.HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop));
}
