using System.Collections.Immutable;
using System.Text.Json;
using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Jobs;

/// <param name="Id">The row.</param>
/// <param name="Run">The run that wrote it.</param>
/// <param name="Step">The step that wrote it.</param>
/// <param name="Deadline">The request is given up by then.</param>
/// <param name="Writes">What may have been sent.</param>
public sealed record Intent(Guid Id, Guid Run, int Step, DateTimeOffset Deadline, ImmutableArray<PlannedWrite> Writes);

/// <summary>What is about to be written to Amazon, on disk before the first byte leaves. An open intent says: it may have happened, look before repeating.</summary>
public sealed class Intents(AppDbs databases, KeyChain keys)
{
    /// <returns>Open intents of a storefront, oldest first, left by this step or by a run that broke off.</returns>
    public async Task<IReadOnlyList<Intent>> OpenAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await (from intent in db.Intents.AsNoTracking()
                          join run in db.Runs on intent.Run equals run.Id
                          where intent.Seller == seller.Value && run.Storefront == storefront.Value && intent.State == IntentState.Open
                          orderby intent.Deadline, intent.Id
                          select intent).ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => new Intent(row.Id, row.Run, row.Step, row.Deadline,
                JsonSerializer.Deserialize(keys.Application.OpenText("intent", "writes", row.Id.ToString("N"), row.SealedWrites), NotesJson.Default.WriteNotes)!.Writes)),
        ];
    }

    /// <summary>Adds an intent to a commit.</summary>
    public void Begin(VaultWrite write, StepContext step, IEnumerable<PlannedWrite> writes, DateTimeOffset deadline)
    {
        var id = Guid.NewGuid();
        var text = JsonSerializer.Serialize(new WriteNotes([.. writes], Verify: false), NotesJson.Default.WriteNotes);
        var sealedWrites = keys.Application.SealText("intent", "writes", id.ToString("N"), text);
        write.Also((db, _) =>
        {
            ((AppDb)db).Intents.Add(new IntentRow { Id = id, Seller = step.Seller.Value, Run = step.Run, Step = step.Ordinal, State = IntentState.Open, Deadline = deadline, SealedWrites = sealedWrites });
            return Task.CompletedTask;
        });
    }

    /// <summary>Adds to a commit that what became of these intents is now recorded.</summary>
    public static void Close(VaultWrite write, IReadOnlyCollection<Guid> intents) => write.Also(async (db, cancellationToken) =>
    {
        foreach (var row in await ((AppDb)db).Intents.Where(row => intents.Contains(row.Id)).ToListAsync(cancellationToken)) row.State = IntentState.Closed;
    });

    /// <summary>Adds to a commit that all open intents of this step are now recorded.</summary>
    public static void CloseStep(VaultWrite write, StepContext step) => write.Also(async (db, cancellationToken) =>
    {
        foreach (var row in await ((AppDb)db).Intents.Where(row => row.Run == step.Run && row.Step == step.Ordinal && row.State == IntentState.Open).ToListAsync(cancellationToken)) row.State = IntentState.Closed;
    });
}
