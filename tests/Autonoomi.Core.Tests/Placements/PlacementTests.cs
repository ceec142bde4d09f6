using Autonoomi.Core.Placements;
using Autonoomi.Core.Proposals;
using CsCheck;

namespace Autonoomi.Core.Tests.Placements;

public sealed class PlacementTests
{
    [Fact]
    public void Thirty_orders_of_two_hundred_clicks_where_ten_percent_buy_make_a_ratio_of_eight_sevenths()
    {
        var inputs = new PlacementInputs(200, 30, 0.1, 1, 500, 0, 25) { LowestRatio = 1 };

        Assert.Equal(8 / 7.0, inputs.Ratio, 12);
        Assert.Equal(100 / 7.0, inputs.Wanted, 9);
        Assert.Equal(14, inputs.After);
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
    public void Increases_and_the_bids_that_make_room_for_them_spend_what_was_spent_before_within_two_percent()
    {
        var (moved, worst) = (0, 0.0);
        for (var seed = 1; seed <= 12; seed++)
        {
            var workspace = new SomeStorefront { ClicksPerDay = 4, Seed = seed }.Build();
            var situation = Optimiser.Look(new Signals.Measurement(workspace, DecisionSettings.Default), DecisionSettings.Default);
            var proposals = new List<Proposal>();
            situation.Placements.Propose(situation, proposals);
            foreach (var placements in proposals.Select(proposal => proposal.Change).OfType<SetPlacement>().GroupBy(change => change.Campaign))
            {
                var campaign = situation.Measured.Structure.Campaign(placements.Key);
                for (var target = 0; target < workspace.Targets.Length; target++)
                {
                    if (situation.Measured.Structure.TargetCampaign[target] != campaign || !Bidding.Bidder.TryInputs(situation, target, out var inputs)) continue;
                    var before = Bidding.BidRule.Apply(inputs with { PlacementMultiplier = situation.Measured.MeanMultiplier[campaign] }).Wanted;
                    var after = Bidding.BidRule.Apply(inputs).Wanted;
                    if (before <= 0) continue;
                    moved++;
                    worst = Math.Max(worst, Math.Abs(Spend(situation, campaign, [.. placements], after / before) - 1));
                }
            }
        }

        Assert.True(moved > 20, $"only {moved} targets in campaigns that moved");
        Assert.True(worst <= 0.02, $"spend moves by {worst:P2}");
    }

    [Fact]
    public void Increases_alone_would_spend_more()
    {
        var rising = 0;
        for (var seed = 1; seed <= 12; seed++)
        {
            var situation = Optimiser.Look(new Signals.Measurement(new SomeStorefront { ClicksPerDay = 4, Seed = seed }.Build(), DecisionSettings.Default), DecisionSettings.Default);
            var proposals = new List<Proposal>();
            situation.Placements.Propose(situation, proposals);
            foreach (var group in proposals.Select(proposal => proposal.Change).OfType<SetPlacement>().GroupBy(change => change.Campaign).Where(group => group.All(change => change.AfterPercent > change.BeforePercent + 10)))
            {
                rising++;
                Assert.True(Spend(situation, situation.Measured.Structure.Campaign(group.Key), [.. group], 1) > 1.02);
            }
        }

        Assert.True(rising > 0, "nothing rises: the test shows nothing");
    }

    // Spend after over before by the landscape of effects: each placement's clicks and their price move with its own full bid, in the middle of the market.
    private static double Spend(Situation situation, int campaign, SetPlacement[] placements, double baseRatio)
    {
        var (before, after, sums) = (0.0, 0.0, new PlacementSums(situation.Measured, situation.Settings));
        for (var kind = 0; kind < PlacementPlan.Kinds; kind++)
        {
            var here = kind;
            var share = sums.MeanMultiplier(campaign, other => other == here ? 100 : 0) - 1;
            var percent = situation.Workspace.Campaigns[campaign].PercentAt((Advertising.Placement)kind);
            var then = placements.FirstOrDefault(change => change.Placement == (Advertising.Placement)here)?.AfterPercent ?? percent;
            var (full, move) = (1 + (percent / 100.0), Math.Log((1 + (then / 100.0)) / (1 + (percent / 100.0)) * baseRatio));
            before += share * full;
            after += share * full * Effects.Clicks(0, move) * Effects.Price(0, move);
        }

        return after / before;
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
