using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Tests;

/// <summary>Which searches are closed where the seller counts what ads add, and who finds them next.</summary>
public sealed class NegationTests
{
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

    [Fact]
    public void A_term_of_which_something_personal_was_taken_out_is_counted_and_never_written_to_Amazon()
    {
        var workspace = new SomeStorefront { Seed = 2, ClicksPerDay = 3, TermsPerGroup = 5 }.Build();
        static List<Change> Of(Workspace workspace) => [.. Optimiser.Decide(workspace, DecisionSettings.Default) is var decision ? decision.Proposals.Concat(decision.Withheld.Select(held => held.Proposal)).Select(proposal => proposal.Change).Where(change => change is CreateTarget or AddNegative) : []];
        Assert.NotEmpty(Of(workspace));

        var masked = workspace with { SearchTermDays = workspace.SearchTermDays.Reword("search_term", term => $"{term} ⟦x⟧") };
        Assert.Empty(Of(masked));
        Assert.Same(masked.SearchTermDays, masked.SearchTermDays.Reword("search_term", term => term));
    }

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

    private static Workspace WithTerm(Workspace workspace, Target target, string text, int clicks, int orders, double cost)
    {
        const int Days = 25, LastDay = 5;
        var rows = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay));
        for (var day = 0; day < Days; day++)
        {
            var (some, bought) = ((clicks * (day + 1) / Days) - (clicks * day / Days), (orders * (day + 1) / Days) - (orders * day / Days));
            rows.Day(workspace.Today.AddDays(-LastDay - Days + 1 + day)).Long(target.Campaign.Value).Long(target.AdGroup.Value).Long(target.Id.Value).Text(text)
                .Long(some * 100).Long(some).Long((long)(some * cost * 1e6)).Long(bought).Long(bought).Long(bought * 20_000_000L);
        }

        return workspace with { SearchTermDays = FactTable.Concat(Dataset.SearchTermDay, [workspace.SearchTermDays, rows.Build()]) };
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
