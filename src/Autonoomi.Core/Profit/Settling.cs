using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Profit;

/// <summary>Clicks of one ad product, weighed by what they cost, and what of their orders shows. Sums of days and targets are sums of these.</summary>
/// <param name="Visible">Ad spend as far as its orders are visible, zero or more.</param>
/// <param name="Hidden">Ad spend as far as its orders are still to come, zero or more.</param>
/// <param name="Orders">Orders that are visible.</param>
/// <param name="Sales">Their sales, in the unit of the others.</param>
public readonly record struct Maturing(double Visible, double Hidden, double Orders, double Sales)
{
    public static Maturing operator +(Maturing left, Maturing right) => new(left.Visible + right.Visible, left.Hidden + right.Hidden, left.Orders + right.Orders, left.Sales + right.Sales);

    /// <summary>True where it tells how much more is to come.</summary>
    internal bool CanBeScaled => Visible > 0 && Sales > 0;
}

/// <summary>Orders that clicks of some days are still expected to bring; see docs/maths/signals.md.</summary>
/// <param name="More">Expected sales beyond those visible, as a share of them, zero or more.</param>
/// <param name="Low">10 % quantile of it.</param>
/// <param name="High">90 % quantile of it.</param>
public sealed record Settling(double More, double Low, double High)
{
    private const double IntervalHalf = 1.2815515655446004;

    /// <param name="products">One per ad product, since each has a delay of its own.</param>
    /// <returns>Null where everything is settled, or nothing was sold that could be scaled.</returns>
    public static Settling? Of(params IEnumerable<Maturing> products)
    {
        var scaled = products.Where(product => product.CanBeScaled).ToArray();
        var sales = scaled.Sum(product => product.Sales);
        var more = scaled.Sum(product => product.Sales * product.Hidden / product.Visible) / sales;
        if (scaled.Length == 0 || more <= 0) return null;

        // Orders to come are as uncertain as their number, and as the rate that the visible ones tell.
        var variance = scaled.Where(product => product.Orders > 0).Sum(product => product.Hidden / product.Visible * (1 + (product.Hidden / product.Visible)) * product.Sales * product.Sales / product.Orders);
        var deviation = Math.Sqrt(variance) / sales;
        return new Settling(more, Math.Max(0, more - IntervalHalf * deviation), more + IntervalHalf * deviation);
    }

    /// <returns>Share of the ad spend whose orders are still to come, 0 to 1; zero without spend.</returns>
    /// <param name="products">One per ad product.</param>
    public static double HiddenShare(params IEnumerable<Maturing> products)
    {
        var all = products.Aggregate(default(Maturing), (sum, next) => sum + next);
        return all.Visible + all.Hidden <= 0 ? 0 : all.Hidden / (all.Visible + all.Hidden);
    }

    /// <summary>How far orders of one ad product's clicks are visible.</summary>
    /// <param name="workspace">Facts, restatements and today.</param>
    /// <param name="span">Days of the clicks.</param>
    /// <param name="ad">Its delay counts.</param>
    public static Maturing Of(Workspace workspace, DateSpan span, AdProduct ad)
    {
        var maturity = Maturity.Of(workspace, ad);
        var facts = new AdColumns(AdTables.Targets(workspace).Single(table => table.Ad == ad).Table);
        var sum = default(Maturing);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            if (facts.Days[row] < span.First.DayNumber || facts.Days[row] > span.Last.DayNumber) continue;
            var share = maturity.VisibleShare(workspace.Today.DayNumber - facts.Days[row] - 1);
            sum += new Maturing(share * facts.Cost[row], (1 - share) * facts.Cost[row], facts.Orders[row], facts.Sales[row]);
        }

        return sum;
    }
}
