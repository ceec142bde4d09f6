using System.Net;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http;

namespace Autonoomi.Marketplace.Tests.Http;

public sealed class LoginTests : IAsyncLifetime
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.OpenAsync(historyDays: 1, products: 1, naiveCampaigns: false);

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task The_consent_page_says_what_it_is_who_asks_and_offers_two_buttons()
    {
        var page = await shop.Client.GetStringAsync(Shop.AdsConsent(), Shop.Cancel);

        Assert.Contains("pretend Amazon", page, StringComparison.Ordinal);
        Assert.Contains("Autonoomi", page, StringComparison.Ordinal);
        Assert.Contains("method=\"post\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"allow\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"deny\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("Seller Central", await shop.Client.GetStringAsync(Shop.SellerConsent(), Shop.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_exchanged_for_opaque_tokens_and_the_refresh_token_stays_the_same()
    {
        var back = await shop.DecideAsync(Shop.AdsConsent(Shop.Challenge(Verifier), state: "a state/with+signs"), "allow");
        var (status, body) = await shop.ExchangeAdsAsync(back["code"], Verifier);
        var refreshed = await shop.RefreshAdsAsync((string)body["refresh_token"]!);

        Assert.Equal("advertising::campaign_management", back["scope"]);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("Atza|", (string)body["access_token"]!, StringComparison.Ordinal);
        Assert.StartsWith("Atzr|", (string)body["refresh_token"]!, StringComparison.Ordinal);
        Assert.Equal(3600, (int)body["expires_in"]!);
        Assert.Equal("bearer", (string)body["token_type"]!);
        Assert.Equal((string)body["refresh_token"]!, (string)refreshed.Body["refresh_token"]!);
        Assert.NotEqual((string)body["access_token"]!, (string)refreshed.Body["access_token"]!);
    }

    [Fact]
    public async Task The_seller_consent_comes_back_with_its_own_words()
    {
        var back = await shop.DecideAsync(Shop.SellerConsent("s1"), "allow");

        Assert.Equal("s1", back["state"]);
        Assert.Equal(shop.World.SellingPartnerId, back["selling_partner_id"]);
        Assert.NotEmpty(back["spapi_oauth_code"]);
    }

    [Fact]
    public async Task A_refused_consent_comes_back_as_access_denied()
    {
        Assert.Equal("access_denied", (await shop.DecideAsync(Shop.AdsConsent(), "deny"))["error"]);
        Assert.Equal("access_denied", (await shop.DecideAsync(Shop.SellerConsent(), "deny"))["error"]);
    }

    [Fact]
    public async Task A_code_works_once()
    {
        var code = (await shop.DecideAsync(Shop.AdsConsent(), "allow"))["code"];

        Assert.Equal(HttpStatusCode.OK, (await shop.ExchangeAdsAsync(code)).Status);
        AssertInvalidGrant(await shop.ExchangeAdsAsync(code), "code");
    }

    [Fact]
    public async Task A_code_older_than_five_minutes_is_refused()
    {
        var code = (await shop.DecideAsync(Shop.AdsConsent(), "allow"))["code"];
        await shop.ControlAsync(HttpMethod.Post, "/world/advance", new { hours = 1 });

        AssertInvalidGrant(await shop.ExchangeAdsAsync(code), "code");
    }

    [Theory]
    [InlineData("another verifier than the one that was hashed", null)]
    [InlineData(null, null)]
    [InlineData(Verifier, "http://127.0.0.1:5099/elsewhere")]
    public async Task A_wrong_verifier_or_redirect_is_refused(string? verifier, string? redirect)
    {
        var code = (await shop.DecideAsync(Shop.AdsConsent(Shop.Challenge(Verifier)), "allow"))["code"];

        AssertInvalidGrant(await shop.ExchangeAdsAsync(code, verifier, redirect), "code");
    }

    [Fact]
    public async Task A_code_of_one_client_is_nothing_to_the_other()
    {
        var code = (await shop.DecideAsync(Shop.AdsConsent(), "allow"))["code"];

        AssertInvalidGrant(await shop.TokenAsync(("grant_type", "authorization_code"), ("code", code), ("client_id", PretendApps.SellingPartnerClientId),
            ("client_secret", PretendApps.SellingPartnerClientSecret), ("redirect_uri", Shop.Redirect)), "code");
    }

    [Fact]
    public async Task A_revoked_grant_ends_tokens_and_refreshes()
    {
        var (_, refresh) = await shop.ConnectAdsAsync();
        using (var before = await shop.AdsAsync(HttpMethod.Get, "/v2/profiles")) Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        await shop.FaultAsync(new { revoke = new[] { "ads" } });

        AssertInvalidGrant(await shop.RefreshAdsAsync(refresh), "refresh_token");
        using var after = await shop.AdsAsync(HttpMethod.Get, "/v2/profiles");
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task A_grant_ends_365_days_after_consent()
    {
        var (_, refresh) = await shop.ConnectAdsAsync();
        for (var month = 0; month < 12; month++) await shop.ControlAsync(HttpMethod.Post, "/world/advance", new { days = 30 });
        Assert.Equal(HttpStatusCode.OK, (await shop.RefreshAdsAsync(refresh)).Status);

        await shop.ControlAsync(HttpMethod.Post, "/world/advance", new { days = 6 });

        AssertInvalidGrant(await shop.RefreshAdsAsync(refresh), "refresh_token");
    }

    [Fact]
    public async Task An_access_token_ends_after_an_hour_of_world_time()
    {
        using (var before = await shop.PartnerAsync(HttpMethod.Get, "/sellers/v1/marketplaceParticipations")) Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await shop.ControlAsync(HttpMethod.Post, "/world/advance", new { hours = 2 });

        using var after = await shop.PartnerAsync(HttpMethod.Get, "/sellers/v1/marketplaceParticipations");

        Assert.Equal(HttpStatusCode.Forbidden, after.StatusCode);
        Assert.Contains("has expired", await after.Content.ReadAsStringAsync(Shop.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_or_expired_operator_secret_is_a_401_that_names_the_client_and_not_the_seller()
    {
        var (_, refresh) = await shop.ConnectAdsAsync();
        var wrong = await shop.TokenAsync(("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", PretendApps.AdsClientId), ("client_secret", "guess"));
        await shop.FaultAsync(new { expireSecret = new[] { "ads" } });
        var expired = await shop.RefreshAdsAsync(refresh);
        await shop.FaultAsync(new { restoreSecret = new[] { "ads" } });

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (wrong.Status, (string)wrong.Body["error"]!));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (expired.Status, (string)expired.Body["error"]!));
        Assert.Equal(HttpStatusCode.OK, (await shop.RefreshAdsAsync(refresh)).Status);
    }

    [Theory]
    [InlineData("client_credentials", "unsupported_grant_type")]
    [InlineData("refresh_token", "invalid_request")]
    public async Task A_grant_that_is_not_played_and_a_missing_parameter_are_named(string grantType, string error)
    {
        var (status, body) = await shop.TokenAsync(("grant_type", grantType), ("client_id", PretendApps.AdsClientId), ("client_secret", PretendApps.AdsClientSecret));

        Assert.Equal((HttpStatusCode.BadRequest, error), (status, (string)body["error"]!));
        Assert.NotNull(body["request_id"]);
    }

    [Theory]
    [InlineData("/ap/oa?client_id=somebody&scope=advertising%3A%3Acampaign_management&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%2F")]
    [InlineData("/apps/authorize/consent?application_id=somebody&state=x&redirect_uri=http%3A%2F%2F127.0.0.1%2F")]
    public async Task An_unknown_application_is_told_so_on_a_page_and_never_redirected(string consent)
    {
        using var response = await shop.Client.GetAsync(consent, Shop.Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    [Fact]
    public async Task A_redirect_that_is_not_on_loopback_is_refused()
    {
        using var response = await shop.Client.PostAsync(Shop.AdsConsent(redirect: "https://attacker.example/"), new FormUrlEncodedContent([KeyValuePair.Create("decision", "allow")]), Shop.Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static void AssertInvalidGrant((HttpStatusCode Status, JsonObject Body) answer, string parameter)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_grant", (string)answer.Body["error"]!);
        Assert.Contains($": {parameter}.", (string)answer.Body["error_description"]!, StringComparison.Ordinal);
    }
}
