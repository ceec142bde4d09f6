using System.IO;
using System.Net;
using System.Text.RegularExpressions;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;

using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Tests.Web;

/// <summary>Tests that share one running product.</summary>
[CollectionDefinition]
public sealed class PeopleTests : ICollectionFixture<RunningProduct>;

/// <summary>The product as it is shipped, on SQLite in a temporary folder, listening on loopback; limits are wide so that tests do not meet them by accident.</summary>
public sealed class RunningProduct : IAsyncLifetime
{
    public const string Password = "four quiet words here";

    /// <summary>Number of the version of the privacy policy that people agree to.</summary>
    public static int Policy => PrivacyPolicy.Versions[0].Number;

    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-people-").FullName;

    public WebApplication App { get; private set; } = null!;

    /// <summary>Overrides of the configuration; set before it starts.</summary>
    public Dictionary<string, string?> More { get; } = [];

    public IServiceProvider Services => App.Services;

    /// <summary>By name, because passkeys are bound to a host name.</summary>
    public Uri Address { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = Build(folder, More);
        App.MapGet("/test/throw", string () => throw new InvalidOperationException("the inner secret"));
        await StoreStart.PrepareAsync(App.Services, CancellationToken.None);
        await App.StartAsync();
        Address = Local(App);
    }

    private static Uri Local(WebApplication app) =>
        new($"http://localhost:{new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}");

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        SqliteFiles.Release(folder);
        Directory.Delete(folder, recursive: true);
    }

    /// <param name="folder">Gets the subfolders data and keys.</param>
    /// <param name="more">Overrides.</param>
    /// <param name="services">Replacements, made last.</param>
    public static WebApplication Build(string folder, Dictionary<string, string?> more, Action<IServiceCollection>? services = null)
    {
        var builder = Product.CreateBuilder();
        foreach (var (name, value) in new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "None",
            ["Autonoomi:Storage:Environment"] = "Demo",
            ["Autonoomi:Storage:DataFolder"] = Path.Combine(folder, "data"),
            ["Autonoomi:Storage:KeyFolder"] = Path.Combine(folder, "keys"),
            ["Autonoomi:Amazon:BaseAddress"] = "http://127.0.0.1:9",
            ["Autonoomi:Amazon:MaximumAttempts"] = "1",
            ["Autonoomi:Amazon:AdsClientId"] = "amzn1.application-oa2-client.pretend0ads00000000000000000000",
            ["Autonoomi:Amazon:AdsClientSecret"] = "pretend-ads-client-secret",
            ["Autonoomi:Amazon:SellingPartnerClientId"] = "amzn1.application-oa2-client.pretend0sp000000000000000000000",
            ["Autonoomi:Amazon:SellingPartnerClientSecret"] = "pretend-selling-partner-client-secret",
            ["Autonoomi:Amazon:SellingPartnerApplicationId"] = "amzn1.sp.solution.pretend0-0000-0000-0000-000000000000",
            ["Autonoomi:Amazon:RateMultiplier"] = "1000",
            ["Autonoomi:RateLimits:SignInPerAccount"] = "1000",
            ["Autonoomi:Operator:Name"] = "Test Operator",
            ["Autonoomi:Operator:Address"] = "2 Test Street, Testing",
            ["Autonoomi:Operator:PrivacyMail"] = "privacy@seller.test",
            ["Autonoomi:Operator:SecurityMail"] = "security@seller.test",
            ["Autonoomi:Operator:IncidentContact"] = "Test Contact, +00 000 0000",
            ["Autonoomi:Operator:AmazonIncidentMail"] = "incidents@amazon.test",
            ["Autonoomi:Promises:First"] = "1.00:00:00", // probes have their own tests
            ["Autonoomi:RateLimits:SignInPerAddress"] = "10000",
            ["Autonoomi:RateLimits:ConsentStarts"] = "1000",
            ["Autonoomi:RateLimits:Uploads"] = "1000",
            ["Autonoomi:RateLimits:Exports"] = "1000",
            ["Autonoomi:RateLimits:Requests"] = "100000",
        }) builder.Configuration[name] = value;
        foreach (var (name, value) in more) builder.Configuration[name] = value;
        return Product.Build(builder, services);
    }

    public Browser Open() => new(Address);

    /// <summary>A new organisation with its owner.</summary>
    public async Task<(SignedUp Who, string Email)> SignUpAsync(string name = "Ada Test")
    {
        var email = $"p{Guid.NewGuid():N}@example.com";
        await using var scope = Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("Test house", name, email, Password, true, true, RunningProduct.Policy), CancellationToken.None);
        return (result.Value, email);
    }

    public Task<(Browser Browser, SignedUp Who)> SignedInAsync() => SignedInAsync(App);

    /// <param name="app">A product that listens.</param>
    /// <param name="daysAgo">When the session began.</param>
    internal static async Task<(Browser Browser, SignedUp Who)> SignedInAsync(WebApplication app, double daysAgo = 0)
    {
        // The cookie that the sign-in page would give; that page has its own tests, and it takes its time on purpose.
        await using var scope = app.Services.CreateAsyncScope();
        var who = (await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("Test house", "Ada Test", $"p{Guid.NewGuid():N}@example.com", Password, true, true, RunningProduct.Policy), CancellationToken.None)).Value;
        var user = (await scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>().FindByIdAsync(who.User.ToString()))!;
        var principal = await scope.ServiceProvider.GetRequiredService<IUserClaimsPrincipalFactory<AppUser>>().CreateAsync(user);
        var now = DateTimeOffset.UtcNow;
        var properties = new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddHours(1) };
        properties.Items["session"] = Sessions.NewName();
        await app.Services.GetRequiredService<Sessions>().BeginAsync(properties.Items["session"]!, who.User, "Test browser on test system", now.AddDays(-daysAgo), CancellationToken.None);
        var format = app.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme).TicketDataFormat;
        var browser = new Browser(Local(app));
        browser.Keep("autonoomi-session", format.Protect(new AuthenticationTicket(principal, properties, IdentityConstants.ApplicationScheme)));
        return (browser, who);
    }

    /// <summary>Gives the organisation a connected storefront with three products, as a finished import would.</summary>
    public Task<(SellerId Seller, StorefrontId Storefront)> ConnectAsync(Guid organisation) => ConnectAsync(Services, organisation);

    internal static async Task<(SellerId Seller, StorefrontId Storefront)> ConnectAsync(IServiceProvider services, Guid organisation)
    {
        var seller = new SellerId(Guid.NewGuid());
        var storefront = new StorefrontId(Random.Shared.NextInt64(1_000_000, 9_000_000_000));
        var vaults = services.GetRequiredService<SellerVaults>();
        var keys = services.GetRequiredService<KeyChain>();
        await vaults.CreateAsync(seller, CancellationToken.None);
        await using (var db = services.GetRequiredService<AppDbs>().System())
        {
            db.SellerAccounts.Add(new SellerAccountRow
            {
                Seller = seller.Value, Organisation = organisation, CreatedAt = DateTimeOffset.UtcNow, SellingPartnerHash = seller.ToString(),
                SealedName = keys.Application.SealText("seller_account", "name", seller.ToString(), "Test shop"),
                SealedSellingPartnerId = keys.Application.SealText("seller_account", "selling_partner_id", seller.ToString(), "A1TESTSELLER"),
            });
            db.Storefronts.Add(new StorefrontRow { Seller = seller.Value, Organisation = organisation, MarketplaceId = "ATVPDKIKX0DER", Storefront = storefront.Value, Active = true });
            await db.SaveChangesAsync();
        }

        var usd = new Currency("USD");
        var vault = await vaults.OpenAsync(seller, Purpose.Run, CancellationToken.None);
        await vault.CommitAsync(new VaultWrite().ReplaceSnapshot(Dataset.Listing, storefront, EntityTables.ToTable(
        (Listing[])[
            new Listing(new Sku("A-1"), new Asin("B000000001"), "Kettle <b>bold</b>", new Money(20m, usd), true),
            new Listing(new Sku("B-2"), new Asin("B000000002"), "=HYPERLINK(\"x\")", new Money(30m, usd), true),
            new Listing(new Sku("C-3"), new Asin("B000000003"), "Mug", new Money(10m, usd), true),
        ])), CancellationToken.None);
        return (seller, storefront);
    }
}

