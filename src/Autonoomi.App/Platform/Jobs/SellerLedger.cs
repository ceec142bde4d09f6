using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Jobs;

/// <summary>Where a seller's work stands: which sellers are due, which step is next, and the one transaction that ends a step.</summary>
public sealed class SellerLedger(AppDbs databases, KeyChain keys, SellerVaults vaults, TimeProvider system, BusinessClock business)
{
    /// <summary>How long a claim on a seller holds without being extended; after a crash others wait this long.</summary>
    public static readonly TimeSpan Claim = TimeSpan.FromSeconds(10);

    /// <summary>A storefront is looked at again this long after the last full run was asked for.</summary>
    public static readonly TimeSpan Rhythm = TimeSpan.FromHours(24);

    /// <summary>What the day has cost so far is read again this long after the last time.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public Task<long> AcquireAsync(SellerId seller, string owner, CancellationToken cancellationToken) => vaults.TakeOwnershipAsync(seller, owner, cancellationToken);

    /// <summary>Claims sellers that are due: pushes their due time behind the claim, so that no other poller takes them too.</summary>
    public async Task<IReadOnlyList<SellerId>> ClaimDueAsync(int atMost, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await VaultEngine.AsPollerAsync(db, cancellationToken);
        var now = Runs.Micros(system.GetUtcNow());
        var query = db.Database.IsNpgsql()
            ? db.Sellers.FromSql($"SELECT * FROM seller WHERE due_at <= {now} ORDER BY due_at LIMIT {atMost} FOR UPDATE SKIP LOCKED")
            : db.Sellers.Where(row => row.DueAt <= now).OrderBy(row => row.DueAt).Take(atMost);
        var due = await query.AsNoTracking().Select(row => row.Id).ToListAsync(cancellationToken);
        if (due.Count > 0)
        {
            var behind = Runs.Micros(system.GetUtcNow() + Claim);
            await db.Sellers.Where(row => due.Contains(row.Id)).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, behind), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return [.. due.Select(id => new SellerId(id))];
    }

    /// <summary>At the start of the only process on a data folder: whatever a dead process had claimed is due now.</summary>
    public async Task ReclaimAllAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await VaultEngine.AsPollerAsync(db, cancellationToken);
        var now = Runs.Micros(system.GetUtcNow());
        var soon = Runs.Micros(system.GetUtcNow() + Claim);
        await db.Sellers.Where(row => row.DueAt > now && row.DueAt <= soon).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <returns>False when somebody else owns the seller now.</returns>
    public async Task<bool> ExtendAsync(SellerId seller, long epoch, CancellationToken cancellationToken) =>
        await SetDueAsync(seller, epoch, Runs.Micros(system.GetUtcNow() + Claim), cancellationToken);

    public Task DueNowAsync(SellerId seller, long epoch, CancellationToken cancellationToken) => SetDueAsync(seller, epoch, Runs.Micros(system.GetUtcNow()), cancellationToken);

    /// <summary>The next step that may be worked on, or how long to wait for one; neither when nothing is left.</summary>
    public async Task<NextStep> NextAsync(SellerId seller, IReadOnlyDictionary<(Guid, int), DateTimeOffset> pauses, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var runs = await db.Runs.AsNoTracking().Where(run => run.Seller == seller.Value && run.State == RunState.Running).OrderBy(run => run.RequestedAt).ToListAsync(cancellationToken);
        var now = system.GetUtcNow();
        (RunRow Run, DateTimeOffset At)? background = null;
        foreach (var run in runs)
        {
            // Runs of one seller go one after the other: two of them would write over each other. What goes on in the background writes nothing, so it holds nobody up.
            var waiting = await db.Steps.AsNoTracking().Where(step => step.Run == run.Id && step.State == StepState.Waiting).OrderBy(step => step.Ordinal).ToListAsync(cancellationToken);
            if (waiting.Count == 0)
            {
                await EndEmptyAsync(db, run, cancellationToken);
                continue;
            }

            DateTimeOffset? earliest = null;
            foreach (var step in waiting.Where(step => !StepNames.IsBackground(step.Kind)))
            {
                var overtakes = earliest is not null;
                if (overtakes && !StepNames.IsIndependent(step.Kind)) break;
                var ready = Ready(step);
                if (ready is null || ready <= now) return new(run, step, null);
                earliest = earliest is null || ready < earliest ? ready : earliest;
                if (!StepNames.IsIndependent(step.Kind)) break;
            }

            foreach (var step in waiting.Where(step => StepNames.IsBackground(step.Kind)))
            {
                var ready = Ready(step);
                if (ready is null || ready <= now) return new(run, step, null);
                if (background is null || ready < background.Value.At) background = (run, ready.Value);
            }

            if (earliest is { } first) return new(run, null, (background is { } other && other.At < first ? other.At : first) - now);
        }

        return background is { } later ? new(later.Run, null, later.At - now) : new(null, null, null);

        DateTimeOffset? Ready(StepRow step) => Later(step.NotBefore, pauses.TryGetValue((step.Run, step.Ordinal), out var pause) ? pause : null);
    }

