using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Tests;

/// <summary>The worked numbers of docs/maths/negation.md, and when words are closed and terms opened again.</summary>
public sealed class NegationTests
{
    private static readonly DecisionSettings Words = DecisionSettings.Default with { WordNegationChance = 0.02 };

    private static readonly DecisionSettings Release = DecisionSettings.Default with { ReleaseChance = 0.5 };

    private static readonly WordInputs Worked = new(
        Clicks: 300, Orders: 2, UsualRate: 0.06, Terms: 12, Cost: 150, Contribution: 12, Clicks30: 100, FairPrice: 0.50, Collateral: 0, Chance: 0.02, Evidence: 20, Threshold: 0.01, MinimumSaving: 1);

    [Fact]
    public void Twelve_searches_with_the_same_words_are_judged_as_one()
    {
        // The words may change the rate by a factor of shape 2: 2 / 6 % = 33 clicks' worth. (2 + 2) / 333 = 1.2 %, where 0.50 / 12 = 4.2 % would pay.
        Assert.Equal(0.0120, Worked.Posterior.Mean, 4);
        Assert.Equal(0.0417, Worked.BreakEvenRate, 4);

        // Poisson with 12.5 orders expected shows two or fewer in 34 of 100,000 cases; the e-value is 554.
        Assert.Equal(0.00034, Worked.Tail, 5);
        Assert.Equal(554, Math.Exp(NegationInputs.LogE(300, 2, Worked.BreakEvenRate)), 5.0);
        Assert.Equal(35.6, Worked.Saving, 1);
        Assert.True(Worked.Holds);
    }

    [Theory]
    [InlineData("four searches"), InlineData("too little spent"), InlineData("pays elsewhere"), InlineData("too many orders"), InlineData("one of too many tests"), InlineData("saves nothing")]
    public void Each_test_can_stop_it(string which)
    {
        var inputs = which switch
        {
            "four searches" => Worked with { Terms = 4 },
            "too little spent" => Worked with { Cost = 35 },
            "pays elsewhere" => Worked with { Collateral = 0.03 * Worked.Saving },
            "too many orders" => Worked with { Orders = 9 },
            "one of too many tests" => Worked with { Threshold = 0.0001 },
            _ => Worked with { Clicks30 = 2 },
        };

        Assert.False(inputs.Holds);
    }

    [Fact]
    public void Of_many_tests_a_day_one_in_twenty_of_those_that_count_may_be_wrong()
    {
        // 0.03 is the third of four: 3 / 4 of 5 % is 0.0375. Alone it would not have counted among so many.
        Assert.Equal(0.0375, WordInputs.ThresholdOf([0.2, 0.001, 0.03, 0.02]), 9);
        Assert.Equal(0, WordInputs.ThresholdOf([0.03, 0.5, 0.6, 0.7]));
        Assert.Equal(0, WordInputs.ThresholdOf([]));
    }

    [Fact]
    public void Words_that_lose_money_in_many_searches_are_closed_where_no_single_search_was_clicked_often_enough()
    {
        var (workspace, _) = Cheap();

        var proposal = Assert.Single(Closing(workspace));

        var change = Assert.IsType<AddNegative>(proposal.Change);
        Assert.Equal((NegativeMatch.Phrase, "cheap junk"), (change.Match, change.Text));
        Assert.Equal(change, Replay.Recompute(proposal));
        Assert.StartsWith("12 searches with 'cheap junk' need", ProposalText.Sentence(proposal), StringComparison.Ordinal);
        Assert.True(proposal.Effect.Low.Amount > 0);
        Assert.Empty(GuardrailAudit.Check(workspace, [change]));
        Assert.Empty(Closing(workspace, DecisionSettings.Default));
    }

