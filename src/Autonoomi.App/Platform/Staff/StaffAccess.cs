using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Staff;

public sealed record StaffRefused(string Text) : Error(Text);

/// <param name="Staff">Who asks; they alone may look.</param>
/// <param name="Seller">At which account.</param>
/// <param name="Reason">At least twenty characters.</param>
/// <param name="Case">Number of the case or ticket.</param>
/// <param name="Minutes">How long from the seller's yes on.</param>
public sealed record StaffRequest(Guid Staff, SellerId Seller, string Reason, string Case, int Minutes);

/// <summary>How a grant stands: asked for, approved by a second person, or opened by the seller's yes; then over, ended before its time, or refused.</summary>
public enum GrantStanding { Asked, Approved, Live, Over, Ended, Refused }

/// <summary>A grant as the seller and the operator see it.</summary>
/// <param name="Id">Names it everywhere.</param>
/// <param name="Organisation">Whose account.</param>
/// <param name="Seller">Which account.</param>
/// <param name="Staff">Who asked, by name; empty when the account is gone.</param>
/// <param name="Approver">Who approved, by name; empty before.</param>
/// <param name="Allowed">The owner who said yes, by name; empty before.</param>
/// <param name="Reason">Why.</param>
/// <param name="Case">Which case.</param>
/// <param name="Minutes">How long.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="EndsAt">When it ends or ended; null before the yes.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Uses">Each look, the newest first.</param>
public sealed record StaffGrant(
    Guid Id, Guid Organisation, SellerId Seller, string Staff, string Approver, string Allowed, string Reason, string Case, int Minutes, DateTimeOffset RequestedAt, DateTimeOffset? EndsAt, GrantStanding Standing, IReadOnlyList<(DateTimeOffset At, string What)> Uses);

/// <summary>
/// Access of the operator's own people to a seller's pages. There is none by itself: a grant names one person, one account, a reason and a case, is approved
/// by somebody else, needs an owner's own yes, lives at most eight hours, opens nothing but looking, and is refused and ended by the seller. Every look is written down.
/// </summary>
public sealed class StaffAccess(AppDbs databases, KeyChain keys, AuditLog audit, Rights rights, TimeProvider clock)
{
    /// <summary>No grant lives longer.</summary>
    public const int LongestMinutes = 8 * 60;

    /// <summary>Where nothing else was said.</summary>
    public const int UsualMinutes = 60;

    /// <summary>What was asked for and neither approved nor said yes to within this is no longer needed.</summary>
    public static readonly TimeSpan RequestLife = TimeSpan.FromDays(3);

    private const int ShortestReason = 20;
    private const string Table = "staff_grant";

    // The page and its live half are loaded within a moment of each other: one look.
    private static readonly TimeSpan OneLook = TimeSpan.FromSeconds(10);

    /// <summary>Raised with the grant's id, in this process, when it was ended: open pages close.</summary>
    public event Action<Guid>? Ended;

    /// <summary>Makes somebody one of the operator's people, or gives them another role.</summary>
    public async Task AddAsync(Guid user, StaffRole role, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.StaffAccounts.SingleOrDefaultAsync(row => row.User == user, cancellationToken) is { } known) known.Role = role;
        else db.StaffAccounts.Add(new StaffAccountRow { User = user, Role = role, AddedAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.StaffAdded, Actor.Operator, Object: $"staff {user:N}", Reason: $"{role}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>They look at nothing any more, in this moment, whatever was granted.</summary>
    /// <returns>False when they were none of the operator's people.</returns>
    public async Task<bool> RemoveAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.StaffAccounts.SingleOrDefaultAsync(row => row.User == user, cancellationToken) is not { } person) return false;
        db.StaffAccounts.Remove(person);
        AccessReviews.Note(db, AccessReviews.Operator, user, (int)person.Role, kept: false, Actor.Operator, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.StaffRemoved, Actor.Operator, Object: $"staff {user:N}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var grant in await db.StaffGrants.Where(row => row.Staff == user && row.EndedAt == null).Select(row => row.Id).ToListAsync(cancellationToken)) Ended?.Invoke(grant);
        return true;
    }

    /// <returns>The operator's people.</returns>
    public async Task<IReadOnlyList<StaffAccountRow>> PeopleAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return [.. (await db.StaffAccounts.AsNoTracking().ToListAsync(cancellationToken)).OrderBy(row => row.AddedAt)];
    }

