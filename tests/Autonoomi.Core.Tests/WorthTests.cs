using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Seasons;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Worth;
using CsCheck;

namespace Autonoomi.Core.Tests;

public sealed class WorthTests
{
    private static readonly string[] Titles =
        ["Hearthlune Bamboo Cutting Board", "Hearthlune Yoga Mat, Extra Thick", "Hearthlune LED Desk Lamp", "HEARTHLUNE Dog Bed", "Spare Lid for Storage Bins"];

    [Fact]
    public void The_word_that_most_titles_begin_with_is_taken_for_the_brand() => Assert.Equal(["hearthlune"], BrandWords.FromTitles(Titles));

    [Fact]
    public void A_brand_of_two_words_has_to_be_typed()
    {
        string[] titles = ["Alder & Oak Chair", "Alder & Oak Lamp", "Alder & Oak Shelf"];

        Assert.Empty(BrandWords.FromTitles(titles));
        Assert.True(BrandWords.Holds(["alder & oak"], "chair alder & oak"));
    }

    [Fact]
    public void Where_all_goods_are_alike_no_word_is_taken_for_the_brand() =>
        Assert.Empty(BrandWords.FromTitles(["Organic Cotton Towel Blue", "Organic Cotton Towel Red", "Organic Cotton Towel Large"]));

    [Fact]
    public void Two_titles_tell_nothing() => Assert.Empty(BrandWords.FromTitles(Titles[..2]));

    [Theory]
    [InlineData("hearthlune cutting board", true)]
    [InlineData("Cutting board Hearthlune", true)]
    [InlineData("hearthlunes board", false)]
    [InlineData("cutting board", false)]
    public void A_search_is_a_brand_search_when_it_holds_the_whole_word(string search, bool expected) => Assert.Equal(expected, BrandWords.Holds(["hearthlune"], search));

    [Fact]
    public void The_worked_numbers_of_the_page()
    {
        Assert.Equal(5, OrderWorth.Of(12, 0, 2, 0.5, 1, 0, acosOnly: false), 12);
        Assert.Equal(33.33, OrderWorth.Of(12, 0, 2, 0.5, 1, 40, acosOnly: true), 2);
        Assert.Equal(5, OrderWorth.Of(12, 0, 2, 0.5, 1, 40, acosOnly: false), 12);
    }

    [Fact]
    public void Without_the_sellers_wish_every_order_counts_whole() =>
        Assert.All(FactorsOf(Brand(new SomeStorefront().Build(), count: false), DecisionSettings.Default), factor => Assert.Equal(1, factor));

    [Fact]
    public void Counting_what_ads_add_an_own_brand_keyword_counts_0_30_and_others_0_85()
    {
        var workspace = Brand(new SomeStorefront().Build(), count: true);
        var factors = FactorsOf(workspace, DecisionSettings.Default);
        var exact = Enumerable.Range(0, factors.Length).Where(index => workspace.Targets[index].Match == Advertising.MatchType.Exact).ToArray();

        // Product 1's own words are the brand here: its exact keywords see nothing else.
        Assert.Contains(exact, index => workspace.Targets[index].Text.StartsWith("words 1", StringComparison.Ordinal));
        Assert.All(exact, index => Assert.Equal(workspace.Targets[index].Text.StartsWith("words 1", StringComparison.Ordinal) ? 0.30 : 0.85, factors[index], 12));
        Assert.All(FactorsOf(workspace, DecisionSettings.Default with { IncrementalityWeight = 0 }), factor => Assert.Equal(1, factor));
        Assert.Equal(0.65, FactorsOf(workspace, DecisionSettings.Default with { IncrementalityWeight = 0.5 }).Min(), 12);
    }

    [Fact]
    public void A_bid_that_counts_0_30_of_its_orders_says_so_and_replays()
    {
        var proposals = Optimiser.Decide(Brand(new SomeStorefront { ClicksPerDay = 3 }.Build(), count: true), DecisionSettings.Default).Proposals;

        var brand = proposals.First(proposal => proposal.Change is SetBid && proposal.Evidence.Values.Any(value => value is { Name: "incrementality", Value: > 0.29 and < 0.31 }));
        Assert.Contains("30% count", ProposalText.Sentence(brand), StringComparison.Ordinal);
        Assert.Equal(brand.Change, Replay.Recompute(brand));
    }

    [Fact]
    public void Stock_for_15_days_and_a_delivery_in_20_cost_3_90_a_unit() => Assert.Equal(3.90, StockPrices.Find(150, 100, 100, 10, 1.4), 2);