    [Theory]
    [InlineData("protected"), InlineData("brand"), InlineData("title"), InlineData("own keyword"), InlineData("on its way"), InlineData("sells"), InlineData("closed")]
    public void Own_words_are_never_closed(string which)
    {
        var (workspace, target) = Cheap();
        var settings = workspace.Settings;
        workspace = which switch
        {
            "protected" => workspace with { Settings = settings with { ProtectedTerms = ["cheap junk"] } },
            "brand" => workspace with { Settings = settings with { BrandTerms = ["junk"] } },
            "title" => workspace with { Listings = [.. workspace.Listings.Select((listing, index) => index == 0 ? listing with { Title = "Junk drawer, cheap" } : listing)] },
            "own keyword" => workspace with { Targets = workspace.Targets.Add(new Target(new(77), target.Campaign, target.AdGroup, TargetKind.Keyword, MatchType.Phrase, "cheap junk box", EntityState.Enabled, target.Bid)) },
            "on its way" => workspace with { Targets = workspace.Targets.Add(new Target(new(77), workspace.AdGroups[1].Campaign, workspace.AdGroups[1].Id, TargetKind.Keyword, MatchType.Exact, "cheap junk 3", EntityState.Enabled, target.Bid)), Handovers = [new Handover("cheap junk 3", workspace.Listings[0].Sku, target.Campaign, target.AdGroup, workspace.AdGroups[1].Campaign, workspace.AdGroups[1].Id, HandoverState.Created, workspace.Today, 1)] },
            "sells" => WithTerm(workspace, target, "cheap junk box", clicks: 60, orders: 40, cost: 0.6),
            _ => workspace with { Negatives = [new Negative(new(5), target.Campaign, target.AdGroup, NegativeMatch.Phrase, "cheap junk", EntityState.Enabled)] },
        };

        Assert.Empty(Closing(workspace));
    }

    [Fact]
    public void The_words_found_do_not_depend_on_the_order_of_reports()
    {
        var (workspace, target) = Cheap();
        var backwards = Cheap(backwards: true).Workspace;

        Assert.Equal(Closing(workspace).Select(proposal => proposal.Change), Closing(backwards).Select(proposal => proposal.Change));
        Assert.NotNull(target);
    }

    [Fact]
    public void A_term_that_we_closed_and_that_pays_today_is_opened_for_a_trial()
    {
        var (workspace, negative) = Reformed();

        var proposal = Assert.Single(Opened(workspace, Release));

        Assert.Equal(negative.Id, Assert.IsType<ArchiveNegative>(proposal.Change).Negative);
        Assert.Equal(proposal.Change, Replay.Recompute(proposal));
        Assert.Contains("for a trial of 10 clicks", ProposalText.Sentence(proposal), StringComparison.Ordinal);
        Assert.Empty(GuardrailAudit.Check(workspace, [proposal.Change]));
        Assert.Empty(Opened(workspace, DecisionSettings.Default));
    }

    [Theory]
    [InlineData("a person closed it"), InlineData("a hand-over closed it"), InlineData("a keyword of its own"), InlineData("closed yesterday"), InlineData("the campaign is closed too"), InlineData("does not pay")]
    public void What_is_closed_for_another_reason_stays_closed(string which)
    {
        var (workspace, negative) = Reformed(orders: which == "does not pay" ? 0 : 30, lastDay: which == "closed yesterday" ? 3 : 30);
        var target = workspace.Targets[0];
        workspace = which switch
        {
            "a person closed it" => workspace with { Changes = [.. workspace.Changes.Select(applied => applied with { ByPerson = true })] },
            "a hand-over closed it" => workspace with { Handovers = [new Handover(negative.Text, workspace.Listings[0].Sku, target.Campaign, target.AdGroup, workspace.AdGroups[1].Campaign, workspace.AdGroups[1].Id, HandoverState.Isolated, workspace.Today.AddDays(-3), 1)] },
            "a keyword of its own" => workspace with { Targets = workspace.Targets.Add(new Target(new(77), workspace.AdGroups[1].Campaign, workspace.AdGroups[1].Id, TargetKind.Keyword, MatchType.Exact, negative.Text, EntityState.Paused, target.Bid)) },
            "the campaign is closed too" => workspace with { Negatives = workspace.Negatives.Add(new Negative(new(6), target.Campaign, null, NegativeMatch.Phrase, "once", EntityState.Enabled)) },
            _ => workspace,
        };

        Assert.Empty(Opened(workspace, Release));
    }

