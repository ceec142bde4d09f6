using System.Net;
using System.Net.Sockets;
using System.Text;
using Autonoomi.App.Platform.Web;
using Autonoomi.Testing;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Tests.Web;

[Collection<PeopleTests>]
public sealed class HardeningTests(RunningProduct product)
{
    private static readonly string[] Unsafe = ["POST", "PUT", "PATCH", "DELETE"];

    [Theory]
    [InlineData("/account/sign-in", false)]
    [InlineData("/account/sign-up", false)]
    [InlineData("/account/second-factor", false)]
    [InlineData("/privacy", false)]
    [InlineData("/", false)]
    [InlineData("/nowhere", false)]
    [InlineData("/test/throw", false)]
    [InlineData("/build/app.css", false)]
    [InlineData("/build/shell.js", false)]
    [InlineData("/", true)]
    [InlineData("/connect", true)]
    [InlineData("/economics", true)]
    [InlineData("/account/security", true)]
    [InlineData("/account/your-data", true)]
    [InlineData("/account/your-data/collected", true)]
    [InlineData("/account/your-data/read-in", true)]
    [InlineData("/account/authenticator", true)]
    [InlineData("/account/prove", true)]
    [InlineData("/targets", true)]
    [InlineData("/recommendations", true)]
    [InlineData("/changes", true)]
    [InlineData("/connect/ads/callback?state=x", true)]
    [Promise("P-10-b")]
    public async Task Every_answer_carries_the_headers(string path, bool signedIn)
    {
        using var browser = signedIn ? (await product.SignedInAsync()).Browser : product.Open();

        var answer = await browser.GetAsync(path);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Contains("camera=()", Assert.Single(answer.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        if (answer.Content.Headers.ContentType is { MediaType: { } media } type && media.StartsWith("text/", StringComparison.Ordinal)) Assert.Equal("utf-8", type.CharSet);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        if (!path.StartsWith("/build/", StringComparison.Ordinal)) Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("/account/sign-in", false)]
    [InlineData("/account/sign-up", false)]
    [InlineData("/privacy", false)]
    [InlineData("/promises", true)]
    [InlineData("/destinations", true)]
    [InlineData("/", true)]
    [InlineData("/connect", true)]
    [InlineData("/economics", true)]
    [InlineData("/account/security", true)]
    [InlineData("/account/your-data", true)]
    [InlineData("/account/your-data/collected", true)]
    [InlineData("/account/your-data/read-in", true)]
    [InlineData("/account/authenticator", true)]
    [InlineData("/account/prove", true)]
    [InlineData("/targets", true)]
    [InlineData("/recommendations", true)]
    [InlineData("/changes", true)]
    [Promise("P-10-b")]
    public async Task No_page_has_script_or_style_inside(string path, bool signedIn)
    {
        using var browser = signedIn ? (await product.SignedInAsync()).Browser : product.Open();

        var page = await browser.ReadAsync(path);

        Assert.DoesNotMatch("<script(?![^>]*\\bsrc=)[^>]*>", page);
        Assert.DoesNotMatch("<style[ >]", page);
        Assert.DoesNotMatch("<[a-z][^>]*\\son[a-z]+=", page);
        Assert.DoesNotMatch("<[a-z][^>]*\\sstyle=", page);
    }

    [Fact]
    public async Task Every_unsafe_endpoint_refuses_a_request_without_form_token()
    {
        using var browser = (await product.SignedInAsync()).Browser;
        var routes = product.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Path: "/" + endpoint.RoutePattern.RawText?.TrimStart('/'), Methods: endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods))
            .Where(route => !route.Path.StartsWith("/_blazor", StringComparison.Ordinal) && !route.Path.StartsWith("/_framework", StringComparison.Ordinal))
            .SelectMany(route => Unsafe.Where(method => route.Methods is not { Count: > 0 } known || known.Contains(method)).Select(method => (route.Path, Method: method)))
            .Distinct().ToList();

        Assert.Contains(("/connect/ads/start", "POST"), routes);
        Assert.Contains(("/account/sign-out", "POST"), routes);
        Assert.Contains(("/economics", "POST"), routes);
        foreach (var (path, method) in routes)
        {
            var concrete = System.Text.RegularExpressions.Regex.Replace(path, "\\{[^}]+\\}", "1");
            var answer = await browser.SendAsync(new(new HttpMethod(method), new Uri(concrete, UriKind.Relative)) { Content = new FormUrlEncodedContent([]) });
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound, $"{method} {path} answered {answer.StatusCode}");
            if (Unsafe[0] == method && path is "/connect/ads/start" or "/account/sign-out" or "/economics") Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/economics")).StatusCode); // still signed in
    }

