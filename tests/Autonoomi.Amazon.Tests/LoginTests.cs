using System.Net;
using Autonoomi.Amazon.Login;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

public sealed class LoginTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-5-a")]
    public async Task Consent_addresses_carry_state_proof_key_and_the_exact_return_address()
    {
        await using var clients = new Clients(new("http://127.0.0.1:1"));
        var verifier = ProofKey.NewVerifier();

        var ads = clients.Login.AdsConsentAddress("state 1&2", ProofKey.Challenge(verifier), new("http://127.0.0.1:5000/connect/ads?x=1"));
        var seller = clients.Login.SellerConsentAddress("state 3", new("http://127.0.0.1:5000/connect/seller"));

        Assert.Equal("/ap/oa", ads.AbsolutePath);
        Assert.Contains("scope=advertising%3A%3Acampaign_management", ads.Query, StringComparison.Ordinal);
        Assert.Contains("state=state%201%262", ads.Query, StringComparison.Ordinal);
        Assert.Contains($"code_challenge={ProofKey.Challenge(verifier)}&code_challenge_method=S256", ads.Query, StringComparison.Ordinal);
        Assert.Contains("redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fconnect%2Fads%3Fx%3D1", ads.Query, StringComparison.Ordinal);
        Assert.DoesNotContain(verifier, ads.Query, StringComparison.Ordinal);
        Assert.Equal("/apps/authorize/consent", seller.AbsolutePath);
        Assert.Contains("application_id=amzn1.sp.solution.app", seller.Query, StringComparison.Ordinal);
        Assert.DoesNotContain("version=beta", seller.Query, StringComparison.Ordinal);
    }

    [Fact]
    public void The_proof_key_is_that_of_the_standard() =>
        // Worked example of RFC 7636, appendix B.
        Assert.Equal("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", ProofKey.Challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));

    [Fact]
    public async Task A_consent_in_production_goes_to_the_host_of_the_sellers_country()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = new Clients(stub.Address, options => options.SellerCentral["JP"] = new AmazonOptions().SellerCentral["JP"]);

        Assert.Equal("sellercentral.amazon.co.jp", clients.Login.SellerConsentAddress("s", new("https://x.example/y"), Marketplace.Find("A1VC38T7YXB528")).Host);
    }

    [Fact]
    public async Task A_code_is_exchanged_with_its_verifier_and_return_address()
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = new Clients(stub.Address);

        var tokens = await clients.Login.ExchangeAsync(GrantKind.Ads, "ANcode", new("http://127.0.0.1:5000/connect/ads"), "verifier-1", Ct);

        Assert.Equal("Atzr|refresh-canary-0001", tokens.RefreshToken.Reveal());
        var sent = Assert.Single(stub.To("POST /auth/o2/token")).Body;
        Assert.Contains("grant_type=authorization_code&code=ANcode", sent, StringComparison.Ordinal);
        Assert.Contains("code_verifier=verifier-1", sent, StringComparison.Ordinal);
        Assert.Contains("redirect_uri=http%3A%2F%2F127.0.0.1%3A5000%2Fconnect%2Fads", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_code_says_to_begin_again()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /auth/o2/token", new Answer("""{"error":"invalid_grant","error_description":"The request has an invalid grant parameter : code."}""", 400));
        await using var clients = new Clients(stub.Address);

        var refused = await Assert.ThrowsAsync<AmazonApiException>(() => clients.Login.ExchangeAsync(GrantKind.Ads, "ANcode", new("http://127.0.0.1/x"), null, Ct));

        Assert.Equal("invalid_grant", refused.Code);
        Assert.Contains("begin the consent again", refused.Message, StringComparison.Ordinal);
        Assert.Single(stub.To("POST /auth/o2/token"));
    }

    [Fact]
    public async Task Twenty_callers_share_one_renewal()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /auth/o2/token", new Answer("""{"access_token":"Atza|a","refresh_token":"Atzr|b","expires_in":3600}""") { Delay = TimeSpan.FromMilliseconds(100) });
        await using var clients = new Clients(stub.Address);

        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => clients.Tokens.GetAsync(Clients.AdsGrant, Ct)));

        Assert.All(tokens, token => Assert.Equal("Atza|a", token.Reveal()));
        Assert.Single(stub.To("POST /auth/o2/token"));
    }

    [Fact]
    public async Task A_token_near_its_end_is_renewed_early_and_a_new_consent_at_once()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /auth/o2/token", """{"access_token":"Atza|short","expires_in":60}""", """{"access_token":"Atza|long","expires_in":3600}""");
        await using var clients = new Clients(stub.Address);

        Assert.Equal("Atza|short", (await clients.Tokens.GetAsync(Clients.AdsGrant, Ct)).Reveal());
        Assert.Equal("Atza|long", (await clients.Tokens.GetAsync(Clients.AdsGrant, Ct)).Reveal());
        await clients.Tokens.GetAsync(Clients.AdsGrant, Ct);
        Assert.Equal(2, stub.To("POST /auth/o2/token").Count);
        await clients.Tokens.GetAsync(Clients.AdsGrant with { RefreshToken = new Secret("Atzr|another") }, Ct);
        Assert.Equal(3, stub.To("POST /auth/o2/token").Count);
    }

    [Fact]
    public async Task One_wrong_invalid_grant_does_not_trouble_the_seller_and_two_do()
    {
        var refused = new Answer("""{"error":"invalid_grant","error_description":"The request has an invalid grant parameter : refresh_token."}""", 400);
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = new Clients(stub.Address);

        stub.On("POST /auth/o2/token", refused, """{"access_token":"Atza|fine","expires_in":3600}""");
        Assert.Equal("Atza|fine", (await clients.Tokens.GetAsync(Clients.AdsGrant, Ct)).Reveal());

        clients.Connections.Forget(Clients.AdsGrant.Key);
        stub.On("POST /auth/o2/token", refused);
        var revoked = await Assert.ThrowsAsync<GrantRevokedException>(() => clients.Tokens.GetAsync(Clients.AdsGrant, Ct));
        Assert.Equal(GrantKind.Ads, revoked.Kind);
        Assert.Equal(4, stub.To("POST /auth/o2/token").Count);
    }

    [Fact]
    public async Task A_wrong_client_secret_is_the_operators_matter()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /auth/o2/token", new Answer("""{"error":"invalid_client","error_description":"Client authentication failed"}""", 401));
        await using var clients = new Clients(stub.Address);

        await Assert.ThrowsAsync<OperatorCredentialsException>(() => clients.Ads.ProfilesAsync(Ct));

        Assert.Single(stub.To("POST /auth/o2/token"));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.Unauthorized, """{"code":"UNAUTHORIZED","details":"Not authorized"}""")]
    [InlineData(false, HttpStatusCode.Forbidden, """{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":"The access token you provided has expired."}]}""")]
    public async Task A_token_that_the_api_refuses_is_renewed_once_and_the_call_repeated(bool ads, HttpStatusCode status, string body)
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /auth/o2/token", """{"access_token":"Atza|first","expires_in":3600}""", """{"access_token":"Atza|second","expires_in":3600}""");
        var route = ads ? "GET /v2/profiles" : "GET /sellers/v1/marketplaceParticipations";
        stub.On(route, new Answer(body, (int)status), ads ? "[]" : """{"payload":[]}""");
        await using var clients = new Clients(stub.Address);

        if (ads) await clients.Ads.ProfilesAsync(Ct);
        else await clients.Seller.ParticipationsAsync(Ct);

        var sent = stub.To(route);
        Assert.Equal(2, sent.Count);
        Assert.EndsWith("Atza|second", ads ? sent[1].Headers["Authorization"] : sent[1].Headers["x-amz-access-token"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The LWA client secret of this application has expired.", true)]
    [InlineData("Your LWA secret has EXPIRED; rotate it.", true)]
    [InlineData("The application is not authorised for this role.", false)]
    [InlineData("Access was denied to Atza|not-a-real-token-0123456789 which expired", false)]
    public async Task A_client_secret_that_the_api_calls_expired_is_the_operators_matter_and_a_missing_role_is_not(string details, bool isSecret)
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /auth/o2/token", """{"access_token":"Atza|first","expires_in":3600}""");
        stub.On("GET /sellers/v1/marketplaceParticipations", new Answer($$"""{"errors":[{"code":"Unauthorized","message":"Access to requested resource is denied.","details":"{{details}}"}]}""", 403));
        await using var clients = new Clients(stub.Address);

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => clients.Seller.ParticipationsAsync(Ct));

        if (isSecret)
        {
            // Another token would be of the same secret: nothing is sent again.
            var refused = Assert.IsType<OperatorCredentialsException>(thrown);
            Assert.Equal((GrantKind.SellingPartner, "Unauthorized", false), (refused.Kind, refused.Code, refused.OwnClient));
            Assert.Single(stub.To("GET /sellers/v1/marketplaceParticipations"));
        }
        else
        {
            Assert.True(Assert.IsType<AmazonApiException>(thrown).IsForbidden);
        }
    }

    [Fact]
    public async Task A_permission_that_is_missing_is_said_after_one_renewal()
    {
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /sp/campaigns/list", new Answer("""{"code":"UNAUTHORIZED","details":"Not authorized to access scope 3501"}""", 401));
        await using var clients = new Clients(stub.Address);

        var refused = await Assert.ThrowsAsync<AmazonApiException>(() => clients.Ads.CampaignsAsync(Ct));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Contains("Not authorized to access scope 3501", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, stub.To("POST /sp/campaigns/list").Count);
    }
}
