using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Web;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Features.Account;

public sealed record SignIn(string Email, string Password);

public enum SignInOutcome
{
    Done,

    /// <summary>The password was right; a code is still needed.</summary>
    SecondFactor,

    /// <summary>Wrong e-mail, wrong password, locked: never told apart.</summary>
    Refused,

    /// <summary>Too many tries within a minute for what was typed as e-mail.</summary>
    TooMany,
}

/// <summary>Signs a person in by password; answers the same way, after the same time, whether or not the e-mail is known.</summary>
public sealed partial class SignInHandler(AppSignIn signIn, UserManager<AppUser> users, SealedUserStore store, KnownDevices devices, IHttpContextAccessor requests, AttemptLimiter attempts, IPasswordHasher<AppUser> hasher, AuditLog audit, TimeProvider clock, ILogger<SignInHandler> log)
{
    /// <summary>No answer comes earlier: longer than hashing takes, so that the difference between the ways through drowns.</summary>
    public static readonly TimeSpan Pad = TimeSpan.FromMilliseconds(700);

    private static readonly AppUser Nobody = new() { Email = "", Name = "" };
    private static string? nobodysHash;

    public async Task<SignInOutcome> Handle(SignIn request, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var outcome = await TryAsync(request, cancellationToken);
        if (outcome != SignInOutcome.Done && outcome != SignInOutcome.SecondFactor) LogRefused(outcome);
        var left = Pad - clock.GetElapsedTime(began);
        if (left > TimeSpan.Zero) await Task.Delay(left, clock, cancellationToken);
        return outcome;
    }

    private async Task<SignInOutcome> TryAsync(SignIn request, CancellationToken cancellationToken)
    {
        if (request.Email.Length is 0 or > 254 || request.Password.Length is 0 or > 200) return SignInOutcome.Refused;
        var user = await users.FindByEmailAsync(request.Email.Trim());

        // A stranger who knows the address cannot use up the tries of a browser in which its owner signed in before: they are counted for that browser.
        var device = user is not null && requests.HttpContext is { } http ? devices.DeviceOf(http, user) : null;
        if (!(device is null ? attempts.TryAttempt(store.EmailHash(request.Email)) : attempts.TryFromKnown(device))) return SignInOutcome.TooMany;
        if (user is null)
        {
            nobodysHash ??= hasher.HashPassword(Nobody, Guid.NewGuid().ToString());
            hasher.VerifyHashedPassword(Nobody, nobodysHash, request.Password);
            await audit.WriteAsync(new(AuditAction.SignIn, Actor.Stranger, Reason: "unknown e-mail", Outcome: AuditOutcome.Refused), cancellationToken);
            return SignInOutcome.Refused;
        }

        signIn.PassesRest = device is not null;
        var result = await signIn.PasswordSignInAsync(user, request.Password, isPersistent: false, lockoutOnFailure: true);
        var by = Actor.Person(user.Id);
        await audit.WriteAsync(
            result.IsLockedOut ? new(AuditAction.Locked, by, Reason: "too many wrong passwords", Outcome: AuditOutcome.Refused)
            : new(AuditAction.SignIn, by, Reason: result.RequiresTwoFactor ? "password right, second step asked for" : "password", Outcome: result.Succeeded || result.RequiresTwoFactor ? AuditOutcome.Done : AuditOutcome.Refused), cancellationToken);
        if (result.Succeeded && requests.HttpContext is { } here) devices.Remember(here, user);
        return result.Succeeded ? SignInOutcome.Done : result.RequiresTwoFactor ? SignInOutcome.SecondFactor : SignInOutcome.Refused;
    }

    [LoggerMessage(LogLevel.Warning, "Sign-in refused: {Outcome}")]
    private partial void LogRefused(SignInOutcome outcome);
}
