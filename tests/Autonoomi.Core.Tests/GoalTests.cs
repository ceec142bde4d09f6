using System.Collections.Immutable;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using CsCheck;

namespace Autonoomi.Core.Tests;

public sealed class GoalTests
{
    private const double Clicks = 1.4;
    private const double Price = 0.9;

    // 20 clicks a day for $10, $3 of sales and $1.20 of contribution each; a multiplier of 0.3125 is the bid in force.
    private static readonly LandscapeCell Cell = new(10, 20, 3, 1.2, 4, 0.8, 0, double.PositiveInfinity, 0.01);

    private static SalesLandscape Landscape(params LandscapeCell[] cells) => new(cells, Clicks, Price);

    [Fact]
    public void A_target_of_20_percent_is_a_multiplier_of_0_383_where_0_3125_makes_16_7()
    {
        var landscape = Landscape(Cell);

        Assert.Equal(10.0 / 60, landscape.At(0.3125).Acos, 9);
        Assert.Equal(0.3827, landscape.Solve(0.20)!.Value, 4);
        Assert.Equal(0.20, landscape.At(0.3827).Acos, 4);
        Assert.Equal(79.7, landscape.At(0.3827).Sales, 1);
    }

    [Fact]
    public void Profit_is_largest_where_a_click_costs_61_percent_of_its_worth()
    {
        var landscape = Landscape(Cell);
        var best = landscape.MostProfit();

        Assert.Equal(0.476, best, 3);
        Assert.Equal(0.6087 * 1.2 / 3, landscape.At(best).Acos, 3);
        Assert.Equal(0.151, landscape.LeastFor(0.2 * landscape.At(best).Sales), 3);
        Assert.Equal(0.0866, landscape.At(0.151).Acos, 3);
    }

    [Fact]
    public void A_multiplier_that_meets_its_target_is_found_and_rises_with_the_target() =>
        Gen.Select(Gen.Select(Gen.Double[0.1, 0.3], Gen.Double[1, 50], Gen.Double[0.5, 10]).Array[1, 12], Gen.Double[0.12, 0.25]).Sample((seeds, acos) =>
        {
            // Each cell: its ACoS at the bid in force, clicks, sales per click.
            var landscape = Landscape([.. seeds.Select(seed => new LandscapeCell(seed.Item1 * seed.Item2 * seed.Item3, seed.Item2, seed.Item3, 1, 1 / seed.Item1, 0.8, 0, double.PositiveInfinity, 1e-6))]);
            var tau = landscape.Solve(acos)!.Value;

            Assert.InRange(landscape.At(tau).Acos, acos * 0.999999, acos);
            Assert.True(landscape.Solve(acos * 1.2)!.Value > tau);
        });

    [Fact]
    public void The_multiplier_does_not_know_the_currency() =>
        Gen.Select(Gen.Double[1, 50], Gen.Double[1, 50], Gen.Double[0.5, 10], Gen.Double[0.05, 0.5]).Sample((cost, clicks, sales, acos) =>
            Assert.InRange(
                (Landscape(new LandscapeCell(150 * cost, clicks, 150 * sales, 150, 4, 0.8, 0, double.PositiveInfinity, 0.01)).Solve(acos) ?? 1)
                / (Landscape(new LandscapeCell(cost, clicks, sales, 1, 4, 0.8, 0, double.PositiveInfinity, 0.01)).Solve(acos) ?? 1), 0.999999, 1.000001));

    [Fact]
    public void Targets_that_nobody_moves_count_but_stay_where_they_are()
    {
        var still = new LandscapeCell(10, 20, 3, 1.2, 0, 0, 0, 1, 1);

        Assert.Equal(10, Landscape(still).At(3).Cost, 9);
        Assert.True(Landscape(Cell, still with { Cost = 20 }).Solve(0.3)!.Value < Landscape(Cell).Solve(0.3)!.Value);

        // Low bids leave the dear one alone, high ones are dear themselves: between them the target is met.
        Assert.True(Landscape(Cell, still with { Cost = 20 }).At(0.001).Acos > 0.3);
        Assert.Equal(0.3, Landscape(Cell, still with { Cost = 20 }).At(Landscape(Cell, still with { Cost = 20 }).Solve(0.3)!.Value).Acos, 4);
        Assert.Null(Landscape(still).Solve(0.1));
    }

