namespace Autonoomi.App.Platform.Identity;

/// <summary>A person as the identity framework sees it while signing in: opened, in memory only. At rest it is a sealed <see cref="Data.UserRow"/>.</summary>
public sealed class AppUser
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public required string Email { get; set; }
    public required string Name { get; set; }
    public string? PasswordHash { get; set; }
    public string SecurityStamp { get; set; } = "";
    public string ConcurrencyStamp { get; set; } = "";
    public bool TwoFactor { get; set; }
    public TotpSecret? Totp { get; set; }

    /// <summary>Hashes of the recovery codes that are left.</summary>
    public IReadOnlyList<string> RecoveryHashes { get; set; } = [];
    public int FailedCount { get; set; }
    public DateTimeOffset? LockedUntil { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The password was printed by a command; the security page asks for one of their own.</summary>
    public bool OneTimePassword { get; set; }
}

/// <param name="Key">Base32, as authenticator apps take it.</param>
/// <param name="LastStep">Time step of the last code that was accepted: each code works once.</param>
public sealed record TotpSecret(string Key, long LastStep);
