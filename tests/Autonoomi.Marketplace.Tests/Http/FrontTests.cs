using System.Net;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.Http;

/// <summary>Two sellers with two storefronts each behind one address: everybody sees their own.</summary>
public sealed class FrontTests : IAsyncLifetime
{
    private const string UnitedStates = "ATVPDKIKX0DER", Japan = "A1VC38T7YXB528", Kingdom = "A1F83G8C2ARO7P", Germany = "A1PA6795UKMFR9";

    private readonly PretendSeller home = new(null, [WorldOf(1, UnitedStates, 1), WorldOf(2, Japan, 100)]);
    private readonly PretendSeller europe = new("Europe Store", [WorldOf(3, Kingdom, 1), WorldOf(4, Germany, 1)]);
    private MarketplaceServer server = null!;
    private HttpClient client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await MarketplaceServer.StartAsync([home, europe], new MarketplaceSettings { WorldKey = "key" }, TimeProvider.System, Cancel);
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_login_sees_the_profiles_of_its_seller_alone_and_reaches_no_other()
    {
        var token = await AdsTokenAsync("Europe Store");

        var profiles = (JsonArray)JsonNode.Parse(await (await AdsAsync(token, HttpMethod.Get, "/v2/profiles", null)).Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal(["GBP", "EUR"], profiles.Select(profile => (string)profile!["currencyCode"]!));
        Assert.Equal([europe.Worlds[0].SellingPartnerId], profiles.Select(profile => (string)profile!["accountInfo"]!["id"]!).Distinct());
        Assert.Equal(HttpStatusCode.OK, (await CampaignsAsync(token, europe.Worlds[1].ProfileId)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await CampaignsAsync(token, home.Worlds[0].ProfileId)).Status);
    }

    [Fact]
    public async Task Each_profile_answers_from_its_own_world()
    {
        var token = await AdsTokenAsync(home.StoreName);

        foreach (var world in home.Worlds)
        {
            var (_, body) = await CampaignsAsync(token, world.ProfileId);
            Assert.Equal(world.Ads.Campaigns.Select(campaign => $"{campaign.Id}").Order(), body["campaigns"]!.AsArray().Select(campaign => (string)campaign!["campaignId"]!).Order());
        }
    }

    [Fact]
    public async Task An_account_of_one_region_has_its_marketplaces_together_and_no_others()
    {
        var token = await PartnerTokenAsync(europe.SellingPartnerId(Core.Primitives.AmazonRegion.Europe));

        var (_, shops) = await PartnerAsync(token, "/sellers/v1/marketplaceParticipations");
        var known = shops["payload"]!.AsArray().Select(shop => (string)shop!["marketplace"]!["id"]!).Where(Core.Primitives.Marketplace.IsKnown);
        Assert.Equal([Kingdom, Germany], known);
        Assert.Equal(HttpStatusCode.OK, (await PartnerAsync(token, $"/fba/inventory/v1/summaries?granularityType=Marketplace&granularityId={Germany}&marketplaceIds={Germany}&details=true")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PartnerAsync(token, $"/fba/inventory/v1/summaries?granularityType=Marketplace&granularityId={Japan}&marketplaceIds={Japan}&details=true")).Status);
    }

    [Fact]
    public async Task A_consent_for_an_account_that_is_not_offered_is_refused()
    {
        using var answer = await client.PostAsync(Shop.SellerConsent(), new FormUrlEncodedContent([new("decision", "allow"), new("account", "A0000000000000")]), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_clock_of_all_worlds_moves_together()
    {
        var before = home.Worlds.Concat(europe.Worlds).Select(world => world.Now).ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/world/advance") { Content = new StringContent("""{"hours": 5}""") };
        request.Headers.Add("X-World-Key", "key");
        (await client.SendAsync(request, Cancel)).EnsureSuccessStatusCode();

        Assert.Equal(before.Select(instant => instant.AddHours(5)), home.Worlds.Concat(europe.Worlds).Select(world => world.Now));
    }

    private static MarketWorld WorldOf(ulong seed, string marketplace, decimal scale) =>
        new(seed, new WorldSettings { MarketplaceId = marketplace, MoneyScale = scale, HistoryDays = 2, Products = 2 });

    private async Task<string> AdsTokenAsync(string login) =>
        await TokenAsync(Shop.AdsConsent(), login, "code", PretendApps.AdsClientId, PretendApps.AdsClientSecret);

    private async Task<string> PartnerTokenAsync(string account) =>
        await TokenAsync(Shop.SellerConsent(), account, "spapi_oauth_code", PretendApps.SellingPartnerClientId, PretendApps.SellingPartnerClientSecret);

    private async Task<string> TokenAsync(string consent, string account, string codeName, string clientId, string secret)
    {
        using var decided = await client.PostAsync(consent, new FormUrlEncodedContent([new("decision", "allow"), new("account", account)]), Cancel);
        var code = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(decided.Headers.Location!.Query)[codeName].ToString();
        using var answer = await client.PostAsync("/auth/o2/token", new FormUrlEncodedContent(
            [new("grant_type", "authorization_code"), new("code", code), new("client_id", clientId), new("client_secret", secret), new("redirect_uri", Shop.Redirect)]), Cancel);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!["access_token"]!;
    }

    private async Task<HttpResponseMessage> AdsAsync(string token, HttpMethod method, string path, long? profile)
    {
        const string MediaType = "application/vnd.spCampaign.v3+json";
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post) request.Content = new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue(MediaType));
        request.Headers.TryAddWithoutValidation("Accept", method == HttpMethod.Post ? MediaType : "application/json");
        request.Headers.Add("Authorization", "Bearer " + token);
        request.Headers.Add("Amazon-Advertising-API-ClientId", PretendApps.AdsClientId);
        if (profile is not null) request.Headers.Add("Amazon-Advertising-API-Scope", $"{profile}");
        return await client.SendAsync(request, Cancel);
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> CampaignsAsync(string token, long profile)
    {
        using var answer = await AdsAsync(token, HttpMethod.Post, "/sp/campaigns/list", profile);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!);
    }

    private async Task<(HttpStatusCode Status, JsonNode Body)> PartnerAsync(string token, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("x-amz-access-token", token);
        request.Headers.Add("User-Agent", "Test/1.0 (Language=C#/14)");
        using var answer = await client.SendAsync(request, Cancel);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!);
    }
}
