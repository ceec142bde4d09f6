using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Identity;

/// <summary>The framework's keeper of people, with recovery codes that are too long to be guessed even by somebody who has read their hashes.</summary>
internal sealed class AppUsers(
    IUserStore<AppUser> store, IOptions<IdentityOptions> options, IPasswordHasher<AppUser> hasher, IEnumerable<IUserValidator<AppUser>> userValidators,
    IEnumerable<IPasswordValidator<AppUser>> passwordValidators, ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services, ILogger<UserManager<AppUser>> log)
    : UserManager<AppUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, log)
{
    // 32 letters and digits that are not mistaken for each other: five bits each, 140 in all.
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>Another password without the old one, for whoever proved otherwise that it may be; every session's stamp is void with it.</summary>
    public async Task<IdentityResult> ReplacePasswordAsync(AppUser user, string password)
    {
        var fits = await UpdatePasswordHash(user, password, validatePassword: true);
        return fits.Succeeded ? await UpdateUserAsync(user) : fits;
    }

    protected override string CreateTwoFactorRecoveryCode() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 7)));
}