    /// <summary>Nothing is left: sets the next due time from what the data says. False when a request came in meanwhile.</summary>
    public async Task<bool> ParkAsync(SellerId seller, long epoch, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await VaultEngine.BeginAsync(db, seller, write: true, cancellationToken);
        if (await db.Runs.AnyAsync(run => run.Seller == seller.Value && run.State == RunState.Running, cancellationToken)) return false;
        var due = business.IsFrozen ? null : Earlier(await NextRetainAsync(db, seller, cancellationToken), Earlier(Earlier(await NextRunAsync(db, seller, RunKind.Full, Rhythm, cancellationToken), await NextLookAsync(db, seller, cancellationToken)), await NextRunAsync(db, seller, RunKind.Hour, Hour, cancellationToken)));
        long? micros = due is { } instant ? Runs.Micros(instant) : null;
        await db.Sellers.Where(row => row.Id == seller.Value && row.Epoch == epoch).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, micros), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Storefronts whose last full run is a day old, or that never had one. In a demo, days pass only when the world's do, so none is ever due by itself.</summary>
    public async Task<IReadOnlyList<StorefrontId>> DueStorefrontsAsync(SellerId seller, CancellationToken cancellationToken)
    {
        if (business.IsFrozen) return [];
        await using var db = databases.System();
        var now = system.GetUtcNow();
        return [.. (await LastRunsAsync(db, seller, RunKind.Full, cancellationToken)).Where(item => item.Last is null || item.Last + Rhythm <= now).Select(item => item.Storefront)];
    }

    /// <summary>Storefronts that were imported and whose day's cost was last asked for an hour ago, or never.</summary>
    public async Task<IReadOnlyList<StorefrontId>> HoursDueAsync(SellerId seller, CancellationToken cancellationToken)
    {
        if (business.IsFrozen) return [];
        await using var db = databases.System();
        var now = system.GetUtcNow();
        return [.. (await LastRunsAsync(db, seller, RunKind.Hour, cancellationToken)).Where(item => item.Last is null || item.Last + Hour <= now).Select(item => item.Storefront)];
    }

    /// <summary>Whether a day went by since somebody looked if Amazon takes the seller's consents; soon again after a refusal that may be a mistake.</summary>
    public async Task<bool> LookIsDueAsync(SellerId seller, CancellationToken cancellationToken)
    {
        if (business.IsFrozen) return false;
        await using var db = databases.System();
        return await NextLookAsync(db, seller, cancellationToken) <= system.GetUtcNow();
    }

    /// <summary>Whether a day went by since what has reached its limit was last taken away.</summary>
    public async Task<bool> RetainIsDueAsync(SellerId seller, CancellationToken cancellationToken)
    {
        if (business.IsFrozen) return false;
        await using var db = databases.System();
        return await NextRetainAsync(db, seller, cancellationToken) <= system.GetUtcNow();
    }

    /// <summary>One transaction: fence, data, ledger.</summary>
    /// <exception cref="StaleOwnerException">Somebody else owns the seller now.</exception>
    internal async Task CommitAsync(StepContext step, StepResult result, CancellationToken cancellationToken)
    {
        var now = system.GetUtcNow();
        var write = new VaultWrite(step.Epoch);
        switch (result)
        {
            case StepResult.Finished finished: finished.Data?.Invoke(write); break;
            case StepResult.Again again: again.Data?.Invoke(write); break;
            case StepResult.Failed failed: failed.Data?.Invoke(write); break;
        }

        write.Also(async (vaultDb, token) =>
        {
            var db = (AppDb)vaultDb;
            var row = await db.Steps.SingleAsync(item => item.Run == step.Run && item.Ordinal == step.Ordinal, token);
            row.Attempts++;
            switch (result)
            {
                case StepResult.Finished finished:
                    (row.State, row.FinishedAt, row.SealedNotes) = (StepState.Done, now, null);
                    row.Count += finished.Count;
                    var next = await db.Steps.Where(item => item.Run == step.Run).MaxAsync(item => item.Ordinal, token) + 1;
                    foreach (var then in finished.Then ?? []) db.Steps.Add(then.ToRow(keys, step.Run, step.Seller, next++));
                    var others = await db.Steps.AnyAsync(item => item.Run == step.Run && item.Ordinal != step.Ordinal && item.State == StepState.Waiting, token);
                    if (!others && finished.Then is null or { Count: 0 }) await EndAsync(db, step.Run, RunState.Done, null, now, token);
                    break;
                case StepResult.Again again:
                    row.NotBefore = now + again.After;
                    row.Count += again.Count;
                    if (again.Notes is not null) row.SealedNotes = keys.Application.SealText("step", "notes", $"{step.Run:N}/{step.Ordinal}", again.Notes);
                    break;
                case StepResult.Failed failed:
                    (row.State, row.FinishedAt) = (StepState.Failed, now);
                    await EndAsync(db, step.Run, RunState.Failed, failed.Why, now, token);
                    break;
            }
        });
        await step.Vault.CommitAsync(write, cancellationToken);
    }

