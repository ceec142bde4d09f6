using System.Collections.Immutable;
using System.Text.Json;
using Autonoomi.Amazon;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Run;

/// <summary>What helps decisions and profit and is not needed for a first overview: queued behind it, and an outage or a missing role (which the pump notes) leaves things as they are.</summary>
internal static class SellingPlan
{
    // Visits are counted late, for about three days; once a week the week behind them is asked for again, since Amazon corrects it.
    private const int RecentTraffic = 3;
    private const int WeekOfTraffic = 7;

    // The oldest settlement that Amazon still lists began a quarter and two weeks ago.
    private const int DaysOfReturns = 120;
    private const int ReturnReportDays = 30;
    private const int RecentReturns = 8;

    // A week's searches are there a few days after it.
    private const int SearchLag = 4;

    // Amazon takes about twenty orders of search queries a day: the products that cost most, in a few orders.
    private const int SearchOrders = 3;

    public static async Task<IReadOnlyList<NewStep>> AfterSyncAsync(StepContext step, DateOnly today, CancellationToken cancellationToken)
    {
        var traffic = await step.Vault.ReadAsync(Dataset.TrafficDay, step.Storefront, DateSpan.Ending(today, WeekOfTraffic + 1), cancellationToken);
        var days = traffic.Rows == 0 || today.DayNumber % 7 == 0 ? WeekOfTraffic : RecentTraffic;
        var steps = new List<NewStep> { new(StepNames.Ledger, null), new(StepNames.Fees, null), Report(Dataset.StockPlan, today, today) };
        steps.AddRange(Enumerable.Range(1, days).Select(back => Report(Dataset.TrafficDay, today.AddDays(-back), today.AddDays(-back))));

        var returns = await step.Vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(step.Storefront, "returns"), StoredJson.Default.ReturnsMark, cancellationToken);
        steps.AddRange(ReturnSpans(returns, today).Select(span => Report(Dataset.ReturnDay, span.First, span.Last)));

        var end = today.AddDays(-SearchLag);
        var sunday = end.AddDays(-(int)end.DayOfWeek - 7);
        var mark = await step.Vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(step.Storefront, "searches"), StoredJson.Default.SearchesMark, cancellationToken);
        var ranks = await step.Vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(step.Storefront, "ranks"), StoredJson.Default.SearchesMark, cancellationToken);

        // A refusal is an answer too, until the next week.
        if (ranks is null || ranks.Sunday < sunday) steps.Add(Report(Dataset.SearchTermWeek, sunday, sunday));
        if (mark is not null && mark.Sunday >= sunday) return steps;
        var products = await CostliestAsync(step, today, cancellationToken);
        steps.AddRange(SellingPartnerClient.AsinBatches(products).Take(SearchOrders).Select(batch => Report(Dataset.SearchQueryWeek, sunday, sunday, string.Join(' ', batch.Select(asin => asin.Value)))));
        steps.Add(Report(Dataset.SearchCatalogueWeek, sunday, sunday));
        return steps;
    }

    /// <summary>
    /// Which days of returns a sync asks for, in reports of thirty days at most, oldest first: all that Amazon's settlements may speak of at first, then the newest days again; once a
    /// week a month, since Amazon adds to past days, and whatever of the first days could not be had.
    /// </summary>
    /// <param name="mark">What was read; null when nothing was.</param>
    /// <param name="today">It is not over, so it is never asked for.</param>
    internal static IReadOnlyList<DateSpan> ReturnSpans(ReturnsMark? mark, DateOnly today)
    {
        var (last, oldest) = (today.AddDays(-1), today.AddDays(-DaysOfReturns));
        var first = oldest;
        if (mark?.Newest is { } known)
        {
            var isWeekly = today.DayNumber % 7 == 0;
            var through = known.Last < last ? known.Last : last;
            first = isWeekly && known.First > oldest ? oldest : through.AddDays(1 - (isWeekly ? ReturnReportDays : RecentReturns));
            if (first < oldest) first = oldest;
        }

        var spans = new List<DateSpan>();
        for (; first <= last; first = first.AddDays(ReturnReportDays)) spans.Add(new(first, first.AddDays(ReturnReportDays - 1) < last ? first.AddDays(ReturnReportDays - 1) : last));
        return spans;
    }

    private static async Task<IReadOnlyList<Asin>> CostliestAsync(StepContext step, DateOnly today, CancellationToken cancellationToken)
    {
        var listings = await step.Vault.ReadAsync(Dataset.Listing, step.Storefront, null, cancellationToken);
        var facts = await step.Vault.ReadAsync(Dataset.ProductDay, step.Storefront, DateSpan.Ending(today, 30), cancellationToken);
        var (skus, costs) = (facts.Texts("sku"), facts.Longs("cost").ToArray());
        var spent = Enumerable.Range(0, facts.Rows).GroupBy(row => skus[row], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(row => costs[row]), StringComparer.Ordinal);
        return [.. Enumerable.Range(0, listings.Rows).OrderByDescending(row => spent.GetValueOrDefault(listings.Texts("sku")[row])).ThenBy(row => listings.Texts("sku")[row], StringComparer.Ordinal).Select(row => new Asin(listings.Texts("asin")[row])).Distinct()];
    }

    private static NewStep Report(Dataset dataset, DateOnly first, DateOnly last, string? products = null) =>
        NewStep.With(StepNames.Selling, new ReportNotes(dataset, first, last, Products: products), NotesJson.Default.ReportNotes);
}