    [Fact]
    public void A_negative_of_unknown_origin_is_opened_only_where_a_person_approves()
    {
        var workspace = Reformed().Workspace with { Changes = [] };

        Assert.Empty(Opened(workspace, Release));
        Assert.Single(Opened(workspace with { Settings = workspace.Settings with { Mode = AutomationMode.Ask } }, Release));
    }

    [Fact]
    public void A_term_on_trial_is_not_closed_again_before_its_ten_clicks()
    {
        var (workspace, target) = Plain();
        workspace = WithTerm(workspace, target, "gone bad", clicks: 200, orders: 0, cost: 0.6);
        Assert.Contains(Negated(workspace), change => change.Text == "gone bad");

        var opened = new AppliedChange(new ArchiveNegative(target.Campaign, target.AdGroup, new(5), NegativeMatch.Exact, "gone bad"), workspace.SyncedAt!.Value.AddDays(-3), false) { Module = Module.Negation, Reason = ReasonCode.ReleaseNegative };
        var trial = workspace with { Changes = [opened] };
        Assert.DoesNotContain(Negated(trial), change => change.Text == "gone bad");
        Assert.Contains(Negated(WithTerm(trial, target, "gone bad", clicks: 12, orders: 0, cost: 0.6, lastDay: 1, days: 1)), change => change.Text == "gone bad");
    }

    [Fact]
    public void A_brand_search_is_closed_where_what_the_ad_adds_does_not_pay_though_what_is_attributed_does()
    {
        var (workspace, target) = Plain();

        // 5 % of clicks buy and 4 % pay for them: 13 % would have to where three orders in ten count.
        var price = 0.04 * new Measurement(workspace, DecisionSettings.Default).Products[0]!.ContributionPerOrder;
        workspace = WithTerm(workspace, target, "acme box", clicks: 300, orders: 15, price) with { Listings = [.. workspace.Listings.Select(listing => listing with { Title = $"Acme {listing.Title}" })] };
        workspace = workspace with { Settings = workspace.Settings with { BrandTerms = ["acme"] } };
        var counting = workspace with { Settings = workspace.Settings with { CountIncrementality = true } };

        Assert.DoesNotContain(Negated(workspace), change => change.Text == "acme box");
        Assert.Contains(Negated(counting), change => change.Text == "acme box");
        Assert.DoesNotContain(Negated(WithTerm(counting, target, "other box", clicks: 300, orders: 15, price)), change => change.Text == "other box");
    }

    private static List<Proposal> Closing(Workspace workspace, DecisionSettings? settings = null) =>
        [.. Optimiser.Decide(workspace, settings ?? Words).Proposals.Where(proposal => proposal.Reason == ReasonCode.NegateWords)];

    private static List<Proposal> Opened(Workspace workspace, DecisionSettings settings) =>
        [.. Optimiser.Decide(workspace, settings).Proposals.Where(proposal => proposal.Reason == ReasonCode.ReleaseNegative)];

    private static List<AddNegative> Negated(Workspace workspace)
    {
        var proposals = new List<Proposal>();
        Negator.Propose(Optimiser.Look(new Measurement(workspace, DecisionSettings.Default), DecisionSettings.Default), [], proposals);
        return [.. proposals.Select(proposal => (AddNegative)proposal.Change)];
    }

    // The first automatic target bids too little to come down further, so that nothing but the terms is judged.
    private static (Workspace Workspace, Target Target) Plain()
    {
        var workspace = new SomeStorefront { Products = 2, ClicksPerDay = 3 }.Build();
        workspace = workspace with { Targets = [.. workspace.Targets.Select((target, index) => index == 0 ? target with { Bid = target.Bid with { Amount = 0.02m } } : target)] };
        return (workspace, workspace.Targets[0]);
    }

