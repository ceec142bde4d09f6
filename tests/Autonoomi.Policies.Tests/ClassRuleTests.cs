using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Policies.Tests;

/// <summary>B00, B02, B03, B04: rules by classes and thresholds. The target ACoS is 25 %, an order is worth 20, the suggestion is 0.80.</summary>
public sealed class ClassRuleTests
{
    [Fact]
    public void A_static_seller_takes_the_suggestion_times_the_tuned_factor_once()
    {
        var account = new SomeAccount();
        var (target, unknown) = (account.Keyword(), account.Keyword(suggestion: null));
        var policy = PolicyCatalogue.Find("B00").Create(new PolicySettings { TargetOfBreakEven = 1.25 });

        var changes = policy.Decide(account.View());
        Assert.Equal((1.00m, 1.00m), (account.After(changes, target), account.After(changes, unknown)));

        changes = PolicyCatalogue.Find("B00").Create(new PolicySettings { TargetOfBreakEven = 0.5 }).Decide(account.View());
        Assert.Equal((0.40m, 1.00m), (account.After(changes, target), account.After(changes, unknown)));
    }

    // In one ad group with 100 clicks and 10 orders an order takes 10 clicks (12 with 20 more clicks), a click earns 2.
    [Theory]
    [InlineData(100, 80, 10, 1, 0.50)] // ACoS 40 %: revenue per click 2 × 25 %
    [InlineData(100, 30, 10, 0.30, 0.33)] // ACoS 15 %: +10 %
    [InlineData(100, 30, 10, 0.48, 0.50)] // up to revenue per click × target
    [InlineData(100, 50, 10, 1, 1)] // on target
    public void AdLabs_takes_revenue_per_click_times_target(int clicks, double cost, int orders, double before, double bid)
    {
        var account = new SomeAccount();
        var target = account.Keyword((decimal)before);

        Assert.Equal((decimal)bid, account.Facts(target, clicks, (decimal)cost, orders).Bid("B02", target));
    }

    [Theory]
    [InlineData(20, 6, 1, 0.15)] // spend over 20 × 25 %: 20 / (20 + 12) × 25 % = 0.156
    [InlineData(20, 4, 1, 1)] // seen enough, not spent enough
    [InlineData(2, 1, 0.30, 0.33)] // hardly seen: +10 %
    [InlineData(2, 1, 1, 0.49)] // but not above the group's 200 / 102 × 25 %
    public void AdLabs_asks_the_ad_group_where_a_target_has_no_sale(int clicks, double cost, double before, double bid)
    {
        var account = new SomeAccount();
        var (group, target) = (account.Keyword(), account.Keyword((decimal)before));

        Assert.Equal((decimal)bid, account.Facts(group, clicks: 100, cost: 50, orders: 10).Facts(target, clicks, (decimal)cost).Bid("B02", target));
    }

    // AdLabs' published example: revenue per click 2.0, 1.5 and 1.0 become +100, +50 and 0 %.
    [Fact]
    public void AdLabs_sets_placements_by_revenue_per_click_and_lets_bids_make_room()
    {
        var account = new SomeAccount();
        var target = account.Keyword();
        account.Facts(target, clicks: 100, cost: 80, orders: 10);
        account.Placement(SomeAccount.Manual, Placement.TopOfSearch, 20, 2, 40).Placement(SomeAccount.Manual, Placement.RestOfSearch, 20, 2, 30).Placement(SomeAccount.Manual, Placement.ProductPages, 20, 1, 20);

        var changes = account.Decide("B02");
        Assert.Equal([(Placement.TopOfSearch, 100), (Placement.RestOfSearch, 50)], changes.OfType<SetPlacement>().Select(change => (change.Placement, change.AfterPercent)));
        Assert.Equal(0.33m, account.After(changes, target)); // 0.50 over the mean multiplier of 1.5
    }

