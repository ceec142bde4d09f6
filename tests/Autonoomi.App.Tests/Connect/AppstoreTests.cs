using System.Net;
using System.Web;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Connect;

/// <summary>A connection that begins in Amazon's Appstore, over HTTP with the pretend Amazon's own pages.</summary>
public sealed class AppstoreTests
{
    private const string Application = "amzn1.sp.solution.pretend0-0000-0000-0000-000000000000";
    private const string Draft = "amzn1.sp.solution.pretend0-0000-0000-0000-00000000beta";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_way_from_the_Appstore_keeps_its_marks_through_sign_in_and_connects_once(bool draft)
    {
        await using var amazon = await PretendAmazon.StartAsync(historyDays: 1);
        await using var product = new RunningProduct
        {
            More =
            {
                ["Autonoomi:Amazon:BaseAddress"] = amazon.Address.ToString(), ["Autonoomi:Amazon:RevocationRecheck"] = "00:00:00.200",
                ["Autonoomi:Amazon:SellingPartnerApplicationId"] = draft ? Draft : Application, ["Autonoomi:Amazon:SellingPartnerApplicationIsDraft"] = draft.ToString(),
            },
        };
        await product.InitializeAsync();
        using var at = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var opened = await OpenAsync(at, amazon, product, draft ? Draft : Application);
        Assert.Equal(draft, opened.Contains("version=beta", StringComparison.Ordinal));

        // Nobody is signed in: sign-in and, for a newcomer, sign-up carry the address along.
        using var stranger = product.Open();
        var login = (await stranger.GetAsync(opened)).Headers.Location!;
        Assert.Equal("/account/sign-in", new Uri(product.Address, login).AbsolutePath);
        Assert.Equal(opened, HttpUtility.ParseQueryString(new Uri(product.Address, login).Query)["returnUrl"]);
        var signIn = WebUtility.HtmlDecode(await stranger.ReadAsync(new Uri(product.Address, login).PathAndQuery));
        Assert.Contains("/account/sign-up?returnUrl=" + Uri.EscapeDataString(opened), signIn, StringComparison.Ordinal);

        var (browser, who) = await product.SignedInAsync();
        using var signedIn = browser;
        var started = await ContinueAsync(browser, opened);
        Assert.Equal(HttpStatusCode.Redirect, started.StatusCode);
        Assert.Equal(amazon.Address.Authority, started.Headers.Location!.Authority);
        Assert.Equal(HttpUtility.ParseQueryString(new Uri(product.Address, opened).Query)["amazon_state"], HttpUtility.ParseQueryString(started.Headers.Location.Query)["amazon_state"]);
        Assert.Equal(draft ? "beta" : null, HttpUtility.ParseQueryString(started.Headers.Location.Query)["version"]);

        var back = await at.GetAsync(started.Headers.Location, Stop);
        var callback = back.Headers.Location!.PathAndQuery;

        // Another person and another browser get nothing, and do not use the answer up.
        using (var other = (await product.SignedInAsync()).Browser)
            Assert.Contains("Another person", await (await other.GetAsync(callback)).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.EndsWith("from=half", (await browser.GetAsync(callback)).Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Contains("used already", await (await browser.GetAsync(callback)).Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await at.GetAsync(started.Headers.Location, Stop)).StatusCode); // Amazon's mark works once, too
        await using var db = product.Services.GetRequiredService<AppDbs>().System();
        var account = Assert.Single(await db.SellerAccounts.Where(row => row.Organisation == who.Organisation).ToListAsync(Stop));
        if (draft) return;

        // Nobody runs anything for this half-connected account: the daily look alone finds the withdrawal.
        await amazon.SetFaultsAsync(new { revoke = new[] { "sellingPartner" } }, Stop);
        await db.Grants.ExecuteUpdateAsync(set => set.SetProperty(row => row.LookedAt, DateTimeOffset.UtcNow.AddHours(-25)), Stop);
        await product.Services.GetRequiredService<Runs>().WakeAsync(new(account.Seller), Stop);
        for (var tries = 0; tries < 200 && !await db.Grants.AnyAsync(row => row.State == GrantState.ReauthRequired, Stop); tries++) await Task.Delay(50, Stop);
        Assert.True(await db.Grants.AnyAsync(row => row.State == GrantState.ReauthRequired, Stop));
        Assert.Contains("Withdrawn</span>", await browser.ReadAsync("/connect"), StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-1.2-a")]
    public async Task A_prepared_link_leads_nowhere()
    {
        await using var product = new RunningProduct { More = { ["Autonoomi:Amazon:BaseAddress"] = "http://127.0.0.1:9" } };
        await product.InitializeAsync();
        using var browser = (await product.SignedInAsync()).Browser;
        var good = new Dictionary<string, string>
        {
            ["amazon_callback_uri"] = "http://127.0.0.1:9/apps/authorize/confirm/x", ["amazon_state"] = "MARK", ["selling_partner_id"] = "A1TESTSELLER", ["__RequestVerificationToken"] = await browser.TokenAsync("/connect"),
        };
        Assert.Equal(HttpStatusCode.Redirect, (await browser.PostAsync("/connect/appstore/start", good)).StatusCode);

        foreach (var (field, value) in new[]
        {
            ("amazon_callback_uri", "https://attacker.example/apps/authorize/confirm/x"), ("amazon_callback_uri", "http://127.0.0.1:9/elsewhere/confirm/x"),
            ("amazon_callback_uri", "http://127.0.0.1:9/apps/authorize/../../elsewhere"), ("amazon_callback_uri", "http://127.0.0.1:10/apps/authorize/confirm/x"),
            ("amazon_callback_uri", "https://127.0.0.1:9/apps/authorize/confirm/x"), ("amazon_callback_uri", "http://127.0.0.1:9/apps/authorize/confirm/x?redirect_uri=https://attacker.example"),
            ("amazon_callback_uri", "http://127.0.0.1:9/apps/authorize/confirm/x#y"), ("amazon_callback_uri", "//attacker.example/apps/authorize/confirm/x"),
            ("amazon_callback_uri", "https://sellercentral.amazon.com.attacker.example/apps/authorize/confirm/x"), ("amazon_callback_uri", "http://127.0.0.1:9@attacker.example/apps/authorize/confirm/x"),
            ("amazon_callback_uri", "http://attacker@127.0.0.1:9/apps/authorize/confirm/x"), ("amazon_callback_uri", "javascript:alert(1)"), ("amazon_callback_uri", ""),
            ("amazon_state", ""), ("selling_partner_id", ""), ("selling_partner_id", "<script>"),
        })
        {
            var refused = await browser.PostAsync("/connect/appstore/start", new(good) { [field] = value });
            Assert.True(HttpStatusCode.BadRequest == refused.StatusCode, value);
            Assert.Contains("not followed", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
    }

    /// <returns>Where Amazon opens the application, path and query.</returns>
    private static async Task<string> OpenAsync(HttpClient at, PretendAmazon amazon, RunningProduct product, string application)
    {
        var loginAddress = Uri.EscapeDataString(new Uri(product.Address, "/connect/appstore").ToString());
        var page = new Uri(amazon.Address, $"/appstore/apps?application_id={application}&login_uri={loginAddress}");
        Assert.Contains("Appstore", await at.GetStringAsync(page, Stop), StringComparison.Ordinal);
        var agreed = await at.PostAsync(page, new FormUrlEncodedContent([new("decision", "allow")]), Stop);
        return agreed.Headers.Location!.PathAndQuery;
    }

    private static async Task<HttpResponseMessage> ContinueAsync(Browser browser, string opened)
    {
        var query = HttpUtility.ParseQueryString(opened[opened.IndexOf('?', StringComparison.Ordinal)..]);
        Assert.Contains(query["selling_partner_id"]!, await browser.ReadAsync(opened), StringComparison.Ordinal);
        return await browser.PostAsync("/connect/appstore/start", new()
        {
            ["amazon_callback_uri"] = query["amazon_callback_uri"]!, ["amazon_state"] = query["amazon_state"]!, ["selling_partner_id"] = query["selling_partner_id"]!,
            ["__RequestVerificationToken"] = await browser.TokenAsync(opened),
        });
    }
}
