using Autonoomi.App.Platform.Tenancy;

namespace Autonoomi.App.Platform.Data;

// Control tables. Clear: ids, states, instants. Sealed (byte[]): names, e-mail, tokens, texts, all by the application key's FieldSealer
// with table and column named as the properties here ("user", "email", row id). E-mail is found by its keyed hash.

public enum MemberRole { Viewer, Analyst, Manager, Owner }

/// <summary>A person who signs in.</summary>
public sealed class UserRow
{
    public Guid Id { get; init; }
    public required string EmailHash { get; set; }
    public required byte[] SealedEmail { get; set; }
    public required byte[] SealedName { get; set; }
    public string? PasswordHash { get; set; }
    public string? SecurityStamp { get; set; }
    public string? ConcurrencyStamp { get; set; }
    public bool TwoFactorEnabled { get; set; }
    public byte[]? SealedAuthenticatorKey { get; set; }
    public byte[]? SealedRecoveryCodes { get; set; }
    public int AccessFailedCount { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The password was handed out once and must be replaced before it is used again.</summary>
    public bool OneTimePassword { get; set; }
}

/// <summary>A passkey of a user; what the framework keeps about it is sealed.</summary>
public sealed class PasskeyRow
{
    /// <summary>Base64url of the credential id.</summary>
    public required string Id { get; init; }
    public Guid User { get; init; }
    public required byte[] SealedPasskey { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
}

public sealed class OrganisationRow
{
    public Guid Id { get; init; }
    public required byte[] SealedName { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
}

public sealed class MembershipRow : IOrganisationOwned
{
    public Guid Organisation { get; init; }
    public Guid User { get; init; }
    public MemberRole Role { get; set; }
}

/// <summary>One selling partner in one Amazon region. <see cref="Seller"/> is also the key of the seller's vault.</summary>
public sealed class SellerAccountRow : IOrganisationOwned
{
    public Guid Seller { get; init; }
    public Guid Organisation { get; init; }
    public required byte[] SealedName { get; set; }
    public required byte[] SealedSellingPartnerId { get; set; }

    /// <summary>Keyed hash of the selling partner id: finds the account when a consent is repeated.</summary>
    public required string SellingPartnerHash { get; init; }
    public Core.Primitives.AmazonRegion Region { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One marketplace of a seller account. <see cref="Storefront"/> is the Ads profile id, 0 until the Ads grant names it.</summary>
public sealed class StorefrontRow : IOrganisationOwned
{
    public Guid Seller { get; init; }
    public required string MarketplaceId { get; init; }
    public Guid Organisation { get; init; }
    public long Storefront { get; set; }

    /// <summary>True once this storefront takes part in runs.</summary>
    public bool Active { get; set; }
}

public sealed class GrantRow : IOrganisationOwned
{
    public Guid Seller { get; init; }
    public Amazon.Login.GrantKind Kind { get; init; }
    public Guid Organisation { get; init; }
    public required byte[] SealedToken { get; set; }
    public DateTimeOffset ConsentedAt { get; set; }
    public Amazon.Login.GrantState State { get; set; }

    /// <summary>When Amazon refused it first; null unless suspected.</summary>
    public DateTimeOffset? SuspectedAt { get; set; }

    /// <summary>When somebody last looked whether Amazon still takes it; null before the first look.</summary>
    public DateTimeOffset? LookedAt { get; set; }

    /// <summary>The account's own login client (<see cref="LoginClientRow"/>); null is the installation's.</summary>
    public Guid? Client { get; set; }

    /// <summary>The seller authorised the own application without a consent page: Amazon documents no end for such a token.</summary>
    public bool SelfAuthorised { get; set; }
}

/// <summary>
/// A login client as far as it must be remembered: an organisation's own with its sealed credentials, or the installation's (no organisation, credentials
/// in the configuration) since Amazon refused it. All grants of a client stop together here, and none of them is marked.
/// </summary>
public sealed class LoginClientRow : IOrganisationOwned
{
    public Guid Id { get; init; }
    public Guid Organisation { get; init; }
    public Amazon.Login.GrantKind Kind { get; init; }

    /// <summary>Keyed hash of the client id: finds the row when the same client is typed in again.</summary>
    public required string ClientHash { get; init; }

    /// <summary>Client id and secret; null for the installation's.</summary>
    public byte[]? SealedClient { get; set; }

    /// <summary>When Amazon ends the secret, as far as somebody said.</summary>
    public DateTimeOffset? SecretEndsAt { get; set; }

    /// <summary>Since when Amazon refuses the secret; null while it is taken.</summary>
    public DateTimeOffset? RefusedAt { get; set; }
}

/// <summary>An operation that Amazon refused although the consent is good. It is forgotten when nothing repeated it for two days, and with a new consent.</summary>
public sealed class MissingPermissionRow : IOrganisationOwned
{
    public Guid Seller { get; init; }
    public Amazon.Login.GrantKind Kind { get; init; }

    /// <summary>Method and path, or the Ads profile that is no longer listed.</summary>
    public required string Operation { get; init; }
    public Guid Organisation { get; init; }
    public DateTimeOffset NotedAt { get; set; }
}

public enum NoticeKind { ConsentEnds, SecretEnds, ReauthRequired, ClientRefused, Incident }

/// <summary>Something that somebody must be told, raised once. The screens show what of it is still open.</summary>
public sealed class NoticeRow : IOrganisationOwned
{
    /// <summary>Names the occasion, so that it is raised once: what, whose, which end, how many days before.</summary>
    public required string Key { get; init; }

    /// <summary>Empty for the operator.</summary>
    public Guid Organisation { get; init; }
    public Guid? Seller { get; init; }
    public NoticeKind Kind { get; init; }
    public Amazon.Login.GrantKind Grant { get; init; }
    public DateTimeOffset RaisedAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>60, 30, 7 or 1; null where nothing runs out.</summary>
    public int? Days { get; init; }
}

/// <summary>A notice that a person put away.</summary>
public sealed class NoticeSeenRow : IOrganisationOwned
{
    /// <summary>Key of the notice.</summary>
    public required string Notice { get; init; }
    public Guid User { get; init; }
    public Guid Organisation { get; init; }
    public DateTimeOffset At { get; init; }
}

/// <summary>A consent on its way: written before a person is sent to Amazon, used once when Amazon sends the person back.</summary>
public sealed class ConsentStateRow : IOrganisationOwned
{
    /// <summary>SHA-256 of the state value, hexadecimal; the value itself is never stored.</summary>
    public required string StateHash { get; init; }
    public Guid User { get; init; }
    public Guid Organisation { get; init; }
    public Amazon.Login.GrantKind Kind { get; init; }
    public byte[]? SealedVerifier { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>A key of ASP.NET's data protection (cookies, anti-forgery), sealed whole.</summary>
public sealed class ProtectionKeyRow
{
    public required string Id { get; init; }
    public required byte[] SealedXml { get; init; }
}
