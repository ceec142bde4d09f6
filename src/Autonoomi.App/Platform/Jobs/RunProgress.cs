using System.Collections.Concurrent;
using System.Text.Json;
using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Jobs;

/// <param name="Run">The run.</param>
/// <param name="Seller">Whose.</param>
/// <param name="Storefront">For which storefront.</param>
/// <param name="Kind">What kind of run.</param>
/// <param name="State">Running, done or failed.</param>
/// <param name="Step">The step in work, in a person's words ("Reading search terms"); of a finished run the last one.</param>
/// <param name="StepsDone">Finished steps.</param>
/// <param name="StepsTotal">Steps known so far; grows while the run learns what is to be done.</param>
/// <param name="Rows">Rows read so far.</param>
/// <param name="Changes">Changes that Amazon took so far.</param>
/// <param name="Error">Why it failed, or what holds it up while it is still running, and what to do, in a person's words.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="FinishedAt">When it ended.</param>
public sealed record RunView(
    Guid Run, SellerId Seller, StorefrontId Storefront, RunKind Kind, RunState State, string Step, int StepsDone, int StepsTotal, long Rows, long Changes,
    string? Error, DateTimeOffset RequestedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>Time until the steps known so far are done, at the pace of the last ones; null while there is nothing to go by.</summary>
    public TimeSpan? Left { get; init; }

    /// <returns>Whole percent, 0 to 100.</returns>
    public int Percent => State == RunState.Done ? 100 : StepsTotal == 0 ? 0 : (int)(100L * StepsDone / StepsTotal);
}

/// <summary>An advertising report that a run still waits for.</summary>
/// <param name="Dataset">Which.</param>
/// <param name="Days">Of which days.</param>
/// <param name="Asked">Amazon was asked for it, and makes it.</param>
public sealed record AwaitedReport(Dataset Dataset, DateSpan Days, bool Asked);

/// <summary>Where runs stand: pushed while they happen, and read from the ledger after a restart.</summary>
public sealed class RunProgress(AppDbs databases, KeyChain keys)
{
    private readonly ConcurrentDictionary<(SellerId, StorefrontId), RunView> latest = new();

    /// <summary>A run began, moved on or ended. Raised on the job's thread: marshal before touching a screen.</summary>
    public event Action<RunView>? Changed;

    /// <summary>The newest run of a storefront in this process, without a look into the ledger.</summary>
    public RunView? Current(SellerId seller, StorefrontId storefront) => latest.GetValueOrDefault((seller, storefront));

    /// <summary>The newest run of a storefront, from memory or from the ledger; null when there never was one. The hourly look is none that a person waits for.</summary>
    public async Task<RunView?> LatestAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        if (Current(seller, storefront) is { } known) return known;
        await using var db = databases.System();
        var run = await db.Runs.AsNoTracking().Where(row => row.Seller == seller.Value && row.Storefront == storefront.Value && row.Kind != RunKind.Hour)
            .OrderByDescending(row => row.RequestedAt).FirstOrDefaultAsync(cancellationToken);
        return run is null ? null : await ReadAsync(db, run, cancellationToken);
    }

    /// <summary>The advertising reports that a run still waits for, in the order in which Amazon is asked: the newest days first.</summary>
    public async Task<IReadOnlyList<AwaitedReport>> AwaitedAsync(RunView run, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var steps = await db.Steps.AsNoTracking().Where(step => step.Run == run.Run && step.Seller == run.Seller.Value && step.Kind == StepNames.Report && step.State == StepState.Waiting && step.SealedNotes != null).OrderBy(step => step.Ordinal).ToListAsync(cancellationToken);
        return
        [
            .. from step in steps
               let notes = JsonSerializer.Deserialize(keys.Application.OpenText("step", "notes", $"{step.Run:N}/{step.Ordinal}", step.SealedNotes!), NotesJson.Default.ReportNotes)!
               select new AwaitedReport(notes.Dataset, new(notes.First, notes.Last), notes.Id is not null),
        ];
    }

    internal async Task<RunView> ReadAsync(AppDb db, RunRow run, CancellationToken cancellationToken)
    {
        var steps = await db.Steps.AsNoTracking().Where(step => step.Run == run.Id).OrderBy(step => step.Ordinal)
            .Select(step => new { step.Kind, step.State, step.Count, step.FinishedAt }).ToListAsync(cancellationToken);
        var at = steps.FirstOrDefault(step => step.State == StepState.Waiting && !StepNames.IsBackground(step.Kind)) ?? steps.FirstOrDefault(step => step.State == StepState.Waiting) ?? steps.LastOrDefault();
        return new RunView(
            run.Id, new(run.Seller), new(run.Storefront), run.Kind, run.State, at is null ? "" : StepNames.InWords(at.Kind),
            steps.Count(step => step.State == StepState.Done), steps.Count,
            steps.Where(step => StepNames.ReadsRows(step.Kind)).Sum(step => step.Count), steps.Where(step => step.Kind is StepNames.Write or StepNames.Launch).Sum(step => step.Count),
            run.SealedError is null ? null : keys.Application.OpenText("run", "error", run.Id.ToString("N"), run.SealedError),
            run.RequestedAt, run.FinishedAt)
        {
            Left = run.State == RunState.Running ? TimeLeft([.. steps.Where(step => step.FinishedAt is not null).Select(step => step.FinishedAt!.Value)], steps.Count(step => step.State == StepState.Waiting)) : null,
        };
    }

    /// <param name="finished">When steps ended, in any order.</param>
    /// <param name="remaining">How many are left.</param>
    internal static TimeSpan? TimeLeft(IReadOnlyList<DateTimeOffset> finished, int remaining)
    {
        const int Enough = 4, Recent = 12;
        if (finished.Count < Enough || remaining == 0) return null;
        var recent = finished.Order().TakeLast(Recent).ToList();
        return (recent[^1] - recent[0]) / (recent.Count - 1) * remaining;
    }

    internal RunView? Blocked(Guid run) => latest.Values.FirstOrDefault(view => view.Run == run && view is { State: RunState.Running, Error: not null });

    internal void Publish(RunView view)
    {
        if (view.Kind == RunKind.Hour) return;
        latest[(view.Seller, view.Storefront)] = view;
        Changed?.Invoke(view);
    }
}

