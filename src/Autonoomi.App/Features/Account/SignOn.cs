using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Identity.SignOn;
using Autonoomi.App.Platform.Tenancy;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Account;

public enum SignOnOutcome
{
    Done,

    /// <summary>The person's own second factor is still needed.</summary>
    SecondFactor,

    /// <summary>Nobody here is linked with the account there, and an account may be made.</summary>
    First,

    /// <summary>Nobody here is linked with the account there, and none is made.</summary>
    Unknown,

    /// <summary>The operator's lists do not let the person through.</summary>
    NotListed,

    /// <summary>Locked, frozen, or outside of every organisation.</summary>
    Refused,
}

/// <summary>Somebody whom the provider vouched for makes an account.</summary>
/// <param name="Organisation">Of their own; empty with an invitation.</param>
/// <param name="Name">The person's own name.</param>
/// <param name="Adult">Attests to be 18 or older.</param>
/// <param name="MayAct">Attests authority to act for the organisation; not asked with an invitation.</param>
/// <param name="Policy">Number of the version of the privacy policy that was agreed to; null for none.</param>
/// <param name="Invitation">From the link; null for none.</param>
public sealed record FirstSignOn(string Organisation, string Name, bool Adult, bool MayAct, int? Policy, string? Invitation);

/// <summary>What follows when the provider has vouched for somebody.</summary>
public sealed partial class SignOnHandler(
    SignOnSettings settings, SignOnBook book, AppSignIn signIn, UserManager<AppUser> users, SignUpHandler signUp, JoinHandler join, MemberBook members, AppDbs databases, SignInNotices notices, AuditLog audit, ILogger<SignOnHandler> log)
{
    /// <param name="person">For whom the provider vouched.</param>
    /// <param name="invitation">From the link that the person followed; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<SignOnOutcome> SignInAsync(Vouched person, string? invitation, CancellationToken cancellationToken)
    {
        if (SignOnRules.Refusal(settings, person) is { } unlisted) return await RefusedAsync(SignOnOutcome.NotListed, Actor.Stranger, unlisted, cancellationToken);
        if (await book.FindAsync(settings.Issuer, person.Subject, cancellationToken) is not { } known || await users.FindByIdAsync(known.ToString()) is not { } user)
            return await MayComeAsync(invitation, cancellationToken) ? SignOnOutcome.First : await RefusedAsync(SignOnOutcome.Unknown, Actor.Stranger, "not linked with anybody", cancellationToken);

        var by = Actor.Person(user.Id);
        if (!await IsMemberAsync(user.Id, cancellationToken) && await members.FindAsync(invitation, cancellationToken) is null) return await RefusedAsync(SignOnOutcome.Refused, by, "belongs to no organisation", cancellationToken);
        var result = await signIn.VouchedSignInAsync(user);
        if (!result.Succeeded && !result.RequiresTwoFactor) return await RefusedAsync(SignOnOutcome.Refused, by, "locked", cancellationToken);
        await audit.WriteAsync(new(AuditAction.SignIn, by, Reason: result.RequiresTwoFactor ? "single sign-on, second step asked for" : "single sign-on"), cancellationToken);
        return result.Succeeded ? SignOnOutcome.Done : SignOnOutcome.SecondFactor;
    }

    /// <summary>Links the account there with the person who is signed in here and proved it.</summary>
    /// <returns>False when it is somebody else's, or not on the operator's lists.</returns>
    public async Task<bool> LinkAsync(AppUser user, Vouched person, CancellationToken cancellationToken)
    {
        if (SignOnRules.Refusal(settings, person) is null && await book.LinkAsync(user.Id, settings.Issuer, person.Subject, cancellationToken))
        {
            await notices.TellAsync(user.Id, SignInNotices.SignOnLinked, cancellationToken);
            return true;
        }

        await audit.WriteAsync(new(AuditAction.SignOnLinked, Actor.Person(user.Id), Outcome: AuditOutcome.Refused), cancellationToken);
        return false;
    }

    /// <summary>Whether the account there, signed in to anew, is the one that is linked with the person who is signed in here.</summary>
    public async Task<bool> ProvesAsync(AppUser user, Vouched person, CancellationToken cancellationToken)
    {
        var proves = await book.FindAsync(settings.Issuer, person.Subject, cancellationToken) == user.Id && SignOnRules.Refusal(settings, person) is null;
        await audit.WriteAsync(new(AuditAction.Proven, Actor.Person(user.Id), Reason: "single sign-on", Outcome: proves ? AuditOutcome.Done : AuditOutcome.Refused), cancellationToken);
        return proves;
    }

    /// <summary>An account for a person whom the provider vouched for, linked from its first moment, without a password.</summary>
    /// <returns>What is wrong; null when the person is signed in.</returns>
    public async Task<Error?> MakeAsync(Vouched person, FirstSignOn request, CancellationToken cancellationToken)
    {
        if (SignOnRules.Refusal(settings, person) is not null || !await MayComeAsync(request.Invitation, cancellationToken) || await book.FindAsync(settings.Issuer, person.Subject, cancellationToken) is not null)
            return new WrongField("name", "No account can be made for you here. Begin again at the sign-in page.");
        if (person.Email is not { } email) return new WrongField("name", $"{settings.Name} named no e-mail address that it has checked, and an account needs one. Ask whoever runs this installation.");
        var made = await members.FindAsync(request.Invitation, cancellationToken) is null
            ? await MakeOwnerAsync(request, email, LinkAsync, cancellationToken)
            : await join.VouchedAsync(new(request.Invitation, request.Name, email, Password: "", request.Adult, request.Policy), LinkAsync, cancellationToken);

        // The provider has checked that the address is theirs, so they may know that it has an account; its own ways in are the proof that is needed.
        if (made.Error is EmailTaken) return new WrongField("name", "There is an account with your e-mail address already. Sign in to it as before, then link it on the page Security.");
        if (made.Error is { } error) return error;
        var user = (await users.FindByIdAsync(made.Value.ToString()))!;
        await audit.WriteAsync(new(AuditAction.SignIn, Actor.Person(user.Id), Reason: "single sign-on, for the first time"), cancellationToken);
        await signIn.VouchedSignInAsync(user);
        return null;

        async Task<Error?> LinkAsync(AppDb db, Guid made) =>
            await book.TryLinkAsync(db, made, settings.Issuer, person.Subject, cancellationToken) ? null : new WrongField("name", "The account there was linked with somebody else in the same moment. Begin again.");
    }

    /// <summary>Whether a person has a way in besides one of theirs.</summary>
    /// <param name="user">Who.</param>
    /// <param name="passkeys">Passkeys that would stay.</param>
    /// <param name="signOns">Linked accounts at the provider that would stay.</param>
    public bool HasAnotherWay(AppUser user, int passkeys, IEnumerable<LinkedSignOn> signOns) =>
        user.PasswordHash is not null || passkeys > 0 || (settings.IsOn && signOns.Any(linked => linked.Issuer == settings.Issuer));

    private async Task<Result<Guid>> MakeOwnerAsync(FirstSignOn request, string email, WithAccount link, CancellationToken cancellationToken)
    {
        var made = await signUp.VouchedAsync(new(request.Organisation, request.Name, email, Password: "", request.Adult, request.MayAct, request.Policy), link, cancellationToken);
        return made.Error is { } error ? error : made.Value.User;
    }

    private async Task<bool> MayComeAsync(string? invitation, CancellationToken cancellationToken) => settings.NewPeople switch
    {
        NewPeople.Anybody => true,
        NewPeople.Invited => await members.FindAsync(invitation, cancellationToken) is not null,
        _ => false,
    };

    private async Task<bool> IsMemberAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await db.Memberships.AnyAsync(row => row.User == user, cancellationToken);
    }

    private async Task<SignOnOutcome> RefusedAsync(SignOnOutcome outcome, Actor by, string why, CancellationToken cancellationToken)
    {
        LogRefused(outcome);
        await audit.WriteAsync(new(AuditAction.SignIn, by, Reason: $"single sign-on: {why}", Outcome: AuditOutcome.Refused), cancellationToken);
        return outcome;
    }

    [LoggerMessage(LogLevel.Warning, "Single sign-on not followed: {Outcome}")]
    private partial void LogRefused(SignOnOutcome outcome);
}
