using System.Collections.Immutable;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Features.Run;

/// <summary>Which days of sales and fees a sync asks for.</summary>
internal static class Windows
{
    private const int FirstDays = 60;

    // Sales and fees are restated for a while: the recent days every night, the month behind them once a week.
    private const int RecentDays = 14;
    private const int MonthDays = 31;

    /// <param name="through">Last day that is known from before; null when none is.</param>
    /// <param name="today">In the storefront's zone; it is not over, so it is never asked for.</param>
    public static DateSpan ForSync(DateOnly? through, DateOnly today)
    {
        var last = today.AddDays(-1);
        if (through is not { } known) return DateSpan.Ending(last, FirstDays);
        var days = today.DayNumber % 7 == 0 ? MonthDays : RecentDays;
        var gap = last.DayNumber - known.DayNumber;
        return DateSpan.Ending(last, Math.Min(FirstDays, gap > RecentDays ? gap + RecentDays : days));
    }

    /// <summary>Days whose orders are read one by one: what happens today has no price in the file of orders yet.</summary>
    public const int NewestOrderDays = 3;

    /// <summary>The same days as sales and fees, today among them; sixty in all, so that two files hold them.</summary>
    public static DateSpan OfOrders(DateOnly? through, DateOnly today)
    {
        var span = ForSync(through, today);
        return new(span.First > today.AddDays(1 - FirstDays) ? span.First : today.AddDays(1 - FirstDays), today);
    }
}

/// <summary>The steps of a sync behind the structure, in their order.</summary>
internal static class SyncPlan
{
    /// <summary>
    /// Reports of the newest two weeks are ordered before anything else is read: they take Amazon the longest, and the overview opens with them. What is read call by call stands
    /// behind them, since it holds up whatever stands behind it; suggested bids, which only a decision needs, come last.
    /// </summary>
    /// <param name="asks">From <see cref="ReportPlan"/>, the newest first.</param>
    /// <param name="mark">The last whole sync; null when there was none.</param>
    /// <param name="fees">Last day whose sales and fees are known; null when none is.</param>
    /// <param name="orders">Last day whose orders were read from their file; null when none was.</param>
    /// <param name="today">In the storefront's zone.</param>
    public static ImmutableArray<NewStep> Steps(IReadOnlyCollection<ReportAsk> asks, SyncMark? mark, DateOnly? fees, DateOnly? orders, DateOnly today)
    {
        var span = Windows.ForSync(mark?.FactsThrough, today);
        var recent = today.AddDays(-ReportPlan.RecentDays);
        return
        [
            .. asks.Where(ask => ask.Days.Last >= recent).Select(Report),
            Days(StepNames.OrderFile, Dataset.OrderDay, Windows.OfOrders(orders, today)),
            new(StepNames.Listings, null),
            Days(StepNames.Orders, Dataset.OrderDay, DateSpan.Ending(today, Windows.NewestOrderDays)),
            Days(StepNames.Economics, Dataset.SkuDay, Windows.ForSync(fees, today)),
            new(StepNames.Controls, null),
            .. asks.Where(ask => ask.Days.Last < recent).Select(Report),
            new(StepNames.Suggestions, null),
            Days(StepNames.Finish, Dataset.TargetDay, span),
        ];

        // Whichever of a first import's newest reports comes, the screens look at it: the first of targets opens them, the others complete them.
        NewStep Report(ReportAsk ask) => NewStep.With(StepNames.Report,
            new ReportNotes(ask.Dataset, ask.Days.First, ask.Days.Last, Today: today, Optional: ask.Optional, Opens: mark is null && ask.Days.Last == today.AddDays(-1)), NotesJson.Default.ReportNotes);

        NewStep Days(string kind, Dataset dataset, DateSpan days) => NewStep.With(kind, new ReportNotes(dataset, days.First, days.Last, Today: today), NotesJson.Default.ReportNotes);
    }
}
