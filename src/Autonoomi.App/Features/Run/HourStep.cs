using System.Collections.Immutable;
using System.Text.Json;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Intraday;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Run;

/// <summary>What the day has cost so far, as Amazon counts it against daily budgets of all ad products; where it is on its way beyond its cap, the guard follows. See docs/maths/intraday.md.</summary>
internal sealed partial class HourStep(SellerLink link, GrantBook grants, Workspaces workspaces, Runs runs, BusinessClock clock, ILogger<HourStep> log) : IStep
{
    // Lowered budgets are given back by a decision: where none has come by then, one is asked for, on reports of a day that has ended four hours ago.
    private const double MorningShare = 4 / 24.0;

    public string Kind => StepNames.Hour;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var before = await DayBook.ReadAsync(step, workspaces, clock, cancellationToken);
        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        var asked = before.Whole.Campaigns.Where(campaign => campaign.State == EntityState.Enabled && campaign.BudgetIsDaily).ToList();
        var answers = await UseAsync(step, ads, asked, cancellationToken);
        LogCounted(step.Storefront.Value, answers.Count, asked.Count);
        var today = before.Stored.Today.With(before.Day, answers.Select(use => (use.Campaign, Count(use))), MovedAt(before));
        var now = before with { Stored = before.Stored with { Today = today } };
        if (IsGivenBackLate(now)) await runs.RequestAsync(step.Seller, step.Storefront, cancellationToken);

        // An answer that is no younger is no new hour; and while writing is stopped, what was said stays said.
        if (today.CountedAt == before.Stored.Today.CountedAt || now.Workspace.IsFrozen) return new StepResult.Finished(answers.Count, write => now.PutHours(write, step));

        var judged = now.Judge();
        if (now.IsAutomatic && (!judged.Steps.IsEmpty || judged.RunsAway is not null))
        {
            // Somebody may have changed budgets since the last sync: what is lowered is what stands at Amazon now.
            var (_, _, structure) = await StructureStep.ReadAsync(ads, step, clock.GetUtcNow(), now.Workspace.Marketplace, cancellationToken);
            return new StepResult.Finished(answers.Count, write =>
            {
                now.PutHours(write, step);
                structure(write);
            }, [new(StepNames.Guard, null)], () => workspaces.FactsReplaced(step.Seller, step.Storefront));
        }

        return new StepResult.Finished(answers.Count, write =>
        {
            now.PutHours(write, step);
            now.Tell(write, step, Notes(now, judged));
        }, null, () => workspaces.RecordsChanged(step.Seller, step.Storefront));
    }

    /// <summary>Each ad product has a service of its own. Without that of Sponsored Products there is nothing to keep the day by; the others' counts may come an hour later.</summary>
    private async Task<List<BudgetUse>> UseAsync(StepContext step, AdsClient ads, List<Campaign> campaigns, CancellationToken cancellationToken)
    {
        var told = new List<BudgetUse>();
        foreach (var product in campaigns.GroupBy(campaign => campaign.AdProduct, campaign => campaign.Id).OrderBy(group => group.Key))
        {
            try
            {
                told.AddRange(await ads.BudgetUseAsync(product.Key, [.. product], cancellationToken));
            }
            catch (AmazonApiException outage) when (product.Key != AdProduct.SponsoredProducts)
            {
                if (outage is { IsForbidden: true, Grant: { } grant }) await grants.HeardAsync(step.Seller, grant, GrantAnswer.Forbidden, outage.Operation, cancellationToken);
                LogUntold(product.Key, outage.Status is { } status ? (int)status : 0);
            }
        }

        return told;
    }

    // What was lowered today stays said until the day ends.
    private static IEnumerable<DataNote> Notes(DayBook day, IntradayDecision judged)
    {
        if (judged.RunsAway is { } hours) yield return day.RunawayNote(hours);
        if (!judged.Steps.IsEmpty) yield return day.CapNote(judged);
        else if (!day.Workspace.LoweredToday.IsEmpty && day.Decision?.Notes.FirstOrDefault(note => note.Issue == DataIssue.DayCap) is { } said) yield return said;
    }

    private bool IsGivenBackLate(DayBook day) => day.IsAutomatic && day.Decision?.Day < day.Day.Date && day.Day.PassedAt(clock.GetUtcNow()) >= MorningShare
        && day.Workspace.Changes.Where(applied => applied.Change is SetBudget).GroupBy(applied => applied.Change.EntityKey, StringComparer.Ordinal).Any(changes => changes.Last() is { Module: Module.Intraday } last && last.At < day.Day.Start);

    // The percent is of the budget that stands beside it: a budget that was changed during the day changes both.
    private static SpendCount Count(BudgetUse use) => new(use.At, decimal.Round(use.Budget.Amount * use.Percent / 100, use.Budget.Currency.Decimals), use.Budget.Amount);

    private static Dictionary<CampaignId, DateTimeOffset> MovedAt(DayBook day) => day.Whole.Changes
        .Where(applied => applied.Change is SetBudget && day.Day.Holds(applied.At)).GroupBy(applied => applied.Change.Campaign).ToDictionary(group => group.Key, group => group.Max(applied => applied.At));

    [LoggerMessage(LogLevel.Information, "Storefront {Storefront}: Amazon told how far {Told} of {Asked} budgets are used")]
    private partial void LogCounted(long storefront, int told, int asked);

    [LoggerMessage(LogLevel.Warning, "How far budgets of {Product} are used was not told: Amazon answered {Status}")]
    private partial void LogUntold(AdProduct product, int status);
}

