using Autonoomi.Core.Advertising;
using Autonoomi.Lab.Oracles;
using Autonoomi.Lab.Play;
using Autonoomi.Lab.References;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Tests.Oracles;

public sealed class ReferenceTests
{
    private static readonly ulong[] Seeds = [11, 12, 13];

    [Fact]
    public void O2_is_below_O1_and_steps_cost_it_something()
    {
        foreach (var seed in Seeds)
        {
            var oracle = RelaxedOracle.Of(Tiny.World(seed), Tiny.Days, new OracleOptions()).Total;
            var free = Profit(seed, () => new ImplementableOracle(Tiny.Days, new ImplementableOptions { StepLimits = false }));
            var stepped = Profit(seed, () => new ImplementableOracle(Tiny.Days, new ImplementableOptions()));

            Assert.True(stepped < free && free < oracle, $"seed {seed}: {stepped:0} {free:0} {oracle:0}");
            Assert.InRange(free / oracle, 0.75, 1);
        }
    }

    [Fact]
    public void True_rates_lie_above_every_baseline_and_below_O2()
    {
        string[] baselines = ["B01", "B03", "B08", "B11", "B11z"];
        double rates = 0, best = 0, O2 = 0;
        foreach (var seed in Seeds)
        {
            rates += Profit(seed, () => new TrueRates(Tiny.Days));
            O2 += Profit(seed, () => new ImplementableOracle(Tiny.Days, new ImplementableOptions { StepLimits = false }));
            best += baselines.Max(id => new[] { 0.35, 0.5, 0.65, 0.8 }.Max(target => Episodes.Play(
                Tiny.Settings(), seed, Tiny.Days, () => PolicyCatalogue.Find(id).Create(new PolicySettings { TargetOfBreakEven = target }), EpisodeOptions.Default, TestContext.Current.CancellationToken)
                .Days.Sum(day => day.ExpectedProfit)));
        }

        Assert.True(rates > best, $"B14 {rates:0} against {best:0}");
        Assert.True(rates < O2, $"B14 {rates:0} against O2 {O2:0}");
    }

    [Fact]
    public void Somebody_who_pauses_everything_earns_nothing_and_pays_nothing()
    {
        var profit = Tiny.Play(11, Tiny.Settings(), 5, (world, day) =>
        {
            foreach (var target in world.Ads.Targets.ToList().Where(target => day == 0 && target.State == EntityState.Enabled)) Tiny.SetState(world, target, EntityState.Paused);
        });

        // Only the hours of the first day before the hand-over were still bid for.
        Assert.All(profit[1..], day => Assert.Equal(0, day));
    }

    [Fact]
    public void The_planner_finds_what_trying_all_pairs_of_bids_finds()
    {
        var world = Tiny.World(11, products: 1);
        var kept = world.Ads.Targets.Where(target => target.State == EntityState.Enabled && target.Match is MatchType.Broad or MatchType.CloseMatch).Take(2).Select(target => target.Id).ToHashSet();
        foreach (var target in world.Ads.Targets.ToList().Where(target => !kept.Contains(target.Id) && target.State == EntityState.Enabled)) Tiny.SetState(world, target, EntityState.Paused);
        var horizon = new Horizon(world, 7);
        var field = Field.Of(world, 7);
        var lowest = Math.Log((double)world.Marketplace.MinimumBid);
        var gains = new Gains(field.Seats.Length, lowest - 1);
        gains.Fill(field.Seats, [.. Enumerable.Range(0, 7).Select(day => horizon.TermsOf(day, Aim.Earn(0)))]);
        var planner = new Planner(field, gains, lowest, Math.Log(1000));
        var plan = field.Present(world);
        Assert.Equal(2, plan.Bids.Length);

        var best = double.NegativeInfinity;
        for (var one = lowest; one < 2.5; one += Gains.Step)
        {
            for (var other = lowest; other < 2.5; other += Gains.Step)
            {
                (plan.Bids[0], plan.Bids[1]) = (one, other);
                best = Math.Max(best, planner.Value(plan).Gain);
            }
        }

        (plan.Bids[0], plan.Bids[1]) = (lowest, lowest);
        var found = planner.Climb(plan, moveMultipliers: false, rounds: 20);
        Assert.True(best > 0);
        Assert.InRange(found / best, 0.995, 1.0001);
    }

    [Fact]
    public void What_the_plan_expects_is_what_the_world_expects()
    {
        var settings = Tiny.Settings() with { Market = new MarketParameters { ReactionLimit = 0 } };
        var oracle = new ImplementableOracle(7, new ImplementableOptions { StepLimits = false });
        var episode = Episodes.Play(settings, 12, 7, () => oracle, EpisodeOptions.Default, TestContext.Current.CancellationToken);

        // Without the first day, whose first hour was not ours.
        Assert.InRange(episode.Days.Skip(1).Average(day => day.ExpectedProfit) / oracle.PlannedGain, 0.98, 1.02);
    }

    [Fact]
    public void Rivals_who_react_only_make_it_worse()
    {
        var settings = Tiny.Settings() with { Market = new MarketParameters { ReactingShare = 0.4 } };
        var check = BiasCheck.Of(settings, 11, Tiny.Days, new ImplementableOptions { StepLimits = false, Restarts = 1 }, TestContext.Current.CancellationToken);

        Assert.InRange(check.Bias, 0.0001, 0.15);
    }

    [Fact]
    public void Doubling_all_money_leaves_every_score_as_it_is()
    {
        var doubled = Tiny.Settings() with { MoneyScale = 2 };
        var limits = Tiny.World(11).Marketplace;
        doubled = doubled with
        {
            Limits = limits with { MinimumBid = 2 * limits.MinimumBid, MaximumBid = 2 * limits.MaximumBid, BidStep = 2 * limits.BidStep, MinimumBudget = 2 * limits.MinimumBudget, MaximumBudget = 2 * limits.MaximumBudget },
        };
        var one = RelaxedOracle.Of(Tiny.World(11), Tiny.Days, new OracleOptions()).Total;
        var two = RelaxedOracle.Of(new MarketWorld(11, doubled), Tiny.Days, new OracleOptions()).Total;
        Assert.Equal(2, two / one, 9);

        double Score(WorldSettings settings, double oracle, Func<IInsider> insider) =>
            Episodes.Play(settings, 11, Tiny.Days, insider, EpisodeOptions.Default, TestContext.Current.CancellationToken).Days.Sum(day => day.ExpectedProfit) / oracle;
        foreach (var insider in new Func<IInsider>[] { () => new TrueRates(Tiny.Days), () => new ImplementableOracle(Tiny.Days, new ImplementableOptions()) })
        {
            Assert.Equal(Score(Tiny.Settings(), one, insider), Score(doubled, two, insider), 9);
        }
    }

    private static double Profit(ulong seed, Func<IInsider> insider) =>
        Episodes.Play(Tiny.Settings(), seed, Tiny.Days, insider, EpisodeOptions.Default, TestContext.Current.CancellationToken).Days.Sum(day => day.ExpectedProfit);
}
