using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Goals;

/// <summary>Money that a goal adds to an order's contribution: growth, rank, stock that has to go. See docs/maths/goals.md.</summary>
internal static class GoalAdditions
{
    /// <summary>Stock for fewer days than this is no longer too much.</summary>
    public const double ClearedDays = 30;

    /// <summary>A push for stock never counts more than this share of an order's contribution.</summary>
    public const double MostOfContribution = 0.3;

    /// <param name="into">Per target.</param>
    public static void Fill(double[] into, Measurement measured, StockPrices stock, GoalBook goals)
    {
        if (!Array.Exists(goals.Of, goal => goal.Kind is GoalKind.Grow or GoalKind.Launch or GoalKind.ClearStock)) return;
        var productOf = measured.Structure.TargetProduct;
        var lost = Array.Exists(goals.Of, goal => goal.Kind == GoalKind.Launch) ? LostSince(measured, goals) : [];
        for (var target = 0; target < into.Length; target++)
        {
            if (productOf[target] is not (>= 0 and var product) || double.IsNaN(measured.Contribution[target])) continue;
            into[target] = goals.Of[product].Kind switch
            {
                GoalKind.Grow => goals.Of[product].GrowthShare * measured.OrderValue(target),
                GoalKind.Launch => lost[product] < (double)(goals.Of[product].LossBudget?.Amount ?? 0) ? (double)(goals.Of[product].RankWorth?.Amount ?? 0) : 0,
                GoalKind.ClearStock => Kept(goals.Of[product], measured, stock, product, measured.Contribution[target]),
                GoalKind.Profit or GoalKind.TargetAcos => 0,
            };
        }
    }

    /// <summary>
    /// Per product: what its ads have cost since the goal began beyond what their orders left, zero or more. Cost counts by the share of its orders that can be seen by now, as in the
    /// measured ACoS, so that yesterday is not taken for a loss.
    /// </summary>
    public static double[] LostSince(Measurement measured, GoalBook goals)
    {
        var lost = new double[goals.Of.Length];
        var workspace = measured.Workspace;
        var table = workspace.ProductDays;
        var skus = table.Texts("sku");
        var productOf = skus.Words.Select(word => measured.Structure.Product(new(word))).ToArray();
        var campaigns = table.Keys("campaign_id");
        var maturities = measured.Maturities(campaigns);
        var keys = table.Keys("campaign_id");
        var maturityOf = measured.Structure.Campaigns(keys).Select(measured.MaturityOf).ToArray();
        var facts = new AdColumns(table);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = workspace.Today.DayNumber - facts.Days[row] - 1;
            if (age < 0 || productOf[skus.Codes[row]] is not (>= 0 and var product) || goals.Of[product].From is not { } from || facts.Days[row] < from.DayNumber) continue;
            lost[product] += (facts.Cost[row] / 1e6 * maturities[campaigns.Codes[row]].VisibleShare(age)) - (facts.Units[row] * (measured.Products[product]?.ContributionPerUnit ?? 0));
        }

        for (var product = 0; product < lost.Length; product++) lost[product] = Math.Max(0, lost[product]);
        return lost;
    }

    // A unit sold today shortens the queue by one: what is saved is one unit's storage from now until the whole queue would be gone, which is what storage costs per unit sold.
    private static double Kept(Goal goal, Measurement measured, StockPrices stock, int product, double contribution)
    {
        if (stock.CoverDays[product] < ClearedDays || measured.Products[product] is not { } economics) return 0;
        var perUnit = goal.KeepingCost is { } own ? (double)own.Amount : economics.StorageFee;
        return KeptWorth(perUnit, economics.UnitsPerOrder, contribution);
    }

    /// <param name="perUnit">What keeping a unit would cost.</param>
    /// <param name="unitsPerOrder">At least 1.</param>
    /// <param name="contribution">Of an order before ads.</param>
    /// <returns>Money that an order of stock which has to go counts more.</returns>
    public static double KeptWorth(double perUnit, double unitsPerOrder, double contribution) => Math.Clamp(perUnit * unitsPerOrder, 0, MostOfContribution * Math.Max(0, contribution));
}
