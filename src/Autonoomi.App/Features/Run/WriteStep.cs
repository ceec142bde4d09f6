using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Autonoomi.Amazon.Ads;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Proposals;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Run;

/// <summary>
/// Sends one batch. The intent is on disk before the first byte leaves and closed in the transaction that records what became of it. When it is
/// found open (a crash, no answer), nothing is repeated before its deadline has passed and Amazon was asked how things stand.
/// </summary>
internal sealed class WriteStep(SellerLink link, Intents intents, SellerLedger ledger, Reconciliation reconciliation, Recorder recorder, ErrorStop errors, PolicyBook policies, Workspaces workspaces, RunOptions options, TimeProvider system, BusinessClock clock) : IStep
{
    private const int SendAtMost = 4;
    private const string Halted = "Writing was switched off by the emergency stop: nothing more was written. Release it, then change it again.";
    internal const string NotAgreed = "The terms that hold from now on have not been agreed to yet: agree to them, then change it again.";

    public string Kind => StepNames.Write;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.WriteNotes)!;
        if (await reconciliation.SettleAsync(step, cancellationToken, notes) is { } settled) return settled;

        if (notes.Until <= clock.GetUtcNow())
        {
            var late = notes.Writes.Select(write => new Settled(write, false, null, "The day for which it was meant was over: nothing was written.")).ToList();
            return Ended(step, late, 0, await recorder.PrepareAsync(step, late, cancellationToken));
        }

        // Whoever takes a change back may do so even now.
        var hour = await errors.ReadAsync(step, cancellationToken);
        if (step.RunKind != RunKind.Undo && (await HaltedAsync(step, cancellationToken) ?? ErrorStop.Why(hour) ?? (await policies.MayWriteAsync(step.Seller, cancellationToken) ? null : NotAgreed)) is { } stopped)
            return step.RunKind is RunKind.Edit or RunKind.Launch ? new StepResult.Failed(stopped) : new StepResult.Finished(0, null, null, () => workspaces.RecordsChanged(step.Seller, step.Storefront));

        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        if (notes.Verify) return await VerifyAsync(ads, step, notes, cancellationToken);

        var deadline = system.GetUtcNow() + options.WriteLimit;
        await ledger.CommitAsync(step, new StepResult.Again(TimeSpan.Zero, step.Notes, write => intents.Begin(write, step, notes.Writes, deadline)), cancellationToken);

        // The clock is asked again: a process that slept since then must not send into somebody else's time.
        var left = deadline - system.GetUtcNow();
        if (left <= TimeSpan.Zero) return new StepResult.Again(TimeSpan.Zero);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(left);
        IReadOnlyList<ChangeOutcome> outcomes;
        try
        {
            outcomes = await ads.ApplyAsync([.. notes.Writes.Select(write => write.Change)], limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new StepResult.Again(TimeSpan.Zero, step.Notes, await errors.CountAsync(step, hour, notes.Writes.Length, notes.Writes.Length, cancellationToken));
        }

        return await RecordAsync(step, notes, hour, outcomes, deadline, cancellationToken);
    }

    // It may have been pressed after the run began: it is asked before every batch.
    internal static async Task<string?> HaltedAsync(StepContext step, CancellationToken cancellationToken) =>
        await step.Vault.RecordAsync(RecordKind.Settings, RecordKind.RecordId(step.Storefront, "all"), StoredJson.Default.StorefrontSettings, cancellationToken) is { Frozen: true } ? Halted : null;

    private async Task<StepResult> RecordAsync(StepContext step, WriteNotes notes, StoredWrites hour, IReadOnlyList<ChangeOutcome> outcomes, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        var pairs = notes.Writes.Zip(outcomes).ToList();
        var unknown = pairs.Where(pair => pair.Second.Kind == OutcomeKind.Unknown).Select(pair => pair.First).ToImmutableArray();
        var later = pairs.Where(pair => pair.Second.Kind == OutcomeKind.Retryable).Select(pair => pair.First).ToImmutableArray();
        var settled = pairs.Where(pair => pair.Second.Kind is OutcomeKind.Accepted or OutcomeKind.Refused)
            .Select(pair => new Settled(pair.First, pair.Second.Kind == OutcomeKind.Accepted, pair.Second.CreatedId, Refusal(pair.Second))).ToList();
        if (notes.Sent + 1 >= SendAtMost)
        {
            settled.AddRange(later.Select(write => new Settled(write, false, null, "Amazon was too busy to take it; the next run proposes it again if it still holds.")));
            later = [];
        }

        var record = await recorder.PrepareAsync(step, settled, cancellationToken);
        var accepted = settled.Count(item => item.Accepted);
        var count = await errors.CountAsync(step, hour, settled.Count + unknown.Length, settled.Count - accepted + unknown.Length, cancellationToken);
        void Data(VaultWrite write)
        {
            record(write);
            count(write);
            Intents.CloseStep(write, step);
            if (unknown.Length > 0) intents.Begin(write, step, unknown, deadline);
        }

        if (unknown.Length + later.Length > 0)
        {
            var rest = new WriteNotes([.. unknown, .. later], Verify: false, notes.Sent + 1, notes.Until);
            return new StepResult.Again(options.RetryFirst, JsonSerializer.Serialize(rest, NotesJson.Default.WriteNotes), Data, accepted);
        }

        return Ended(step, settled, accepted, Data);
    }

    // Amazon is asked first whether everything still stands as the proposal saw it: a person may have decided hours ago.
    private async Task<StepResult> VerifyAsync(AdsClient ads, StepContext step, WriteNotes notes, CancellationToken cancellationToken)
    {
        var observed = await ads.ObserveAsync([.. notes.Writes.Select(write => write.Change)], cancellationToken);
        var seen = notes.Writes.Zip(observed).ToDictionary(pair => pair.First.Change.EntityKey, pair => pair.Second, StringComparer.Ordinal);

        // Placements and the bids that make room for them are written together or not at all.
        var apart = MovesTogether.Groups(notes.Writes, write => (write.Change, write.Module)).Where(group => group.Any(write => seen[write.Change.EntityKey] is Observation.Different or Observation.Gone))
            .SelectMany(group => group).Select(write => write.Change.EntityKey).ToHashSet(StringComparer.Ordinal);
        bool Stands(PlannedWrite write) => seen[write.Change.EntityKey] == Observation.Untouched && !apart.Contains(write.Change.EntityKey);
        var rest = notes.Writes.Where(Stands).ToImmutableArray();
        var settled = notes.Writes.Where(write => !Stands(write)).Select(write => new Settled(write, false, null, seen[write.Change.EntityKey] switch
        {
            Observation.Done => "Amazon already has this value: nothing was written.",
            Observation.Different => "It was changed at Amazon meanwhile: nothing was written.",
            Observation.Gone => "It no longer exists at Amazon: nothing was written.",
            Observation.Untouched => "It moves together with others of its campaign, one of which was changed at Amazon meanwhile: nothing was written.",
        })).ToList();
        var record = await recorder.PrepareAsync(step, settled, cancellationToken);
        return rest.Length == 0
            ? Ended(step, settled, 0, record)
            : new StepResult.Again(TimeSpan.Zero, JsonSerializer.Serialize(new WriteNotes(rest, Verify: false, Until: notes.Until), NotesJson.Default.WriteNotes), record);
    }

    private StepResult Ended(StepContext step, List<Settled> settled, int accepted, Action<VaultWrite> data)
    {
        if (step.RunKind == RunKind.Undo && settled.FirstOrDefault(item => !item.Accepted) is { } refused && settled.Count == 1) return new StepResult.Failed($"Not undone. {refused.Refusal}", data);
        return new StepResult.Finished(accepted, data, null, () => workspaces.RecordsChanged(step.Seller, step.Storefront));
    }

    private static string? Refusal(ChangeOutcome outcome) => outcome.Kind == OutcomeKind.Accepted ? null : $"Amazon refused: {outcome.Message ?? outcome.Code ?? "no reason given"}";
}