    [Theory]
    [InlineData(30, false, 0, false, 30)] // nothing under way
    [InlineData(30, true, 10, true, 20)] // left ten days ago
    [InlineData(30, true, 10, false, 16)] // seen for ten days, perhaps older
    [InlineData(30, true, 40, true, 6)] // overdue
    public void A_delivery_is_expected(int lead, bool isUnderWay, int watched, bool seenLeaving, double days) =>
        Assert.Equal(days, StockPrices.Remaining(lead, isUnderWay, watched, seenLeaving), 12);

    [Fact]
    public void A_units_price_falls_with_stock_and_stays_between_nothing_and_its_contribution() =>
        Gen.Select(Gen.Double[0, 1000], Gen.Double[0, 500], Gen.Double[0.1, 500], Gen.Double[0.1, 100], Gen.Double[0, 200]).Sample((stock, organic, ads, contribution, more) =>
        {
            var price = StockPrices.Find(stock, organic, ads, contribution, 1.4);

            Assert.InRange(price, 0, contribution);
            Assert.True(StockPrices.Find(stock + more, organic, ads, contribution, 1.4) <= price + 1e-9);
        });

    [Fact]
    public void The_next_delivery_is_the_oldest_lot_under_way()
    {
        // Lots of 100 left 29 and 20 mornings ago, one of 50 five mornings ago; the first of them arrived twelve mornings ago.
        var days = Shelves((age) => (Stock: 500, Inbound: age >= 30 ? 0 : age > 20 ? 100 : age > 12 ? 200 : age > 5 ? 100 : 150));

        Assert.Equal((20, true), days.UnderWay(0));
    }

    [Fact]
    public void A_day_that_began_or_ended_with_an_empty_shelf_says_nothing_about_demand()
    {
        var days = Shelves(age => (Stock: age is >= 3 and <= 6 ? 0 : 40, Inbound: 0));

        Assert.Equal([0, 1, 7, 8], days.Served(0, 4));
    }

