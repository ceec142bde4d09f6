using System.Net;
using Autonoomi.Core.Primitives;
using Microsoft.Extensions.Options;

namespace Autonoomi.Amazon.Login;

/// <summary>Consent addresses and the exchange of codes.</summary>
public sealed class LoginWithAmazon
{
    private readonly AmazonOptions options;
    private readonly TokenService tokens;

    internal LoginWithAmazon(IOptions<AmazonOptions> options, TokenService tokens) => (this.options, this.tokens) = (options.Value, tokens);

    /// <param name="state">Ours, returned unchanged: binds the answer to the browser that asked.</param>
    /// <param name="codeChallenge">See <see cref="ProofKey"/>.</param>
    /// <param name="redirect">One of the client's allowed return addresses, exactly.</param>
    /// <param name="region">Where the advertiser signs in; the consent then covers all of their profiles.</param>
    /// <param name="client">An account's own security profile; null is the operator's.</param>
    public Uri AdsConsentAddress(string state, string codeChallenge, Uri redirect, AmazonRegion region = AmazonRegion.NorthAmerica, LoginClient? client = null) =>
        new(options.Regions[region].AdsConsent, "/ap/oa" + Query(
            ("client_id", client?.Id ?? options.AdsClientId), ("scope", "advertising::campaign_management"), ("response_type", "code"),
            ("redirect_uri", redirect.AbsoluteUri), ("state", state), ("code_challenge", codeChallenge), ("code_challenge_method", "S256")));

    /// <param name="state">Ours, returned unchanged.</param>
    /// <param name="redirect">One of the application's registered addresses, exactly.</param>
    /// <param name="marketplace">Where the seller signs in; the consent covers its region. Null is the United States.</param>
    public Uri SellerConsentAddress(string state, Uri redirect, Marketplace? marketplace = null)
    {
        var query = Query(("application_id", options.SellingPartnerApplicationId), ("state", state), ("redirect_uri", redirect.AbsoluteUri));
        if (options.SellingPartnerApplicationIsDraft) query += "&version=beta";
        return new(options.SellerCentral[marketplace?.Country ?? "US"], "/apps/authorize/consent" + query);
    }

    /// <summary>
    /// Where a seller who came from the Appstore goes on: Amazon's own address with Amazon's mark unchanged and ours beside it. Only a host of
    /// Seller Central that we know is ever named.
    /// </summary>
    /// <param name="amazonCallback"><c>amazon_callback_uri</c> as received.</param>
    /// <param name="amazonState"><c>amazon_state</c> as received.</param>
    /// <param name="state">Ours, returned unchanged.</param>
    /// <param name="redirect">One of the application's registered addresses, exactly.</param>
    /// <returns>The address and a country that the host serves; null when the callback is none of Amazon's.</returns>
    public (Uri Address, string Country)? AppstoreAddress(string amazonCallback, string amazonState, string state, Uri redirect)
    {
        if (!Uri.TryCreate(amazonCallback, UriKind.Absolute, out var callback) || callback.UserInfo.Length > 0 || callback.Query.Length > 0 || callback.Fragment.Length > 0) return null;
        if (!callback.AbsolutePath.StartsWith("/apps/authorize/", StringComparison.Ordinal)) return null;
        var authority = callback.GetLeftPart(UriPartial.Authority);
        var country = options.SellerCentral.Concat(options.SellerCentralAliases).Where(host => host.Value.GetLeftPart(UriPartial.Authority) == authority).Select(host => host.Key).FirstOrDefault();
        if (country is null) return null;
        var query = Query(("amazon_state", amazonState), ("state", state), ("redirect_uri", redirect.AbsoluteUri));
        if (options.SellingPartnerApplicationIsDraft) query += "&version=beta";
        return (new(callback.GetLeftPart(UriPartial.Path) + query), country);
    }

    /// <inheritdoc cref="ExchangeAsync(GrantKind, string, Uri, string?, LoginClient?, CancellationToken)"/>
    public Task<GrantTokens> ExchangeAsync(GrantKind kind, string code, Uri redirect, string? codeVerifier, CancellationToken cancellationToken) =>
        ExchangeAsync(kind, code, redirect, codeVerifier, client: null, cancellationToken);

    /// <summary>Exchanges a code, which lives five minutes and works once.</summary>
    /// <param name="kind">Which consent.</param>
    /// <param name="code"><c>code</c> (Ads) or <c>spapi_oauth_code</c> (Selling Partner) of the callback.</param>
    /// <param name="redirect">The address used in the consent.</param>
    /// <param name="codeVerifier">The proof key's verifier; null when none was used.</param>
    /// <param name="client">The account's own client that the consent was given to; null is the operator's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AmazonApiException">With code <c>invalid_grant</c>: the code is old, used, or of another client or address; begin the consent again.</exception>
    /// <exception cref="OperatorCredentialsException">Amazon does not know this installation.</exception>
    public async Task<GrantTokens> ExchangeAsync(GrantKind kind, string code, Uri redirect, string? codeVerifier, LoginClient? client, CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.ExchangeAsync(kind, code, redirect, codeVerifier, client, cancellationToken).ConfigureAwait(false);
        }
        catch (TokenService.InvalidGrantException refused)
        {
            throw new AmazonApiException("POST /auth/o2/token (code)", HttpStatusCode.BadRequest, "invalid_grant", "Amazon no longer takes this code (older than five minutes, used, or of another client or address): begin the consent again", refused.RequestId);
        }
    }

    private static string Query(params ReadOnlySpan<(string Name, string Value)> parts)
    {
        var query = new System.Text.StringBuilder();
        foreach (var (name, value) in parts) query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return query.ToString();
    }
}
