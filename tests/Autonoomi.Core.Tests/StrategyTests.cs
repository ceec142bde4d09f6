using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Strategies;

namespace Autonoomi.Core.Tests;

public sealed class StrategyTests
{
    [Fact]
    public void Every_costed_product_gets_a_goal_that_can_be_stored_and_a_sentence()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var workspace = new SomeStorefront { Seed = seed, ClicksPerDay = 2, HasCosts = product => product > 0 }.Build();
            var strategies = Optimiser.Review(workspace, DecisionSettings.Default).Strategies;

            Assert.Equal(3, strategies.Length);
            Assert.All(strategies, item => Assert.Empty(item.Suggested.Faults()));
            Assert.All(strategies, item => Assert.NotEmpty(StrategyText.Sentence(item)));
            Assert.All(strategies, item => Assert.All(item.Evidence.Values, value => Assert.True(double.IsFinite(value.Value), value.Name)));
        }
    }

    [Fact]
    public void A_hundred_clicks_worth_a_dollar_at_60_cents_earn_3_57_less_at_a_quarter_more_bid()
    {
        Assert.Equal(40, StrategyAdvisor.Profit(100, 0.60, 1, 1, 1.4, 0.9), 9);
        Assert.Equal(36.43, StrategyAdvisor.Profit(100, 0.60, 1, 1.25, 1.4, 0.9), 2);
    }

    [Fact]
    public void A_launch_counts_a_quarter_of_an_orders_contribution_and_a_clearance_three_tenths()
    {
        double Contribution(Workspace workspace) => new Signals.Measurement(workspace, DecisionSettings.Default).Products[0]!.ContributionPerOrder;
        var young = new SomeStorefront { Products = 1, ClicksPerDay = 0.3, Days = 20, Stock = _ => 60 }.Build();
        var full = new SomeStorefront { Products = 1, ClicksPerDay = 2, Stock = _ => 100_000 }.Build();

        Assert.Equal(0.25 * Contribution(young), (double)Assert.Single(Of(young)).Suggested.RankWorth!.Value.Amount, 0.006);
        Assert.Equal(0.30 * Contribution(full), Assert.Single(Of(full)).Evidence["worthBeyondProfit"], 9);
    }

    [Fact]
    public void A_young_product_is_launched_and_may_not_lose_more_than_its_budget()
    {
        var launch = Assert.Single(Of(new SomeStorefront { Products = 1, ClicksPerDay = 0.3, Days = 20, Stock = _ => 60 }.Build()));

        Assert.Equal(GoalKind.Launch, launch.Suggested.Kind);
        Assert.Equal(SomeStorefront.Today.AddDays(60), launch.Suggested.Until);
        Assert.True(launch.Suggested.LossBudget!.Value.Amount >= 1);
        Assert.True(launch.Suggested.LossBudget!.Value.Amount >= -launch.Profit.Low.Amount * 2 - 0.01m);
        Assert.False(launch.IsInForce);
    }

    [Fact]
    public void Stock_for_more_than_four_months_is_to_be_cleared()
    {
        var strategies = Of(new SomeStorefront { ClicksPerDay = 2, Stock = product => product == 0 ? 100_000 : 150 }.Build());

        Assert.Equal(GoalKind.ClearStock, strategies.Single(item => item.Product == new Sku("SKU-000")).Suggested.Kind);
        Assert.DoesNotContain(strategies, item => item.Product != new Sku("SKU-000") && item.Suggested.Kind == GoalKind.ClearStock);
        Assert.True(strategies.Single(item => item.Product == new Sku("SKU-000")).Evidence["coverDays"] > 120);
    }

    [Fact]
    public void Growth_waits_until_bids_stand_where_profit_wants_them()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 2, Stock = _ => 500 }.Build();
        Assert.DoesNotContain(Of(workspace), item => item.Suggested.Kind == GoalKind.Grow);
    }

    [Fact]
    public void A_goal_already_chosen_is_in_force()
    {
        var workspace = new SomeStorefront { Products = 1, ClicksPerDay = 2, Stock = _ => 100_000 }.Build();
        var suggested = Assert.Single(Of(workspace)).Suggested;

        var chosen = workspace with { Settings = workspace.Settings with { Goals = [new ProductGoal(new Sku("SKU-000"), suggested)] } };

        Assert.True(Assert.Single(Of(chosen)).IsInForce);
    }

    private static System.Collections.Immutable.ImmutableArray<StrategyProposal> Of(Workspace workspace) => Optimiser.Review(workspace, DecisionSettings.Default).Strategies;
}
