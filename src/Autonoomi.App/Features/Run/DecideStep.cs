using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Run;

/// <summary>One look at the workspace: proposals with their evidence, sealed; what was open before and is no longer proposed expires.</summary>
internal sealed class DecideStep(Workspaces workspaces, ProfitShelf shelf, CpuGate cpu) : IStep
{
    // A person's yes is good for a few days: after that the figures behind it are another day's.
    private const int ApprovalDays = 3;
    private const int KeepDays = 14;

    public string Kind => StepNames.Decide;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var workspace = await workspaces.GetAsync(step.Seller, step.Storefront, cancellationToken);
        var seen = await shelf.DecidedOnAsync(step.Seller, workspace, cancellationToken);
        var review = await cpu.RunAsync(() => Optimiser.ReviewAll(seen, DecisionSettings.Default), cancellationToken);
        var decision = review.Decision;
        var known = (await step.Vault.RecordsAsync(RecordKind.Proposal, StoredJson.Default.StoredProposal, null, cancellationToken))
            .Where(record => record.Id.StartsWith(step.Storefront + "/", StringComparison.Ordinal)).ToDictionary(record => record.Id, StringComparer.Ordinal);
        var handovers = (await step.Vault.RecordsAsync(RecordKind.Handover, StoredJson.Default.Handover, null, cancellationToken))
            .Where(record => record.Id.StartsWith(step.Storefront + "/", StringComparison.Ordinal)).Select(record => record.Id).ToList();

        var basis = DecisionBasis.Of(workspace);
        var doubts = await Readings.DoubtsAsync(step, workspace.Today, workspace.Marketplace.Currency, cancellationToken);

        // While writing is stopped because hours ran away, the reason stays beside the newest decision.
        if (workspace.Settings.Frozen && await step.Vault.RecordAsync(RecordKind.Decision, RecordKind.RecordId(step.Storefront, "latest"), StoredJson.Default.StoredDecision, cancellationToken) is { } last)
            doubts = [.. last.Notes.Where(note => note.Issue == DataIssue.RunsAway), .. doubts];
        bool IsAutomatic(Proposal proposal) => !workspace.IsFrozen && workspace.Settings.ModeOf(proposal.Change.Campaign) == AutomationMode.Auto;
        var writes = workspace is { Settings.Mode: not AutomationMode.Watch, IsFrozen: false };
        return new StepResult.Finished(decision.Proposals.Length, write =>
        {
            Put(write, step.Storefront, workspace.Today, known, decision.Proposals, IsAutomatic, basis);
            foreach (var id in handovers) write.Delete(RecordKind.Handover, id);
            foreach (var handover in decision.Handovers)
                write.Put(RecordKind.Handover, HandoverId(step.Storefront, handover), handover, StoredJson.Default.Handover, Word(handover.State));
            write.Put(RecordKind.Review, RecordKind.RecordId(step.Storefront, "latest"), StoredReview.Of(workspace.Today, review), StoredJson.Default.StoredReview, "latest");
            write.Put(RecordKind.Score, RecordKind.RecordId(step.Storefront, workspace.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                new StoredScore(workspace.Today, review.Health.Score, review.Health.Low, review.Health.High, review.Health.Lost), StoredJson.Default.StoredScore, "day");
            ErrorStop.Lift(write, step);
            write.Put(RecordKind.Decision, RecordKind.RecordId(step.Storefront, "latest"), Summary(workspace.Today, decision, doubts), StoredJson.Default.StoredDecision, "latest");
        },
        writes ? [new(StepNames.Apply, null)] : [],
        () => workspaces.RecordsChanged(step.Seller, step.Storefront));
    }

