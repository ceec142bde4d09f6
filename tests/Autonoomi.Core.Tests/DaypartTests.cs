using Autonoomi.Core.Dayparting;
using Autonoomi.Core.Facts;

namespace Autonoomi.Core.Tests;

public sealed class DaypartTests
{
    [Fact]
    public void An_hour_with_60_orders_where_40_were_expected_and_quiet_neighbours_is_worth_1_25()
    {
        // One lonely hour: its neighbours expect nothing, so only its own 40 and the 40 pseudo-orders count.
        var (orders, expected) = (new double[24], new double[24]);
        (orders[20], expected[20]) = (60, 40);

        var (mean, deviation) = new HourRates(orders, expected, 40).At(20);

        Assert.Equal(1.25, mean, 12);
        Assert.Equal(0.125, deviation, 12);
    }

    [Fact]
    public void Hours_that_are_alike_get_no_plan() => Assert.Null(Dayparter.Plan(Even(50), Even(500), DecisionSettings.Default));

    [Fact]
    public void An_evening_that_sells_half_more_is_found_as_one_block()
    {
        var orders = Even(40);
        for (var hour = 18; hour < 22; hour++) orders[hour] = 70;

        var blocks = Dayparter.Plan(orders, Even(400), DecisionSettings.Default)!;

        var best = blocks.MaxBy(block => block.Worth)!;
        Assert.True(best.FromHour is 17 or 18 && best.UntilHour is 22 or 23, $"{best}");
        Assert.InRange(best.Worth, 1.2, 1.5);
        Assert.True(best.Low < best.Worth && best.High >= best.Worth);
        Assert.Equal(0, blocks[0].FromHour);
        Assert.Equal(24, blocks[^1].UntilHour);
        Assert.All(blocks.Zip(blocks.Skip(1)), pair => Assert.Equal(pair.First.UntilHour, pair.Second.FromHour));
    }

    [Fact]
    public void A_bad_night_through_midnight_is_one_run_of_hours()
    {
        var orders = Even(60);
        foreach (var hour in new[] { 22, 23, 0, 1, 2 }) orders[hour] = 15;

        var blocks = Dayparter.Plan(orders, Even(600), DecisionSettings.Default)!;

        Assert.True(blocks[0].Worth < 1 && blocks[^1].Worth < 1);
        Assert.Equal(blocks[0].Worth, blocks[^1].Worth);
    }

    [Fact]
    public void Luck_alone_makes_hardly_any_plans()
    {
        var random = new Random(11);
        var found = Enumerable.Range(0, 400).Count(_ => Dayparter.Plan([.. Even(0).Select(_ => Poisson(random, 8))], Even(80), DecisionSettings.Default) is not null);

        Assert.InRange(found, 0, 8);
    }

    [Fact]
    public void Without_figures_by_the_hour_nothing_is_planned() =>
        Assert.Empty(Optimiser.Decide(new SomeStorefront { Products = 2 }.Build(), DecisionSettings.Default).Dayparts);

    [Fact]
    public void A_campaign_with_a_rich_evening_gets_a_plan_that_lowers_the_base_and_only_raises()
    {
        var workspace = new SomeStorefront { Products = 2, ClicksPerDay = 2 }.Build();
        var campaign = workspace.Campaigns[1];
        var table = new FactTableBuilder(TableSchema.Of(Dataset.HourDay));
        for (var age = 60; age >= 1; age--)
        {
            for (var hour = 0; hour < 24; hour++)
            {
                long orders = hour is >= 18 and < 22 ? 4 : hour < 6 ? 0 : age % 2 + 1;
                table.Day(workspace.Today.AddDays(-age)).Int(hour).Long(campaign.Id.Value).Long(1000).Long(12).Long(6_000_000).Long(orders).Long(orders).Long(orders * 25_000_000);
            }
        }

        var plan = Assert.Single(Optimiser.Decide(workspace with { HourDays = table.Build() }, DecisionSettings.Default).Dayparts);

        Assert.Equal(campaign.Id, plan.Campaign);
        Assert.Equal(0.6, plan.BaseFactor, 12);
        Assert.All(plan.Blocks, block => Assert.InRange(block.IncreasePercent, 0, 150));
        Assert.All(plan.Blocks, block => Assert.Equal(block.Worth, plan.BaseFactor * (100 + block.IncreasePercent) / 100, 2));
        Assert.True(plan.GainShare >= 0.02 && plan.Effect.Low <= plan.Effect.Mean && plan.Effect.Mean <= plan.Effect.High);
        Assert.Empty(Optimiser.Decide(workspace with { HourDays = table.Build() }, DecisionSettings.Default with { DaypartWeight = 0 }).Dayparts);
    }

    private static double[] Even(double value) => [.. Enumerable.Repeat(value, 24)];

    private static double Poisson(Random random, double mean)
    {
        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0);
        while (product > limit)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }
}
