using Autonoomi.App.Platform.Identity.SignOn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Identity;

/// <summary>
/// The framework's way in, with two things of ours: a person for whom a provider vouched, and people who do not have to wait while a stranger guesses
/// their password.
/// </summary>
public sealed class AppSignIn(
    UserManager<AppUser> users, IHttpContextAccessor requests, IUserClaimsPrincipalFactory<AppUser> claims, IOptions<IdentityOptions> options, ILogger<SignInManager<AppUser>> log,
    IAuthenticationSchemeProvider schemes, IUserConfirmation<AppUser> confirmation, TimeProvider clock) : SignInManager<AppUser>(users, requests, claims, options, log, schemes, confirmation)
{
    private readonly IdentityOptions options = options.Value;

    /// <summary>True for a way in that cannot be guessed, or whose tries are counted elsewhere: a rest after wrong passwords does not hold it up. An account that is frozen stays frozen.</summary>
    public bool PassesRest { get; set; }

    /// <summary>Signs in a person whom the provider vouched for; their own second factor is still asked for.</summary>
    public async Task<SignInResult> VouchedSignInAsync(AppUser user)
    {
        PassesRest = true;
        return await PreSignInCheck(user) ?? await SignInOrTwoFactorAsync(user, isPersistent: false, SignOnSetup.Scheme, bypassTwoFactor: false);
    }

    /// <summary>Whether an account rests because of wrong tries, which ends by itself, and is not frozen.</summary>
    /// <param name="until">Locked until then; null for not at all.</param>
    /// <param name="rest">How long an account rests after wrong tries.</param>
    /// <param name="now">This moment.</param>
    public static bool IsRest(DateTimeOffset? until, TimeSpan rest, DateTimeOffset now) => until is { } end && end - now <= rest;

    protected override async Task<bool> IsLockedOut(AppUser user) =>
        !(PassesRest && IsRest(user.LockedUntil, options.Lockout.DefaultLockoutTimeSpan, clock.GetUtcNow())) && await base.IsLockedOut(user);
}
