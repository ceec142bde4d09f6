using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.OtherAds;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Tests.Fuzz;
using Autonoomi.Core.Tests.Properties;

namespace Autonoomi.Core.Tests.OtherAds;

/// <summary>Bids of Sponsored Brands and Display, and the worked numbers of docs/maths/other-ads.md.</summary>
public sealed class OtherBidsTests
{
    private static readonly Workspace Plain = new SomeStorefront { Seed = 3, ClicksPerDay = 2 }.Build();
    private static readonly Workspace Whole = SomeOtherAds.With(Plain);
    private static readonly Decision Sponsored = Optimiser.Decide(Plain, DecisionSettings.Default);
    private static readonly HashSet<long> Ours = [SomeOtherAds.Brands, SomeOtherAds.Display, SomeOtherAds.DisplayTwo];

    [Fact]
    public void The_worked_figures_of_the_page_come_out()
    {
        // Two advertised products: 59 and 19 units sold of their own, 10 and 6 left per order. 30 orders of the ad group bought what left 180.
        Assert.Equal(9, OtherWorth.Mix([59, 19], [10, 6]), 12);
        Assert.Equal(7.2, OtherWorth.Of(30, 180, 9), 12);
        Assert.Equal(9, OtherWorth.Of(0, 0, 9), 12);
        Assert.Equal(0.1, OtherBids.OrdersPerClick(FactTable.Empty(Dataset.TargetDay), Maturity.Assumed(AdProduct.SponsoredProducts), SomeStorefront.Today, DecisionSettings.Default), 12);

        var inputs = new BidInputs
        {
            Clicks = 100, Orders = 6, PriorMean = 0.05, PriorStrength = 20, Contribution = 7.2, Incrementality = 1, Season = 1, Shading = 0.67, BudgetPrice = 0.25, PlacementMultiplier = 1,
            BidBefore = 0.30, DayBid = 0.30, WeekBid = 0.30, Step = 0.25, WeeklyRise = 0.6, DeadBand = 0.02, MaximumBid = 5, MarketMinimum = 0.10, MarketMaximum = 49, BidStep = 0.01,
        };
        var result = BidRule.Apply(inputs);
        Assert.Equal(0.42, result.ClickValue, 12);
        Assert.Equal(0.22512, result.Wanted, 12);
        Assert.Equal(0.23m, result.Bid);
    }

    [Fact]
    public void Bids_of_both_are_decided_where_clicks_are_paid_for_and_bids_are_the_seller_s_and_nowhere_else()
    {
        var decision = OtherBids.Add(Whole, Sponsored, DecisionSettings.Default);
        var added = decision.Proposals.Except(Sponsored.Proposals).ToList();

        Assert.Equal(Ours, added.Select(proposal => proposal.Change.Campaign.Value).ToHashSet());
        Assert.All(added, proposal => Assert.Equal(Whole.Campaigns.Single(campaign => campaign.Id == proposal.Change.Campaign).AdProduct, Assert.IsType<SetBid>(proposal.Change).AdProduct));
        Assert.Contains(added, proposal => proposal.Change is SetBid { Kind: TargetKind.Keyword });
        Assert.Contains(added, proposal => proposal.Change is SetBid { Kind: TargetKind.Product, AdProduct: AdProduct.SponsoredBrands });
        Assert.Contains(added, proposal => proposal.Change is SetBid { Kind: TargetKind.Auto, AdProduct: AdProduct.SponsoredDisplay });
        Assert.All(added, proposal => Assert.Equal(proposal.Change, Replay.Recompute(proposal)));
        Assert.Empty(GuardrailAudit.CheckAll(Whole, [.. decision.Proposals.Select(proposal => proposal.Change)]));
        Assert.Equal(
            [
                "One campaign of Sponsored Brands pays per thousand views, not per click; its bids stay as you set them.",
                "One campaign of Sponsored Brands does not say whether it pays for clicks or for views; its bids stay as you set them.",
                "One campaign of Sponsored Brands lets Amazon place bids by itself; its bids stay as you set them.",
                "One campaign of Sponsored Display pays per thousand views, not per click; its bids stay as you set them.",
            ],
            decision.Notes.Where(note => note.Issue == DataIssue.BidsStay).Select(note => note.Text));
        Assert.DoesNotContain(decision.Notes, note => note is { Issue: DataIssue.BidsStay, Holds: true });

        // Beside archived, paused or foreign-moved campaigns nothing is left to decide.
        var paused = Whole with { Campaigns = [.. Whole.Campaigns.Select(campaign => Ours.Contains(campaign.Id.Value) ? campaign with { State = EntityState.Paused } : campaign)] };
        Assert.Equal(Sponsored.Proposals, OtherBids.Add(paused, Sponsored, DecisionSettings.Default).Proposals);
    }

