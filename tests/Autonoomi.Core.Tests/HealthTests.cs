using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Health;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using CsCheck;

namespace Autonoomi.Core.Tests;

public sealed class HealthTests
{
    [Theory]
    [InlineData(95, 5, 100)]
    [InlineData(70, 30, 54.5)]
    [InlineData(40, 60, 0)]
    [InlineData(-10, 50, 0)]
    public void Efficiency_is_worth_nothing_at_forty_percent_and_all_at_ninety_five(double now, double gain, double score) =>
        Assert.Equal(score, HealthRules.Efficiency(now, gain)!.Value, 1);

    [Fact]
    public void A_tenth_of_spend_without_hope_leaves_43_points() => Assert.Equal(43.5, HealthRules.Waste(0.10), 1);

    [Fact]
    public void Losing_a_twentieth_to_empty_budgets_leaves_54_points() => Assert.Equal(53.5, HealthRules.Loss(50, 800, 200, 0.08)!.Value, 1);

    [Theory]
    [InlineData(1000, 0, 100)]
    [InlineData(800, 200, 92.5)]
    [InlineData(500, 500, 79.2)]
    [InlineData(250, 750, 64.5)]
    [InlineData(10, 990, 36.1)]
    [InlineData(0, 500, 29)]
    [InlineData(0, 0, 29)]
    [InlineData(-50, 950, 27.4)]
    [InlineData(-500, 1000, 0)]
    [InlineData(-500, 100, 0)]
    public void Money_holds_the_score_down_and_the_lowest_third_belongs_to_losses(double now, double lost, double score) => Assert.Equal(score, HealthRules.Ceiling(now, lost), 1);

    [Fact]
    public void Nothing_earned_and_nothing_to_be_had_is_no_score()
    {
        Assert.Null(HealthRules.Efficiency(0, 0));
        Assert.Null(HealthRules.Loss(0, 0, 0, 0.08));
    }

    [Fact]
    public void One_large_campaign_run_badly_is_not_hidden_by_a_small_one_run_well()
    {
        Assert.Equal(28.1, HealthScore.Geometric([(900, 24.4), (100, 100)])!.Value, 1);
        Assert.Null(HealthScore.Geometric([(0, 50), (10, null)]));
    }

    [Fact]
    public void Parts_without_data_leave_their_weight_to_the_others() => Assert.Equal(70, HealthScore.Mean([(25, 60), (15, null), (25, 80)]));

    [Theory]
    [InlineData(85, HealthBand.A)]
    [InlineData(84.9, HealthBand.B)]
    [InlineData(55, HealthBand.C)]
    [InlineData(40, HealthBand.D)]
    [InlineData(39.9, HealthBand.E)]
    public void Bands_begin_where_they_are_said_to(double score, HealthBand band) => Assert.Equal(band, HealthScore.BandOf(score));

    [Fact]
    public void Every_entity_passes_through_every_slice_of_its_belief_once()
    {
        for (ulong entity = 0; entity < 200; entity++)
            Assert.Equal(PosteriorGrid.Points, Enumerable.Range(0, PosteriorGrid.Points).Select(draw => PosteriorGrid.At(entity, draw)).Distinct().Count());
    }

    [Fact]
    public void Scores_stay_within_their_range_and_money_is_counted_once() =>
        Gen.Select(Gen.Int[1, 1000], Gen.Int[1, 5], Gen.Double[0.1, 4], Gen.Bool).Sample((seed, products, clicks, tight) =>
        {
            var health = Optimiser.Review(new SomeStorefront { Seed = seed, Products = products, ClicksPerDay = clicks, Days = 40, MonthlyBudget = tight ? 500 : 1_000_000, DailyBudget = tight ? 5 : 500 }.Build(), DecisionSettings.Default).Health;

            Assert.InRange(health.Low, 0, health.Score ?? 100);
            Assert.InRange(health.High, health.Score ?? 0, 100);
            Assert.All(health.Parts, part => Assert.InRange(part.Score ?? 0, 0, 100));
            Assert.All(health.Parts, part => Assert.All(part.Figures, figure => Assert.True(double.IsFinite(figure.Value), figure.Name)));
            Assert.Equal((double)health.Lost.Amount, (double)health.Parts.Sum(part => part.Lost?.Amount ?? 0), 1.0);
            Assert.Equal((double)health.Lost.Amount, (double)health.Campaigns.Sum(campaign => campaign.Lost.Amount), 1.0);
        }, iter: 25);

