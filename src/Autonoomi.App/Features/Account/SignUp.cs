using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Policy;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Identity;

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
/// <param name="Vouched">A provider of single sign-on vouched for the person: the account has no password.</param>
public sealed record SignUp(string Organisation, string Name, string Email, string Password, bool Adult, bool MayAct, int? Policy, bool OneTime = false, bool Vouched = false);

/// <param name="User">Key of the user row.</param>
/// <param name="Organisation">Key of the organisation row.</param>
public sealed record SignedUp(Guid User, Guid Organisation);

public sealed partial class SignUpHandler(NewPerson people, UserManager<AppUser> users, AppDbs databases, KeyChain keys, AgreementBook agreements, PolicyBook policy, TimeProvider clock, ILogger<SignUpHandler> log)
{
    public async Task<Result<SignedUp>> Handle(SignUp request, CancellationToken cancellationToken)
    {
        var organisation = request.Organisation.Trim();
        if ((PersonRules.Organisation(organisation) ?? NewPerson.Wrong(request.Name, request.Email, request.Password, request.Adult)) is { } wrong) return wrong;
        if (!request.MayAct) return new WrongField("mayAct", "An account can be made only by somebody who may act for the organisation.");
        if (request.Policy is not { } agreed) return new WrongField("policy", "An account can be made only by somebody who agrees to the privacy policy.");
        var holds = await policy.InForceAsync(cancellationToken);
        if (agreed != holds.Number) return new WrongField("policy", "The privacy policy has changed since this page was opened. Read the new version and agree to it.");
        var made = await people.MakeAsync(request.Name, request.Email, request.Vouched ? null : request.Password, request.OneTime);
        if (made.Error is { } error) return error;

        var user = made.Value;
        var id = Guid.NewGuid();
        await using var db = databases.System();
        db.Organisations.Add(new OrganisationRow { Id = id, SealedName = keys.Application.SealText("organisation", "name", id.ToString("N"), organisation), CreatedAt = clock.GetUtcNow() });
        db.Memberships.Add(new MembershipRow { Organisation = id, User = user.Id, Role = MemberRole.Owner });
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await agreements.RecordAsync(db, id, Actor.Person(user.Id), null, given: true, request.OneTime ? AgreedBy.Command : AgreedBy.Page, [Agreed.To(holds), Agreed.To(AgreedTo.Adult), Agreed.To(AgreedTo.Authority)], AuditAction.SignedUp, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch
        {
            // Without its organisation an account would be a dead end, and the address taken for ever.
            await users.DeleteAsync(user);
            throw;
        }

        LogSignedUp(user.Id, id);
        return new SignedUp(user.Id, id);
    }

    [LoggerMessage(LogLevel.Information, "User {User} signed up with organisation {Organisation}")]
    private partial void LogSignedUp(Guid user, Guid organisation);
}
