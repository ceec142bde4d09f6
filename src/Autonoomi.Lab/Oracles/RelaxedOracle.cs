using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Oracles;

/// <summary>
/// O1 (and O4 where stock binds): the most that anybody could expect to earn, see docs/maths/oracles.md. The same for every policy: it looks at the market, not
/// at what was done. What couples days gets a price (Lagrange), so that the days fall apart again; the dual value bounds every policy from above.
/// </summary>
internal static class RelaxedOracle
{
    private const double Accuracy = 0.001;

    /// <param name="world">A fresh world at the hand-over of its clock; it is read, not advanced.</param>
    /// <param name="days">Managed days, the first is <see cref="MarketWorld.Today"/>.</param>
    /// <param name="options">Constraints and what counts.</param>
    public static OracleResult Of(MarketWorld world, int days, OracleOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var horizon = new Horizon(world, days);
        return options switch
        {
            { StockBinds: true, AcosCeiling: null, MonthlyCap: null } => WithShelves(horizon, options.Incremental),
            { StockBinds: true } => throw new ArgumentException("Stock is not priced together with a cap or a ceiling.", nameof(options)),
            { AcosCeiling: { } ceiling, MonthlyCap: null } => UnderCeiling(horizon, ceiling, options.Incremental),
            { AcosCeiling: null, MonthlyCap: { } cap } => UnderCap(horizon, (double)cap, options.Incremental),
            { AcosCeiling: null } => Free(horizon, options.Incremental),
            _ => throw new ArgumentException("One constraint at a time: a monthly cap or an ACoS ceiling.", nameof(options)),
        };
    }

    private static OracleResult Free(Horizon horizon, bool incremental)
    {
        var best = All(horizon, Aim.Earn(0) with { Incremental = incremental });
        var total = best.Sum(day => day.Profit);
        return Result(best, total, total, total);
    }

    /// <summary>Each month has a purse of its own, so each gets a price of its own.</summary>
    private static OracleResult UnderCap(Horizon horizon, double cap, bool incremental)
    {
        var plan = new Expected[horizon.Days];
        var prices = new List<double>();
        var bound = 0d;
        foreach (var (month, days) in horizon.Months())
        {
            var budget = Math.Max(1e-6, cap - horizon.SpentBefore(month));
            Expected[] At(double charge) => [.. days.Select(day => horizon.Best(day, Aim.Earn(charge - 1) with { Incremental = incremental }))];
            double Slack(Expected[] found) => 1 - (found.Sum(day => day.Spend) / budget);
            var free = At(1);
            var (charge, found) = Slack(free) >= 0 ? (1, free) : Cheapest(At, Slack, (1, Slack(free)));
            var price = charge - 1;
            for (var place = 0; place < days.Length; place++) plan[days[place]] = found[place];
            bound += found.Sum(day => day.Objective) + (price * budget);
            prices.Add(price);
        }

        var total = plan.Sum(day => day.Profit);
        return Result(plan, bound, total, bound) with { BudgetPrices = prices };
    }

    /// <summary>Most sales while Σ cost ≤ T · Σ sales: sales + μ (T · sales − cost), one μ for the whole study.</summary>
    private static OracleResult UnderCeiling(Horizon horizon, double ceiling, bool incremental)
    {
        Expected[] At(double price) => All(horizon, new Aim(0, 1 + (price * ceiling), price) { Incremental = incremental });
        double Slack(Expected[] found) => 1 - (found.Sum(day => day.Spend) / Math.Max(1e-9, ceiling * found.Sum(day => day.Sales)));

        // At a low enough price every ceiling is broken; from there upwards.
        var (low, slack) = (1 / ceiling, Slack(At(1 / ceiling)));
        while (slack >= 0) (low, slack) = (low / 2, Slack(At(low / 2)));
        var (price, plan) = Cheapest(At, Slack, (low, slack));
        return Result(plan, plan.Sum(day => day.Objective), plan.Sum(day => day.Sales), plan.Sum(day => day.Profit)) with { CeilingPrice = price };
    }