    [Fact]
    public void After_a_restock_a_bid_goes_back_at_once_to_where_it_stood_before_stock_ran_short()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 4 }.Build();
        var settings = DecisionSettings.Default;
        var (target, before, high) = RaisedTarget(workspace, settings);
        var cut = Cut(target, before, high, workspace.SyncedAt!.Value.AddDays(-12));

        // The bid was cut from a high one for want of stock; now the shelf is full.
        var restocked = workspace with { Changes = [.. workspace.Changes, cut] };
        var proposal = Optimiser.Decide(restocked, settings).Proposals.Single(entry => entry.Change is SetBid bid && bid.Target == target.Id);
        var bid = (SetBid)proposal.Change;

        Assert.Equal(ReasonCode.Resume, proposal.Reason);
        Assert.True(bid.After.Amount > before * 1.6m && bid.After.Amount <= high, $"{bid.Before} → {bid.After}");
        Assert.Empty(Guardrails.GuardrailAudit.Check(restocked, [bid]));
        Assert.Equal(proposal.Change, Replay.Recompute(proposal));

        // The same raise without such a cut is a leap.
        Assert.Contains(Guardrails.GuardrailAudit.Check(workspace, [bid]), breach => breach.Guardrail == "G2");

        // And so it is once a person has moved the bid in between.
        var person = new AppliedChange(cut.Change, workspace.SyncedAt!.Value.AddDays(-10), ByPerson: true);
        Assert.Contains(Guardrails.GuardrailAudit.Check(restocked with { Changes = [.. restocked.Changes, person] }, [bid]), breach => breach.Guardrail == "G2");
    }

    [Fact]
    public void Luck_does_not_make_a_season()
    {
        var random = new Random(5);
        var found = 0;
        for (var draw = 0; draw < 400; draw++)
        {
            var orders = Enumerable.Range(0, 35).Select(_ => (double)Poisson(random, 40)).ToArray();
            found += SeasonIndex.Find(orders, [.. Enumerable.Repeat(40.0, 35)], new bool[35]) == 1 ? 0 : 1;
        }

        Assert.InRange(found, 0, 12);
    }

    [Fact]
    public void On_the_second_day_of_an_event_54_and_135_orders_where_40_and_100_were_expected_count_1_31()
    {
        var (orders, expected, isEvent) = (Usual(40), Usual(40), new bool[35]);
        (orders[0], expected[0], orders[1], expected[1]) = (54, 40, 135, 100);
        isEvent[0] = isEvent[1] = true;

        // (189 + 30 · √1.3) / (140 + 30)
        Assert.Equal(1.313, SeasonIndex.Find(orders, expected, isEvent), 3);
    }

    [Fact]
    public void The_day_after_an_event_bids_are_back()
    {
        var (orders, expected, isEvent) = (Usual(40), Usual(40), new bool[35]);
        for (var age = 1; age < 13; age++) (orders[age], expected[age], isEvent[age]) = (135, 100, true);

        Assert.Equal(1, SeasonIndex.Find(orders, expected, isEvent));
    }

    [Fact]
    public void A_lasting_fall_of_conversion_by_a_third_is_followed()
    {
        var orders = Usual(40);
        for (var age = 0; age < 6; age++) orders[age] = 27;

        Assert.InRange(SeasonIndex.Find(orders, Usual(40), new bool[35]), 0.65, 0.80);
    }

    [Fact]
    public void A_planned_event_moves_bids_on_its_days_and_budgets_by_its_demand()
    {
        var workspace = new SomeStorefront().Build();
        var planned = new PlannedEvent("Sale", workspace.Today, workspace.Today.AddDays(2), Demand: 2, Conversion: 1.3);
        var measured = new Measurement(workspace with { Settings = workspace.Settings with { Events = [planned] } }, DecisionSettings.Default);
        var seasons = new SeasonIndex(measured, DecisionSettings.Default);

        Assert.Equal(1.3, seasons.Conversion, 12);
        Assert.Equal(2, seasons.DemandIndex(workspace.Today), 6);
        Assert.Equal(1, seasons.DemandIndex(workspace.Today.AddDays(3)), 6);
        var off = new SeasonIndex(measured, DecisionSettings.Default with { SeasonWeight = 0 });
        Assert.Equal((1, 1), (off.Conversion, off.DemandIndex(workspace.Today)));
    }

    /// <summary>A bid was cut from a high one for want of stock; now the shelf is full.</summary>
    internal static Workspace Restocked()
    {
        var workspace = new SomeStorefront { ClicksPerDay = 4 }.Build();
        var (target, before, high) = RaisedTarget(workspace, DecisionSettings.Default);
        return workspace with { Changes = [.. workspace.Changes, Cut(target, before, high, workspace.SyncedAt!.Value.AddDays(-12))] };
    }

    private static double[] Usual(double value) => [.. Enumerable.Repeat(value, 35)];

    private static double[] FactorsOf(Workspace workspace, DecisionSettings settings) => new Incrementality(new Measurement(workspace, settings), settings).Factor;

    // "words 1" is what product 1's keywords begin with.
    private static Workspace Brand(Workspace workspace, bool count) =>
        workspace with { Settings = workspace.Settings with { BrandTerms = ["words 1"], CountIncrementality = count } };

    private static StockDays Shelves(Func<int, (long Stock, long Inbound)> at)
    {
        var workspace = new SomeStorefront { Products = 1 }.Build();
        var table = new FactTableBuilder(TableSchema.Of(Dataset.InventoryDay));
        for (var age = 40; age >= 0; age--) table.Day(workspace.Today.AddDays(-age)).Text("SKU-000").Long(at(age).Stock).Long(at(age).Inbound).Long(0);
        workspace = workspace with { InventoryDays = table.Build() };
        return new StockDays(workspace, new Structure(workspace));
    }

    // A target that wants far more than today's step allows.
    private static (Advertising.Target Target, decimal Before, decimal High) RaisedTarget(Workspace workspace, DecisionSettings settings)
    {
        var proposal = Optimiser.Decide(workspace, settings).Proposals
            .Where(entry => entry.Change is SetBid bid && bid.After > bid.Before).MaxBy(entry => entry.Evidence["wantedBid"] / entry.Evidence["bidBefore"])!;
        var change = (SetBid)proposal.Change;
        var wanted = Math.Floor((decimal)proposal.Evidence["wantedBid"] * 100) / 100;
        Assert.True(wanted > change.Before.Amount * 1.7m, "the storefront offers no target that wants much more");
        return (workspace.Targets.Single(target => target.Id == change.Target), change.Before.Amount, wanted);
    }

    private static AppliedChange Cut(Advertising.Target target, decimal now, decimal earlier, DateTimeOffset at) =>
        new(new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid with { Amount = earlier }, target.Bid with { Amount = now }), at, ByPerson: false)
        {
            Module = Module.Inventory, Reason = ReasonCode.LowStock,
        };

    private static int Poisson(Random random, double mean)
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
