using System.Net;
using System.Net.Sockets;
using System.Text;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Tests.Web;

/// <summary>What reaches the product from outside: verbs, lengths, origins, proxies, roles, sessions that are over.</summary>
[Collection<PeopleTests>]
public sealed class EdgeTests(RunningProduct product)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TRACE", "/account/sign-in", HttpStatusCode.MethodNotAllowed)]
    [InlineData("TRACE", "/build/app.css", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/.git/HEAD", HttpStatusCode.NotFound)]
    [InlineData("GET", "/appsettings.json", HttpStatusCode.NotFound)]
    [InlineData("GET", "/build/", HttpStatusCode.NotFound)]
    [InlineData("GET", "/build/%2e%2e/%2e%2e/appsettings.json", HttpStatusCode.NotFound)]
    public async Task What_is_not_meant_to_be_served_is_not(string method, string path, HttpStatusCode status)
    {
        using var browser = product.Open();

        Assert.Equal(status, (await browser.SendAsync(new(new HttpMethod(method), new Uri(path, UriKind.Relative)))).StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("own", HttpStatusCode.OK)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task Only_own_pages_open_a_socket(string? origin, HttpStatusCode status)
    {
        using var browser = product.Open();
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/_blazor/negotiate?negotiateVersion=1", UriKind.Relative));
        if (origin is not null) request.Headers.Add("Origin", origin == "own" ? product.Address.GetLeftPart(UriPartial.Authority) : origin);

        Assert.Equal(status, (await browser.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("POST /account/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n")]
    [InlineData("POST /account/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nxyzw")]
    [InlineData("POST /account/sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    public async Task Contradicting_lengths_never_make_a_second_request(string raw)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, product.Address.Port, Stop);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(raw), Stop);

        var text = new StringBuilder();
        var buffer = new byte[16_384];
        while (await stream.ReadAsync(buffer, Stop) is > 0 and var read) text.Append(Encoding.ASCII.GetString(buffer, 0, read));

        Assert.StartsWith("HTTP/1.1 4", text.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, text.ToString().Split("HTTP/1.1 ").Length);
    }

    [Fact]
    public async Task Behind_a_proxy_its_last_word_counts_and_a_host_only_when_the_operator_named_it()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("autonoomi-proxy-").FullName;
        var app = RunningProduct.Build(folder, new() { ["Autonoomi:TlsAtProxy"] = "true", ["Autonoomi:Web:PublicAddress"] = "https://ppc.example.com", ["Autonoomi:RateLimits:Requests"] = "4" });
        try
        {
            app.MapGet("/test/seen", (HttpContext context) => $"{context.Request.Scheme} {context.Request.Host} {context.Connection.RemoteIpAddress}");
            await StoreStart.PrepareAsync(app.Services, Stop);
            await app.StartAsync(Stop);
            using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };

            var (seen, hsts) = await SeenAsync(http, "1.2.3.4, 203.0.113.9", "ppc.example.com");
            Assert.Equal("https ppc.example.com 203.0.113.9", seen);
            Assert.Equal("max-age=63072000; includeSubDomains", hsts);
            (seen, _) = await SeenAsync(http, "203.0.113.9", "evil.example");
            Assert.Equal($"https {http.BaseAddress!.Authority} 203.0.113.9", seen);

            // the limit of all requests goes by that address: two more, then a rest, and a neighbour block is not affected
            await SeenAsync(http, "203.0.113.9", "ppc.example.com");
            await SeenAsync(http, "203.0.113.9", "ppc.example.com");
            Assert.Contains("Too many tries", (await SeenAsync(http, "203.0.113.9", "ppc.example.com")).Seen, StringComparison.Ordinal);
            Assert.Equal("https ppc.example.com 203.0.112.9", (await SeenAsync(http, "203.0.112.9", "ppc.example.com")).Seen);
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
            SqliteFiles.Release(folder);
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(MemberRole.Viewer)]
    [InlineData(MemberRole.Analyst)]
    public async Task Who_only_looks_changes_nothing(MemberRole role)
    {
        var (browser, who) = await product.SignedInAsync();
        using var mine = browser;
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
            await db.Memberships.Where(row => row.User == who.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, role), Stop);
        var before = (await WorkspaceAsync(seller, storefront)).Settings;

        await browser.ReadAsync("/economics");
        await browser.SubmitAsync("/control", "goals", new() { ["mode"] = "Auto", ["budget"] = "1500", ["bid"] = "2.50", ["terms"] = "x" });
        await browser.SubmitAsync("/control", "aims", new() { ["kind.0"] = "Profit", ["brand"] = "acme", ["cap"] = "80", ["hold"] = "10" });
        await browser.SubmitAsync("/economics", "costs", new() { ["validFrom"] = "2026-01-15", ["sku.0"] = "A-1", ["cost.0"] = "6", ["inbound.0"] = "0", ["margin.0"] = "", ["lead.0"] = "25" });
        await browser.UploadAsync("/economics", "file", Encoding.UTF8.GetBytes("sku,cost_of_goods\nA-1,5\n"));
        var token = await browser.TokenAsync("/account/security");
        foreach (var path in new[] { "/connect/ads/start", "/connect/seller/start", "/connect/appstore/start", "/connect/ads/own/start", "/connect/seller/paste", "/connect/client/secret" })
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync(path, new() { ["__RequestVerificationToken"] = token })).StatusCode);

        var after = await WorkspaceAsync(seller, storefront);
        Assert.Equal((before.Mode, before.MonthlyBudget, before.DailyCap), (after.Settings.Mode, after.Settings.MonthlyBudget, after.Settings.DailyCap));
        Assert.Empty(after.Settings.BrandTerms);
        Assert.Empty(after.Costs);

        // the same form by a manager is stored, so it was the role that stood in the way
        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
            await db.Memberships.Where(row => row.User == who.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, MemberRole.Manager), Stop);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync("/control", "goals", new() { ["mode"] = "Auto", ["budget"] = "1500", ["bid"] = "2.50", ["terms"] = "x" })).StatusCode);
    }

    [Theory]
    [InlineData(6.9, HttpStatusCode.OK)]
    [InlineData(7.1, HttpStatusCode.Redirect)]
    public async Task A_session_ends_after_seven_days_however_much_it_is_used(double daysAgo, HttpStatusCode status)
    {
        using var browser = (await RunningProduct.SignedInAsync(product.App, daysAgo)).Browser;

        Assert.Equal(status, (await browser.GetAsync("/connect")).StatusCode);
    }

    [Theory]
    [InlineData("https://0.0.0.0:443", DataEnvironment.Production, false, true)]
    [InlineData("http://127.0.0.1:80", DataEnvironment.Production, false, false)]
    [InlineData("http://127.0.0.1:80", DataEnvironment.Production, true, true)]
    [InlineData("http://0.0.0.0:80", DataEnvironment.Production, true, false)]
    [InlineData("http://*:80", DataEnvironment.Demo, false, false)]
    [InlineData("http://[::1]:80", DataEnvironment.Demo, false, true)]
    public void Production_listens_under_TLS(string address, DataEnvironment environment, bool tlsAtProxy, bool allowed)
    {
        var refused = Record.Exception(() => Transport.Demand([address], environment, tlsAtProxy));

        if (allowed) Assert.Null(refused);
        else Assert.IsType<SetupException>(refused);
    }

    [Theory]
    [InlineData("four quiet words here", true)]
    [InlineData("autonoomi2026!", false)]
    [InlineData("PasswordPassword", false)]
    [InlineData("lovelace.ada.99", false)]
    [InlineData("amazon seller and eight more", true)]
    public void Guessed_words_do_not_count_in_a_password(string password, bool enough) =>
        Assert.Equal(enough, PasswordWords.Rest(password, new AppUser { Name = "Ada Lovelace", Email = "lovelace.ada@example.com" }) >= PasswordWords.Besides);

    [Fact]
    public void Log_lines_have_a_time_in_UTC_and_stay_on_one_line()
    {
        var lines = product.Services.GetRequiredService<IOptions<SimpleConsoleFormatterOptions>>().Value;

        Assert.True(lines.UseUtcTimestamp && lines.SingleLine);
        Assert.EndsWith("'Z '", lines.TimestampFormat, StringComparison.Ordinal);
    }

    private Task<Core.Facts.Workspace> WorkspaceAsync(SellerId seller, StorefrontId storefront) => product.Services.GetRequiredService<Workspaces>().GetAsync(seller, storefront, Stop);

    private static async Task<(string Seen, string? Hsts)> SeenAsync(HttpClient http, string forwardedFor, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/test/seen", UriKind.Relative));
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", host);
        using var answer = await http.SendAsync(request, Stop);
        return (await answer.Content.ReadAsStringAsync(Stop), answer.Headers.TryGetValues("Strict-Transport-Security", out var hsts) ? hsts.Single() : null);
    }
}