    private static (Workspace Workspace, Target Target) Cheap(bool backwards = false)
    {
        var (workspace, target) = Plain();
        foreach (var index in backwards ? Enumerable.Range(0, 12).Reverse() : Enumerable.Range(0, 12)) workspace = WithTerm(workspace, target, $"cheap junk {index}", clicks: 30, orders: 0, cost: 0.6, first: backwards);
        return (workspace, target);
    }

    private static (Workspace Workspace, Negative Negative) Reformed(int orders = 30, int lastDay = 30)
    {
        var (workspace, target) = Plain();
        var negative = new Negative(new(5), target.Campaign, target.AdGroup, NegativeMatch.Exact, "once lost", EntityState.Enabled);
        var at = workspace.SyncedAt!.Value.AddDays(-30);
        return (WithTerm(workspace, target, "once lost", clicks: 150, orders, cost: 0.4, lastDay: lastDay, days: 25) with
        {
            Negatives = [negative],
            Changes = [new AppliedChange(new AddNegative(negative.Campaign, negative.AdGroup, negative.Match, negative.Text), at, false) { Module = Module.Negation, Reason = ReasonCode.NegateTerm }],
        }, negative);
    }

    private static Workspace WithTerm(Workspace workspace, Target target, string text, int clicks, int orders, double cost, int lastDay = 5, int days = 25, bool first = false)
    {
        var rows = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay));
        for (var day = 0; day < days; day++)
        {
            var (some, bought) = ((clicks * (day + 1) / days) - (clicks * day / days), (orders * (day + 1) / days) - (orders * day / days));
            rows.Day(workspace.Today.AddDays(-lastDay - days + 1 + day)).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(target.Id.Value).Text(text)
                .Long(some * 100).Long(some).Long((long)(some * cost * 1e6)).Long(bought).Long(bought).Long(bought * 20_000_000L);
        }

        var table = rows.Build();
        return workspace with { SearchTermDays = FactTable.Concat(Dataset.SearchTermDay, first ? [table, workspace.SearchTermDays] : [workspace.SearchTermDays, table]) };
    }

    [Fact]
    public void A_search_that_is_closed_here_goes_on_through_the_dearest_other_target_that_finds_it()
    {
        var workspace = new SomeStorefront { Products = 2 }.Build();
        var source = workspace.Targets.Select((target, index) => (target, index)).First(entry => entry.target is { Match: MatchType.Broad, Text: "words 0 0" }).index;
        double Of(Workspace at, string text)
        {
            var situation = Optimiser.Look(new Measurement(at, DecisionSettings.Default), DecisionSettings.Default);
            return new Takers(situation, new BidGoals(situation)).RatioOf(source, situation.Measured.Structure.TargetGroup[source], situation.Measured.Structure.TargetProduct[source], text);
        }

        // Automatic targets find any words, the phrase its own; the neighbour's product is nobody's rival here.
        var found = Of(workspace, "words 0 0 red");
        var own = workspace.Targets[source];
        var others = workspace.Targets.Where(target => target.AdGroup != own.AdGroup && target.State == EntityState.Enabled).ToList();
        bool IsOfProduct(Target target) => workspace.ProductAds.First(ad => ad.AdGroup == target.AdGroup).Sku == workspace.ProductAds.First(ad => ad.AdGroup == own.AdGroup).Sku;
        Assert.True(found > 0);
        var alone = workspace with { Targets = [.. workspace.Targets.Select(target => others.Contains(target) && IsOfProduct(target) ? target with { State = EntityState.Paused } : target)] };
        Assert.Equal(0, Of(alone, "words 0 0 red"));
        var phrase = workspace with { Targets = [.. alone.Targets.Select(target => target.Match == MatchType.Phrase && target.Text == "words 0 0" ? target with { State = EntityState.Enabled } : target)] };
        Assert.True(Of(phrase, "red words 0 0") > 0);
        Assert.Equal(0, Of(phrase, "words red 0 0"));
        Assert.True(Of(workspace, "words 0 0 red") >= Of(phrase, "words 0 0 red"));
    }
}