/// <summary>Names of the steps and what a person reads while they happen.</summary>
public static class StepNames
{
    public const string Structure = "structure";
    public const string Suggestions = "suggestions";
    public const string Controls = "controls";
    public const string Listings = "listings";
    public const string Orders = "orders";
    public const string OrderFile = "order-file";
    public const string Report = "report";
    public const string Economics = "economics";
    public const string Ledger = "ledger";
    public const string Fees = "fees";
    public const string Selling = "selling";
    public const string Finish = "synced";
    public const string Decide = "decide";
    public const string Apply = "apply";
    public const string Write = "write";
    public const string ReadBack = "read-back";
    public const string Look = "look";
    public const string Hour = "hour";
    public const string Guard = "guard";
    public const string Halt = "halt";
    public const string Retain = "retain";
    public const string Launch = "launch";

    public static string InWords(string kind) => kind switch
    {
        Structure => "Reading campaigns and targets",
        Suggestions => "Reading suggested bids",
        Controls => "Reading portfolios, budget rules and changes by others",
        Listings => "Reading listings and stock",
        Orders or OrderFile => "Reading orders",
        Report => "Reading advertising reports",
        Economics => "Reading fees and sales",
        Ledger => "Reading settlements and transactions",
        Fees => "Reading fee estimates",
        Selling => "Reading visits, stock plans and searches",
        Finish => "Opening the workspace",
        Decide => "Deciding",
        Apply => "Preparing changes",
        Write => "Writing changes to Amazon",
        ReadBack => "Reading changes back",
        Look => "Looking whether Amazon still takes the consents",
        Hour => "Reading what the day has cost so far",
        Guard => "Keeping the day within its cap",
        Halt => "Stopping all writing",
        Launch => "Making campaigns at Amazon",
        Retain => "Taking away what has reached its limit",
        _ => kind,
    };

    /// <summary>These do not look at each other's results: while one waits for Amazon, the next may go on.</summary>
    public static bool IsIndependent(string kind) => kind is Suggestions or Controls or Listings or Orders or OrderFile or Report or Economics;

    /// <summary>Nobody waits for these: they use the time in which others wait for Amazon, and the end of the run.</summary>
    public static bool IsBackground(string kind) => kind is Ledger or Fees or Selling;

    /// <summary>Where Amazon does not permit one of these, its old facts stay and the run goes on: campaigns and their reports are what a run cannot do without.</summary>
    public static bool GoesWithout(string kind) => kind is Suggestions or Controls or Listings or Orders or OrderFile or Economics or Hour || IsBackground(kind);

    public static bool ReadsRows(string kind) => kind is Structure or Suggestions or Listings or Orders or OrderFile or Report or Economics or Ledger or Fees or Selling;
}
