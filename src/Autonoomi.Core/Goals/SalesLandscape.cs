using Autonoomi.Core.Bidding;

namespace Autonoomi.Core.Goals;

/// <summary>One target as a point of a landscape; amounts per day.</summary>
/// <param name="Cost">At the bid in force.</param>
/// <param name="Clicks">At the bid in force.</param>
/// <param name="SalesPerClick">Expected.</param>
/// <param name="ContributionPerClick">Expected, before ads.</param>
/// <param name="RatioPerTau">Worth of a click at a multiplier of 1, as a bid over the bid in force.</param>
/// <param name="Shading">Share of that worth that is bid, before its limits.</param>
/// <param name="ShadingExponent">Percent by which that share falls per percent more worth.</param>
/// <param name="ProfitRatio">Bid over the bid in force that profit leads to; where the goal has a ceiling it is never passed, infinite where ACoS alone decides.</param>
/// <param name="LeastRatio">The marketplace's lowest bid over the bid in force.</param>
internal readonly record struct LandscapeCell(
    double Cost, double Clicks, double SalesPerClick, double ContributionPerClick, double RatioPerTau, double Shading, double ShadingExponent, double ProfitRatio, double LeastRatio)
{
    /// <summary>Bid over the bid in force.</summary>
    public double Ratio(double tau)
    {
        var share = ShadingExponent == 0 ? Shading : Shading * Math.Pow(tau, -ShadingExponent);
        return Math.Max(LeastRatio, Math.Min(ProfitRatio, tau * RatioPerTau * Math.Clamp(share, Bidder.LeastShading, Bidder.MostShading)));
    }
}

/// <summary>What a group of targets does at one multiplier; amounts per day.</summary>
/// <param name="Tau">Money bid for a unit of sales before shading.</param>
/// <param name="Cost">Of clicks.</param>
/// <param name="Sales">That they lead to.</param>
/// <param name="Contribution">Before ads.</param>
internal readonly record struct LandscapePoint(double Tau, double Cost, double Sales, double Contribution)
{
    public double Acos => Sales > 0 ? Cost / Sales : double.PositiveInfinity;
    public double Profit => Contribution - Cost;
}

/// <summary>Cost and sales of a group of targets as functions of one multiplier τ on sales per click. See docs/maths/goals.md.</summary>
internal sealed class SalesLandscape(IReadOnlyList<LandscapeCell> cells, double clickElasticity, double priceElasticity)
{
    public const double Highest = 6;
    private const double Lowest = 1e-3;
    private const int Steps = 24;
    private const double Stride = 0.35;

    // Nobody knows the market further out: spend of one target at most twenty times what was seen, as in the budget plan.
    private readonly double mostRatio = Math.Pow(20, 1 / (clickElasticity + priceElasticity));

    public int Count => cells.Count;

    public LandscapePoint At(double tau)
    {
        double cost = 0, sales = 0, contribution = 0;
        for (var index = 0; index < cells.Count; index++)
        {
            var cell = cells[index];
            var ratio = Math.Min(cell.Ratio(tau), mostRatio);
            var clicks = Math.Pow(ratio, clickElasticity);
            cost += cell.Cost * clicks * Math.Pow(ratio, priceElasticity);
            sales += cell.Clicks * clicks * cell.SalesPerClick;
            contribution += cell.Clicks * clicks * cell.ContributionPerClick;
        }

        return new LandscapePoint(tau, cost, sales, contribution);
    }

    /// <returns>The largest multiplier of 0.001 to 6 whose ACoS is no higher than the target; <see cref="Highest"/> where none is too high, null where all are.</returns>
    public double? Solve(double acos)
    {
        // From above: where some targets stay as they are, ACoS falls before it rises.
        var above = Math.Log(Highest);
        if (At(Highest).Acos <= acos) return Highest;
        for (var below = above - Stride; below > Math.Log(Lowest); (above, below) = (below, below - Stride))
        {
            if (At(Math.Exp(below)).Acos <= acos) return Bisect(below, above, tau => At(tau).Acos <= acos);
        }

        return null;
    }

    /// <returns>The multiplier at which another unit of sales costs what it contributes; the most profit there is.</returns>
    public double MostProfit()
    {
        // Golden section on ln τ: profit has one top.
        const double Golden = 0.6180339887498949;
        var (low, high) = (Math.Log(Lowest), Math.Log(Highest));
        for (var step = 0; step < Steps; step++)
        {
            var (left, right) = (high - Golden * (high - low), low + Golden * (high - low));
            if (At(Math.Exp(left)).Profit < At(Math.Exp(right)).Profit) low = left;
            else high = right;
        }

        return Math.Exp((low + high) / 2);
    }

    /// <returns>The smallest multiplier whose sales are at least so many a day.</returns>
    public double LeastFor(double sales) => At(Highest).Sales < sales ? Highest : Bisect(Math.Log(Lowest), Math.Log(Highest), tau => At(tau).Sales < sales);

    // The last multiplier for which the claim still holds, given that it holds from below up to some point.
    private static double Bisect(double low, double high, Func<double, bool> holds)
    {
        for (var step = 0; step < Steps; step++)
        {
            var middle = (low + high) / 2;
            if (holds(Math.Exp(middle))) low = middle;
            else high = middle;
        }

        return Math.Exp(low);
    }
}