    [Fact]
    public void The_order_of_targets_campaigns_and_facts_does_not_matter()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 2, MonthlyBudget = 2000 }.Build();
        var turned = workspace with
        {
            Targets = [.. workspace.Targets.Reverse()], Campaigns = [.. workspace.Campaigns.Reverse()], AdGroups = [.. workspace.AdGroups.Reverse()], Listings = [.. workspace.Listings.Reverse()],
        };

        var (one, other) = (Optimiser.Review(workspace, DecisionSettings.Default), Optimiser.Review(turned, DecisionSettings.Default));

        Assert.Equal(one.Health.Score, other.Health.Score);
        Assert.Equal((one.Health.Low, one.Health.High), (other.Health.Low, other.Health.High));
        Assert.Equal(one.Health.Campaigns, other.Health.Campaigns);
        Assert.Equal(one.Recommendations.Select(item => (item.Id, item.Rank)), other.Recommendations.Select(item => (item.Id, item.Rank)));
    }

    [Fact]
    public void Fewer_than_a_hundred_clicks_are_not_rated()
    {
        var health = Optimiser.Review(new SomeStorefront { Products = 1, ClicksPerDay = 0.05 }.Build(), DecisionSettings.Default).Health;

        Assert.True(health.Clicks < 100);
        Assert.Null(health.Score);
        Assert.Equal(HealthBand.NotRated, health.Band);
    }

    [Fact]
    public void Nothing_imported_yet_is_not_rated()
    {
        var health = Optimiser.Review(Empty(), DecisionSettings.Default).Health;

        Assert.Null(health.Score);
        Assert.Equal(HealthGateKind.StaleData, Assert.Single(health.Gates).Kind);
    }

    [Fact]
    public void Better_bids_score_higher()
    {
        // Some days of our own decisions in a storefront whose bids were drawn at random.
        var workspace = new SomeStorefront { ClicksPerDay = 2 }.Build();
        var before = Optimiser.Review(workspace, DecisionSettings.Default).Health;
        var random = new Random(7);
        for (var day = 0; day < 12; day++)
            workspace = SomeStorefront.NextDay(workspace, [.. Optimiser.Decide(workspace, DecisionSettings.Default).Proposals.Select(proposal => proposal.Change).DistinctBy(change => change.EntityKey)], random, 2);
        var after = Optimiser.Review(workspace, DecisionSettings.Default).Health;

        Assert.True(after.Score > before.Score + 5, $"{before.Score} to {after.Score}");
    }

    [Fact]
    public void Bids_that_stand_where_the_optimiser_wants_them_leave_nothing_to_gain()
    {
        var before = new SomeStorefront { Products = 3, ClicksPerDay = 3 }.Build();
        var workspace = before;
        for (var round = 0; round < 60; round++)
        {
            var situation = Optimiser.Look(new Measurement(workspace, DecisionSettings.Default), DecisionSettings.Default);
            workspace = workspace with
            {
                Targets = [.. workspace.Targets.Select((target, index) => !situation.Measured.IsDecidable(index) ? target : target with
                {
                    Bid = target.Bid with
                    {
                        Amount = (decimal)Bidder.WantedBid(situation, index, situation.Measured.PosteriorMean(index)
                            * situation.Worth.Of(index, situation.Measured.Contribution[index], situation.Stock.Price[situation.Measured.Structure.TargetProduct[index]])),
                    },
                })],
            };
        }

        double GainOf(Workspace at) => (double)(Optimiser.Review(at, DecisionSettings.Default).Health.Parts.Single(part => part.Part == HealthPart.ProfitEfficiency).Lost?.Amount ?? -1);
        Assert.DoesNotContain(Optimiser.Decide(workspace, DecisionSettings.Default).Proposals, proposal => proposal.Change is SetBid);
        Assert.True(GainOf(before) > 1, $"{GainOf(before)}");
        Assert.Equal(0, GainOf(workspace), 2);
    }

    [Fact]
    public void Missing_costs_stale_facts_a_broken_budget_and_empty_shelves_hold_the_score_down()
    {
        var sound = new SomeStorefront { ClicksPerDay = 2 };
        Assert.Empty(Gates(sound.Build()));
        Assert.Equal([(HealthGateKind.MissingCosts, 69)], Gates(new SomeStorefront { ClicksPerDay = 2, HasCosts = product => product < 2 }.Build()));
        Assert.Equal([(HealthGateKind.BudgetExceeded, 39)], Gates(new SomeStorefront { ClicksPerDay = 2, MonthlyBudget = 300 }.Build()));
        Assert.Equal([(HealthGateKind.AdsWithoutStock, 49)], Gates(new SomeStorefront { ClicksPerDay = 2, Stock = product => product == 0 ? 0 : 1000 }.Build()));
        Assert.Contains((HealthGateKind.StaleData, 59d), Gates(sound.Build() with { Today = SomeStorefront.Today.AddDays(3) }));

        static IEnumerable<(HealthGateKind, double)> Gates(Workspace workspace)
        {
            var health = Optimiser.Review(workspace, DecisionSettings.Default).Health;
            Assert.All(health.Gates, gate => Assert.True(health.Score <= gate.Highest));
            return health.Gates.Where(gate => gate.Kind != HealthGateKind.MoneyLeftLying).Select(gate => (gate.Kind, gate.Highest));
        }
    }

    [Fact]
    public void Ads_that_lose_money_as_a_whole_are_never_more_than_an_E()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 2 }.Build();
        var health = Optimiser.Review(workspace with { Costs = [.. workspace.Costs.Select(cost => cost with { CostOfGoods = cost.CostOfGoods with { Amount = cost.CostOfGoods.Amount * 2.2m } })] }, DecisionSettings.Default).Health;

        Assert.True(health.Profit.Amount < 0);
        Assert.Contains(health.Gates, gate => gate.Kind == HealthGateKind.LosesMoney);
        Assert.Equal(HealthBand.E, health.Band);
        Assert.True(health.Score < HealthRules.NothingEarned, $"{health.Score}");
        Assert.InRange(health.Score!.Value, health.Low, health.High);
    }

    [Fact]
    public void Good_housekeeping_does_not_make_up_for_profit_that_is_left_lying()
    {
        // The dearer the goods, the less of what could be earned the same bids earn; shelves, data and structure stay as they are.
        var workspace = new SomeStorefront { ClicksPerDay = 2 }.Build();
        var held = 0;
        for (var factor = 1.0m; factor <= 2.4m; factor += 0.1m)
        {
            var costs = workspace.Costs.Select(cost => cost with { CostOfGoods = cost.CostOfGoods with { Amount = cost.CostOfGoods.Amount * factor } });
            var health = Optimiser.Review(workspace with { Costs = [.. costs] }, DecisionSettings.Default).Health;
            var ceiling = HealthRules.Ceiling((double)health.Profit.Amount, (double)health.Lost.Amount);
            Assert.True(health.Score <= ceiling + 0.1, $"{health.Score} above {ceiling} at {factor}");
            Assert.InRange(health.Score!.Value, health.Low, health.High);
            if (health.Gates.FirstOrDefault(gate => gate.Kind == HealthGateKind.MoneyLeftLying) is not { } gate) continue;
            held++;
            Assert.Equal(ceiling, gate.Highest, 0.1);
            Assert.Equal(gate.Highest, health.Score);
            Assert.True(HealthScore.Mean(health.Parts.Select(part => (part.Weight, part.Score))) > health.Score);
        }

        Assert.True(held > 0, "money never held the score down");
    }

    [Fact]
    public void Ads_that_stopped_running_earn_nothing_and_old_figures_alone_do_not_say_so()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 2 }.Build();
        var later = workspace with { Today = SomeStorefront.Today.AddDays(12) };
        Assert.DoesNotContain(Optimiser.Review(later, DecisionSettings.Default).Health.Gates, gate => gate.Kind == HealthGateKind.MoneyLeftLying && gate.Figures.IsEmpty);

        var read = Optimiser.Review(later with { SyncedAt = new DateTimeOffset(later.Today.ToDateTime(new TimeOnly(4, 0)), TimeSpan.Zero) }, DecisionSettings.Default).Health;
        Assert.Contains(read.Gates, gate => gate is { Kind: HealthGateKind.MoneyLeftLying, Highest: HealthRules.NothingEarned, Figures.IsEmpty: true });
        Assert.Equal(HealthRules.NothingEarned, read.Score);
    }

    [Fact]
    public void The_freeze_stops_writes_but_not_the_score()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 2 }.Build();
        var frozen = Optimiser.Review(workspace with { Settings = workspace.Settings with { Frozen = true } }, DecisionSettings.Default);

        Assert.Empty(frozen.Decision.Proposals);
        Assert.NotNull(frozen.Health.Score);
        Assert.Null(frozen.Health.Parts[(int)HealthPart.Coverage].Score);
    }

    internal static Workspace Empty() => new()
    {
        Storefront = new(1), Marketplace = SomeStorefront.Us, Today = SomeStorefront.Today, SyncedAt = null,
        Settings = new StorefrontSettings(AutomationMode.Watch, new(1000, SomeStorefront.Us.Currency), new(5, SomeStorefront.Us.Currency), [], [], false),
    };
}
