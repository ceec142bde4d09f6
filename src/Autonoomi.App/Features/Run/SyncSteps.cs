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

/// <summary>Which days a sync asks for.</summary>
internal static class Windows
{
    public const int FirstDays = 60;

    // Sales are attributed for 7 days and restated for a while after: the recent days every night, the month behind them once a week.
    private const int RecentDays = 14;
    private const int MonthDays = 31;

    /// <summary>Amazon's longest report.</summary>
    private const int ReportDays = 31;

    public static DateSpan ForSync(SyncMark? mark, DateOnly today)
    {
        var last = today.AddDays(-1);
        if (mark is null) return DateSpan.Ending(last, FirstDays);
        var days = today.DayNumber % 7 == 0 ? MonthDays : RecentDays;
        var gap = last.DayNumber - mark.FactsThrough.DayNumber;
        return DateSpan.Ending(last, Math.Min(FirstDays, gap > RecentDays ? gap + RecentDays : days));
    }

    public static IEnumerable<DateSpan> Chunks(DateSpan span)
    {
        for (var first = span.First; first <= span.Last; first = first.AddDays(ReportDays))
        {
            var last = first.AddDays(ReportDays - 1);
            yield return new DateSpan(first, last < span.Last ? last : span.Last);
        }
    }
}

/// <summary>Campaigns, ad groups, ads, targets and negatives as Amazon has them now; then plans the rest of the sync.</summary>
internal sealed class StructureStep(SellerLink link, BusinessClock clock, Reconciliation reconciliation) : IStep
{
    private static readonly Dataset[] Reports = [Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PlacementDay, Dataset.ProductDay];
    private static readonly Dataset[] BrandsReports = [Dataset.BrandsTargetDay, Dataset.BrandsSearchTermDay, Dataset.BrandsPlacementDay];
    private static readonly Dataset[] DisplayReports = [Dataset.DisplayTargetDay, Dataset.DisplayProductDay];

    public string Kind => StepNames.Structure;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        // What a broken-off run may have written is settled before anything is decided anew.
        if (await reconciliation.SettleAsync(step, cancellationToken) is { } first) return first;

        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        var (count, products, write) = await ReadAsync(ads, step.Storefront, cancellationToken);
        var mark = await step.Vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(step.Storefront, "mark"), StoredJson.Default.SyncMark, cancellationToken);
        var today = clock.Today(await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken));
        var span = Windows.ForSync(mark, today);
        return new StepResult.Finished(count, write,
        [
            new(StepNames.Suggestions, null),
            new(StepNames.Listings, null),
            Days(StepNames.Orders, Dataset.OrderDay, new DateSpan(span.First, today)),
            Days(StepNames.Economics, Dataset.SkuDay, span),
            .. from chunk in Windows.Chunks(span) from dataset in ReportsOf(products) select Days(StepNames.Report, dataset, chunk),
            Days(StepNames.Finish, Dataset.TargetDay, span),
        ]);
    }

    // Decisions wait for those of Sponsored Products; the others come after them and only where there are such campaigns.
    private static IEnumerable<Dataset> ReportsOf(IReadOnlyCollection<AdProduct> products) =>
    [
        .. Reports,
        .. products.Contains(AdProduct.SponsoredBrands) ? BrandsReports : [],
        .. products.Contains(AdProduct.SponsoredDisplay) ? DisplayReports : [],
    ];

    /// <returns>Number of entities, whose campaigns there are, and what to write.</returns>
    public static async Task<(long Count, IReadOnlyCollection<AdProduct> Products, Action<VaultWrite> Write)> ReadAsync(AdsClient ads, StorefrontId storefront, CancellationToken cancellationToken)
    {
        var campaigns = await ads.CampaignsAsync(cancellationToken);
        var products = campaigns.Select(campaign => campaign.AdProduct).ToHashSet();
        var adGroups = await ads.AdGroupsAsync(products, cancellationToken);
        var productAds = await ads.ProductAdsAsync(products, cancellationToken);
        var targets = await ads.TargetsAsync(adGroups, products, cancellationToken);
        var negatives = await ads.NegativesAsync(products, cancellationToken);
        return (campaigns.Count + adGroups.Count + productAds.Count + targets.Count + negatives.Count, products, write => write
            .ReplaceSnapshot(Dataset.Campaign, storefront, EntityTables.ToTable(campaigns.OrderBy(item => item.Id.Value)))
            .ReplaceSnapshot(Dataset.AdGroup, storefront, EntityTables.ToTable(adGroups.OrderBy(item => item.Id.Value)))
            .ReplaceSnapshot(Dataset.ProductAd, storefront, EntityTables.ToTable(productAds.OrderBy(item => item.Id.Value)))
            .ReplaceSnapshot(Dataset.Target, storefront, EntityTables.ToTable(targets.OrderBy(item => item.Id.Value)))
            .ReplaceSnapshot(Dataset.Negative, storefront, EntityTables.ToTable(negatives.OrderBy(item => item.Id.Value))));
    }

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