    [Fact]
    public void AdLabs_leaves_placements_alone_where_one_has_too_few_clicks()
    {
        var account = new SomeAccount();
        var target = account.Keyword();
        account.Facts(target, clicks: 100, cost: 80, orders: 10);
        account.Placement(SomeAccount.Manual, Placement.TopOfSearch, 20, 2, 40).Placement(SomeAccount.Manual, Placement.RestOfSearch, 20, 2, 30).Placement(SomeAccount.Manual, Placement.ProductPages, 9, 1, 20);

        Assert.Empty(account.Decide("B02").OfType<SetPlacement>());
    }

    [Fact]
    public void AdLabs_acts_once_a_week()
    {
        var account = new SomeAccount();
        var target = account.Keyword();
        account.Facts(target, clicks: 100, cost: 80, orders: 10);

        Assert.Equal((1m, 0.50m), (account.Bid("B02", target, day: 6), account.Bid("B02", target, day: 7)));
    }

    [Theory]
    [InlineData(9, 5, 0, 1, 0.80, 1)] // nothing to say yet
    [InlineData(10, 5, 0, 1, 0.80, 0.20)] // ten clicks without an order: a quarter of the suggestion
    [InlineData(10, 5, 0, 1, 0.20, 0.10)] // but at least 0.10
    [InlineData(4, 10, 0, 1, 0.80, 0.20)] // spent 2 × 20 × 25 %
    [InlineData(4, 9.9, 0, 1, 0.80, 1)]
    [InlineData(10, 5, 1, 1, 0.80, 0.90)] // a fifth of the way from 1 to 2 × 25 %
    [InlineData(9, 5, 1, 1, 0.80, 1)] // an order, but too few clicks
    [InlineData(10, 5, 1, 3, 0.80, 1.60)] // 2.50, held at twice the suggestion
    public void Zon_demotes_or_moves_a_fifth_of_the_way(int clicks, double cost, int orders, double before, double suggestion, double bid)
    {
        var account = new SomeAccount();
        var target = account.Keyword((decimal)before, suggestion: (decimal)suggestion);

        Assert.Equal((decimal)bid, account.Facts(target, clicks, (decimal)cost, orders).Bid("B03", target));
    }

    // One keyword with 100 clicks and 10 orders makes X = (100 + n) / 10.
    [Theory]
    [InlineData(20, 4, 2, 1, 1.30)] // ACoS 10 %
    [InlineData(20, 4, 2, 2, 2.40)] // held at three times the suggestion
    [InlineData(20, 4, 2, 3, 3)] // above it already: a raise never cuts
    [InlineData(20, 14, 2, 1, 0.70)] // ACoS 35 % after 20 ≥ 10 clicks
    [InlineData(5, 14, 2, 1, 1)] // ACoS 35 % before X clicks
    [InlineData(20, 10.4, 2, 1, 1)] // ACoS 26 %: within 2.5 points
    [InlineData(18, 4, 0, 1, 0.02)] // 18 ≥ 1.5 × 11.8
    [InlineData(17, 4, 0, 1, 1)] // 17 < 1.5 × 11.7
    public void Sellics_steps_by_clicks_that_an_order_takes(int clicks, double cost, int orders, double before, double bid)
    {
        var account = new SomeAccount();
        var (usual, target) = (account.Keyword(), account.Keyword((decimal)before));

        Assert.Equal((decimal)bid, account.Facts(usual, clicks: 100, cost: 50, orders: 10).Facts(target, clicks, (decimal)cost, orders).Bid("B04", target));
    }

    [Fact]
    public void Sellics_judges_a_target_by_the_days_since_its_last_change()
    {
        var account = new SomeAccount();
        var target = account.Keyword();
        account.Facts(target, clicks: 20, cost: 4, orders: 2, daysAgo: 5);
        var policy = PolicyCatalogue.Find("B04").Create(account.Settings());

        account.Apply(policy.Decide(account.View()), days: 7);
        Assert.Equal(1.30m, account.Find(target).Bid.Amount);
        account.Apply(policy.Decide(account.View(day: 7)), days: 7);
        Assert.Equal(1.30m, account.Find(target).Bid.Amount);

        account.Facts(target, clicks: 20, cost: 4, orders: 2, daysAgo: 3);
        account.Apply(policy.Decide(account.View(day: 14)));
        Assert.Equal(1.69m, account.Find(target).Bid.Amount);
    }
}
