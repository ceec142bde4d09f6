using Autonoomi.Core.Primitives;
using Microsoft.Extensions.Options;

namespace Autonoomi.Amazon.Login;

/// <summary>Consent addresses and the exchange of codes.</summary>
public sealed class LoginWithAmazon(IHttpClientFactory http, IOptions<AmazonOptions> options, TimeProvider clock)
{
    /// <param name="state">Ours, returned unchanged: binds the answer to the browser that asked.</param>
    /// <param name="codeChallenge">See <see cref="ProofKey"/>.</param>
    /// <param name="redirect">One of the client's allowed return addresses, exactly.</param>
    /// <param name="region">Where the advertiser signs in; the consent then covers all of their profiles.</param>
    public Uri AdsConsentAddress(string state, string codeChallenge, Uri redirect, AmazonRegion region = AmazonRegion.NorthAmerica) => throw new NotSupportedException();

    /// <param name="state">Ours, returned unchanged.</param>
    /// <param name="redirect">One of the application's registered addresses, exactly.</param>
    /// <param name="marketplace">Where the seller signs in; the consent covers its region. Null is the United States.</param>
    public Uri SellerConsentAddress(string state, Uri redirect, Marketplace? marketplace = null) => throw new NotSupportedException();

    /// <summary>Exchanges a code, which lives five minutes and works once.</summary>
    /// <param name="kind">Which consent.</param>
    /// <param name="code"><c>code</c> (Ads) or <c>spapi_oauth_code</c> (Selling Partner) of the callback.</param>
    /// <param name="redirect">The address used in the consent.</param>
    /// <param name="codeVerifier">The proof key's verifier; null when none was used.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="AmazonApiException">The code is old, used, or of another client or address: begin the consent again.</exception>
    /// <exception cref="OperatorCredentialsException">Amazon does not know this installation.</exception>
    public Task<GrantTokens> ExchangeAsync(GrantKind kind, string code, Uri redirect, string? codeVerifier, CancellationToken cancellationToken) => throw new NotSupportedException($"{http}{options}{clock}");
}
