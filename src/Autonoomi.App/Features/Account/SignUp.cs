using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Policy;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Account;

/// <summary>A new organisation with its owner.</summary>
/// <param name="Organisation">Shown in the shell.</param>
/// <param name="Name">The person's own name.</param>
/// <param name="Email">Signs in with it.</param>
/// <param name="Password">At least 12 characters.</param>
/// <param name="Adult">Attests to be 18 or older.</param>
/// <param name="MayAct">Attests authority to act for the organisation.</param>
/// <param name="Policy">Number of the version of the privacy policy that was agreed to; null for none.</param>
/// <param name="OneTime">True when a command made the password and printed it.</param>
public sealed record SignUp(string Organisation, string Name, string Email, string Password, bool Adult, bool MayAct, int? Policy, bool OneTime = false);

/// <param name="User">Key of the user row.</param>
/// <param name="Organisation">Key of the organisation row.</param>
public sealed record SignedUp(Guid User, Guid Organisation);

public sealed partial class SignUpHandler(NewPerson people, KeyChain keys, AgreementBook agreements, PolicyBook policy, TimeProvider clock, ILogger<SignUpHandler> log)
{
    public Task<Result<SignedUp>> Handle(SignUp request, CancellationToken cancellationToken) => TryAsync(request, request.Password, null, cancellationToken);

    /// <summary>The same for a person whom a provider of single sign-on vouched for: without a password.</summary>
    /// <param name="request">What was typed.</param>
    /// <param name="link">Links the account there in the same transaction.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<Result<SignedUp>> VouchedAsync(SignUp request, WithAccount link, CancellationToken cancellationToken) => TryAsync(request, null, link, cancellationToken);

    private async Task<Result<SignedUp>> TryAsync(SignUp request, string? password, WithAccount? link, CancellationToken cancellationToken)
    {
        var organisation = request.Organisation.Trim();
        if ((PersonRules.Organisation(organisation) ?? NewPerson.Wrong(request.Name, request.Email, password ?? "", request.Adult)) is { } wrong) return wrong;
        if (!request.MayAct) return new WrongField("mayAct", "An account can be made only by somebody who may act for the organisation.");
        if (request.Policy is not { } agreed) return new WrongField("policy", "An account can be made only by somebody who agrees to the privacy policy.");
        var holds = await policy.InForceAsync(cancellationToken);
        if (agreed != holds.Number) return new WrongField("policy", "The privacy policy has changed since this page was opened. Read the new version and agree to it.");
        var id = Guid.NewGuid();
        var made = await people.MakeAsync(request.Name, request.Email, password, request.OneTime, async (db, user) =>
        {
            db.Organisations.Add(new OrganisationRow { Id = id, SealedName = keys.Application.SealText("organisation", "name", id.ToString("N"), organisation), CreatedAt = clock.GetUtcNow() });
            db.Memberships.Add(new MembershipRow { Organisation = id, User = user, Role = MemberRole.Owner });
            await db.SaveChangesAsync(cancellationToken);
            if (link is not null && await link(db, user) is { } refused) return refused;
            await agreements.RecordAsync(db, id, Actor.Person(user), null, given: true, request.OneTime ? AgreedBy.Command : AgreedBy.Page, [Agreed.To(holds), Agreed.To(AgreedTo.Adult), Agreed.To(AgreedTo.Authority)], AuditAction.SignedUp, cancellationToken);
            return null;
        }, cancellationToken);
        if (made.Error is { } error) return error;
        LogSignedUp(made.Value, id);
        return new SignedUp(made.Value, id);
    }

    [LoggerMessage(LogLevel.Information, "User {User} signed up with organisation {Organisation}")]
    private partial void LogSignedUp(Guid user, Guid organisation);
}
