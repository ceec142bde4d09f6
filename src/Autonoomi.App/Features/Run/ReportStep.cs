using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Reports;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Run;

/// <summary>One advertising report: requested, asked for until it is there, downloaded and sealed. Its id is in the ledger, so a restart goes on waiting for the same one.</summary>
internal sealed class ReportStep(SellerLink link, Workspaces workspaces, RunOptions options) : IStep
{
    public string Kind => StepNames.Report;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var notes = JsonSerializer.Deserialize(step.Notes!, NotesJson.Default.ReportNotes)!;
        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        var span = new DateSpan(notes.First, notes.Last);
        if (notes.Id is null)
        {
            try
            {
                var id = await ads.RequestReportAsync(notes.Dataset, span, cancellationToken);
                return Waits.Noted(notes with { Id = id, Requests = notes.Requests + 1, Polls = 0 }, options);
            }
            catch (AmazonApiException refused) when (notes.Optional && refused.Status == HttpStatusCode.BadRequest)
            {
                // Amazon does not keep these days after all: they count as read, and are not asked for again every night.
                return new StepResult.Finished(0, await Readings.AddAsync(step, notes, cancellationToken));
            }
        }

        var status = await ads.ReportStatusAsync(notes.Id, cancellationToken);
        switch (status.State)
        {
            case ReportState.Waiting when Waits.IsStuck(notes, options):
                // An equal request would be answered with the one that is stuck: it has to go first.
                await ads.CancelReportAsync(notes.Id, cancellationToken);
                return Waits.Noted(notes with { Id = null }, options);
            case ReportState.Waiting: return Waits.Longer(notes, options);
            case ReportState.Failed when notes.Requests < Waits.MostRequests: return Waits.Noted(notes with { Id = null }, options);
            case ReportState.Failed: return new StepResult.Failed($"Amazon could not make the {notes.Dataset} report of {span} ({status.Failure ?? "no reason given"}). Start the run again later.");
            case ReportState.Done: break;
        }

        var (staged, total, rejects) = status.Location is { } location
            ? await ads.DownloadReportAsync(notes.Dataset, location, (parts, token) => TakeAsync(step, span, parts, token), cancellationToken)
            : (await StagedDays.TakeAsync(notes.Dataset, step.Storefront, span, AsyncEnumerable.Empty<FactTable>(), cancellationToken), new ReportTotal(0, 0, 0, 0), []);
        var read = await Readings.AddAsync(step, notes, cancellationToken, total, rejects);
        return new StepResult.Finished(staged.Rows, write => read(write.ReplaceDays(staged)), Afterwards: () =>
        {
            staged.Dispose();
            if (notes.Opens) workspaces.FactsReplaced(step.Seller, step.Storefront);
        });
    }

    /// <summary>Part by part into the vault's hands: a report may be larger than the memory. What lies there then is added up again and must be what was read.</summary>
    private static async Task<(StagedDays Staged, ReportTotal Total, IReadOnlyList<RejectedRow> Rejects)> TakeAsync(StepContext step, DateSpan span, ReportParts parts, CancellationToken cancellationToken)
    {
        var staged = await StagedDays.TakeAsync(parts.Dataset, step.Storefront, span, WithinAsync(parts, span, cancellationToken), cancellationToken);
        try
        {
            var sums = await staged.SumAsync(cancellationToken);
            if (parts.Sums.FirstOrDefault(sum => sums.GetValueOrDefault(sum.Key) != sum.Value) is { Key: { } column })
                throw new InvalidOperationException($"The {column} of the {parts.Dataset} report of {span} add up to {parts.Sums[column]} as read and to {sums[column]} as packed: nothing was stored.");
            return (staged, new(parts.Rows, parts.Rejected, parts.Sums.GetValueOrDefault("clicks") + parts.Outside.Clicks, parts.Sums.GetValueOrDefault("cost") + parts.Outside.Cost), parts.Rejects);
        }
        catch
        {
            staged.Dispose();
            throw;
        }
    }

    private static async IAsyncEnumerable<FactTable> WithinAsync(ReportParts parts, DateSpan span, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var part in parts.WithCancellation(cancellationToken))
        {
            var strange = part.Ints("day").IndexOfAnyExceptInRange(span.First.DayNumber, span.Last.DayNumber);
            if (strange >= 0) throw new AmazonDocumentException($"{parts.Dataset} report", 0, "date", $"it was asked for {span}, and it speaks of {DateOnly.FromDayNumber(part.Ints("day")[strange]):yyyy-MM-dd}");
            yield return part;
        }
    }
}