    [Fact]
    public void Sponsored_products_are_decided_as_if_the_others_were_not_there()
    {
        var (alone, together) = (Optimiser.Review(Plain, DecisionSettings.Default), Optimiser.ReviewAll(Whole, DecisionSettings.Default));

        Assert.Equal(Shown(alone.Decision), Shown(together.Decision with { Proposals = [.. together.Decision.Proposals.Where(proposal => proposal.Change.AdProduct == AdProduct.SponsoredProducts)] }));
        Assert.Equal((alone.Decision.BudgetPrice, alone.Decision.PlannedSpend, alone.Health.Score), (together.Decision.BudgetPrice, together.Decision.PlannedSpend, together.Health.Score));
        Assert.True(together.Decision.Proposals.Length > alone.Decision.Proposals.Length);

        // Nor do they feel what was written there.
        var later = Whole with { Changes = [.. together.Decision.Proposals.Where(proposal => proposal.Change.AdProduct != AdProduct.SponsoredProducts).Select(proposal => new AppliedChange(proposal.Change, Whole.SyncedAt!.Value.AddDays(-3), false) { Module = proposal.Module, Product = proposal.Product })] };
        Assert.Equal(Shown(alone.Decision), Shown(Optimiser.Decide(later.OfSponsoredProducts(), DecisionSettings.Default)));
        Assert.Same(Plain, Plain.OfSponsoredProducts());
        Assert.Equal(Shown(alone.Decision), Shown(Optimiser.ReviewAll(Plain, DecisionSettings.Default).Decision));
    }

    [Fact]
    public void A_second_look_on_the_same_day_repeats_no_write()
    {
        var first = OtherBids.Add(Whole, Sponsored with { Proposals = [] }, DecisionSettings.Default).Proposals;
        var after = first.ToDictionary(proposal => ((SetBid)proposal.Change).Target, proposal => ((SetBid)proposal.Change).After);
        var later = Whole with
        {
            Targets = [.. Whole.Targets.Select(target => after.TryGetValue(target.Id, out var bid) ? target with { Bid = bid } : target)],
            Changes = [.. first.Select(proposal => new AppliedChange(proposal.Change, Whole.SyncedAt!.Value, false) { Module = proposal.Module, Reason = proposal.Reason, Product = proposal.Product, Expected = proposal.Effect })],
            SyncedAt = Whole.SyncedAt!.Value.AddHours(1),
        };

        // What the growth of a day held back may go on, from the bid now in force and within the day's step; a cut that was made stands.
        var more = Bids(later);
        Assert.Contains(first, proposal => proposal.Evidence.Find(Guardrail.Ceiling) is not null);
        Assert.All(more, bid => Assert.Equal(later.Targets.Single(target => target.Id == bid.Target).Bid, bid.Before));
        Assert.DoesNotContain(more, bid => after.ContainsKey(bid.Target) && bid.After < bid.Before);
        Assert.True(more.Count(bid => after.ContainsKey(bid.Target)) <= first.Count(proposal => proposal.Evidence.Find(Guardrail.Ceiling) is not null));
        Assert.Empty(GuardrailAudit.CheckAll(later, [.. more]));
    }