/// <summary>One advertising report: requested, asked for until it is there, downloaded and sealed. Its id is in the ledger, so a restart goes on waiting for the same one.</summary>
internal sealed class ReportStep(SellerLink link, RunOptions options) : IStep
{
    public string Kind => StepNames.Report;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.ReportNotes)!;
        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        var span = new DateSpan(notes.First, notes.Last);
        if (notes.Id is null)
        {
            var id = await ads.RequestReportAsync(notes.Dataset, span, cancellationToken);
            return Waits.Noted(notes with { Id = id, Requests = notes.Requests + 1, Polls = 0 }, options);
        }

        var status = await ads.ReportStatusAsync(notes.Id, cancellationToken);
        switch (status.State)
        {
            case ReportState.Waiting: return Waits.Longer(notes, options);
            case ReportState.Failed when notes.Requests < 3: return Waits.Noted(notes with { Id = null }, options);
            case ReportState.Failed: return new StepResult.Failed($"Amazon could not make the {notes.Dataset} report of {span} ({status.Failure ?? "no reason given"}). Start the run again later.");
            case ReportState.Done: break;
        }

        // Part by part into the vault's hands: a report may be larger than the memory.
        Task<StagedDays> TakeAsync(IAsyncEnumerable<FactTable> parts, CancellationToken token) => StagedDays.TakeAsync(notes.Dataset, step.Storefront, span, parts, token);
        var staged = status.Location is { } location
            ? await ads.DownloadReportAsync(notes.Dataset, location, TakeAsync, cancellationToken)
            : await TakeAsync(AsyncEnumerable.Empty<FactTable>(), cancellationToken);
        return new StepResult.Finished(staged.Rows, write => write.ReplaceDays(staged), Afterwards: staged.Dispose);
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

internal static class Waits
{
    /// <summary>Something was learnt that must survive a crash.</summary>
    public static StepResult Noted(ReportNotes notes, RunOptions options) =>
        new StepResult.Again(notes.Id is null ? options.RetryFirst : options.PollFirst, JsonSerializer.Serialize(notes, NotesJson.Default.ReportNotes));

    /// <summary>Still waiting. Written down only now and then: a restart merely asks a little earlier.</summary>
    public static StepResult Longer(ReportNotes notes, RunOptions options)
    {
        var wait = options.PollFirst * Math.Pow(2, Math.Min(notes.Polls, 10));
        var next = notes with { Polls = notes.Polls + 1 };
        var waited = options.PollLimit * notes.Polls;
        if (waited > options.PollGiveUp && notes.Requests < 3) return Noted(next with { Id = null }, options);
        return new StepResult.Again(wait < options.PollLimit ? wait : options.PollLimit, JsonSerializer.Serialize(next, NotesJson.Default.ReportNotes));
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
        var maturity = MaturityBook.Add(
            await step.Vault.ReadAsync(Dataset.MaturityDay, step.Storefront, span, cancellationToken), span.First,
            await step.Vault.ReadAsync(Dataset.TargetDay, step.Storefront, span, cancellationToken),
            EntityTables.Campaigns(await step.Vault.ReadAsync(Dataset.Campaign, step.Storefront, null, cancellationToken), marketplace.Currency), span);
        return new StepResult.Finished(0,
            write => write.ReplaceDays(Dataset.MaturityDay, step.Storefront, span, maturity)
                .Put(RecordKind.Sync, RecordKind.RecordId(step.Storefront, "mark"), mark, StoredJson.Default.SyncMark, "done"),
            [new(StepNames.Decide, null)],
            () => workspaces.FactsReplaced(step.Seller, step.Storefront));
    }
}
