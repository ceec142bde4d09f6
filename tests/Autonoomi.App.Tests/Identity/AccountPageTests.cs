using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Tests.Web;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Identity;

[Collection<PeopleTests>]
public sealed partial class AccountPageTests(RunningProduct product)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_signs_up_signs_in_and_signs_out()
    {
        using var browser = product.Open();
        var email = $"p{Guid.NewGuid():N}@example.com";
        var fields = new Dictionary<string, string> { ["organisation"] = "House", ["name"] = "Ada", ["email"] = email, ["password"] = "short", ["adult"] = "true", ["mayAct"] = "true", ["policy"] = $"{RunningProduct.Policy}" };

        Assert.Contains("at least 12 characters", await BodyAsync(await browser.SubmitAsync("/account/sign-up", "sign-up", fields)), StringComparison.Ordinal);
        fields["password"] = RunningProduct.Password;
        Assert.Contains("from=sign-up", Location(await browser.SubmitAsync("/account/sign-up", "sign-up", fields)), StringComparison.Ordinal);
        Assert.Contains("from=sign-up", Location(await browser.SubmitAsync("/account/sign-up", "sign-up", fields)), StringComparison.Ordinal); // taken: the same answer

        Assert.Contains("/account/sign-in", Location(await browser.GetAsync("/connect")), StringComparison.Ordinal);
        var wrong = await BodyAsync(await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = "not the password" }));
        var unknown = await BodyAsync(await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = "nobody@example.com", ["password"] = "not the password" }));
        Assert.Equal(Alert().Match(wrong).Value, Alert().Match(unknown).Value);
        Assert.Contains("not right", Alert().Match(wrong).Value, StringComparison.Ordinal);

        var signedIn = await browser.SubmitAsync("/account/sign-in?returnUrl=%2Fconnect", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password });
        Assert.EndsWith("/connect", Location(signedIn), StringComparison.Ordinal);
        var session = signedIn.Headers.GetValues("Set-Cookie").Single(line => line.StartsWith("autonoomi-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", session, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", session, StringComparison.OrdinalIgnoreCase);
        await browser.ReadAsync("/connect");

        // signing in anew ends the session before it
        var first = browser.Cookies["autonoomi-session"];
        await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password });
        var second = browser.Cookies["autonoomi-session"];
        browser.Keep("autonoomi-session", first);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/connect")).StatusCode);
        browser.Keep("autonoomi-session", second);

        // signing out tells the browser to forget, and a copy of the cookie opens nothing
        var signedOut = await browser.PostAsync("/account/sign-out", new() { ["__RequestVerificationToken"] = await browser.TokenAsync("/account/security") });
        Assert.Contains("\"storage\"", string.Join(',', signedOut.Headers.GetValues("Clear-Site-Data")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/connect")).StatusCode);
        browser.Keep("autonoomi-session", second);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/connect")).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\tx", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    [InlineData("/economics?p=2", "/economics?p=2")]
    public void After_signing_in_nobody_is_led_away(string? wanted, string expected) => Assert.Equal(expected, AccountEndpoints.LocalAddress(wanted));

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_and_the_answer_stays_the_same()
    {
        var (who, email) = await product.SignUpAsync();
        using var owner = product.Open();
        await owner.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password });
        await owner.PostAsync("/account/sign-out", new() { ["__RequestVerificationToken"] = await owner.TokenAsync("/account/security") });
        using var browser = product.Open();
        var first = "";
        for (var i = 0; i < 5; i++) first = Alert().Match(await BodyAsync(await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = "wrong wrong wrong" }))).Value;

        var locked = await BodyAsync(await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password }));

        Assert.Equal(first, Alert().Match(locked).Value);

        // The browser in which they signed in before still comes in, whatever a stranger does; not so with a wrong password, with another's cookie, or once the account is frozen.
        Assert.Contains("not right", await BodyAsync(await owner.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = "wrong wrong wrong" })), StringComparison.Ordinal);
        browser.Keep("autonoomi-device", owner.Cookies["autonoomi-device"][..^2]);
        Assert.Contains("not right", await BodyAsync(await browser.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password })), StringComparison.Ordinal);
        Assert.EndsWith("/", Location(await owner.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password })), StringComparison.Ordinal);
        Assert.True(AppSignIn.IsRest(DateTimeOffset.UnixEpoch.AddMinutes(15), TimeSpan.FromMinutes(15), DateTimeOffset.UnixEpoch));
        Assert.False(AppSignIn.IsRest(new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromMinutes(15), DateTimeOffset.UnixEpoch));
        await using (var db = product.Services.GetRequiredService<AppDbs>().System()) await db.Users.Where(row => row.Id == who.User).ExecuteUpdateAsync(set => set.SetProperty(row => row.LockedUntil, new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero)), Stop);
        Assert.Contains("not right", await BodyAsync(await owner.SubmitAsync("/account/sign-in", "sign-in", new() { ["email"] = email, ["password"] = RunningProduct.Password })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_refusal_comes_before_the_padded_time()
    {
        await using var scope = product.Services.CreateAsyncScope();
        var handler = scope.ServiceProvider.GetRequiredService<SignInHandler>();
        foreach (var email in new[] { "nobody@example.com", "", "x" })
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(SignInOutcome.Refused, await handler.Handle(new SignIn(email, "some password"), Stop));
            Assert.True(Stopwatch.GetElapsedTime(began) > SignInHandler.Pad - TimeSpan.FromMilliseconds(20));
        }
    }

    [Fact]
    public async Task With_an_authenticator_app_a_code_follows_the_password_and_a_recovery_code_replaces_it()
    {
        var (_, email) = await product.SignUpAsync();
        using var browser = product.Open();
        var password = new Dictionary<string, string> { ["email"] = email, ["password"] = RunningProduct.Password };
        await browser.SubmitAsync("/account/sign-in", "sign-in", password);

        var page = await browser.ReadAsync("/account/authenticator");
        Assert.Contains("src=\"data:image/svg", page, StringComparison.Ordinal);
        var key = Base32.Decode(Key().Match(page).Groups[1].Value);
        Assert.Contains("not right", await BodyAsync(await browser.SubmitAsync("/account/authenticator", "confirm", new() { ["code"] = "000000", ["proof"] = RunningProduct.Password })), StringComparison.Ordinal);
        var step = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30;
        Assert.Contains("Prove first who you are", await BodyAsync(await browser.SubmitAsync("/account/authenticator", "confirm", new() { ["code"] = OneTimeCodes.Code(key, step) })), StringComparison.Ordinal);
        var done = await BodyAsync(await browser.SubmitAsync("/account/authenticator", "confirm", new() { ["code"] = OneTimeCodes.Code(key, step), ["proof"] = RunningProduct.Password }));
        var recovery = Recovery().Matches(done).Select(match => match.Groups["code"].Value).ToList();
        Assert.Equal(10, recovery.Count);
        Assert.All(recovery, code => Assert.Matches("^([A-HJ-NP-Z2-9]{7}-){3}[A-HJ-NP-Z2-9]{7}$", code)); // 140 bits

        using var second = product.Open();
        var asked = Location(await second.SubmitAsync("/account/sign-in", "sign-in", password));
        Assert.Contains("/account/second-factor", asked, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await second.GetAsync("/connect")).StatusCode); // the password alone opens nothing
        Assert.Contains("used already", await BodyAsync(await second.SubmitAsync("/account/second-factor", "code", new() { ["code"] = OneTimeCodes.Code(key, step) })), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, (await second.SubmitAsync("/account/second-factor", "code", new() { ["code"] = OneTimeCodes.Code(key, step + 1) })).StatusCode);
        await second.ReadAsync("/connect");

        using var third = product.Open();
        await third.SubmitAsync("/account/sign-in", "sign-in", password);
        Assert.Equal(HttpStatusCode.Redirect, (await third.SubmitAsync("/account/second-factor", "recovery", new() { ["recovery"] = recovery[3] })).StatusCode);
        Assert.Contains("<b>9</b> of 10", await third.ReadAsync("/account/security"), StringComparison.Ordinal);

        using var fourth = product.Open();
        await fourth.SubmitAsync("/account/sign-in", "sign-in", password);
        Assert.Contains("none of your unused", await BodyAsync(await fourth.SubmitAsync("/account/second-factor", "recovery", new() { ["recovery"] = recovery[3] })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "Ada\nAdmin")]
    [InlineData("organisation", "House\u0007")]
    public async Task Names_are_written_on_one_line(string field, string text)
    {
        using var browser = product.Open();
        var fields = new Dictionary<string, string> { ["organisation"] = "House", ["name"] = "Ada", ["email"] = $"p{Guid.NewGuid():N}@example.com", ["password"] = RunningProduct.Password, ["adult"] = "true", ["mayAct"] = "true", ["policy"] = $"{RunningProduct.Policy}", [field] = text };

        Assert.Contains("on one line", await BodyAsync(await browser.SubmitAsync("/account/sign-up", "sign-up", fields)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_needs_the_present_one_holds_no_guessed_words_and_ends_open_pages()
    {
        var (browser, who) = await product.SignedInAsync();
        using var mine = browser;
        await using var scope = product.Services.CreateAsyncScope();
        var watch = Assert.IsType<CircuitWatch>(scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>());
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var person = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<AppUser>>().CreateAsync((await users.FindByIdAsync(who.User.ToString()))!);
        Assert.False(await watch.IsStillAsync(person)); // of no session
        var session = Sessions.NewName();
        await product.Services.GetRequiredService<Sessions>().BeginAsync(session, who.User, "Test browser", DateTimeOffset.UtcNow, Stop);
        ((System.Security.Claims.ClaimsIdentity)person.Identity!).AddClaim(new("session", session));
        Assert.True(await watch.IsStillAsync(person));

        Assert.Contains("present password is not right", await BodyAsync(await mine.SubmitAsync("/account/security", "password", new() { ["old"] = "not the password", ["new"] = "five very quiet words here" })), StringComparison.Ordinal);
        Assert.Contains("besides words that are guessed first", await BodyAsync(await mine.SubmitAsync("/account/security", "password", new() { ["old"] = RunningProduct.Password, ["new"] = "Autonoomi-Amazon-1" })), StringComparison.Ordinal);
        Assert.True(await watch.IsStillAsync(person));
        Assert.Contains("from=password", Location(await mine.SubmitAsync("/account/security", "password", new() { ["old"] = RunningProduct.Password, ["new"] = "five very quiet words here" })), StringComparison.Ordinal);

        Assert.False(await watch.IsStillAsync(person));
        await mine.ReadAsync("/account/security"); // who changed it stays signed in
        Assert.True((await users.DeleteAsync((await users.FindByIdAsync(who.User.ToString()))!)).Succeeded);
        Assert.False(await watch.IsStillAsync(person));
    }

    [Fact]
    public async Task A_passkey_is_added_and_signs_in_alone()
    {
        var (mine, who) = await product.SignedInAsync();
        using var browser = mine;
        using var key = new SoftwareKey(product.Address.GetLeftPart(UriPartial.Authority));
        var token = await browser.TokenAsync("/account/security");
        foreach (var proof in (string?[])[null, "", "not the password"]) Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(browser, "/account/passkey/creation-options", token, new { proof })).StatusCode);
        var options = await JsonAsync(await PostAsync(browser, "/account/passkey/creation-options", token, new { proof = RunningProduct.Password }));
        Assert.Equal("required", options.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString());
        Assert.All(options.GetProperty("pubKeyCredParams").EnumerateArray(), kind => Assert.True(IdentitySetup.IsAllowedForPasskeys(kind.GetProperty("alg").GetInt32())));
        Assert.False(IdentitySetup.IsAllowedForPasskeys(-65535)); // RSA with SHA-1
        var added = await PostAsync(browser, "/account/passkey/add", token, new { credential = key.Create(options), name = "Test key" });
        Assert.True(added.StatusCode == HttpStatusCode.OK, await BodyAsync(added));
        Assert.Contains("Test key", await browser.ReadAsync("/account/security"), StringComparison.Ordinal);

        using var fresh = product.Open();
        token = await fresh.TokenAsync("/account/sign-in");
        var request = await JsonAsync(await PostAsync(fresh, "/account/passkey/request-options", token, null));
        var assertion = key.Sign(request);
        var signedIn = await PostAsync(fresh, "/account/passkey/sign-in", token, new { credential = assertion, returnUrl = "//evil.example" });
        Assert.Equal("/", (await JsonAsync(signedIn)).GetProperty("location").GetString());
        await fresh.ReadAsync("/connect");

        using var replay = product.Open();
        token = await replay.TokenAsync("/account/sign-in");
        await PostAsync(replay, "/account/passkey/request-options", token, null);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(replay, "/account/passkey/sign-in", token, new { credential = assertion })).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await replay.GetAsync("/connect")).StatusCode);

        // a passkey proves afresh who is signed in; that of somebody else does not
        await ForgetProofAsync(who.User);
        var (second, _) = await product.SignedInAsync();
        using var stranger = second;
        foreach (var (person, proves) in ((Browser, bool)[])[(stranger, false), (browser, true)])
        {
            token = await person.TokenAsync("/account/security");
            var asked = await JsonAsync(await PostAsync(person, "/account/passkey/request-options", token, null));
            var answer = await PostAsync(person, "/account/passkey/prove", token, new { credential = key.Sign(asked), returnUrl = "/account/your-data" });
            Assert.Equal(proves ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(proves, (await person.ReadAsync("/account/your-data")).Contains("data-proven", StringComparison.Ordinal));
        }

        // taking it away needs a proof and ends the other sessions
        await ForgetProofAsync(who.User);
        await using var scope = product.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var before = (await users.FindByIdAsync(who.User.ToString()))!;
        var kept = Assert.Single(await users.GetPasskeysAsync(before));
        var credential = System.Buffers.Text.Base64Url.EncodeToString(kept.CredentialId);
        Assert.Contains("Prove first who you are", await BodyAsync(await browser.SubmitAsync("/account/security", "remove-passkey", new() { ["credential"] = credential })), StringComparison.Ordinal);
        Assert.Contains("from=removed", Location(await browser.SubmitAsync("/account/security", "remove-passkey", new() { ["credential"] = credential, ["proof"] = RunningProduct.Password })), StringComparison.Ordinal);
        Assert.NotEqual(before.SecurityStamp, (await users.FindByIdAsync(who.User.ToString()))!.SecurityStamp);
        await browser.ReadAsync("/account/security");
    }

    private async Task ForgetProofAsync(Guid user)
    {
        await using var db = product.Services.GetRequiredService<AppDbs>().System();
        await db.Sessions.Where(row => row.User == user).ExecuteUpdateAsync(set => set.SetProperty(row => row.ProvenAt, (DateTimeOffset?)null), Stop);
    }

    private Task<HttpResponseMessage> PostAsync(Browser browser, string path, string token, object? body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Form-Token", token);
        request.Headers.Add("Origin", product.Address.GetLeftPart(UriPartial.Authority));
        request.Headers.Accept.ParseAdd("application/json");
        return browser.SendAsync(request);
    }

    private static Task<string> BodyAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Stop);

    private static Task<JsonElement> JsonAsync(HttpResponseMessage answer) => answer.Content.ReadFromJsonAsync<JsonElement>(Stop);

    private static string Location(HttpResponseMessage answer) => answer.Headers.Location?.ToString() ?? $"no redirect but {answer.StatusCode}";

    [GeneratedRegex("<div class=\"note error\"[^>]*>.*?</div>", RegexOptions.Singleline)]
    private static partial Regex Alert();

    [GeneratedRegex("id=\"totp-key\">([^<]+)<")]
    private static partial Regex Key();

    [GeneratedRegex("<li>(?<code>[A-Za-z0-9-]{8,})</li>")]
    private static partial Regex Recovery();
}