    [Fact]
    public void Orders_after_views_bring_no_bid_up()
    {
        var seen = Whole with { BrandsTargetDays = Times(Whole.BrandsTargetDays, 4), DisplayTargetDays = Times(Whole.DisplayTargetDays, 4) };

        Assert.Equal(Bids(Whole).Where(bid => bid.AdProduct == AdProduct.SponsoredDisplay), Bids(seen).Where(bid => bid.AdProduct == AdProduct.SponsoredDisplay));
        Assert.Equal(OtherView.Of(Whole, AdProduct.SponsoredBrands).TargetDays.Longs("orders").ToArray(), OtherView.Of(seen, AdProduct.SponsoredBrands).TargetDays.Longs("orders").ToArray());

        // All orders of every row, and their units, four times as many as those after clicks.
        static FactTable Times(FactTable table, int factor)
        {
            var builder = new FactTableBuilder(table.Schema);
            for (var row = 0; row < table.Rows; row++)
            {
                foreach (var column in table.Schema.Columns)
                {
                    if (column.Kind == ColumnKind.Day) builder.Int(table.Ints(column.Name)[row]);
                    else builder.Long(table.Longs(column.Name)[row] * (column.Name is "orders" or "units" or "sales" ? factor : 1));
                }
            }

            return builder.Build();
        }
    }

    [Fact]
    public void The_facts_are_those_of_clicks_and_what_else_was_spent_in_the_month_is_known()
    {
        var builder = new FactTableBuilder(TableSchema.Of(Dataset.DisplayTargetDay));
        void Row(int age, long campaign, long cost, long clicked) => builder.Day(SomeStorefront.Today.AddDays(-age)).Long(campaign).Long(campaign + 1).Long(campaign + 20).Long(100).Long(5).Long(cost * 1_000_000).Long(3).Long(4).Long(90_000_000).Long(clicked).Long(clicked).Long(clicked * 30_000_000);
        Row(1, SomeOtherAds.Display, 2, 2);
        Row(2, SomeOtherAds.Display, 7, -1);
        Row(3, SomeOtherAds.DisplaySeen, 5, 0);
        Row(30, SomeOtherAds.Display, 11, 1);
        var whole = Whole with { TargetDays = FactTable.Empty(Dataset.TargetDay), BrandsTargetDays = FactTable.Empty(Dataset.BrandsTargetDay), DisplayTargetDays = builder.Build() };

        var view = OtherView.Of(whole, AdProduct.SponsoredDisplay);

        Assert.Equal([2L, 1L], view.TargetDays.Longs("orders").ToArray());
        Assert.Equal([60_000_000L, 30_000_000L], view.TargetDays.Longs("sales").ToArray());
        Assert.Equal(12m, view.SpentElsewhere!.Value.Amount);
        Assert.Equal(14, new Measurement(view, DecisionSettings.Default).MonthToDate, 9);
        Assert.Equal(14m, OtherView.Of(whole, AdProduct.SponsoredBrands).SpentElsewhere!.Value.Amount);
    }

    [Fact]
    public void The_price_on_money_of_sponsored_products_lowers_these_bids_too()
    {
        var (free, dear) = (Added(Sponsored), Added(Sponsored with { BudgetPrice = 0.5 }));

        Assert.All(dear.Values, proposal => Assert.Equal(0.5, proposal.Evidence["budgetPrice"]));
        foreach (var (key, proposal) in dear.Where(pair => free.ContainsKey(pair.Key))) Assert.Equal(free[key].Evidence["wantedBid"] / 1.5, proposal.Evidence["wantedBid"], 9);
        Assert.True(dear.Keys.Count(free.ContainsKey) > 5);

        static Dictionary<string, Proposal> Added(Decision sponsored) => OtherBids.Add(Whole, sponsored, DecisionSettings.Default).Proposals
            .Where(proposal => proposal.Change.AdProduct != AdProduct.SponsoredProducts).ToDictionary(proposal => proposal.Change.EntityKey, StringComparer.Ordinal);
    }

