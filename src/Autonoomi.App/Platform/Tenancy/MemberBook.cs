using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Tenancy;

/// <param name="User">Who.</param>
/// <param name="Name">As they wrote it.</param>
/// <param name="Email">For owners only; empty for others.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Sessions">How many are open.</param>
public sealed record Member(Guid User, string Name, string Email, MemberRole Role, int Sessions);

/// <param name="Organisation">Into which.</param>
/// <param name="Name">Of the organisation.</param>
/// <param name="Role">As what.</param>
public sealed record OpenInvitation(Guid Organisation, string Name, MemberRole Role);

public sealed record MemberRefused(string Text) : Error(Text);

/// <summary>Who belongs to an organisation: invited by a link that works once, given a role, removed. Somebody always stays an owner.</summary>
public sealed class MemberBook(AppDbs databases, KeyChain keys, Sessions sessions, Outbox outbox, AuditLog audit, Rights rights, TimeProvider clock)
{
    /// <summary>An invitation is good for this long.</summary>
    public static readonly TimeSpan InvitationLife = TimeSpan.FromHours(72);

    /// <summary>So many may be open at once for one organisation.</summary>
    public const int MostInvitations = 20;

    /// <returns>Owners first, then by name.</returns>
    public async Task<IReadOnlyList<Member>> ListAsync(Guid organisation, bool withAddresses, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await (from membership in db.Memberships.AsNoTracking() where membership.Organisation == organisation join user in db.Users on membership.User equals user.Id select new { membership.Role, user.Id, user.SealedName, user.SealedEmail }).ToListAsync(cancellationToken);
        var found = new List<Member>();
        foreach (var row in rows)
        {
            var id = row.Id.ToString("N");
            found.Add(new(row.Id, keys.Application.OpenText("user", "name", id, row.SealedName), withAddresses ? keys.Application.OpenText("user", "email", id, row.SealedEmail) : "", row.Role, (await sessions.OfAsync(row.Id, cancellationToken)).Count));
        }

        return [.. found.OrderByDescending(member => member.Role).ThenBy(member => member.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <returns>Those that are still good, the newest first.</returns>
    public async Task<IReadOnlyList<InvitationRow>> InvitationsAsync(Guid organisation, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        return [.. (await db.Invitations.AsNoTracking().Where(row => row.Organisation == organisation).ToListAsync(cancellationToken)).Where(row => row.ExpiresAt > now).OrderByDescending(row => row.CreatedAt)];
    }

    /// <summary>So many invitations of one organisation are mailed within a day: nobody's mailbox is to be filled from here.</summary>
    public const int MostMails = 20;

    /// <returns>The random value for the link: shown once, stored as a hash only.</returns>
    public Task<Result<string>> InviteAsync(Guid organisation, MemberRole role, Actor by, CancellationToken cancellationToken) => InviteAsync(organisation, role, "", by, cancellationToken);

    /// <param name="organisation">Into which.</param>
    /// <param name="role">As what.</param>
    /// <param name="to">An address to which the link is mailed as well; empty for none. It is kept sealed until the mail has left, and no longer.</param>
    /// <param name="by">Who invites.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The random value for the link: shown once, stored as a hash only.</returns>
    public async Task<Result<string>> InviteAsync(Guid organisation, MemberRole role, string to, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Own, organisation, AuditAction.Invited, cancellationToken) is { } refusal) return refusal;
        if (!Enum.IsDefined(role)) return new MemberRefused("Role: choose one of the list.");
        if ((await InvitationsAsync(organisation, cancellationToken)).Count >= MostInvitations) return new MemberRefused($"There are {MostInvitations} open invitations already. Take one back, or wait until one ends.");
        var token = LinkValue.New();
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Invitations.Add(new InvitationRow { Id = LinkValue.IdOf(token), Organisation = organisation, Role = role, By = by.User, CreatedAt = now, ExpiresAt = now + InvitationLife });
        if (to.Length > 0)
        {
            var since = now.AddDays(-1);
            if (!outbox.IsOn) return new MemberRefused("This installation sends no mail. Leave the address out, and send the link yourself.");
            if (await db.Mails.CountAsync(row => row.Organisation == organisation && row.Kind == MailKind.Invitation && row.CreatedAt > since, cancellationToken) >= MostMails) return new MemberRefused($"{MostMails} invitations were mailed within a day, which is the most. Leave the address out, and send the link yourself.");
            var name = keys.Application.OpenText("organisation", "name", organisation.ToString("N"), await db.Organisations.AsNoTracking().Where(row => row.Id == organisation).Select(row => row.SealedName).SingleAsync(cancellationToken));
            outbox.Add(db, MailKind.Invitation, organisation, null, to, Letters.Invitation(name, $"{ShellAddresses.Join}?invitation={token}", now + InvitationLife), now + InvitationLife);
        }

        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.Invited, by, Object: to.Length > 0 ? $"as {role}, by mail" : $"as {role}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return token;
    }

    /// <returns>What is wrong; null when the link opens nothing any more.</returns>
    public async Task<Error?> TakeBackAsync(Guid organisation, string invitation, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Own, organisation, AuditAction.InvitationTakenBack, cancellationToken) is { } refusal) return refusal;
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Invitations.Where(row => row.Id == invitation && row.Organisation == organisation).ExecuteDeleteAsync(cancellationToken) == 0) return new MemberRefused("This invitation was used or taken back already.");
        await audit.AppendAsync(db, new(AuditAction.InvitationTakenBack, by), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <returns>What a link opens; null when it is unknown, used, taken back or too old: these are never told apart.</returns>
    public async Task<OpenInvitation?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (!LinkValue.IsOne(token)) return null;
        var (id, now) = (LinkValue.IdOf(token), clock.GetUtcNow());
        await using var db = databases.System();
        if (await db.Invitations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row || row.ExpiresAt <= now) return null;
        var organisation = await db.Organisations.AsNoTracking().SingleOrDefaultAsync(item => item.Id == row.Organisation, cancellationToken);
        return organisation is null ? null : new(organisation.Id, keys.Application.OpenText("organisation", "name", organisation.Id.ToString("N"), organisation.SealedName), row.Role);
    }

    /// <summary>Uses a link: once, by somebody who belongs to no organisation.</summary>
    /// <returns>What is wrong; null when the person belongs to it now.</returns>
    public async Task<Error?> JoinAsync(string? token, Guid user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await JoinAsync(db, token, user, cancellationToken) is { } refused) return refused;
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>The same in the caller's transaction, near its end.</summary>
    internal async Task<Error?> JoinAsync(AppDb db, string? token, Guid user, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { } invitation) return NotGood;
        var id = LinkValue.IdOf(token!);
        // Whoever deletes it has used it.
        if (await db.Invitations.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken) != 1) return new MemberRefused("This invitation was used in the same moment. Ask for a new one.");
        if (await db.Memberships.AnyAsync(row => row.User == user, cancellationToken)) return new MemberRefused("You belong to an organisation already, and nobody belongs to two. Ask its owner to remove you first, or sign up with another e-mail address.");
        db.Memberships.Add(new MembershipRow { Organisation = invitation.Organisation, User = user, Role = invitation.Role });
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.Joined, Actor.Person(user), Object: $"as {invitation.Role}"), cancellationToken);
        return null;
    }

    /// <returns>What is wrong; null when the role is another now. It counts from the next click on.</returns>
    public Task<Error?> ChangeRoleAsync(Guid organisation, Guid user, MemberRole role, Actor by, CancellationToken cancellationToken) => !Enum.IsDefined(role)
        ? Task.FromResult<Error?>(new MemberRefused("Role: choose one of the list."))
        : ChangeAsync(organisation, user, AuditAction.RoleChanged, by, role, async (db, row) =>
        {
            row.Role = role;
            await db.SaveChangesAsync(cancellationToken);
            return $"{role}";
        }, cancellationToken);

    /// <returns>What is wrong; null when the person is gone. All their sessions end at once.</returns>
    public async Task<Error?> RemoveAsync(Guid organisation, Guid user, Actor by, CancellationToken cancellationToken)
    {
        var wrong = await ChangeAsync(organisation, user, AuditAction.MemberRemoved, by, null, async (db, row) =>
        {
            db.Memberships.Remove(row);
            Staff.AccessReviews.Note(db, organisation, user, (int)row.Role, kept: false, by, clock.GetUtcNow());
            await db.SaveChangesAsync(cancellationToken);
            return $"was {row.Role}";
        }, cancellationToken);
        if (wrong is null) await sessions.EndAllAsync(user, null, cancellationToken);
        return wrong;
    }

    /// <returns>What is wrong; null when all sessions of the member have ended.</returns>
    public async Task<Error?> EndSessionsAsync(Guid organisation, Guid user, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Own, organisation, AuditAction.SessionEnded, cancellationToken) is { } refusal) return refusal;
        await using (var db = databases.System())
            if (!await db.Memberships.AnyAsync(row => row.Organisation == organisation && row.User == user, cancellationToken)) return Unknown;
        var ended = await sessions.EndAllAsync(user, null, cancellationToken);
        await audit.WriteAsync(new(AuditAction.SessionEnded, by, Object: $"all {ended} sessions of member {user:N}"), cancellationToken);
        return null;
    }

    internal static MemberRefused NotGood => new("This invitation is not good any more: it was used, taken back, or is older than three days. Ask for a new one.");

    private static MemberRefused Unknown => new("There is no such member. Somebody may have removed them already.");

    private async Task<Error?> ChangeAsync(Guid organisation, Guid user, string action, Actor by, MemberRole? role, Func<AppDb, MembershipRow, Task<string>> change, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Own, organisation, action, cancellationToken) is { } refusal) return refusal;
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

        // Two owners who remove each other in the same moment: whoever holds the organisation's row is first.
        await db.Organisations.Where(row => row.Id == organisation).ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, row => row.CreatedAt), cancellationToken);
        if (await db.Memberships.SingleOrDefaultAsync(row => row.Organisation == organisation && row.User == user, cancellationToken) is not { } found) return Unknown;
        if (by.Kind == ActorKind.Person && !await db.Memberships.AnyAsync(row => row.Organisation == organisation && row.User == by.User && row.Role == MemberRole.Owner, cancellationToken)) return new NotAllowed(Rights.Words(Right.Own));
        if (found.Role == MemberRole.Owner && role != MemberRole.Owner && await db.Memberships.CountAsync(row => row.Organisation == organisation && row.Role == MemberRole.Owner, cancellationToken) == 1)
            return new MemberRefused("This is the last owner, and an organisation needs one. Make somebody else an owner first, or cancel the organisation on the page Your data.");
        var told = await change(db, found);
        await audit.AppendAsync(db, new(action, by, Object: $"member {user:N}", Reason: told), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
