using System.Security.Claims;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Web;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Features.Account;

/// <summary>Asks a person who is signed in to prove it once more, before what cannot be undone or leaves the product, and before their ways in change.</summary>
public sealed class FreshProof(UserManager<AppUser> users, AttemptLimiter attempts, Sessions sessions, IHttpContextAccessor requests)
{
    private Task<bool>? stands;

    /// <param name="user">Who is signed in.</param>
    /// <param name="proof">Password, or a code of the authenticator app; empty where the person proved it on another way within the last five minutes, in this session.</param>
    /// <returns>What is wrong, in a person's words; null when it is proven.</returns>
    public async Task<string?> WrongAsync(AppUser user, string proof)
    {
        if (proof.Length == 0) return await StandsAsync() ? null : "Prove first who you are: type your password or a code of your authenticator app, or choose another way. Nothing was changed.";
        if (!attempts.TryAttempt($"password/{user.Id:N}")) return "Too many tries. Wait a minute, then try again.";
        if (await users.CheckPasswordAsync(user, proof)) return null;
        return user.TwoFactor && await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, proof.Replace(" ", "", StringComparison.Ordinal))
            ? null
            : "This is neither your password nor a code of your authenticator app. Nothing was changed.";
    }

    /// <summary>Whether the person proved within the last five minutes, in this session, who they are.</summary>
    public Task<bool> StandsAsync() => stands ??= Here is ({ } user, { } session) ? sessions.IsProvenAsync(user, session, CancellationToken.None) : Task.FromResult(false);

    /// <summary>Lets a proof that was just given count for five minutes in this session.</summary>
    public async Task NoteAsync()
    {
        if (Here is not ({ } user, { } session)) return;
        await sessions.NoteProofAsync(user, session, CancellationToken.None);
        stands = null;
    }

    private (Guid? User, string? Session) Here => requests.HttpContext is { } http && Guid.TryParse(http.User.FindFirstValue(ClaimTypes.NameIdentifier), out var user) ? (user, IdentitySetup.SessionOf(http)) : default;
}