    [Fact]
    public async Task A_token_of_somebody_else_is_refused()
    {
        using var mine = (await product.SignedInAsync()).Browser;
        using var other = (await product.SignedInAsync()).Browser;

        var answer = await mine.PostAsync("/account/sign-out", new() { ["__RequestVerificationToken"] = await other.TokenAsync("/account/security") });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("POST", "cross-site", "navigate", "document", false)]
    [InlineData("POST", "same-site", "navigate", "document", false)]
    [InlineData("GET", "cross-site", "no-cors", "image", false)]
    [InlineData("GET", "cross-site", "websocket", "websocket", false)]
    [InlineData("GET", "cross-site", "navigate", "iframe", false)]
    [InlineData("GET", "same-site", "cors", "empty", false)]
    [InlineData("GET", "cross-site", "navigate", "document", true)]
    [InlineData("GET", "same-origin", "cors", "empty", true)]
    [InlineData("GET", "none", "navigate", "document", true)]
    public async Task Other_sites_may_link_and_nothing_else(string method, string site, string mode, string destination, bool allowed)
    {
        using var browser = product.Open();
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri("/account/sign-in", UriKind.Relative));
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Sec-Fetch-Mode", mode);
        request.Headers.Add("Sec-Fetch-Dest", destination);

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await browser.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task An_upload_of_fifty_megabytes_is_refused_before_it_is_sent()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, product.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /economics HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 52428800\r\n\r\n--x"), TestContext.Current.CancellationToken);

        var buffer = new byte[16_384];
        var text = "";
        while (!text.Contains("</html>", StringComparison.Ordinal) && await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read) text += Encoding.UTF8.GetString(buffer, 0, read);

        Assert.StartsWith("HTTP/1.1 413", text, StringComparison.Ordinal);
        Assert.Contains("at most 10 MiB", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_page_tells_nothing_of_the_inside()
    {
        using var browser = product.Open();

        var answer = await browser.GetAsync("/test/throw");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.Contains("Something failed here", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/privacy/versions?of=", false)]
    [InlineData("/?days=", true)]
    [InlineData("/profit?days=", true)]
    [InlineData("/profit?p=", true)]
    [InlineData("/targets?days=", true)]
    [InlineData("/economics?n=", true)]
    public async Task A_number_in_an_address_that_is_none_is_said_to_be_none_and_not_repeated(string path, bool signedIn)
    {
        using var browser = signedIn ? (await product.SignedInAsync()).Browser : product.Open();

        foreach (var typed in (string[])["seventeen", "1e999", "99999999999999999999", "<script>seventeen</script>", "-"])
        {
            var answer = await browser.GetAsync(path + Uri.EscapeDataString(typed));
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("This address cannot be read", text, StringComparison.Ordinal);
            Assert.DoesNotContain("seventeen", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_sixth_try_within_a_minute_is_refused_for_that_account_only()
    {
        using var limiter = new AttemptLimiter(new RateLimits());

        Assert.Equal([true, true, true, true, true, false], Enumerable.Range(0, 6).Select(_ => limiter.TryAttempt("a")));
        Assert.True(limiter.TryAttempt("b"));
        Assert.Equal([true, true, true, true, true, false], Enumerable.Range(0, 6).Select(_ => limiter.TryFromKnown("c")));
        Assert.True(limiter.TryFromKnown("d"));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.77", true)]
    [InlineData("10.1.2.3", "10.1.3.3", false)]
    [InlineData("::ffff:10.1.2.3", "10.1.2.9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:ffff::9", true)]
    [InlineData("2001:db8:1::1", "2001:db8:2::1", false)]
    public void Neighbouring_addresses_share_their_tries(string one, string other, bool same) =>
        Assert.Equal(same, AddressBlock.Of(IPAddress.Parse(one)) == AddressBlock.Of(IPAddress.Parse(other)));

    [Fact]
    public async Task Cookies_of_looks_are_pinned_to_this_host_over_https()
    {
        var request = new Microsoft.AspNetCore.Http.DefaultHttpContext().Request;
        foreach (var name in (string[])["storefront", "theme", "side"])
        {
            request.Scheme = "https";
            Assert.Equal($"__Host-{name}", SiteCookies.NameOf(request, name));
            Assert.NotNull(SiteCookies.Find($"__Host-{name}"));
            request.Scheme = "http";
            Assert.Equal(name, SiteCookies.NameOf(request, name));
        }

        // the script writes what the server reads
        using var browser = product.Open();
        Assert.Matches("(?s)https:.{0,200}__Host-.{0,200};path=/;.{0,200};secure", await browser.ReadAsync("/build/shell.js"));
    }

    [Fact]
    public void In_production_the_session_cookie_is_pinned_to_this_host_over_https()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("autonoomi-people-").FullName;
        using var app = (IDisposable)RunningProduct.Build(folder, new() { ["Autonoomi:Storage:Environment"] = "Production", ["Autonoomi:Amazon:BaseAddress"] = "" });
        var services = ((Microsoft.AspNetCore.Builder.WebApplication)app).Services;

        var cookie = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);

        Assert.Equal("__Host-autonoomi-session", cookie.Cookie.Name);
        Assert.Equal(Microsoft.AspNetCore.Http.CookieSecurePolicy.Always, cookie.Cookie.SecurePolicy);
        Assert.Equal(Microsoft.AspNetCore.Http.SameSiteMode.Lax, cookie.Cookie.SameSite);
        Assert.True(cookie.Cookie.HttpOnly);
        Assert.Null(cookie.Cookie.Domain);
        Assert.Equal(TimeSpan.FromHours(12), cookie.ExpireTimeSpan);
        Assert.Equal(210_000, services.GetRequiredService<IOptions<PasswordHasherOptions>>().Value.IterationCount);
        Assert.Equal(TimeSpan.FromMinutes(5), services.GetRequiredService<IOptions<SecurityStampValidatorOptions>>().Value.ValidationInterval);
    }
}
