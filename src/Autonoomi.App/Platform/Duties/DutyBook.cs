using System.Globalization;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Duties;

/// <summary>A duty cannot be called done like this.</summary>
public sealed record WrongDuty(string What) : Error(What);

/// <param name="At">When it was done.</param>
/// <param name="By">Who did it.</param>
/// <param name="Note">What shows it.</param>
public sealed record DutyDone(DateTimeOffset At, string By, string Note);

/// <summary>When each duty was done, who says so and what shows it. Rows are added and never changed; each stands with its entry of the audit log.</summary>
public sealed class DutyBook(AppDbs databases, KeyChain keys, AuditLog audit, TimeProvider clock)
{
    private const string Table = "duty";

    // A note that nobody could follow up is none.
    private const int ShortestNote = 10;

    /// <summary>Lets duties that this store does not know yet count from now on. Call once at start, after migrations.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var known = await db.Duties.Select(row => row.Duty).Distinct().ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        foreach (var duty in DutyTable.All.Where(duty => !known.Contains(duty.Id))) db.Duties.Add(new() { Id = Guid.NewGuid(), Duty = duty.Id, At = now });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <returns>How each duty stands, those that are due first on top.</returns>
    public async Task<IReadOnlyList<DutyStanding>> StandingAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var now = clock.GetUtcNow();
        var rows = await db.Duties.AsNoTracking().Select(row => new { row.Duty, row.At, row.Done }).ToListAsync(cancellationToken);
        return
        [
            .. DutyTable.All.Select(duty => DutyTable.Standing(duty,
                    rows.Where(row => row.Duty == duty.Id && !row.Done).Select(row => (DateTimeOffset?)row.At).Min() ?? now,
                    rows.Where(row => row.Duty == duty.Id && row.Done).Select(row => (DateTimeOffset?)row.At).Max(), now))
                .OrderBy(standing => standing.DueAt),
        ];
    }

    /// <returns>All times that a duty was done, the newest first.</returns>
    public async Task<IReadOnlyList<DutyDone>> DoneAsync(string duty, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await db.Duties.AsNoTracking().Where(row => row.Duty == duty && row.Done).OrderByDescending(row => row.At).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new DutyDone(row.At, keys.Application.OpenText(Table, "by", Row(row), row.SealedBy), keys.Application.OpenText(Table, "note", Row(row), row.SealedNote)))];
    }

    /// <summary>Writes down that a duty was done.</summary>
    /// <param name="duty">Its id in <see cref="DutyTable"/>.</param>
    /// <param name="at">When; null for now.</param>
    /// <param name="by">Who did it.</param>
    /// <param name="note">What shows it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<DateTimeOffset>> WriteAsync(string duty, DateTimeOffset? at, string by, string note, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var written = await WriteAsync(db, duty, at, by, note, cancellationToken);
        if (written.IsOk) await transaction.CommitAsync(cancellationToken);
        return written;
    }

    /// <summary>The same in the caller's transaction: work that completes a duty says so in one breath. Call it last, because it appends to the audit log.</summary>
    /// <returns>When it was done; refused with the reason where it cannot be called done like this.</returns>
    public async Task<Result<DateTimeOffset>> WriteAsync(AppDb db, string duty, DateTimeOffset? at, string by, string note, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var when = at ?? now;
        if (DutyTable.Find(duty) is not { } known) return new WrongDuty($"Duty: there is no '{duty}'. There are: {string.Join(", ", DutyTable.All.Select(each => each.Id))}.");
        if (string.IsNullOrWhiteSpace(by)) return new WrongDuty("By: write down who did it (--by).");
        if (note.Trim().Length < ShortestNote) return new WrongDuty($"Note: name what shows it ({known.Evidence}), in at least {ShortestNote} characters (--note).");
        if (when > now) return new WrongDuty("When: the day lies in the future. Write down what was done once it is done.");
        if (when < now.AddDays(-known.EveryDays)) return new WrongDuty($"When: that is longer ago than the {known.EveryDays} days after which it must be done again. Do it again.");
        var row = new DutyRow { Id = Guid.NewGuid(), Duty = known.Id, At = when, Done = true };
        db.Duties.Add(new()
        {
            Id = row.Id, Duty = row.Duty, At = row.At, Done = true,
            SealedBy = keys.Application.SealText(Table, "by", Row(row), by.Trim()), SealedNote = keys.Application.SealText(Table, "note", Row(row), note.Trim()),
        });
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.DutyDone, Actor.Operator, Object: $"duty {known.Id}", Reason: when.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), cancellationToken);
        return when;
    }

    private static string Row(DutyRow row) => row.Id.ToString("N");
}
