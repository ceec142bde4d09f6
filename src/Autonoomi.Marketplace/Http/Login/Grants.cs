using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Autonoomi.Marketplace.Http.Login;

internal enum GrantKind { Ads, SellingPartner }

/// <summary>What one consent of the seller allows, until it is withdrawn or 365 days old.</summary>
internal sealed class Grant(GrantKind kind, string clientId, string owner, string refreshToken, DateTimeOffset consentedAt)
{
    /// <summary>Whose storefronts it opens: a merchant id (Selling Partner API) or a store's name (ads).</summary>
    public string Owner => owner;

    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    public GrantKind Kind => kind;

    public string ClientId => clientId;

    public string RefreshToken => refreshToken;

    public bool IsRevoked { get; set; }

    /// <summary>Its year is over before its time.</summary>
    public bool IsExpired { get; set; }

    public bool IsGood(DateTimeOffset now) => !IsRevoked && !IsExpired && now < consentedAt + Life;
}

internal sealed class Code(GrantKind kind, string clientId, string owner, string? redirect, string? challenge, DateTimeOffset issuedAt)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public GrantKind Kind => kind;

    public string Owner => owner;

    public bool IsUsed { get; set; }

    /// <summary>Old, used, and wrong codes are one answer to the caller: nothing tells a thief which guess was near.</summary>
    public bool Opens(string client, string? redirectUri, string? verifier, DateTimeOffset now) =>
        !IsUsed && client == clientId && now <= issuedAt + Life && redirectUri == redirect && (challenge is null || (verifier is not null && Hash(verifier) == challenge));

    private static string Hash(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}

internal sealed record AccessToken(Grant Grant, DateTimeOffset ExpiresAt);

internal enum TokenState { Good, Missing, Unknown, Expired }

/// <summary>Codes, grants and tokens of all sellers. Lives under the world's lock.</summary>
internal sealed class Grants
{
    public static readonly TimeSpan AccessLife = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Code> codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Grant> grants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccessToken> access = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Owner, DateTimeOffset At)> appstore = new(StringComparer.Ordinal);

    public string IssueCode(GrantKind kind, string clientId, string owner, string? redirect, string? challenge, DateTimeOffset now)
    {
        var text = "AN" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 18);
        codes[text] = new Code(kind, clientId, owner, redirect, challenge, now);
        return text;
    }

    public Code? FindCode(string text) => codes.GetValueOrDefault(text);

    public Grant Open(GrantKind kind, string clientId, string owner, DateTimeOffset now)
    {
        var grant = new Grant(kind, clientId, owner, "Atzr|" + Opaque(300), now);
        grants[grant.RefreshToken] = grant;
        return grant;
    }

    public Grant? FindGrant(string refreshToken) => grants.GetValueOrDefault(refreshToken);

    public string IssueAccess(Grant grant, DateTimeOffset now)
    {
        foreach (var old in access.Where(each => each.Value.ExpiresAt + TimeSpan.FromDays(1) < now).Select(each => each.Key).ToList()) access.Remove(old);
        var token = "Atza|" + Opaque(348);
        access[token] = new AccessToken(grant, now + AccessLife);
        return token;
    }

    public TokenState Inspect(string? token, GrantKind kind, DateTimeOffset now, out Grant? grant)
    {
        grant = null;
        if (string.IsNullOrEmpty(token)) return TokenState.Missing;
        if (!access.TryGetValue(token, out var found) || found.Grant.Kind != kind || found.Grant.IsRevoked) return TokenState.Unknown;
        if (found.ExpiresAt <= now) return TokenState.Expired;
        grant = found.Grant;
        return TokenState.Good;
    }

    public void Revoke(GrantKind kind)
    {
        foreach (var grant in grants.Values.Where(each => each.Kind == kind)) grant.IsRevoked = true;
    }

    public void Expire(GrantKind kind)
    {
        foreach (var grant in grants.Values.Where(each => each.Kind == kind)) grant.IsExpired = true;
    }

    public void ForgetAccess() => access.Clear();

    /// <summary>Begins a connection from the Appstore: Amazon's own mark, for one seller, once, within ten minutes.</summary>
    public string BeginAppstore(string owner, DateTimeOffset now)
    {
        var mark = "MARKETPLACE" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 24);
        appstore[mark] = (owner, now);
        return mark;
    }

    /// <returns>The seller who agreed; null when the mark is unknown, used or old.</returns>
    public string? TakeAppstore(string mark, DateTimeOffset now) => appstore.Remove(mark, out var begun) && now <= begun.At + TimeSpan.FromMinutes(10) ? begun.Owner : null;

    private static string Opaque(int length) => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", length);
}