    /// <summary>
    /// O4. Until a product's next delivery its ads can sell what is on the shelf, less what shoppers who come by themselves take at least while there is any; from then on
    /// everybody is served. With a price μ of a unit no policy earns more than μ·shelf + max over the day t on which the shelf runs empty of Σ_{d&lt;t} (best at μ − μ·organic);
    /// the lowest over μ is the bound. Orders still on their way when the shelf runs empty were paid for but take nothing: one busy day's units are added for them.
    /// </summary>
    private static OracleResult WithShelves(Horizon horizon, bool incremental)
    {
        const int Halvings = 10;
        const double DaysOnTheWay = 1.3;
        var free = Enumerable.Range(0, horizon.Days).Select(day => horizon.BestByProduct(day, Aim.Earn(0) with { Incremental = incremental })).ToArray();
        var scarce = horizon.Shelves.Max(shelf => shelf.Until);
        var before = Enumerable.Range(0, horizon.Products).Select(product => free.Take(horizon.Shelves[product].Until).Select(day => day[product]).ToArray()).ToArray();
        var shelves = before.Select((ofDays, product) => horizon.Shelves[product].Units + (DaysOnTheWay * ofDays.Select(day => day.Units).DefaultIfEmpty(0).Max())).ToArray();

        // Without a price the days before the delivery are worth what they are worth to full shelves.
        var (bounds, prices) = (before.Select(ofDays => ofDays.Sum(day => day.Profit)).ToArray(), new double[horizon.Products]);

        // The plan is the best of those tried: the price of the bound may stand between two days of running empty.
        var start = At(new double[horizon.Products]);
        var (found, played, empty) = (start.Select(product => product.Found).ToArray(), new double[horizon.Products], start.Select(product => product.Empty).ToArray());

        // The bound is convex in each product's own price, and what the shelf has left over is its slope: halve all products' prices at once.
        var (low, high) = (new double[horizon.Products], before.Select(ofDays => ofDays.Where(day => day.Units > 0).Select(day => 2 * (day.Profit + day.Spend) / day.Units).DefaultIfEmpty(0).Max()).ToArray());
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = low.Select((price, product) => (price + high[product]) / 2).ToArray();
            var tried = At(middle);
            for (var product = 0; product < middle.Length; product++)
            {
                if (tried[product].Bound < bounds[product]) (bounds[product], prices[product]) = (tried[product].Bound, middle[product]);
                if (tried[product].Found > found[product]) (found[product], played[product], empty[product]) = (tried[product].Found, middle[product], tried[product].Empty);
                if (tried[product].Left < 0) low[product] = middle[product];
                else high[product] = middle[product];
            }
        }

        var plan = Plan(played, empty);
        var bound = bounds.Sum() + Later();
        return Result(plan, bound, Math.Min(bound, plan.Sum(day => day.Profit)), bound) with { StockPrices = prices };

        double Later() => Enumerable.Range(0, horizon.Products).Sum(product => Enumerable.Range(horizon.Shelves[product].Until, horizon.Days - horizon.Shelves[product].Until).Sum(day => free[day][product].Profit));

        // Bound at the prices, day on which the shelf is then best empty, what would be left over, and the profit of the days until then, cut short where the shelf would not reach.
        (double Bound, int Empty, double Left, double Found)[] At(double[] at)
        {
            var aim = Aim.Earn(0) with { Incremental = incremental, UnitPrices = at };
            var (gain, sold, organic, profit) = (new double[at.Length], new double[at.Length], new double[at.Length], new double[at.Length]);
            var best = shelves.Select(units => (Gain: 0d, Empty: 0, Left: units, Found: 0d)).ToArray();
            for (var day = 0; day < scarce; day++)
            {
                var today = horizon.BestByProduct(day, aim);
                for (var product = 0; product < at.Length; product++)
                {
                    if (day >= horizon.Shelves[product].Until) continue;
                    organic[product] += horizon.LeastOrganic(day, product);
                    (sold[product], profit[product]) = (sold[product] + today[product].Units, profit[product] + today[product].Profit);
                    gain[product] += today[product].Objective - (at[product] * horizon.LeastOrganic(day, product));
                    if (gain[product] <= best[product].Gain) continue;
                    var there = shelves[product] - organic[product];
                    best[product] = (gain[product], day + 1, there - sold[product], profit[product] * Share(there, sold[product]));
                }
            }

            return [.. best.Select((ofProduct, product) => (ofProduct.Gain + (at[product] * shelves[product]), ofProduct.Empty, ofProduct.Left, ofProduct.Found))];
        }