    /// <summary>Puts the decision's proposals beside those that are known: what a person put aside or refused stays so, what is no longer proposed ages.</summary>
    internal static void Put(
        VaultWrite write, StorefrontId storefront, DateOnly today, Dictionary<string, VaultRecord<StoredProposal>> known, ImmutableArray<Proposal> proposals, Func<Proposal, bool> isAutomatic, DecisionBasis? basis)
    {
        var aside = PutAside.Of(known.Values, proposals, today);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var proposal in proposals)
        {
            var id = RecordKind.RecordId(storefront, proposal.Id.Value);
            var before = known.GetValueOrDefault(id);
            var automatic = isAutomatic(proposal);
            var stored = new StoredProposal(proposal, today) { Basis = basis };
            if (before?.State is ProposalState.Approved or ProposalState.Applied or ProposalState.Refused or ProposalState.Due)
            {
                seen.Add(id);
            }
            else if (!aside.TryGetValue(proposal.Id, out var held))
            {
                seen.Add(id);
                if (before is { State: ProposalState.Rejected, Value.Rejection: null } || (before is { State: ProposalState.Open } && !automatic)) continue;
                write.Put(RecordKind.Proposal, id, stored, StoredJson.Default.StoredProposal, automatic ? ProposalState.Approved : ProposalState.Open);
            }
            else if (held.Snooze is { } snooze)
            {
                // The newest figures wait in place of the older ones.
                seen.Add(id);
                write.Put(RecordKind.Proposal, id, stored with { Snooze = snooze }, StoredJson.Default.StoredProposal, ProposalState.Snoozed);
                if (held.Before is { } older && older.Id != id && seen.Add(older.Id)) write.Delete(RecordKind.Proposal, older.Id);
            }
            else if (held.Before is { } refused && seen.Add(refused.Id))
            {
                write.Put(RecordKind.Proposal, refused.Id, refused.Value with { Rejection = refused.Value.Rejection! with { AskedOn = today, AskedGain = proposal.Effect.Mean } }, StoredJson.Default.StoredProposal, ProposalState.Rejected);
            }
        }

        // What waited and is asked for again has come back under today's name.
        var asked = proposals.Where(proposal => !aside.ContainsKey(proposal.Id)).Select(SameChange.Of).ToHashSet();
        foreach (var record in known.Values.Where(record => !seen.Contains(record.Id)))
        {
            if (record.State == ProposalState.Snoozed && asked.Contains(SameChange.Of(record.Value.Proposal))) write.Delete(RecordKind.Proposal, record.Id);
            else Age(write, record, today);
        }
    }

    private static void Age(VaultWrite write, VaultRecord<StoredProposal> record, DateOnly today)
    {
        var age = today.DayNumber - record.Value.Created.DayNumber;
        if (record.State == ProposalState.Snoozed && today < record.Value.Snooze?.Until)
        {
            write.Put(RecordKind.Proposal, record.Id, record.Value with { Note = "The newest figures do not ask for it." }, StoredJson.Default.StoredProposal, ProposalState.Snoozed);
            return;
        }

        if (record.State == ProposalState.Rejected && today < record.Value.Rejection?.Until) return;
        if (record.State is ProposalState.Open or ProposalState.Snoozed || (record.State == ProposalState.Due && age > 0) || (record.State == ProposalState.Approved && age > ApprovalDays))
            write.Put(RecordKind.Proposal, record.Id, record.Value with { Note = "Newer figures no longer ask for it." }, StoredJson.Default.StoredProposal, ProposalState.Expired);
        else if (record.State is ProposalState.Expired or ProposalState.Applied or ProposalState.Refused or ProposalState.Rejected && age > KeepDays)
            write.Delete(RecordKind.Proposal, record.Id);
    }

    private static StoredDecision Summary(DateOnly day, Decision decision, ImmutableArray<DataNote> doubts) => new(day, decision.Proposals.Length, decision.BudgetPrice, decision.PlannedSpend, [.. decision.Notes, .. doubts],
        decision.Withheld.GroupBy(item => item.Guardrail, StringComparer.Ordinal).ToImmutableSortedDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal))
    {
        Held = StoredDecision.Dearest(decision.Withheld),
        Plan = decision.Plan,
    };

    private static string HandoverId(StorefrontId storefront, Handover handover) => RecordKind.RecordId(storefront, $"{handover.Sku}/{handover.SourceAdGroup.Value}/{handover.TargetAdGroup.Value}/{handover.Term}");

#pragma warning disable CA1308 // a state word of the vault is lower case
    private static string Word(HandoverState state) => state.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}

/// <summary>Collects what was approved into batches.</summary>
internal sealed class ApplyStep(Workspaces workspaces, ErrorStop errors, RunOptions options) : IStep
{
    public string Kind => StepNames.Apply;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var workspace = await workspaces.GetAsync(step.Seller, step.Storefront, cancellationToken);
        if (workspace.Settings.Frozen) return new StepResult.Failed("Writing is switched off for this storefront (kill switch). Switch it on under Strategy and limits, then apply again.");
        if (workspace.IsFrozen) return new StepResult.Failed("Today is one of the days on which nothing is written, as Strategy and limits says. Take the dates away there, or apply again afterwards.");
        if (ErrorStop.Why(await errors.ReadAsync(step, cancellationToken)) is { } stopped) return new StepResult.Failed(stopped);
        var approved = (await step.Vault.RecordsAsync(RecordKind.Proposal, StoredJson.Default.StoredProposal, ProposalState.Approved, cancellationToken))
            .Where(record => record.Id.StartsWith(step.Storefront + "/", StringComparison.Ordinal))
            .OrderByDescending(record => record.Value.Created).ThenByDescending(record => record.Value.Proposal.Effect.Mean.Amount).ThenBy(record => record.Id, StringComparer.Ordinal);

