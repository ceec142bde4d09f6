using System.IO;
using System.Net;
using System.Text;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.Connect;

/// <summary>A self-hosting seller's own application and security profile, typed in on the page, over HTTP; the secrets are canaries.</summary>
public sealed class OwnCredentialsTests
{
    private const string Secret = "pretend-own-selling-partner-client-secret";
    private const string AdsSecret = "pretend-own-ads-client-secret";
    private const string AdsClient = "amzn1.application-oa2-client.pretend0ownads000000000000000";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-3-g", "P-3-h")]
    public async Task Own_credentials_are_proved_kept_sealed_used_and_never_seen_again() => Assert.Empty(await JourneyAsync(sealingOff: false));

    [Fact]
    public async Task The_same_search_finds_them_in_the_database_without_sealing()
    {
        var found = await JourneyAsync(sealingOff: true);

        Assert.Equal(3, found.Count);
        Assert.All(found, place => Assert.StartsWith("database", place, StringComparison.Ordinal));
    }

    /// <returns>Where which of the three secrets was found.</returns>
    private static async Task<List<string>> JourneyAsync(bool sealingOff)
    {
        await using var amazon = await PretendAmazon.StartAsync(historyDays: 1);
        using var lines = new KeptLines();
        var pages = new StringBuilder();
        var folder = Directory.CreateTempSubdirectory("autonoomi-own-").FullName;
        try
        {
            await using var app = RunningProduct.Build(folder, new() { ["Autonoomi:Amazon:BaseAddress"] = amazon.Address.ToString(), ["Logging:LogLevel:Default"] = "Trace" }, services =>
            {
                services.RemoveAll<ILoggerProvider>();
                services.AddSingleton<ILoggerProvider>(lines);
                if (sealingOff) services.Replace(ServiceDescriptor.Singleton(_ => KeyChain.OpenUnsealed(Path.Combine(folder, "keys"), "demo")));
            });
            await StoreStart.PrepareAsync(app.Services, Stop);
            await app.StartAsync(Stop);
            var (browser, who) = await RunningProduct.SignedInAsync(app);
            using var own = browser;
            var (seller, client, token) = await Connected.SelfAuthoriseAsync(amazon, Stop);
            Dictionary<string, string> Typed() => new() { ["country"] = "US", ["seller"] = seller, ["client"] = client, ["secret"] = Secret, ["token"] = token };

            // Refused one by one, with words that repeat nothing; nothing is kept.
            foreach (var (field, wrong, words) in new[]
            {
                ("secret", Secret + "x", "does not accept this client id and secret"), ("token", token + "x", "refuses the refresh token"), ("token", "Atzr|of somebody else", "begins with Atzr|"),
                ("client", "amzn1.sp.solution.x", "A client id begins with"), ("seller", "<script>", "merchant token"), ("country", "XX", "Choose the country"), ("made", "2019-01-01", "no longer good"), ("made", "soon", "as a date"),
            })
            {
                var typed = Typed();
                typed[field] = wrong;
                var refused = await PostAsync(browser, "/connect/seller/paste", typed, pages);
                Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
                Assert.Contains(words, await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
            }

            await using var db = app.Services.GetRequiredService<AppDbs>().System();
            Assert.False(await db.Grants.AnyAsync(Stop) || await db.LoginClients.AnyAsync(Stop) || await db.SellerAccounts.AnyAsync(Stop));

            Assert.EndsWith("from=half", (await PostAsync(browser, "/connect/seller/paste", Typed(), pages)).Headers.Location?.ToString(), StringComparison.Ordinal);
            Assert.EndsWith("from=half", (await PostAsync(browser, "/connect/seller/paste", Typed(), pages)).Headers.Location?.ToString(), StringComparison.Ordinal); // twice is once

            // The Ads consent against the own security profile; the token then belongs to that client and to no other.
            using var at = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
            var started = await PostAsync(browser, "/connect/ads/own/start", new() { ["country"] = "US", ["client"] = AdsClient, ["secret"] = AdsSecret }, pages);
            Assert.True(started.StatusCode == HttpStatusCode.Redirect, await started.Content.ReadAsStringAsync(Stop));
            Assert.Contains("client_id=" + AdsClient, started.Headers.Location!.Query, StringComparison.Ordinal);
            Assert.DoesNotContain(AdsSecret, started.Headers.Location.Query, StringComparison.Ordinal);
            var answer = await at.PostAsync(started.Headers.Location, new FormUrlEncodedContent([new("decision", "allow")]), Stop);
            Assert.EndsWith("from=complete", (await browser.GetAsync(answer.Headers.Location!.PathAndQuery)).Headers.Location?.ToString(), StringComparison.Ordinal);

            var account = Assert.Single(await db.SellerAccounts.Where(row => row.Organisation == who.Organisation).ToListAsync(Stop));
            var grants = await db.Grants.Where(row => row.Seller == account.Seller).OrderBy(row => row.Kind).ToListAsync(Stop);
            Assert.Equal([true, false], grants.Select(row => row.SelfAuthorised));
            Assert.All(grants, row => Assert.NotNull(row.Client));
            Assert.Equal(2, await db.LoginClients.CountAsync(Stop));
            var storefront = Assert.Single(await db.Storefronts.Where(row => row.Active).ToListAsync(Stop));
            var ads = await app.Services.GetRequiredService<SellerLink>().AdsAsync(new(account.Seller), new(storefront.Storefront), Stop);
            Assert.NotEmpty(await ads.ProfilesAsync(Stop));

            // The secret ends; only this client stops, and a new one typed in sets it right after Amazon took it.
            await amazon.SetFaultsAsync(new { expireOwnSecret = new[] { "sellingPartner" } }, Stop);
            var refusedSecret = await PostAsync(browser, "/connect/client/secret", new() { ["client"] = grants[0].Client!.Value.ToString(), ["secret"] = Secret }, pages);
            Assert.Contains("does not accept", await refusedSecret.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
            await app.Services.GetRequiredService<GrantBook>().HeardAsync(new(account.Seller), GrantKind.SellingPartner, GrantAnswer.ClientRefused, null, Stop);
            var page = await ReadAsync(browser, "/connect", pages);
            Assert.Contains("Secret refused</span>", page, StringComparison.Ordinal);
            Assert.Contains("Connected</span>", page, StringComparison.Ordinal);
            await amazon.SetFaultsAsync(new { restoreOwnSecret = new[] { "sellingPartner" } }, Stop);
            Assert.EndsWith("from=secret", (await PostAsync(browser, "/connect/client/secret", new() { ["client"] = grants[0].Client!.Value.ToString(), ["secret"] = Secret }, pages)).Headers.Location?.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("Secret refused</span>", await ReadAsync(browser, "/connect", pages), StringComparison.Ordinal);
            await app.StopAsync(Stop);

            var found = new List<string>();
            foreach (var (name, canary) in new[] { ("seller secret", Secret), ("ads secret", AdsSecret), ("token", token) })
            {
                if (lines.Text.Contains(canary, StringComparison.Ordinal)) found.Add("log " + name);
                if (pages.ToString().Contains(canary, StringComparison.Ordinal)) found.Add("page " + name);
                if (Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(file => Has(file, canary))) found.Add("database " + name);
            }

            Assert.True(lines.Text.Length > 1000 && pages.Length > 1000); // there was something to search
            return found;
        }
        finally
        {
            SqliteFiles.Release(folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Has(string file, string canary)
    {
        if (new FileInfo(file).Length == 0) return false; // the lock that a running product holds
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)) >= 0;
    }

    private static async Task<HttpResponseMessage> PostAsync(Browser browser, string path, Dictionary<string, string> fields, StringBuilder pages)
    {
        var answer = await browser.PostAsync(path, new(fields) { ["__RequestVerificationToken"] = await browser.TokenAsync("/connect") });
        pages.Append(answer.Headers).Append(await answer.Content.ReadAsStringAsync(Stop));
        return answer;
    }

    private static async Task<string> ReadAsync(Browser browser, string path, StringBuilder pages)
    {
        var page = await browser.ReadAsync(path);
        pages.Append(page);
        return page;
    }
}
