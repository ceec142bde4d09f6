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
