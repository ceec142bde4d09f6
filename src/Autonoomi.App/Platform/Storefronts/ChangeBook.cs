using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <param name="Inverse">What would be written; null when nothing can be.</param>
/// <param name="Words">What undoing does, or why it cannot be done, in a person's words.</param>
public sealed record UndoPlan(Change? Inverse, string Words);

/// <param name="Run">The run that writes the inverse; null when nothing can be undone.</param>
/// <param name="Words">What will happen, or why nothing can.</param>
public sealed record UndoResult(Guid? Run, string Words);

/// <summary>What was written to Amazon, and how to take it back.</summary>
public sealed class ChangeBook(SellerVaults vaults, Runs runs, RunOptions options, Rights rights)
{
    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<StoredChange>> ListAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var records = await vault.RecordsAsync(RecordKind.Change, StoredJson.Default.StoredChange, null, cancellationToken);
        return
        [
            .. records.Where(record => record.Id.StartsWith(storefront + "/", StringComparison.Ordinal)).Select(record => record.Value)
                .OrderByDescending(change => change.Applied.At).ThenByDescending(change => change.Id, StringComparer.Ordinal),
        ];
    }

    /// <returns>What somebody else changed at Amazon; null before its history was read.</returns>
    public async Task<StoredHistory?> OthersAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        return await vault.RecordAsync(RecordKind.History, RecordKind.RecordId(storefront, "others"), StoredJson.Default.StoredHistory, cancellationToken);
    }

    /// <summary>What undoing this change would write. Says plainly what cannot be taken back.</summary>
    public static UndoPlan PlanUndo(StoredChange change)
    {
        if (change.UndoneBy is not null) return new(null, "This change was already undone.");
        return change.Applied.Change switch
        {
            SetBid bid => new(bid with { Before = bid.After, After = bid.Before }, $"Sets the bid back to {bid.Before}."),
            SetBudget budget => new(budget with { Before = budget.After, After = budget.Before }, $"Sets the daily budget back to {budget.Before}."),
            SetPlacement placement => new(placement with { BeforePercent = placement.AfterPercent, AfterPercent = placement.BeforePercent }, $"Sets the placement increase back to {placement.BeforePercent}%."),
            SetTargetState { After: EntityState.Archived } => new(null, "An archived target never comes back at Amazon: create a new one instead."),
            SetTargetState state => new(state with { Before = state.After, After = state.Before }, $"Sets the target back to {(state.Before == EntityState.Enabled ? "enabled" : "paused")}."),
            SetCampaignState { After: EntityState.Archived } => new(null, "An archived campaign never comes back at Amazon: launch a new one instead."),
            SetCampaignState state => new(state with { Before = state.After, After = state.Before }, $"Sets the campaign back to {(state.Before == EntityState.Enabled ? "enabled" : "paused")}."),
            SetAdGroupState state => new(state with { Before = state.After, After = state.Before }, $"Sets the ad group back to {(state.Before == EntityState.Enabled ? "enabled" : "paused")}."),
            CreateTarget created when change.CreatedId is { } id => new(
                new SetTargetState(created.Campaign, created.AdGroup, new(id), created.Match is MatchType.Exact or MatchType.Phrase or MatchType.Broad ? TargetKind.Keyword : TargetKind.Product, EntityState.Enabled, EntityState.Paused) { AdProduct = created.AdProduct },
                "Pauses the new target. Amazon keeps it in the ad group; clicks that it already had are paid."),
            CreateTarget => new(null, "Amazon did not say which id the new target has; pause it on the targets page."),
            AddNegative negative when change.CreatedId is { } id => new(
                new ArchiveNegative(negative.Campaign, negative.AdGroup, new(id), negative.Match, negative.Text) { AdProduct = negative.AdProduct }, "Archives the negative: the term may be matched again."),
            AddNegative => new(null, "Amazon did not say which id the negative has; it can be archived in the advertising console."),
            ArchiveNegative negative => new(new AddNegative(negative.Campaign, negative.AdGroup, negative.Match, negative.Text) { AdProduct = negative.AdProduct }, "Adds the negative again, under a new id."),
            var unknown => throw new InvalidOperationException($"{unknown.GetType().Name} has no inverse here."),
        };
    }

    /// <summary>Takes back everything that one run wrote and that can be taken back, together.</summary>
    /// <returns>No run where nothing can.</returns>
    public async Task<UndoResult> UndoBatchAsync(SellerId seller, StorefrontId storefront, Guid run, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Undo, cancellationToken) is { } refusal) return new(null, refusal.Message);
        var plans = (await ListAsync(seller, storefront, cancellationToken)).Where(change => change.Run == run && change.UndoneBy is null).Select(change => (change.Id, Plan: PlanUndo(change))).ToList();
        PlannedWrite[] writes = [.. plans.Where(item => item.Plan.Inverse is not null).Select(item => new PlannedWrite(item.Plan.Inverse!, null, item.Id))];
        if (writes.Length == 0) return new(null, "Nothing of it can be undone any more.");
        var words = writes.Length == plans.Count ? $"{writes.Length} changes are taken back." : $"{writes.Length} of {plans.Count} changes are taken back; the others cannot be.";
        var begun = await runs.BeginAsync(seller, storefront, Data.RunKind.Undo, WriteNotes.Steps(options.BatchSize, [writes]), shared: false, cancellationToken, new(AuditAction.Undo, by, seller, $"{writes.Length} applied changes"));
        return new(begun, words);
    }

    /// <summary>Writes the inverse through the same machinery as any change. When Amazon shows something else meanwhile, nothing is written and the run says so.</summary>
    public async Task<UndoResult> UndoAsync(SellerId seller, StorefrontId storefront, string changeId, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Undo, cancellationToken) is { } refusal) return new(null, refusal.Message);
        var vault = await vaults.OpenAsync(seller, Purpose.Instruct, cancellationToken);
        if (await vault.RecordAsync(RecordKind.Change, RecordKind.RecordId(storefront, changeId), StoredJson.Default.StoredChange, cancellationToken) is not { } change)
            return new(null, "There is no such change in this storefront.");
        var plan = PlanUndo(change);
        if (plan.Inverse is not { } inverse) return new(null, plan.Words);
        var run = await runs.BeginAsync(seller, storefront, Data.RunKind.Undo, WriteNotes.Steps(1, [[new PlannedWrite(inverse, null, changeId)]]), shared: false, cancellationToken, new(AuditAction.Undo, by, seller, "one applied change"));
        return new(run, plan.Words);
    }
}