/// <summary>One report of the selling side: ordered, asked for until it is there, read and kept. What cannot be had now is asked for again with the next sync.</summary>
internal sealed partial class SellingStep(SellerLink link, Workspaces workspaces, BusinessClock clock, RunOptions options, ILogger<SellingStep> log) : IStep
{
    // With the usual waits about an hour.
    private const int MostPolls = 16;

    // Searches that ads answered so lately concern the seller.
    private const int DaysOfTerms = 90;

    public string Kind => StepNames.Selling;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.ReportNotes)!;
        var seller = await link.SellingPartnerAsync(step.Seller, step.Storefront, cancellationToken);
        try
        {
            return notes.Id is null ? await OrderAsync(step, seller, notes, cancellationToken) : await LookAsync(step, seller, notes, cancellationToken);
        }
        catch (Exception outage) when (outage is AmazonApiException { IsForbidden: false } or AmazonDocumentException or TimeoutException)
        {
            LogLeftOut(notes.Dataset, outage.Message);
            return new StepResult.Finished(0);
        }
    }

    private async Task<StepResult> OrderAsync(StepContext step, SellingPartnerClient seller, ReportNotes notes, CancellationToken cancellationToken)
    {
        var order = notes.Dataset switch
        {
            Dataset.TrafficDay => new OrderedReport(await seller.RequestTrafficAsync(notes.First, cancellationToken), null),
            Dataset.StockPlan => new OrderedReport(await seller.RequestStockPlanAsync(cancellationToken), null),
            Dataset.ReturnDay => new OrderedReport(await seller.RequestReturnsAsync(new DateSpan(notes.First, notes.Last), cancellationToken), null),
            Dataset.SearchQueryWeek => await seller.RequestSearchQueriesAsync(notes.First, [.. notes.Products!.Split(' ').Select(asin => new Asin(asin))], cancellationToken),
            Dataset.SearchCatalogueWeek => await seller.RequestSearchCatalogueAsync(notes.First, cancellationToken),
            Dataset.SearchTermWeek => await seller.RequestSearchTermsAsync(notes.First, cancellationToken),
            _ => throw new InvalidOperationException($"{notes.Dataset} is no report of the selling side."),
        };
        if (order.Id is { } id) return Waits.Noted(notes with { Id = id, Requests = notes.Requests + 1, Polls = 0 }, options);
        LogLeftOut(notes.Dataset, order.Refusal!);
        return new StepResult.Finished(0, write => Mark(write, step, notes, order.Refusal));
    }

    private async Task<StepResult> LookAsync(StepContext step, SellingPartnerClient seller, ReportNotes notes, CancellationToken cancellationToken)
    {
        var query = notes.Dataset == Dataset.TrafficDay ? await seller.QueryStatusAsync(notes.Id!, cancellationToken) : null;
        var (isWaiting, document, failure) = query is not null ? Plain(query) : Plain(await seller.PartnerReportAsync(notes.Id!, cancellationToken));
        if (isWaiting && notes.Polls < MostPolls) return Waits.Longer(notes, options);
        if (isWaiting)
        {
            // Amazon's queue loses some for ever.
            await (notes.Dataset == Dataset.TrafficDay ? seller.CancelQueryAsync(notes.Id!, cancellationToken) : seller.CancelReportAsync(notes.Id!, cancellationToken));
            failure = "Amazon did not make it in an hour";
        }

        if (failure is not null) LogLeftOut(notes.Dataset, failure);
        if (document is null && query?.NextPage is null) return new StepResult.Finished(0, write => Mark(write, step, notes, failure));

        var span = new DateSpan(notes.First, notes.Last);
        switch (notes.Dataset)
        {
            case Dataset.TrafficDay:
                var traffic = await KioskPages.ReadAsync(Dataset.TrafficDay, seller, query!, $"the visits of {notes.First:yyyy-MM-dd}",
                    seller.DownloadTrafficAsync, (token, stop) => seller.RequestTrafficAsync(notes.First, token, stop), options, cancellationToken);
                return new StepResult.Finished(traffic.Rows, write => write.ReplaceDays(Dataset.TrafficDay, step.Storefront, span, traffic));
            case Dataset.StockPlan:
                var plan = await seller.DownloadStockPlanAsync(document!, cancellationToken);
                return new StepResult.Finished(plan.Rows, write => write.ReplaceSnapshot(Dataset.StockPlan, step.Storefront, plan));
            case Dataset.ReturnDay:
                var goods = await seller.DownloadReturnsAsync(document!, link.OrderKeys(step.Seller), cancellationToken);
                var markId = RecordKind.RecordId(step.Storefront, "returns");
                var mark = (await step.Vault.RecordAsync(RecordKind.Sync, markId, StoredJson.Default.ReturnsMark, cancellationToken) ?? new([])).With(span);
                return new StepResult.Finished(goods.Rows, write => write.ReplaceDays(Dataset.ReturnDay, step.Storefront, span, Within(goods, span)).Put(RecordKind.Sync, markId, mark, StoredJson.Default.ReturnsMark, "done"),
                    Afterwards: () => workspaces.FactsReplaced(step.Seller, step.Storefront));
            case Dataset.SearchCatalogueWeek:
                var catalogue = await seller.DownloadSearchCatalogueAsync(document!, cancellationToken);
                return new StepResult.Finished(catalogue.Rows, write => Mark(write.ReplaceDays(Dataset.SearchCatalogueWeek, step.Storefront, span, catalogue), step, notes, null),
                    Afterwards: () => workspaces.FactsReplaced(step.Seller, step.Storefront));
            case Dataset.SearchTermWeek:
                var (terms, own) = await ConcernsAsync(step, notes.First, cancellationToken);
                var ranks = await seller.DownloadSearchTermsAsync(document!, notes.First, terms, own, cancellationToken);
                return new StepResult.Finished(ranks.Rows, write => Mark(write.ReplaceDays(Dataset.SearchTermWeek, step.Storefront, span, ranks), step, notes, null),
                    Afterwards: () => workspaces.FactsReplaced(step.Seller, step.Storefront));
            default:
                // Other orders of the same week brought other products.
                var asked = notes.Products!.Split(' ').ToHashSet(StringComparer.Ordinal);
                var before = await step.Vault.ReadAsync(Dataset.SearchQueryWeek, step.Storefront, span, cancellationToken);
                var asins = before.Texts("asin");
                var arrived = await seller.DownloadSearchQueriesAsync(document!, cancellationToken);
                var queries = FactTable.Concat(Dataset.SearchQueryWeek, [Rows.Where(before, row => !asked.Contains(asins[row])), arrived]);
                return new StepResult.Finished(arrived.Rows, write => write.ReplaceDays(Dataset.SearchQueryWeek, step.Storefront, span, queries),
                    Afterwards: () => workspaces.FactsReplaced(step.Seller, step.Storefront));
        }
    }

    // A report may bring a day before or behind those that it was asked for, where zones differ: its own report brings it whole.
    private static FactTable Within(FactTable table, DateSpan span)
    {
        var days = table.Ints("day").ToArray();
        return Rows.Where(table, row => span.Contains(DateOnly.FromDayNumber(days[row])));
    }

    /// <summary>What the ranking of all searches is held against: keywords, searches that ads answered, and the own products.</summary>
    private static async Task<(HashSet<string> Terms, List<Asin> Own)> ConcernsAsync(StepContext step, DateOnly sunday, CancellationToken cancellationToken)
    {
        var terms = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var targets = await step.Vault.ReadAsync(Dataset.Target, step.Storefront, null, cancellationToken);
        var (kinds, texts) = (targets.Ints("kind").ToArray(), targets.Texts("text"));
        terms.UnionWith(Enumerable.Range(0, targets.Rows).Where(row => kinds[row] == (int)TargetKind.Keyword).Select(row => texts[row].Trim()));
        foreach (var dataset in new[] { Dataset.SearchTermDay, Dataset.BrandsSearchTermDay })
            terms.UnionWith((await step.Vault.ReadAsync(dataset, step.Storefront, DateSpan.Ending(sunday.AddDays(6), DaysOfTerms), cancellationToken)).Texts("search_term").Words);
        var listings = await step.Vault.ReadAsync(Dataset.Listing, step.Storefront, null, cancellationToken);
        return (terms, [.. listings.Texts("asin").Words.Where(asin => asin.Length > 0).Select(asin => new Asin(asin))]);
    }

    private void Mark(VaultWrite write, StepContext step, ReportNotes notes, string? refusal)
    {
        if (notes.Dataset is Dataset.SearchCatalogueWeek or Dataset.SearchTermWeek)
            write.Put(RecordKind.Sync, RecordKind.RecordId(step.Storefront, notes.Dataset == Dataset.SearchCatalogueWeek ? "searches" : "ranks"), new SearchesMark(notes.First, clock.GetUtcNow(), refusal), StoredJson.Default.SearchesMark, refusal is null ? "done" : "refused");
    }

    private static (bool IsWaiting, string? Document, string? Failure) Plain(QueryStatus status) => (status.State == QueryState.Waiting, status.State == QueryState.Done ? status.DocumentId : null, status.Failure);

    private static (bool IsWaiting, string? Document, string? Failure) Plain(PartnerReport report) => (report.State == PartnerReportState.Waiting, report.DocumentId, report.Failure);

    [LoggerMessage(LogLevel.Warning, "{Dataset} is left out until the next sync: {Reason}")]
    private partial void LogLeftOut(Dataset dataset, [AmazonData] string reason);
}

