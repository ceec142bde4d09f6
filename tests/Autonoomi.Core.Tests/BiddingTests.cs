using Autonoomi.Core.Advertising;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Budgeting;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using CsCheck;

namespace Autonoomi.Core.Tests;

public sealed class BiddingTests
{
    private static readonly BidInputs Some = new()
    {
        Clicks = 40, Orders = 3, PriorMean = 0.1, PriorStrength = 20, Contribution = 12, Shading = 0.8, PlacementMultiplier = 1.25, Incrementality = 1, Season = 1, BidBefore = 0.60, DayBid = 0.60, WeekBid = 0.60,
        Step = 0.25, WeeklyRise = 0.6, DeadBand = 0.02, SingleStep = 1, MaximumBid = 5, MarketMinimum = 0.02, MarketMaximum = 1000, BidStep = 0.01,
    };

    [Fact]
    public void A_click_worth_1_00_is_bid_at_0_64_after_shading_and_placements()
    {
        var result = BidRule.Apply(Some);

        Assert.Equal(1.00, result.ClickValue, 12);
        Assert.Equal(0.64, result.Wanted, 12);
        Assert.Equal(0.64m, result.Bid);
    }

    [Fact]
    public void A_bid_stays_within_every_limit_whatever_the_inputs() =>
        Gen.Select(Gen.Double[0, 1e4], Gen.Double[0, 1e3], Gen.Double[1e-4, 0.6], Gen.Double[-50, 500], Gen.Int[2, 3000], Gen.Double[0, 10], Gen.Int[0, 1]).Sample((clicks, orders, mean, contribution, cents, price, single) =>
        {
            var bid = cents / 100.0;
            var result = BidRule.Apply(Some with { Clicks = clicks, Orders = orders, PriorMean = mean, Contribution = contribution, BidBefore = bid, DayBid = bid, WeekBid = bid, BudgetPrice = price, SingleStep = single, MaximumBid = 20 });

            Assert.True(result.Bid >= 0.02m && (result.Bid <= 20m));
            Assert.Equal(0m, result.Bid % 0.01m);
            var oneStep = Math.Abs(result.Bid - (decimal)bid) <= 0.01m;
            Assert.True(oneStep || (result.Bid <= (decimal)bid * 1.25m && (result.Bid >= (decimal)bid * 0.75m || bid > 20)), $"{bid} → {result.Bid}");
        });

    [Fact]
    public void A_higher_value_never_means_a_lower_bid_and_a_higher_budget_price_never_a_higher_one() =>
        Gen.Select(Gen.Double[0, 300], Gen.Double[0, 30], Gen.Double[0.5, 80], Gen.Double[0, 3]).Sample((clicks, orders, contribution, price) =>
        {
            var free = Some with { Clicks = clicks, Orders = orders, Contribution = contribution, BudgetPrice = price };
            Assert.True(BidRule.Apply(free with { Contribution = contribution * 1.3 }).Bid >= BidRule.Apply(free).Bid);
            Assert.True(BidRule.Apply(free with { BudgetPrice = price + 0.5 }).Bid <= BidRule.Apply(free).Bid);
        });

    [Fact]
    public void In_yen_at_150_the_same_storefront_decides_the_same_but_for_rounding()
    {
        var dollars = new SomeStorefront { ClicksPerDay = 2 };
        var yen = new SomeStorefront { ClicksPerDay = 2, Marketplace = Marketplace.Find("A1VC38T7YXB528"), Money = 150 };
        var bidsInDollars = Bids(Optimiser.Decide(dollars.Build(), DecisionSettings.Default));
        var bidsInYen = Bids(Optimiser.Decide(yen.Build(), DecisionSettings.Default));

        var both = bidsInDollars.Keys.Intersect(bidsInYen.Keys).ToArray();
        Assert.True(both.Length > 0.8 * bidsInDollars.Count, $"{both.Length} of {bidsInDollars.Count}");
        Assert.All(both, target => Assert.InRange((double)bidsInYen[target] / 150 / (double)bidsInDollars[target], 0.9, 1.1));
    }

    private static Dictionary<TargetId, decimal> Bids(Decision decision) =>
        decision.Proposals.Select(proposal => proposal.Change).OfType<SetBid>().ToDictionary(change => change.Target, change => change.After.Amount);

