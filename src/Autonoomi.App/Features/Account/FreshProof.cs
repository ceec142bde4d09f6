using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Web;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Features.Account;

/// <summary>Asks a person who is signed in to prove it once more, before what cannot be undone or leaves the product.</summary>
public sealed class FreshProof(UserManager<AppUser> users, AttemptLimiter attempts)
{
    /// <param name="user">Who is signed in.</param>
    /// <param name="proof">Password, or a code of the authenticator app.</param>
    /// <returns>What is wrong, in a person's words; null when it is proven.</returns>
    public async Task<string?> WrongAsync(AppUser user, string proof)
    {
        if (!attempts.TryAttempt($"password/{user.Id:N}")) return "Too many tries. Wait a minute, then try again.";
        if (await users.CheckPasswordAsync(user, proof)) return null;
        return user.TwoFactor && await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, proof.Replace(" ", "", StringComparison.Ordinal))
            ? null
            : "This is neither your password nor a code of your authenticator app. Nothing was changed.";
    }
}
