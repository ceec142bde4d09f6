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
    public Uri AdsConsentAddress(string state, string codeChallenge, Uri redirect, AmazonRegion region = AmazonRegion.NorthAmerica) =>
        new(options.Regions[region].AdsConsent, "/ap/oa" + Query(
            ("client_id", options.AdsClientId), ("scope", "advertising::campaign_management"), ("response_type", "code"),
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

    /// <summary>Exchanges a code, which lives five minutes and works once.</summary>
    /// <param name="kind">Which consent.</param>
    /// <param name="code"><c>code</c> (Ads) or <c>spapi_oauth_code</c> (Selling Partner) of the callback.</param>
    /// <param name="redirect">The address used in the consent.</param>
    /// <param name="codeVerifier">The proof key's verifier; null when none was used.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AmazonApiException">With code <c>invalid_grant</c>: the code is old, used, or of another client or address; begin the consent again.</exception>
    /// <exception cref="OperatorCredentialsException">Amazon does not know this installation.</exception>
    public async Task<GrantTokens> ExchangeAsync(GrantKind kind, string code, Uri redirect, string? codeVerifier, CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.ExchangeAsync(kind, code, redirect, codeVerifier, cancellationToken).ConfigureAwait(false);
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