    [Fact]
    public void The_budget_price_falls_as_money_grows_and_never_plans_above_it() =>
        Gen.Select(Gen.Double[0.1, 500], Gen.Double[0.2, 3], Gen.Double[1, 2000]).Array[1, 30].Sample(cells =>
        {
            var list = cells.Select(cell => new SpendCell(cell.Item1, cell.Item2, 0.01, true)).ToArray();
            var allowance = cells[0].Item3;
            var price = BudgetPricing.Price(list, allowance, 2.3);
            Assert.True(BudgetPricing.Price(list, allowance * 1.5, 2.3) <= price);
            Assert.True(price >= 9.999 || BudgetPricing.Spend(list, price, 2.3) <= allowance * (1 + 1e-9));
        });

    [Fact]
    public void A_slack_budget_has_no_price() => Assert.Equal(0, BudgetPricing.Price([new SpendCell(10, 1, 0.1, true)], 10, 2.3));

    [Fact]
    public void Spend_of_100_a_day_against_50_costs_0_35_per_unit() =>
        Assert.Equal(Math.Pow(2, 1 / 2.3) - 1, BudgetPricing.Price([new SpendCell(100, 1, 0.01, true)], 50, 2.3), 6);

    [Theory]
    [InlineData(null, 4.76)]
    [InlineData(101, 4.76)]
    [InlineData(100, 12.50)]
    public void Budgets_fit_into_the_months_rest_or_into_a_week_where_a_portfolio_at_Amazon_keeps_the_month(int? cap, double room)
    {
        var currency = SomeStorefront.Us.Currency;
        var settings = new StorefrontSettings(AutomationMode.Auto, new Money(100, currency), new Money(1, currency), [], [], Frozen: false) { PortfolioCap = cap is { } held ? new Money(held, currency) : null };

        Assert.Equal(room, 100.0 / BudgetPricing.DaysCovered(settings, daysLeft: 20), 2);
    }

    [Theory]
    [InlineData(300, 0)]
    [InlineData(90, 10)]
    public void Stock_has_no_price_while_it_lasts_and_the_whole_contribution_when_organic_sales_alone_empty_it(double stock, double expected) =>
        Assert.Equal(expected, StockPrices.Find(stock, organic: 100, byAds: 100, contribution: 10, elasticity: 1.4));

    [Fact]
    public void With_half_of_the_ad_demand_in_stock_a_unit_is_worth_3_90_of_10() =>
        Assert.Equal(10 * (1 - Math.Pow(0.5, 1 / 1.4)), StockPrices.Find(150, 100, 100, 10, 1.4), 6);

    [Fact]
    public void Unit_economics_of_the_worked_example()
    {
        var economics = new ProductEconomics(new Sku("A"), Price: 30, ReferralRate: 0.15, FulfilmentFee: 4.70, StorageFee: 0.30, OtherFee: 0, CostOfGoods: 8, RefundRate: 0.05, UnitsPerOrder: 1.1, LeadTimeDays: 30);

        Assert.Equal(12.5, economics.KeptUnit, 10);
        Assert.Equal(13.9, economics.RefundedUnit, 10);
        Assert.Equal(11.18, economics.ContributionPerUnit, 10);
        Assert.Equal(12.298, economics.ContributionPerOrder, 10);
        Assert.Equal(0.372667, economics.BreakEvenAcos!.Value, 6);
    }

    [Fact]
    public void The_share_that_is_bid_follows_the_market_s_level_and_the_price_paid()
    {
        var plain = new SomeStorefront { ClicksPerDay = 2 }.Build();
        var workspace = plain with { Suggestions = [.. plain.Targets.Skip(1).Select(target => new BidSuggestion(target.Id, target.Bid, target.Bid with { Amount = 0.50m }, target.Bid))] };
        var settings = DecisionSettings.Default;
        var measured = new Measurement(workspace, settings);

        for (var target = 1; target < workspace.Targets.Length; target++)
        {
            // 0.67 × (0.50 / 1.00)^0.3 is 0.54421; then the target's own price share, 1.1 of the usual one making 0.509 of it.
            var expected = 0.54421 * Math.Pow(measured.PriceShare[target], -0.7);
            Assert.Equal(expected, Bidder.FreeShading(measured, settings, target, 1.00), 0.0001);
            Assert.True(Bidder.FreeShading(measured, settings, target, 2.00) < Bidder.FreeShading(measured, settings, target, 1.00));
        }

        Assert.Equal(0.509, 0.54421 * Math.Pow(1.1, -0.7), 3);
        Assert.Equal(0.67 * Math.Pow(measured.PriceShare[0], -0.7), Bidder.FreeShading(measured, settings, 0, 1.00), 9);
    }
}
