using System.Text.Json;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Jobs;

/// <summary>Asks for runs. A request is a row: it survives a crash, and the owner of the seller picks it up.</summary>
public sealed class Runs(AppDbs databases, KeyChain keys, TimeProvider clock, DueSignal signal, RunProgress progress, AuditLog audit, Rights rights)
{
    internal const string Leaving = "This seller account is being deleted, so nothing runs any more. The page Your data says until when that can be taken back.";

    private static readonly TimeSpan HoursKept = TimeSpan.FromDays(7);

    /// <summary>Sync, decide, apply. A full run that is already waiting or under way is returned instead of a second one.</summary>
    /// <returns>The run's id, for <see cref="WaitAsync"/>.</returns>
    public Task<Guid> RequestAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken) =>
        BeginAsync(seller, storefront, RunKind.Full, [new(StepNames.Structure, null)], shared: true, cancellationToken);

    /// <summary>The same because somebody asked for it.</summary>
    public async Task<Result<Guid>> RequestAsync(SellerId seller, StorefrontId storefront, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.RunNow, cancellationToken) is { } refusal) return refusal;
        return await RequestAsync(seller, storefront, cancellationToken);
    }

    /// <summary>Asks whether Amazon still takes the seller's consents.</summary>
    internal Task<Guid> LookAsync(SellerId seller, CancellationToken cancellationToken) =>
        BeginAsync(seller, new(0), RunKind.Look, [new(StepNames.Look, null)], shared: true, cancellationToken);

    /// <summary>Takes away what has reached its limit.</summary>
    internal Task<Guid> RetainAsync(SellerId seller, CancellationToken cancellationToken) =>
        BeginAsync(seller, new(0), RunKind.Retain, [new(StepNames.Retain, null)], shared: true, cancellationToken);

    /// <summary>Reads what the day has cost so far; one such run of a storefront at a time. Those of more than a week ago are forgotten.</summary>
    internal async Task<Guid> HourAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        await using (var db = databases.System())
        await using (var transaction = await VaultEngine.BeginAsync(db, seller, write: true, cancellationToken))
        {
            var before = clock.GetUtcNow() - HoursKept;
            var old = db.Runs.Where(run => run.Seller == seller.Value && run.Storefront == storefront.Value && run.Kind == RunKind.Hour && run.State != RunState.Running && run.RequestedAt < before).Select(run => run.Id);
            await db.Intents.Where(intent => intent.State == IntentState.Closed && old.Contains(intent.Run)).ExecuteDeleteAsync(cancellationToken);
            await db.Steps.Where(step => old.Contains(step.Run)).ExecuteDeleteAsync(cancellationToken);
            await db.Runs.Where(run => old.Contains(run.Id)).ExecuteDeleteAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await BeginAsync(seller, storefront, RunKind.Hour, [new(StepNames.Hour, null)], shared: true, cancellationToken);
    }

    /// <summary>Has the seller's owner see what is due: a consent came, and with it a rhythm.</summary>
    public async Task WakeAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await VaultEngine.BeginAsync(db, seller, write: true, cancellationToken);
        var due = Micros(clock.GetUtcNow());
        await db.Sellers.Where(item => item.Id == seller.Value).ExecuteUpdateAsync(set => set.SetProperty(item => item.DueAt, due), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Raise();
    }

    internal async Task<Guid> BeginAsync(SellerId seller, StorefrontId storefront, RunKind kind, IReadOnlyList<NewStep> steps, bool shared, CancellationToken cancellationToken, AuditEvent? told = null)
    {
        await using var db = databases.System();
        await using var transaction = await VaultEngine.BeginAsync(db, seller, write: true, cancellationToken);
        if (shared && await db.Runs.Where(run => run.Seller == seller.Value && run.Storefront == storefront.Value && run.Kind == kind && run.State == RunState.Running)
            .Select(run => (Guid?)run.Id).FirstOrDefaultAsync(cancellationToken) is { } running) return running;

        var now = clock.GetUtcNow();
        var row = new RunRow { Id = Guid.CreateVersion7(now), Seller = seller.Value, Storefront = storefront.Value, Kind = kind, State = RunState.Running, RequestedAt = now };
        if (kind != RunKind.Retain && await DeletionBook.IsLeavingAsync(db, seller, cancellationToken))
        {
            (row.State, row.FinishedAt, row.SealedError) = (RunState.Failed, now, keys.Application.SealText("run", "error", row.Id.ToString("N"), Leaving));
            db.Runs.Add(row);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            progress.Publish(await progress.ReadAsync(db, row, cancellationToken));
            signal.Ended();
            return row.Id;
        }

        db.Runs.Add(row);
        for (var ordinal = 0; ordinal < steps.Count; ordinal++) db.Steps.Add(steps[ordinal].ToRow(keys, row.Id, seller, ordinal));
        await db.SaveChangesAsync(cancellationToken);
        var due = Micros(now);
        await db.Sellers.Where(item => item.Id == seller.Value).ExecuteUpdateAsync(set => set.SetProperty(item => item.DueAt, due), cancellationToken);
        if (told is not null) await audit.AppendAsync(db, told, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        progress.Publish(await progress.ReadAsync(db, row, cancellationToken));
        signal.Raise();
        return row.Id;
    }

    /// <summary>Waits until a run has ended, in this process or another, or is held up by something a person must put right (then it is still running and has an error).</summary>
    public async Task<RunView> WaitAsync(Guid run, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (progress.Blocked(run) is { } blocked) return blocked;
            await using (var db = databases.System())
            {
                var row = await db.Runs.AsNoTracking().SingleAsync(item => item.Id == run, cancellationToken);
                if (row.State != RunState.Running) return await progress.ReadAsync(db, row, cancellationToken);
            }

            await signal.EndedAsync(TimeSpan.FromMilliseconds(500), cancellationToken);
        }
    }

    internal static long Micros(DateTimeOffset instant) => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}

/// <param name="Kind">One of <see cref="StepNames"/>.</param>
/// <param name="Notes">The handler's own JSON; sealed at rest.</param>
public sealed record NewStep(string Kind, string? Notes)
{
    public static NewStep With<T>(string kind, T notes, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json) => new(kind, JsonSerializer.Serialize(notes, json));

    internal StepRow ToRow(KeyChain keys, Guid run, SellerId seller, int ordinal) => new()
    {
        Run = run,
        Ordinal = ordinal,
        Seller = seller.Value,
        Kind = Kind,
        State = StepState.Waiting,
        SealedNotes = Notes is null ? null : keys.Application.SealText("step", "notes", $"{run:N}/{ordinal}", Notes),
    };
}

/// <summary>Wakes the poller in this process at once; other processes notice at their next look at the database.</summary>
public sealed class DueSignal : IDisposable
{
    private readonly SemaphoreSlim due = new(0);
    private TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Raise() => due.Release();

    public void Dispose() => due.Dispose();

    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        await due.WaitAsync(atMost, cancellationToken);
        while (due.Wait(0, cancellationToken))
        {
            // Several requests are one reason to look.
        }
    }

    internal void Ended() => Interlocked.Exchange(ref ended, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    internal async Task EndedAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        await Task.WhenAny(Volatile.Read(ref ended).Task, Task.Delay(atMost, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }
}
