using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Incidents;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>
/// The workspaces in memory, one per storefront. Facts are read from the vault once and again after each sync; settings, costs, changes and
/// hand-overs whenever the seller's revision moved on. Columns that did not change are shared by the next snapshot.
/// </summary>
public sealed class Workspaces(SellerVaults vaults, AppDbs databases, BusinessClock clock, IncidentBook? incidents = null)
{
    /// <summary>Days of facts in memory.</summary>
    public const int Days = 90;

    // The newest week of searches begins up to a month ago: it comes late, once a week, and one may fail to come.
    private const int SearchDays = 35;

    private static readonly Dataset[] Daily = [Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PlacementDay, Dataset.ProductDay, Dataset.SkuDay, Dataset.OrderDay, Dataset.InventoryDay, Dataset.MaturityDay, Dataset.HourDay,
        Dataset.BrandsTargetDay, Dataset.BrandsPlacementDay, Dataset.BrandsSearchTermDay, Dataset.DisplayTargetDay, Dataset.DisplayProductDay, Dataset.PurchaseDay, Dataset.BrandsPurchaseDay, Dataset.DisplayPurchaseDay, Dataset.LedgerDay, Dataset.ReturnDay, Dataset.TrafficDay];

    private readonly ConcurrentDictionary<(SellerId, StorefrontId), Entry> entries = new();

    /// <summary>A storefront's facts or records were replaced.</summary>
    public event Action<SellerId, StorefrontId>? Changed;

    /// <exception cref="VaultException">The seller's data does not open; the message says why.</exception>
    public async Task<Workspace> GetAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var entry = entries.GetOrAdd((seller, storefront), _ => new Entry());
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            var today = clock.GetUtcNow();
            var revision = await RevisionAsync(seller, cancellationToken);

            // Asked before anything is read: facts that are replaced meanwhile are read the next time.
            var replaced = entry.Replaced;
            var areFresh = entry.Read == replaced;
            if (entry.Current is { } current && entry.Revision == revision && areFresh && entry.At == today) return current;