/// <param name="Write">What was to be written.</param>
/// <param name="Accepted">True when Amazon has it.</param>
/// <param name="CreatedId">Amazon's id of something new.</param>
/// <param name="Refusal">Why not, in a person's words.</param>
internal sealed record Settled(PlannedWrite Write, bool Accepted, long? CreatedId, string? Refusal);

/// <summary>Settles intents that were found open: waits until nothing can be in flight, asks Amazon, and records what it shows.</summary>
internal sealed class Reconciliation(SellerLink link, Intents intents, Recorder recorder, RunOptions options, TimeProvider system)
{
    /// <returns>Null when nothing is open; otherwise what the step must do first.</returns>
    public async Task<StepResult?> SettleAsync(StepContext step, CancellationToken cancellationToken, WriteNotes? own = null)
    {
        var open = await intents.OpenAsync(step.Seller, step.Storefront, cancellationToken);
        if (open.Count == 0) return null;
        var wait = open.Max(intent => intent.Deadline) + options.WriteSlack - system.GetUtcNow();
        if (wait > TimeSpan.Zero) return new StepResult.Again(wait);

        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        var sent = open.SelectMany(intent => intent.Writes).ToList();
        var observed = await ads.ObserveAsync([.. sent.Select(write => write.Change)], cancellationToken);
        var untouched = new HashSet<string>(StringComparer.Ordinal);
        var settled = new List<Settled>();
        foreach (var (write, how) in sent.Zip(observed))
        {
            switch (how)
            {
                case Observation.Done: settled.Add(new(write, true, null, null)); break;
                case Observation.Untouched: untouched.Add(write.Change.EntityKey); break;
                case Observation.Different: settled.Add(new(write, false, null, "It was changed at Amazon meanwhile: nothing more was written.")); break;
                case Observation.Gone: settled.Add(new(write, false, null, "It no longer exists at Amazon.")); break;
            }
        }

        var record = await recorder.PrepareAsync(step, settled, cancellationToken);
        var mine = open.Where(intent => intent.Run == step.Run && intent.Step == step.Ordinal).SelectMany(intent => intent.Writes).Select(write => write.Change.EntityKey).ToHashSet(StringComparer.Ordinal);
        void Data(VaultWrite write)
        {
            record(write);
            Intents.Close(write, [.. open.Select(intent => intent.Id)]);
        }

        if (own is null) return new StepResult.Again(TimeSpan.Zero, step.Notes ?? "", Data);
        var rest = own.Writes.Where(write => !mine.Contains(write.Change.EntityKey) || untouched.Contains(write.Change.EntityKey)).ToImmutableArray();
        var accepted = settled.Count(item => item.Accepted && mine.Contains(item.Write.Change.EntityKey));
        return rest.Length > 0
            ? new StepResult.Again(TimeSpan.Zero, JsonSerializer.Serialize(own with { Writes = rest }, NotesJson.Default.WriteNotes), Data, accepted)
            : new StepResult.Finished(accepted, Data);
    }
}

