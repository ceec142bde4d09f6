using System.Globalization;
using System.Text.Json;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests.Adapters;

/// <summary>One pretend Amazon with campaigns of every ad product, consented to: what an adapter is tried on. Every exchange is held against Amazon's specifications.</summary>
public sealed class AdShop : IAsyncLifetime
{
    private const string Verifier = "verifier-verifier-verifier-verifier-verifier";
    private readonly int historyDays;
    private PretendAmazon? amazon;
    private Clients? clients;

    public AdShop()
        : this(3)
    {
    }

    internal AdShop(int historyDays) => this.historyDays = historyDays;

    internal PretendAmazon Amazon => amazon!;

    internal Clients Clients => clients!;

    internal AdsSession Session { get; private set; } = null!;

    internal AdsClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        amazon = await PretendAmazon.StartAsync(historyDays: historyDays, more: "--other-ads");
        clients = PretendAmazonTests.Connect(amazon);
        var ct = TestContext.Current.CancellationToken;
        var code = await PretendAmazonTests.ConsentAsync(clients.Login.AdsConsentAddress("s", ProofKey.Challenge(Verifier), PretendAmazonTests.Redirect));
        var grant = new GrantHandle("ads", GrantKind.Ads, (await clients.Login.ExchangeAsync(GrantKind.Ads, code["code"], PretendAmazonTests.Redirect, Verifier, ct)).RefreshToken);
        var profile = (await clients.Connections.Ads(grant, null, null).ProfilesAsync(ct)).Single();
        Session = clients.Session(grant, profile.Id, profile.Marketplace);
        Client = clients.Connections.Ads(grant, profile.Id, profile.Marketplace);
    }

    internal async Task<SellingPartnerClient> SellerAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        var code = await PretendAmazonTests.ConsentAsync(Clients.Login.SellerConsentAddress("s", PretendAmazonTests.Redirect));
        var grant = new GrantHandle("sp", GrantKind.SellingPartner, (await Clients.Login.ExchangeAsync(GrantKind.SellingPartner, code["spapi_oauth_code"], PretendAmazonTests.Redirect, null, ct)).RefreshToken);
        return Clients.Connections.SellingPartner(grant, code["selling_partner_id"], Session.Marketplace);
    }

    public async ValueTask DisposeAsync()
    {
        if (clients is not null) await clients.DisposeAsync();
        if (amazon is not null) await amazon.DisposeAsync();
    }

    /// <summary>One fault that strikes once on writes of a path.</summary>
    internal Task StrikeAsync(string kind, string path, string method, int status = 503) =>
        Amazon.SetFaultsAsync(new { clear = true, faults = new[] { new { kind, path, method, status, count = 1 } } }, TestContext.Current.CancellationToken);

    /// <summary>A call that no adapter makes, to bring about what it must bear.</summary>
    internal async Task<JsonDocument> SendAsync(HttpMethod method, string path, string mediaType, byte[]? body)
    {
        var call = new AmazonCalls.Call(method, Session.Address(path), new CallPlan($"{method} {path}", Session.Lane, Rate: null, Repeatable: false), Session.Scope, mediaType, body);
        using var response = await Session.Calls.SendAsync(Session.Grant, call, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <returns>How many items anybody tried to write so far.</returns>
    internal async Task<int> WritesAsync()
    {
        var writes = await Amazon.GetAsync("/world/writes", TestContext.Current.CancellationToken);
        return writes.GetProperty("writes").GetArrayLength() + writes.GetProperty("otherWrites").GetArrayLength();
    }

    internal static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
