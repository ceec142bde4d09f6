using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Incidents;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.Data.Sqlite;

namespace Autonoomi.App.Platform.Jobs;

/// <summary>How long things may take; bound from <c>Autonoomi:Runs</c>.</summary>
public sealed class RunOptions
{
    /// <summary>A step that takes longer is broken off and begun again.</summary>
    public TimeSpan StepLimit { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>First wait before a report is asked for again; doubles up to <see cref="PollLimit"/>.</summary>
    public TimeSpan PollFirst { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan PollLimit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A report that is not ready by then is requested again, once.</summary>
    public TimeSpan PollGiveUp { get; set; } = TimeSpan.FromHours(7);

    /// <summary>How long a batch of writes may be on its way. Nobody repeats or observes it before this and <see cref="WriteSlack"/> have passed.</summary>
    public TimeSpan WriteLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time for a request that was given up to die at Amazon too.</summary>
    public TimeSpan WriteSlack { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Wait after the first failed attempt of a step; doubles with each attempt.</summary>
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After this many failed attempts a step fails, 1 to 20.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>Changes in one batch, 1 to 1000.</summary>
    public int BatchSize { get; set; } = 250;
}

/// <summary>Works through a seller's steps, one after the other, until nothing is left. Knows nothing of what runs it.</summary>
public sealed partial class Pump(
    SellerLedger ledger, IEnumerable<IStep> steps, Runs runs, RunProgress progress, AppDbs databases, GrantBook grants, IncidentBook incidents, DueSignal signal, RunOptions options, TimeProvider system, ILogger<Pump> log)
{
    private readonly Dictionary<string, IStep> handlers = steps.ToDictionary(step => step.Kind, StringComparer.Ordinal);

    /// <returns>False when the seller has another owner now.</returns>
    public async Task<bool> RunAsync(SellerId seller, long epoch, CancellationToken cancellationToken)
    {
        var pauses = new Dictionary<(Guid, int), DateTimeOffset>();
        var failures = new Dictionary<(Guid, int), int>();
        while (true)
        {
            var next = await ledger.NextAsync(seller, pauses, cancellationToken);
            if (next.Run is null)
            {
                var due = await ledger.DueStorefrontsAsync(seller, cancellationToken);
                foreach (var storefront in due) await runs.RequestAsync(seller, storefront, cancellationToken);
                var hours = due.Count == 0 ? await ledger.HoursDueAsync(seller, cancellationToken) : [];
                foreach (var storefront in hours) await runs.HourAsync(seller, storefront, cancellationToken);
                if (hours.Count > 0) continue;
                if (due.Count == 0 && await ledger.LookIsDueAsync(seller, cancellationToken)) await runs.LookAsync(seller, cancellationToken);
                else if (due.Count == 0 && await ledger.RetainIsDueAsync(seller, cancellationToken)) await runs.RetainAsync(seller, cancellationToken);
                else if (due.Count == 0 && await ledger.ParkAsync(seller, epoch, cancellationToken)) return true;
                continue;
            }

            if (next.Step is null)
            {
                await Task.Delay(next.Wait is { } wait && wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1), cancellationToken);
                continue;
            }

            if (!await StepAsync(next.Run, next.Step, epoch, pauses, failures, cancellationToken)) return false;
        }
    }

    private async Task<bool> StepAsync(
        RunRow run, StepRow row, long epoch, Dictionary<(Guid, int), DateTimeOffset> pauses, Dictionary<(Guid, int), int> failures, CancellationToken cancellationToken)
    {
        var key = (row.Run, row.Ordinal);
        try
        {
            var step = await ledger.OpenAsync(run, row, epoch, cancellationToken);
            var result = await WorkAsync(step, row, cancellationToken);
            if (result is StepResult.Again { Notes: null, Data: null, Count: 0 } pause)
            {
                pauses[key] = system.GetUtcNow() + pause.After;
                return true;
            }

            await ledger.CommitAsync(step, result, cancellationToken);
            pauses.Remove(key);
            failures.Remove(key);
            if (result is StepResult.Finished { Afterwards: { } afterwards }) afterwards();
            LogStep(row.Kind, row.Run, row.Ordinal, result.GetType().Name, result is StepResult.Finished finished ? finished.Count : 0);
            await PublishAsync(run.Id, null, cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (StaleOwnerException)
        {
            LogFenced(seller: run.Seller, epoch);
            return false;
        }
        catch (GrantRevokedException revoked)
        {
            await grants.RefusedTwiceAsync(new(run.Seller), revoked.Kind, cancellationToken);
            return await FailAsync(run, row, epoch, revoked.Message, cancellationToken);
        }
        catch (OperatorCredentialsException refused)
        {
            await grants.HeardAsync(new(run.Seller), refused.Kind, GrantAnswer.ClientRefused, null, cancellationToken);
            return await FailAsync(run, row, epoch, refused.Message, cancellationToken);
        }
        catch (AmazonApiException forbidden) when (forbidden is { IsForbidden: true, Grant: { } grant })
        {
            await grants.HeardAsync(new(run.Seller), grant, GrantAnswer.Forbidden, forbidden.Operation, cancellationToken);
            if (!StepNames.GoesWithout(row.Kind)) return await FailAsync(run, row, epoch, forbidden.Message, cancellationToken);
            LogForbidden(row.Kind, row.Run, forbidden.Operation);
            return await EndAsync(run, row, epoch, new StepResult.Finished(0), cancellationToken);
        }
        catch (Exception failure) when (IsStorageFull(failure))
        {
            // Nothing can be written down, so nothing is decided either: the step stays as it is and is tried again.
            LogStorageFull(row.Kind, row.Run);
            pauses[key] = system.GetUtcNow() + TimeSpan.FromSeconds(15);
            await PublishAsync(run.Id, "The disk of the data folder is full. Free some space: the run goes on by itself, and nothing is lost.", cancellationToken);
            return true;
        }
        catch (Exception failure) when (IsPassing(failure))
        {
            var attempts = failures[key] = failures.GetValueOrDefault(key) + 1;
            LogRetry(row.Kind, row.Run, attempts, failure.GetType().Name);
            if (attempts >= options.Attempts) return await FailAsync(run, row, epoch, InWords(failure), cancellationToken);
            pauses[key] = system.GetUtcNow() + (options.RetryFirst * Math.Pow(2, attempts - 1));
            return true;
        }
#pragma warning disable CA1031 // the job runner: whatever it was, the run ends with a reason instead of hanging
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailed(failure, row.Kind, row.Run);
            if (failure is SealBrokenException changed) await incidents.SuspectAsync(Suspicion.OfVault(new(run.Seller), changed), cancellationToken);
            return await FailAsync(run, row, epoch, InWords(failure), cancellationToken);
        }
    }

    private async Task<StepResult> WorkAsync(StepContext step, StepRow row, CancellationToken cancellationToken)
    {
        if (!handlers.TryGetValue(row.Kind, out var handler)) throw new InvalidOperationException($"No handler knows steps of kind '{row.Kind}': this run was begun by a newer version.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.StepLimit);
        try
        {
            return await handler.RunAsync(step, limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"'{StepNames.InWords(row.Kind)}' took longer than {options.StepLimit.TotalMinutes:0} minutes.", late);
        }
    }

    private Task<bool> FailAsync(RunRow run, StepRow row, long epoch, string why, CancellationToken cancellationToken) => EndAsync(run, row, epoch, new StepResult.Failed(why), cancellationToken);

    private async Task<bool> EndAsync(RunRow run, StepRow row, long epoch, StepResult end, CancellationToken cancellationToken)
    {
        try
        {
            await ledger.CommitAsync(await ledger.OpenAsync(run, row, epoch, cancellationToken), end, cancellationToken);
        }
        catch (StaleOwnerException)
        {
            return false;
        }
        catch (VaultException broken)
        {
            // The vault itself refuses: the run stays where it is, and a person reads why.
            LogFailed(broken, row.Kind, row.Run);
            if (broken is SealBrokenException changed) await incidents.SuspectAsync(Suspicion.OfVault(new(run.Seller), changed), cancellationToken);
            await PublishAsync(run.Id, broken.Message, cancellationToken);
            throw;
        }

        await PublishAsync(run.Id, null, cancellationToken);
        return true;
    }

    private async Task PublishAsync(Guid run, string? blockedBy, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.Runs.FindAsync([run], cancellationToken) is not { } row) return;
        var view = await progress.ReadAsync(db, row, cancellationToken);
        progress.Publish(blockedBy is null ? view : view with { Error = blockedBy });
        if (row.State != RunState.Running || blockedBy is not null) signal.Ended();
    }

    internal static bool IsStorageFull(Exception failure)
    {
        for (var at = failure; at is not null; at = at.InnerException)
        {
            if (at is SqliteException { SqliteErrorCode: 13 } or SqliteException { SqliteErrorCode: 10, SqliteExtendedErrorCode: 778 or 1290 or 4874 }) return true;
            if (at is Npgsql.PostgresException { SqlState: "53100" }) return true;
            if (at is System.IO.IOException { HResult: unchecked((int)0x80070070) or 28 }) return true;
        }

        return false;
    }

    private static bool IsPassing(Exception failure) => failure switch
    {
        AmazonApiException amazon => amazon.IsTransient,
        TimeoutException or HttpRequestException => true,
        SqliteException { SqliteErrorCode: 5 or 6 } => true,
        Npgsql.NpgsqlException { IsTransient: true } => true,
        Microsoft.EntityFrameworkCore.DbUpdateException { InnerException: { } inner } => IsPassing(inner),
        _ => false,
    };

    private static string InWords(Exception failure) => failure switch
    {
        AmazonApiException or AmazonDocumentException or OperatorCredentialsException or VaultException or TimeoutException => failure.Message,
        _ => $"Something unexpected happened ({failure.GetType().Name}); the log has the details. Start the run again.",
    };

    [LoggerMessage(LogLevel.Information, "Step {Kind} {Run}/{Ordinal}: {Result}, {Count}")]
    private partial void LogStep(string kind, Guid run, int ordinal, string result, long count);

    [LoggerMessage(LogLevel.Warning, "Seller {Seller} has a newer owner than epoch {Epoch}")]
    private partial void LogFenced(Guid seller, long epoch);

    [LoggerMessage(LogLevel.Warning, "Step {Kind} of {Run}: attempt {Attempt} failed with {Failure}")]
    private partial void LogRetry(string kind, Guid run, int attempt, string failure);

    [LoggerMessage(LogLevel.Warning, "Step {Kind} of {Run}: Amazon does not permit {Operation}; what is known stays, and the run goes on")]
    private partial void LogForbidden(string kind, Guid run, string operation);

    [LoggerMessage(LogLevel.Error, "Step {Kind} of {Run}: the disk is full")]
    private partial void LogStorageFull(string kind, Guid run);

    [LoggerMessage(LogLevel.Error, "Step {Kind} of {Run} failed")]
    private partial void LogFailed(Exception failure, string kind, Guid run);
}