/// <summary>Turns what became of writes into records: changes, and the state of the proposals behind them.</summary>
internal sealed class Recorder(BusinessClock clock)
{
    public async Task<Action<VaultWrite>> PrepareAsync(StepContext step, IReadOnlyList<Settled> settled, CancellationToken cancellationToken)
    {
        if (settled.Count == 0) return _ => { };
        var now = clock.GetUtcNow();
        var found = new List<(Settled Item, StoredProposal? Proposal, StoredChange? Undone)>();
        foreach (var item in settled)
        {
            var proposal = item.Write.Proposal is { } id ? await step.Vault.RecordAsync(RecordKind.Proposal, RecordKind.RecordId(step.Storefront, id.Value), StoredJson.Default.StoredProposal, cancellationToken) : null;
            var undone = item.Write.Undoes is { } change ? await step.Vault.RecordAsync(RecordKind.Change, RecordKind.RecordId(step.Storefront, change), StoredJson.Default.StoredChange, cancellationToken) : null;
            found.Add((item, proposal, undone));
        }

        var refused = settled.Where(item => !item.Accepted && item.Write.Proposal is null).Select(item => new RefusedWrite(item.Write.Change, item.Refusal ?? "No reason was given.")).ToImmutableArray();
        var known = refused.IsEmpty ? null : await step.Vault.RecordAsync(RecordKind.Refusal, RefusalId(step), StoredJson.Default.StoredRefusals, cancellationToken);
        return write =>
        {
            if (!refused.IsEmpty) write.Put(RecordKind.Refusal, RefusalId(step), new StoredRefusals(now, step.Run, [.. known?.Writes ?? [], .. refused]), StoredJson.Default.StoredRefusals, "told");
            foreach (var (item, proposal, undone) in found)
            {
                var planned = item.Write;
                if (proposal is not null)
                    write.Put(RecordKind.Proposal, RecordKind.RecordId(step.Storefront, planned.Proposal!.Value.Value), proposal with { Note = item.Refusal }, StoredJson.Default.StoredProposal, item.Accepted ? ProposalState.Applied : ProposalState.Refused);
                if (!item.Accepted) continue;
                var id = ChangeId(step.Run, planned);
                var byPerson = step.RunKind is RunKind.Apply or RunKind.Undo or RunKind.Edit or RunKind.Launch || proposal?.Own is not null;

                // What was expected of the proposed value says nothing about another one.
                var applied = new AppliedChange(planned.Change, now, byPerson) { Module = planned.Module, Reason = planned.Reason, Product = planned.Product, Expected = proposal is { Own: null } ? proposal.Proposal.Effect : null };
                write.Put(RecordKind.Change, RecordKind.RecordId(step.Storefront, id),
                    new StoredChange(id, applied, planned.Proposal, item.CreatedId, ChangeOutcomeKind.Accepted, null, planned.Undoes, planned.Product, planned.Module, planned.Reason, step.Run, planned.Module == Module.Intraday && proposal is not null ? ProposalText.Sentence(proposal.Proposal) : null),
                    StoredJson.Default.StoredChange, "accepted");
                if (undone is not null)
                    write.Put(RecordKind.Change, RecordKind.RecordId(step.Storefront, undone.Id), undone with { UndoneBy = id }, StoredJson.Default.StoredChange, "undone");
            }
        };
    }

    private static string RefusalId(StepContext step) => RecordKind.RecordId(step.Storefront, $"{step.Run:N}-{step.Ordinal}");

    // The same write of the same run has the same id however often its record is made.
    private static string ChangeId(Guid run, PlannedWrite write) => $"{run:N}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(write.Change.EntityKey)).AsSpan(0, 8))}";
}