            var vault = await vaults.OpenAsync(seller, Purpose.Show, cancellationToken);
            var next = entry.Current is { } old && areFresh && entry.Day == today.UtcDateTime.Date
                ? await WithRecordsAsync(vault, old, cancellationToken)
                : await LoadAsync(vault, seller, storefront, cancellationToken);
            (entry.Current, entry.Revision, entry.Read, entry.At, entry.Day) = (next, revision, replaced, today, today.UtcDateTime.Date);
            return next;
        }
        catch (SealBrokenException broken) when (incidents is not null)
        {
            await incidents.SuspectAsync(Suspicion.OfVault(seller, broken), cancellationToken);
            throw;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>After a sync: the next reader gets the new facts.</summary>
    public void FactsReplaced(SellerId seller, StorefrontId storefront)
    {
        if (entries.TryGetValue((seller, storefront), out var entry)) entry.Replace();
        Changed?.Invoke(seller, storefront);
    }

    /// <summary>Nothing of this seller stays in memory.</summary>
    public void Forget(SellerId seller)
    {
        foreach (var known in entries.Keys.Where(known => known.Item1 == seller)) entries.TryRemove(known, out _);
    }

    /// <summary>After a change of settings, costs, proposals or changes: tells the screens; readers notice by the revision.</summary>
    public void RecordsChanged(SellerId seller, StorefrontId storefront) => Changed?.Invoke(seller, storefront);

    private async Task<long> RevisionAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await VaultEngine.BeginAsync(db, seller, write: false, cancellationToken);
        return await db.Sellers.Where(row => row.Id == seller.Value).Select(row => row.Revision).SingleAsync(cancellationToken);
    }

    private async Task<Workspace> LoadAsync(SellerVault vault, SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var row = await db.Storefronts.AsNoTracking().SingleAsync(item => item.Seller == seller.Value && item.Storefront == storefront.Value, cancellationToken);
        var marketplace = Marketplace.Find(row.MarketplaceId);
        var today = clock.Today(marketplace);
        var window = DateSpan.Ending(today, Days);
        var facts = new Dictionary<Dataset, FactTable>();
        foreach (var dataset in Daily) facts[dataset] = await vault.ReadAsync(dataset, storefront, window, cancellationToken);
        foreach (var dataset in new[] { Dataset.SearchQueryWeek, Dataset.SearchCatalogueWeek, Dataset.SearchTermWeek }) facts[dataset] = await vault.ReadAsync(dataset, storefront, DateSpan.Ending(today, SearchDays), cancellationToken);
        var snapshot = new Dictionary<Dataset, FactTable>();
        foreach (var dataset in new[] { Dataset.Campaign, Dataset.AdGroup, Dataset.ProductAd, Dataset.Target, Dataset.Negative, Dataset.Listing, Dataset.Suggestion, Dataset.FeeEstimate, Dataset.StockPlan })
            snapshot[dataset] = await vault.ReadAsync(dataset, storefront, null, cancellationToken);
        var listings = EntityTables.Listings(snapshot[Dataset.Listing], marketplace.Currency);
        return await WithRecordsAsync(vault, new Workspace
        {
            Storefront = storefront,
            Marketplace = marketplace,
            Today = today,
            SyncedAt = null,
            Campaigns = EntityTables.Campaigns(snapshot[Dataset.Campaign], marketplace.Currency),
            AdGroups = EntityTables.AdGroups(snapshot[Dataset.AdGroup], marketplace.Currency),
            ProductAds = EntityTables.ProductAds(snapshot[Dataset.ProductAd]).Named(listings),
            Targets = EntityTables.Targets(snapshot[Dataset.Target], marketplace.Currency),
            Negatives = EntityTables.Negatives(snapshot[Dataset.Negative]),
            Listings = listings,
            Suggestions = EntityTables.Suggestions(snapshot[Dataset.Suggestion], marketplace.Currency).Told(),
            TargetDays = facts[Dataset.TargetDay],
            SearchTermDays = facts[Dataset.SearchTermDay],
            PlacementDays = facts[Dataset.PlacementDay],
            ProductDays = facts[Dataset.ProductDay],
            SkuDays = facts[Dataset.SkuDay],
            OrderDays = facts[Dataset.OrderDay],
            InventoryDays = facts[Dataset.InventoryDay],
            MaturityDays = facts[Dataset.MaturityDay],
            HourDays = facts[Dataset.HourDay],
            BrandsTargetDays = facts[Dataset.BrandsTargetDay],
            BrandsPlacementDays = facts[Dataset.BrandsPlacementDay],
            BrandsSearchTermDays = facts[Dataset.BrandsSearchTermDay],
            DisplayTargetDays = facts[Dataset.DisplayTargetDay],
            DisplayProductDays = facts[Dataset.DisplayProductDay],
            PurchaseDays = facts[Dataset.PurchaseDay],
            BrandsPurchaseDays = facts[Dataset.BrandsPurchaseDay],
            DisplayPurchaseDays = facts[Dataset.DisplayPurchaseDay],
            LedgerDays = facts[Dataset.LedgerDay],
            ReturnDays = facts[Dataset.ReturnDay],
            FeeEstimates = snapshot[Dataset.FeeEstimate],
            StockPlans = snapshot[Dataset.StockPlan],
            TrafficDays = facts[Dataset.TrafficDay],
            SearchQueryWeeks = facts[Dataset.SearchQueryWeek],
            SearchCatalogueWeeks = facts[Dataset.SearchCatalogueWeek],
            SearchTermWeeks = facts[Dataset.SearchTermWeek],
            Settings = DefaultSettings(marketplace),
        }, cancellationToken);
    }

    private async Task<Workspace> WithRecordsAsync(SellerVault vault, Workspace workspace, CancellationToken cancellationToken)
    {
        var storefront = workspace.Storefront;
        var mark = await vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), StoredJson.Default.SyncMark, cancellationToken);
        var settings = await vault.RecordAsync(RecordKind.Settings, RecordKind.RecordId(storefront, "all"), StoredJson.Default.StorefrontSettings, cancellationToken);
        var costs = await MineAsync(vault, storefront, RecordKind.Cost, StoredJson.Default.ProductCost, cancellationToken);

        // Once the seller has told a cost, what was guessed before counts no more, for no day.
        var told = costs.Where(cost => !cost.Guessed).Select(cost => cost.Sku).ToHashSet();
        costs = [.. costs.Where(cost => !cost.Guessed || !told.Contains(cost.Sku))];
        var changes = await MineAsync(vault, storefront, RecordKind.Change, StoredJson.Default.StoredChange, cancellationToken);
        var handovers = await MineAsync(vault, storefront, RecordKind.Handover, StoredJson.Default.Handover, cancellationToken);
        var returns = await vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(storefront, "returns"), StoredJson.Default.ReturnsMark, cancellationToken);
        var controls = await vault.RecordAsync(RecordKind.Controls, RecordKind.RecordId(storefront, "latest"), StoredJson.Default.AmazonControls, cancellationToken);
        var since = clock.GetUtcNow().AddDays(-Days);
        var day = clock.Day(workspace.Marketplace);
        var wanted = settings?.Whole() ?? DefaultSettings(workspace.Marketplace);
        return workspace with
        {
            SyncedAt = mark?.At,
            ReturnsRead = returns?.Newest,
            Today = clock.Today(workspace.Marketplace),
            Settings = wanted,
            VatRates = [.. wanted.VatRates, .. VatBook.Standard(workspace.Marketplace)],
            Controls = controls ?? AmazonControls.Unread,
            LoweredToday = [.. changes.Where(change => change.Applied is { Module: Module.Intraday, Change: SetBudget } && day.Holds(change.Applied.At)).Select(change => change.Applied.Change.Campaign).Distinct()],
            Costs = [.. costs.OrderBy(cost => cost.Sku.Value, StringComparer.Ordinal).ThenBy(cost => cost.From)],
            Changes = [.. changes.Where(change => change.Applied.At >= since).OrderBy(change => change.Applied.At).ThenBy(change => change.Id, StringComparer.Ordinal).Select(change => change.Applied)],
            Handovers = [.. handovers.OrderBy(handover => handover.Term, StringComparer.Ordinal).ThenBy(handover => handover.Sku.Value, StringComparer.Ordinal)],
        };
    }

    /// <summary>Before a person has chosen: watch only, and a budget that stops nothing that was not yet proposed.</summary>
    public static StorefrontSettings DefaultSettings(Marketplace marketplace) => new(
        AutomationMode.Watch, new Money(marketplace.MinimumBudget * 1000, marketplace.Currency), new Money(marketplace.MinimumBid * 250, marketplace.Currency), [], [], Frozen: false);

    private static async Task<ImmutableArray<T>> MineAsync<T>(SellerVault vault, StorefrontId storefront, string kind, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json, CancellationToken cancellationToken) where T : class =>
        [.. (await vault.RecordsAsync(kind, json, null, cancellationToken)).Where(record => record.Id.StartsWith(storefront + "/", StringComparison.Ordinal)).Select(record => record.Value)];

    private sealed class Entry
    {
        private long replaced;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        /// <summary>How often the vault's facts were replaced.</summary>
        public long Replaced => Interlocked.Read(ref replaced);

        /// <summary>The same when <see cref="Current"/> was read.</summary>
        public long Read { get; set; }
        public Workspace? Current { get; set; }
        public long Revision { get; set; }
        public DateTimeOffset At { get; set; }
        public DateTime Day { get; set; }

        public void Replace() => Interlocked.Increment(ref replaced);
    }
}