/// <summary>Money as Amazon posted and settled it: the newest days of transactions again, and every settlement that is not kept yet.</summary>
internal sealed partial class LedgerStep(SellerLink link, Workspaces workspaces, BusinessClock clock, ILogger<LedgerStep> log) : IStep
{
    // As far back as the first import of facts.
    private const int FirstDays = 60;

    // Amazon forgets settlement reports after 90 days.
    private const int SettlementDays = 89;

    // A file that broke off may be whole the next time; one that breaks a rule stays as it is.
    private const int MostTries = 3;

    public string Kind => StepNames.Ledger;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var seller = await link.SellingPartnerAsync(step.Seller, step.Storefront, cancellationToken);
        var marketplace = await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken);
        var today = clock.Today(marketplace);
        var keys = link.OrderKeys(step.Seller);
        var together = await TogetherAsync(step, marketplace, cancellationToken);
        var mark = together.Marks[step.Storefront];
        try
        {
            var now = clock.GetUtcNow();
            var first = mark is null ? today.AddDays(1 - FirstDays) : mark.PostedThrough.AddDays(1 - SellingPartnerClient.TransactionOverlapDays);
            var span = new DateSpan(first < today ? first : today, today);
            var posted = await seller.TransactionsAsync(span, now, keys, cancellationToken);
            LogUnknown(posted.UnknownWords);

            var (settlements, divided, unread) = (new List<SettlementReport>(), new List<SettlementShares>(), new List<UnreadSettlement>());
            foreach (var report in await seller.SettlementsAsync(now.AddDays(-SettlementDays), cancellationToken))
            {
                if (together.IsKept(report.Id)) continue;
                var before = mark?.NotRead.FirstOrDefault(item => item.Id == report.Id);
                if (before is { Tries: >= MostTries })
                {
                    unread.Add(before);
                    continue;
                }

                try
                {
                    var settlement = await seller.DownloadSettlementAsync(report.DocumentId!, keys, cancellationToken);
                    LogUnknown(settlement.UnknownWords);
                    settlements.Add(settlement with { Id = report.Id });
                    divided.Add(settlement.Divide(marketplace, together.Marketplaces, report.Marketplaces));
                }
                catch (Exception broken) when (broken is AmazonDocumentException or AmazonApiException { IsTransient: false, IsForbidden: false })
                {
                    LogUnread(report.Id, broken.Message);
                    unread.Add(new(report.Id, DateOnly.FromDateTime(report.CreatedAt.UtcDateTime), (before?.Tries ?? 0) + 1, broken.Message));
                }
            }

            var read = settlements.Select(settlement => settlement.Id).ToHashSet(StringComparer.Ordinal);
            var numbers = settlements.Select(settlement => settlement.Payout.Longs("settlement")[0]).ToHashSet();
            var settled = settlements.Select(settlement => DaysOf(settlement.Rows)).ToList();
            var elsewhere = settlements.Zip(divided).SelectMany(file => file.Second.Elsewhere.Select(part => new SettledElsewhere(file.First.Id, part.Name, part.Marketplace?.Id ?? "", part.Rows.Rows, part.Total)));
            ImmutableArray<string> kept = [.. (mark?.Kept ?? []).Concat(settlements.Select(settlement => settlement.Id)).Distinct(StringComparer.Ordinal).TakeLast(100)];
            var next = new LedgerMark(today, kept, [.. unread], Divided: true, [.. (mark?.NotHere ?? []).Where(item => kept.Contains(item.Report) && !read.Contains(item.Report)).Concat(elsewhere)]);
            var told = await ToldAsync(step, [.. unread.Where(item => item.Tries == 1)], cancellationToken);
            var (own, count) = await RowsAsync(step, step.Storefront, [.. settled, span], span, numbers, [posted.Rows, .. SharesOf(divided, marketplace)], cancellationToken);

            // A settlement may hold money of the seller's other storefronts: one owner works on all of them, so theirs is written with ours.
            var others = new List<(StorefrontId Storefront, Action<VaultWrite> Write)>();
            foreach (var other in together.Others)
            {
                var (rows, arrived) = settled.Count == 0 ? (null, 0) : await RowsAsync(step, other.Storefront, settled, null, numbers, SharesOf(divided, other.Marketplace), cancellationToken);
                var (before, id) = (together.Marks[other.Storefront], RecordKind.RecordId(other.Storefront, "ledger"));
                var after = before?.NotHere.Any(item => read.Contains(item.Report)) == true ? before with { Elsewhere = [.. before.NotHere.Where(item => !read.Contains(item.Report))] } : null;
                if (rows is null && after is null) continue;
                count += arrived;
                others.Add((other.Storefront, write =>
                {
                    rows?.Invoke(write);
                    if (after is not null) write.Put(RecordKind.Sync, id, after, StoredJson.Default.LedgerMark, "done");
                }));
            }

            return new StepResult.Finished(count, write =>
            {
                own!(write);
                write.Put(RecordKind.Sync, RecordKind.RecordId(step.Storefront, "ledger"), next, StoredJson.Default.LedgerMark, "done");
                foreach (var other in others) other.Write(write);
                if (told is not null) write.Put(RecordKind.Decision, RecordKind.RecordId(step.Storefront, "latest"), told, StoredJson.Default.StoredDecision, "latest");
            }, Afterwards: () =>
            {
                if (told is not null) workspaces.RecordsChanged(step.Seller, step.Storefront);
                foreach (var other in others) workspaces.FactsReplaced(step.Seller, other.Storefront);
            });
        }
        catch (Exception outage) when (outage is AmazonApiException { IsForbidden: false } or AmazonDocumentException)
        {
            LogLeftOut(outage.Message);
            return new StepResult.Finished(0);
        }
    }

    /// <summary>The storefronts of the seller whose money may come in one file, and what was read for each of them.</summary>
    private async Task<Together> TogetherAsync(StepContext step, Marketplace marketplace, CancellationToken cancellationToken)
    {
        var all = (await link.StorefrontsAsync(step.Seller, cancellationToken)).Where(item => item.Marketplace.Currency == marketplace.Currency).ToList();
        var marks = new Dictionary<StorefrontId, LedgerMark?>();
        foreach (var (storefront, _) in all) marks[storefront] = await step.Vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(storefront, "ledger"), StoredJson.Default.LedgerMark, cancellationToken);
        return new([.. all.Where(item => item.Storefront != step.Storefront)], [.. all.Select(item => item.Marketplace)], marks);
    }

    /// <summary>A storefront's ledger once the settlements have arrived: rows that an earlier reading of them brought go, whatever storefront it was for.</summary>
    /// <param name="step">For its vault.</param>
    /// <param name="storefront">Whose ledger.</param>
    /// <param name="days">Days of the settlements, and of the transactions.</param>
    /// <param name="posted">Days whose transactions were read; null for none.</param>
    /// <param name="numbers">Amazon's numbers of the settlements.</param>
    /// <param name="arrived">What is new.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>How to write it, null when nothing changes; and how many rows arrived.</returns>
    private static async Task<(Action<VaultWrite>? Write, int Arrived)> RowsAsync(
        StepContext step, StorefrontId storefront, IReadOnlyList<DateSpan> days, DateSpan? posted, HashSet<long> numbers, IReadOnlyList<FactTable> arrived, CancellationToken cancellationToken)
    {
        var covered = days.Aggregate((left, right) => new(left.First < right.First ? left.First : right.First, left.Last > right.Last ? left.Last : right.Last));
        var kept = await step.Vault.ReadAsync(Dataset.LedgerDay, storefront, covered, cancellationToken);
        var (on, sources, settlements) = (kept.Ints("day").ToArray(), kept.Ints("source").ToArray(), kept.Longs("settlement").ToArray());
        var rest = Rows.Where(kept, row => !(posted is { } span && sources[row] == (int)LedgerSource.Transaction && span.Contains(DateOnly.FromDayNumber(on[row]))) && !(sources[row] == (int)LedgerSource.Settlement && numbers.Contains(settlements[row])));
        var rows = FactTable.Concat(Dataset.LedgerDay, [rest, .. arrived]);
        return posted is null && rest.Rows == kept.Rows && rows.Rows == rest.Rows ? (null, 0) : (write => write.ReplaceDays(Dataset.LedgerDay, storefront, covered, rows), rows.Rows - rest.Rows);
    }

    private static List<FactTable> SharesOf(List<SettlementShares> divided, Marketplace marketplace) =>
        [.. divided.SelectMany(file => file.Shares).Where(share => share.Marketplace.Id == marketplace.Id).Select(share => share.Rows)];

    /// <param name="Others">The seller's other storefronts of the same currency.</param>
    /// <param name="Marketplaces">Of all of them, that of the step among them.</param>
    /// <param name="Marks">By storefront; null where nothing was read yet.</param>
    private sealed record Together(IReadOnlyList<(StorefrontId Storefront, Marketplace Marketplace)> Others, IReadOnlyList<Marketplace> Marketplaces, IReadOnlyDictionary<StorefrontId, LedgerMark?> Marks)
    {
        /// <returns>True when a reading for one of them divided the report, and no storefront has come since for a marketplace that it names.</returns>
        public bool IsKept(string report) =>
            Marks.Values.Any(mark => mark?.Kept.Contains(report) == true)
            && !Marks.Values.Any(mark => mark?.NotHere.Any(item => item.Report == report && Marketplaces.Any(marketplace => marketplace.Id == item.MarketplaceId)) == true);
    }

    /// <summary>What could not be read stands beside the newest decision's notes at once; each later decision says it again while Amazon lists the report.</summary>
    private static async Task<StoredDecision?> ToldAsync(StepContext step, IReadOnlyCollection<UnreadSettlement> found, CancellationToken cancellationToken) =>
        found.Count > 0 && await step.Vault.RecordAsync(RecordKind.Decision, RecordKind.RecordId(step.Storefront, "latest"), StoredJson.Default.StoredDecision, cancellationToken) is { } latest
            ? latest with { Notes = [.. latest.Notes, .. found.Select(Readings.Unread)] }
            : null;

    private static DateSpan DaysOf(FactTable rows)
    {
        var days = rows.Ints("day").ToArray();
        return new(DateOnly.FromDayNumber(days.Min()), DateOnly.FromDayNumber(days.Max()));
    }

    private void LogUnknown(IReadOnlyDictionary<string, int> words)
    {
        if (words.Count > 0) LogWords(words.Values.Sum(), words.Count);
    }

    [LoggerMessage(LogLevel.Warning, "Money movements are left out until the next sync: {Reason}")]
    private partial void LogLeftOut([AmazonData] string reason);

    [LoggerMessage(LogLevel.Warning, "Settlement report {Report} cannot be read and is left out: {Reason}")]
    private partial void LogUnread(string report, [AmazonData] string reason);

    [LoggerMessage(LogLevel.Information, "{Count} money movements bear {Names} names that no kind is known for")]
    private partial void LogWords(int count, int names);
}

