using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Primitives;
using Autonoomi.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.Connect;

/// <summary>The product's services over a pretend Amazon, with a clock that the test moves; nothing runs by itself.</summary>
public sealed class Connected : IAsyncLifetime
{
    private static readonly Uri Redirect = new("http://127.0.0.1:5099/back");
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-grants-").FullName;
    private readonly FixedClock clock = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly HttpClient at = new(new HttpClientHandler { AllowAutoRedirect = false });
    private WebApplication app = null!;

    public PretendAmazon Amazon { get; private set; } = null!;

    public DateTimeOffset Now => clock.Now;

    public GrantBook Grants => app.Services.GetRequiredService<GrantBook>();

    public SellerLink Link => app.Services.GetRequiredService<SellerLink>();

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public AppDb Db() => Get<AppDbs>().System();

    public void Pass(TimeSpan time) => clock.Now += time;

    public async ValueTask InitializeAsync()
    {
        Amazon = await PretendAmazon.StartAsync(historyDays: 1);
        app = RunningProduct.Build(folder, new() { ["Autonoomi:Amazon:BaseAddress"] = Amazon.Address.ToString(), ["Autonoomi:Amazon:RevocationRecheck"] = "00:01:00" },
            services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        await StoreStart.PrepareAsync(app.Services, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await Amazon.DisposeAsync();
        at.Dispose();
        SqliteFiles.Release(folder);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A new organisation's account with both consents, given on Amazon's pages; all switches of before are off.</summary>
    public async Task<SellerId> ConnectAsync(CancellationToken stop, Guid? organisation = null)
    {
        await Amazon.SetFaultsAsync(new { clear = true }, stop);
        var house = organisation ?? Guid.NewGuid();
        var linked = await SellerAsync(house, stop);
        Assert.NotEmpty((await AdsAsync(house, stop)).Ready);
        return Assert.Single(linked.Sellers);
    }

    public async Task<Linked> SellerAsync(Guid organisation, CancellationToken stop)
    {
        var login = Get<LoginWithAmazon>();
        var query = await AllowAsync(login.SellerConsentAddress("s", Redirect), stop);
        var tokens = await login.ExchangeAsync(GrantKind.SellingPartner, query["spapi_oauth_code"]!, Redirect, null, stop);
        return (await Link.AcceptSellerAsync(organisation, query["selling_partner_id"]!, tokens.RefreshToken, AmazonRegion.NorthAmerica, own: null, Platform.Audit.Actor.Operator, stop)).Value;
    }

    public async Task<Linked> AdsAsync(Guid organisation, CancellationToken stop)
    {
        var login = Get<LoginWithAmazon>();
        var verifier = ProofKey.NewVerifier();
        var query = await AllowAsync(login.AdsConsentAddress("s", ProofKey.Challenge(verifier), Redirect), stop);
        var tokens = await login.ExchangeAsync(GrantKind.Ads, query["code"]!, Redirect, verifier, stop);
        return (await Link.AcceptAdsAsync(organisation, tokens.RefreshToken, own: null, Platform.Audit.Actor.Operator, stop)).Value;
    }

    /// <summary>What Seller Central shows after "Authorize app".</summary>
    public static async Task<(string Seller, string Client, string Token)> SelfAuthoriseAsync(PretendAmazon amazon, CancellationToken stop)
    {
        using var response = await amazon.Control.PostAsJsonAsync("/world/self-authorise", new { }, stop);
        response.EnsureSuccessStatusCode();
        var shown = await response.Content.ReadFromJsonAsync<JsonElement>(stop);
        return (shown.GetProperty("sellingPartnerId").GetString()!, shown.GetProperty("clientId").GetString()!, shown.GetProperty("refreshToken").GetString()!);
    }

    public async Task<GrantView> ViewAsync(SellerId seller, GrantKind kind, CancellationToken stop) => (await Grants.OfAsync(seller, stop)).Single(view => view.Kind == kind);

    public async Task<List<NoticeRow>> NoticesAsync(SellerId seller, CancellationToken stop)
    {
        await using var db = Db();
        return await db.Notices.Where(row => row.Seller == seller.Value).OrderBy(row => row.RaisedAt).ToListAsync(stop);
    }

    private async Task<System.Collections.Specialized.NameValueCollection> AllowAsync(Uri page, CancellationToken stop)
    {
        using var answer = await at.PostAsync(page, new FormUrlEncodedContent([new("decision", "allow")]), stop);
        return HttpUtility.ParseQueryString(answer.Headers.Location!.Query);
    }
}

/// <summary>Every line that the product writes at the most talkative level.</summary>
internal sealed class KeptLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = new();

    public string Text => string.Join('\n', lines);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"scope {state}"));
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
