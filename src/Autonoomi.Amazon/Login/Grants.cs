using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Autonoomi.Privacy;

namespace Autonoomi.Amazon.Login;

/// <summary>The two consents of one seller: different screens, clients and tokens.</summary>
public enum GrantKind { SellingPartner, Ads }

/// <summary>What a consent's code is exchanged for.</summary>
/// <param name="RefreshToken">Lives until withdrawn, at most 365 days; Amazon does not rotate it.</param>
/// <param name="AccessToken">Lives for an hour.</param>
/// <param name="ExpiresAt">End of the access token.</param>
public sealed record GrantTokens(Secret RefreshToken, Secret AccessToken, DateTimeOffset ExpiresAt);

/// <summary>One consent as the clients need it.</summary>
/// <param name="Key">Names the grant in this process: caches, queues and rate limits are per key. Not secret.</param>
/// <param name="Kind">Which consent.</param>
/// <param name="RefreshToken">The token at rest, opened.</param>
/// <param name="Client">The login client that the consent was given to, where it is an account's own; null is the operator's, from <see cref="AmazonOptions"/>.</param>
public sealed record GrantHandle(string Key, GrantKind Kind, Secret RefreshToken, LoginClient? Client = null);

/// <summary>A login client (security profile) that a self-hosting seller registered with Amazon.</summary>
/// <param name="Id"><c>amzn1.application-oa2-client.…</c>; not secret.</param>
/// <param name="ClientSecret">Amazon ends it after 180 days for Selling Partner applications.</param>
public sealed record LoginClient(string Id, Secret ClientSecret);

/// <summary>Proof key of one consent (RFC 7636, S256): the verifier stays here, sealed; only its hash travels through the browser.</summary>
public static class ProofKey
{
    /// <returns>43 characters from 32 random bytes.</returns>
    public static string NewVerifier() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <param name="verifier">43 to 128 characters.</param>
    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