        static double Share(double there, double wanted) => wanted <= 0 ? 1 : Math.Clamp(there / wanted, 0, 1);

        // What the prices make of it, a product's days cut short in proportion where the shelf would not reach.
        Expected[] Plan(double[] at, int[] empty)
        {
            var priced = Enumerable.Range(0, scarce).Select(day => horizon.BestByProduct(day, Aim.Earn(0) with { Incremental = incremental, UnitPrices = at })).ToArray();
            var days = new Expected[horizon.Days];
            for (var product = 0; product < at.Length; product++)
            {
                var until = horizon.Shelves[product].Until;
                var wanted = Enumerable.Range(0, empty[product]).Sum(day => priced[day][product].Units);
                var there = shelves[product] - Enumerable.Range(0, empty[product]).Sum(day => horizon.LeastOrganic(day, product));
                var share = Share(there, wanted);
                for (var day = 0; day < horizon.Days; day++)
                {
                    var part = day >= until ? free[day][product] : day < empty[product] ? priced[day][product] : default;
                    days[day] += day >= until ? part : new Expected(part.Profit * share, part.Sales * share, part.Spend * share, 0, part.Units * share);
                }
            }

            return days;
        }
    }

    /// <summary>
    /// The lowest charge (weight of a unit of money) at which the plan keeps its constraint: <paramref name="slack"/>, a share of what there is, rises with the charge; at the
    /// one returned it lies between 0 and the accuracy, or as near as the steps of the bids allow.
    /// </summary>
    /// <param name="at">The best plan at a charge.</param>
    /// <param name="slack">What a plan leaves of its constraint.</param>
    /// <param name="low">A charge at which the constraint is broken, with that plan's slack; a guess of 0 slack where none is known.</param>
    private static (double Charge, Expected[] Plan) Cheapest(Func<double, Expected[]> at, Func<Expected[], double> slack, (double Charge, double Slack) low)
    {
        const double Widen = 1.5;
        var charge = low.Charge * Widen;
        var plan = at(charge);
        var high = (Charge: charge, Slack: slack(plan));
        for (; high.Slack < 0; high = (high.Charge * Widen, slack(plan))) (low, plan) = (high, at(high.Charge * Widen));

        // Between the two the slack is nearly straight in the logarithm of the charge; now and then halve, in case it is not.
        for (var round = 1; high.Slack > Accuracy && high.Charge / low.Charge > 1 + 1e-9; round++)
        {
            var share = round % 3 == 0 ? 0.5 : Math.Clamp((high.Slack - (Accuracy / 2)) / (high.Slack - low.Slack), 0.01, 0.99);
            charge = high.Charge * Math.Pow(low.Charge / high.Charge, share);
            var tried = at(charge);
            var left = slack(tried);
            if (left < 0) low = (charge, left);
            else (high, plan) = ((charge, left), tried);
        }

        return (high.Charge, plan);
    }

    private static Expected[] All(Horizon horizon, Aim aim) => [.. Enumerable.Range(0, horizon.Days).Select(day => horizon.Best(day, aim))];

    private static OracleResult Result(Expected[] plan, double bound, double found, double total) => new()
    {
        Profit = [.. plan.Select(day => day.Profit)],
        Spend = [.. plan.Select(day => day.Spend)],
        Sales = [.. plan.Select(day => day.Sales)],
        Bound = bound,
        Found = found,
        Total = total,
    };
}
