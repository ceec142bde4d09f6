using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.Privacy.Scrubbing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Requests;

public sealed record WrongCase(string Text) : Error(Text);

/// <param name="FromOperator">True for an answer.</param>
/// <param name="Text">As it was written.</param>
/// <param name="At">When.</param>
public sealed record CaseMessage(bool FromOperator, string Text, DateTimeOffset At);

/// <param name="Row">Kind, clock and state.</param>
/// <param name="Messages">Oldest first.</param>
public sealed record Case(CaseRow Row, IReadOnlyList<CaseMessage> Messages);

/// <summary>Requests of people: opened, answered, closed, and for a child's account frozen and erased. Texts rest sealed.</summary>
public sealed class CaseBook(AppDbs databases, KeyChain keys, DeletionBook deletions, AuditLog audit, TimeProvider clock)
{
    public const int LongestText = 4_000;

    /// <summary>A person has no more requests open than this.</summary>
    public const int MostOpen = 10;

    private const string Table = "request_message";

    // Far beyond every life: only a rejected report gives the account back.
    private static readonly DateTimeOffset ForGood = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>True while somebody's account is frozen because it is said to be a child's.</summary>
    public static Task<bool> IsFrozenAsync(AppDb db, Guid user, CancellationToken cancellationToken) =>
        db.Cases.AnyAsync(row => row.Subject == user && row.FrozenAt != null && row.State == CaseState.Open, cancellationToken);

    /// <summary>Opens a request of somebody who is signed in.</summary>
    /// <param name="organisation">Whose member.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="kind">Any but that of a child.</param>
    /// <param name="text">What is asked, 10 to 4,000 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<CaseRow>> OpenAsync(Guid organisation, Guid user, CaseKind kind, string text, CancellationToken cancellationToken)
    {
        if (kind == CaseKind.Child || !Enum.IsDefined(kind)) return new WrongCase("What it is about: choose one of the list.");
        if (TextWrong(text) is { } wrong) return wrong;
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Cases.CountAsync(row => row.User == user && row.State == CaseState.Open, cancellationToken) >= MostOpen) return new WrongCase($"You have {MostOpen} requests open, which is the most. Wait for an answer to one of them.");
        var opened = Opened(organisation, user, kind, null, now);
        db.Cases.Add(opened);