/// <summary>Which days of each report were read, and when: what the next plan rests on.</summary>
internal static class Readings
{
    public static async Task<StoredReadings> OfAsync(StepContext step, Dataset dataset, CancellationToken cancellationToken) =>
        await step.Vault.RecordAsync(Kind(dataset), Id(step, dataset), StoredJson.Default.StoredReadings, cancellationToken) ?? StoredReadings.None;

    /// <returns>Written in the transaction that stores the days.</returns>
    public static async Task<Action<VaultWrite>> AddAsync(StepContext step, ReportNotes notes, CancellationToken cancellationToken, ReportTotal? total = null, IReadOnlyList<RejectedRow>? rejects = null)
    {
        // A step that was planned before an update does not say its day.
        if (notes.Today == default) return _ => { };
        var after = (await OfAsync(step, notes.Dataset, cancellationToken)).With(new(notes.First, notes.Last, notes.Today, total));
        return write =>
        {
            write.Put(Kind(notes.Dataset), Id(step, notes.Dataset), after, StoredJson.Default.StoredReadings, "read");
            if (rejects is { Count: > 0 }) write.Put(RecordKind.Rejects, Id(step, notes.Dataset), new StoredRejects(notes.First, notes.Last, notes.Today, [.. rejects]), StoredJson.Default.StoredRejects, "left-out");
        };
    }

    /// <summary>What the newest readings give reason to doubt: rows that were left out, and reports of the same days whose sums are further apart than Amazon's own delays explain.</summary>
    public static async Task<ImmutableArray<DataNote>> DoubtsAsync(StepContext step, DateOnly today, Currency currency, CancellationToken cancellationToken)
    {
        var notes = ImmutableArray.CreateBuilder<DataNote>();
        foreach (var dataset in ReportPlan.All)
        {
            foreach (var span in (await OfAsync(step, dataset, cancellationToken)).Spans.Where(span => span.On == today && span.Total is not null))
            {
                var days = new DateSpan(span.First, span.Last);
                if (span.Total!.Rejected > 0)
                {
                    var rejects = await step.Vault.RecordAsync(RecordKind.Rejects, Id(step, dataset), StoredJson.Default.StoredRejects, cancellationToken);
                    var first = rejects?.Rows.FirstOrDefault();
                    notes.Add(Doubt($"{span.Total.Rejected:#,0} of the {span.Total.Rows:#,0} rows of Amazon's {ReportWords.Of(dataset)} report of {days} broke a rule and were left out{(first is null ? "" : $", the first in row {first.Row}: {first.Field}, {first.Rule}")}. The page Imports lists them."));
                }

                if (ReportPlan.Whole(dataset) is not { } whole || (await OfAsync(step, whole, cancellationToken)).Spans.FirstOrDefault(other => (other.First, other.Last, other.On) == (span.First, span.Last, span.On)) is not { Total: { } all }) continue;
                if (!IsApart(span.Total.Cost, all.Cost)) continue;
                notes.Add(Doubt($"Amazon's {ReportWords.Of(dataset)} report of {days} adds up to {Display.Amount(Money.FromMicros(span.Total.Cost, currency))} of ad cost, its {ReportWords.Of(whole)} report to {Display.Amount(Money.FromMicros(all.Cost, currency))}{await FurthestAsync(step, dataset, whole, days, currency, cancellationToken)}. Decisions rest on the targeting report; both are read again every night."));
            }
        }

        if (await step.Vault.RecordAsync(RecordKind.Sync, RecordKind.RecordId(step.Storefront, "ledger"), StoredJson.Default.LedgerMark, cancellationToken) is { } ledger) notes.AddRange(ledger.NotRead.Select(Unread));
        return notes.ToImmutable();

        static DataNote Doubt(FormattableString text) => new(DataIssue.DoubtfulReport, null, text.ToString(System.Globalization.CultureInfo.InvariantCulture), false);
    }