/// <summary>Amazon's fee estimates: of all listings once a week, of those that are new or have another price at once.</summary>
internal sealed partial class FeesStep(SellerLink link, BusinessClock clock, ILogger<FeesStep> log) : IStep
{
    private const int RoundDays = 7;

    // Twenty a call, a call every two seconds: a quarter of an hour at most.
    private const int AtMost = 8000;

    public string Kind => StepNames.Fees;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var marketplace = await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken);
        var today = clock.Today(marketplace);
        var seller = await link.SellingPartnerAsync(step.Seller, step.Storefront, cancellationToken);
        var listings = EntityTables.Listings(await step.Vault.ReadAsync(Dataset.Listing, step.Storefront, null, cancellationToken), marketplace.Currency);
        var known = await step.Vault.ReadAsync(Dataset.FeeEstimate, step.Storefront, null, cancellationToken);
        var (skus, prices) = (known.Texts("sku"), known.Longs("price").ToArray());
        var markId = RecordKind.RecordId(step.Storefront, "fees");
        var mark = await step.Vault.RecordAsync(RecordKind.Sync, markId, StoredJson.Default.SyncMark, cancellationToken);
        var isRound = mark is null || today.DayNumber - mark.FactsThrough.DayNumber >= RoundDays;
        var same = FeeBook.Holding(known).Values.Select(row => (skus[row], prices[row])).ToHashSet();
        var due = listings.Where(listing => isRound || !same.Contains((listing.Sku.Value, listing.Price.ToMicros()))).Take(AtMost).ToList();
        if (due.Count == 0) return new StepResult.Finished(0);
        try
        {
            var answered = await seller.FeeEstimatesAsync(due, today, cancellationToken);
            var now = FeeBook.Since(known, answered, marketplace.Currency);
            return new StepResult.Finished(answered.Rows, write =>
            {
                write.ReplaceSnapshot(Dataset.FeeEstimate, step.Storefront, now);
                if (isRound) write.Put(RecordKind.Sync, markId, new SyncMark(clock.GetUtcNow(), today), StoredJson.Default.SyncMark, "done");
            });
        }
        catch (AmazonApiException outage) when (!outage.IsForbidden)
        {
            LogLeftOut(outage.Message);
            return new StepResult.Finished(0);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Fee estimates are left out until the next sync: {Reason}")]
    private partial void LogLeftOut([AmazonData] string reason);
}

