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

    [Fact]
    public async Task A_draft_wants_its_version_and_a_published_application_refuses_it()
    {
        var draft = Shop.SellerConsent().Replace(PretendApps.SellingPartnerApplicationId, PretendApps.DraftApplicationId, StringComparison.Ordinal);

        Assert.Contains("MD1000", await RefusedAsync(draft), StringComparison.Ordinal);
        Assert.Contains("MD1000", await RefusedAsync(Shop.SellerConsent() + "&version=beta"), StringComparison.Ordinal);
        Assert.NotEmpty((await shop.DecideAsync(draft + "&version=beta", "allow"))["spapi_oauth_code"]);
    }

    [Fact]
    public async Task Seller_Central_names_its_refusals()
    {
        Assert.Contains("MD5101", await RefusedAsync(Shop.SellerConsent().Replace("127.0.0.1", "attacker.example", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("MD5110", await RefusedAsync(Shop.SellerConsent() + "%23part"), StringComparison.Ordinal);
        Assert.Contains("MD9100", await RefusedAsync(Shop.SellerConsent()[..Shop.SellerConsent().IndexOf("&redirect_uri", StringComparison.Ordinal)]), StringComparison.Ordinal);
        await shop.FaultAsync(new { secondaryUser = true });
        Assert.Contains("SPDC8143", await RefusedAsync(Shop.SellerConsent(), "allow"), StringComparison.Ordinal);
        await shop.FaultAsync(new { secondaryUser = false, consentLimitReached = true });
        Assert.Contains("CONSENT_LIMIT_REACHED", await RefusedAsync(Shop.SellerConsent(), "allow"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_the_Appstore_Amazons_mark_works_once_and_for_ten_minutes()
    {
        var agreed = await shop.DecideAsync($"/appstore/apps?application_id={PretendApps.SellingPartnerApplicationId}&login_uri={Uri.EscapeDataString(Shop.Redirect)}", "allow");
        Assert.Equal(shop.World.SellingPartnerId, agreed["selling_partner_id"]);
        var confirm = $"{new Uri(agreed["amazon_callback_uri"]).AbsolutePath}?state=ours&redirect_uri={Uri.EscapeDataString(Shop.Redirect)}&amazon_state=";

        Assert.Contains("MD5102", await RefusedAsync(confirm + "INVENTED"), StringComparison.Ordinal);
        using (var back = await shop.Client.GetAsync(confirm + agreed["amazon_state"], Shop.Cancel))
            Assert.Contains("state=ours", back.Headers.Location!.Query, StringComparison.Ordinal);
        Assert.Contains("MD5102", await RefusedAsync(confirm + agreed["amazon_state"]), StringComparison.Ordinal);

        var late = await shop.DecideAsync($"/appstore/apps?application_id={PretendApps.SellingPartnerApplicationId}&login_uri={Uri.EscapeDataString(Shop.Redirect)}", "allow");
        await shop.ControlAsync(HttpMethod.Post, "/world/advance", new { hours = 1 });
        Assert.Contains("MD5102", await RefusedAsync(confirm + late["amazon_state"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_application_is_authorised_without_a_page_and_its_token_belongs_to_its_client()
    {
        var shown = await shop.ControlAsync(HttpMethod.Post, "/world/self-authorise", new { });
        var token = (string)shown["refreshToken"]!;

        Assert.Equal(HttpStatusCode.OK, (await RefreshAsync(token, PretendApps.OwnSellingPartnerClientId, PretendApps.OwnSellingPartnerClientSecret)).Status);
        AssertInvalidGrant(await RefreshAsync(token, PretendApps.SellingPartnerClientId, PretendApps.SellingPartnerClientSecret), "refresh_token");
        await shop.FaultAsync(new { expireOwnSecret = new[] { "sellingPartner" } });
        Assert.Equal(HttpStatusCode.Unauthorized, (await RefreshAsync(token, PretendApps.OwnSellingPartnerClientId, PretendApps.OwnSellingPartnerClientSecret)).Status);
    }

    [Fact]
    public async Task A_lost_role_or_profile_refuses_only_what_it_opened()
    {
        await shop.FaultAsync(new { removeRoles = new[] { "/fba/" }, closeProfiles = new[] { shop.World.ProfileId } });

        using (var stock = await shop.PartnerAsync(HttpMethod.Get, "/fba/inventory/v1/summaries")) Assert.Equal(HttpStatusCode.Forbidden, stock.StatusCode);
        await shop.PartnerJsonAsync(HttpMethod.Get, "/sellers/v1/marketplaceParticipations");
        using (var profiles = await shop.AdsAsync(HttpMethod.Get, "/v2/profiles")) Assert.Equal("[]", await profiles.Content.ReadAsStringAsync(Shop.Cancel));
        using var campaigns = await shop.AdsAsync(HttpMethod.Post, "/sp/campaigns/list", new { }, "application/vnd.spCampaign.v3+json");
        Assert.Equal(HttpStatusCode.Unauthorized, campaigns.StatusCode);
    }

    [Fact]
    public async Task A_grant_whose_year_is_over_ends_refreshes()
    {
        var (_, refresh) = await shop.ConnectAdsAsync();
        await shop.FaultAsync(new { expireGrant = new[] { "ads" } });

        AssertInvalidGrant(await shop.RefreshAdsAsync(refresh), "refresh_token");
    }

    private Task<(HttpStatusCode Status, JsonObject Body)> RefreshAsync(string token, string client, string secret) =>
        shop.TokenAsync(("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", client), ("client_secret", secret));

    private async Task<string> RefusedAsync(string page, string? decision = null)
    {
        using var response = decision is null ? await shop.Client.GetAsync(page, Shop.Cancel) : await shop.Client.PostAsync(page, new FormUrlEncodedContent([KeyValuePair.Create("decision", decision)]), Shop.Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Shop.Cancel);
    }

    private static void AssertInvalidGrant((HttpStatusCode Status, JsonObject Body) answer, string parameter)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_grant", (string)answer.Body["error"]!);
        Assert.Contains($": {parameter}.", (string)answer.Body["error_description"]!, StringComparison.Ordinal);
    }
}
