using System.Net;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Requests;
using Autonoomi.App.Tests.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Mail;

/// <summary>A forgotten password: a link to the mailbox, used once, by whoever also has the second factor.</summary>
[Collection<MailTests>]
public sealed class ResetTests(MailHouse house)
{
    private const string New = "five very quiet words here";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_makes_a_new_password_once_ends_every_session_and_is_told_by_mail()
    {
        var (browser, user, _, email) = await house.PersonAsync();
        using var old = browser;
        await house.ClearAsync();
        using var stranger = house.Open();
        Assert.Contains("href=\"/account/forgot\"", await stranger.ReadAsync("/account/sign-in"), StringComparison.Ordinal);
        var known = await BodyAsync(await stranger.SubmitAsync("/account/forgot", "forgot", new() { ["email"] = email }));
        var unknown = await BodyAsync(await stranger.SubmitAsync("/account/forgot", "forgot", new() { ["email"] = $"p{Guid.NewGuid():N}@example.com" }));
        Assert.Contains("If this e-mail has an account", known, StringComparison.Ordinal);
        Assert.Equal(Card(known), Card(unknown));
        Assert.Equal(1, await house.RoundAsync());
        var path = MailHouse.LinkIn(house.Box.Taken.Single(), "/account/reset?link=");
        Assert.Equal(43, path.Split('=')[1].Length);
        await using (var db = house.Db())
        {
            var row = await db.PasswordResets.AsNoTracking().SingleAsync(item => item.User == user, Stop);
            Assert.Equal(LinkValue.IdOf(path.Split('=')[1]), row.Id); // the hash, not the value
            Assert.Equal(AskResetHandler.Life, row.ExpiresAt - row.CreatedAt);
        }

        await stranger.ReadAsync(path); // looking uses nothing up
        Assert.Contains("besides words that are guessed first", await BodyAsync(await stranger.SubmitAsync(path, "reset", new() { ["password"] = "Autonoomi-Amazon-1" })), StringComparison.Ordinal);
        await old.ReadAsync("/account/security");
        Assert.Contains("from=reset", Location(await stranger.SubmitAsync(path, "reset", new() { ["password"] = New })), StringComparison.Ordinal);

        Assert.Contains("/account/sign-in", Location(await old.GetAsync("/account/security")), StringComparison.Ordinal);
        Assert.Contains("not good any more", await stranger.ReadAsync(path), StringComparison.Ordinal);
        await using var scope = house.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var person = (await users.FindByIdAsync(user.ToString()))!;
        Assert.True(await users.CheckPasswordAsync(person, New));
        Assert.False(await users.CheckPasswordAsync(person, RunningProduct.Password));
        await house.RoundAsync();
        Assert.Contains("replaced by a link", house.Box.Taken[^1].TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("/account/reset", house.Box.Taken[^1].TextBody, StringComparison.Ordinal);
        var acts = new List<string>();
        await foreach (var line in house.Get<AuditLog>().LinesAsync(Stop)) acts.Add($"{line.Action} {line.Outcome}");
        Assert.Contains($"{AuditAction.ResetAsked} {AuditOutcome.Done}", acts);
        Assert.Contains($"{AuditAction.ResetAsked} {AuditOutcome.Refused}", acts);
        Assert.Contains($"{AuditAction.PasswordReset} {AuditOutcome.Done}", acts);
        Assert.DoesNotContain(path.Split('=')[1], house.Lines.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_second_factor_is_asked_for_and_five_wrong_codes_end_the_link()
    {
        var (_, user, _, email) = await house.PersonAsync();
        await using var scope = house.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var person = (await users.FindByIdAsync(user.ToString()))!;
        await users.ResetAuthenticatorKeyAsync(person);
        await users.SetTwoFactorEnabledAsync(person, true);
        var recovery = (await users.GenerateNewTwoFactorRecoveryCodesAsync(person, 10))!.ToList();
        var key = Base32.Decode(person.Totp!.Key);

        var link = await AskedAsync(email);
        using var browser = house.Open();
        Assert.Contains("Code from your authenticator app", await browser.ReadAsync($"/account/reset?link={link}"), StringComparison.Ordinal);
        for (var number = 0; number < ResetHandler.MostWrongCodes; number++) Assert.Contains("neither a code", (await ResetAsync(link, "000000"))!, StringComparison.Ordinal);
        Assert.Contains("not good any more", (await ResetAsync(link, Code(key)))!, StringComparison.Ordinal);
        Assert.True(await users.CheckPasswordAsync((await users.FindByIdAsync(user.ToString()))!, RunningProduct.Password));

        Assert.Null(await ResetAsync(await AskedAsync(email), Code(key)));
        Assert.Null(await ResetAsync(await AskedAsync(email), recovery[0]));
        Assert.Contains("neither a code", (await ResetAsync(await AskedAsync(email), recovery[0]))!, StringComparison.Ordinal); // each once
        using var signing = house.Open();
        Assert.Contains("/account/second-factor", Location(await signing.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = New })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_wrong_links_a_late_one_and_one_used_twice_at_once_open_nothing()
    {
        var (_, user, _, email) = await house.PersonAsync();
        var link = await AskedAsync(email);
        foreach (var wrong in Enumerable.Range(0, 10).Select(at => $"{link[..(at * 4)]}{(link[at * 4] == 'A' ? 'B' : 'A')}{link[((at * 4) + 1)..]}").Concat([link[1..], $"{link}A", ""])) Assert.Contains("not good any more", (await ResetAsync(wrong, ""))!, StringComparison.Ordinal);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => ResetAsync(link, ""))));
        Assert.Single(outcomes, outcome => outcome is null);

        link = await AskedAsync(email);
        await using (var db = house.Db()) await db.PasswordResets.Where(row => row.User == user).ExecuteUpdateAsync(set => set.SetProperty(row => row.ExpiresAt, DateTimeOffset.UtcNow), Stop);
        Assert.Contains("not good any more", (await ResetAsync(link, ""))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_alone_opens_no_account_that_has_a_passkey()
    {
        var (_, user, _, email) = await house.PersonAsync();
        await house.ClearAsync();
        await using (var db = house.Db())
        {
            db.Passkeys.Add(new() { Id = Guid.NewGuid().ToString("N"), User = user, SealedPasskey = [1], CreatedAt = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync(Stop);
        }

        await AskAsync(email);

        await house.RoundAsync();
        Assert.Contains("Sign in with the passkey", house.Box.Taken.Single().TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("link=", house.Box.Taken.Single().TextBody, StringComparison.Ordinal);
        await using var look = house.Db();
        Assert.False(await look.PasswordResets.AnyAsync(row => row.User == user, Stop));
    }

    [Fact]
    public async Task A_mailbox_is_not_filled_and_a_frozen_account_gets_no_link()
    {
        var (_, user, organisation, email) = await house.PersonAsync();
        await house.ClearAsync();
        for (var number = 0; number < AskResetHandler.MostOpen + 2; number++) await AskAsync(email);
        Assert.Equal(AskResetHandler.MostOpen, (await house.RowsAsync(user)).Count);

        await house.ClearAsync();
        await house.Get<CaseBook>().FreezeChildAsync(organisation, user, Actor.Person(user), Stop);
        await AskAsync(email);
        Assert.DoesNotContain(await house.RowsAsync(user), row => row.Kind == MailKind.Reset);
    }

    private static string Code(byte[] key) => OneTimeCodes.Code(key, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);

    private async Task AskAsync(string email)
    {
        await using var scope = house.Services.CreateAsyncScope();
        Assert.True(await ActivatorUtilities.CreateInstance<AskResetHandler>(scope.ServiceProvider, new Hurried()).Handle(email, Stop));
    }

    private async Task<string> AskedAsync(string email)
    {
        await house.ClearAsync();
        await AskAsync(email);
        await house.RoundAsync();
        return MailHouse.LinkIn(house.Box.Taken.Single(), "/account/reset?link=").Split('=')[1];
    }

    private async Task<string?> ResetAsync(string link, string code)
    {
        await using var scope = house.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ResetHandler>().Handle(link, New, code, Stop))?.Message;
    }

    private static string Card(string page) => page[page.IndexOf("<div class=\"auth-card\">", StringComparison.Ordinal)..page.IndexOf("<footer", StringComparison.Ordinal)];

    /// <summary>Its stopwatch has run for longer than an answer is held back; the pages' tests wait.</summary>
    private sealed class Hurried : TimeProvider
    {
        private long looks;

        public override long GetTimestamp() => ++looks * TimestampFrequency;
    }

    private static string Location(System.Net.Http.HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private static async Task<string> BodyAsync(System.Net.Http.HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop));
}
