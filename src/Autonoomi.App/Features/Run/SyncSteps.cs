using System.Collections.Immutable;
using System.Text.Json;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.History;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Run;

/// <summary>Campaigns, ad groups, ads, targets and negatives as Amazon has them now; then plans the rest of the sync.</summary>
internal sealed partial class StructureStep(SellerLink link, BusinessClock clock, Reconciliation reconciliation, ILogger<StructureStep> log) : IStep
{
    public string Kind => StepNames.Structure;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        // What a broken-off run may have written is settled before anything is decided anew.
        if (await reconciliation.SettleAsync(step, cancellationToken) is { } first) return first;

        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        var structure = await ads.StructureAsync(exports: true, cancellationToken);
        if (structure.WithoutExports is { } trouble) LogLists(trouble.Words);
        var (count, products, write) = await WrittenAsync(structure, step, clock.GetUtcNow(), await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken), cancellationToken);
        var mark = await step.Vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(step.Storefront, "mark"), StoredJson.Default.SyncMark, cancellationToken);
        var today = clock.Today(await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken));
        var readings = new Dictionary<Dataset, StoredReadings>();
        var wanted = ReportPlan.Of([.. products, .. await EndedAsync(step, ads, products, today, cancellationToken)]);
        foreach (var dataset in wanted) readings[dataset] = await Readings.OfAsync(step, dataset, cancellationToken);
        var fees = await Readings.OfAsync(step, Dataset.SkuDay, cancellationToken);
        var orders = await step.Vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(step.Storefront, OrderFileStep.MarkId), StoredJson.Default.SyncMark, cancellationToken);
        return new StepResult.Finished(count, write, SyncPlan.Steps(ReportPlan.For(readings, wanted, today, isFirst: mark is null), mark, fees.Through, orders?.FactsThrough, today));
    }

    /// <summary>
    /// Ad products without a living campaign whose reports still tell of days: before anything was read of them, those with archived campaigns, of which all that Amazon keeps is
    /// asked for; afterwards those that cost something so lately that Amazon still restates it.
    /// </summary>
    private static async Task<IReadOnlyList<AdProduct>> EndedAsync(StepContext step, AdsClient ads, IReadOnlyCollection<AdProduct> living, DateOnly today, CancellationToken cancellationToken)
    {
        var ended = new List<AdProduct>();
        foreach (var (product, dataset) in new[] { (AdProduct.SponsoredBrands, Dataset.BrandsTargetDay), (AdProduct.SponsoredDisplay, Dataset.DisplayTargetDay) })
        {
            if (living.Contains(product)) continue;
            var isRead = (await Readings.OfAsync(step, dataset, cancellationToken)).Through is not null;
            var isWanted = isRead
                ? (await step.Vault.ReadAsync(dataset, step.Storefront, DateSpan.Ending(today, ReportPlan.RestatedDays(dataset) + 1), cancellationToken)).Rows > 0
                : await ads.HasArchivedAsync(product, cancellationToken);
            if (isWanted) ended.Add(product);
        }

        return ended;
    }

    /// <summary>By lists: what was written a moment ago is looked for.</summary>
    /// <returns>Number of entities, whose campaigns there are, and what to write.</returns>
    public static async Task<(long Count, IReadOnlyCollection<AdProduct> Products, Action<VaultWrite> Write)> ReadAsync(AdsClient ads, StepContext step, DateTimeOffset now, Marketplace marketplace, CancellationToken cancellationToken) =>
        await WrittenAsync(await ads.StructureAsync(exports: false, cancellationToken), step, now, marketplace, cancellationToken);

    private static async Task<(long Count, IReadOnlyCollection<AdProduct> Products, Action<VaultWrite> Write)> WrittenAsync(AdStructure read, StepContext step, DateTimeOffset now, Marketplace marketplace, CancellationToken cancellationToken)
    {
        var count = read.Campaigns.Count + read.AdGroups.Count + read.ProductAds.Count + read.Targets.Count + read.Negatives.Count;
        var moves = await MovesAsync(read, step, marketplace.Currency, cancellationToken);
        return (count, read.Campaigns.Select(campaign => campaign.AdProduct).ToHashSet(), write =>
        {
            Snapshot(read, step.Storefront, write);
            if (!moves.IsEmpty) write.Put(RecordKind.Moves, MoveBook.RecordId(step.Storefront, now, step.Run, step.Ordinal), new StoredMoves(now, step.Run, moves), StoredJson.Default.StoredMoves, "seen");
        });
    }

    /// <summary>Takes the place of what was read before.</summary>
    public static void Snapshot(AdStructure read, StorefrontId storefront, VaultWrite write) => write
        .ReplaceSnapshot(Dataset.Campaign, storefront, EntityTables.ToTable(read.Campaigns.OrderBy(item => item.Id.Value)))
        .ReplaceSnapshot(Dataset.AdGroup, storefront, EntityTables.ToTable(read.AdGroups.OrderBy(item => item.Id.Value)))
        .ReplaceSnapshot(Dataset.ProductAd, storefront, EntityTables.ToTable(read.ProductAds.OrderBy(item => item.Id.Value)))
        .ReplaceSnapshot(Dataset.Target, storefront, EntityTables.ToTable(read.Targets.OrderBy(item => item.Id.Value)))
        .ReplaceSnapshot(Dataset.Negative, storefront, EntityTables.ToTable(read.Negatives.OrderBy(item => item.Id.Value)));

    // Against the reading before; the first of all has none.
    private static async Task<ImmutableArray<Move>> MovesAsync(AdStructure read, StepContext step, Currency currency, CancellationToken cancellationToken)
    {
        var campaigns = await step.Vault.ReadAsync(Dataset.Campaign, step.Storefront, null, cancellationToken);
        if (campaigns.Rows == 0) return [];
        var before = new AccountState(EntityTables.Campaigns(campaigns, currency),
            EntityTables.AdGroups(await step.Vault.ReadAsync(Dataset.AdGroup, step.Storefront, null, cancellationToken), currency),
            EntityTables.Targets(await step.Vault.ReadAsync(Dataset.Target, step.Storefront, null, cancellationToken), currency),
            EntityTables.Negatives(await step.Vault.ReadAsync(Dataset.Negative, step.Storefront, null, cancellationToken)));
        return before.MovesTo(new([.. read.Campaigns], [.. read.AdGroups], [.. read.Targets], [.. read.Negatives]));
    }

    [LoggerMessage(LogLevel.Information, "Structure read by lists, not by exports: {Why}")]
    private partial void LogLists([AmazonData] string why);
}

