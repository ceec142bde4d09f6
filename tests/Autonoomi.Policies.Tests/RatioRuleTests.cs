using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Peers;

namespace Autonoomi.Policies.Tests;

/// <summary>B01, B05, B09, B12: rules that multiply the bid in force. The target ACoS is 25 %, an order is worth 20.</summary>
public sealed class RatioRuleTests
{
    // SellerMetrics' published example: bid 0.77, ACoS 38.93 %, target 25 %.
    [Fact]
    public void The_ratio_gives_the_published_bid() =>
        Assert.Equal(0.49m, new SomeAccount().Marketplace.RoundBid(B01Ratio.Optimum(0.77, 0.3893, 0.25)).Amount);

    [Theory]
    [InlineData(7, 7, 0, 1.00)] // too few clicks
    [InlineData(8, 4, 0, 0.93)] // no order: towards half, 7 % a day
    [InlineData(8, 4, 1, 1.07)] // ACoS 20 %: towards 1.25
    [InlineData(8, 5.1, 1, 0.98)] // ACoS 25.5 %: 1 × 25 / 25.5
    [InlineData(8, 8, 1, 0.93)] // ACoS 40 %
    [InlineData(8, 0, 1, 1.07)] // free clicks
    public void The_ratio_moves_seven_percent_a_day(int clicks, double cost, int orders, double bid)
    {
        var account = new SomeAccount();
        var target = account.Keyword();

        Assert.Equal((decimal)bid, account.Facts(target, clicks, (decimal)cost, orders).Bid("B01", target));
    }

    [Fact]
    public void Small_steps_add_up_below_a_cent()
    {
        var account = new SomeAccount();
        var target = account.Keyword(bid: 0.05m);
        account.Facts(target, clicks: 20, cost: 0.4m, orders: 1);
        var policy = PolicyCatalogue.Find("B01").Create(account.Settings());

        // 0.05 × 1.07 = 0.0535, 0.0572, 0.0613: the third morning writes a cent.
        var bids = new List<decimal>();
        for (var day = 0; day < 3; day++)
        {
            var changes = policy.Decide(account.View(day));
            account.Apply(changes);
            bids.Add(account.Find(target).Bid.Amount);
        }

        Assert.Equal([0.05m, 0.05m, 0.06m], bids);
    }

    [Fact]
    public void The_way_back_from_a_limit_begins_at_the_limit()
    {
        var account = new SomeAccount { MaximumBid = 1 };
        var target = account.Keyword();
        account.Facts(target, clicks: 20, cost: 1, orders: 1);
        var policy = PolicyCatalogue.Find("B01").Create(account.Settings());
        for (var day = 0; day < 5; day++) account.Apply(policy.Decide(account.View(day)));
        Assert.Equal(1m, account.Find(target).Bid.Amount);

        account.Facts(target, clicks: 20, cost: 100, daysAgo: 1);
        account.Apply(policy.Decide(account.View(day: 5)));
        Assert.Equal(0.93m, account.Find(target).Bid.Amount);
    }

    [Theory]
    [InlineData(10, 10, 1, 1, 0.97)] // ACoS 50 %: 3 % down
    [InlineData(10, 2, 1, 1, 1.03)]
    [InlineData(10, 5, 1, 1, 1.00)] // on target
    [InlineData(5, 9.9, 0, 1, 1.00)] // not yet 10 dollars
    [InlineData(2, 1, 0, 0.90, 0.91)] // hardly clicked: +2 %
    [InlineData(2, 1, 0, 1, 1.00)] // above 1.2 × 0.80 already
    public void Scale_insights_moves_in_small_steps(int clicks, double cost, int orders, double before, double bid)
    {
        var account = new SomeAccount();
        var target = account.Keyword((decimal)before);

        Assert.Equal((decimal)bid, account.Facts(target, clicks, (decimal)cost, orders).Bid("B05", target));
    }

    [Fact]
    public void Scale_insights_raises_no_further_than_1_2_times_the_suggestion()
    {
        var account = new SomeAccount();
        var target = account.Keyword(bid: 1.19m, suggestion: 1);

        Assert.Equal(1.20m, account.Facts(target, clicks: 2).Bid("B05", target));
    }

