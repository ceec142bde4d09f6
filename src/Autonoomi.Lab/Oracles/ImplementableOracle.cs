using Autonoomi.Core.Proposals;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Oracles;

/// <summary>How the implementable oracle may act.</summary>
internal sealed record ImplementableOptions
{
    /// <summary>False lets bids and placements jump; true keeps the daily and weekly steps of the guardrails.</summary>
    public bool StepLimits { get; init; } = true;

    /// <summary>Starting points of the first plan, 1 to 10.</summary>
    public int Restarts { get; init; } = 3;

    /// <summary>Ceiling of the spend in each calendar month; null when money never runs out.</summary>
    public decimal? MonthlyCap { get; init; }

    /// <summary>True counts of an order only what would not have come without the ad.</summary>
    public bool Incremental { get; init; }

    /// <summary>True keeps units of scarce stock for those days and searches that pay most for them (O4's prices).</summary>
    public bool StockBinds { get; init; }

    /// <summary>Spend over sales to be kept while sales are maximised, as a fraction; null maximises profit.</summary>
    public double? AcosCeiling { get; init; }
}

/// <summary>
/// O2: knows the market but acts as anybody must: one bid per target, three placement percentages per campaign, rounded, within the marketplace's limits, from the
/// next morning on. It plans a week ahead, at once when something happens, and keeps the account's structure: a policy that creates targets or
/// negatives may pass it. See docs/maths/oracles.md.
/// </summary>
/// <param name="days">Days that it manages.</param>
/// <param name="options">How it may act.</param>
internal sealed class ImplementableOracle(int days, ImplementableOptions options) : IInsider
{
    private const int PlanDays = 7;
    private const double FirstWeekStep = 0.40, DailyStep = 0.25, WeeklyRise = 0.60;
    private const int WeeklyPoints = 25;

    private Horizon? horizon;
    private Field? field;
    private Gains? gains;
    private Planner? planner;
    private IReadOnlyList<double>? unitPrices;
    private Plan? best;
    private Plan? wanted;
    private double charge = 1;
    private (double Money, double Days) budget;
    private int plannedUntil;
    private readonly Queue<double[]> week = new();

    /// <summary>What the plan in force expects to gain on an average day.</summary>
    public double PlannedGain => planner!.Value(wanted!).Gain;

    public IReadOnlyList<Change> Decide(MarketWorld world, PolicyView view)
    {
        horizon ??= new Horizon(world, days);
        if (options.StockBinds) unitPrices ??= RelaxedOracle.Of(world, days, new OracleOptions { StockBinds = true, Incremental = options.Incremental }).StockPrices;
        field ??= Field.Of(world, days);
        if (gains is null || planner is null)
        {
            var lowest = Math.Log((double)world.Marketplace.MinimumBid);
            gains = new Gains(field.Seats.Length, lowest - 1);
            planner = new Planner(field, gains, lowest, Math.Log((double)world.Marketplace.MaximumBid));
        }

        var present = field.Present(world);
        week.Enqueue(present.Bids);
        if (view.Day >= plannedUntil) Replan(world, view.Day, present);
        return Changes(world, view.Day, present);
    }

    private void Replan(MarketWorld world, int day, Plan present)
    {
        var last = Math.Min(days, horizon!.CalmUntil(day, PlanDays));
        plannedUntil = last;
        if (options.MonthlyCap is { } cap) budget = horizon.LeftOfMonth(day, last, (double)cap);
        var scarce = unitPrices?.Select((price, product) => day < horizon.Shelves[product].Until ? price : 0).ToArray();
        var aim = (options.AcosCeiling is null ? Aim.Earn(0) : new Aim(0, 1, 1)) with { Incremental = options.Incremental, UnitPrices = scarce };
        gains!.Fill(field!.Seats, [.. Enumerable.Range(day, last - day).Select(planned => horizon.TermsOf(planned, aim))]);
        if (best is null)
        {
            best = Starts(world, present).Select(start => (Plan: start, Gain: planner!.Climb(start, moveMultipliers: true, rounds: 10))).MaxBy(found => found.Gain).Plan;
        }

        Solve(best, moveMultipliers: true);

        // What placements may become this week, and the bids that go best with it.
        wanted = best.Copy();
        if (!options.StepLimits) return;
        var isShort = false;
        for (var place = 0; place < wanted.Multipliers.Length; place++)
        {
            var (before, after) = (Plan.PercentOf(present.Multipliers[place]), Plan.PercentOf(best.Multipliers[place]));
            if (Math.Abs(after - before) <= WeeklyPoints) continue;
            wanted.Multipliers[place] = Plan.LogOf(before + Math.Clamp(after - before, -WeeklyPoints, WeeklyPoints));
            isShort = true;
        }

        if (isShort) Solve(wanted, moveMultipliers: false);
    }