/// <summary>Listings and today's stock.</summary>
internal sealed class ListingsStep(SellerLink link, BusinessClock clock) : IStep
{
    public string Kind => StepNames.Listings;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var seller = await link.SellingPartnerAsync(step.Seller, step.Storefront, cancellationToken);
        var today = clock.Today(await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken));
        var listings = await seller.ListingsAsync(cancellationToken);
        var stock = await seller.InventoryAsync(today, cancellationToken);
        return new StepResult.Finished(listings.Count + stock.Rows, write => write
            .ReplaceSnapshot(Dataset.Listing, step.Storefront, EntityTables.ToTable(listings.OrderBy(item => item.Sku.Value, StringComparer.Ordinal)))
            .ReplaceDays(Dataset.InventoryDay, step.Storefront, new DateSpan(today, today), stock));
    }
}

/// <summary>Sales, fees and refunds by day and product, from Data Kiosk.</summary>
internal sealed class EconomicsStep(SellerLink link, RunOptions options) : IStep
{
    public string Kind => StepNames.Economics;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.ReportNotes)!;
        var seller = await link.SellingPartnerAsync(step.Seller, step.Storefront, cancellationToken);
        var span = new DateSpan(notes.First, notes.Last);
        if (notes.Id is null)
        {
            var id = await seller.RequestEconomicsAsync(span, cancellationToken);
            return Waits.Noted(notes with { Id = id, Requests = notes.Requests + 1, Polls = 0 }, options);
        }

        var status = await seller.QueryStatusAsync(notes.Id, cancellationToken);
        switch (status.State)
        {
            case QueryState.Waiting: return Waits.Longer(notes, options);
            case QueryState.Failed when notes.Requests < 3: return Waits.Noted(notes with { Id = null }, options);
            case QueryState.Failed: return new StepResult.Failed($"Amazon could not make the economics of {span} ({status.Failure ?? "no reason given"}). Start the run again later.");
            case QueryState.Done: break;
        }

        var facts = await KioskPages.ReadAsync(Dataset.SkuDay, seller, status, $"the economics of {span}",
            seller.DownloadEconomicsAsync, (token, stop) => seller.RequestEconomicsAsync(span, token, stop), options, cancellationToken);
        var read = await Readings.AddAsync(step, notes, cancellationToken);
        return new StepResult.Finished(facts.Rows, write => read(write.ReplaceDays(Dataset.SkuDay, step.Storefront, span, facts)));
    }
}

/// <summary>All facts are there: what each click day shows at its age now is kept, and the workspace may be opened anew.</summary>
internal sealed class SyncedStep(SellerLink link, BusinessClock clock, Workspaces workspaces) : IStep
{
    public string Kind => StepNames.Finish;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.ReportNotes)!;
        var mark = new SyncMark(clock.GetUtcNow(), notes.Last);
        var span = new DateSpan(notes.First, notes.Last);
        var marketplace = await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken);

        // Only days that were read anew show how they stand at their age now.
        var targetDays = new List<FactTable>();
        foreach (var read in (await Readings.OfAsync(step, Dataset.TargetDay, cancellationToken)).Spans.Where(read => read.On == notes.Last.AddDays(1) && read.First <= span.Last && read.Last >= span.First))
            targetDays.Add(await step.Vault.ReadAsync(Dataset.TargetDay, step.Storefront, new(read.First, read.Last), cancellationToken));
        var maturity = MaturityBook.Add(
            await step.Vault.ReadAsync(Dataset.MaturityDay, step.Storefront, span, cancellationToken), span.First,
            FactTable.Concat(Dataset.TargetDay, targetDays),
            EntityTables.Campaigns(await step.Vault.ReadAsync(Dataset.Campaign, step.Storefront, null, cancellationToken), marketplace.Currency), span);
        return new StepResult.Finished(0,
            write => write.ReplaceDays(Dataset.MaturityDay, step.Storefront, span, maturity)
                .Put(RecordKind.Sync, RecordKind.RecordId(step.Storefront, "mark"), mark, StoredJson.Default.SyncMark, "done"),
            [new(StepNames.Decide, null), .. await SellingPlan.AfterSyncAsync(step, clock.Today(marketplace), cancellationToken)],
            () => workspaces.FactsReplaced(step.Seller, step.Storefront));
    }
}
