using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Components;

namespace Autonoomi.App.Platform.Shell;

/// <summary>
/// A page about the storefront on screen: loads its workspace, and again when facts, records or a run change.
/// Wrap the content in <see cref="StorefrontGate"/>, which says what to do while there is nothing to show.
/// </summary>
public abstract class StorefrontPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource leaving = new();
    private bool reloading;
    private bool again;

    [Inject] protected ShellState Shell { get; set; } = default!;
    [Inject] protected Workspaces Workspaces { get; set; } = default!;
    [Inject] protected RunProgress Progress { get; set; } = default!;
    [Inject] protected BusinessClock Clock { get; set; } = default!;

    protected CurrentStorefront Current => Shell.Current;

    /// <summary>Null until loaded, and while no storefront with both grants is selected.</summary>
    protected Workspace? Workspace { get; private set; }

    /// <summary>The newest run of the storefront; null when there never was one.</summary>
    protected RunView? Run { get; private set; }

    /// <summary>Why the data does not open, in a person's words.</summary>
    protected string? Problem { get; private set; }

    protected bool Loaded { get; private set; }

    protected CancellationToken Leaving => leaving.Token;

    protected override async Task OnInitializedAsync()
    {
        await Shell.EnsureAsync(Leaving);
        if (Current.IsReady && await Shell.LookAsync($"page {GetType().Name.Replace("Page", "", StringComparison.Ordinal)}", Leaving))
        {
            Run = await Progress.LatestAsync(Current.Seller, Current.Storefront, Leaving);
            await ReadAsync();
            if (RendererInfo.IsInteractive)
            {
                Workspaces.Changed += OnChanged;
                Progress.Changed += OnProgress;
            }
        }

        Loaded = true;
    }

    /// <summary>Called after the workspace was read, at first and again after each change.</summary>
    protected virtual Task OnWorkspaceAsync(Workspace workspace) => Task.CompletedTask;

    protected async Task ReadAsync()
    {
        if (Current.Grant is not null && !await Shell.EnsureAsync(Leaving))
        {
            Workspace = null;
            return;
        }

        try
        {
            Workspace = await Workspaces.GetAsync(Current.Seller, Current.Storefront, Leaving);
            Problem = null;
            await OnWorkspaceAsync(Workspace);
        }
        catch (VaultException broken)
        {
            Workspace = null;
            Problem = broken.Message;
        }
    }

    private void OnChanged(SellerId seller, StorefrontId storefront)
    {
        if (IsMine(seller, storefront)) _ = InvokeAsync(ReloadAsync);
    }

    private void OnProgress(RunView view)
    {
        if (!IsMine(view.Seller, view.Storefront)) return;
        _ = InvokeAsync(async () =>
        {
            var ended = view.State != Data.RunState.Running && Run is not { State: not Data.RunState.Running };
            Run = view;
            if (ended) await ReloadAsync();
            else if (!leaving.IsCancellationRequested) StateHasChanged();
        });
    }

    // Changes come in bursts while a run writes: one reload at a time, and one more if something came meanwhile.
    private async Task ReloadAsync()
    {
        if (leaving.IsCancellationRequested) return;
        if (reloading)
        {
            again = true;
            return;
        }

        reloading = true;
        try
        {
            do
            {
                again = false;
                await ReadAsync();
                StateHasChanged();
            }
            while (again && !leaving.IsCancellationRequested);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // The page is gone.
        }
        finally
        {
            reloading = false;
        }
    }

    // Of a grant that has ended nothing is left to compare.
    private bool IsMine(SellerId seller, StorefrontId storefront) => Current.IsReady && Current.Seller == seller && Current.Storefront == storefront;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || leaving.IsCancellationRequested) return;
        Workspaces.Changed -= OnChanged;
        Progress.Changed -= OnProgress;
        leaving.Cancel();
        leaving.Dispose();
    }
}