/// <summary>Lowers budgets, so that the day keeps its cap; on budgets that were read a moment ago.</summary>
internal sealed class GuardStep(Workspaces workspaces, Reconciliation reconciliation, BusinessClock clock, RunOptions options) : IStep
{
    public string Kind => StepNames.Guard;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        // What a broken-off run may have written is settled before anything is decided anew.
        if (await reconciliation.SettleAsync(step, cancellationToken) is { } first) return first;

        var day = await DayBook.ReadAsync(step, workspaces, clock, cancellationToken);
        if (!day.IsAutomatic || day.Stored.Today.Campaigns.IsEmpty) return new StepResult.Finished(0);
        var judged = day.Judge();
        var proposals = DayProposals.Of(day.Workspace, judged, day.Day);
        return new StepResult.Finished(proposals.Length, write =>
        {
            foreach (var proposal in proposals) write.Put(RecordKind.Proposal, RecordKind.RecordId(step.Storefront, proposal.Id.Value), new StoredProposal(proposal, day.Workspace.Today), StoredJson.Default.StoredProposal, ProposalState.Due);
            if (!proposals.IsEmpty) day.Tell(write, step, day.CapNote(judged));
        },
        [
            .. proposals.Chunk(options.BatchSize).Select(batch => NewStep.With(StepNames.Write,
                new WriteNotes([.. batch.Select(proposal => new PlannedWrite(proposal.Change, proposal.Id, null, null, proposal.Module, proposal.Reason))], Verify: true, Until: day.Day.End), NotesJson.Default.WriteNotes)),
            .. proposals.IsEmpty ? Array.Empty<NewStep>() : [new(StepNames.ReadBack, null)],
            .. judged.RunsAway is { } hours ? [NewStep.With(StepNames.Halt, ImmutableArray.Create(day.RunawayNote(hours).Text), NotesJson.Default.ImmutableArrayString)] : Array.Empty<NewStep>(),
        ],
        () => workspaces.RecordsChanged(step.Seller, step.Storefront));
    }
}

/// <summary>The kill switch (G9): nothing more is written for this storefront until a person has looked.</summary>
internal sealed partial class HaltStep(Workspaces workspaces, BusinessClock clock, AuditLog audit, ILogger<HaltStep> log) : IStep
{
    public string Kind => StepNames.Halt;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var why = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.ImmutableArrayString)[0];
        var day = await DayBook.ReadAsync(step, workspaces, clock, cancellationToken);
        var halted = day with { Stored = day.Stored with { HaltedAt = clock.GetUtcNow() } };
        LogHalted(step.Storefront.Value);
        return new StepResult.Finished(1, write =>
        {
            write.Put(RecordKind.Settings, RecordKind.RecordId(step.Storefront, "all"), day.Workspace.Settings with { Frozen = true }, StoredJson.Default.StorefrontSettings, "set");
            halted.PutHours(write, step);
            write.Also((db, stop) => audit.AppendAsync((AppDb)db, new(AuditAction.Automation, Actor.Product, step.Seller, "stopped", "two hours far beyond plan"), stop));
            halted.Tell(write, step, [new DataNote(DataIssue.RunsAway, null, why, true), .. day.Decision?.Notes.Where(note => note.Issue == DataIssue.DayCap) ?? []]);
        }, null, () => workspaces.RecordsChanged(step.Seller, step.Storefront));
    }

    [LoggerMessage(LogLevel.Warning, "Storefront {Storefront}: two hours ran far beyond plan, all writing is stopped")]
    private partial void LogHalted(long storefront);
}
