using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Retention;

/// <summary>What belongs to no seller's vault: tables whose rows reach their limit, and the audit log. Every hour; several processes may do it at once.</summary>
public sealed partial class RetentionKeeper(AppDbs databases, AuditLog audit, DueSignal signal, BusinessClock business, TimeProvider clock, ILogger<RetentionKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromHours(1);

    /// <returns>How many rows left.</returns>
    public async Task<long> PassAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset Before(string table) => now.AddDays(-RetentionTable.Of(RetainedAs.Table, table).Days!.Value);
        var (states, missing, notices, seen, buckets) = (Before("consent_state"), Before("missing_permission"), Before("notice"), Before("notice_seen"), Before("rate_bucket"));
        await using var db = databases.System();
        long left = await db.ConsentStates.Where(row => row.ExpiresAt <= states).ExecuteDeleteAsync(cancellationToken);
        left += await db.MissingPermissions.Where(row => row.NotedAt <= missing).ExecuteDeleteAsync(cancellationToken);
        left += await db.Notices.Where(row => row.RaisedAt <= notices).ExecuteDeleteAsync(cancellationToken);
        left += await db.NoticesSeen.Where(row => row.At <= seen).ExecuteDeleteAsync(cancellationToken);
        left += await db.RateBuckets.Where(row => row.At <= buckets).ExecuteDeleteAsync(cancellationToken);
        var (deletions, holds) = (Before("deletion"), Before("legal_hold"));
        left += await db.Deletions.Where(row => row.EndedAt <= deletions).ExecuteDeleteAsync(cancellationToken);
        left += await db.LegalHolds.Where(row => row.EndsAt <= holds).ExecuteDeleteAsync(cancellationToken);
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
            ["consent_state"] = await db.ConsentStates.MinAsync(row => (DateTimeOffset?)row.ExpiresAt, cancellationToken),
            ["missing_permission"] = await db.MissingPermissions.MinAsync(row => (DateTimeOffset?)row.NotedAt, cancellationToken),
            ["notice"] = await db.Notices.MinAsync(row => (DateTimeOffset?)row.RaisedAt, cancellationToken),
            ["notice_seen"] = await db.NoticesSeen.MinAsync(row => (DateTimeOffset?)row.At, cancellationToken),
            ["rate_bucket"] = await db.RateBuckets.MinAsync(row => (DateTimeOffset?)row.At, cancellationToken),
            ["deletion"] = await db.Deletions.MinAsync(row => row.EndedAt, cancellationToken),
            ["legal_hold"] = await db.LegalHolds.MinAsync(row => (DateTimeOffset?)row.EndsAt, cancellationToken),
            ["run"] = await db.Runs.Where(row => row.State != RunState.Running).MinAsync(row => (DateTimeOffset?)row.RequestedAt, cancellationToken),
            ["audit_entry"] = await audit.OldestAsync(cancellationToken),
        };
        // A day of grace: runs leave once a day, with their seller.
        return [.. oldest.Select(item => new OldestRow(RetentionTable.Of(RetainedAs.Table, item.Key), item.Value is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null, item.Value is not { } first || first.AddDays(RetentionTable.Of(RetainedAs.Table, item.Key).Days!.Value + 1) > now))];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // In a demo days pass only when the world's do, and it ends with its folder.
                if (!business.IsFrozen && await PassAsync(clock.GetUtcNow(), stoppingToken) is > 0 and var left) LogLeft(left);
                await Task.Delay(Round, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // the keeper must outlive a database that is away for a while
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogFailed(failure.GetType().Name);
                await Task.Delay(TimeSpan.FromMinutes(1), stoppingToken);
            }
        }
    }

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

    [LoggerMessage(LogLevel.Information, "{Count} rows left because they had reached their limit")]
    private partial void LogLeft(long count);

    [LoggerMessage(LogLevel.Warning, "What reached its limit could not be taken away ({Failure}); trying again")]
    private partial void LogFailed(string failure);
}
