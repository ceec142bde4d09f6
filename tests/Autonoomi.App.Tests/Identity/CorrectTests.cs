using System.Net;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Identity;

/// <summary>Names and addresses corrected on the page Your data, and what of it anybody can learn.</summary>
[Collection<PeopleTests>]
public sealed partial class CorrectTests(RunningProduct product)
{
    private const string Page = "/account/your-data";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-7-b")]
    public async Task A_name_and_the_organisations_name_are_corrected_with_what_was_before()
    {
        var (browser, who) = await product.SignedInAsync();

        Assert.Contains("at most 100 characters", await BodyAsync(await browser.SubmitAsync(Page, "correct-name", new() { ["name"] = new string('x', 101) })), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync(Page, "correct-name", new() { ["name"] = "Ada Corrected" })).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync(Page, "correct-organisation", new() { ["organisation"] = "Better house" })).StatusCode);

        var page = await browser.ReadAsync(Page);
        Assert.Contains("value=\"Ada Corrected\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"Better house\"", page, StringComparison.Ordinal);
        Assert.Contains("Corrected before (2)", page, StringComparison.Ordinal);
        Assert.Contains(">Ada Test<", page, StringComparison.Ordinal);
        Assert.Contains(">Test house<", page, StringComparison.Ordinal);
        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
        {
            var rows = await db.Corrections.Where(row => row.User == who.User).ToListAsync(Stop);
            Assert.All(rows, row => Assert.DoesNotContain("Ada Test", System.Text.Encoding.UTF8.GetString(row.SealedBefore!), StringComparison.Ordinal));
        }

        // Whoever is no owner sees and corrects their own alone.
        var token = await browser.TokenAsync(Page);
        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
            await db.Memberships.Where(row => row.User == who.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, MemberRole.Manager), Stop);
        await browser.PostAsync(Page, new() { ["_handler"] = "correct-organisation", ["__RequestVerificationToken"] = token, ["organisation"] = "Taken house" });
        page = await browser.ReadAsync(Page);
        Assert.DoesNotContain("Taken house", page, StringComparison.Ordinal);
        Assert.DoesNotContain(">Test house<", page, StringComparison.Ordinal);
        Assert.Contains(">Ada Test<", page, StringComparison.Ordinal);

        var (other, _) = await product.SignedInAsync();
        Assert.DoesNotContain("Corrected before", await other.ReadAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-7-b")]
    public async Task An_address_needs_the_password_ends_every_session_and_is_signed_in_with_from_then_on()
    {
        var (who, old) = await product.SignUpAsync();
        using var browser = product.Open();
        await SignInAsync(browser, old);
        using var second = product.Open();
        await SignInAsync(second, old);
        var fresh = $"n{Guid.NewGuid():N}@example.com";

        Assert.Contains("neither your password", await BodyAsync(await browser.SubmitAsync(Page, "correct-email", new() { ["email"] = fresh, ["proof"] = "not the password" })), StringComparison.Ordinal);
        Assert.Contains("Write an e-mail address", await BodyAsync(await browser.SubmitAsync(Page, "correct-email", new() { ["email"] = "nobody", ["proof"] = RunningProduct.Password })), StringComparison.Ordinal);
        var answer = await browser.SubmitAsync(Page, "correct-email", new() { ["email"] = fresh, ["proof"] = RunningProduct.Password });
        Assert.EndsWith("/account/sign-in?from=email", answer.Headers.Location!.ToString(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(Page)).StatusCode);
        Assert.NotEqual(HttpStatusCode.Redirect, (await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = old, ["password"] = RunningProduct.Password })).StatusCode);
        await SignInAsync(browser, fresh);
        Assert.Contains($">{old}<", await browser.ReadAsync(Page), StringComparison.Ordinal);
        await using var scope = product.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        Assert.Equal(fresh, (await users.FindByIdAsync(who.User.ToString()))!.Email);
        Assert.Null(await users.FindByEmailAsync(old));
    }

    [Fact]
    [Promise("P-7-b")]
    public async Task Whether_an_address_has_an_account_is_not_told_and_cannot_be_tried_out()
    {
        var (_, taken) = await product.SignUpAsync("Eve Other");
        var (who, old) = await product.SignUpAsync();
        var answers = new List<string>();
        foreach (var wanted in new[] { taken.ToUpperInvariant(), $"f{Guid.NewGuid():N}@example.com" })
        {
            using var browser = product.Open();
            await SignInAsync(browser, old);
            var answer = await browser.SubmitAsync(Page, "correct-email", new() { ["email"] = wanted, ["proof"] = RunningProduct.Password });
            answers.Add($"{answer.StatusCode} {answer.Headers.Location} {Markup().Replace(await BodyAsync(answer), "")} {string.Join(',', browser.Cookies.Keys.Order(StringComparer.Ordinal))} {(await browser.GetAsync(Page)).StatusCode}");
        }

        Assert.Equal(answers[0], answers[1]);
        var handler = product.Services.CreateAsyncScope().ServiceProvider;
        var users = handler.GetRequiredService<UserManager<AppUser>>();
        var correct = handler.GetRequiredService<CorrectHandler>();
        Assert.Equal("Eve Other", (await users.FindByEmailAsync(taken))!.Name);
        for (var more = 0; more < CorrectHandler.MostAddresses - 2; more++) Assert.Null(await correct.EmailAsync(who.Organisation, (await users.FindByIdAsync(who.User.ToString()))!, taken, Stop));
        Assert.Contains("which is the most", (await correct.EmailAsync(who.Organisation, (await users.FindByIdAsync(who.User.ToString()))!, taken, Stop))!.Message, StringComparison.Ordinal);
        Assert.Single(await correct.HistoryAsync(who.User, null, Stop)); // what was refused changed nothing

        var told = new List<AuditTold>();
        await foreach (var line in product.Services.GetRequiredService<AuditLog>().OfAsync([], [who.User], [], [who.User], Stop)) told.Add(line);
        Assert.Equal([AuditOutcome.Refused, AuditOutcome.Done, AuditOutcome.Refused, AuditOutcome.Refused, AuditOutcome.Refused], told.Where(line => line.Action == AuditAction.Corrected).Select(line => line.Outcome));
        Assert.DoesNotContain(told, line => $"{line.Object}{line.Reason}".Contains('@', StringComparison.Ordinal));
    }

    private static async Task SignInAsync(Browser browser, string email) =>
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password })).StatusCode);

    private static async Task<string> BodyAsync(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop));

    // What is read, without tokens that are new in every page.
    [System.Text.RegularExpressions.GeneratedRegex("<!--.*?-->|<[^>]+>|CfDJ8[-_A-Za-z0-9]*", System.Text.RegularExpressions.RegexOptions.Singleline)]
    private static partial System.Text.RegularExpressions.Regex Markup();
}
