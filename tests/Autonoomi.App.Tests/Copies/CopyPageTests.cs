using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Copies;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Copies;

/// <summary>Copies as people ask for them, over the wire.</summary>
[Collection<PeopleTests>]
public sealed class CopyPageTests(RunningProduct product)
{
    private const string Page = "/account/your-data";
    private const string Copy = Page + "/copy";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-7-a")]
    public async Task An_owner_gets_a_copy_after_the_password_and_it_stands_in_the_log()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, _) = await product.ConnectAsync(who.Organisation);
        Assert.Contains($"account:{seller.Value:D}", await browser.ReadAsync(Page), StringComparison.Ordinal);

        var refused = await AskAsync(browser, "organisation", "not the password");
        Assert.Equal($"{Page}?from=unproven", refused.Headers.Location?.ToString());
        Assert.Contains("No copy was made", await browser.ReadAsync($"{Page}?from=unproven"), StringComparison.Ordinal);
        foreach (var what in new[] { "organisation", $"account:{seller.Value:D}", $"given:{seller.Value:D}", "person" })
        {
            var answer = await AskAsync(browser, what, RunningProduct.Password);
            Assert.Equal((HttpStatusCode.OK, "application/zip"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Matches("^autonoomi-copy-of-[a-z-]+-\\d{4}-\\d\\d-\\d\\d-\\d{4}\\.zip$", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
            using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync(Stop), ZipArchiveMode.Read);
            Assert.NotNull(zip.GetEntry(CopyFormat.Manifest));
            Assert.Equal(what.StartsWith("account", StringComparison.Ordinal) || what == "organisation", zip.Entries.Any(entry => entry.FullName.EndsWith("Listing.csv", StringComparison.Ordinal)));
            Assert.Equal(what is not "person", zip.Entries.Any(entry => entry.FullName.Contains("/given/", StringComparison.Ordinal)));
        }

        var told = new List<AuditTold>();
        await foreach (var line in product.Services.GetRequiredService<AuditLog>().OfAsync([seller.Value], [who.User], [seller.Value], [who.User], Stop)) told.Add(line);
        Assert.Equal(
            [("copy of the organisation", false), ("copy of the organisation", true), ("copy of the account", true), ("copy of what was typed in", true), ("copy of a person", false)],
            told.Where(line => line.Action == AuditAction.Exported).Select(line => (line.Object!, line.Seller is not null)));
        Assert.All(told, line => Assert.Equal(who.User, line.Person));
    }

    [Fact]
    public async Task Nobody_gets_what_is_not_theirs()
    {
        var (owner, who) = await product.SignedInAsync();
        var (seller, _) = await product.ConnectAsync(who.Organisation);
        var (other, elsewhere) = await product.SignedInAsync();
        Assert.Equal($"{Page}?from=no-account", (await AskAsync(other, $"account:{seller.Value:D}", RunningProduct.Password)).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(other, "everything", RunningProduct.Password)).StatusCode);

        foreach (var role in new[] { MemberRole.Viewer, MemberRole.Analyst, MemberRole.Manager })
        {
            await using (var db = product.Services.GetRequiredService<AppDbs>().System())
                await db.Memberships.Where(row => row.User == who.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, role), Stop);
            foreach (var what in new[] { "organisation", $"account:{seller.Value:D}", $"given:{seller.Value:D}" })
                Assert.NotEqual("application/zip", (await AskAsync(owner, what, RunningProduct.Password)).Content.Headers.ContentType?.MediaType);
            Assert.Equal("application/zip", (await AskAsync(owner, "person", RunningProduct.Password)).Content.Headers.ContentType?.MediaType);
        }

        using var stranger = product.Open();
        var answer = await stranger.PostAsync(Copy, new() { ["what"] = "person", ["proof"] = RunningProduct.Password });
        Assert.NotEqual("application/zip", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEqual(who.Organisation, elsewhere.Organisation);
    }

    [Fact]
    [Promise("P-7-e")]
    public async Task A_copy_is_read_in_on_its_page_and_a_wrong_one_says_why()
    {
        var (browser, who) = await product.SignedInAsync();
        var (from, first) = await product.ConnectAsync(who.Organisation);
        var (into, second) = await product.ConnectAsync(who.Organisation);
        var usd = new Currency("USD");
        var saved = await product.Services.GetRequiredService<SaveCostsHandler>().Handle(new(from, first, [new ProductCost(new Sku("A-1"), new(2026, 1, 1), new(5m, usd), new(0m, usd), null, 30)], Actor.Person(who.User)), Stop);
        Assert.True(saved.IsOk);
        var copy = await (await AskAsync(browser, $"given:{from.Value:D}", RunningProduct.Password)).Content.ReadAsByteArrayAsync(Stop);

        var wrong = await (await HandInAsync(browser, into, copy[..^40])).Content.ReadAsStringAsync(Stop);
        Assert.Contains("This is no ZIP archive", wrong, StringComparison.Ordinal);
        Assert.Contains("Nothing changed", wrong, StringComparison.Ordinal);
        var answer = await HandInAsync(browser, into, copy);
        Assert.Equal($"{Page}?from=read-in", answer.Headers.Location is { } location ? (location.IsAbsoluteUri ? location.PathAndQuery : location.ToString()) : null);
        var costs = (await product.Services.GetRequiredService<Workspaces>().GetAsync(into, second, Stop)).Costs;
        Assert.Equal(("A-1", 5m), (costs.Single().Sku.Value, costs.Single().CostOfGoods.Amount));

        // Whoever only looks changes nothing, and another organisation's account is none.
        var (other, _) = await product.SignedInAsync();
        await HandInAsync(other, into, copy);
        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
            await db.Memberships.Where(row => row.User == who.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, MemberRole.Analyst), Stop);
        Assert.Contains("for owners and managers", await browser.ReadAsync($"{Page}/read-in"), StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-9.2-a")]
    public async Task A_person_sees_what_is_collected_with_the_numbers_of_the_moment()
    {
        var (browser, who) = await product.SignedInAsync();
        await product.ConnectAsync(who.Organisation);

        var page = WebUtility.HtmlDecode(await browser.ReadAsync($"{Page}/collected"));

        foreach (var category in DataCategories.Order) Assert.Contains($">{category}<", page, StringComparison.Ordinal);
        Assert.Matches("People who sign in; they go with their last organisation\\.<br><span class=\"soft\">user</span></td>\\s*<td>[^<]+</td>\\s*<td>as long as the account</td>\\s*<td class=\"num\">1</td>", page.Replace("<br />", "<br>", StringComparison.Ordinal));
        Assert.Contains("<td class=\"num\">3</td>", page, StringComparison.Ordinal); // the three listings
    }

    private static Task<HttpResponseMessage> AskAsync(Browser browser, string what, string proof) => SendAsync(browser, new() { ["what"] = what, ["proof"] = proof });

    private static async Task<HttpResponseMessage> SendAsync(Browser browser, Dictionary<string, string> fields) =>
        await browser.PostAsync(Copy, new(fields) { ["__RequestVerificationToken"] = await browser.TokenAsync(Page) });

    private static async Task<HttpResponseMessage> HandInAsync(Browser browser, SellerId into, byte[] archive)
    {
        var file = new ByteArrayContent(archive);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        var content = new MultipartFormDataContent
        {
            { new StringContent("read-in"), "_handler" }, { new StringContent(await browser.TokenAsync(Page)), "__RequestVerificationToken" }, { new StringContent(into.Value.ToString()), "into" }, { file, "file", "copy.zip" },
        };
        return await browser.SendAsync(new(HttpMethod.Post, new Uri($"{Page}/read-in", UriKind.Relative)) { Content = content });
    }
}
