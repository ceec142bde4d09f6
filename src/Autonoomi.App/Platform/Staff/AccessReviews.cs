using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Staff;

/// <param name="Organisation">Where; empty for the operator's own people.</param>
/// <param name="User">Whose access.</param>
/// <param name="Role">Number of the role.</param>
/// <param name="Since">Since when they have an account, or are among the operator's people.</param>
/// <param name="LookedAt">When somebody last confirmed it; null before.</param>
public sealed record ReviewedAccess(Guid Organisation, Guid User, int Role, DateTimeOffset Since, DateTimeOffset? LookedAt)
{
    public bool IsOverdue(DateTimeOffset now) => now - (LookedAt ?? Since) > AccessReviews.Quarter;

    public bool IsDue(DateTimeOffset now) => now - (LookedAt ?? Since) > AccessReviews.Quarter - AccessReviews.Ahead;
}

/// <summary>
/// Every quarter somebody looks whether each access is still needed: an owner at the members of the organisation, the operator at their own people.
/// An organisation of one has nothing to look at. Of the operator's people an access that nobody confirmed in time opens nothing.
/// </summary>
public sealed class AccessReviews(AppDbs databases, AuditLog audit, Rights rights, TimeProvider clock)
{
    /// <summary>No access goes unlooked at for longer.</summary>
    public static readonly TimeSpan Quarter = TimeSpan.FromDays(92);

    /// <summary>So long before, it is called due.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(14);

    /// <summary>The operator's own people, where an organisation is named.</summary>
    public static readonly Guid Operator = Guid.Empty;

    /// <returns>Every access of an organisation, or of the operator.</returns>
    public async Task<IReadOnlyList<ReviewedAccess>> OfAsync(Guid organisation, CancellationToken cancellationToken) =>
        [.. (await AllAsync(cancellationToken)).Where(access => access.Organisation == organisation)];

    /// <returns>Those that nobody looked at in time.</returns>
    public async Task<IReadOnlyList<ReviewedAccess>> OverdueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return [.. (await AllAsync(cancellationToken)).Where(access => access.IsOverdue(now))];
    }

    /// <summary>Somebody looked, and the access stays.</summary>
    /// <returns>What is wrong; null when it is written down.</returns>
    public async Task<Error?> ConfirmAsync(Guid organisation, Guid user, Actor by, CancellationToken cancellationToken)
    {
        if (organisation != Operator && await rights.RefusalAsync(by, Right.Own, organisation, AuditAction.AccessReviewed, cancellationToken) is { } refusal) return refusal;
        if (organisation == Operator && by.Kind != ActorKind.Operator) return new NotAllowed("The operator's people are looked after by the command 'staff'.");
        if ((await AllAsync(cancellationToken)).FirstOrDefault(access => access.Organisation == organisation && access.User == user) is not { } access) return new MemberRefused("There is no such access to look at.");
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        Note(db, organisation, user, access.Role, kept: true, by, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.AccessReviewed, by, Object: $"{(organisation == Operator ? "staff" : "member")} {user:N}", Reason: "confirmed"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Adds the record to the caller's transaction.</summary>
    internal static void Note(AppDb db, Guid organisation, Guid user, int role, bool kept, Actor by, DateTimeOffset now) =>
        db.AccessReviews.Add(new AccessReviewRow { Id = Guid.CreateVersion7(now), Organisation = organisation, User = user, Role = role, Kept = kept, By = by.User, At = now });

    /// <returns>False when nobody confirmed the access of one of the operator's people in time.</returns>
    internal static async Task<bool> IsCurrentAsync(AppDb db, StaffAccountRow person, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = await db.AccessReviews.Where(row => row.Organisation == Operator && row.User == person.User && row.Kept && row.At >= person.AddedAt).MaxAsync(row => (DateTimeOffset?)row.At, cancellationToken);
        return !new ReviewedAccess(Operator, person.User, (int)person.Role, person.AddedAt, last).IsOverdue(now);
    }

    private async Task<IReadOnlyList<ReviewedAccess>> AllAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var looks = (await db.AccessReviews.AsNoTracking().Where(row => row.Kept).ToListAsync(cancellationToken)).GroupBy(row => (row.Organisation, row.User)).ToDictionary(group => group.Key, group => group.Max(row => row.At));
        var members = await (from membership in db.Memberships.AsNoTracking() join user in db.Users on membership.User equals user.Id select new { membership.Organisation, membership.User, membership.Role, user.CreatedAt }).ToListAsync(cancellationToken);
        var staff = await db.StaffAccounts.AsNoTracking().ToListAsync(cancellationToken);
        DateTimeOffset? Look(Guid organisation, Guid user, DateTimeOffset since) => looks.TryGetValue((organisation, user), out var at) && at >= since ? at : null;
        return
        [
            .. members.GroupBy(member => member.Organisation).Where(group => group.Count() > 1).SelectMany(group => group).Select(member => new ReviewedAccess(member.Organisation, member.User, (int)member.Role, member.CreatedAt, Look(member.Organisation, member.User, member.CreatedAt))),
            .. staff.Select(person => new ReviewedAccess(Operator, person.User, (int)person.Role, person.AddedAt, Look(Operator, person.User, person.AddedAt))),
        ];
    }
}
