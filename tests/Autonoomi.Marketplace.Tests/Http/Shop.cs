using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http;
using Autonoomi.Marketplace.World;
using Autonoomi.Testing;
using Autonoomi.Testing.Specs;

namespace Autonoomi.Marketplace.Tests.Http;

/// <summary>A small world behind a real server, and a client that has been through both consents. Every specified exchange is checked on the way.</summary>
public sealed class Shop : IAsyncDisposable
{
    public const string Redirect = "http://127.0.0.1:5099/connect/callback";
    public const string WorldKey = "key-of-the-test-world";

    private readonly MarketplaceServer server;
    private string? adsToken;
    private string? partnerToken;

    private Shop(MarketplaceServer server, MarketWorld world)
    {
        (this.server, World) = (server, world);
        var plain = new SocketsHttpHandler { AllowAutoRedirect = false };
        Check = Repository.Specs is null ? null : new SpecCheckingHandler(SpecValidator.Amazon, plain);
        Client = new HttpClient((HttpMessageHandler?)Check ?? plain) { BaseAddress = server.Address };
    }

    public MarketWorld World { get; }

    public HttpClient Client { get; }

    public SpecCheckingHandler? Check { get; }

    /// <summary>Fails when a request that was answered, or any answer, parts from Amazon's published specifications.</summary>
    public void AssertSpecified()
    {
        if (Check is not null) Assert.Empty(Check.Violations.Distinct().Take(10));
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Shop> OpenAsync(int historyDays = 4, int products = 3, double rateFactor = 1000, bool naiveCampaigns = true, double writeFailureShare = 0)
    {
        var world = new MarketWorld(7, new WorldSettings { HistoryDays = historyDays, Products = products, NaiveCampaigns = naiveCampaigns, WriteFailureShare = writeFailureShare });
        var server = await MarketplaceServer.StartAsync(world, new MarketplaceSettings { WorldKey = WorldKey, RateFactor = rateFactor }, TimeProvider.System, Cancel);
        return new(server, world);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await server.DisposeAsync();
        AssertSpecified();
    }

    public static string Challenge(string verifier) => Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string AdsConsent(string? challenge = null, string? redirect = null, string state = "st") =>
        $"/ap/oa?client_id={PretendApps.AdsClientId}&scope=advertising%3A%3Acampaign_management&response_type=code&state={state}&redirect_uri={Uri.EscapeDataString(redirect ?? Redirect)}"
        + (challenge is null ? "" : $"&code_challenge={challenge}&code_challenge_method=S256");

    public static string SellerConsent(string state = "st") =>
        $"/apps/authorize/consent?application_id={PretendApps.SellingPartnerApplicationId}&state={state}&redirect_uri={Uri.EscapeDataString(Redirect)}";

    /// <returns>The query of the address that the browser would be sent back to.</returns>
    public async Task<Dictionary<string, string>> DecideAsync(string consent, string decision)
    {
        using var response = await Client.PostAsync(consent, new FormUrlEncodedContent([KeyValuePair.Create("decision", decision)]), Cancel);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.StartsWith(Redirect, response.Headers.Location!.ToString(), StringComparison.Ordinal);
        return response.Headers.Location!.Query.TrimStart('?').Split('&').Select(each => each.Split('=')).ToDictionary(each => each[0], each => Uri.UnescapeDataString(each[1]));
    }

    public async Task<(HttpStatusCode Status, JsonObject Body)> TokenAsync(params (string Name, string Value)[] fields)
    {
        using var response = await Client.PostAsync("/auth/o2/token", new FormUrlEncodedContent(fields.Select(each => KeyValuePair.Create(each.Name, each.Value))), Cancel);
        return (response.StatusCode, (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!);
    }

    public Task<(HttpStatusCode Status, JsonObject Body)> ExchangeAdsAsync(string code, string? verifier = null, string? redirect = null) => TokenAsync(
        [("grant_type", "authorization_code"), ("code", code), ("client_id", PretendApps.AdsClientId), ("client_secret", PretendApps.AdsClientSecret), ("redirect_uri", redirect ?? Redirect),
            .. verifier is null ? Array.Empty<(string, string)>() : [("code_verifier", verifier)]]);

    public Task<(HttpStatusCode Status, JsonObject Body)> RefreshAdsAsync(string refreshToken) => TokenAsync(
        ("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", PretendApps.AdsClientId), ("client_secret", PretendApps.AdsClientSecret));

    /// <returns>Access and refresh token of a fresh Ads consent.</returns>
    public async Task<(string Access, string Refresh)> ConnectAdsAsync()
    {
        var (status, body) = await ExchangeAdsAsync((await DecideAsync(AdsConsent(), "allow"))["code"]);
        Assert.Equal(HttpStatusCode.OK, status);
        return ((string)body["access_token"]!, (string)body["refresh_token"]!);
    }

    public async Task<(string Access, string Refresh)> ConnectPartnerAsync()
    {
        var code = (await DecideAsync(SellerConsent(), "allow"))["spapi_oauth_code"];
        var (status, body) = await TokenAsync(("grant_type", "authorization_code"), ("code", code), ("client_id", PretendApps.SellingPartnerClientId),
            ("client_secret", PretendApps.SellingPartnerClientSecret), ("redirect_uri", Redirect));
        Assert.Equal(HttpStatusCode.OK, status);
        return ((string)body["access_token"]!, (string)body["refresh_token"]!);
    }

    /// <summary>A request with all headers of the Ads API.</summary>
    public async Task<HttpResponseMessage> AdsAsync(HttpMethod method, string path, object? body = null, string? mediaType = null, Action<HttpRequestMessage>? change = null)
    {
        adsToken ??= (await ConnectAdsAsync()).Access;
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adsToken);
        request.Headers.Add("Amazon-Advertising-API-ClientId", PretendApps.AdsClientId);
        request.Headers.Add("Amazon-Advertising-API-Scope", World.ProfileId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType!);
            if (path.StartsWith("/sp/", StringComparison.Ordinal)) request.Headers.TryAddWithoutValidation("Accept", mediaType);
        }

        change?.Invoke(request);
        return await Client.SendAsync(request, Cancel);
    }