internal static class Rows
{
    /// <returns>The rows that are wanted, in their order.</returns>
    public static FactTable Where(FactTable table, Func<int, bool> isWanted)
    {
        var kept = Enumerable.Range(0, table.Rows).Where(isWanted).ToArray();
        if (kept.Length == table.Rows) return table;
        if (kept.Length == 0) return FactTable.Empty(table.Schema.Dataset);
        return new(table.Schema, [.. Enumerable.Range(0, table.Schema.Columns.Length).Select(index => (Column)(table[index] switch
        {
            LongColumn longs => new LongColumn([.. kept.Select(row => longs.Values[row])]),
            IntColumn ints => new IntColumn([.. kept.Select(row => ints.Values[row])]),
            TextColumn texts => Words(texts, kept),
            var other => throw new InvalidOperationException($"A column of type {other.GetType().Name}."),
        }))]);
    }

    // Words that no row says any more would be stored for nothing.
    private static TextColumn Words(TextColumn texts, int[] kept)
    {
        var (codes, words) = (new Dictionary<int, int>(), new List<string>());
        var mapped = new int[kept.Length];
        for (var index = 0; index < kept.Length; index++)
        {
            var code = texts.Codes[kept[index]];
            if (!codes.TryGetValue(code, out mapped[index]))
            {
                codes.Add(code, mapped[index] = words.Count);
                words.Add(texts.Words[code]);
            }
        }

        return new(mapped, [.. words]);
    }
}
