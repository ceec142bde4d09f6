using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;

namespace Autonoomi.App.Platform.Identity.SignOn;

/// <summary>What somebody went to the provider for.</summary>
public enum SignOnPurpose
{
    /// <summary>To sign in.</summary>
    SignIn,

    /// <summary>To link the provider's account with the one that is signed in here.</summary>
    Link,

    /// <summary>To prove once more who is signed in here.</summary>
    Prove,
}

/// <summary>For whom the provider vouched, after every check of its answer.</summary>
/// <param name="Subject">How the provider names the person, for ever; with the issuer it is the identity.</param>
/// <param name="Email">An address that the provider has checked; null when it named none or did not check it.</param>
/// <param name="Name">What the provider calls the person; empty for nothing.</param>
/// <param name="Organisation">Value of the configured claim; null for none.</param>
public sealed record Vouched(string Subject, string? Email, string Name, string? Organisation)
{
    /// <returns>Null when the principal names no subject, which no answer of a provider does.</returns>
    public static Vouched? Of(ClaimsPrincipal? person, SignOnSettings settings) =>
        person?.FindFirstValue("sub") is not { Length: > 0 } subject ? null
        : new(subject,
            person.FindFirstValue("email") is { Length: > 0 } email && SignOnRules.IsVerified(person.FindFirstValue("email_verified"), settings.EmailsAreVerified) ? email : null,
            OneLine(person.FindFirstValue("name")),
            settings.OrganisationClaim.Length > 0 ? person.FindFirstValue(settings.OrganisationClaim) : null);

    private static string OneLine(string? name)
    {
        var line = string.Concat((name ?? "").Where(letter => !char.IsControl(letter))).Trim();
        return line[..Math.Min(line.Length, 100)];
    }
}

/// <summary>Which answers of a provider count.</summary>
public static class SignOnRules
{
    /// <summary>How far clocks of two machines may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Signatures that are taken: with a pair of keys, by SHA-256 or longer. None by a shared secret, and none at all.</summary>
    public static ImmutableArray<string> Algorithms { get; } = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>Longest name of a subject that the standard allows, in characters.</summary>
    public const int LongestSubject = 255;

    /// <param name="said">The claim email_verified; null where there is none.</param>
    /// <param name="vouched">The operator says that the provider checks them all.</param>
    public static bool IsVerified(string? said, bool vouched) => said is null ? vouched : said.Equals("true", StringComparison.OrdinalIgnoreCase);

    /// <returns>Why a person may not come in by the operator's lists; null when they may.</returns>
    public static string? Refusal(SignOnSettings settings, Vouched person)
    {
        if (settings.OrganisationList is { Count: > 0 } organisations && (person.Organisation is null || !organisations.Contains(person.Organisation, StringComparer.Ordinal))) return "organisation is not on the list";
        if (settings.DomainList is not { Count: > 0 } domains) return null;
        if (person.Email is not { } email) return "no checked e-mail address";
        return domains.Contains(email[(email.LastIndexOf('@') + 1)..], StringComparer.OrdinalIgnoreCase) ? null : "domain is not on the list";
    }

    /// <summary>Whether somebody really signed in at the provider anew, and did not only come back with an old session of theirs.</summary>
    /// <param name="authTime">The claim auth_time: seconds since 1970; null where there is none.</param>
    /// <param name="began">When the person was sent there.</param>
    /// <param name="now">When they are back.</param>
    public static bool IsFresh(string? authTime, DateTimeOffset began, DateTimeOffset now) =>
        long.TryParse(authTime, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds >= (began - Skew).ToUnixTimeSeconds() && seconds <= (now + Skew).ToUnixTimeSeconds();
}
