using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Worth;

namespace Autonoomi.Core.Goals;

/// <summary>One group under an ACoS goal or ceiling, as it stands today.</summary>
/// <param name="Group">See <see cref="GoalBook.Group"/>.</param>
/// <param name="Target">Cost over sales that the seller wants.</param>
/// <param name="Tau">Money bid for a unit of sales before shading; infinite where a ceiling does not bind.</param>
/// <param name="IsFeasible">False where bids would have to fall so far that hardly anything is sold.</param>
/// <param name="Drift">Orders of the last weeks over those that the estimates expect.</param>
/// <param name="Landscape">What other multipliers would do.</param>
internal sealed record AcosGroup(int Group, double Target, double Tau, bool IsFeasible, double Drift, SalesLandscape Landscape);

/// <summary>
/// Finds τ of every group with an ACoS goal from what its targets cost and sold lately: nothing is remembered from day to day, so the same facts give the same bids. See docs/maths/goals.md.
/// </summary>
internal sealed class AcosControl
{
    private const int WindowDays = 21;
    private const double HalfLifeDays = 7;

    // Orders are attributed within seven days of the click: only older days tell how many there were.
    private const int MaturedAge = 8;
    private const int MaturedDays = 28;
    private const double DriftPseudoOrders = 500;

    /// <summary>Share of the sales at most profit below which a target ACoS is called out of reach.</summary>
    private const double LeastShareOfSales = 0.2;

    private readonly Measurement measured;
    private readonly DecisionSettings settings;
    private readonly double[] cost;
    private readonly double[] clicks;
    private readonly double[] orders;
    private readonly double[] exposure;

    private AcosControl(Measurement measured, DecisionSettings settings)
    {
        (this.measured, this.settings) = (measured, settings);
        var targets = measured.Workspace.Targets.Length;
        (cost, clicks, orders, exposure) = (new double[targets], new double[targets], new double[targets], new double[targets]);
        Read();
    }

    /// <summary>Writes the worth of an order under every ACoS goal; everything else of the worth has to stand already.</summary>
    public static ImmutableArray<AcosGroup> Fill(OrderWorth worth, Measurement measured, StockPrices stock, GoalBook goals, DecisionSettings settings)
    {
        if (!Array.Exists(goals.Of, goal => goal.TargetAcos is not null)) return [];
        var control = new AcosControl(measured, settings);
        var members = new List<int>[goals.Groups];
        var productOf = measured.Structure.TargetProduct;
        for (var target = 0; target < productOf.Length; target++)
        {
            if (productOf[target] is >= 0 and var product && goals.Of[product].TargetAcos is not null) (members[goals.Group[product]] ??= []).Add(target);
        }

        var groups = ImmutableArray.CreateBuilder<AcosGroup>();
        for (var group = 0; group < members.Length; group++)
        {
            if (members[group] is null) continue;
            var goal = goals.Of[productOf[members[group][0]]];
            var found = control.Solve(group, members[group], goal, worth, stock);
            groups.Add(found);
            if (double.IsInfinity(found.Tau)) continue;
            foreach (var target in members[group])
            {
                worth.AcosWorth[target] = found.Tau * measured.OrderValue(target);
                worth.AcosOnly[target] = goal.Kind == GoalKind.TargetAcos;
            }
        }

        return groups.ToImmutable();
    }

    private AcosGroup Solve(int group, List<int> members, Goal goal, OrderWorth worth, StockPrices stock)
    {
        var drift = Drift(members);
        var landscape = new SalesLandscape([.. members.Where(target => clicks[target] > 0).Select(target => Cell(target, goal, worth, stock, drift))], settings.ClickElasticity, settings.PriceElasticity);
        var acos = goal.TargetAcos!.Value;
        if (landscape.Count == 0) return new AcosGroup(group, acos, Start(acos), true, drift, landscape);

        var tau = landscape.Solve(acos);
        if (goal.Kind != GoalKind.TargetAcos && tau == SalesLandscape.Highest) return new AcosGroup(group, acos, double.PositiveInfinity, true, drift, landscape);
        var least = landscape.LeastFor(LeastShareOfSales * landscape.At(landscape.MostProfit()).Sales);
        return new AcosGroup(group, acos, Math.Max(tau ?? 0, least), tau >= least, drift, landscape);
    }

