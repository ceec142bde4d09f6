using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Egress;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Identity.SignOn;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Web;
using Autonoomi.Privacy.Egress;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Autonoomi.App.Tests.SignOn;

/// <summary>The product with a provider of single sign-on beside it.</summary>
public sealed class SignOnHouse : IAsyncLifetime
{
    internal PretendProvider Provider { get; } = new();

    public RunningProduct Product { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Provider.StartAsync(CancellationToken.None);
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["Autonoomi:Storage:Environment"] = "Development",
            ["Logging:LogLevel:Default"] = "Critical",
            ["Autonoomi:SignOn:Issuer"] = Provider.Issuer,
            ["Autonoomi:SignOn:ClientId"] = PretendProvider.ClientId,
            ["Autonoomi:SignOn:ClientSecret"] = PretendProvider.ClientSecret,
            ["Autonoomi:SignOn:Name"] = "Example Door",
            ["Autonoomi:SignOn:AllowedDomains"] = "example.com, example.org",
            ["Autonoomi:SignOn:NewPeople"] = "Anybody",
        }) Product.More[name] = value;
        await Product.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Provider.DisposeAsync();
    }
}

public sealed class SignOnTests(SignOnHouse house) : IClassFixture<SignOnHouse>
{
    private const string SignInPage = "/account/sign-in";
    private const string Security = "/account/security";
    private const string Failed = "/account/sign-in?from=sign-on-failed";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningProduct Product => house.Product;

    [Fact]
    public async Task Who_comes_for_the_first_time_agrees_as_at_sign_up_and_later_comes_straight_in()
    {
        var play = new Play(NewSubject()) { Email = NewEmail() };
        using var browser = Product.Open();
        Assert.Contains("Continue with Example Door", await browser.ReadAsync(SignInPage), StringComparison.Ordinal);

        var sent = await StartAsync(browser, "/connect");
        var asked = QueryHelpers.ParseQuery(sent.Query).ToDictionary(item => item.Key, item => item.Value.ToString());
        Assert.Equal(("code", "S256", "openid email profile", $"{Product.Address.GetLeftPart(UriPartial.Authority)}/account/sign-on/callback"), (asked["response_type"], asked["code_challenge_method"], asked["scope"], asked["redirect_uri"]));
        Assert.False(asked.ContainsKey("response_mode") && asked["response_mode"] != "query");
        Assert.True(asked["state"].Length > 40 && asked["nonce"].Length > 40);
        Assert.DoesNotContain(asked.Keys, key => key is "prompt" or "max_age" or "x-client-SKU");
        var done = await CallbackAsync(browser, house.Provider.Authorize(sent, play));
        Assert.EndsWith("/account/sign-on/first", Location(done), StringComparison.Ordinal);

        // the browser holds who it is, sealed, and nothing else of the token
        var ticket = Product.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ExternalScheme).TicketDataFormat.Unprotect(browser.Cookies["autonoomi-external"])!;
        Assert.Equal(["email", "email_verified", "name", "sub"], ticket.Principal.Claims.Select(claim => claim.Type).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(ticket.Properties.Items, item => item.Key.Contains("oken", StringComparison.Ordinal) || item.Value?.Contains("canary", StringComparison.Ordinal) == true);

        var page = await browser.ReadAsync(SignOnEndpoints.First);
        Assert.Contains(play.Email, page, StringComparison.Ordinal);
        Assert.Contains("value=\"Ada Vouched\"", page, StringComparison.Ordinal);
        var fields = new Dictionary<string, string> { ["organisation"] = "Vouched house", ["name"] = "Ada Vouched", ["adult"] = "true", ["mayAct"] = "true", ["policy"] = $"{RunningProduct.Policy}" };
        foreach (var (left, says) in ((string, string)[])[("adult", "18 or older"), ("mayAct", "may act for the organisation"), ("policy", "agrees to the privacy policy")])
            Assert.Contains(says, await BodyAsync(await browser.SubmitAsync(SignOnEndpoints.First, "first", new(fields.Where(field => field.Key != left)))), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(Security)).StatusCode);
        Assert.EndsWith("/connect", Location(await browser.SubmitAsync(SignOnEndpoints.First, "first", fields)), StringComparison.Ordinal);
        Assert.Contains("This one", await browser.ReadAsync(Security), StringComparison.Ordinal);
        Assert.False(browser.Cookies.ContainsKey("autonoomi-external"));

