using System.Collections.Immutable;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

public sealed record LaunchRefused(string Text) : Error(Text);

/// <param name="Id">Of the launch.</param>
/// <param name="Run">The run that makes it.</param>
public sealed record LaunchBegun(string Id, Guid Run);

/// <summary>Launches of a storefront: begun, looked at, gone on with after a stop; and the layouts that people keep for the next one.</summary>
public sealed class LaunchBook(SellerVaults vaults, Workspaces workspaces, Runs runs, Rights rights, BusinessClock clock)
{
    /// <summary>Layouts of one storefront.</summary>
    public const int MostLayouts = 30;

    public const int MostLetters = 60;

    private const int Attempts = 5;

    /// <summary>Keeps the plan and begins the run that makes it. All of it is made paused; what is to run is switched on at the end.</summary>
    /// <param name="seller">Whose.</param>
    /// <param name="storefront">For which storefront.</param>
    /// <param name="name">What people find it by.</param>
    /// <param name="plan">Held against Amazon's limits and the seller's once more.</param>
    /// <param name="switchOn">True: campaigns of which something stands are switched on at the end; false: they wait, paused.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<LaunchBegun>> BeginAsync(SellerId seller, StorefrontId storefront, string name, LaunchPlan plan, bool switchOn, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Launch, cancellationToken) is { } refusal) return refusal;
        var workspace = await workspaces.GetAsync(seller, storefront, cancellationToken);
        if (Held(workspace) is { } held) return held;
        if (plan.Campaigns.IsEmpty) return new LaunchRefused("There is no campaign in it: nothing was made.");
        if (LaunchRules.Faults(workspace, plan).FirstOrDefault(note => note.Stops) is { } fault) return new LaunchRefused($"{fault.Text} Nothing was made.");

        var launch = new StoredLaunch(Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), name, clock.GetUtcNow(), plan, switchOn, ImmutableDictionary<string, MadePart>.Empty);
        var vault = await vaults.OpenAsync(seller, Purpose.Instruct, cancellationToken);
        await vault.CommitAsync(new VaultWrite().Put(RecordKind.Launch, RecordKind.RecordId(storefront, launch.Id), launch, StoredJson.Default.StoredLaunch, LaunchState.Making), cancellationToken);
        return new LaunchBegun(launch.Id, await RunAsync(seller, storefront, launch.Id, $"{plan.Campaigns.Length} campaigns", by, cancellationToken));
    }

    /// <summary>Goes on with a launch that was stopped: what stands is not made again.</summary>
    public async Task<Result<LaunchBegun>> GoOnAsync(SellerId seller, StorefrontId storefront, string id, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Launch, cancellationToken) is { } refusal) return refusal;
        if (Held(await workspaces.GetAsync(seller, storefront, cancellationToken)) is { } held) return held;
        if (await FindAsync(seller, storefront, id, cancellationToken) is not { } launch) return new LaunchRefused("There is no such launch in this storefront.");
        if (launch.IsOver) return new LaunchRefused("This launch is over: nothing of it is left to make.");
        return new LaunchBegun(id, await RunAsync(seller, storefront, id, "the rest of a launch", by, cancellationToken));
    }

    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<StoredLaunch>> ListAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var records = await vault.RecordsAsync(RecordKind.Launch, StoredJson.Default.StoredLaunch, null, cancellationToken);
        return [.. records.Where(record => record.Id.StartsWith(storefront + "/", StringComparison.Ordinal)).Select(record => record.Value).OrderByDescending(launch => launch.At)];
    }

    /// <returns>Null when there is none.</returns>
    public async Task<StoredLaunch?> FindAsync(SellerId seller, StorefrontId storefront, string id, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        return await vault.RecordAsync(RecordKind.Launch, RecordKind.RecordId(storefront, id), StoredJson.Default.StoredLaunch, cancellationToken);
    }

    /// <returns>Layouts that people kept, by name.</returns>
    public async Task<ImmutableArray<KeptLayout>> LayoutsAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        return (await vault.RecordAsync(RecordKind.Layout, RecordKind.RecordId(storefront, "all"), StoredJson.Default.StoredLayouts, cancellationToken))?.Layouts ?? [];
    }

    /// <summary>Keeps a layout for the next launch; one of the same name is replaced.</summary>
    public Task<Result<ImmutableArray<KeptLayout>>> KeepAsync(SellerId seller, StorefrontId storefront, string name, LaunchLayout layout, Actor by, CancellationToken cancellationToken)
    {
        var tidy = name.Trim();
        return ChangeAsync(seller, storefront, by, kept =>
            tidy.Length is 0 or > MostLetters ? new LaunchRefused($"Template: give it a name of 1 to {MostLetters} letters.")
            : kept.Length >= MostLayouts && !kept.Any(one => Same(one, tidy)) ? new LaunchRefused($"Template: there are {MostLayouts} already; delete one first.")
            : Sorted(kept.Where(one => !Same(one, tidy)).Append(new KeptLayout(tidy, layout))), cancellationToken);
    }

    public Task<Result<ImmutableArray<KeptLayout>>> ForgetAsync(SellerId seller, StorefrontId storefront, string name, Actor by, CancellationToken cancellationToken) =>
        ChangeAsync(seller, storefront, by, kept => Sorted(kept.Where(one => !Same(one, name))), cancellationToken);

    private static LaunchRefused? Held(Workspace workspace) =>
        workspace.Settings.Frozen ? new("Writing is switched off for this storefront by the emergency stop: release it first. Nothing was made.")
        : workspace.IsFrozen ? new("Today is one of the days without changes: take the dates away on Strategy and limits first. Nothing was made.")
        : null;

    private Task<Guid> RunAsync(SellerId seller, StorefrontId storefront, string id, string what, Actor by, CancellationToken cancellationToken) =>
        runs.BeginAsync(seller, storefront, RunKind.Launch, [NewStep.With(StepNames.Launch, new LaunchNotes(id), NotesJson.Default.LaunchNotes)], shared: false, cancellationToken, new(AuditAction.Launch, by, seller, what));

    private async Task<Result<ImmutableArray<KeptLayout>>> ChangeAsync(SellerId seller, StorefrontId storefront, Actor by, Func<ImmutableArray<KeptLayout>, Result<ImmutableArray<KeptLayout>>> change, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Settings, cancellationToken) is { } refusal) return refusal;
        var id = RecordKind.RecordId(storefront, "all");
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var vault = await vaults.OpenAsync(seller, Purpose.Instruct, cancellationToken);
            var changed = change((await vault.RecordAsync(RecordKind.Layout, id, StoredJson.Default.StoredLayouts, cancellationToken))?.Layouts ?? []);
            if (!changed.IsOk) return changed;
            try
            {
                await vault.CommitAsync(new VaultWrite().Put(RecordKind.Layout, id, new StoredLayouts(changed.Value), StoredJson.Default.StoredLayouts, "set"), cancellationToken);
                return changed;
            }
            catch (VaultConflictException)
            {
                // A run or somebody else committed in between; layouts do not depend on what it wrote.
            }
        }

        return new LaunchRefused("Somebody else, or a run, kept writing at the same moment. Nothing was stored; try again.");
    }

    private static Result<ImmutableArray<KeptLayout>> Sorted(IEnumerable<KeptLayout> layouts) => layouts.OrderBy(one => one.Name, StringComparer.OrdinalIgnoreCase).ToImmutableArray();

    private static bool Same(KeptLayout layout, string name) => layout.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
