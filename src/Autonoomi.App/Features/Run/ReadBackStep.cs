using System.Collections.Immutable;
using Autonoomi.Amazon.Ads;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Run;

/// <summary>Looks at what Amazon has now: confirms each change, reads the structure anew, and lets a second pair of eyes audit what was written.</summary>
internal sealed class ReadBackStep(SellerLink link, Workspaces workspaces, ProfitShelf shelf, CpuGate cpu, BusinessClock clock) : IStep
{
    public string Kind => StepNames.ReadBack;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var records = (await step.Vault.RecordsAsync(RecordKind.Change, StoredJson.Default.StoredChange, null, cancellationToken))
            .Where(record => record.Id.StartsWith(step.Storefront + "/", StringComparison.Ordinal)).Select(record => record.Value).ToList();
        var mine = records.Where(change => change.Run == step.Run).OrderBy(change => change.Id, StringComparer.Ordinal).ToList();
        if (mine.Count == 0 && step.RunKind != RunKind.Launch) return new StepResult.Finished(0);

        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        var observed = await ads.ObserveAsync([.. mine.Select(change => change.Applied.Change)], cancellationToken);

        // Until this step commits, the workspace still has the structure on which was decided.
        var now = await workspaces.GetAsync(step.Seller, step.Storefront, cancellationToken);
        var (_, _, structure) = await StructureStep.ReadAsync(ads, step, clock.GetUtcNow(), now.Marketplace, cancellationToken);
        var ours = mine.Select(change => change.Applied).ToHashSet();
        var before = await shelf.DecidedOnAsync(step.Seller, now with { Changes = [.. now.Changes.Where(change => !ours.Contains(change))] }, cancellationToken);

        // Guardrails bind the optimiser. What people change, or set in place of what was proposed, is theirs: it was held against their own limits before it was written.
        ImmutableArray<Change> written = step.RunKind is RunKind.Edit or RunKind.Undo or RunKind.Launch ? [] : [.. mine.Where(change => !(change.Proposal is not null && change.Module is null)).Select(change => change.Applied.Change)];
        var day = clock.Day(now.Marketplace);
        var breaches = await cpu.RunAsync(() => step.RunKind == RunKind.Hour ? GuardrailAudit.CheckDay(before, written, day) : GuardrailAudit.CheckAll(before, written), cancellationToken);
        var audit = new StoredAudit(now.Today, mine.Count, [.. breaches.Select(breach => $"{breach.Guardrail}: {breach.Why}")]);

        return new StepResult.Finished(observed.Count(item => item == Observation.Done), write =>
        {
            foreach (var (change, how) in mine.Zip(observed))
            {
                var outcome = how == Observation.Done ? ChangeOutcomeKind.Confirmed : ChangeOutcomeKind.Overwritten;
                write.Put(RecordKind.Change, RecordKind.RecordId(step.Storefront, change.Id), change with { Outcome = outcome }, StoredJson.Default.StoredChange, outcome == ChangeOutcomeKind.Confirmed ? "confirmed" : "overwritten");
            }

            write.Put(RecordKind.Audit, RecordKind.RecordId(step.Storefront, step.Run.ToString("N")), audit, StoredJson.Default.StoredAudit, breaches.Length == 0 ? "clean" : "breached");
            structure(write);
        }, null, () => workspaces.FactsReplaced(step.Seller, step.Storefront));
    }
}