    [Fact]
    public void Nothing_is_raised_when_the_month_s_money_went_to_any_ads_or_sponsored_products_burn()
    {
        var spent = Whole with { Settings = Whole.Settings with { MonthlyBudget = OtherView.Of(Whole, AdProduct.SponsoredBrands).SpentElsewhere!.Value } };
        var burning = Sponsored with { Notes = Sponsored.Notes.Add(new DataNote(DataIssue.Emergency, null, "Nothing is raised: fire.", true)) };

        Assert.Contains(Bids(Whole), bid => bid.After > bid.Before);
        foreach (var decision in new[] { OtherBids.Add(spent, Sponsored, DecisionSettings.Default), OtherBids.Add(Whole, burning, DecisionSettings.Default) })
        {
            Assert.DoesNotContain(decision.Proposals.Except(Sponsored.Proposals), proposal => proposal.Change is SetBid bid && bid.After > bid.Before);
            Assert.Contains(decision.Proposals.Except(Sponsored.Proposals), proposal => proposal.Change is SetBid bid && bid.After < bid.Before);
            Assert.Contains(decision.Withheld, item => item.Proposal.Change.AdProduct == AdProduct.SponsoredBrands);
        }
    }

    [Fact]
    public void Without_a_price_on_money_nothing_is_decided_unless_sponsored_products_spend_nothing()
    {
        var held = Sponsored with { Proposals = [], Notes = [new DataNote(DataIssue.MissingDays, null, "A day is missing.", true)] };
        var without = Whole with { Campaigns = [.. Whole.Campaigns.Select(campaign => campaign.AdProduct == AdProduct.SponsoredProducts ? campaign with { State = EntityState.Paused } : campaign)] };

        Assert.Empty(OtherBids.Add(Whole, held, DecisionSettings.Default).Proposals);
        Assert.NotEmpty(OtherBids.Add(without, held, DecisionSettings.Default).Proposals);
    }

    [Fact]
    public void A_worthless_click_of_brands_falls_to_its_own_lowest_bid()
    {
        var whole = Whole with { Costs = [.. Whole.Costs.Select(cost => cost with { CostOfGoods = cost.CostOfGoods with { Amount = 1000 } })], Targets = [.. Whole.Targets.Select(target => target with { Bid = target.Bid with { Amount = 0.11m } })] };
        var bids = Bids(whole);

        Assert.All(bids.Where(bid => bid.AdProduct == AdProduct.SponsoredBrands), bid => Assert.Equal(0.10m, bid.After.Amount));
        Assert.Contains(bids, bid => bid.AdProduct == AdProduct.SponsoredBrands);
        Assert.Contains(bids, bid => bid.AdProduct == AdProduct.SponsoredDisplay && bid.After.Amount < 0.10m);
    }

    [Fact]
    public void A_group_of_several_products_is_held_while_one_of_them_has_no_cost_and_counts_what_was_bought_once_all_have()
    {
        var skus = Whole.ProductAds.Where(ad => ad.Campaign.Value == SomeOtherAds.Brands).Select(ad => ad.Sku).ToList();
        var without = Whole with { Costs = [.. Whole.Costs.Where(cost => cost.Sku != skus[1])] };

        Assert.Equal(2, skus.Count);
        Assert.DoesNotContain(Bids(without), bid => bid.Campaign.Value is SomeOtherAds.Brands or SomeOtherAds.DisplayTwo);
        Assert.Contains(Bids(without), bid => bid.Campaign.Value == SomeOtherAds.Display);

        var measured = OtherBids.Look(Whole, AdProduct.SponsoredBrands, DecisionSettings.Default, 0).Measured;
        var group = measured.Structure.Group(new(SomeOtherAds.Brands + 1));
        double orders = 0, left = 0;
        for (var row = 0; row < Whole.BrandsPurchaseDays.Rows; row++)
        {
            if (Whole.BrandsPurchaseDays.Longs("ad_group_id")[row] != SomeOtherAds.Brands + 1) continue;
            orders += Whole.BrandsPurchaseDays.Longs("orders")[row];
            var sku = Whole.Listings.FirstOrDefault(listing => listing.Asin.Value == Whole.BrandsPurchaseDays.Texts("asin")[row])?.Sku;
            left += sku is { } own ? Whole.BrandsPurchaseDays.Longs("units")[row] * measured.Products[measured.Structure.Product(own)]!.ContributionPerUnit : 0;
        }

        var target = Array.FindIndex(measured.Structure.TargetGroup, at => at == group);
        var (first, second) = (measured.Products[measured.Structure.Product(skus[0])]!.ContributionPerOrder, measured.Products[measured.Structure.Product(skus[1])]!.ContributionPerOrder);
        Assert.InRange((measured.Contribution[target] * (orders + 20) - left) / 20, Math.Min(first, second), Math.Max(first, second));
        Assert.True(orders > 20);
    }

