using Autonoomi.App.Platform.Tenancy;

namespace Autonoomi.App.Platform.Data;

// Control tables. Clear: ids, states, instants. Sealed (byte[]): names, e-mail, tokens, texts, all by the application key's FieldSealer
// with table and column named as the properties here ("user", "email", row id). E-mail is found by its keyed hash.

public enum MemberRole { Viewer, Analyst, Manager, Owner }

public enum GrantState { Active, Revoked }

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
    public GrantState State { get; set; }
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
