using Autonoomi.Core.Primitives;
using MathNet.Numerics.Distributions;

namespace Autonoomi.Core.Profit;

/// <summary>What is known about where ad money goes.</summary>
public enum SpendKind
{
    /// <summary>Nine in ten: its clicks bring more than they cost.</summary>
    Profitable,

    /// <summary>Many orders, and still on either side of its cost.</summary>
    BreakEven,

    /// <summary>Nine in ten: its clicks cost more than they bring.</summary>
    Losing,

    /// <summary>Too few orders or clicks to say, or a cost of goods is missing.</summary>
    NoEvidence,
}

/// <summary>Ad spend of some days, target by target, by what is known about its return. See docs/maths/profit.md.</summary>
/// <param name="Profitable">Spend of targets that earn.</param>
/// <param name="BreakEven">Spend of targets that leave about nothing.</param>
/// <param name="Losing">Spend of targets that lose.</param>
/// <param name="NoEvidence">Spend of targets about which nothing can be said yet, those among them that Amazon no longer lists.</param>
public sealed record SpendQuality(Money Profitable, Money BreakEven, Money Losing, Money NoEvidence)
{
    /// <summary>Orders from which a target that earns about its cost counts as break-even and not as unknown.</summary>
    private const int ManyOrders = 10;

    private const double Certainty = 0.9;

    public Money Whole => Profitable + BreakEven + Losing + NoEvidence;

    /// <param name="figures">Of the days told.</param>
    public static SpendQuality Of(SpanFigures figures)
    {
        var grid = figures.Targets;
        var perOrder = PerOrder(grid);
        var sums = new long[4];
        for (var row = 0; row < grid.Rows; row++)
        {
            if (grid.Cost[row] != 0) sums[(int)Judge(grid, row, perOrder)] += grid.Cost[row];
        }

        sums[(int)SpendKind.NoEvidence] += figures.Unlisted.Cost.ToMicros();
        Money Of(SpendKind kind) => Money.FromMicros(sums[(int)kind], grid.Currency);
        return new(Of(SpendKind.Profitable), Of(SpendKind.BreakEven), Of(SpendKind.Losing), Of(SpendKind.NoEvidence));
    }

    /// <param name="orders">Visible orders, zero or more.</param>
    /// <param name="contribution">What an order leaves before ads.</param>
    /// <param name="visibleCost">Ad spend as far as its orders are visible, zero or more.</param>
    public static SpendKind Of(long orders, double contribution, double visibleCost)
    {
        if (visibleCost <= 0) return SpendKind.NoEvidence;
        if (contribution <= 0) return SpendKind.Losing;

        // Orders as a count with Jeffreys' prior: how many the same clicks bring on average.
        var needed = visibleCost / contribution;
        var falls = Gamma.CDF(orders + 0.5, 1, needed);
        if (falls <= 1 - Certainty) return SpendKind.Profitable;
        if (falls >= Certainty) return SpendKind.Losing;
        return orders >= ManyOrders ? SpendKind.BreakEven : SpendKind.NoEvidence;
    }

    private static SpendKind Judge(TargetGrid grid, int row, Dictionary<Sku, double> perOrder)
    {
        if (grid.Contribution[row] == long.MinValue) return SpendKind.NoEvidence;
        if (grid.Orders[row] > 0) return Of(grid.Orders[row], (double)grid.Contribution[row] / grid.Orders[row], grid.VisibleCost[row]);
        return grid.Products[row] is { } product && perOrder.TryGetValue(product, out var usual) ? Of(0, usual, grid.VisibleCost[row]) : SpendKind.NoEvidence;
    }

    // What an order of the product left on all its targets: a target without orders is held against it.
    private static Dictionary<Sku, double> PerOrder(TargetGrid grid)
    {
        var sums = new Dictionary<Sku, (long Orders, long Contribution)>();
        for (var row = 0; row < grid.Rows; row++)
        {
            if (grid.Products[row] is not { } product || grid.Contribution[row] == long.MinValue) continue;
            var (orders, contribution) = sums.GetValueOrDefault(product);
            sums[product] = (orders + grid.Orders[row], contribution + grid.Contribution[row]);
        }

        return sums.Where(sum => sum.Value.Orders > 0).ToDictionary(sum => sum.Key, sum => (double)sum.Value.Contribution / sum.Value.Orders);
    }
}
