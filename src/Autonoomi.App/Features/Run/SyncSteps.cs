using System.Text.Json;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Run;

/// <summary>Which days of sales and fees a sync asks for.</summary>
internal static class Windows
{
    private const int FirstDays = 60;

    // Sales and fees are restated for a while: the recent days every night, the month behind them once a week.
    private const int RecentDays = 14;
    private const int MonthDays = 31;

    public static DateSpan ForSync(SyncMark? mark, DateOnly today)
    {
        var last = today.AddDays(-1);
        if (mark is null) return DateSpan.Ending(last, FirstDays);
        var days = today.DayNumber % 7 == 0 ? MonthDays : RecentDays;
        var gap = last.DayNumber - mark.FactsThrough.DayNumber;
        return DateSpan.Ending(last, Math.Min(FirstDays, gap > RecentDays ? gap + RecentDays : days));
    }
}

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
        var (count, products, write) = Written(structure, step.Storefront);
        var mark = await step.Vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(step.Storefront, "mark"), StoredJson.Default.SyncMark, cancellationToken);
        var today = clock.Today(await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken));
        var span = Windows.ForSync(mark, today);
        var readings = new Dictionary<Dataset, StoredReadings>();
        var wanted = ReportPlan.Of(products);
        foreach (var dataset in wanted) readings[dataset] = await Readings.OfAsync(step, dataset, cancellationToken);
        return new StepResult.Finished(count, write,
        [
            new(StepNames.Suggestions, null),
            new(StepNames.Controls, null),
            new(StepNames.Listings, null),
            Days(StepNames.Orders, Dataset.OrderDay, new DateSpan(span.First, today)),
            Days(StepNames.Economics, Dataset.SkuDay, span),
            .. ReportPlan.For(readings, wanted, today, isFirst: mark is null).Select(ask => NewStep.With(StepNames.Report,
                new ReportNotes(ask.Dataset, ask.Days.First, ask.Days.Last, Today: today, Optional: ask.Optional, Opens: mark is null && ask.Days.Last == today.AddDays(-1)), NotesJson.Default.ReportNotes)),
            Days(StepNames.Finish, Dataset.TargetDay, span),
        ]);
    }

    /// <summary>By lists: what was written a moment ago is looked for.</summary>
    /// <returns>Number of entities, whose campaigns there are, and what to write.</returns>
    public static async Task<(long Count, IReadOnlyCollection<AdProduct> Products, Action<VaultWrite> Write)> ReadAsync(AdsClient ads, StorefrontId storefront, CancellationToken cancellationToken) =>
        Written(await ads.StructureAsync(exports: false, cancellationToken), storefront);

    private static (long Count, IReadOnlyCollection<AdProduct> Products, Action<VaultWrite> Write) Written(AdStructure read, StorefrontId storefront) =>
        (read.Campaigns.Count + read.AdGroups.Count + read.ProductAds.Count + read.Targets.Count + read.Negatives.Count, read.Campaigns.Select(campaign => campaign.AdProduct).ToHashSet(), write => write
            .ReplaceSnapshot(Dataset.Campaign, storefront, EntityTables.ToTable(read.Campaigns.OrderBy(item => item.Id.Value)))
            .ReplaceSnapshot(Dataset.AdGroup, storefront, EntityTables.ToTable(read.AdGroups.OrderBy(item => item.Id.Value)))
            .ReplaceSnapshot(Dataset.ProductAd, storefront, EntityTables.ToTable(read.ProductAds.OrderBy(item => item.Id.Value)))
            .ReplaceSnapshot(Dataset.Target, storefront, EntityTables.ToTable(read.Targets.OrderBy(item => item.Id.Value)))
            .ReplaceSnapshot(Dataset.Negative, storefront, EntityTables.ToTable(read.Negatives.OrderBy(item => item.Id.Value))));

    [LoggerMessage(LogLevel.Information, "Structure read by lists, not by exports: {Why}")]
    private partial void LogLists(string why);

    private static NewStep Days(string kind, Dataset dataset, DateSpan span) => NewStep.With(kind, new ReportNotes(dataset, span.First, span.Last), NotesJson.Default.ReportNotes);
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

/// <summary>Units and sales by day and product, fresher than economics.</summary>
internal sealed class OrdersStep(SellerLink link) : IStep
{
    public string Kind => StepNames.Orders;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.ReportNotes)!;
        var seller = await link.SellingPartnerAsync(step.Seller, step.Storefront, cancellationToken);
        var zone = TimeZoneInfo.FindSystemTimeZoneById((await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken)).TimeZone);
        var midnight = notes.First.ToDateTime(TimeOnly.MinValue);
        var orders = await seller.OrdersAsync(new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)), cancellationToken);
        return new StepResult.Finished(orders.Rows, write => write.ReplaceDays(Dataset.OrderDay, step.Storefront, new DateSpan(notes.First, notes.Last), orders));
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

        var pages = new List<FactTable>();
        while (true)
        {
            if (status.DocumentId is { } document) pages.Add(await seller.DownloadEconomicsAsync(document, cancellationToken));
            if (status.NextPage is not { } token) break;
            status = await NextPageAsync(seller, span, token, cancellationToken);
        }

        var facts = FactTable.Concat(Dataset.SkuDay, pages);
        return new StepResult.Finished(facts.Rows, write => write.ReplaceDays(Dataset.SkuDay, step.Storefront, span, facts));
    }

    // A further page is ordered only once the one before was read, and all pages are stored together: a restart begins with the first again.
    private async Task<QueryStatus> NextPageAsync(SellingPartnerClient seller, DateSpan span, string token, CancellationToken cancellationToken)
    {
        var id = await seller.RequestEconomicsAsync(span, token, cancellationToken);
        for (var wait = options.PollFirst; ; wait = wait * 2 < options.PollLimit ? wait * 2 : options.PollLimit)
        {
            await Task.Delay(wait, cancellationToken);
            var status = await seller.QueryStatusAsync(id, cancellationToken);
            if (status.State == QueryState.Done) return status;
            if (status.State == QueryState.Failed) throw new TimeoutException($"Amazon broke off the economics of {span} at a later page.");
        }
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
