using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Tests;

/// <summary>What the composites add to their bid rules, and the budgets of peers without a rule of their own.</summary>
public sealed class CompositeTests
{
    private static SomeAccount WithPlacements(int topOrders = 2, int productClicks = 20)
    {
        var account = new SomeAccount();
        account.Placement(SomeAccount.Manual, Placement.TopOfSearch, 20, topOrders, 40).Placement(SomeAccount.Manual, Placement.RestOfSearch, 20, 2, 30)
            .Placement(SomeAccount.Manual, Placement.ProductPages, productClicks, 2, productClicks);
        return account;
    }

    [Theory]
    [InlineData("B11")]
    [InlineData("B11z")]
    [InlineData("B11o")]
    [InlineData("B11v")]
    [InlineData("B11s")]
    public void Revenue_per_click_of_two_one_and_a_half_and_one_becomes_plus_100_50_and_0_percent(string policy)
    {
        var account = WithPlacements();
        account.Keyword();

        Assert.Equal([(Placement.TopOfSearch, 100), (Placement.RestOfSearch, 50)], account.Decide(policy).OfType<SetPlacement>().Select(change => (change.Placement, change.AfterPercent)));
        Assert.Empty(account.Decide(policy, day: 6).OfType<SetPlacement>());
    }

    [Fact]
    public void A_new_multiplier_leaves_the_expected_price_of_a_click_as_it_was()
    {
        var account = WithPlacements();
        var target = account.Keyword(bid: 0.90m);
        var before = 0.90 * new Account(account.View(), 0.5).Placements(60).MeanMultiplier(0);

        // The rule has nothing to say on this target: only room is made. (2 + 1.5 + 1) / 3 = 1.5.
        account.Apply(account.Decide("B11z"), days: 0);
        Assert.Equal(0.60m, account.Find(target).Bid.Amount);
        Assert.Equal(before, 0.60 * new Account(account.View(), 0.5).Placements(60).MeanMultiplier(0), 2);
    }

    [Fact]
    public void The_rule_steers_the_bid_times_the_mean_multiplier()
    {
        var account = WithPlacements();
        var target = account.Keyword();
        account.Facts(target, clicks: 10, cost: 5, orders: 1);

        // A fifth of the way from 1 to 0.50 is 0.90, over 1.5 is 0.60; the next day 0.82, over 1.5 is 0.546.
        var policy = PolicyCatalogue.Find("B11z").Create(account.Settings());
        account.Apply(policy.Decide(account.View()));
        Assert.Equal(0.60m, account.Find(target).Bid.Amount);
        account.Apply(policy.Decide(account.View(day: 1)));
        Assert.Equal(0.54m, account.Find(target).Bid.Amount);
    }

    [Theory]
    [InlineData(1, 20)] // one order at the top
    [InlineData(2, 19)] // 19 clicks on product pages
    public void Placements_wait_for_twenty_clicks_and_two_orders_each(int topOrders, int productClicks)
    {
        var account = WithPlacements(topOrders, productClicks);
        account.Keyword();

        Assert.Empty(account.Decide("B11z").OfType<SetPlacement>());
    }

    [Fact]
    public void A_multiplier_is_at_most_four()
    {
        var account = new SomeAccount();
        account.Keyword();
        account.Placement(SomeAccount.Manual, Placement.TopOfSearch, 20, 5, 1000).Placement(SomeAccount.Manual, Placement.RestOfSearch, 20, 2, 60).Placement(SomeAccount.Manual, Placement.ProductPages, 20, 2, 40);

        Assert.Equal([(Placement.TopOfSearch, 300), (Placement.RestOfSearch, 50)], account.Decide("B11").OfType<SetPlacement>().Select(change => (change.Placement, change.AfterPercent)));
    }

    // 3000 a month in June are 100 a day; 30 of 40 in sales make 0.7 × 0.75 + 0.3 × 0.5 = 0.675.
    [Fact]
    public void Budgets_follow_sales_by_seventy_percent_once_a_week()
    {
        var account = new SomeAccount();
        account.Facts(account.Keyword(), clicks: 3, orders: 3, sales: 30, daysAgo: 14).Facts(account.Clause(), clicks: 1, orders: 1, sales: 10).Facts(1000, clicks: 50, orders: 50, daysAgo: 15);

        Assert.Equal([(SomeAccount.Manual, 67.50m), (SomeAccount.Auto, 32.50m)], Budgets(account.Decide("B03", day: 7)));
        Assert.Empty(Budgets(account.Decide("B03", day: 8)));
    }

    [Fact]
    public void Budgets_are_equal_before_any_sale() =>
        Assert.Empty(Budgets(new SomeAccount().Decide("B03"))); // 50 and 50, as they are

    [Fact]
    public void Pooled_budgets_are_made_loose_once_and_stay()
    {
        var account = new SomeAccount();
        account.Facts(account.Keyword(), clicks: 3, orders: 3);
        var policy = PolicyCatalogue.Find("B03").Create(account.Settings(pooled: true));

        Assert.Equal([(SomeAccount.Manual, 100m), (SomeAccount.Auto, 100m)], Budgets(policy.Decide(account.View())));
        Assert.Empty(Budgets(policy.Decide(account.View(day: 7))));
    }

    private static IEnumerable<(long Campaign, decimal Budget)> Budgets(IReadOnlyList<Change> changes) => changes.OfType<SetBudget>().Select(change => (change.Campaign.Value, change.After.Amount));
}