/// <summary>A browser without script: keeps cookies, follows nothing, fills in forms as a person would.</summary>
public sealed partial class Browser(Uri address) : IDisposable
{
    private readonly HttpClient http = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly Dictionary<string, string> cookies = [];

    public IReadOnlyDictionary<string, string> Cookies => cookies;

    /// <summary>What it says it is; null says nothing.</summary>
    public string? Agent { get; init; }

    public void Forget(string cookie) => cookies.Remove(cookie);

    public void Keep(string cookie, string value) => cookies[cookie] = value;

    /// <summary>Another browser with the same cookies.</summary>
    public Browser Twin()
    {
        var twin = new Browser(address);
        foreach (var (cookie, value) in cookies) twin.Keep(cookie, value);
        return twin;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.RequestUri = new Uri(address, request.RequestUri!);
        if (cookies.Count > 0) request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        if (Agent is not null) request.Headers.TryAddWithoutValidation("User-Agent", Agent);
        var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        if (!answer.Headers.TryGetValues("Set-Cookie", out var set)) return answer;
        foreach (var line in set)
        {
            var pair = line.Split(';')[0].Split('=', 2);
            if (pair[1].Length == 0) cookies.Remove(pair[0]);
            else cookies[pair[0]] = pair[1];
        }

        return answer;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new(HttpMethod.Get, new Uri(path, UriKind.RelativeOrAbsolute)));

    public async Task<string> ReadAsync(string path)
    {
        var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async Task<string> TokenAsync(string page) => Token().Match(await ReadAsync(page)).Groups[1].Value;

    /// <summary>Loads the page and sends one of its forms.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string page, string form, Dictionary<string, string> fields) =>
        await PostAsync(page, new(fields) { ["_handler"] = form, ["__RequestVerificationToken"] = await TokenAsync(page) });

    public Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields) =>
        SendAsync(new(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new FormUrlEncodedContent(fields) });

    public async Task<HttpResponseMessage> UploadAsync(string page, string form, byte[] file, string mark = "Detect", string name = "costs.csv")
    {
        var content = new MultipartFormDataContent
        {
            { new StringContent(form), "_handler" }, { new StringContent(await TokenAsync(page)), "__RequestVerificationToken" },
            { new StringContent(mark), "mark" }, { new ByteArrayContent(file), "file", name },
        };
        return await SendAsync(new(HttpMethod.Post, new Uri(page, UriKind.Relative)) { Content = content });
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