    // Without any click: what a bid usually costs of what it pays for.
    private double Start(double acos) => acos * (settings.ClickElasticity + settings.PriceElasticity) / settings.ClickElasticity;

    private LandscapeCell Cell(int target, Goal goal, OrderWorth worth, StockPrices stock, double drift)
    {
        var entity = measured.Workspace.Targets[target];
        var rate = measured.PosteriorMean(target) * drift;
        var (sales, contribution) = (rate * measured.OrderValue(target), double.IsNaN(measured.Contribution[target]) ? 0 : rate * measured.Contribution[target]);
        var bid = (double)entity.Bid.Amount;
        if (bid <= 0 || !measured.IsDecidable(target)) return new LandscapeCell(target, cost[target], clicks[target], sales, contribution, 0, 1, 1);

        // The bid rule's own formula, without a step or a budget price.
        var perWorth = settings.Shading * measured.PosteriorMean(target) / (measured.MeanMultiplier[measured.Structure.TargetCampaign[target]] * bid);
        var price = stock.Price[measured.Structure.TargetProduct[target]];
        var byAcos = OrderWorth.Of(measured.Contribution[target], 0, price, 1, worth.Season[target], measured.OrderValue(target), acosOnly: true);
        var byProfit = goal.Kind == GoalKind.TargetAcos ? double.PositiveInfinity
            : OrderWorth.Of(measured.Contribution[target], worth.Addition[target], price, worth.Incrementality[target], worth.Season[target], 0, acosOnly: false);
        return new LandscapeCell(target, cost[target], clicks[target], sales, contribution, perWorth * byAcos, perWorth * byProfit, (double)measured.Workspace.Marketplace.MinimumBid / bid);
    }

    // Conversion of the last weeks over what the estimates, which look back much further, expect of the same clicks.
    private double Drift(List<int> members)
    {
        double seen = 0, expected = 0;
        foreach (var target in members)
        {
            seen += orders[target] * measured.OrderValue(target);
            expected += exposure[target] * measured.PosteriorMean(target) * measured.OrderValue(target);
        }

        if (expected <= 0) return 1;
        var pseudo = DriftPseudoOrders * expected / Math.Max(1e-9, members.Sum(target => exposure[target] * measured.PosteriorMean(target)));
        return (seen + pseudo) / (expected + pseudo);
    }

    // Cost and clicks of each day, brought from the bid of that day to the bid in force.
    private void Read()
    {
        var workspace = measured.Workspace;
        var table = workspace.TargetDays;
        var keys = table.Keys("target_id");
        var targetOf = measured.Structure.Targets(keys);
        var facts = new AdColumns(table);
        var today = workspace.Today.DayNumber;
        var histories = new BidHistory?[workspace.Targets.Length];
        double days = 0;
        var weights = new double[WindowDays];
        for (var age = 0; age < WindowDays; age++) days += weights[age] = Math.Pow(0.5, age / HalfLifeDays);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = today - facts.Days[row] - 1;
            if (age is < 0 or >= MaturedAge + MaturedDays || targetOf[keys.Codes[row]] is not (>= 0 and var target)) continue;
            if (age >= MaturedAge)
            {
                exposure[target] += facts.Clicks[row] * Maturity.VisibleShare(age);
                orders[target] += facts.Orders[row];
            }

            if (age >= WindowDays) continue;
            var bid = workspace.Targets[target].Bid.Amount;
            var history = histories[target] ??= measured.History.Bid($"target:{workspace.Targets[target].Id.Value}:bid", bid);
            var then = history.At(age + 0.5, bid);
            var (weight, more) = (weights[age] / days, 1.0);
            if (then > 0 && then != bid) more = Math.Clamp((double)(bid / then), 0.05, 20);
            var moreClicks = Math.Pow(more, settings.ClickElasticity);
            clicks[target] += weight * facts.Clicks[row] * moreClicks;
            cost[target] += weight * facts.Cost[row] / 1e6 * moreClicks * Math.Pow(more, settings.PriceElasticity);
        }
    }
}