    /// <summary>Which campaign the two reports disagree most about; empty where the part does not tell campaigns by itself.</summary>
    private static async Task<string> FurthestAsync(StepContext step, Dataset part, Dataset whole, DateSpan days, Currency currency, CancellationToken cancellationToken)
    {
        if (part is not (Dataset.CampaignDay or Dataset.BrandsCampaignDay or Dataset.DisplayCampaignDay)) return "";
        var (parts, wholes) = (await CostsAsync(part), await CostsAsync(whole));
        var (id, difference) = parts.Keys.Union(wholes.Keys).Select(id => (Id: id, Difference: Math.Abs(parts.GetValueOrDefault(id) - wholes.GetValueOrDefault(id)))).OrderByDescending(item => item.Difference).ThenBy(item => item.Id).FirstOrDefault();
        if (difference == 0) return "";
        var campaigns = EntityTables.Campaigns(await step.Vault.ReadAsync(Dataset.Campaign, step.Storefront, null, cancellationToken), currency);
        return $", furthest apart in campaign '{campaigns.FirstOrDefault(campaign => campaign.Id.Value == id)?.Name ?? id.ToString(System.Globalization.CultureInfo.InvariantCulture)}'";

        async Task<Dictionary<long, long>> CostsAsync(Dataset dataset)
        {
            var table = await step.Vault.ReadAsync(dataset, step.Storefront, days, cancellationToken);
            var ids = table.Longs("campaign_id").ToArray();
            var costs = table.Longs("cost").ToArray();
            return ids.Zip(costs).GroupBy(row => row.First).ToDictionary(group => group.Key, group => group.Sum(row => row.Second));
        }
    }

    /// <summary>A settlement that is missing in the figures.</summary>
    internal static DataNote Unread(UnreadSettlement report) => new(DataIssue.DoubtfulReport, null,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Amazon's settlement report of {report.Made:yyyy-MM-dd} cannot be read and is missing in settled figures ({report.Why.TrimEnd('.')}). All others are read."), false);

    /// <param name="one">Micros.</param>
    /// <param name="other">Micros.</param>
    /// <returns>True when they differ by more than one in a hundred and more than one unit of the currency.</returns>
    internal static bool IsApart(long one, long other)
    {
        var difference = Math.Abs(one - other);
        return difference > 1_000_000 && difference > Math.Max(one, other) / 100;
    }

    private static string Kind(Dataset dataset) => dataset is Dataset.SkuDay or Dataset.OrderDay ? RecordKind.SellingReading : RecordKind.Reading;

    private static string Id(StepContext step, Dataset dataset) => RecordKind.RecordId(step.Storefront, dataset.ToString());
}

internal static class Waits
{
    /// <summary>What is stuck or failed is requested so many times in all.</summary>
    public const int MostRequests = 3;

    /// <summary>Something was learnt that must survive a crash.</summary>
    public static StepResult Noted(ReportNotes notes, RunOptions options) =>
        new StepResult.Again(notes.Id is null ? options.RetryFirst : options.PollFirst, JsonSerializer.Serialize(notes, NotesJson.Default.ReportNotes));

    /// <returns>True when it has been waited for so long that it is better requested again.</returns>
    public static bool IsStuck(ReportNotes notes, RunOptions options) => notes.Requests < MostRequests && options.PollLimit * notes.Polls > options.PollGiveUp;

    /// <summary>Still waiting. Written down only now and then: a restart merely asks a little earlier.</summary>
    public static StepResult Longer(ReportNotes notes, RunOptions options)
    {
        if (IsStuck(notes, options)) return Noted(notes with { Id = null, Polls = notes.Polls + 1 }, options);
        var wait = options.PollFirst * Math.Pow(2, Math.Min(notes.Polls, 10));
        return new StepResult.Again(wait < options.PollLimit ? wait : options.PollLimit, JsonSerializer.Serialize(notes with { Polls = notes.Polls + 1 }, NotesJson.Default.ReportNotes));
    }
}
