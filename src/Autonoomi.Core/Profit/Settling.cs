using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Profit;

/// <summary>Orders that clicks of these days are still expected to bring; see docs/maths/signals.md.</summary>
/// <param name="More">Expected orders beyond those visible, as a share of them, zero or more.</param>
/// <param name="Low">10 % quantile of it.</param>
/// <param name="High">90 % quantile of it.</param>
public sealed record Settling(double More, double Low, double High)
{
    private const double IntervalHalf = 1.2815515655446004;

    /// <param name="days">Days with their figures.</param>
    /// <param name="today">The current reporting day.</param>
    /// <param name="maturity">How fast orders become visible.</param>
    /// <returns>Null where everything is settled, or nothing was sold that could be scaled.</returns>
    public static Settling? Of(IEnumerable<DayPerformance> days, DateOnly today, Maturity maturity)
    {
        double visible = 0, hidden = 0, orders = 0;
        foreach (var day in days)
        {
            var share = maturity.VisibleShare(today.DayNumber - day.Day.DayNumber - 1);
            visible += share * day.Figures.Ads.Clicks;
            hidden += (1 - share) * day.Figures.Ads.Clicks;
            orders += day.Figures.Ads.Orders;
        }

        return Of(visible, hidden, orders);
    }

    /// <param name="visible">Clicks as far as their orders are visible, zero or more.</param>
    /// <param name="hidden">Clicks as far as their orders are still to come, zero or more.</param>
    /// <param name="orders">Orders that are visible.</param>
    /// <returns>Null where everything is settled, or nothing was sold that could be scaled.</returns>
    public static Settling? Of(double visible, double hidden, double orders)
    {
        if (hidden <= 0 || visible <= 0 || orders <= 0) return null;
        var more = hidden / visible;

        // Orders to come are as uncertain as their number, and as the rate that the visible ones tell.
        var deviation = Math.Sqrt(orders * more * (1 + more)) / orders;
        return new Settling(more, Math.Max(0, more - IntervalHalf * deviation), more + IntervalHalf * deviation);
    }

    /// <summary>Each target's clicks as far as their orders are visible, every ad product by its own delay.</summary>
    /// <param name="workspace">Facts, restatements and today.</param>
    /// <param name="span">Days that are summed.</param>
    /// <returns>One number per target of the workspace, in its order, at most the target's clicks.</returns>
    public static ImmutableArray<double> VisibleClicks(Workspace workspace, DateSpan span)
    {
        var structure = new Structure(workspace);
        var visible = new double[workspace.Targets.Length];
        Sum(workspace.TargetDays, AdProduct.SponsoredProducts);
        Sum(workspace.BrandsTargetDays, AdProduct.SponsoredBrands);
        Sum(workspace.DisplayTargetDays, AdProduct.SponsoredDisplay);
        return [.. visible];

        void Sum(FactTable table, AdProduct product)
        {
            if (table.Rows == 0) return;
            var maturity = Maturity.Of(workspace, product);
            var keys = table.Keys("target_id");
            var positions = structure.Targets(keys);
            var facts = new AdColumns(table);
            for (var row = 0; row < table.Rows; row++)
            {
                var (at, day) = (positions[keys.Codes[row]], facts.Days[row]);
                if (at >= 0 && day >= span.First.DayNumber && day <= span.Last.DayNumber) visible[at] += maturity.VisibleShare(workspace.Today.DayNumber - day - 1) * facts.Clicks[row];
            }
        }
    }
}
