using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Microsoft.AspNetCore.Components;

namespace Autonoomi.App.Platform.Grid;

/// <summary>A page with a sheet: reads the view from the address and draws it up again when the facts change. Put <see cref="GridFrame"/> into its gate.</summary>
public abstract class GridPage<TSource> : StorefrontPage where TSource : GridSource
{
    private (Workspace? Workspace, int Days, string Reading) read;
    private bool isDefault;

    [Inject] protected NavigationManager Nav { get; set; } = default!;
    [Inject] protected TSource Source { get; set; } = default!;
    [Inject] private ViewBook Views { get; set; } = default!;

    // Whatever of the address changes, the page is asked to look again.
    [SupplyParameterFromQuery(Name = "q")] private string? AskedText { get; set; }
    [SupplyParameterFromQuery(Name = "in")] private string? AskedWithin { get; set; }

    // Days that are no number are refused here, as on every page.
    [SupplyParameterFromQuery(Name = "days")] private int? AskedDays { get; set; }

    protected GridQuery Query { get; private set; } = GridQuery.All;
    protected DateSpan Span { get; private set; }

    /// <summary>Null before the first import.</summary>
    protected Sheet? Sheet { get; private set; }
    protected GridAnswer? Answer { get; private set; }

    protected override async Task OnInitializedAsync()
    {
        Query = Asked();
        if (Nav.ToAbsoluteUri(Nav.Uri).Query.Length == 0) await OpenDefaultAsync();
        await base.OnInitializedAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        // An address that asks for nothing was answered by the person's default view.
        if (!IsHere() || (isDefault && Nav.ToAbsoluteUri(Nav.Uri).Query.Length == 0) || Asked() is var asked && asked == Query && Sheet is not null) return;
        Query = asked;
        if (Workspace is { } workspace) await DrawUpAsync(workspace);
    }

    protected override Task OnWorkspaceAsync(Workspace workspace) => DrawUpAsync(workspace);

    /// <summary>Called with a new sheet, before it is shown; row numbers of the last one mean nothing any more.</summary>
    protected virtual Task OnSheetAsync(Sheet? before, Sheet sheet) => Task.CompletedTask;

    /// <summary>Shows another view at once, and remembers it in the address.</summary>
    protected async Task GoAsync(GridQuery query)
    {
        (Query, isDefault) = (query, false);
        if (Workspace is { } workspace) await DrawUpAsync(workspace);
        Nav.NavigateTo(Source.Path + query.ToParameters(), replace: true);
    }

    /// <summary>Shows another view without remembering it: while somebody types.</summary>
    protected void Look(GridQuery query)
    {
        Query = query;
        Answer = Sheet?.Ask(query);
    }

    private async Task OpenDefaultAsync()
    {
        await Shell.EnsureAsync(Leaving);
        if (Current is not { IsReady: true, Grant: null }) return;
        try
        {
            var views = await Views.ListAsync(Current.Seller, Current.Storefront, Current.User, Source.Path, Leaving);
            if (views.FirstOrDefault(view => view.IsDefault) is { } view) (Query, isDefault) = (GridQuery.Parse(view.Query), true);
        }
        catch (Autonoomi.Vault.VaultException)
        {
            // The page itself says what is wrong with the data.
        }
    }

    private async Task DrawUpAsync(Workspace workspace)
    {
        if (GridSource.Span(workspace, Query) is not { } days)
        {
            (Sheet, Answer) = (null, null);
            return;
        }

        var (query, ask) = (Query, new GridAsk(Current.Seller, workspace, days, Query));
        var wanted = (workspace, query.Days, Source.Reading(ask));
        if (read != wanted || Sheet is null)
        {
            var sheet = await Source.ReadAsync(ask, Leaving);
            if (query != Query) return;
            await OnSheetAsync(Sheet, sheet);
            (Sheet, Span, read) = (sheet, days, wanted);
        }

        Answer = Sheet.Ask(Query);
    }

    private GridQuery Asked() => GridQuery.Parse(Nav.ToAbsoluteUri(Nav.Uri).Query);

    private bool IsHere() => Nav.ToAbsoluteUri(Nav.Uri).AbsolutePath == Source.Path;
}
