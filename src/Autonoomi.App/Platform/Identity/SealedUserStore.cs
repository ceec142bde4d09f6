using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Data;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Identity;

/// <summary>
/// Where the identity framework keeps people: e-mail, name, authenticator key, recovery codes and passkeys sealed under the application key,
/// e-mail found by a keyed hash. Passwords rest as the framework's own hash.
/// </summary>
public sealed class SealedUserStore(AppDbs databases, KeyChain keys, TimeProvider clock) :
    IUserPasswordStore<AppUser>, IUserEmailStore<AppUser>, IUserSecurityStampStore<AppUser>, IUserLockoutStore<AppUser>, IUserTwoFactorStore<AppUser>,
    IUserAuthenticatorKeyStore<AppUser>, IUserTwoFactorRecoveryCodeStore<AppUser>, IUserPasskeyStore<AppUser>
{
    private const string Table = "user";

    public async Task<IdentityResult> CreateAsync(AppUser user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await TryAddAsync(db, user, cancellationToken) ? IdentityResult.Success : IdentityResult.Failed(new IdentityErrorDescriber().DuplicateEmail(""));
    }

    /// <summary>Writes a new person through a context that is handed in, so that what belongs to the person can share its transaction.</summary>
    /// <returns>False when the address has an account; a transaction around it is of no more use then.</returns>
    internal async Task<bool> TryAddAsync(AppDb db, AppUser user, CancellationToken cancellationToken)
    {
        user.ConcurrencyStamp = NewStamp();
        db.Users.Add(ToRow(user));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException failure) when (failure.IsTaken)
        {
            return false; // ids are random: it is the address
        }
    }

    /// <summary>Writes only when nobody else did since the user was read.</summary>
    public async Task<IdentityResult> UpdateAsync(AppUser user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var before = user.ConcurrencyStamp;
        user.ConcurrencyStamp = NewStamp();
        var row = ToRow(user);
        var written = await db.Users.Where(old => old.Id == user.Id && old.ConcurrencyStamp == before).ExecuteUpdateAsync(set => set
            .SetProperty(old => old.EmailHash, row.EmailHash)
            .SetProperty(old => old.SealedEmail, row.SealedEmail)
            .SetProperty(old => old.SealedName, row.SealedName)
            .SetProperty(old => old.PasswordHash, row.PasswordHash)
            .SetProperty(old => old.SecurityStamp, row.SecurityStamp)
            .SetProperty(old => old.ConcurrencyStamp, row.ConcurrencyStamp)
            .SetProperty(old => old.TwoFactorEnabled, row.TwoFactorEnabled)
            .SetProperty(old => old.SealedAuthenticatorKey, row.SealedAuthenticatorKey)
            .SetProperty(old => old.SealedRecoveryCodes, row.SealedRecoveryCodes)
            .SetProperty(old => old.AccessFailedCount, row.AccessFailedCount)
            .SetProperty(old => old.LockedUntil, row.LockedUntil)
            .SetProperty(old => old.OneTimePassword, row.OneTimePassword), cancellationToken);
        if (written == 1) return IdentityResult.Success;
        user.ConcurrencyStamp = before;
        return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
    }

    public async Task<IdentityResult> DeleteAsync(AppUser user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await db.Passkeys.Where(row => row.User == user.Id).ExecuteDeleteAsync(cancellationToken);
        await db.SignOns.Where(row => row.User == user.Id).ExecuteDeleteAsync(cancellationToken);
        await db.Users.Where(row => row.Id == user.Id).ExecuteDeleteAsync(cancellationToken);
        return IdentityResult.Success;
    }

    public async Task<AppUser?> FindByIdAsync(string userId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(userId, out var id)) return null;
        await using var db = databases.System();
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } found ? ToUser(found) : null;
    }

    public async Task<AppUser?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken)
    {
        var hash = EmailHash(normalizedEmail);
        await using var db = databases.System();
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.EmailHash == hash, cancellationToken) is { } found ? ToUser(found) : null;
    }

    public Task<AppUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindByEmailAsync(normalizedUserName, cancellationToken);

    // A user's name at the framework is the e-mail address; normal forms are made when hashing.
    public Task<string> GetUserIdAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());
    public Task<string?> GetUserNameAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);
    public Task SetUserNameAsync(AppUser user, string? userName, CancellationToken cancellationToken) => SetEmailAsync(user, userName, cancellationToken);
    public Task<string?> GetNormalizedUserNameAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(Normal(user.Email));
    public Task SetNormalizedUserNameAsync(AppUser user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;
    public Task<string?> GetEmailAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);
    public Task<string?> GetNormalizedEmailAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(Normal(user.Email));
    public Task SetNormalizedEmailAsync(AppUser user, string? normalizedEmail, CancellationToken cancellationToken) => Task.CompletedTask;

    // No address is confirmed before it is used: a reset proves by itself that its reader has the mailbox.
    public Task<bool> GetEmailConfirmedAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(true);
    public Task SetEmailConfirmedAsync(AppUser user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetEmailAsync(AppUser user, string? email, CancellationToken cancellationToken) => Set(() => user.Email = email ?? throw new ArgumentNullException(nameof(email)));

    public Task<string?> GetPasswordHashAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);
    public Task SetPasswordHashAsync(AppUser user, string? passwordHash, CancellationToken cancellationToken) => Set(() => user.PasswordHash = passwordHash);
    public Task<bool> HasPasswordAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task<string?> GetSecurityStampAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);
    public Task SetSecurityStampAsync(AppUser user, string stamp, CancellationToken cancellationToken) => Set(() => user.SecurityStamp = stamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.LockedUntil);
    public Task SetLockoutEndDateAsync(AppUser user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Set(() => user.LockedUntil = lockoutEnd);
    public Task<int> IncrementAccessFailedCountAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(++user.FailedCount);
    public Task ResetAccessFailedCountAsync(AppUser user, CancellationToken cancellationToken) => Set(() => user.FailedCount = 0);
    public Task<int> GetAccessFailedCountAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.FailedCount);
    public Task<bool> GetLockoutEnabledAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(true);
    public Task SetLockoutEnabledAsync(AppUser user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetTwoFactorEnabledAsync(AppUser user, bool enabled, CancellationToken cancellationToken) => Set(() => user.TwoFactor = enabled);
    public Task<bool> GetTwoFactorEnabledAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.TwoFactor);
    public Task SetAuthenticatorKeyAsync(AppUser user, string key, CancellationToken cancellationToken) => Set(() => user.Totp = new TotpSecret(key, 0));
    public Task<string?> GetAuthenticatorKeyAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.Totp?.Key);

    public Task ReplaceCodesAsync(AppUser user, IEnumerable<string> recoveryCodes, CancellationToken cancellationToken) => Set(() => user.RecoveryHashes = [.. recoveryCodes.Select(RecoveryHash)]);
    public Task<int> CountCodesAsync(AppUser user, CancellationToken cancellationToken) => Task.FromResult(user.RecoveryHashes.Count);

    public Task<bool> RedeemCodeAsync(AppUser user, string code, CancellationToken cancellationToken)
    {
        var hash = RecoveryHash(code);
        if (!user.RecoveryHashes.Contains(hash)) return Task.FromResult(false);
        user.RecoveryHashes = [.. user.RecoveryHashes.Where(kept => kept != hash)];
        return Task.FromResult(true);
    }

    public async Task AddOrUpdatePasskeyAsync(AppUser user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var id = Base64Url.EncodeToString(passkey.CredentialId);
        var content = keys.Application.Seal("passkey", "content", $"{user.Id:N}/{id}", JsonSerializer.SerializeToUtf8Bytes(PasskeyContent.Of(passkey), IdentityJson.Default.PasskeyContent));
        await using var db = databases.System();
        var row = await db.Passkeys.SingleOrDefaultAsync(known => known.Id == id, cancellationToken);
        if (row is null) db.Passkeys.Add(new PasskeyRow { Id = id, User = user.Id, SealedPasskey = content, CreatedAt = clock.GetUtcNow() });
        else if (row.User == user.Id) row.SealedPasskey = content;
        else throw new InvalidOperationException("The passkey belongs to another user.");
        await db.SaveChangesAsync(cancellationToken);
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(AppUser user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await db.Passkeys.AsNoTracking().Where(row => row.User == user.Id).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
        return [.. rows.Select(Open)];
    }

    public async Task<AppUser?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = Base64Url.EncodeToString(credentialId);
        await using var db = databases.System();
        var user = await db.Passkeys.Where(row => row.Id == id).Select(row => (Guid?)row.User).SingleOrDefaultAsync(cancellationToken);
        return user is { } found ? await FindByIdAsync(found.ToString(), cancellationToken) : null;
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(AppUser user, byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = Base64Url.EncodeToString(credentialId);
        await using var db = databases.System();
        return await db.Passkeys.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.User == user.Id, cancellationToken) is { } found ? Open(found) : null;
    }

    public async Task RemovePasskeyAsync(AppUser user, byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = Base64Url.EncodeToString(credentialId);
        await using var db = databases.System();
        await db.Passkeys.Where(row => row.Id == id && row.User == user.Id).ExecuteDeleteAsync(cancellationToken);
    }

    public void Dispose()
    {
        // Contexts live as long as one call.
    }

    /// <summary>The keyed hash by which an address is found.</summary>
    public string EmailHash(string email) => keys.Application.LookupHash("email", Normal(email));

    private static string Normal(string email) => email.Trim().Normalize().ToUpperInvariant();

    // 140 random bits: a fast hash is enough, it only keeps a reader of the opened value from using the codes.
    private static string RecoveryHash(string code) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(code.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant())));

    internal static string NewStamp() => Guid.NewGuid().ToString("N");

    private static Task Set(Action change)
    {
        change();
        return Task.CompletedTask;
    }

    private UserPasskeyInfo Open(PasskeyRow row) =>
        JsonSerializer.Deserialize(keys.Application.Open("passkey", "content", $"{row.User:N}/{row.Id}", row.SealedPasskey), IdentityJson.Default.PasskeyContent)!.ToInfo();

    private UserRow ToRow(AppUser user)
    {
        var id = user.Id.ToString("N");
        return new UserRow
        {
            Id = user.Id,
            EmailHash = EmailHash(user.Email),
            SealedEmail = keys.Application.SealText(Table, "email", id, user.Email),
            SealedName = keys.Application.SealText(Table, "name", id, user.Name),
            PasswordHash = user.PasswordHash,
            SecurityStamp = user.SecurityStamp,
            ConcurrencyStamp = user.ConcurrencyStamp,
            TwoFactorEnabled = user.TwoFactor,
            SealedAuthenticatorKey = user.Totp is null ? null : keys.Application.Seal(Table, "authenticator", id, JsonSerializer.SerializeToUtf8Bytes(user.Totp, IdentityJson.Default.TotpSecret)),
            SealedRecoveryCodes = user.RecoveryHashes.Count == 0 ? null : keys.Application.SealText(Table, "recovery", id, string.Join(' ', user.RecoveryHashes)),
            AccessFailedCount = user.FailedCount,
            LockedUntil = user.LockedUntil,
            CreatedAt = user.CreatedAt,
            OneTimePassword = user.OneTimePassword,
        };
    }

    private AppUser ToUser(UserRow row)
    {
        var id = row.Id.ToString("N");
        return new AppUser
        {
            Id = row.Id,
            Email = keys.Application.OpenText(Table, "email", id, row.SealedEmail),
            Name = keys.Application.OpenText(Table, "name", id, row.SealedName),
            PasswordHash = row.PasswordHash,
            SecurityStamp = row.SecurityStamp ?? "",
            ConcurrencyStamp = row.ConcurrencyStamp ?? "",
            TwoFactor = row.TwoFactorEnabled,
            Totp = row.SealedAuthenticatorKey is { } authenticator ? JsonSerializer.Deserialize(keys.Application.Open(Table, "authenticator", id, authenticator), IdentityJson.Default.TotpSecret) : null,
            RecoveryHashes = row.SealedRecoveryCodes is { } codes ? keys.Application.OpenText(Table, "recovery", id, codes).Split(' ') : [],
            FailedCount = row.AccessFailedCount,
            LockedUntil = row.LockedUntil,
            CreatedAt = row.CreatedAt,
            OneTimePassword = row.OneTimePassword,
        };
    }
}

internal sealed record PasskeyContent(
    byte[] CredentialId, byte[] PublicKey, string? Name, DateTimeOffset CreatedAt, uint SignCount, string[]? Transports,
    bool IsUserVerified, bool IsBackupEligible, bool IsBackedUp, byte[] AttestationObject, byte[] ClientDataJson)
{
    public static PasskeyContent Of(UserPasskeyInfo info) => new(
        info.CredentialId, info.PublicKey, info.Name, info.CreatedAt, info.SignCount, info.Transports,
        info.IsUserVerified, info.IsBackupEligible, info.IsBackedUp, info.AttestationObject, info.ClientDataJson);

    public UserPasskeyInfo ToInfo() => new(CredentialId, PublicKey, CreatedAt, SignCount, Transports, IsUserVerified, IsBackupEligible, IsBackedUp, AttestationObject, ClientDataJson) { Name = Name };
}

[JsonSerializable(typeof(TotpSecret))]
[JsonSerializable(typeof(PasskeyContent))]
internal sealed partial class IdentityJson : JsonSerializerContext;
