using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Privacy;

namespace Autonoomi.App.Features.Account;

/// <summary>Somebody without an account follows an invitation.</summary>
/// <param name="Token">From the link.</param>
/// <param name="Name">The person's own name.</param>
/// <param name="Email">Signs in with it.</param>
/// <param name="Password">At least 12 characters.</param>
/// <param name="Adult">Attests to be 18 or older.</param>
/// <param name="Policy">Number of the version of the privacy policy that was agreed to; null for none.</param>
public sealed record JoinNew(string? Token, string Name, string Email, string Password, bool Adult, int? Policy);

public sealed class JoinHandler(NewPerson people, MemberBook book, AgreementBook agreements, PolicyBook policy, TimeProvider clock)
{
    /// <returns>What is wrong. Null when the person belongs to the organisation now, and also when the address has an account already: who owns it signs in and joins then.</returns>
    public async Task<Error?> Handle(JoinNew request, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var wrong = (await TryAsync(request, request.Password, null, cancellationToken)).Error;
        if (wrong is EmailTaken) wrong = null;
        var left = SignInHandler.Pad - clock.GetElapsedTime(began);
        if (wrong is null && left > TimeSpan.Zero) await Task.Delay(left, clock, cancellationToken);
        return wrong;
    }

    /// <summary>The same for a person whom a provider vouched for: without a password, and an address that is taken is said to be.</summary>
    /// <param name="request">What was typed.</param>
    /// <param name="link">Links the account there in the same transaction.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The account that was made.</returns>
    public Task<Result<Guid>> VouchedAsync(JoinNew request, WithAccount link, CancellationToken cancellationToken) => TryAsync(request, null, link, cancellationToken);

    private async Task<Result<Guid>> TryAsync(JoinNew request, string? password, WithAccount? link, CancellationToken cancellationToken)
    {
        // The link first: without one nobody learns anything, and no account comes to be.
        if (await book.FindAsync(request.Token, cancellationToken) is not { } invitation) return MemberBook.NotGood;
        if (NewPerson.Wrong(request.Name, request.Email, password ?? "", request.Adult) is { } field) return field;
        if (request.Policy is not { } agreed) return new WrongField("policy", "An account can be made only by somebody who agrees to the privacy policy.");
        var holds = await policy.InForceAsync(cancellationToken);
        if (agreed != holds.Number) return new WrongField("policy", "The privacy policy has changed since this page was opened. Read the new version and agree to it.");
        return await people.MakeAsync(request.Name, request.Email, password, oneTime: false, async (db, user) =>
        {
            if (link is not null && await link(db, user) is { } taken) return taken;
            if (await book.JoinAsync(db, request.Token, user, cancellationToken) is { } refused) return refused;
            await agreements.RecordAsync(db, invitation.Organisation, Actor.Person(user), null, given: true, AgreedBy.Page, [Agreed.To(holds), Agreed.To(AgreedTo.Adult)], AuditAction.SignedUp, cancellationToken);
            return null;
        }, cancellationToken);
    }
}
