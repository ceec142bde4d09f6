using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Staff;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Promises;

/// <summary>Looks at every grant and every look of the operator's people.</summary>
internal sealed class StaffProbe(AppDbs databases, StaffAccess staff, TimeProvider clock) : IProbe
{
    public string Id => "staff";
    public string Asks => "Every grant to the operator's people was approved by a second one and opened by an owner of the seller, lives at most eight hours and is as it was approved, and every look lies within its grant.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var now = clock.GetUtcNow();
        var grants = await db.StaffGrants.AsNoTracking().ToListAsync(cancellationToken);
        var uses = await db.StaffUses.AsNoTracking().ToListAsync(cancellationToken);
        var faults = new List<string>();
        foreach (var grant in grants.Where(grant => grant.EndsAt is not null || grant.AllowedAt is not null || grant.ApprovedAt is not null || grant.ApprovedBy is not null))
            if (!staff.IsAsApproved(grant)) faults.Add($"grant {grant.Id:N} is not as it was approved");
        var known = grants.ToDictionary(grant => grant.Id);
        var outside = uses.Count(use => !known.TryGetValue(use.Grant, out var grant) || grant.AllowedAt is null || use.At < grant.AllowedAt || use.At >= (grant.EndedAt ?? grant.EndsAt));
        if (outside > 0) faults.Add($"{outside} looks lie outside their grant");
        return Measurement.Of(faults, $"{grants.Count} grants, {grants.Count(grant => StaffAccess.Standing(grant, now) == GrantStanding.Live)} of them live, {uses.Count} looks");
    }
}

/// <summary>Looks whether somebody has looked at every access.</summary>
internal sealed class ReviewsProbe(AppDbs databases, AccessReviews reviews, TimeProvider clock) : IProbe
{
    public string Id => "reviews";
    public string Asks => "Every access of the operator's people, and of members of organisations with more than one, was confirmed within the last 92 days.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var overdue = await reviews.OverdueAsync(cancellationToken);
        await using var db = databases.System();
        var (staff, members) = (overdue.Count(access => access.Organisation == AccessReviews.Operator), overdue.Count(access => access.Organisation != AccessReviews.Operator));
        var faults = new List<string>();
        if (staff > 0) faults.Add($"{staff} of the operator's people were not looked at in time");
        if (members > 0) faults.Add($"{members} members of organisations were not looked at in time");
        return Measurement.Of(faults, $"{await db.StaffAccounts.CountAsync(cancellationToken)} of the operator's people, {await db.Memberships.CountAsync(cancellationToken)} members, at {clock.GetUtcNow():yyyy-MM-dd}");
    }
}
