using System.Text.Json;
using Autonoomi.Amazon.Ads;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Proposals;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Run;

/// <summary>
/// Makes a launch, a batch of one layer at a time. That a batch is about to be sent is on disk before its first byte leaves; where no answer says what became of it, Amazon is asked once nothing
/// can be in flight any more, and what it has under the same names is taken for ours only where all of it is as planned. At the end campaigns of which something stands are switched on.
/// </summary>
internal sealed class LaunchStep(SellerLink link, SellerLedger ledger, ErrorStop errors, PolicyBook policies, Workspaces workspaces, RunOptions options, TimeProvider system) : IStep
{
    private const int SendAtMost = 4;

    public string Kind => StepNames.Launch;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.LaunchNotes)!;
        var id = RecordKind.RecordId(step.Storefront, notes.Launch);
        if (await step.Vault.RecordAsync(RecordKind.Launch, id, StoredJson.Default.StoredLaunch, cancellationToken) is not { } launch) return new StepResult.Failed("The launch is no longer there: nothing was made.");
        if (launch.SentUntil is { } until && until + options.WriteSlack - system.GetUtcNow() is var wait && wait > TimeSpan.Zero) return new StepResult.Again(wait);

        var next = LaunchProgress.Next(launch.Plan, launch.Made, options.BatchSize);
        if (next.Count == 0) return Over(step, launch, id);

        var hour = await errors.ReadAsync(step, cancellationToken);
        if ((await WriteStep.HaltedAsync(step, cancellationToken) ?? ErrorStop.Why(hour) ?? (await policies.MayWriteAsync(step.Seller, cancellationToken) ? null : WriteStep.NotAgreed)) is { } stopped)
            return new StepResult.Failed(stopped, write => write.Put(RecordKind.Launch, id, launch with { Stopped = stopped }, StoredJson.Default.StoredLaunch, LaunchState.Stopped));

        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        if (launch.SentUntil is not null) return await LookAsync(ads, step, notes, launch, id, next, cancellationToken);

        var deadline = system.GetUtcNow() + options.WriteLimit;
        await ledger.CommitAsync(step, new StepResult.Again(TimeSpan.Zero, step.Notes, write => Put(write, id, launch with { SentUntil = deadline })), cancellationToken);

        // The clock is asked again: a process that slept since then must not send into somebody else's time.
        var left = deadline - system.GetUtcNow();
        if (left <= TimeSpan.Zero) return new StepResult.Again(TimeSpan.Zero);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(left);
        IReadOnlyList<ChangeOutcome> outcomes;
        try
        {
            outcomes = next[0].Creation is not null
                ? await ads.CreateAsync([.. next.Select(item => item.Creation!)], limit.Token)
                : await ads.ApplyAsync([.. next.Select(item => item.Change!)], limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new StepResult.Again(TimeSpan.Zero, step.Notes, await errors.CountAsync(step, hour, next.Count, next.Count, cancellationToken));
        }

        var isLast = notes.Sent + 1 >= SendAtMost;
        var made = launch.Made.ToBuilder();
        var (unknown, busy) = (0, 0);
        foreach (var (item, outcome) in next.Zip(outcomes))
        {
            switch (outcome.Kind)
            {
                case OutcomeKind.Accepted: made[item.Part] = new(outcome.CreatedId, null); break;
                case OutcomeKind.Refused: made[item.Part] = new(null, $"Amazon refused: {outcome.Message ?? outcome.Code ?? "no reason given"}"); break;
                case OutcomeKind.Retryable when isLast: made[item.Part] = new(null, "Amazon was too busy to take it, four times in a row."); break;
                case OutcomeKind.Retryable: busy++; break;
                case OutcomeKind.Unknown: unknown++; break;
            }
        }

        var failed = next.Count - next.Zip(outcomes).Count(pair => pair.Second.Kind is OutcomeKind.Accepted or OutcomeKind.Retryable);
        var count = await errors.CountAsync(step, hour, next.Count - busy, failed, cancellationToken);
        // What Amazon put off it may have taken all the same: it is looked for before it is sent again.
        var stands = launch with { Made = made.ToImmutable(), Stopped = null, SentUntil = unknown > 0 ? deadline : busy > 0 ? system.GetUtcNow() : null };
        var following = new LaunchNotes(notes.Launch, unknown + busy > 0 ? notes.Sent + 1 : 0);
        return new StepResult.Again(busy > 0 ? options.RetryFirst : TimeSpan.Zero, Written(following), write =>
        {
            Put(write, id, stands);
            count(write);
        }, next.Zip(outcomes).Count(pair => pair.Second.Kind == OutcomeKind.Accepted));
    }

    // What became of a batch without an answer: what stands as planned is ours, what is not there is sent again.
    private static async Task<StepResult> LookAsync(AdsClient ads, StepContext step, LaunchNotes notes, StoredLaunch launch, string id, IReadOnlyList<LaunchItem> next, CancellationToken cancellationToken)
    {
        var made = launch.Made.ToBuilder();
        if (next[0].Creation is not null)
        {
            var twins = await ads.FindAsync([.. next.Select(item => item.Creation!)], cancellationToken);
            foreach (var (item, twin) in next.Zip(twins))
            {
                if (twin is not null) made[item.Part] = twin.Difference is null ? new(twin.Id, null) : new(null, $"Amazon has one of this name already that is not the same: {twin.Difference}.");
            }
        }
        else
        {
            var seen = await ads.ObserveAsync([.. next.Select(item => item.Change!)], cancellationToken);
            foreach (var (item, how) in next.Zip(seen))
            {
                if (how == Observation.Done) made[item.Part] = new(null, null);
                else if (how != Observation.Untouched) made[item.Part] = new(null, "What it belongs to was changed at Amazon meanwhile.");
            }
        }

        var stands = launch with { Made = made.ToImmutable(), SentUntil = null };
        return new StepResult.Again(TimeSpan.Zero, Written(notes), write => Put(write, id, stands), made.Count - launch.Made.Count);
    }

    private StepResult.Finished Over(StepContext step, StoredLaunch launch, string id)
    {
        PlannedWrite[] writes = launch.SwitchOn
            ? [.. LaunchProgress.Standing(launch.Plan, launch.Made).Where(campaign => campaign.CanRun).Select(campaign => new PlannedWrite(new SetCampaignState(campaign.Id!.Value, EntityState.Paused, EntityState.Enabled), null, null))]
            : [];
        return new StepResult.Finished(0, write => write.Put(RecordKind.Launch, id, launch with { Stopped = null, IsOver = true }, StoredJson.Default.StoredLaunch, LaunchState.Over),
            WriteNotes.Steps(options.BatchSize, [writes]), () => workspaces.RecordsChanged(step.Seller, step.Storefront));
    }

    private static void Put(VaultWrite write, string id, StoredLaunch launch) => write.Put(RecordKind.Launch, id, launch, StoredJson.Default.StoredLaunch, LaunchState.Making);

    private static string Written(LaunchNotes notes) => JsonSerializer.Serialize(notes, NotesJson.Default.LaunchNotes);
}
