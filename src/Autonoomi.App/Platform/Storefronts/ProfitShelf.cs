using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>
/// The books of storefronts, drawn up from all days that the vault keeps, not from those of the workspace: a closed month stays closed and a batch is used up once.
/// What was read is kept as long as the workspace's facts, and dropped with them.
/// </summary>
public sealed class ProfitShelf(SellerVaults vaults, Workspaces workspaces) : IDisposable
{
    // Of every day: what months, order lines and batches need.
    private static readonly Dataset[] Whole = [Dataset.LedgerDay, Dataset.ReturnDay, Dataset.SkuDay, Dataset.OrderDay, Dataset.ProductDay, Dataset.DisplayProductDay, Dataset.BrandsTargetDay];

    // Of the days asked for: what tells which ad is credited.
    private static readonly Dataset[] Credited = [Dataset.TargetDay, Dataset.SearchTermDay, Dataset.BrandsTargetDay, Dataset.BrandsSearchTermDay, Dataset.DisplayTargetDay];

    // By the table of facts that all snapshots of a sync share.
    private readonly ConditionalWeakTable<FactTable, Dictionary<Dataset, FactTable>> read = [];
    private readonly ConditionalWeakTable<Workspace, Shelved> shelved = [];
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <exception cref="VaultException">The seller's data does not open; the message says why.</exception>
    public async Task<ProfitBooks> BooksAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken) =>
        (await ShelvedAsync(seller, storefront, cancellationToken)).Books;

    /// <summary>The table of a span, with the ads that are credited with its sales.</summary>
    /// <exception cref="VaultException">The seller's data does not open; the message says why.</exception>
    public async Task<ProfitTable> TableAsync(SellerId seller, StorefrontId storefront, DateSpan span, CancellationToken cancellationToken)
    {
        var held = await ShelvedAsync(seller, storefront, cancellationToken);
        if (held.Tables.TryGetValue(span, out var known)) return known;
        var facts = await FactsAsync(held, seller, storefront, span, cancellationToken);
        return held.Tables[span] = await Task.Run(() => held.Books.Table(span, facts), cancellationToken);
    }

    /// <summary>The figures of a span that every page shows: sums of the same table.</summary>
    /// <exception cref="VaultException">The seller's data does not open; the message says why.</exception>
    public async Task<SpanFigures> FiguresAsync(SellerId seller, StorefrontId storefront, DateSpan span, CancellationToken cancellationToken)
    {
        var held = await ShelvedAsync(seller, storefront, cancellationToken);
        if (held.Figures.TryGetValue(span, out var known)) return known;
        var facts = await FactsAsync(held, seller, storefront, span, cancellationToken);
        return held.Figures[span] = await Task.Run(() => held.Books.Figures(span, facts), cancellationToken);
    }

    /// <summary>The workspace as decisions see it: a product with batches costs what the unit costs that is sold next; without batches it is the same workspace.</summary>
    /// <exception cref="VaultException">The seller's data does not open; the message says why.</exception>
    public async Task<Workspace> DecidedOnAsync(SellerId seller, Workspace workspace, CancellationToken cancellationToken)
    {
        if (workspace.Settings.Batches.IsEmpty) return workspace;
        var books = await BooksAsync(seller, workspace.Storefront, cancellationToken);
        return workspace with { Costs = [.. workspace.Costs, .. books.CostsOfBatches()] };
    }

    public void Dispose() => gate.Dispose();

    // What is older than the memory is read for the days asked for.
    private async Task<Workspace> FactsAsync(Shelved held, SellerId seller, StorefrontId storefront, DateSpan span, CancellationToken cancellationToken)
    {
        if (span.First >= held.Workspace.Today.AddDays(1 - Workspaces.Days)) return held.Workspace;
        var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
        var tables = new Dictionary<Dataset, FactTable>();
        foreach (var dataset in Credited) tables[dataset] = await vault.ReadAsync(dataset, storefront, span, cancellationToken);
        return held.Workspace with
        {
            TargetDays = tables[Dataset.TargetDay], SearchTermDays = tables[Dataset.SearchTermDay], BrandsTargetDays = tables[Dataset.BrandsTargetDay],
            BrandsSearchTermDays = tables[Dataset.BrandsSearchTermDay], DisplayTargetDays = tables[Dataset.DisplayTargetDay],
        };
    }

    private async Task<Shelved> ShelvedAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var workspace = await workspaces.GetAsync(seller, storefront, cancellationToken);
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (shelved.TryGetValue(workspace, out var held)) return held;
            if (!read.TryGetValue(workspace.LedgerDays, out var tables))
            {
                var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
                tables = [];
                foreach (var dataset in Whole) tables[dataset] = await vault.ReadAsync(dataset, storefront, null, cancellationToken);
                read.AddOrUpdate(workspace.LedgerDays, tables);
            }

            var whole = workspace with
            {
                LedgerDays = tables[Dataset.LedgerDay], ReturnDays = tables[Dataset.ReturnDay], SkuDays = tables[Dataset.SkuDay], OrderDays = tables[Dataset.OrderDay], ProductDays = tables[Dataset.ProductDay],
                DisplayProductDays = tables[Dataset.DisplayProductDay], BrandsTargetDays = tables[Dataset.BrandsTargetDay],
            };
            held = new Shelved(whole, new ProfitBooks(whole), [], []);
            shelved.AddOrUpdate(workspace, held);
            return held;
        }
        finally
        {
            gate.Release();
        }
    }

    private sealed record Shelved(Workspace Workspace, ProfitBooks Books, ConcurrentDictionary<DateSpan, ProfitTable> Tables, ConcurrentDictionary<DateSpan, SpanFigures> Figures);
}