    [Fact]
    public void A_share_of_worth_that_falls_with_worth_is_followed()
    {
        var falling = Cell with { ShadingExponent = 0.3, Shading = 0.5 };

        Assert.Equal(0.3 * 4 * 0.5 * Math.Pow(0.3, -0.3), falling.Ratio(0.3), 9);
        Assert.Equal(0.001 * 4 * Bidder.MostShading, (falling with { LeastRatio = 0 }).Ratio(0.001), 9);
    }

    [Theory]
    [InlineData(100, 100, 1)]
    [InlineData(115, 100, 1)]
    [InlineData(140, 100, 1.2431)]
    [InlineData(300, 500, 0.6095)]
    public void Orders_within_two_deviations_of_the_expected_are_luck(double seen, double expected, double drift) =>
        Assert.Equal(drift, GroupLandscapes.DriftOf(seen, expected), 4);

    [Fact]
    public void A_lower_target_acos_never_bids_more()
    {
        var workspace = Of(new SomeStorefront { ClicksPerDay = 3 }.Build(), new Goal(GoalKind.TargetAcos) { TargetAcos = 0.20 });
        var (loose, tight) = (Look(workspace), Look(Of(workspace, new Goal(GoalKind.TargetAcos) { TargetAcos = 0.12 })));

        Assert.True(tight.Worth.AcosGroups[0].Tau < loose.Worth.AcosGroups[0].Tau);
        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            Assert.True(Bidder.TryInputs(loose, target, out var before) & Bidder.TryInputs(tight, target, out var after));
            Assert.True(BidRule.Apply(after).Wanted <= BidRule.Apply(before).Wanted);
        }
    }

    [Fact]
    public void A_target_acos_decides_alone_and_a_ceiling_only_takes_away()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 3 }.Build();
        var profit = Look(workspace);
        var ceiling = Look(Of(workspace, Goal.Profit with { TargetAcos = 0.12 }));
        var high = Look(Of(workspace, new Goal(GoalKind.TargetAcos) { TargetAcos = 0.6 }));

        Assert.All(Enumerable.Range(0, workspace.Targets.Length), target => Assert.True(Wanted(ceiling, target) <= Wanted(profit, target)));
        Assert.Contains(Enumerable.Range(0, workspace.Targets.Length), target => Wanted(ceiling, target) < 0.8 * Wanted(profit, target));
        Assert.Contains(Enumerable.Range(0, workspace.Targets.Length), target => Wanted(high, target) > 1.2 * Wanted(profit, target));

        // A ceiling that nobody touches changes nothing.
        Assert.Equal(Bids(workspace), Bids(Of(workspace, Goal.Profit with { TargetAcos = 1.5 })));
    }

    [Fact]
    public void A_target_acos_is_held_in_a_market_with_other_elasticities()
    {
        // Orders of one storefront are few: three are held together.
        double spent = 0, sold = 0;
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var random = new Random(seed);
            var workspace = Of(new SomeStorefront { ClicksPerDay = 3 }.Build(), new Goal(GoalKind.TargetAcos) { TargetAcos = 0.15 });
            for (var day = 0; day < 45; day++)
                workspace = SomeStorefront.NextDay(workspace, [.. Optimiser.Decide(workspace, DecisionSettings.Default).Proposals.Select(proposal => proposal.Change)], random, 6);

            var first = workspace.Today.AddDays(-15).DayNumber;
            var (days, cost, sales) = (workspace.TargetDays.Ints("day").ToArray(), workspace.TargetDays.Longs("cost").ToArray(), workspace.TargetDays.Longs("sales").ToArray());
            for (var row = 0; row < days.Length; row++)
            {
                if (days[row] >= first) (spent, sold) = (spent + cost[row], sold + sales[row]);
            }
        }

        Assert.InRange(spent / sold, 0.15 * 0.9, 0.15 * 1.1);
    }

    [Fact]
    public void Bids_under_a_goal_replay_from_their_evidence_and_say_what_decides()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 3 }.Build();
        foreach (var (goal, words) in new[]
        {
            (new Goal(GoalKind.TargetAcos) { TargetAcos = 0.12 }, "The target ACoS decides alone"),
            (Goal.Profit with { TargetAcos = 0.08 }, "The ACoS ceiling lets an order count"),
            (new Goal(GoalKind.Grow) { GrowthShare = 0.2 }, "Its goal counts an order"),
        })
        {
            var bids = Optimiser.Decide(Of(workspace, goal), DecisionSettings.Default).Proposals.Where(proposal => proposal.Change is SetBid).ToList();

            Assert.True(bids.Count > 20);
            Assert.All(bids, bid => Assert.Equal(bid.Change, Replay.Recompute(bid)));
            Assert.Contains(bids, bid => ProposalText.Sentence(bid).Contains(words, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_fifth_of_the_revenue_on_top_is_what_growth_adds()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 3 }.Build();
        var (profit, growth) = (Look(workspace), Look(Of(workspace, new Goal(GoalKind.Grow) { GrowthShare = 0.2 })));

        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            Assert.Equal(0.2 * growth.Measured.OrderValue(target), growth.Worth.Addition[target], 9);
            Assert.True(Wanted(growth, target) > Wanted(profit, target));
        }
    }

    [Fact]
    public void A_launch_counts_rank_until_its_loss_budget_is_spent()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 3 }.Build();
        var launch = new Goal(GoalKind.Launch) { RankWorth = new Money(4, SomeStorefront.Us.Currency), LossBudget = new Money(1_000_000, SomeStorefront.Us.Currency), From = SomeStorefront.Today.AddDays(-30), Until = SomeStorefront.Today.AddDays(30) };
        var sku = workspace.Listings[1].Sku;
        var situation = Look(Own(workspace, sku, launch));
        var lost = GoalAdditions.LostSince(situation.Measured, new GoalBook(situation.Measured.Structure));

        Assert.All(Enumerable.Range(0, workspace.Targets.Length), target => Assert.Equal(situation.Measured.Structure.TargetProduct[target] == 1 ? 4 : 0, situation.Worth.Addition[target]));
        Assert.Equal(0, lost[0]);

        // Costs so high that every order loses.
        var dear = workspace with { Costs = [.. workspace.Costs.Select(cost => cost with { CostOfGoods = cost.CostOfGoods with { Amount = 3 * cost.CostOfGoods.Amount } })] };
        lost = GoalAdditions.LostSince(Look(Own(dear, sku, launch)).Measured, new GoalBook(Look(Own(dear, sku, launch)).Measured.Structure));
        Assert.True(lost[1] > 1);
        Assert.Equal(4, Look(Own(dear, sku, launch with { LossBudget = new Money((decimal)lost[1] + 1, SomeStorefront.Us.Currency) })).Worth.Addition.Max());
        Assert.Equal(0, Look(Own(dear, sku, launch with { LossBudget = new Money((decimal)lost[1] - 1, SomeStorefront.Us.Currency) })).Worth.Addition.Max());
        Assert.Equal(0, Look(Own(workspace, sku, launch with { Until = SomeStorefront.Today.AddDays(-1) })).Worth.Addition.Max());
    }

    [Fact]
    public void Stock_that_has_to_go_counts_its_storage_and_never_more_than_thirty_percent_of_an_order()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 3 }.Build();
        var plain = Look(Of(workspace, new Goal(GoalKind.ClearStock)));
        var dear = Look(Of(workspace, new Goal(GoalKind.ClearStock) { KeepingCost = new Money(500, SomeStorefront.Us.Currency) }));
        var gone = Look(Of(new SomeStorefront { ClicksPerDay = 3, Stock = _ => 60 }.Build(), new Goal(GoalKind.ClearStock) { KeepingCost = new Money(500, SomeStorefront.Us.Currency) }));

        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            var economics = plain.Measured.Products[plain.Measured.Structure.TargetProduct[target]]!;
            Assert.Equal(economics.StorageFee * economics.UnitsPerOrder, plain.Worth.Addition[target], 9);
            Assert.Equal(0.3 * dear.Measured.Contribution[target], dear.Worth.Addition[target], 9);
        }

        Assert.All(gone.Worth.Addition, addition => Assert.Equal(0, addition));
    }

    [Fact]
    public void Storage_of_0_40_a_unit_counts_0_44_an_order_and_a_cost_of_500_counts_2_70()
    {
        Assert.Equal(0.44, GoalAdditions.KeptWorth(0.40, 1.1, 9), 9);
        Assert.Equal(2.70, GoalAdditions.KeptWorth(500, 1.1, 9), 9);
        Assert.Equal(0, GoalAdditions.KeptWorth(500, 1.1, -3));
    }

    [Fact]
    public void A_price_that_rose_by_a_fifth_halves_what_older_days_tell_and_tells_their_sales_in_todays_price()
    {
        var workspace = new SomeStorefront { Products = 1, ClicksPerDay = 3 }.Build();
        var (days, skus) = (workspace.OrderDays.Ints("day").ToArray(), workspace.OrderDays.Texts("sku"));
        var (units, sales) = (workspace.OrderDays.Longs("units").ToArray(), workspace.OrderDays.Longs("sales").ToArray());
        var orders = new FactTableBuilder(TableSchema.Of(Dataset.OrderDay));
        for (var row = 0; row < days.Length; row++)
            orders.Day(DateOnly.FromDayNumber(days[row])).Text(skus[row]).Long(units[row]).Long(units[row]).Long(days[row] < SomeStorefront.Today.DayNumber - 10 ? sales[row] * 5 / 6 : sales[row]);
        var (before, after) = (Look(workspace).Measured, Look(workspace with { OrderDays = orders.Build() }).Measured);
        var history = new PriceHistory(after.Structure, 1);

        Assert.Equal((1, 1), (history.ToToday(0, 5), history.Weight(0, 5)));
        Assert.Equal(1.2, history.ToToday(0, 20), 4);
        Assert.Equal(0.5, history.Weight(0, 20));
        Assert.Equal(1, new PriceHistory(before.Structure, 1).ToToday(0, 20));
        Assert.InRange(after.Exposure.Sum() / before.Exposure.Sum(), 0.5, 0.7);
        Assert.InRange(after.OrderValue(0) / before.OrderValue(0), 1.05, 1.2);
    }

    [Fact]
    public void A_product_with_a_goal_of_its_own_stands_alone_and_returns_to_profit()
    {
        var workspace = Of(new SomeStorefront { ClicksPerDay = 3 }.Build(), new Goal(GoalKind.TargetAcos) { TargetAcos = 0.15 });
        var own = Own(workspace, workspace.Listings[2].Sku, new Goal(GoalKind.TargetAcos) { TargetAcos = 0.3, Until = SomeStorefront.Today });
        var (with, over) = (Look(own), Look(own with { Settings = own.Settings with { Goals = [own.Settings.Goals[0] with { Goal = own.Settings.Goals[0].Goal with { Until = SomeStorefront.Today.AddDays(-1) } }] } }));

        Assert.Equal([(-1, 0.15), (2, 0.3)], with.Worth.AcosGroups.Select(group => (group.Product, group.Target)));
        Assert.Equal([(-1, 0.15)], over.Worth.AcosGroups.Select(group => (group.Product, group.Target)));
        Assert.All(Enumerable.Range(0, workspace.Targets.Length), target => Assert.Equal(over.Measured.Structure.TargetProduct[target] != 2, over.Worth.AcosOnly[target]));
    }

    [Fact]
    public void A_target_out_of_reach_is_said_and_leaves_a_fifth_of_the_sales()
    {
        var workspace = Of(new SomeStorefront { ClicksPerDay = 3 }.Build(), new Goal(GoalKind.TargetAcos) { TargetAcos = 0.01 });
        var note = Assert.Single(Optimiser.Decide(workspace, DecisionSettings.Default).Notes, note => note.Issue == DataIssue.AcosOutOfReach);
        var review = Optimiser.Review(workspace, DecisionSettings.Default);
        var frontier = Assert.Single(review.Frontiers);

        Assert.Single(review.Recommendations, recommendation => recommendation.Entry == "R24");
        Assert.Contains("1%", note.Text, StringComparison.Ordinal);
        Assert.False(note.Holds);
        Assert.False(frontier.IsFeasible);
        Assert.True(frontier.Points.Single(point => point.Multiple == 1).Sales.Amount >= 0.19m * frontier.MostProfit!.Sales.Amount);
        Assert.DoesNotContain(Optimiser.Decide(Of(workspace, new Goal(GoalKind.TargetAcos) { TargetAcos = 0.2 }), DecisionSettings.Default).Notes, other => other.Issue == DataIssue.AcosOutOfReach);
    }

    [Fact]
    public void Along_the_frontier_acos_and_sales_rise_and_profit_has_one_top()
    {
        var frontier = Assert.Single(Frontier.Of(Look(new SomeStorefront { ClicksPerDay = 3 }.Build())));

        Assert.Null(frontier.Target);
        Assert.Equal(frontier.Points.Select(point => point.Acos).Order(), frontier.Points.Select(point => point.Acos));
        Assert.Equal(frontier.Points.Select(point => point.Sales.Amount).Order(), frontier.Points.Select(point => point.Sales.Amount));
        Assert.All(frontier.Points, point => Assert.True(point.Profit.Amount <= frontier.MostProfit!.Profit.Amount));
    }

    [Fact]
    public void Effects_are_told_in_contribution_whatever_a_goal_counts()
    {
        var inputs = new BidInputs { Contribution = 12, Addition = 5, InventoryPrice = 2, Incrementality = 0.5, Season = 1, AcosWorth = 40, AcosOnly = 1 };

        Assert.Equal(5, inputs.Margin);
        Assert.Equal(40 * (1 - (2 / 12.0)), inputs.OrderWorth, 9);
    }

    [Theory]
    [InlineData(GoalKind.TargetAcos, null, 0, 1)]
    [InlineData(GoalKind.TargetAcos, 3.0, 0, 1)]
    [InlineData(GoalKind.Grow, null, 0.4, 1)]
    [InlineData(GoalKind.Launch, null, 0, 1)]
    [InlineData(GoalKind.Profit, 0.3, 0, 0)]
    public void A_goal_that_cannot_be_meant_says_so(GoalKind kind, double? acos, double growth, int faults) =>
        Assert.Equal(faults, new Goal(kind) { TargetAcos = acos, GrowthShare = growth }.Faults().Count());

    private static Workspace Of(Workspace workspace, Goal goal) => workspace with { Settings = workspace.Settings with { Goal = goal } };

    private static Workspace Own(Workspace workspace, Sku sku, Goal goal) => workspace with { Settings = workspace.Settings with { Goals = [new ProductGoal(sku, goal)] } };

    private static Situation Look(Workspace workspace) => Optimiser.Look(new Measurement(workspace, DecisionSettings.Default), DecisionSettings.Default);

    private static double Wanted(Situation situation, int target)
    {
        Assert.True(Bidder.TryInputs(situation, target, out var inputs));
        return BidRule.Apply(inputs).Wanted;
    }

    private static ImmutableArray<Change> Bids(Workspace workspace) => [.. Optimiser.Decide(workspace, DecisionSettings.Default).Proposals.Select(proposal => proposal.Change).Where(change => change is SetBid)];
}
