using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>What screens ask of a workspace. Pure loops over columns; safe from many threads.</summary>
public static class Performance
{
    public static PerformanceTotals Totals(Workspace workspace, DateSpan span) => throw new InvalidOperationException("Being written.");

    /// <summary>One entry per day of the span, also for days without facts.</summary>
    public static ImmutableArray<DayPerformance> ByDay(Workspace workspace, DateSpan span) => throw new InvalidOperationException("Being written.");

    public static TargetGrid ByTarget(Workspace workspace, DateSpan span) => throw new InvalidOperationException("Being written.");

    /// <summary>One entry per product that is listed, advertised or sold, in order of SKU.</summary>
    public static ImmutableArray<ProductPerformance> ByProduct(Workspace workspace, DateSpan span) => throw new InvalidOperationException("Being written.");

    /// <summary>One entry per campaign of the workspace, in its order.</summary>
    public static ImmutableArray<CampaignPerformance> ByCampaign(Workspace workspace, DateSpan span) => throw new InvalidOperationException("Being written.");

    /// <summary>Days of which there are ad facts, first to last; null before the first import.</summary>
    public static DateSpan? Coverage(Workspace workspace) => throw new InvalidOperationException("Being written.");
}