    /// <returns>The grant's id: it opens nothing until somebody else approves it and the seller says yes.</returns>
    public async Task<Result<Guid>> RequestAsync(StaffRequest request, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (!await db.StaffAccounts.AnyAsync(row => row.User == request.Staff, cancellationToken)) return new StaffRefused("Only the operator's own people ask for a grant: add them with 'staff add'.");
        if (request.Reason.Trim().Length < ShortestReason) return new StaffRefused($"Reason: say in at least {ShortestReason} characters what has to be looked at; the seller reads it.");
        if (request.Case.Trim().Length is 0 or > 60) return new StaffRefused("Case: give the number of the case, at most 60 characters.");
        if (request.Minutes is < 1 or > LongestMinutes) return new StaffRefused($"Minutes: a grant lives 1 to {LongestMinutes} minutes.");
        if (await db.SellerAccounts.AsNoTracking().SingleOrDefaultAsync(row => row.Seller == request.Seller.Value, cancellationToken) is not { } account) return new StaffRefused("Seller: there is no such seller account.");
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.StaffGrants.Add(new StaffGrantRow
        {
            Id = id, Organisation = account.Organisation, Seller = account.Seller, Staff = request.Staff, Minutes = request.Minutes, RequestedAt = now,
            SealedReason = keys.Application.SealText(Table, "reason", id.ToString("N"), request.Reason.Trim()), SealedCase = keys.Application.SealText(Table, "case", id.ToString("N"), request.Case.Trim()),
        });
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.StaffAsked, Actor.Person(request.Staff), request.Seller, $"grant {id:N}", $"{request.Minutes} minutes"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    /// <param name="grant">Which.</param>
    /// <param name="approver">Another of the operator's people, with the role for it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is wrong; null when it waits for the seller's yes now.</returns>
    public async Task<Error?> ApproveAsync(Guid grant, Guid approver, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (!await db.StaffAccounts.AnyAsync(row => row.User == approver && row.Role == StaffRole.Approver, cancellationToken)) return await RefusedAsync("Only somebody with the role Approver approves.", null);
        if (await db.StaffGrants.AsNoTracking().SingleOrDefaultAsync(row => row.Id == grant, cancellationToken) is not { } row) return new StaffRefused("There is no such request.");
        if (row.Staff == approver) return await RefusedAsync("Nobody approves what they asked for themselves.", row.Seller);
        if (row.ApprovedAt is not null || row.EndedAt is not null) return new StaffRefused("This request was approved, refused or ended before: each is decided on once.");
        if (now - row.RequestedAt >= RequestLife) return new StaffRefused("This request is older than three days. Let it be asked for again.");
        (row.ApprovedBy, row.ApprovedAt) = (approver, now);
        var mac = MacOf(row);

        // Of two decisions in the same moment one is made.
        if (await db.StaffGrants.Where(item => item.Id == grant && item.ApprovedAt == null && item.EndedAt == null).ExecuteUpdateAsync(set => set
            .SetProperty(item => item.ApprovedBy, approver).SetProperty(item => item.ApprovedAt, now).SetProperty(item => item.Mac, mac), cancellationToken) != 1)
            return new StaffRefused("This request was decided on in the same moment.");
        await audit.AppendAsync(db, new(AuditAction.StaffApproved, Actor.Person(approver), new SellerId(row.Seller), $"grant {grant:N}", $"{row.Minutes} minutes"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;

        async Task<Error> RefusedAsync(string words, Guid? seller)
        {
            await audit.AppendAsync(db, new(AuditAction.StaffApproved, Actor.Person(approver), seller is { } account ? new SellerId(account) : null, $"grant {grant:N}", "not permitted", AuditOutcome.Refused), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new StaffRefused(words);
        }
    }

    /// <summary>The seller's own yes to what a second person approved: it opens the pages from now on, for the minutes that were asked for.</summary>
    /// <param name="grant">Which.</param>
    /// <param name="organisation">Whose owner says it.</param>
    /// <param name="by">An owner; nobody else says yes for a seller, no command and none of the operator's people.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>When it ends, or what is wrong.</returns>
    public async Task<Result<DateTimeOffset>> AllowAsync(Guid grant, Guid organisation, Actor by, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.StaffGrants.AsNoTracking().SingleOrDefaultAsync(row => row.Id == grant && row.Organisation == organisation, cancellationToken) is not { } row) return new StaffRefused("There is no such grant.");
        if (await rights.RefusalAsync(by, Right.Own, new SellerId(row.Seller), AuditAction.StaffAllowed, cancellationToken) is { } refusal) return refusal;
        if (by.Kind != ActorKind.Person || await db.StaffAccounts.AnyAsync(item => item.User == by.User, cancellationToken)) return new NotAllowed(Rights.Words(Right.Own));
        if (row.ApprovedAt is null) return new StaffRefused("Nobody of the operator's people has approved this request yet.");
        if (row.AllowedAt is not null || row.EndedAt is not null) return new StaffRefused("This request was decided on before.");
        var now = clock.GetUtcNow();
        if (now - row.RequestedAt >= RequestLife) return new StaffRefused("This request is older than three days. Let it be asked for again.");
        if (!IsAsApproved(row)) return new StaffRefused("This request was changed after its approval. Let it be asked for again.");
        var ends = now.AddMinutes(Math.Min(row.Minutes, LongestMinutes));
        (row.AllowedBy, row.AllowedAt, row.EndsAt) = (by.User, now, ends);
        var mac = MacOf(row);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.StaffGrants.Where(item => item.Id == grant && item.AllowedAt == null && item.EndedAt == null).ExecuteUpdateAsync(set => set
            .SetProperty(item => item.AllowedBy, by.User).SetProperty(item => item.AllowedAt, now).SetProperty(item => item.EndsAt, ends).SetProperty(item => item.Mac, mac), cancellationToken) != 1)
            return new StaffRefused("This request was decided on in the same moment.");
        await audit.AppendAsync(db, new(AuditAction.StaffAllowed, by, new SellerId(row.Seller), $"grant {grant:N}", $"{row.Minutes} minutes"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ends;
    }

    /// <summary>Ends a grant, or refuses what was asked for. By one of the operator's people, or by an owner or manager of the seller.</summary>
    /// <returns>What is wrong; null when it opens nothing any more.</returns>
    public async Task<Error?> EndAsync(Guid grant, Guid organisation, Actor by, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.StaffGrants.AsNoTracking().SingleOrDefaultAsync(row => row.Id == grant && row.Organisation == organisation, cancellationToken) is not { } row) return new StaffRefused("There is no such grant.");
        var staff = by.Kind == ActorKind.Operator || (by.Kind == ActorKind.Person && await db.StaffAccounts.AnyAsync(item => item.User == by.User, cancellationToken));
        if (!staff && await rights.RefusalAsync(by, Right.Decide, new SellerId(row.Seller), AuditAction.StaffEnded, cancellationToken) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        var who = staff ? GrantEnd.Staff : GrantEnd.Seller;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.StaffGrants.Where(item => item.Id == grant && item.EndedAt == null && (item.EndsAt == null || item.EndsAt > now)).ExecuteUpdateAsync(set => set.SetProperty(item => item.EndedAt, now).SetProperty(item => item.EndedBy, who), cancellationToken) != 1)
            return new StaffRefused("This grant has ended already.");
        await audit.AppendAsync(db, new(AuditAction.StaffEnded, by, new SellerId(row.Seller), $"grant {grant:N}", row.AllowedAt is null ? "refused" : "ended"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Ended?.Invoke(grant);
        return null;
    }

    /// <returns>The grant under which this person may look now; null for none, and everybody else has none.</returns>
    public async Task<StaffGrantRow?> LiveAsync(Guid user, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        var rows = await db.StaffGrants.AsNoTracking().Where(row => row.Staff == user && row.EndedAt == null && row.EndsAt > now).ToListAsync(cancellationToken);
        foreach (var row in rows.OrderByDescending(row => row.AllowedAt))
            if (await OpensAsync(db, row, now, cancellationToken)) return row;
        return null;
    }

    /// <summary>Whether this very grant still opens something.</summary>
    public async Task<bool> IsLiveAsync(Guid grant, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await db.StaffGrants.AsNoTracking().SingleOrDefaultAsync(row => row.Id == grant, cancellationToken) is { } row && await OpensAsync(db, row, clock.GetUtcNow(), cancellationToken);
    }

    /// <summary>Writes a look down, before anything is shown.</summary>
    /// <returns>False when the grant does not live: then nothing may be shown.</returns>
    public async Task<bool> UseAsync(Guid grant, string what, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        if (await db.StaffGrants.AsNoTracking().SingleOrDefaultAsync(row => row.Id == grant, cancellationToken) is not { } row || !await OpensAsync(db, row, now, cancellationToken)) return false;
        var recent = now - OneLook;
        foreach (var before in await db.StaffUses.AsNoTracking().Where(use => use.Grant == grant && use.At > recent).ToListAsync(cancellationToken))
            if (What(before) == what) return true;
        var id = Guid.CreateVersion7(now);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.StaffUses.Add(new StaffUseRow { Id = id, Organisation = row.Organisation, Seller = row.Seller, Grant = grant, At = now, SealedWhat = keys.Application.SealText("staff_use", "what", id.ToString("N"), what) });
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.StaffLooked, Actor.Person(row.Staff), new SellerId(row.Seller), what, $"grant {grant:N}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <returns>The grants that an organisation should know of now: those under which somebody may look, and those that wait for its yes.</returns>
    public async Task<IReadOnlyList<StaffGrant>> OpenOfAsync(Guid organisation, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using (var db = databases.System())
            if (!await db.StaffGrants.AnyAsync(row => row.Organisation == organisation && row.EndedAt == null && row.ApprovedAt != null && (row.EndsAt == null || row.EndsAt > now), cancellationToken)) return [];
        return [.. (await ListAsync(organisation, cancellationToken)).Where(grant => grant.Standing is GrantStanding.Live or GrantStanding.Approved)];
    }

    /// <returns>Grants of an organisation's accounts, or all of them, the newest first.</returns>
    public async Task<IReadOnlyList<StaffGrant>> ListAsync(Guid? organisation, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        var rows = await db.StaffGrants.AsNoTracking().Where(row => organisation == null || row.Organisation == organisation).ToListAsync(cancellationToken);
        var uses = (await db.StaffUses.AsNoTracking().Where(row => organisation == null || row.Organisation == organisation).ToListAsync(cancellationToken)).ToLookup(use => use.Grant);
        var names = await db.Users.AsNoTracking().Where(user => db.StaffGrants.Any(row => (row.Staff == user.Id || row.ApprovedBy == user.Id || row.AllowedBy == user.Id) && (organisation == null || row.Organisation == organisation))).ToDictionaryAsync(user => user.Id, user => user.SealedName, cancellationToken);
        string Name(Guid? user) => user is { } known && names.TryGetValue(known, out var name) ? keys.Application.OpenText("user", "name", known.ToString("N"), name) : "";
        return
        [
            .. rows.OrderByDescending(row => row.RequestedAt).Select(row => new StaffGrant(
                row.Id, row.Organisation, new(row.Seller), Name(row.Staff), Name(row.ApprovedBy), Name(row.AllowedBy), keys.Application.OpenText(Table, "reason", row.Id.ToString("N"), row.SealedReason), keys.Application.OpenText(Table, "case", row.Id.ToString("N"), row.SealedCase),
                row.Minutes, row.RequestedAt, row.EndedAt ?? row.EndsAt, Standing(row, now), [.. uses[row.Id].OrderByDescending(use => use.At).Select(use => (use.At, What(use)))])),
        ];
    }

    internal static GrantStanding Standing(StaffGrantRow row, DateTimeOffset now) => row switch
    {
        { EndedAt: not null, AllowedAt: null } => GrantStanding.Refused,
        { EndedAt: not null } => GrantStanding.Ended,
        { EndsAt: { } ends } => now < ends ? GrantStanding.Live : GrantStanding.Over,
        _ when now - row.RequestedAt >= RequestLife => GrantStanding.Over,
        _ => row.ApprovedAt is null ? GrantStanding.Asked : GrantStanding.Approved,
    };

    // Everything is asked again at every look: the people, the times, the three who said yes, and whether anybody changed the grant since.
    private async Task<bool> OpensAsync(AppDb db, StaffGrantRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Standing(row, now) != GrantStanding.Live || row.AllowedBy is null || row.AllowedAt > now || !IsAsApproved(row)) return false;
        if (await db.StaffAccounts.AsNoTracking().SingleOrDefaultAsync(item => item.User == row.Staff, cancellationToken) is not { } person || !await AccessReviews.IsCurrentAsync(db, person, now, cancellationToken)) return false;
        return await HasSecondFactorAsync(db, row.Staff, cancellationToken) && !await Deletion.DeletionBook.IsLeavingAsync(db, new SellerId(row.Seller), cancellationToken);
    }

    /// <summary>A password alone opens nothing of a seller's.</summary>
    private static async Task<bool> HasSecondFactorAsync(AppDb db, Guid user, CancellationToken cancellationToken) =>
        await db.Users.AnyAsync(row => row.Id == user && row.TwoFactorEnabled, cancellationToken) || await db.Passkeys.AnyAsync(row => row.User == user, cancellationToken);

    /// <summary>Approved by a second person, opened by nobody but a third, for no longer than is permitted, and not changed since.</summary>
    internal bool IsAsApproved(StaffGrantRow row) =>
        row.ApprovedBy is { } approver && approver != row.Staff && row.AllowedBy != row.Staff && row.AllowedBy != approver
        && (row is { AllowedBy: null, AllowedAt: null, EndsAt: null } || (row.AllowedBy is not null && row.EndsAt - row.AllowedAt <= TimeSpan.FromMinutes(LongestMinutes)))
        && row.Mac is { } mac && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(mac), Encoding.ASCII.GetBytes(MacOf(row)));

    private string What(StaffUseRow use) => keys.Application.OpenText("staff_use", "what", use.Id.ToString("N"), use.SealedWhat);

    private string MacOf(StaffGrantRow row) => keys.Application.LookupHash("staff-grant", string.Create(CultureInfo.InvariantCulture,
        $"{row.Id:N}|{row.Organisation:N}|{row.Seller:N}|{row.Staff:N}|{row.Minutes}|{Micros(row.RequestedAt)}|{row.ApprovedBy:N}|{Micros(row.ApprovedAt)}|{row.AllowedBy:N}|{Micros(row.AllowedAt)}|{Micros(row.EndsAt)}|{Convert.ToHexString(SHA256.HashData(row.SealedReason))}|{Convert.ToHexString(SHA256.HashData(row.SealedCase))}"));

    // As the database keeps instants.
    private static long? Micros(DateTimeOffset? instant) => instant is { } at ? (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond : null;
}
