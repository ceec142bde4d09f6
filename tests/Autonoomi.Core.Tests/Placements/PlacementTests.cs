using Autonoomi.Core.Placements;
using Autonoomi.Core.Proposals;
using CsCheck;

namespace Autonoomi.Core.Tests.Placements;

public sealed class PlacementTests
{
    [Fact]
    public void Thirty_orders_of_two_hundred_clicks_where_ten_percent_buy_make_a_ratio_of_one_and_a_quarter()
    {
        var inputs = new PlacementInputs(200, 30, 0.1, 1, 200, 0, 25) { LowestRatio = 1 };

        Assert.Equal(1.25, inputs.Ratio, 12);
        Assert.Equal(25, inputs.Wanted, 9);
        Assert.Equal(25, inputs.After);
    }

    [Fact]
    public void Without_a_click_the_account_speaks_for_the_campaign() =>
        Gen.Select(Gen.Double[0.2, 3], Gen.Double[0.001, 0.5], Gen.Double[50, 500]).Sample((ratio, rate, pseudo) =>
            Math.Abs(new PlacementInputs(0, 0, rate, ratio, pseudo, 0, 25).Ratio - ratio) < 1e-9);

    [Fact]
    public void An_increase_stays_within_its_limits_and_its_step() =>
        Gen.Select(Gen.Double[0, 1e9], Gen.Double[0, 1e9], Gen.Double[1e-4, 0.6], Gen.Double[0.01, 10], Gen.Int[0, 900], Gen.Double[0, 100], Gen.Double[0, 5]).Sample((clicks, orders, rate, account, before, step, lowest) =>
        {
            var after = new PlacementInputs(clicks, orders, rate, account, 200, before, step) { LowestRatio = lowest }.After;
            return after is >= 0 and <= 900 && Math.Abs(after - before) <= step + 0.5;
        });

    [Fact]
    public void A_new_mean_multiplier_leaves_the_average_bid_where_it_was()
    {
        // Eight products in quiet markets, bids where they belong: what base bids lose, placements give back.
        var workspace = new SomeStorefront { ClicksPerDay = 4, Seed = 3 }.Build();
        var with = Optimiser.Look(new Signals.Measurement(workspace, DecisionSettings.Default), DecisionSettings.Default);
        var measured = with.Measured;
        var moved = 0;
        for (var campaign = 0; campaign < workspace.Campaigns.Length; campaign++)
        {
            if (with.Multipliers[campaign] == measured.MeanMultiplier[campaign]) continue;
            moved++;
            for (var target = 0; target < workspace.Targets.Length; target++)
            {
                if (measured.Structure.TargetCampaign[target] != campaign || !Bidding.Bidder.TryInputs(with, target, out var inputs)) continue;
                var without = inputs with { PlacementMultiplier = measured.MeanMultiplier[campaign] };
                var average = Bidding.BidRule.Apply(inputs).Wanted * with.Multipliers[campaign];
                Assert.Equal(Bidding.BidRule.Apply(without).Wanted * measured.MeanMultiplier[campaign], average, average * 0.02);
            }
        }

        Assert.True(moved > 0, "no campaign moved");
    }

    [Fact]
    public void Every_proposed_increase_replays_and_stays_within_twenty_five_points()
    {
        var seen = 0;
        for (var seed = 1; seed <= 12; seed++)
        {
            var decision = Optimiser.Decide(new SomeStorefront { ClicksPerDay = 4, Seed = seed }.Build(), DecisionSettings.Default);
            foreach (var proposal in decision.Proposals)
            {
                if (proposal.Change is not SetPlacement placement) continue;
                seen++;
                Assert.Equal(placement, Replay.Recompute(proposal));
                Assert.InRange(Math.Abs(placement.AfterPercent - placement.BeforePercent), 1, 25);
            }
        }

        Assert.True(seen > 0, "no placement was proposed");
    }

    [Fact]
    public void A_step_of_zero_leaves_placements_alone()
    {
        var decision = Optimiser.Decide(new SomeStorefront { ClicksPerDay = 4 }.Build(), DecisionSettings.Default with { PlacementStep = 0 });

        Assert.DoesNotContain(decision.Proposals, proposal => proposal.Change is SetPlacement);
    }
}
