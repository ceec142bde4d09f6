using System.Text.Json;
using Autonoomi.Amazon;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Privacy;

namespace Autonoomi.App.Features.Run;

/// <summary>Units and sales of the newest days by product, fresher than economics and the file of orders.</summary>
internal sealed partial class OrdersStep(SellerLink link, ILogger<OrdersStep> log) : IStep
{
    // What Amazon gives at once; a page more takes three minutes, and the file brings it in less.
    private const int AtMostPages = 20;

    public string Kind => StepNames.Orders;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.ReportNotes)!;
        var seller = await link.SellingPartnerAsync(step.Seller, step.Storefront, cancellationToken);
        var since = OrderSpans.Midnight(notes.First, await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken));
        if (await seller.OrdersAsync(since, AtMostPages, cancellationToken) is not { } orders)
        {
            LogMany(AtMostPages * 100);
            return new StepResult.Finished(0);
        }

        var read = await Readings.AddAsync(step, notes, cancellationToken);
        var kept = OrderSpans.Until(orders, notes.Last);
        return new StepResult.Finished(kept.Rows, write => read(write.ReplaceDays(Dataset.OrderDay, step.Storefront, new DateSpan(notes.First, notes.Last), kept)));
    }

    [LoggerMessage(LogLevel.Information, "The newest days have more than {Count} orders: they are read from the file of orders alone")]
    private partial void LogMany(int count);
}

/// <summary>
/// Orders of the past from Amazon's flat files: units and sales by day and product, and what was sold at which price for the ledger. A file goes by last change, so files from the
/// first day until now hold all orders that were bought since. What cannot be had is asked for again with the next sync.
/// </summary>
internal sealed partial class OrderFileStep(SellerLink link, BusinessClock clock, RunOptions options, ILogger<OrderFileStep> log) : IStep
{
    /// <summary>The record that says through which day files were read.</summary>
    public const string MarkId = "orders";

    // With the usual waits about an hour.
    private const int MostPolls = 16;

    public string Kind => StepNames.OrderFile;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.ReportNotes)!;
        var seller = await link.SellingPartnerAsync(step.Seller, step.Storefront, cancellationToken);
        var since = OrderSpans.Midnight(notes.First, await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken));
        try
        {
            return notes.Id is null ? await OrderAsync(seller, notes, since, cancellationToken) : await LookAsync(step, seller, notes, since, cancellationToken);
        }
        catch (Exception outage) when (outage is AmazonApiException { IsForbidden: false } or AmazonDocumentException)
        {
            LogLeftOut(outage.Message);
            return new StepResult.Finished(0);
        }
    }

    private async Task<StepResult> OrderAsync(SellingPartnerClient seller, ReportNotes notes, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        foreach (var (from, until) in OrderSpans.Of(since, clock.GetUtcNow())) ids.Add(await seller.RequestOrderFileAsync(from, until, cancellationToken));
        return Waits.Noted(notes with { Id = string.Join(' ', ids), Requests = notes.Requests + 1, Polls = 0 }, options);
    }

    private async Task<StepResult> LookAsync(StepContext step, SellingPartnerClient seller, ReportNotes notes, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var files = new List<PartnerReport>();
        foreach (var id in notes.Id!.Split(' ')) files.Add(await seller.PartnerReportAsync(id, cancellationToken));
        if (files.Find(file => file.State == PartnerReportState.Failed) is { } failed)
        {
            if (notes.Requests < Waits.MostRequests) return Waits.Noted(notes with { Id = null }, options);
            LogLeftOut(failed.Failure ?? "no reason given");
            return new StepResult.Finished(0);
        }

        var waiting = files.Where(file => file.State == PartnerReportState.Waiting).ToList();
        if (waiting.Count > 0)
        {
            if (notes.Polls < MostPolls) return Waits.Longer(notes, options);
            // Amazon's queue loses some for ever.
            foreach (var file in waiting) await seller.CancelReportAsync(file.Id, cancellationToken);
            LogLeftOut("Amazon did not make it in an hour");
            return new StepResult.Finished(0);
        }

        // No data at all may be true, and it may be a queue that was full: nothing is taken away for it.
        var documents = files.Where(file => file.DocumentId is not null).Select(file => file.DocumentId!).ToList();
        if (documents.Count == 0) return new StepResult.Finished(0);
        return await KeepAsync(step, notes, await seller.DownloadOrderFilesAsync(documents, since, link.OrderKeys(step.Seller), cancellationToken), cancellationToken);
    }

    private async Task<StepResult> KeepAsync(StepContext step, ReportNotes notes, OrderFile file, CancellationToken cancellationToken)
    {
        // Days that were read order by order meanwhile show pending orders with their prices.
        var read = await Readings.OfAsync(step, Dataset.OrderDay, cancellationToken);
        var last = notes.Last;
        while (last > notes.First && read.LastRead(last) == notes.Today) last = last.AddDays(-1);
        var (orders, lines) = (OrderSpans.Until(file.Days, last), OrderSpans.Until(file.Lines, notes.Last));
        var span = new DateSpan(notes.First, notes.Last);
        var kept = await step.Vault.ReadAsync(Dataset.LedgerDay, step.Storefront, span, cancellationToken);
        var sources = kept.Ints("source").ToArray();
        var ledger = FactTable.Concat(Dataset.LedgerDay, [Rows.Where(kept, row => sources[row] != (int)LedgerSource.Order), lines]);
        // What the file brought counts whole: whether the newest days were read before it is chance.
        return new StepResult.Finished(OrderSpans.Until(file.Days, notes.Last).Rows + lines.Rows, write => write
            .ReplaceDays(Dataset.OrderDay, step.Storefront, new DateSpan(notes.First, last), orders)
            .ReplaceDays(Dataset.LedgerDay, step.Storefront, span, ledger)
            .Put(RecordKind.Sync, RecordKind.RecordId(step.Storefront, MarkId), new SyncMark(clock.GetUtcNow(), notes.Last.AddDays(-1)), StoredJson.Default.SyncMark, "done"));
    }

    [LoggerMessage(LogLevel.Warning, "Orders of the past are left out until the next sync: {Reason}")]
    private partial void LogLeftOut([AmazonData] string reason);
}

/// <summary>Spans for which Amazon makes one file of orders each.</summary>
internal static class OrderSpans
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    // Amazon wants an end that is two minutes ago.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(3);

    /// <returns>From a first instant until now without a gap, the newest first; none where nothing can have happened yet.</returns>
    public static IReadOnlyList<(DateTimeOffset From, DateTimeOffset Until)> Of(DateTimeOffset first, DateTimeOffset now)
    {
        var spans = new List<(DateTimeOffset From, DateTimeOffset Until)>();
        for (var until = now - Fresh; until > first; until -= Longest) spans.Add((until - first > Longest ? until - Longest : first, until));
        return spans;
    }

    /// <returns>Without what was bought after a day: a step may wait past midnight.</returns>
    public static FactTable Until(FactTable table, DateOnly last)
    {
        var days = table.Ints("day").ToArray();
        return Rows.Where(table, row => days[row] <= last.DayNumber);
    }

    /// <returns>The beginning of a day in the marketplace's zone.</returns>
    public static DateTimeOffset Midnight(DateOnly day, Marketplace marketplace)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new(midnight, TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone).GetUtcOffset(midnight));
    }
}
