using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Platform.Grid;

/// <summary>Ad spend by row and day of the last thirty days, whatever period is shown; added up when the first row is drawn.</summary>
public sealed class DayTrend(Workspace workspace, int rows, IEnumerable<(AdProduct Ad, FactTable Table)> reports, Func<FactTable, Func<int, int>> place)
{
    public const int Days = 30;

    private readonly Lazy<(float[] Cells, DateSpan Span)> sums = new(() => Sum(workspace, rows, reports, place));

    /// <returns>Units of the currency, a value a day, oldest first; nothing for a row that spent nothing.</returns>
    public IReadOnlyList<double?> Of(int row)
    {
        var (cells, span) = sums.Value;
        var days = cells.AsSpan(row * span.Days, span.Days);
        if (days.IndexOfAnyExcept(0) < 0) return [];
        var values = new double?[span.Days];
        for (var day = 0; day < values.Length; day++) values[day] = days[day];
        return values;
    }

    private static (float[], DateSpan) Sum(Workspace workspace, int rows, IEnumerable<(AdProduct Ad, FactTable Table)> reports, Func<FactTable, Func<int, int>> place)
    {
        if (Performance.LastDays(workspace, Days) is not { } span) return ([], new DateSpan(workspace.Today, workspace.Today));
        var cells = new float[rows * span.Days];
        foreach (var (_, report) in reports)
        {
            var (days, cost, counted) = (((IntColumn)report[0]).Values, ((LongColumn)report[report.Schema.IndexOf("cost")]).Values, place(report));
            for (var fact = 0; fact < report.Rows; fact++)
            {
                var day = days[fact] - span.First.DayNumber;
                if (day >= 0 && day < span.Days && counted(fact) is >= 0 and var row) cells[(row * span.Days) + day] += (float)cost[fact] / Money.MicrosPerUnit;
            }
        }

        return (cells, span);
    }
}