    internal async Task<StepContext> OpenAsync(RunRow run, StepRow step, long epoch, CancellationToken cancellationToken)
    {
        var seller = new SellerId(run.Seller);
        var vault = await vaults.OpenAsync(seller, step.Kind == StepNames.Retain ? Purpose.Retain : Purpose.Run, cancellationToken);
        var notes = step.SealedNotes is null ? null : keys.Application.OpenText("step", "notes", $"{step.Run:N}/{step.Ordinal}", step.SealedNotes);
        return new(run.Id, run.Kind, step.Ordinal, seller, new(run.Storefront), epoch, notes, vault);
    }

    private async Task EndAsync(AppDb db, Guid run, RunState state, string? error, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await db.Runs.SingleAsync(item => item.Id == run, cancellationToken);
        (row.State, row.FinishedAt) = (state, now);
        if (error is not null) row.SealedError = keys.Application.SealText("run", "error", run.ToString("N"), error);
    }

    private async Task EndEmptyAsync(AppDb db, RunRow run, CancellationToken cancellationToken)
    {
        var now = system.GetUtcNow();
        await db.Runs.Where(item => item.Id == run.Id).ExecuteUpdateAsync(set => set.SetProperty(item => item.State, RunState.Done).SetProperty(item => item.FinishedAt, now), cancellationToken);
    }

    private async Task<bool> SetDueAsync(SellerId seller, long epoch, long due, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await VaultEngine.BeginAsync(db, seller, write: true, cancellationToken);
        var mine = await db.Sellers.Where(row => row.Id == seller.Value && row.Epoch == epoch).ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, due), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return mine == 1;
    }

    private static async Task<DateTimeOffset?> NextLookAsync(AppDb db, SellerId seller, CancellationToken cancellationToken)
    {
        if (await DeletionBook.IsLeavingAsync(db, seller, cancellationToken)) return null;
        var grants = await db.Grants.AsNoTracking().Where(row => row.Seller == seller.Value && row.State != GrantState.ReauthRequired).Select(row => new { row.LookedAt, row.State }).ToListAsync(cancellationToken);
        return grants.Count == 0 ? null : grants.Min(row => row.LookedAt is { } at ? at + (row.State == GrantState.Suspected ? GrantBook.LookRhythm / 24 : GrantBook.LookRhythm) : DateTimeOffset.UnixEpoch);
    }

    // On an account's first day nothing can have reached a limit.
    private static async Task<DateTimeOffset?> NextRetainAsync(AppDb db, SellerId seller, CancellationToken cancellationToken)
    {
        var last = await db.Runs.Where(run => run.Seller == seller.Value && run.Kind == RunKind.Retain).MaxAsync(run => (DateTimeOffset?)run.RequestedAt, cancellationToken)
            ?? await db.SellerAccounts.Where(row => row.Seller == seller.Value).Select(row => (DateTimeOffset?)row.CreatedAt).SingleOrDefaultAsync(cancellationToken);
        return last + Rhythm;
    }

    private static async Task<DateTimeOffset?> NextRunAsync(AppDb db, SellerId seller, RunKind kind, TimeSpan rhythm, CancellationToken cancellationToken)
    {
        var last = await LastRunsAsync(db, seller, kind, cancellationToken);
        return last.Count == 0 ? null : last.Min(item => item.Last is { } at ? at + rhythm : DateTimeOffset.UnixEpoch);
    }

    // Storefronts for which runs of this kind come by themselves, and when the last one was asked for. Before a whole run there is nothing to look at by the hour.
    private static async Task<List<(StorefrontId Storefront, DateTimeOffset? Last)>> LastRunsAsync(AppDb db, SellerId seller, RunKind kind, CancellationToken cancellationToken)
    {
        if (await DeletionBook.IsLeavingAsync(db, seller, cancellationToken)) return [];

        // Without one of its consents a run could only fail: it waits for a person.
        if (await db.Grants.AnyAsync(row => row.Seller == seller.Value && row.State == GrantState.ReauthRequired, cancellationToken)) return [];
        var storefronts = await db.Storefronts.Where(row => row.Seller == seller.Value && row.Active).OrderBy(row => row.MarketplaceId).Select(row => row.Storefront).ToListAsync(cancellationToken);
        var found = new List<(StorefrontId, DateTimeOffset?)>();
        foreach (var storefront in storefronts)
        {
            var runs = db.Runs.Where(run => run.Seller == seller.Value && run.Storefront == storefront);
            if (kind == RunKind.Hour && !await runs.AnyAsync(run => run.Kind == RunKind.Full && run.State == RunState.Done, cancellationToken)) continue;
            found.Add((new(storefront), await runs.Where(run => run.Kind == kind).OrderByDescending(run => run.RequestedAt).Select(run => (DateTimeOffset?)run.RequestedAt).FirstOrDefaultAsync(cancellationToken)));
        }

        return found;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null ? other : other is null || one < other ? one : other;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null ? other : other is null || one > other ? one : other;
}

/// <param name="Run">The run whose turn it is; null when nothing is left.</param>
/// <param name="Step">The step to work on; null when it must wait.</param>
/// <param name="Wait">How long until a step is ready.</param>
public sealed record NextStep(RunRow? Run, StepRow? Step, TimeSpan? Wait);
