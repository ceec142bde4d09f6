using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>Which days screens sum over; the figures of them are <see cref="SpanFigures"/>.</summary>
public static class Performance
{
    /// <summary>The days that screens sum over.</summary>
    /// <param name="workspace">Facts and today.</param>
    /// <param name="days">How many days until yesterday, 1 to 366; fewer where fewer are imported.</param>
    /// <returns>Complete days only; null before the first import.</returns>
    public static DateSpan? LastDays(Workspace workspace, int days)
    {
        if (Coverage(workspace) is not { } coverage) return null;
        var last = coverage.Last < workspace.Today ? coverage.Last : workspace.Today.AddDays(-1);
        if (last < coverage.First) last = coverage.Last;
        var first = last.AddDays(1 - Math.Clamp(days, 1, 366));
        return new DateSpan(first < coverage.First ? coverage.First : first, last);
    }

    /// <summary>As many days as the span, right before it; null where they are not all imported.</summary>
    public static DateSpan? Before(Workspace workspace, DateSpan span)
    {
        var before = DateSpan.Ending(span.First.AddDays(-1), span.Days);
        return Coverage(workspace) is { } coverage && before.First >= coverage.First ? before : null;
    }

    /// <summary>Days of which there are ad facts, first to last; null before the first import.</summary>
    public static DateSpan? Coverage(Workspace workspace)
    {
        var (first, last) = (int.MaxValue, int.MinValue);
        foreach (var day in workspace.TargetDays.Ints("day"))
        {
            first = Math.Min(first, day);
            last = Math.Max(last, day);
        }

        return last < first ? null : new DateSpan(DateOnly.FromDayNumber(first), DateOnly.FromDayNumber(last));
    }
}