    [Fact]
    public void Scale_insights_pauses_after_ten_dollars_without_an_order()
    {
        var account = new SomeAccount();
        var target = account.Keyword();

        var change = Assert.Single(account.Facts(target, clicks: 12, cost: 10).Decide("B05").OfType<SetTargetState>());
        Assert.Equal((target, EntityState.Paused), (change.Target.Value, change.After));
    }

    [Fact]
    public void Scale_insights_does_not_look_at_the_latest_two_days_nor_beyond_thirty()
    {
        var account = new SomeAccount();
        var target = account.Keyword();
        account.Facts(target, clicks: 12, cost: 10, daysAgo: 2).Facts(target, clicks: 12, cost: 10, daysAgo: 33);

        Assert.Empty(account.Decide("B05").OfType<SetTargetState>());
        Assert.Single(account.Facts(target, clicks: 12, cost: 10, daysAgo: 32).Decide("B05").OfType<SetTargetState>());

        var recent = new SomeAccount();
        Assert.Single(recent.Facts(recent.Keyword(), clicks: 12, cost: 10, daysAgo: 3).Decide("B05").OfType<SetTargetState>());
    }

    [Theory]
    [InlineData(0.26, 1)] // inside the buffer
    [InlineData(0.28, 0.97)] // 12 % off: the smallest move
    [InlineData(0.375, 0.95)] // half as much again: a tenth of the half
    [InlineData(1, 0.90)] // the largest move
    [InlineData(0.125, 1.10)] // half the target: as far as twice the target
    public void Merch_jar_moves_in_proportion(double acos, double factor) => Assert.Equal(factor, B09MerchJar.Factor(acos, 0.25), 9);

    [Fact]
    public void Merch_jar_needs_two_orders_and_stops_at_twice_the_click_price()
    {
        var account = new SomeAccount();
        var (thin, dear, cheap) = (account.Keyword(), account.Keyword(), account.Keyword());
        account.Facts(thin, clicks: 20, cost: 20, orders: 1).Facts(dear, clicks: 20, cost: 20, orders: 2).Facts(cheap, clicks: 20, cost: 4, orders: 2);

        var changes = account.Decide("B09");
        Assert.Equal((1m, 0.90m, 1m), (account.After(changes, thin), account.After(changes, dear), account.After(changes, cheap)));
    }

    [Fact]
    public void Merch_jar_negates_after_twenty_clicks()
    {
        var account = new SomeAccount();
        var clause = account.Clause();
        account.Term(clause, "one", clicks: 20).Term(clause, "two", clicks: 19).Term(clause, "three", clicks: 30, orders: 1);

        Assert.Equal("one", Assert.Single(account.Decide("B09").OfType<AddNegative>()).Text);
    }

    [Theory]
    [InlineData(20, 7, 1, 0.85)] // ACoS 35 %
    [InlineData(20, 3, 1, 1.10)] // ACoS 15 %
    [InlineData(20, 6, 1, 1.00)] // ACoS 30 %: left alone
    [InlineData(10, 3, 0, 0.75)]
    [InlineData(9, 3, 0, 1.00)]
    public void A_human_cuts_and_raises_once_a_week(int clicks, double cost, int orders, double bid)
    {
        var account = new SomeAccount();
        var target = account.Keyword();
        account.Facts(target, clicks, (decimal)cost, orders);

        Assert.Equal(((decimal)bid, 1m), (account.Bid("B12", target), account.Bid("B12", target, day: 3)));
    }

    [Fact]
    public void A_human_harvests_two_orders_and_negates_fifteen_clicks()
    {
        var account = new SomeAccount();
        var clause = account.Clause(bid: 0.63m);
        account.Keyword(text: "known words");
        account.Term(clause, "red shoes", clicks: 10, orders: 2).Term(clause, "known words", clicks: 10, orders: 2).Term(clause, "blue hat", clicks: 15).Term(clause, "old", clicks: 15, daysAgo: 15);

        var changes = account.Decide("B12");
        var create = Assert.Single(changes.OfType<CreateTarget>());
        Assert.Equal(("red shoes", MatchType.Exact, SomeAccount.ExactGroup, 0.63m), (create.Text, create.Match, create.AdGroup.Value, create.Bid.Amount));
        Assert.Equal("blue hat", Assert.Single(changes.OfType<AddNegative>()).Text);
        Assert.DoesNotContain(account.Decide("B12", day: 1), change => change is CreateTarget or AddNegative);
    }
}
