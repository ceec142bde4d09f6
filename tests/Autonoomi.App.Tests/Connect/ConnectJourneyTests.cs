using System.Net;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Connect;

/// <summary>Both consents through the pretend Amazon's own pages, as a browser without script goes.</summary>
public sealed class ConnectJourneyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-1.2-a")]
    public async Task Two_consents_make_a_storefront_refusal_and_reuse_make_none_and_a_withdrawn_one_is_renewed()
    {
        await using var amazon = await PretendAmazon.StartAsync(historyDays: 2);
        await using var product = new RunningProduct { More = { ["Autonoomi:Amazon:BaseAddress"] = amazon.Address.ToString() } };
        await product.InitializeAsync();
        var (browser, who) = await product.SignedInAsync();
        using var at = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        // refused: nothing is made, and the page says how to go on
        var refused = await browser.GetAsync(await ConsentAsync(browser, at, "/connect/seller/start", "deny"));
        Assert.Contains("You did not give the consent", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        // given: half, then whole
        var callback = await ConsentAsync(browser, at, "/connect/seller/start", "allow");
        Assert.EndsWith("from=half", (await browser.GetAsync(callback)).Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Contains("used already", await (await browser.GetAsync(callback)).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.EndsWith("from=complete", (await browser.GetAsync(await ConsentAsync(browser, at, "/connect/ads/start", "allow"))).Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, Count(await browser.ReadAsync("/connect"), "Connected</span>"));
        await using var db = product.Services.GetRequiredService<AppDbs>().System();
        var storefront = Assert.Single(await db.Storefronts.Where(row => row.Organisation == who.Organisation && row.Active).ToListAsync(Stop));
        Assert.True(await db.Runs.AnyAsync(run => run.Storefront == storefront.Storefront, Stop));

        // withdrawn: said in words, and the same account comes back
        await db.Grants.ExecuteUpdateAsync(set => set.SetProperty(row => row.State, GrantState.ReauthRequired), Stop);
        Assert.Equal(2, Count(await browser.ReadAsync("/connect"), "Withdrawn</span>"));
        await browser.GetAsync(await ConsentAsync(browser, at, "/connect/seller/start", "allow", storefront.Seller));
        await browser.GetAsync(await ConsentAsync(browser, at, "/connect/ads/start", "allow", storefront.Seller));
        Assert.Equal(2, Count(await browser.ReadAsync("/connect"), "Connected</span>"));
        Assert.Equal(1, await db.SellerAccounts.CountAsync(Stop));
    }

    private static int Count(string page, string words) => page.Split(words).Length - 1;

    /// <returns>Our callback's address with what Amazon gave along.</returns>
    private static async Task<string> ConsentAsync(Browser browser, HttpClient at, string start, string decision, Guid? again = null)
    {
        var fields = new Dictionary<string, string> { ["country"] = "US", ["__RequestVerificationToken"] = await browser.TokenAsync("/connect") };
        if (again is { } seller) fields["again"] = seller.ToString();
        var started = await browser.PostAsync(start, fields);
        Assert.Equal(HttpStatusCode.Redirect, started.StatusCode);
        var answer = await at.PostAsync(started.Headers.Location, new FormUrlEncodedContent([new("decision", decision)]), Stop);
        return answer.Headers.Location!.PathAndQuery;
    }
}
