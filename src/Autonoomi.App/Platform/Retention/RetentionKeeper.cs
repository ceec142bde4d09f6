using System.Linq.Expressions;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Incidents;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Retention;

/// <summary>What belongs to no seller's vault: tables whose rows reach their limit, and the audit log. Every hour; several processes may do it at once.</summary>
public sealed partial class RetentionKeeper(AppDbs databases, AuditLog audit, DueSignal signal, BusinessClock business, TimeProvider clock, ILogger<RetentionKeeper> log) : Keeper(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1))
{
    private static readonly IReadOnlyList<Clocked> Clocks =
    [
        Clocked.By<ConsentStateRow>("consent_state", row => row.ExpiresAt),
        Clocked.By<MissingPermissionRow>("missing_permission", row => row.NotedAt),
        Clocked.By<NoticeRow>("notice", row => row.RaisedAt),
        Clocked.By<NoticeSeenRow>("notice_seen", row => row.At),
        Clocked.By<RateBucketRow>("rate_bucket", row => row.At),
        Clocked.By<EgressDayRow>("egress_day", row => row.Day),
        Clocked.By<CaseRow>("request", row => row.OpenedAt),
        Clocked.By<CaseMessageRow>("request_message", row => row.At),
        Clocked.By<DemandRow>("demand", row => row.RequestedAt),
        Clocked.By<SessionRow>("session", row => row.StartedAt),
        Clocked.By<InvitationRow>("invitation", row => row.CreatedAt),
        Clocked.By<StaffGrantRow>("staff_grant", row => row.RequestedAt),
        Clocked.By<StaffUseRow>("staff_use", row => row.At),
        Clocked.By<AccessReviewRow>("access_review", row => row.At),
        Clocked.By<MailRow>("mail", row => row.CreatedAt),
        Clocked.By<InquiryRow>("inquiry", row => row.At),
        Clocked.By<PasswordResetRow>("password_reset", row => row.CreatedAt),
        Clocked.By<DeletionRow>("deletion", row => row.EndedAt),
        Clocked.By<LegalHoldRow>("legal_hold", row => row.EndsAt),
        Clocked.By<DutyRow>("duty", row => row.Done ? row.At : null),
    ];

    /// <returns>How many rows left.</returns>
    public async Task<long> PassAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        long left = 0;
        foreach (var clocked in Clocks) left += await clocked.DeleteAsync(db, now.AddDays(-RetentionTable.Of(RetainedAs.Table, clocked.Table).Days!.Value), cancellationToken);
        left += await IncidentBook.PurgeAsync(db, now.AddDays(-RetentionTable.Of(RetainedAs.Table, "incident_entry").Days!.Value), cancellationToken);
        left += await audit.PurgeAsync(now, cancellationToken);
        await WakeAsync(db, now, cancellationToken);
        return left;
    }

    /// <returns>The oldest row of each table that has a clock.</returns>
    public async Task<IReadOnlyList<OldestRow>> OldestAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var oldest = new Dictionary<string, DateTimeOffset?>(StringComparer.Ordinal)
        {
            ["run"] = await db.Runs.Where(row => row.State != RunState.Running).MinAsync(row => (DateTimeOffset?)row.RequestedAt, cancellationToken),
            ["incident_entry"] = await db.IncidentEntries.Where(row => row.Step == IncidentStep.Closed).MinAsync(row => (DateTimeOffset?)row.At, cancellationToken),
            ["audit_entry"] = await audit.OldestAsync(cancellationToken),
        };
        foreach (var clocked in Clocks) oldest[clocked.Table] = await clocked.OldestAsync(db, cancellationToken);
        // A day of grace: runs leave once a day, with their seller.
        return [.. oldest.Select(item => new OldestRow(RetentionTable.Of(RetainedAs.Table, item.Key), item.Value is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null, item.Value is not { } first || first.AddDays(RetentionTable.Of(RetainedAs.Table, item.Key).Days!.Value + 1) > now))];
    }

    protected override async Task RoundAsync(CancellationToken stoppingToken)
    {
        // In a demo days pass only when the world's do, and it ends with its folder.
        if (!business.IsFrozen && await PassAsync(clock.GetUtcNow(), stoppingToken) is > 0 and var left) LogLeft(left);
    }

    protected override void Failed(Exception failure) => LogFailed(failure.GetType().Name);

    // Sellers for whom nothing was ever planned are looked at too.
    private async Task WakeAsync(AppDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (business.IsFrozen) return;
        var accounts = await db.SellerAccounts.Where(row => !db.Deletions.Any(deletion => deletion.SellerId == row.Seller && deletion.State == DeletionState.Stopped)).Select(row => row.Seller).ToListAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await VaultEngine.AsPollerAsync(db, cancellationToken);
        var due = Runs.Micros(now);
        var woken = await db.Sellers.Where(row => row.DueAt == null && accounts.Contains(row.Id)).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, due), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (woken > 0) signal.Raise();
    }

    /// <summary>A table whose rows leave a number of days after an instant that they carry; rows without one stay.</summary>
    private sealed record Clocked(string Table, Func<AppDb, DateTimeOffset, CancellationToken, Task<int>> DeleteAsync, Func<AppDb, CancellationToken, Task<DateTimeOffset?>> OldestAsync)
    {
        public static Clocked By<TRow>(string table, Expression<Func<TRow, DateTimeOffset?>> at)
            where TRow : class =>
            new(
                table,
                (db, limit, stop) => db.Set<TRow>().Where(Expression.Lambda<Func<TRow, bool>>(Expression.LessThanOrEqual(at.Body, Expression.Constant(limit, typeof(DateTimeOffset?))), at.Parameters)).ExecuteDeleteAsync(stop),
                (db, stop) => db.Set<TRow>().MinAsync(at, stop));
    }

    [LoggerMessage(LogLevel.Information, "{Count} rows left because they had reached their limit")]
    private partial void LogLeft(long count);

    [LoggerMessage(LogLevel.Warning, "What reached its limit could not be taken away ({Failure}); trying again")]
    private partial void LogFailed(string failure);
}