/// <summary>An authenticator in memory: one ES256 key, user verified, attestation "none".</summary>
internal sealed class SoftwareKey(string origin) : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] id = RandomNumberGenerator.GetBytes(16);
    private string user = "";
    private uint count;

    public string Create(JsonElement options)
    {
        user = options.GetProperty("user").GetProperty("id").GetString()!;
        var client = Client("webauthn.create", options.GetProperty("challenge").GetString()!);
        var point = key.ExportParameters(false).Q;
        // COSE key: kty EC2, alg ES256, crv P-256, x, y.
        byte[] cose = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. Authenticator(options.GetProperty("rp").GetProperty("id").GetString()!, 0x45), .. new byte[16], 0, (byte)id.Length, .. id, .. cose];
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return JsonSerializer.Serialize(new { id = Text(id), rawId = Text(id), type = "public-key", clientExtensionResults = new { }, response = new { clientDataJSON = Text(client), attestationObject = Text(attestation), transports = new[] { "internal" } } });
    }

    public string Sign(JsonElement options)
    {
        var client = Client("webauthn.get", options.GetProperty("challenge").GetString()!);
        var data = Authenticator(options.GetProperty("rpId").GetString()!, 0x05);
        var signature = key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return JsonSerializer.Serialize(new { id = Text(id), rawId = Text(id), type = "public-key", clientExtensionResults = new { }, response = new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = user } });
    }

    public void Dispose() => key.Dispose();

    private byte[] Client(string type, string challenge) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { type, challenge, origin, crossOrigin = false }));

    private byte[] Authenticator(string domain, byte flags)
    {
        count++;
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(domain)), flags, 0, 0, 0, (byte)count];
    }

    private static string Text(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
