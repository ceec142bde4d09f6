using System.Text.RegularExpressions;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Profit;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Audit;

/// <summary>What a person does on the product's pages stands in the log, in order, and nothing that was typed does.</summary>
public sealed partial class AuditWiringTests : IAsyncLifetime
{
    private readonly RunningProduct product = new();

    public ValueTask InitializeAsync() => product.InitializeAsync();

    public ValueTask DisposeAsync() => product.DisposeAsync();

    [Fact]
    public async Task Signing_up_in_and_out_with_every_way_of_failing()
    {
        var (_, email) = await product.SignUpAsync("Ada Canary 5512");
        using var browser = product.Open();
        await SignInAsync(browser, "nobody-canary@example.com", "not the password");
        await SignInAsync(browser, email, "not the password canary");
        await SignInAsync(browser, email, RunningProduct.Password);
        var page = await browser.ReadAsync("/account/authenticator");
        var key = Base32.Decode(Key().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal));
        var step = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30;
        await browser.SubmitAsync("/account/authenticator", "confirm", new() { ["code"] = OneTimeCodes.Code(key, step), ["proof"] = RunningProduct.Password });
        using var second = product.Open();
        await SignInAsync(second, email, RunningProduct.Password);
        await second.SubmitAsync("/account/second-factor", "code", new() { ["code"] = "000000" });
        await second.SubmitAsync("/account/second-factor", "code", new() { ["code"] = OneTimeCodes.Code(key, step + 1) });
        await browser.SubmitAsync("/account/security", "turn-off", new() { ["proof"] = RunningProduct.Password });
        await browser.SubmitAsync("/account/security", "password", new() { ["old"] = RunningProduct.Password, ["new"] = "five other quiet words here" });
        await browser.PostAsync("/account/sign-out", new() { ["__RequestVerificationToken"] = await browser.TokenAsync("/account/security") });
        using var third = product.Open();
        for (var wrong = 0; wrong < 5; wrong++) await SignInAsync(third, email, "wrong wrong wrong");

        var lines = await LinesAsync();
        Assert.Equal(
        [
            (AuditAction.SignedUp, AuditOutcome.Done), (AuditAction.SignIn, AuditOutcome.Refused), (AuditAction.SignIn, AuditOutcome.Refused), (AuditAction.SignIn, AuditOutcome.Done),
            (AuditAction.AuthenticatorOn, AuditOutcome.Done), (AuditAction.SignIn, AuditOutcome.Done), (AuditAction.SecondFactor, AuditOutcome.Refused), (AuditAction.SecondFactor, AuditOutcome.Done),
            (AuditAction.AuthenticatorOff, AuditOutcome.Done), (AuditAction.PasswordChanged, AuditOutcome.Done), (AuditAction.SignOut, AuditOutcome.Done),
            (AuditAction.SignIn, AuditOutcome.Refused), (AuditAction.SignIn, AuditOutcome.Refused), (AuditAction.SignIn, AuditOutcome.Refused), (AuditAction.SignIn, AuditOutcome.Refused), (AuditAction.Locked, AuditOutcome.Refused),
        ], lines.Select(line => (line.Action, line.Outcome)));
        Assert.Equal(ActorKind.Stranger, lines[1].ActorKind);
        Assert.Single(lines.Where(line => line.ActorKind == ActorKind.Person).Select(line => line.Actor).Distinct());
        var text = string.Join('\n', lines);
        foreach (var canary in new[] { "Canary", "canary", "example.com", "quiet words" }) Assert.DoesNotContain(canary, text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Settings_switches_and_files_of_a_seller()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        await browser.ReadAsync("/economics/template.csv");
        var stop = TestContext.Current.CancellationToken;
        var settings = (await product.Services.GetRequiredService<Workspaces>().GetAsync(seller, storefront, stop)).Settings;
        var save = product.Services.GetRequiredService<SaveSettingsHandler>();
        Assert.True((await save.Handle(new(seller, storefront, settings with { Mode = AutomationMode.Ask }, Actor.Person(who.User)), stop)).IsOk);
        Assert.True((await save.Handle(new(seller, storefront, settings with { Mode = AutomationMode.Ask, BrandTerms = ["acme canary"] }, Actor.Person(who.User)), stop)).IsOk);
        Assert.Empty(await product.Services.GetRequiredService<ReportingBook>().StoreAsync(seller, storefront, Reporting.None, Actor.Person(who.User), stop));

        var lines = (await LinesAsync())[^4..];
        Assert.Equal([AuditAction.Exported, AuditAction.Automation, AuditAction.Settings, AuditAction.Exchange], lines.Select(line => line.Action));
        Assert.Equal(("file of products and costs", "mode Ask, running", "before: mode Watch, running"), (lines[0].Object, lines[1].Object, lines[1].Reason));
        Assert.Single(lines.Select(line => (line.ActorKind, line.Actor, line.Seller)).Distinct());
        Assert.DoesNotContain("canary", string.Join('\n', lines), StringComparison.Ordinal);
        Assert.Empty((await product.Services.GetRequiredService<AuditLog>().VerifyAsync(stop)).Faults);
    }

    private static Task<HttpResponseMessage> SignInAsync(Browser browser, string email, string password) =>
        browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = password });

    private async Task<List<AuditLine>> LinesAsync()
    {
        var lines = new List<AuditLine>();
        await foreach (var line in product.Services.GetRequiredService<AuditLog>().LinesAsync(TestContext.Current.CancellationToken)) lines.Add(line);
        return lines;
    }

    [GeneratedRegex("id=\"totp-key\">([^<]+)<")]
    private static partial Regex Key();
}