    public async Task<JsonObject> SpAsync(HttpMethod method, string path, string media, object body, int expected = 207, Action<HttpRequestMessage>? change = null)
    {
        using var response = await AdsAsync(method, path, body, $"application/vnd.{media}.v3+json", change);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True((int)response.StatusCode == expected, $"{(int)response.StatusCode}: {text}");
        return (JsonObject)JsonNode.Parse(text)!;
    }

    /// <summary>A request with all headers of the Selling Partner API.</summary>
    public async Task<HttpResponseMessage> PartnerAsync(HttpMethod method, string path, object? body = null, Action<HttpRequestMessage>? change = null)
    {
        partnerToken ??= (await ConnectPartnerAsync()).Access;
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("x-amz-access-token", partnerToken);
        request.Headers.Add("User-Agent", "Autonoomi-Tests/1.0 (Language=C#/14)");
        if (body is not null) request.Content = JsonContent.Create(body);
        change?.Invoke(request);
        var response = await Client.SendAsync(request, Cancel);
        Assert.True(response.Headers.Contains("x-amzn-RequestId"), "Every answer names its request.");
        return response;
    }

    public async Task<JsonObject> PartnerJsonAsync(HttpMethod method, string path, object? body = null, int expected = 200)
    {
        using var response = await PartnerAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True((int)response.StatusCode == expected, $"{(int)response.StatusCode}: {text}");
        return (JsonObject)JsonNode.Parse(text)!;
    }

    public async Task<JsonObject> ControlAsync(HttpMethod method, string path, object? body = null, int expected = 200, string key = WorldKey)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-World-Key", key);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await Client.SendAsync(request, Cancel);
        Assert.Equal(expected, (int)response.StatusCode);
        return (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
    }

    public Task<JsonObject> FaultAsync(object order) => ControlAsync(HttpMethod.Post, "/world/faults", order);

    /// <summary>Asks for a download as a client must: with nothing of its own.</summary>
    public static async Task<byte[]> DownloadAsync(string address)
    {
        using var client = new HttpClient();
        return await client.GetByteArrayAsync(new Uri(address), Cancel);
    }
}

/// <summary>One shop for all tests of a class that only ask: building a market costs a second.</summary>
public sealed class OpenShop : IAsyncLifetime
{
    public Shop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await Shop.OpenAsync(historyDays: 6, products: 12);

    public ValueTask DisposeAsync() => Shop.DisposeAsync();
}