    [Fact]
    public void In_whatever_order_the_same_things_come_the_same_is_decided()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var whole = SomeOtherAds.With(new SomeStorefront { Seed = seed, ClicksPerDay = 1 }.Build(), seed);
            var random = new Random(seed);
            var shuffled = OrderAndCurrencyTests.Shuffled(whole, random) with { BrandsTargetDays = Turned(whole.BrandsTargetDays), DisplayTargetDays = Turned(whole.DisplayTargetDays), BrandsPurchaseDays = Turned(whole.BrandsPurchaseDays) };
            var (one, other) = (OtherBids.Add(whole, Sponsored, DecisionSettings.Default), OtherBids.Add(shuffled, Sponsored, DecisionSettings.Default));

            Assert.Equal(Named(one), Named(other));
            Assert.True(one.Proposals.Length > Sponsored.Proposals.Length);
        }

        static IEnumerable<(string, Change)> Named(Decision decision) => decision.Proposals.Select(proposal => (proposal.Id.Value, proposal.Change)).OrderBy(pair => pair.Value, StringComparer.Ordinal);
        static FactTable Turned(FactTable table)
        {
            var builder = new FactTableBuilder(table.Schema);
            for (var row = table.Rows - 1; row >= 0; row--)
            {
                foreach (var column in table.Schema.Columns)
                {
                    if (column.Kind == ColumnKind.Text) builder.Text(table.Texts(column.Name)[row]);
                    else if (column.Kind is ColumnKind.Day or ColumnKind.Int) builder.Int(table.Ints(column.Name)[row]);
                    else builder.Long(table.Longs(column.Name)[row]);
                }
            }

            return builder.Build();
        }
    }

    [Fact]
    public void On_fuzzed_storefronts_of_all_currencies_no_bid_leaves_its_limits_and_no_guardrail_breaks()
    {
        var (bids, currencies, kinds) = (0, new HashSet<string>(), new HashSet<AdProduct>());
        for (var seed = 1; seed <= 160; seed++)
        {
            var random = new Random(seed);
            var whole = SomeOtherAds.With(FuzzedWorld.Make(seed), seed, clicksPerDay: seed % 4);
            for (var day = 0; day < 3; day++)
            {
                var sponsored = Optimiser.Decide(whole.OfSponsoredProducts(), DecisionSettings.Default);
                var decision = OtherBids.Add(whole, sponsored, DecisionSettings.Default);
                var added = decision.Proposals.Where(proposal => proposal.Change.AdProduct != AdProduct.SponsoredProducts).ToList();
                Assert.Equal(sponsored.Proposals.ToHashSet(), decision.Proposals.Except(added).ToHashSet());
                var breaches = GuardrailAudit.CheckAll(whole, [.. added.Select(proposal => proposal.Change)]);
                Assert.True(breaches.IsEmpty, string.Create(CultureInfo.InvariantCulture, $"seed {seed}, day {day}: {breaches.FirstOrDefault()}"));
                Assert.Empty(GuardrailAudit.CheckAll(whole, [.. added.Where(_ => random.Next(2) == 0).Select(proposal => proposal.Change)]));
                foreach (var proposal in added)
                {
                    var bid = Assert.IsType<SetBid>(proposal.Change);
                    var market = whole.Marketplace.For(bid.AdProduct);
                    Assert.Contains(bid.Campaign.Value, Ours);
                    Assert.True(bid.After.Amount % market.BidStep == 0 && bid.After.Amount >= market.MinimumBid && bid.After.Amount <= market.MaximumBid && bid.After.Currency == market.Currency, $"seed {seed}: {bid}");
                    Assert.True(proposal.Evidence.Values.All(value => value.Unit == "text" || double.IsFinite(value.Value)), $"seed {seed}: {bid}");
                    Assert.Equal(proposal.Change, Replay.Recompute(proposal));
                    Assert.StartsWith($"{proposal.Evidence.Text("adProduct") ?? bid.AdProduct.ToString().Replace("Sponsored", "Sponsored ", StringComparison.Ordinal)} bid ", ProposalText.Sentence(proposal), StringComparison.Ordinal);
                    currencies.Add(market.Currency.Code);
                    kinds.Add(bid.AdProduct);
                    bids++;
                }

                if (whole.SyncedAt is null || whole.Settings.Frozen) break;
                whole = SomeOtherAds.NextDay(whole, added, random, seed % 4);
            }
        }

        Assert.True(bids > 1_000 && currencies.Count >= 6 && currencies.Contains("JPY") && kinds.Count == 2, $"{bids} bids in {string.Join(", ", currencies)}");
    }

    [Fact]
    public void The_audit_finds_what_was_never_to_be_written()
    {
        Breach[] Audit(SetBid bid, Workspace? whole = null) => [.. GuardrailAudit.CheckAll(whole ?? Whole, [bid])];
        SetBid Of(long campaign, AdProduct product, decimal factor) => Whole.Targets.First(target => target.Campaign.Value == campaign && target.Bid.Amount > 0.3m) is var target
            ? new(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, target.Bid with { Amount = decimal.Round(target.Bid.Amount * factor, 2) }) { AdProduct = product } : throw new InvalidOperationException();

        Assert.Empty(Audit(Of(SomeOtherAds.Brands, AdProduct.SponsoredBrands, 0.9m)));
        Assert.Empty(Audit(Of(SomeOtherAds.Display, AdProduct.SponsoredDisplay, 0.9m)));
        foreach (var (campaign, product) in new[] { (SomeOtherAds.BrandsSeen, AdProduct.SponsoredBrands), (SomeOtherAds.BrandsUntold, AdProduct.SponsoredBrands), (SomeOtherAds.BrandsPlaced, AdProduct.SponsoredBrands), (SomeOtherAds.DisplaySeen, AdProduct.SponsoredDisplay) })
            Assert.Contains(Audit(Of(campaign, product, 0.9m)), breach => breach.Guardrail == "G7");
        Assert.Contains(Audit(Of(SomeOtherAds.Brands, AdProduct.SponsoredProducts, 0.9m)), breach => breach.Guardrail == "G11");
        Assert.Contains(Audit(Of(SomeOtherAds.Brands, AdProduct.SponsoredBrands, 0.9m) with { After = new Money(0.05m, Plain.Marketplace.Currency) }), breach => breach.Guardrail == "G1");
        Assert.Contains(Audit(Of(SomeOtherAds.Brands, AdProduct.SponsoredBrands, 1.5m)), breach => breach.Guardrail == "G2");
        Assert.Contains(Audit(Of(SomeOtherAds.Display, AdProduct.SponsoredDisplay, 1.1m), Whole with { Settings = Whole.Settings with { MonthlyBudget = OtherView.Of(Whole, AdProduct.SponsoredBrands).SpentElsewhere!.Value } }), breach => breach.Guardrail == "G4");
        var many = Whole with { Changes = [.. Enumerable.Range(0, 5_000).Select(at => new AppliedChange(new SetBid(Plain.Campaigns[0].Id, Plain.AdGroups[0].Id, new(at + 900_000_000), TargetKind.Keyword, new Money(1, Plain.Marketplace.Currency), new Money(1.1m, Plain.Marketplace.Currency)), Plain.SyncedAt!.Value.AddHours(-2), false))] };
        Assert.Contains(Audit(Of(SomeOtherAds.Brands, AdProduct.SponsoredBrands, 0.9m), many), breach => breach.Guardrail == "G8");
        Assert.Equal(Sponsored.Proposals, OtherBids.Add(many, Sponsored, DecisionSettings.Default).Proposals);
    }

    private static ImmutableArray<SetBid> Bids(Workspace whole) => [.. OtherBids.Add(whole, Sponsored with { Proposals = [] }, DecisionSettings.Default).Proposals.Select(proposal => proposal.Change).OfType<SetBid>().OrderBy(bid => bid.Target.Value)];

    private static IEnumerable<string> Shown(Decision decision) => decision.Proposals.Select(proposal => $"{proposal.Id} {proposal.Change} {proposal.Reason} {proposal.Effect} {string.Join(';', proposal.Evidence.Values)}");
}
