using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Edits;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <param name="Run">The run that writes them; null when nothing is left to write.</param>
/// <param name="Edits">What was asked for, each with its verdict; those that may be written are in the run.</param>
public sealed record EditResult(Guid? Run, IReadOnlyList<JudgedEdit> Edits)
{
    public int Written => Edits.Count(edit => edit.MayBeWritten);
}

public sealed record EditRefused(string Text) : Error(Text);

/// <summary>Changes that a person makes directly: judged, written through the same machinery as any other, read back, undone one by one or together.</summary>
public sealed class EditBook(SellerVaults vaults, Workspaces workspaces, Runs runs, RunOptions options, Rights rights)
{
    /// <returns>What would become of each, in order.</returns>
    public static IReadOnlyList<JudgedEdit> Preview(Workspace workspace, IReadOnlyList<Change> wanted) => new EditRules(workspace).Judge(wanted);

    /// <summary>Begins one run for all that may be written; follow it with <see cref="RunProgress"/> or <see cref="Runs.WaitAsync"/>. Amazon is asked first whether everything stands as it was seen.</summary>
    /// <param name="seller">Whose.</param>
    /// <param name="storefront">For which storefront.</param>
    /// <param name="wanted">One or more.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<EditResult>> ApplyAsync(SellerId seller, StorefrontId storefront, IReadOnlyList<Change> wanted, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Edit, cancellationToken) is { } refusal) return refusal;
        var workspace = await workspaces.GetAsync(seller, storefront, cancellationToken);
        if (workspace.IsFrozen && !workspace.Settings.Frozen) return new EditRefused("Today is one of the days without changes: take the dates away on Strategy and limits first. Nothing was changed.");
        if (workspace.Settings.Frozen) return new EditRefused("Writing is switched off for this storefront by the emergency stop: release it first. Nothing was changed.");
        var judged = Preview(workspace, wanted);
        PlannedWrite[] writes = [.. judged.Where(edit => edit.MayBeWritten).Select(edit => new PlannedWrite(edit.Change, null, null))];
        if (writes.Length == 0) return new EditResult(null, judged);
        var run = await runs.BeginAsync(seller, storefront, RunKind.Edit, WriteNotes.Steps(options.BatchSize, [writes]), shared: false, cancellationToken, new(AuditAction.Edit, by, seller, $"{writes.Length} changes"));
        return new EditResult(run, judged);
    }

    /// <returns>What a run's changes came to that Amazon did not take, with the reasons.</returns>
    public async Task<IReadOnlyList<RefusedWrite>> RefusedAsync(SellerId seller, StorefrontId storefront, Guid run, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var records = await vault.RecordsAsync(RecordKind.Refusal, StoredJson.Default.StoredRefusals, null, cancellationToken);
        return [.. records.Where(record => record.Id.StartsWith($"{storefront}/{run:N}-", StringComparison.Ordinal)).OrderBy(record => record.Id, StringComparer.Ordinal).SelectMany(record => record.Value.Writes)];
    }
}