        using var again = Product.Open();
        Assert.EndsWith("/connect", Location(await ComeAsync(again, play with { Email = "other@example.com" }, "/connect")), StringComparison.Ordinal);
        await again.ReadAsync(Security);
        Assert.DoesNotContain(again.Cookies.Keys, name => name.StartsWith("autonoomi-sign-on", StringComparison.Ordinal) || name == "autonoomi-external");

        // what rests names neither subject nor address in clear, and requests went through the door
        await using var db = Product.Services.GetRequiredService<AppDbs>().System();
        var row = await db.SignOns.AsNoTracking().SingleAsync(item => db.Users.Any(user => user.Id == item.User) && item.Id == IdOf(play), Stop);
        Assert.DoesNotContain(play.Subject, row.Id + Encoding.UTF8.GetString(row.SealedProvider), StringComparison.Ordinal);
        Assert.Null((await db.Users.AsNoTracking().SingleAsync(user => user.Id == row.User, Stop)).PasswordHash);
        Assert.Equal(3, await db.Agreements.CountAsync(item => item.User == row.User, Stop));
        Assert.True((await Product.Services.GetRequiredService<EgressBook>().DestinationsAsync(null, 1, Stop)).Single(place => place.Purpose == EgressPurpose.SignOn).All >= 3);
        Assert.Contains((await LinesAsync()).Where(line => line.Action == AuditAction.SignIn), line => line is { Reason: "single sign-on", Outcome: AuditOutcome.Done, ActorKind: ActorKind.Person });
    }

    public static TheoryData<string> BadAnswers => [.. Bent.Keys];

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task An_answer_that_is_bent_signs_nobody_in(string bent)
    {
        using var browser = Product.Open();

        var answer = await ComeAsync(browser, Bent[bent](house.Provider, await KnownAsync()));

        Assert.EndsWith(Failed, Location(answer), StringComparison.Ordinal);
        Assert.False(browser.Cookies.ContainsKey("autonoomi-session") || browser.Cookies.ContainsKey("autonoomi-external"));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync(Security)).StatusCode);
        var told = (await LinesAsync())[^1];
        Assert.Equal((AuditAction.SignIn, AuditOutcome.Refused, ActorKind.Stranger), (told.Action, told.Outcome, told.ActorKind));
        Assert.DoesNotContain("canary", told.ToString(), StringComparison.Ordinal);
        Assert.Contains("did not vouch for you", await browser.ReadAsync(Failed), StringComparison.Ordinal);
    }

    // A person who is known to the product, and one thing wrong at a time.
    private static readonly Dictionary<string, Func<PretendProvider, Play, Play>> Bent = new()
    {
        ["another state"] = (_, play) => play with { Answer = answer => answer["state"] = new string('A', 400) },
        ["no state"] = (_, play) => play with { Answer = answer => answer.Remove("state") },
        ["another nonce"] = (_, play) => play with { Claims = claims => claims["nonce"] = "x" + claims["nonce"] },
        ["no nonce"] = (_, play) => play with { Claims = claims => claims.Remove("nonce") },
        ["another issuer in the token"] = (_, play) => play with { Claims = claims => claims["iss"] = "https://elsewhere.example" },
        ["another audience"] = (_, play) => play with { Claims = claims => claims["aud"] = "somebody-else" },
        ["no audience"] = (_, play) => play with { Claims = claims => claims.Remove("aud") },
        ["for two clients"] = (_, play) => play with { Claims = claims => claims["aud"] = new JsonArray(PretendProvider.ClientId, "somebody-else") },
        ["made for another client"] = (_, play) => play with { Claims = claims => claims["azp"] = "somebody-else" },
        ["claims changed after signing"] = (_, play) => play with { Signed = parts => [parts[0], parts[1][..^6] + "AAAA" + parts[1][^2..], parts[2]] },
        ["signed by a key of somebody else"] = (_, play) => play with { OtherKey = true },
        ["a key that is not published"] = (_, play) => play with { OtherKey = true, Header = header => header["kid"] = "two" },
        ["algorithm none"] = (_, play) => play with { Header = header => header["alg"] = "none", Signed = parts => [parts[0], parts[1], ""] },
        ["signature left out"] = (_, play) => play with { Signed = parts => [parts[0], parts[1], ""] },
        ["signed by the client's secret"] = (_, play) => play with { Header = header => header["alg"] = "HS256", Signed = parts => [parts[0], parts[1], WebEncoders.Base64UrlEncode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(PretendProvider.ClientSecret), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")))] },
        ["ended"] = (_, play) => play with { Claims = claims => claims["exp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 90 },
        ["without an end"] = (_, play) => play with { Claims = claims => claims.Remove("exp") },
        ["not yet"] = (_, play) => play with { Claims = claims => claims["nbf"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 120 },
        ["without a subject"] = (_, play) => play with { Claims = claims => claims.Remove("sub") },
        ["a subject that is too long"] = (_, play) => play with { Claims = claims => claims["sub"] = new string('s', 256) },
        ["an answer of another provider"] = (_, play) => play with { Answer = answer => answer["iss"] = "https://elsewhere.example" },
        ["an answer that names no provider"] = (_, play) => play with { Answer = answer => answer.Remove("iss") },
        ["a code of nobody"] = (_, play) => play with { Answer = answer => answer["code"] = "canary-code" },
        ["refused there"] = (_, play) => play with { Answer = answer => { answer.Remove("code"); answer["error"] = "access_denied"; answer["error_description"] = "canary"; } },
        ["failed there"] = (_, play) => play with { Answer = answer => { answer.Remove("code"); answer["error"] = "server_error"; answer["error_description"] = "canary"; } },
        ["a token in the address"] = (_, play) => play with { Answer = answer => answer["id_token"] = "canary.canary.canary" },
    };

    [Fact]
    public async Task An_answer_works_once_and_only_in_the_browser_that_asked()
    {
        var play = await KnownAsync();
        using var browser = Product.Open();
        var back = house.Provider.Authorize(await StartAsync(browser, "/"), play);
        using var twin = browser.Twin();
        using var stranger = Product.Open();
        var exchanged = house.Provider.Exchanges;

        Assert.EndsWith(Failed, Location(await CallbackAsync(stranger, back)), StringComparison.Ordinal);
        Assert.Equal(exchanged, house.Provider.Exchanges); // the stranger did not use the code up
        var posted = await browser.PostAsync(back.AbsolutePath, QueryHelpers.ParseQuery(back.Query).ToDictionary(item => item.Key, item => item.Value.ToString()));
        Assert.EndsWith(Failed, Location(posted), StringComparison.Ordinal);
        Assert.Equal("/", Location(await CallbackAsync(browser, back)));
        Assert.EndsWith(Security + "?from=sign-on-failed", Location(await CallbackAsync(browser, back)), StringComparison.Ordinal);
        Assert.EndsWith(Failed, Location(await CallbackAsync(twin, back)), StringComparison.Ordinal);
        await browser.ReadAsync(Security); // what came a second time did not end the session
    }

    [Theory]
    [InlineData("somebody@elsewhere.example", true, "sign-on-not-listed")]
    [InlineData("somebody@example.com.elsewhere.example", true, "sign-on-not-listed")]
    [InlineData("somebody@example.com", false, "sign-on-not-listed")] // the provider did not check the address
    [InlineData("somebody@example.com", null, "sign-on-not-listed")]
    [InlineData(null, true, "sign-on-not-listed")]
    public async Task Only_domains_of_the_list_come_in(string? email, bool? verified, string says)
    {
        using var browser = Product.Open();

        var answer = await ComeAsync(browser, (await KnownAsync()) with { Email = email, Verified = verified });

        Assert.EndsWith($"from={says}", Location(answer), StringComparison.Ordinal);
        Assert.False(browser.Cookies.ContainsKey("autonoomi-session"));
    }

    [Fact]
    public async Task An_address_of_somebody_elses_account_takes_nothing_over()
    {
        var (who, email) = await Product.SignUpAsync();
        using var browser = Product.Open();

        Assert.EndsWith("/first", Location(await ComeAsync(browser, new(NewSubject()) { Email = email })), StringComparison.Ordinal);
        var answer = await BodyAsync(await browser.SubmitAsync(SignOnEndpoints.First, "first", new() { ["organisation"] = "Mine now", ["name"] = "Mallory", ["adult"] = "true", ["mayAct"] = "true", ["policy"] = $"{RunningProduct.Policy}" }));

        Assert.Contains("There is an account with your e-mail address already", answer, StringComparison.Ordinal);
        Assert.False(browser.Cookies.ContainsKey("autonoomi-session"));
        await using var db = Product.Services.GetRequiredService<AppDbs>().System();
        Assert.False(await db.SignOns.AnyAsync(row => row.User == who.User, Stop));
    }

    [Fact]
    public async Task Linking_needs_a_fresh_proof_here_and_a_fresh_sign_in_there()
    {
        var (browser, who) = await Product.SignedInAsync();
        using var mine = browser;
        var play = new Play(NewSubject());
        Assert.EndsWith("from=unproven", Location(await LinkAsync(mine, "not the password")), StringComparison.Ordinal);
        Assert.EndsWith("from=unproven", Location(await LinkAsync(mine, "")), StringComparison.Ordinal);

        var sent = await LinkAsync(mine, RunningProduct.Password);
        var asked = QueryHelpers.ParseQuery(sent.Headers.Location!.Query).ToDictionary(item => item.Key, item => item.Value.ToString());
        Assert.Equal(("login", "0"), (asked["prompt"], asked["max_age"]));
        foreach (var ago in (int?[])[null, 600, -600])
            Assert.EndsWith(Security + "?from=sign-on-failed", Location(await CallbackAsync(mine, house.Provider.Authorize((await LinkAsync(mine, RunningProduct.Password)).Headers.Location!, play with { SignedInAgo = ago }))), StringComparison.Ordinal);
        Assert.EndsWith("from=linked", Location(await CallbackAsync(mine, house.Provider.Authorize(sent.Headers.Location!, play))), StringComparison.Ordinal);
        Assert.Contains("Unlink Example Door", await mine.ReadAsync(Security), StringComparison.Ordinal);
        using (var other = Product.Open()) Assert.Equal("/", Location(await ComeAsync(other, play)));

        // what is linked with one person is not linked with another, and a browser in which somebody else signed in meanwhile links nothing
        var (second, stranger) = await Product.SignedInAsync();
        using var theirs = second;
        Assert.EndsWith("from=not-linked", Location(await CallbackAsync(theirs, house.Provider.Authorize((await LinkAsync(theirs, RunningProduct.Password)).Headers.Location!, play))), StringComparison.Ordinal);
        var open = await LinkAsync(theirs, RunningProduct.Password);
        theirs.Keep("autonoomi-session", mine.Cookies["autonoomi-session"]);
        Assert.EndsWith(Failed, Location(await CallbackAsync(theirs, house.Provider.Authorize(open.Headers.Location!, new(NewSubject())))), StringComparison.Ordinal);
        var book = Product.Services.GetRequiredService<SignOnBook>();
        Assert.Empty(await book.OfAsync(stranger.User, Stop));

        var linked = Assert.Single(await book.OfAsync(who.User, Stop));
        Assert.Contains("neither your password", await BodyAsync(await mine.SubmitAsync(Security, "unlink", new() { ["signOn"] = linked.Id, ["proof"] = "not the password" })), StringComparison.Ordinal);
        Assert.EndsWith("from=unlinked", Location(await mine.SubmitAsync(Security, "unlink", new() { ["signOn"] = linked.Id, ["proof"] = RunningProduct.Password })), StringComparison.Ordinal);
        using var outside = Product.Open();
        Assert.EndsWith("/first", Location(await ComeAsync(outside, play)), StringComparison.Ordinal);
        Assert.Equal([AuditAction.SignOnLinked, AuditAction.SignOnUnlinked], (await LinesAsync()).Where(line => line.Action is AuditAction.SignOnLinked or AuditAction.SignOnUnlinked && line.Outcome == AuditOutcome.Done && line.ActorKind == ActorKind.Person).TakeLast(2).Select(line => line.Action));
    }

    [Fact]
    public async Task Whoever_is_removed_or_frozen_here_does_not_come_in_and_wrong_passwords_of_a_stranger_keep_nobody_out()
    {
        var (who, play) = await MadeAsync();
        using var browser = Product.Open();
        async Task SetAsync(DateTimeOffset? until)
        {
            await using var db = Product.Services.GetRequiredService<AppDbs>().System();
            await db.Users.Where(row => row.Id == who).ExecuteUpdateAsync(set => set.SetProperty(row => row.LockedUntil, until), Stop);
        }

        await SetAsync(DateTimeOffset.UtcNow.AddMinutes(14));
        Assert.Equal("/", Location(await ComeAsync(browser, play)));
        await SetAsync(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.EndsWith("from=sign-on-refused", Location(await ComeAsync(browser, play)), StringComparison.Ordinal);
        await SetAsync(null);

        // removed from the organisation: outside, until an invitation is followed
        await using (var db = Product.Services.GetRequiredService<AppDbs>().System()) await db.Memberships.Where(row => row.User == who).ExecuteDeleteAsync(Stop);
        Assert.EndsWith("from=sign-on-refused", Location(await ComeAsync(browser, play)), StringComparison.Ordinal);
        var (_, owner) = await Product.SignedInAsync();
        var token = (await Product.Services.GetRequiredService<MemberBook>().InviteAsync(owner.Organisation, MemberRole.Analyst, Actor.Person(owner.User), Stop)).Value;
        var join = $"/account/join?invitation={token}";
        Assert.Equal(join, Location(await ComeAsync(browser, play, join)));

        // somebody new follows an invitation and belongs to that organisation alone
        var guest = new Play(NewSubject()) { Email = NewEmail() };
        using var fresh = Product.Open();
        Assert.EndsWith("/first", Location(await ComeAsync(fresh, guest, join)), StringComparison.Ordinal);
        Assert.Contains("Join Test house", await fresh.ReadAsync(SignOnEndpoints.First), StringComparison.Ordinal);
        Assert.EndsWith("from=joined", Location(await fresh.SubmitAsync(SignOnEndpoints.First, "first", new() { ["name"] = "Bea Guest", ["adult"] = "true", ["policy"] = $"{RunningProduct.Policy}" })), StringComparison.Ordinal);
        var known = await Product.Services.GetRequiredService<SignOnBook>().FindAsync(house.Provider.Issuer, guest.Subject, Stop);
        await using var look = Product.Services.GetRequiredService<AppDbs>().System();
        Assert.Equal((owner.Organisation, MemberRole.Analyst), await look.Memberships.Where(row => row.User == known).Select(row => new ValueTuple<Guid, MemberRole>(row.Organisation, row.Role)).SingleAsync(Stop));
    }

    [Fact]
    public async Task Somebody_without_a_password_proves_it_afresh_at_the_provider()
    {
        var (who, play) = await MadeAsync();
        using var browser = Product.Open();
        await ComeAsync(browser, play);
        using var elsewhere = Product.Open();
        await ComeAsync(elsewhere, play);
        const string back = "/account/your-data";
        Dictionary<string, string> Copy(string token) => new() { ["what"] = "person", ["__RequestVerificationToken"] = token };
        async Task<HttpResponseMessage> CopyAsync(Browser of) => await of.PostAsync("/account/your-data/copy", Copy(await of.TokenAsync(back)));
        async Task<Uri> ProveAsync() => (await browser.PostAsync(SignOnEndpoints.Prove, new() { ["returnUrl"] = back, ["__RequestVerificationToken"] = await browser.TokenAsync("/account/prove") })).Headers.Location!;

        Assert.Contains("Prove it</a>", await browser.ReadAsync(back), StringComparison.Ordinal);
        Assert.EndsWith("from=unproven", Location(await CopyAsync(browser)), StringComparison.Ordinal);
        Assert.Contains("only way in", await WithProofAsync(browser, who, () => UnlinkAsync(browser, who)), StringComparison.Ordinal);

        // an old session there, or another account there, proves nothing
        Assert.EndsWith(Security + "?from=sign-on-failed", Location(await CallbackAsync(browser, house.Provider.Authorize(await ProveAsync(), play with { SignedInAgo = 3_600 }))), StringComparison.Ordinal);
        Assert.Contains("from=unproven", Location(await CallbackAsync(browser, house.Provider.Authorize(await ProveAsync(), new(NewSubject())))), StringComparison.Ordinal);
        Assert.EndsWith("from=unproven", Location(await CopyAsync(browser)), StringComparison.Ordinal);

        Assert.Equal(back, Location(await CallbackAsync(browser, house.Provider.Authorize(await ProveAsync(), play))));
        Assert.Contains("data-proven", await browser.ReadAsync(back), StringComparison.Ordinal);
        Assert.Equal("application/zip", (await CopyAsync(browser)).Content.Headers.ContentType?.MediaType);
        Assert.EndsWith("from=unproven", Location(await CopyAsync(elsewhere)), StringComparison.Ordinal); // it counts in its own session alone

        // with a password there is another way in, and the provider's may go
        Assert.EndsWith("from=password", Location(await browser.SubmitAsync(Security, "first-password", new() { ["new"] = "five very quiet words here" })), StringComparison.Ordinal);
        Assert.EndsWith("from=unlinked", Location(await UnlinkAsync(browser, who)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.GetAsync(Security)).StatusCode);
    }

    [Fact]
    public async Task Their_own_second_factor_is_still_asked_for()
    {
        var (who, play) = await MadeAsync();
        await using (var scope = Product.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
            await users.ResetAuthenticatorKeyAsync((await users.FindByIdAsync(who.ToString()))!);
            await users.SetTwoFactorEnabledAsync((await users.FindByIdAsync(who.ToString()))!, true);
        }

        using var browser = Product.Open();
        Assert.Contains("/account/second-factor", Location(await ComeAsync(browser, play)), StringComparison.Ordinal);
        Assert.False(browser.Cookies.ContainsKey("autonoomi-session"));
    }

    [Fact]
    public async Task A_form_may_lead_to_the_provider_and_starting_needs_a_token_of_ours()
    {
        using var browser = Product.Open();

        Assert.Contains($" {house.Provider.Issuer}", Assert.Single((await browser.GetAsync(SignInPage)).Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        foreach (var path in (string[])[SignOnEndpoints.Start, SignOnEndpoints.Link, SignOnEndpoints.Prove]) Assert.NotEqual(HttpStatusCode.OK, (await browser.PostAsync(path, [])).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync(SignOnEndpoints.Start, [])).StatusCode);
        Assert.EndsWith(Failed, Location(await browser.GetAsync("/account/sign-on/done")), StringComparison.Ordinal);
        Assert.Contains("This took too long", await browser.ReadAsync(SignOnEndpoints.First), StringComparison.Ordinal);
        Assert.Equal("/", Location(await ComeAsync(browser, await KnownAsync(), "https://evil.example/")));
    }

    [Fact]
    public void What_a_provider_says_is_not_repeated_in_the_log()
    {
        var logs = Product.Services.GetRequiredService<ILoggerFactory>();

        Assert.False(logs.CreateLogger("Microsoft.AspNetCore.Authentication.OpenIdConnect.OpenIdConnectHandler").IsEnabled(LogLevel.Critical));
        Assert.True(logs.CreateLogger("Autonoomi.App.Platform.Identity.SignOn.SignOnEvents").IsEnabled(LogLevel.Critical));
    }

    [Fact]
    public void A_description_of_another_provider_or_of_places_elsewhere_is_refused_whole()
    {
        var settings = new SignOnSettings { Issuer = "https://login.example.com/tenant", ClientId = "x", ClientSecret = "y", Hosts = "keys.example.net" };
        var metadata = new ProviderMetadata(settings, new EgressDoor(_ => SignOnSetup.Rule(settings), new NoEgressLedger()));
        OpenIdConnectConfiguration Described(string issuer = "https://login.example.com/tenant", string token = "https://login.example.com/token", string keys = "https://keys.example.net/jwks", string? pushed = null) =>
            new() { Issuer = issuer, AuthorizationEndpoint = "https://login.example.com/authorize", TokenEndpoint = token, JwksUri = keys, PushedAuthorizationRequestEndpoint = pushed };

        Assert.Null(metadata.Fault(Described()));
        foreach (var issuer in (string[])["https://login.example.com/tenant/", "https://LOGIN.example.com/tenant", "https://login.example.com/other", ""]) Assert.Contains("another issuer", metadata.Fault(Described(issuer)), StringComparison.Ordinal);
        foreach (var token in (string[])["https://elsewhere.example/token", "http://login.example.com/token", "https://login.example.com:8443/token", "https://login.example.com@elsewhere.example/token", "https://127.0.0.1/token", "token"])
            Assert.Contains("token_endpoint", metadata.Fault(Described(token: token)), StringComparison.Ordinal);
        Assert.Contains("jwks_uri", metadata.Fault(Described(keys: "https://elsewhere.example/keys")), StringComparison.Ordinal);
        Assert.Contains("pushed_authorization", metadata.Fault(Described(pushed: "https://elsewhere.example/par")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://login.example.com", "Production", "not https")]
    [InlineData("http://login.example.com", "Demo", "not https")]
    [InlineData("http://login.example.com", "Development", null)]
    [InlineData("https://login.example.com?tenant=1", "Production", "without query")]
    [InlineData("login.example.com", "Production", "without query")]
    [InlineData("https://login.example.com/tenant", "Production", null)]
    [InlineData("", "Production", "Issuer is empty")]
    public void The_provider_is_configured_wholly_and_over_https(string issuer, string environment, string? fault)
    {
        var settings = new SignOnSettings { Issuer = issuer, ClientId = "x", ClientSecret = "y" };

        if (fault is null) Assert.Empty(settings.Faults(Enum.Parse<DataEnvironment>(environment)));
        else Assert.Contains(fault, settings.Faults(Enum.Parse<DataEnvironment>(environment)).First(), StringComparison.Ordinal);
        Assert.Empty(new SignOnSettings().Faults(DataEnvironment.Production));
        Assert.NotEmpty(new SignOnSettings { Issuer = "https://login.example.com", ClientId = "x" }.Faults(DataEnvironment.Production));
    }

    [Theory]
    [InlineData("", "", "a", null, true)]
    [InlineData("house-1, house-2", "", "house-2", null, true)]
    [InlineData("house-1", "", "house-2", "o@example.com", false)]
    [InlineData("house-1", "", null, "o@example.com", false)]
    [InlineData("house-1", "example.com", "house-1", "o@EXAMPLE.com", true)]
    [InlineData("house-1", "example.com", "house-1", "o@example.org", false)]
    public void Organisations_and_domains_must_both_fit(string organisations, string domains, string? organisation, string? email, bool passes) =>
        Assert.Equal(passes, SignOnRules.Refusal(new SignOnSettings { OrganisationClaim = "hd", AllowedOrganisations = organisations, AllowedDomains = domains }, new Vouched("s", email, "", organisation)) is null);

    private static string NewSubject() => "subject-" + Guid.NewGuid().ToString("N");

    private static string NewEmail() => $"p{Guid.NewGuid():N}@example.com";

    private string IdOf(Play play) => Product.Services.GetRequiredService<Autonoomi.Vault.KeyChain>().Application.LookupHash("sign_on", $"{house.Provider.Issuer}\n{play.Subject}");

    /// <summary>A person who has an account here and one there, linked.</summary>
    private async Task<Play> KnownAsync()
    {
        var (who, email) = await Product.SignUpAsync();
        var play = new Play(NewSubject()) { Email = email };
        Assert.True(await Product.Services.GetRequiredService<SignOnBook>().LinkAsync(who.User, house.Provider.Issuer, play.Subject, Stop));
        return play;
    }

    /// <summary>A person whose account here was made at the first sign-on: without a password.</summary>
    private async Task<(Guid User, Play Play)> MadeAsync()
    {
        var play = new Play(NewSubject()) { Email = NewEmail() };
        using var browser = Product.Open();
        await ComeAsync(browser, play);
        await browser.SubmitAsync(SignOnEndpoints.First, "first", new() { ["organisation"] = "Vouched house", ["name"] = "Ada Vouched", ["adult"] = "true", ["mayAct"] = "true", ["policy"] = $"{RunningProduct.Policy}" });
        return ((await Product.Services.GetRequiredService<SignOnBook>().FindAsync(house.Provider.Issuer, play.Subject, Stop))!.Value, play);
    }

    private static async Task<Uri> StartAsync(Browser browser, string back) =>
        (await browser.PostAsync(SignOnEndpoints.Start, new() { ["returnUrl"] = back, ["__RequestVerificationToken"] = await browser.TokenAsync(SignInPage) })).Headers.Location!;

    private static async Task<HttpResponseMessage> LinkAsync(Browser browser, string proof) =>
        await browser.PostAsync(SignOnEndpoints.Link, new() { ["proof"] = proof, ["__RequestVerificationToken"] = await browser.TokenAsync(Security) });

    private async Task<HttpResponseMessage> UnlinkAsync(Browser browser, Guid user) =>
        await browser.SubmitAsync(Security, "unlink", new() { ["signOn"] = (await Product.Services.GetRequiredService<SignOnBook>().OfAsync(user, Stop))[0].Id });

    // Only for as long as one form takes: then the session is as unproven as before.
    private async Task<string> WithProofAsync(Browser browser, Guid user, Func<Task<HttpResponseMessage>> act)
    {
        async Task SetAsync(DateTimeOffset? at)
        {
            await using var db = Product.Services.GetRequiredService<AppDbs>().System();
            await db.Sessions.Where(row => row.User == user).ExecuteUpdateAsync(set => set.SetProperty(row => row.ProvenAt, at), Stop);
        }

        await SetAsync(DateTimeOffset.UtcNow.AddMinutes(-6));
        Assert.Contains("Prove first who you are", await BodyAsync(await act()), StringComparison.Ordinal);
        await SetAsync(DateTimeOffset.UtcNow);
        var answer = await BodyAsync(await act());
        await SetAsync(null);
        await browser.ReadAsync(Security);
        return answer;
    }

    /// <summary>To the provider, back, and on to where the product leads.</summary>
    private async Task<HttpResponseMessage> ComeAsync(Browser browser, Play play, string back = "/") => await CallbackAsync(browser, house.Provider.Authorize(await StartAsync(browser, back), play));

    private static async Task<HttpResponseMessage> CallbackAsync(Browser browser, Uri callback)
    {
        var answer = await browser.GetAsync(callback.PathAndQuery);
        return Location(answer) == "/account/sign-on/done" ? await browser.GetAsync("/account/sign-on/done") : answer;
    }

    private async Task<List<AuditLine>> LinesAsync()
    {
        var lines = new List<AuditLine>();
        await foreach (var line in Product.Services.GetRequiredService<AuditLog>().LinesAsync(Stop)) lines.Add(line);
        return lines;
    }

    private static Task<string> BodyAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Stop);

    private static string Location(HttpResponseMessage answer) => answer.Headers.Location?.ToString() ?? $"no redirect but {answer.StatusCode}";
}

/// <summary>Where no provider is configured.</summary>
[Collection<PeopleTests>]
public sealed class NoSignOnTests(RunningProduct product)
{
    [Fact]
    public async Task Nothing_of_it_is_there()
    {
        using var browser = (await product.SignedInAsync()).Browser;
        using var stranger = product.Open();

        Assert.DoesNotContain("sign-on", await stranger.ReadAsync("/account/sign-in"), StringComparison.Ordinal);
        Assert.DoesNotContain("Single sign-on", await browser.ReadAsync("/account/security"), StringComparison.Ordinal);
        var token = await browser.TokenAsync("/account/security");
        foreach (var path in (string[])[SignOnEndpoints.Start, SignOnEndpoints.Link, SignOnEndpoints.Prove]) Assert.Contains((await browser.PostAsync(path, new() { ["__RequestVerificationToken"] = token })).StatusCode, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed]);
        foreach (var path in (string[])["/account/sign-on/callback?code=x&state=y", "/account/sign-on/done", SignOnEndpoints.First]) Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(path)).StatusCode);
        Assert.Null(await product.Services.GetRequiredService<Microsoft.AspNetCore.Authentication.IAuthenticationSchemeProvider>().GetSchemeAsync(SignOnSetup.Scheme));
        Assert.Equal(EgressRule.Nowhere, product.Services.GetRequiredService<EgressDoor>().Rule(EgressPurpose.SignOn));
    }
}
