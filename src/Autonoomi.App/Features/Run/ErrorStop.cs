using System.Globalization;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core;
using Autonoomi.Core.Guardrails;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Run;

/// <summary>
/// Counts what became of the last hour's writes and says when too many failed for another to follow (G9, docs/maths/guardrails.md). The next run that
/// reads Amazon through and decides anew begins with an empty count.
/// </summary>
internal sealed class ErrorStop(BusinessClock clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <returns>Writes of the last hour, by batch.</returns>
    public async Task<StoredWrites> ReadAsync(StepContext step, CancellationToken cancellationToken)
    {
        var stored = await step.Vault.RecordAsync(RecordKind.Writes, Id(step), StoredJson.Default.StoredWrites, cancellationToken);
        var since = clock.GetUtcNow() - Window;
        return new(stored is null ? [] : [.. stored.Batches.Where(batch => batch.At > since)]);
    }

    /// <returns>Why nothing more may be written, in a person's words; null while enough succeeds.</returns>
    public static string? Why(StoredWrites writes)
    {
        var (sent, failed) = (writes.Batches.Sum(batch => batch.Sent), writes.Batches.Sum(batch => batch.Failed));
        return KillSwitch.TooManyErrors(sent, failed)
            ? string.Create(CultureInfo.InvariantCulture, $"{failed:#,0} of the last hour's {sent:#,0} writes failed at Amazon. Nothing more is written until the next run has read Amazon through and decided anew; what is approved stays approved.")
            : null;
    }

    /// <summary>Adds one batch to the count, in the transaction that records what became of it; where that is one failure too many, the newest decision's notes say so until the next decision replaces them.</summary>
    public async Task<Action<VaultWrite>> CountAsync(StepContext step, StoredWrites before, int sent, int failed, CancellationToken cancellationToken)
    {
        if (sent == 0) return _ => { };
        var after = new StoredWrites([.. before.Batches, new(clock.GetUtcNow(), sent, failed)]);
        var latest = RecordKind.RecordId(step.Storefront, "latest");
        var alert = Why(after) is { } why && await step.Vault.RecordAsync(RecordKind.Decision, latest, StoredJson.Default.StoredDecision, cancellationToken) is { } decision
            ? decision with { Notes = [.. decision.Notes.Where(note => note.Issue != DataIssue.WritesFail), new DataNote(DataIssue.WritesFail, null, why, true)] }
            : null;
        return write =>
        {
            write.Put(RecordKind.Writes, Id(step), after, StoredJson.Default.StoredWrites, "counted");
            if (alert is not null) write.Put(RecordKind.Decision, latest, alert, StoredJson.Default.StoredDecision, "latest");
        };
    }

    /// <summary>A run came through to its decision: what is written next is counted from nothing.</summary>
    public static void Lift(VaultWrite write, StepContext step) => write.Put(RecordKind.Writes, Id(step), new StoredWrites([]), StoredJson.Default.StoredWrites, "counted");

    private static string Id(StepContext step) => RecordKind.RecordId(step.Storefront, "hour");
}