        // A question may hold what somebody pasted about a shopper; what is to be corrected has to be readable.
        db.CaseMessages.Add(Message(opened, fromOperator: false, kind == CaseKind.Question ? Masked(text) : text.Trim(), now));
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.CaseOpened, Actor.Person(user), Object: Words(opened)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return opened;
    }

    /// <summary>Freezes an account that is a child's: signing in ends at once. It is deleted within seven days, with its organisation where it is the only owner.</summary>
    /// <param name="organisation">Whose member the child is.</param>
    /// <param name="subject">The account.</param>
    /// <param name="by">Who says so: the person, an owner, or whoever runs the installation.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<CaseRow>> FreezeChildAsync(Guid organisation, Guid subject, Actor by, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Memberships.SingleOrDefaultAsync(row => row.Organisation == organisation && row.User == subject, cancellationToken) is not { } membership) return new WrongCase("There is no such account in this organisation.");
        if (by.Kind == ActorKind.Person && by.User != subject && !await db.Memberships.AnyAsync(row => row.Organisation == organisation && row.User == by.User && row.Role == MemberRole.Owner, cancellationToken))
            return new WrongCase("Only an owner can report somebody else's account here. Write to the address in the privacy policy.");
        if (await db.Cases.SingleOrDefaultAsync(row => row.Subject == subject && row.State == CaseState.Open, cancellationToken) is { } known) return known;
        var opened = Opened(organisation, by.Kind == ActorKind.Person ? by.User : subject, CaseKind.Child, subject, now);
        opened.FrozenAt = now;
        db.Cases.Add(opened);
        await db.SaveChangesAsync(cancellationToken);
        var stamp = Guid.NewGuid().ToString("N");
        await db.Users.Where(row => row.Id == subject).ExecuteUpdateAsync(set => set.SetProperty(row => row.LockedUntil, ForGood).SetProperty(row => row.SecurityStamp, stamp).SetProperty(row => row.ConcurrencyStamp, stamp), cancellationToken);
        var alone = membership.Role == MemberRole.Owner && !await db.Memberships.AnyAsync(row => row.Organisation == organisation && row.User != subject && row.Role == MemberRole.Owner, cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.PersonFrozen, by, Object: Words(opened)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (alone) await deletions.StartOrganisationAsync(organisation, now, by, cancellationToken);
        return opened;
    }

    /// <summary>Writes an answer; the request stays open until it is closed.</summary>
    /// <returns>What is wrong; null when it was stored.</returns>
    public async Task<Error?> AnswerAsync(Guid id, string text, CancellationToken cancellationToken)
    {
        if (TextWrong(text) is { } wrong) return wrong;
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Cases.SingleOrDefaultAsync(row => row.Id == id && row.State == CaseState.Open, cancellationToken) is not { } row) return NoSuch;
        db.CaseMessages.Add(Message(row, fromOperator: true, text.Trim(), clock.GetUtcNow()));
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.CaseAnswered, Actor.Operator, Object: Words(row)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Closes a request that was answered. A child's closes itself when the account is gone.</summary>
    /// <returns>What is wrong; null when it is closed.</returns>
    public async Task<Error?> CloseAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Cases.SingleOrDefaultAsync(row => row.Id == id && row.State == CaseState.Open, cancellationToken) is not { } row) return NoSuch;
        if (row.Kind == CaseKind.Child) return new WrongCase("A child's request ends when the account is deleted, by itself. Reject it if it was wrong.");
        if (!await db.CaseMessages.AnyAsync(message => message.Case == id && message.FromOperator, cancellationToken)) return new WrongCase("A request is closed after an answer: cases answer ID --text \"…\", or reject it with a reason.");
        (row.State, row.EndedAt) = (CaseState.Answered, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.CaseClosed, Actor.Operator, Object: Words(row)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Ends a request without doing what it asks, with the reason. A report of a child that was wrong gives the account back.</summary>
    /// <returns>What is wrong; null when it is rejected.</returns>
    public async Task<Error?> RejectAsync(Guid id, string reason, CancellationToken cancellationToken)
    {
        if (TextWrong(reason) is { } wrong) return wrong;
        var now = clock.GetUtcNow();
        CaseRow row;
        await using (var db = databases.System())
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            if (await db.Cases.SingleOrDefaultAsync(item => item.Id == id && item.State == CaseState.Open, cancellationToken) is not { } found) return NoSuch;
            row = found;
            (row.State, row.EndedAt, row.FrozenAt) = (CaseState.Rejected, now, null);
            db.CaseMessages.Add(Message(row, fromOperator: true, reason.Trim(), now));
            await db.SaveChangesAsync(cancellationToken);
            if (row.Subject is { } subject) await db.Users.Where(item => item.Id == subject).ExecuteUpdateAsync(set => set.SetProperty(item => item.LockedUntil, (DateTimeOffset?)null), cancellationToken);
            await audit.AppendAsync(db, new(AuditAction.CaseRejected, Actor.Operator, Object: Words(row)), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        // What the report had begun for the organisation ends with it.
        if (row.Kind == CaseKind.Child)
            foreach (var deletion in (await deletions.OfAsync(row.Organisation, cancellationToken)).Where(item => item.StartedAt == row.OpenedAt && item.State is DeletionState.Requested or DeletionState.Stopped))
                await deletions.TakeBackAsync(row.Organisation, deletion.Id, Actor.Operator, cancellationToken);
        return null;
    }

    /// <summary>Deletes the accounts of children whose days are over.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EraseChildrenAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var limit = now - CaseClock.Mistaken;
        List<CaseRow> due;
        await using (var look = databases.System())
            due = await look.Cases.AsNoTracking().Where(row => row.Kind == CaseKind.Child && row.State == CaseState.Open && row.OpenedAt <= limit).ToListAsync(cancellationToken);
        var erased = 0;
        foreach (var row in due)
        {
            var (id, child) = (row.Id, row.Subject!.Value);
            await using var db = databases.System();
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (await db.Cases.Where(item => item.Id == id && item.State == CaseState.Open)
                .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, CaseState.Answered).SetProperty(item => item.EndedAt, now).SetProperty(item => item.ErasedAt, now), cancellationToken) == 0) continue;
            await ErasePersonAsync(db, child, cancellationToken);
            await audit.AppendAsync(db, new(AuditAction.PersonErased, Actor.Product, Object: Words(row)), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            erased++;
        }

        return erased;
    }

    /// <summary>Everything that is kept of a person, in the caller's transaction.</summary>
    internal static async Task ErasePersonAsync(AppDb db, Guid person, CancellationToken cancellationToken)
    {
        await db.CaseMessages.Where(row => db.Cases.Any(item => item.Id == row.Case && (item.User == person || item.Subject == person))).ExecuteDeleteAsync(cancellationToken);
        await db.Corrections.Where(row => row.User == person && row.Field != CorrectedField.OrganisationName).ExecuteDeleteAsync(cancellationToken);
        await db.NoticesSeen.Where(row => row.User == person).ExecuteDeleteAsync(cancellationToken);
        await db.ConsentStates.Where(row => row.User == person).ExecuteDeleteAsync(cancellationToken);
        await db.Mails.Where(row => row.User == person).ExecuteDeleteAsync(cancellationToken);
        await db.PasswordResets.Where(row => row.User == person).ExecuteDeleteAsync(cancellationToken);
        await db.Passkeys.Where(row => row.User == person).ExecuteDeleteAsync(cancellationToken);
        await db.SignOns.Where(row => row.User == person).ExecuteDeleteAsync(cancellationToken);
        await db.Memberships.Where(row => row.User == person).ExecuteDeleteAsync(cancellationToken);
        await db.AuditKeys.Where(row => row.Id == person && row.Kind == AuditKeyKind.Person).ExecuteDeleteAsync(cancellationToken);
        await db.Users.Where(row => row.Id == person).ExecuteDeleteAsync(cancellationToken);
    }

    /// <returns>Requests of a person with what was written, the newest first.</returns>
    public async Task<IReadOnlyList<Case>> OfAsync(Guid organisation, Guid user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await WithMessagesAsync(db, await db.Cases.AsNoTracking().Where(row => row.Organisation == organisation && row.User == user).OrderByDescending(row => row.OpenedAt).ToListAsync(cancellationToken), cancellationToken);
    }

    /// <param name="all">Ended ones too.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those that are due first stand first.</returns>
    public async Task<IReadOnlyList<CaseRow>> ListAsync(bool all, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await db.Cases.AsNoTracking().Where(row => all || row.State == CaseState.Open).OrderBy(row => row.State).ThenBy(row => row.DueAt).ToListAsync(cancellationToken);
    }

    /// <returns>One request with what was written; null when there is none.</returns>
    public async Task<Case?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await WithMessagesAsync(db, await db.Cases.AsNoTracking().Where(row => row.Id == id).ToListAsync(cancellationToken), cancellationToken) is [var found] ? found : null;
    }

    /// <summary>What a request is called in the log: kind and id.</summary>
    internal static string Words(CaseRow row) => $"request {row.Id:N}, {row.Kind}";

    private static WrongCase NoSuch { get; } = new("There is no such open request.");

    private static WrongCase? TextWrong(string text) => text.Trim().Length is < 10 or > LongestText ? new($"The text: write 10 to {LongestText} characters.") : null;

    private static string Masked(string text) => string.Join('\n', text.Trim().ReplaceLineEndings("\n").Split('\n').Select(TermScrubber.Scrub));

    private static CaseRow Opened(Guid organisation, Guid user, CaseKind kind, Guid? subject, DateTimeOffset now) =>
        new() { Id = Guid.CreateVersion7(now), Organisation = organisation, User = user, Kind = kind, State = CaseState.Open, OpenedAt = now, DueAt = CaseClock.DueAt(kind, now), Subject = subject };

    private CaseMessageRow Message(CaseRow row, bool fromOperator, string text, DateTimeOffset at)
    {
        var id = Guid.CreateVersion7(at);
        return new() { Id = id, Organisation = row.Organisation, Case = row.Id, FromOperator = fromOperator, At = at, SealedText = keys.Application.SealText(Table, "text", id.ToString("N"), text) };
    }

    private async Task<IReadOnlyList<Case>> WithMessagesAsync(AppDb db, List<CaseRow> rows, CancellationToken cancellationToken)
    {
        var ids = rows.Select(row => row.Id).ToList();
        var messages = await db.CaseMessages.AsNoTracking().Where(row => ids.Contains(row.Case)).OrderBy(row => row.At).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new Case(row, [.. messages.Where(message => message.Case == row.Id).Select(message => new CaseMessage(message.FromOperator, keys.Application.OpenText(Table, "text", message.Id.ToString("N"), message.SealedText), message.At))]))];
    }
}