    // The bids, and what a unit of money must bring so that they keep the cap or the ceiling.
    private void Solve(Plan plan, bool moveMultipliers)
    {
        const int Sweeps = 3, Tries = 10;
        const double Close = 0.01, Widen = 1.35;
        var floor = options.AcosCeiling is null ? 1 : 0.01;
        var (low, high) = (floor, double.PositiveInfinity);
        for (var round = 0; round < Tries; round++)
        {
            gains!.Charge(charge);
            planner!.Climb(plan, moveMultipliers, Sweeps);
            var slack = Slack(plan);
            if (Math.Abs(slack) < Close || (charge <= floor && slack >= 0)) return;
            if (slack < 0) low = charge;
            else high = charge;
            charge = double.IsInfinity(high) ? charge * Widen : low == floor && high < floor * (1 + Close) ? floor : Math.Sqrt(low * high);
        }
    }

    /// <returns>What the plan leaves of its constraint, as a share of it; endless without one.</returns>
    private double Slack(Plan plan)
    {
        if (options.MonthlyCap is null && options.AcosCeiling is null) return double.PositiveInfinity;
        var (gain, cost) = planner!.Value(plan);
        if (options.AcosCeiling is { } ceiling)
        {
            var sales = gain + (charge * cost);
            return sales <= 0 ? 1 : 1 - (cost / (ceiling * sales));
        }

        var (left, rest) = budget;
        return left <= 0 ? (cost > 0 ? -1 : 0) : 1 - (cost * rest / left);
    }

    /// <summary>From today's account, from the lowest bids, from bids near the value, and from anywhere.</summary>
    private IEnumerable<Plan> Starts(MarketWorld world, Plan present)
    {
        var dice = new Dice(world.Seed);
        for (var start = 0; start < Math.Clamp(options.Restarts, 1, 10); start++)
        {
            var plan = present.Copy();
            for (var target = 0; target < plan.Bids.Length && start > 0; target++)
            {
                plan.Bids[target] = start == 1
                    ? Math.Log((double)world.Marketplace.MinimumBid)
                    : plan.Bids[target] + (0.8 * dice.Normal(Draw.Scenario, target, start, 1));
            }

            for (var place = 0; place < plan.Multipliers.Length && start > 0; place++)
            {
                plan.Multipliers[place] = start == 1 ? 0 : dice.Uniform(Draw.Scenario, place, 0, 1, start, 2);
            }

            yield return plan;
        }
    }

    private IReadOnlyList<Change> Changes(MarketWorld world, int day, Plan present)
    {
        var stepped = wanted!.Copy();
        var weekStart = week.Peek();
        if (week.Count >= 7) week.Dequeue();
        for (var target = 0; target < stepped.Bids.Length && options.StepLimits; target++)
        {
            stepped.Bids[target] = Stepped(stepped.Bids[target], present.Bids[target], weekStart[target], day, (double)world.Marketplace.BidStep);
        }

        return Writes.Towards(world, field!, stepped, planner!.CampaignCosts(wanted));
    }

    private static double Stepped(double wanted, double logBefore, double logWeekStart, int day, double step)
    {
        var before = Math.Exp(logBefore);
        var move = day < 7 ? FirstWeekStep : DailyStep;
        var most = Math.Min(before * (1 + move), Math.Max(before, Math.Exp(logWeekStart) * (1 + WeeklyRise)));

        // The smallest step is always allowed now and then, or the lowest bids could never rise.
        if (most < before + step && day % 3 == 0) most = before + step;
        return Math.Log(Math.Clamp(Math.Exp(wanted), before * (1 - move), most));
    }
}
