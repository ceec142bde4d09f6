using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Goals;

/// <summary>What bids for another ACoS are expected to do, all targets of the frontier together.</summary>
/// <param name="Multiple">Of the multiplier in force: 1 is as it is decided today.</param>
/// <param name="Acos">Cost over sales, as reports show them in the end.</param>
/// <param name="Cost">Of ads over 30 days.</param>
/// <param name="Sales">By ads over 30 days.</param>
/// <param name="Profit">Contribution of these sales less their cost, over 30 days.</param>
public sealed record FrontierPoint(double Multiple, double Acos, Money Cost, Money Sales, Money Profit);

/// <summary>ACoS, sales and profit that the same ads could reach at other bids: what a target costs, and where it is out of reach.</summary>
/// <param name="Product">The product; null for all that follow the storefront's goal.</param>
/// <param name="Target">ACoS that the seller wants; null without one.</param>
/// <param name="IsFeasible">False where that would leave hardly any sales.</param>
/// <param name="MostProfit">The point with the most profit.</param>
/// <param name="Points">From low to high bids; empty where nothing was clicked in the last three weeks.</param>
public sealed record Frontier(Sku? Product, double? Target, bool IsFeasible, FrontierPoint? MostProfit, ImmutableArray<FrontierPoint> Points)
{
    private const int Days = 30;
    private static readonly double[] Multiples = [0.4, 0.5, 0.63, 0.8, 1, 1.25, 1.6, 2, 2.5];

    /// <returns>One for the storefront's goal and one for every product with a goal of its own, in order of SKU.</returns>
    internal static ImmutableArray<Frontier> Of(Situation situation)
    {
        var (measured, worth) = (situation.Measured, situation.Worth);
        var goals = new GoalBook(measured.Structure);
        var landscapes = new GroupLandscapes(measured, situation.Stock, worth, situation.Settings);
        var members = new List<int>?[goals.Groups];
        for (var target = 0; target < measured.Structure.TargetProduct.Length; target++)
        {
            if (measured.Structure.TargetProduct[target] is >= 0 and var product) (members[goals.Group[product]] ??= []).Add(target);
        }

        var currency = situation.Workspace.Marketplace.Currency;
        var frontiers = ImmutableArray.CreateBuilder<Frontier>();
        for (var group = 0; group < members.Length; group++)
        {
            if (members[group] is not { } targets) continue;
            var product = group == GoalBook.Storefront ? -1 : measured.Structure.TargetProduct[targets[0]];
            var controlled = worth.AcosGroups.FirstOrDefault(known => known.Product == product);
            var landscape = landscapes.Of(targets, followsProfit: false);
            var best = landscape.MostProfit();
            var now = controlled is { Tau: var tau } && !double.IsInfinity(tau) ? tau : best;
            frontiers.Add(new Frontier(
                product < 0 ? null : measured.Structure.Products[product], controlled?.Target, controlled?.IsFeasible ?? true,
                landscape.Count == 0 ? null : Point(landscape.At(best), best / now, currency),
                landscape.Count == 0 ? [] : [.. Multiples.Select(multiple => Point(landscape.At(now * multiple), multiple, currency))]));
        }

        return frontiers.ToImmutable();
    }

    private static FrontierPoint Point(LandscapePoint point, double multiple, Currency currency) => new(
        multiple, point.Acos, Amount(point.Cost, currency), Amount(point.Sales, currency), Amount(point.Profit, currency));

    private static Money Amount(double perDay, Currency currency) => new(decimal.Round((decimal)Math.Clamp(Days * perDay, -1e12, 1e12), currency.Decimals), currency);
}
