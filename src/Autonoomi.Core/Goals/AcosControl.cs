using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Worth;

namespace Autonoomi.Core.Goals;

/// <summary>One group under an ACoS goal or ceiling, as it stands today.</summary>
/// <param name="Product">The product that stands alone with its goal; −1 for all that follow the storefront's.</param>
/// <param name="Target">Cost over sales that the seller wants.</param>
/// <param name="Tau">Money bid for a unit of sales before shading; infinite where a ceiling does not bind.</param>
/// <param name="Reached">ACoS expected at that multiplier; null without any click to go by.</param>
/// <param name="IsFeasible">False where bids would have to fall so far that hardly anything is sold.</param>
internal sealed record AcosGroup(int Product, double Target, double Tau, double? Reached, bool IsFeasible);

/// <summary>
/// Finds τ of every group with an ACoS goal from what its targets cost and sold lately: nothing is remembered from day to day, so the same facts give the same bids. See docs/maths/goals.md.
/// </summary>
internal static class AcosControl
{
    /// <summary>Share of the sales at most profit below which a target ACoS is called out of reach.</summary>
    public const double LeastShareOfSales = 0.2;

    /// <summary>Writes the worth of an order under every ACoS goal; everything else of the worth has to stand already.</summary>
    public static ImmutableArray<AcosGroup> Fill(OrderWorth worth, Measurement measured, StockPrices stock, GoalBook goals, DecisionSettings settings)
    {
        if (!Array.Exists(goals.Of, goal => goal.TargetAcos is not null)) return [];
        var landscapes = new GroupLandscapes(measured, stock, worth, settings);
        var members = new List<int>?[goals.Groups];
        var productOf = measured.Structure.TargetProduct;
        for (var target = 0; target < productOf.Length; target++)
        {
            if (productOf[target] is >= 0 and var product && goals.Of[product].TargetAcos is not null) (members[goals.Group[product]] ??= []).Add(target);
        }

        var groups = ImmutableArray.CreateBuilder<AcosGroup>();
        for (var group = 0; group < members.Length; group++)
        {
            if (members[group] is not { } targets) continue;
            var product = productOf[targets[0]];
            var goal = goals.Of[product];
            var alone = goal.Kind == GoalKind.TargetAcos;
            var found = Solve(landscapes.Of(targets, followsProfit: !alone), goal, group == GoalBook.Storefront ? -1 : product, settings);
            groups.Add(found);
            if (double.IsInfinity(found.Tau)) continue;
            foreach (var target in targets) (worth.AcosWorth[target], worth.AcosOnly[target]) = (found.Tau * measured.OrderValue(target), alone);
        }

        return groups.ToImmutable();
    }

    /// <summary>One note per goal that bids alone cannot reach.</summary>
    public static IEnumerable<DataNote> Notes(Situation situation) => situation.Worth.AcosGroups.Where(group => !group.IsFeasible).Select(group =>
    {
        var product = group.Product < 0 ? (Sku?)null : situation.Measured.Structure.Products[group.Product];
        var text = string.Create(CultureInfo.InvariantCulture, $"The target ACoS of {100 * group.Target:0.#}% is out of reach{(product is { } sku ? $" for {sku}" : "")}: bids are held where a fifth of the sales at most profit is left, and are expected to reach {100 * group.Reached:0.#}%. A higher target sells more.");
        return new DataNote(DataIssue.AcosOutOfReach, product, text, Holds: false);
    });

    private static AcosGroup Solve(SalesLandscape landscape, Goal goal, int product, DecisionSettings settings)
    {
        var target = goal.TargetAcos!.Value;

        // Without any click: a usual share of the bid is paid, and a usual share of the worth is bid.
        if (landscape.Count == 0) return new AcosGroup(product, target, target * (settings.ClickElasticity + settings.PriceElasticity) / settings.ClickElasticity, null, true);
        var tau = landscape.Solve(target);
        if (goal.Kind != GoalKind.TargetAcos && tau == SalesLandscape.Highest) return new AcosGroup(product, target, double.PositiveInfinity, landscape.At(SalesLandscape.Highest).Acos, true);
        var least = landscape.LeastFor(LeastShareOfSales * landscape.At(landscape.MostProfit()).Sales);
        var held = Math.Max(tau ?? 0, least);
        return new AcosGroup(product, target, held, landscape.At(held).Acos, tau >= least);
    }
}
