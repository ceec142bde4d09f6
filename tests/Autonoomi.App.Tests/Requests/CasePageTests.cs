using System.Net;
using Autonoomi.App.Platform.Requests;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Requests;

/// <summary>Requests as a person writes them and reads the answer.</summary>
[Collection<PeopleTests>]
public sealed class CasePageTests(RunningProduct product)
{
    private const string Page = "/account/your-data";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-1.1-f")]
    public async Task A_person_asks_sees_the_day_and_reads_the_answer_and_nobody_else_does()
    {
        var (browser, who) = await product.SignedInAsync();
        Assert.Contains("write 10 to 4000 characters", await (await browser.SubmitAsync(Page, "open-case", new() { ["kind"] = "Objection", ["text"] = "no" })).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync(Page, "open-case", new() { ["kind"] = "Objection", ["text"] = "I object to <b>this</b> use." })).StatusCode);

        var page = await browser.ReadAsync(Page);
        Assert.Contains($"you are answered by {DateTimeOffset.UtcNow.AddDays(30).UtcDateTime.ToString("d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture)}", page, StringComparison.Ordinal);
        Assert.Contains("I object to &lt;b&gt;this&lt;/b&gt; use.", page, StringComparison.Ordinal);
        var cases = product.Services.GetRequiredService<CaseBook>();
        var asked = Assert.Single(await cases.OfAsync(who.Organisation, who.User, Stop));
        Assert.Null(await cases.AnswerAsync(asked.Row.Id, "It stopped today, as you wished.", Stop));
        Assert.Null(await cases.CloseAsync(asked.Row.Id, Stop));
        page = await browser.ReadAsync(Page);
        Assert.Contains("It stopped today, as you wished.", page, StringComparison.Ordinal);
        Assert.Contains("<b>answered</b>", page, StringComparison.Ordinal);

        var (other, _) = await product.SignedInAsync();
        Assert.DoesNotContain("as you wished", await other.ReadAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-11-b")]
    public async Task An_account_that_is_a_childs_is_shut_for_every_session_in_the_same_moment()
    {
        var (who, email) = await product.SignUpAsync();
        using var browser = product.Open();
        using var second = product.Open();
        foreach (var each in new[] { browser, second }) Assert.Equal(HttpStatusCode.Redirect, (await each.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password })).StatusCode);
        Assert.Contains("Test house", await second.ReadAsync(Page), StringComparison.Ordinal);

        await browser.SubmitAsync(Page, "report-child", new() { ["proof"] = "not the password" });
        Assert.Contains("Test house", await second.ReadAsync(Page), StringComparison.Ordinal);
        Assert.EndsWith("from=child", (await browser.SubmitAsync(Page, "report-child", new() { ["proof"] = RunningProduct.Password })).Headers.Location!.ToString(), StringComparison.Ordinal);

        var left = await (await second.GetAsync(Page)).Content.ReadAsStringAsync(Stop);
        Assert.DoesNotContain("Test house", left, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.Redirect, (await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password })).StatusCode);
        Assert.Single(await product.Services.GetRequiredService<CaseBook>().ListAsync(all: true, Stop), row => row.Subject == who.User);
    }
}
