using System.Collections.Immutable;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Features.Run;

/// <param name="Dataset">What is asked for.</param>
/// <param name="Days">At most 31.</param>
/// <param name="Optional">True where Amazon is known to refuse days that it says it keeps: a refusal is then no failure.</param>
internal sealed record ReportAsk(Dataset Dataset, DateSpan Days, bool Optional);

/// <summary>
/// Which reports a sync asks for, and in which order. A day is due when it was never read, or when since its last reading it has passed an age at which Amazon
/// restates: one, two and three days, then a week, two, four, and the attribution window plus four weeks. Due days become few requests: the newest two weeks
/// in one, older ones in spans of up to a month; after the first import at most two a day for each report type.
/// </summary>
internal static class ReportPlan
{
    /// <summary>The span with which the overview is worth looking at: asked for first, all types, before anything older.</summary>
    public const int RecentDays = 14;

    private const int LongestReportDays = 31;
    private const int RequestsADay = 2;

    // Amazon's page allows 95 days for Sponsored Products; its list of known issues says that days beyond 65 may be refused.
    private const int SureDays = 60;

    // Days between two due ones that are read along rather than asked for apart.
    private const int ReadAlong = 7;
    private static readonly ImmutableArray<int> Restated = [1, 2, 3, 7, 14, 28, 35];

    /// <summary>How long Amazon keeps a report's days and attributes orders to them; in the order in which decisions need them.</summary>
    private static readonly ImmutableArray<(Dataset Dataset, int KeptDays, int AttributedDays)> Kinds =
    [
        (Dataset.TargetDay, 95, 7), (Dataset.SearchTermDay, 95, 7), (Dataset.PlacementDay, 95, 7), (Dataset.ProductDay, 95, 7),
        (Dataset.BrandsTargetDay, 60, 14), (Dataset.BrandsSearchTermDay, 60, 14), (Dataset.BrandsPlacementDay, 60, 14),
        (Dataset.DisplayTargetDay, 65, 14), (Dataset.DisplayProductDay, 65, 14), (Dataset.PurchaseDay, 95, 7),
        (Dataset.CampaignDay, 95, 7), (Dataset.BrandsCampaignDay, 60, 14), (Dataset.DisplayCampaignDay, 65, 14),

        // Amazon keeps what Brands sold for two years; no screen looks back further than this.
        (Dataset.BrandsPurchaseDay, 60, 14), (Dataset.DisplayPurchaseDay, 65, 14),
    ];

    /// <summary>The targeting report that a report's cost must agree with; null where it shows less by nature: search terms without a click, what was bought.</summary>
    public static Dataset? Whole(Dataset part) => part switch
    {
        Dataset.PlacementDay or Dataset.ProductDay or Dataset.CampaignDay => Dataset.TargetDay,
        Dataset.BrandsPlacementDay or Dataset.BrandsCampaignDay => Dataset.BrandsTargetDay,
        Dataset.DisplayProductDay or Dataset.DisplayCampaignDay => Dataset.DisplayTargetDay,
        _ => null,
    };

    /// <summary>Every report that is ever asked for.</summary>
    public static IEnumerable<Dataset> All => Kinds.Select(kind => kind.Dataset);

    /// <returns>The age, in days, at which Amazon restates a day of the report for the last time.</returns>
    public static int RestatedDays(Dataset dataset) => LastRestated(Kinds.Single(kind => kind.Dataset == dataset).AttributedDays);

    /// <summary>Reports of the ad products that a storefront has campaigns of, ended ones too while their days change; those of Sponsored Products in any case.</summary>
    public static IReadOnlySet<Dataset> Of(IReadOnlyCollection<AdProduct> products) => Kinds.Select(kind => kind.Dataset).Where(dataset => dataset switch
    {
        Dataset.BrandsTargetDay or Dataset.BrandsSearchTermDay or Dataset.BrandsPlacementDay or Dataset.BrandsCampaignDay or Dataset.BrandsPurchaseDay => products.Contains(AdProduct.SponsoredBrands),
        Dataset.DisplayTargetDay or Dataset.DisplayProductDay or Dataset.DisplayCampaignDay or Dataset.DisplayPurchaseDay => products.Contains(AdProduct.SponsoredDisplay),
        _ => true,
    }).ToHashSet();

    /// <param name="readings">What was read so far.</param>
    /// <param name="wanted">Which datasets this storefront has any use for.</param>
    /// <param name="today">In the storefront's zone; it is not over, so it is never asked for.</param>
    /// <param name="isFirst">No sync was ever complete: everything that Amazon keeps is asked for at once.</param>
    /// <returns>In the order in which to ask.</returns>
    public static ImmutableArray<ReportAsk> For(IReadOnlyDictionary<Dataset, StoredReadings> readings, IReadOnlySet<Dataset> wanted, DateOnly today, bool isFirst)
    {
        var asks = new List<(int Need, ReportAsk Ask)>();
        for (var need = 0; need < Kinds.Length; need++)
        {
            var (dataset, keptDays, attributedDays) = Kinds[need];
            if (!wanted.Contains(dataset)) continue;
            var known = readings.GetValueOrDefault(dataset) ?? StoredReadings.None;
            var isNew = isFirst || known.Spans.IsEmpty;
            var left = isNew ? int.MaxValue : RequestsADay - known.Spans.Count(span => span.On == today);

            // A day less than Amazon keeps: a request may wait past midnight.
            var spans = Spans(DateSpan.Ending(today.AddDays(-1), keptDays - 1), day => IsDue(known.LastRead(day), day, today, attributedDays), isNew ? today.AddDays(-RecentDays) : null);
            asks.AddRange(spans.Take(Math.Max(0, left)).Select(span => (need, new ReportAsk(dataset, span, span.First < today.AddDays(-SureDays)))));
        }

        return [.. asks.OrderByDescending(item => item.Ask.Days.Last).ThenBy(item => item.Need).Select(item => item.Ask)];
    }

    private static bool IsDue(DateOnly? read, DateOnly day, DateOnly today, int attributedDays)
    {
        if (read is not { } on) return true;
        var age = today.DayNumber - day.DayNumber;
        var seenAt = on.DayNumber - day.DayNumber;
        return Restated.Append(LastRestated(attributedDays)).Any(restated => restated <= age && restated > seenAt);
    }

    private static int LastRestated(int attributedDays) => attributedDays + 28;

    /// <summary>Few spans over all due days, the newest first; none goes on beyond the day at which a new span begins in any case.</summary>
    private static IEnumerable<DateSpan> Spans(DateSpan window, Func<DateOnly, bool> isDue, DateOnly? apart)
    {
        DateOnly? last = null;
        var first = default(DateOnly);
        for (var day = window.Last; day >= window.First; day = day.AddDays(-1))
        {
            if (!isDue(day)) continue;
            if (last is { } end)
            {
                if (first.DayNumber - day.DayNumber <= ReadAlong && end.DayNumber - day.DayNumber < LongestReportDays && !(end >= apart && day < apart))
                {
                    first = day;
                    continue;
                }

                yield return new(first, end);
            }

            (first, last) = (day, day);
        }

        if (last is { } newest) yield return new(first, newest);
    }
}