        // A run by itself leaves campaigns alone that are only watched; somebody who asks to apply has looked.
        var alone = step.RunKind == Platform.Data.RunKind.Full;
        var chosen = Within(Chosen([.. approved.Select(record => record.Value).Where(stored => !alone || workspace.Settings.ModeOf(stored.Proposal.Change.Campaign) != AutomationMode.Watch)]), Room(workspace));
        if (chosen.Count == 0) return new StepResult.Finished(0);

        // In a full run the structure was read minutes ago and the decision rests on it. Otherwise Amazon is asked first.
        var verify = step.RunKind != Platform.Data.RunKind.Full || chosen.Any(stored => stored.Created != workspace.Today);
        return new StepResult.Finished(0, null,
        [
            .. Batches(chosen, options.BatchSize).Select(batch => NewStep.With(StepNames.Write, new WriteNotes(
                [.. batch.Select(Planned)], verify), NotesJson.Default.WriteNotes)),
            new(StepNames.ReadBack, null),
        ]);
    }

    // Two approvals for one thing can only come from two days: the younger one counts, the older stays approved until it expires.
    // What was to move together with an older one stays with it: a placement is not written without the bids that make room for it.
    internal static IReadOnlyList<StoredProposal> Chosen(IReadOnlyList<StoredProposal> approved)
    {
        var chosen = approved.DistinctBy(stored => stored.Wanted.EntityKey, StringComparer.Ordinal).ToHashSet();
        foreach (var group in Groups(approved))
        {
            if (!group.All(chosen.Contains)) chosen.ExceptWith(group);
        }

        return [.. approved.Where(chosen.Contains)];
    }

    // The seller's limit of a day holds for what is written, whatever was approved.
    private static int Room(Workspace workspace) => workspace.Settings.MaximumChangesPerDay is { } allowed && (workspace.SyncedAt ?? DateTimeOffset.MaxValue) is var now
        ? Math.Max(0, allowed - workspace.Changes.Count(applied => now - applied.At < TimeSpan.FromHours(20))) : int.MaxValue;

    /// <returns>The first of them that fit, what moves together whole or not at all.</returns>
    internal static IReadOnlyList<StoredProposal> Within(IReadOnlyList<StoredProposal> chosen, int room)
    {
        if (chosen.Count <= room) return chosen;
        var taken = new HashSet<StoredProposal>(ReferenceEqualityComparer.Instance);
        foreach (var unit in MovesTogether.Units(chosen, Groups(chosen)))
        {
            if (taken.Count + unit.Length <= room) taken.UnionWith(unit);
        }

        return [.. chosen.Where(taken.Contains)];
    }

    // What moves together is checked together at Amazon, so it travels in one batch, which may be larger for it.
    internal static IEnumerable<IReadOnlyList<StoredProposal>> Batches(IReadOnlyList<StoredProposal> chosen, int size)
    {
        var batch = new List<StoredProposal>();
        foreach (var unit in MovesTogether.Units(chosen, Groups(chosen)))
        {
            if (batch.Count > 0 && batch.Count + unit.Length > size)
            {
                yield return batch;
                batch = [];
            }

            batch.AddRange(unit);
        }

        if (batch.Count > 0) yield return batch;
    }

    // A person's own value is a person's change: no part of the optimiser answers for it, and none takes it back.
    private static PlannedWrite Planned(StoredProposal stored) => stored.Own is { } own
        ? new(own, stored.Proposal.Id, null, stored.Proposal.Product)
        : new(stored.Proposal.Change, stored.Proposal.Id, null, stored.Proposal.Product, stored.Proposal.Module, stored.Proposal.Reason);

    private static IEnumerable<ImmutableArray<StoredProposal>> Groups(IEnumerable<StoredProposal> stored) =>
        stored.GroupBy(item => item.Created).SelectMany(day => MovesTogether.Groups(day, item => (item.Proposal.Change, item.Proposal.Module)));
}
