using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Peers;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Tests;

/// <summary>B06, B07, B08, B10, B13: rules with a model behind them. The target ACoS is 25 %, an order is worth 20.</summary>
public sealed class ModelRuleTests
{
    // 0.1 × 20 × 25 % × (1 + 0.1 × 0.03022), the deviation of Beta(10.5, 90.5).
    [Fact]
    public void Thompson_adds_a_tenth_of_the_deviation() => Assert.Equal(0.501511, B06PpcPalThompson.Bid(0.1, 10.5, 90.5, 20, 0.25), 6);

    [Fact]
    public void Thompson_waits_for_seven_days_and_moves_a_fifth()
    {
        var account = new SomeAccount();
        var (seen, young) = (account.Keyword(), account.Keyword());
        for (var day = 1; day <= 7; day++) account.Facts(seen, clicks: 1000, orders: 10, daysAgo: day);
        for (var day = 1; day <= 6; day++) account.Facts(young, clicks: 1000, orders: 10, daysAgo: day);

        // About 1 % × 20 × 25 % = 0.05 is wanted.
        var changes = account.Decide("B06");
        Assert.Equal((0.80m, 1m), (account.After(changes, seen), account.After(changes, young)));
    }

    // Ten clicks and an order: Beta(1.5, 9.5); its draw times 20 × 25 % is written where a fifth of the bid reaches it.
    [Fact]
    public void Thompson_starts_from_half_an_order_and_half_a_miss()
    {
        var account = new SomeAccount();
        var ids = Enumerable.Range(0, 40).Select(index => account.Keyword(bid: 0.20m + 0.02m * index)).ToArray();
        foreach (var id in ids)
        {
            account.Facts(id, clicks: 10, orders: 1, daysAgo: 1);
            for (var day = 2; day <= 7; day++) account.Facts(id, clicks: 0, impressions: 10, daysAgo: day);
        }

        var changes = account.Decide("B06");
        var reached = 0;
        foreach (var id in ids)
        {
            var wanted = B06PpcPalThompson.Bid(new Draws(7, 0, id).Beta(1.5, 9.5), 1.5, 9.5, 20, 0.25);
            var bid = (double)account.Find(id).Bid.Amount;
            if (wanted < 0.81 * bid || wanted > 1.19 * bid || Math.Abs(wanted / bid - 1) < 0.03) continue;
            Assert.Equal((decimal)Math.Floor(wanted * 100) / 100, account.After(changes, id));
            reached++;
        }

        Assert.True(reached >= 3);
    }

    [Fact]
    public void Thompson_ignores_two_percent()
    {
        var account = new SomeAccount();
        var target = account.Keyword(bid: 0.50m);
        for (var day = 1; day <= 50; day++) account.Facts(target, clicks: 1_000_000, orders: 100_000, daysAgo: day);

        Assert.Equal(0.50m, account.Bid("B06", target)); // wants 0.50 within a thousandth
    }

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(10.5, 90.5)]
    [InlineData(200, 5)]
    public void Drawn_rates_have_the_posteriors_mean_and_variance(double alpha, double beta)
    {
        const int Count = 4000;
        var draws = Enumerable.Range(0, Count).Select(day => new Draws(1, day, 5).Beta(alpha, beta)).ToArray();

        var mean = alpha / (alpha + beta);
        var variance = mean * (1 - mean) / (alpha + beta + 1);
        var seen = draws.Average();
        Assert.InRange(seen, mean - 4 * Math.Sqrt(variance / Count), mean + 4 * Math.Sqrt(variance / Count));
        Assert.InRange(draws.Sum(draw => (draw - seen) * (draw - seen)) / Count, 0.85 * variance, 1.15 * variance);
    }

    // 0.7 × bid ≤ 2 × 25 % up to 0.714; the grid holds 0.10, 0.345, 0.59, 0.835.
    [Fact]
    public void The_curve_takes_the_highest_level_that_meets_the_target() =>
        Assert.Equal(0.59, B07OpenSourceOptimizer.CurveBid(1, 100, 2, 0.25, 0.10, 5), 9);

    // Under bid × e^−1.25 the assumed curve has no clicks: such a level counts as meeting any target.
    [Fact]
    public void The_curve_takes_a_level_without_clicks_for_a_good_one() =>
        Assert.Equal(0.59, B07OpenSourceOptimizer.CurveBid(2.1, 100, 0.001, 0.25, 0.10, 5), 9);

    [Fact]
    public void A_thin_target_mixes_one_click_of_the_prior() => Assert.Equal(0.55, B07OpenSourceOptimizer.ThinBid(9, 1, 0.1, 5), 9);

    [Fact]
    public void Exploring_raises_less_the_more_was_seen() =>
        Assert.Equal((1.1, 1.06, null), (B07OpenSourceOptimizer.ExploringRaise(0), Math.Round(B07OpenSourceOptimizer.ExploringRaise(4)!.Value, 9), B07OpenSourceOptimizer.ExploringRaise(10)));

    [Fact]
    public void The_open_source_optimizer_scales_late_orders_up()
    {
        var account = new SomeAccount();
        var target = account.Keyword();
        account.Facts(target, clicks: 10, cost: 5, orders: 7, daysAgo: 1).Facts(target, clicks: 10, cost: 5, orders: 8, daysAgo: 2).Facts(target, clicks: 10, cost: 5, orders: 3, daysAgo: 7).Facts(target, clicks: 10, orders: 2, daysAgo: 20);

        var window = new Window(new Account(account.View(), 0.5), 60, completeness: B07OpenSourceOptimizer.Attribution).Targets;
        Assert.Equal((7 / 0.7) + (8 / 0.8) + 3 + 2, window.Orders[0], 9);
        Assert.Equal((40d, 15d), (window.Clicks[0], window.Cost[0]));
    }

    [Theory]
    [InlineData(100, 50, 10, 1, "B07", 0.75)] // curve wants 0.59, a quarter at most
    [InlineData(100, 50, 10, 0.70, "B07", 0.59)]
    [InlineData(100, 50, 10, 0.593, "B07", 0.59)] // within 1 %
    [InlineData(10, 5, 1, 1, "B07", 0.80)] // thin: (1 + p) / 11 × 5, a fifth at most
    [InlineData(4, 2, 0, 1, "B07", 0.80)]
    [InlineData(100, 50, 10, 0.20, "B07", 0.25)] // far below: curve, a quarter
    [InlineData(100, 50, 10, 0.20, "B07x", 0.21)] // ROAS 4 taken for 4 clicks: unexplored, + 6 %
    public void The_open_source_optimizer_decides(int clicks, double cost, int orders, double before, string policy, double bid)
    {
        var account = new SomeAccount();
        var (other, target) = (account.Keyword(), account.Keyword((decimal)before));
        account.Facts(other, clicks: 1000, cost: 500, orders: 100).Facts(target, clicks, (decimal)cost, orders);

        Assert.Equal((decimal)bid, account.Bid(policy, target));
        Assert.Equal(account.Find(target).Bid.Amount, account.Bid(policy, target, day: 2));
    }

    [Fact]
    public void The_open_source_optimizer_explores_up_to_what_the_account_converts()
    {
        var account = new SomeAccount();
        var (other, young, near, unseen) = (account.Keyword(), account.Keyword(bid: 0.30m), account.Keyword(bid: 0.49m), account.Keyword(bid: 0.30m));
        account.Facts(other, clicks: 1000, cost: 500, orders: 100).Facts(young, clicks: 5, cost: 1).Facts(near, clicks: 5, cost: 1).Facts(unseen, clicks: 4, impressions: 99);

        // 5 clicks: + 5 %; the rate of 100 / 1014 pays 0.493.
        var changes = account.Decide("B07");
        Assert.Equal((0.31m, 0.30m), (account.After(changes, young), account.After(changes, unseen)));
        Assert.Equal(0.49m, account.After(changes, near));
    }

    [Theory]
    [InlineData(20, 4, 0.2)] // own
    [InlineData(9, 4, 0.1)] // under 1 / 0.1 clicks: the parent's
    [InlineData(20, 0, 0.1)]
    [InlineData(21, 0, 0.025)] // over 2 / 0.1 clicks without an order
    public void A_value_bid_asks_the_parent_where_little_is_known(double clicks, double orders, double rate) => Assert.Equal(rate, B08ValueBid.Conversion(clicks, orders, 0.1), 9);

    [Theory]
    [InlineData(1, 0.90)] // 10 % × 20 × 25 % = 0.50: a tenth a day
    [InlineData(0.48, 0.50)]
    [InlineData(0.20, 0.22)]
    public void A_value_bid_moves_a_tenth_a_day(double before, double bid)
    {
        var account = new SomeAccount();
        var target = account.Keyword((decimal)before);
        account.Facts(target, clicks: 100, cost: 50, orders: 10).Facts(target, clicks: 500, daysAgo: 3);

        Assert.Equal((decimal)bid, account.Bid("B08", target));
    }

    [Fact]
    public void A_value_bid_climbs_from_ad_group_to_product_to_account()
    {
        var account = new SomeAccount();
        account.Product("SKU-2", 40);
        account.Campaign(3, Core.Advertising.TargetingType.Manual);
        account.Group(31, 3, "SKU-2");
        var (clause, keyword, stranger) = (account.Clause(), account.Keyword(), account.Keyword(group: 31));
        account.Facts(keyword, clicks: 100, orders: 10).Facts(clause, clicks: 1).Facts(stranger, clicks: 1);

        var window = new Account(account.View(), 0.5).Window(60);
        Assert.Equal((10d / 101, 0.1, 10d / 102), (window.ParentConversion(0), window.ParentConversion(1), window.ParentConversion(2)));
    }

    [Theory]
    [InlineData(200, 50, 1)] // on the guardrail of 4
    [InlineData(400, 50, 1.07177346254)] // twice: 2^0.1
    [InlineData(40_000, 50, 1.1)]
    [InlineData(0, 50, 0.9)]
    [InlineData(0, 0, 1)]
    public void Amazons_rule_moves_all_bids_of_a_campaign(double sales, double cost, double factor) => Assert.Equal(factor, B10AmazonRule.Factor(sales, cost, 4), 9);

    [Theory]
    [InlineData(10, 15, 0.93)] // ROAS 2 against 4: 0.5^0.1
    [InlineData(9, 15, 1)] // nine orders in 30 days
    [InlineData(10, 9, 1)] // nine days of life
    public void Amazons_rule_needs_life_and_orders(int orders, int daysAgo, double bid)
    {
        var account = new SomeAccount();
        var (target, sibling) = (account.Keyword(), account.Keyword());
        account.Facts(target, clicks: 100, cost: orders * 10, orders: orders, daysAgo: daysAgo);

        var changes = account.Decide("B10");
        Assert.Equal(((decimal)bid, (decimal)bid), (account.After(changes, target), account.After(changes, sibling)));
    }

    [Fact]
    public void Amazons_rule_switches_itself_off_after_twenty_bad_days_and_restores_the_bids()
    {
        var account = new SomeAccount();
        var target = account.Keyword();
        account.Facts(target, clicks: 1, daysAgo: 20);
        var policy = PolicyCatalogue.Find("B10").Create(account.Settings());
        for (var day = 0; day < 20; day++)
        {
            account.Facts(target, clicks: 30, cost: 30, orders: 1, daysAgo: 1);
            if (day == 0) account.Facts(target, clicks: 30, cost: 300, orders: 10, daysAgo: 15);
            account.Apply(policy.Decide(account.View(day)));
        }

        Assert.True(account.Find(target).Bid.Amount < 0.5m);
        account.Apply(policy.Decide(account.View(day: 20)));
        Assert.Equal(1m, account.Find(target).Bid.Amount);
        Assert.Empty(policy.Decide(account.View(day: 21)).OfType<SetBid>());
    }

    [Theory]
    [InlineData(1, 200, 0.75)] // best 1 / 2, half believed
    [InlineData(1, 0, 1)] // truthful start
    [InlineData(-3, 1e12, 0.1)] // never under a tenth
    [InlineData(1e12, 1e12, 1)]
    public void The_learner_shades_by_how_much_a_bid_wins(double elasticity, double days, double gamma) => Assert.Equal(gamma, B13ValueLearner.Gamma(elasticity, days), 6);

    [Fact]
    public void The_learner_starts_truthful_with_a_dither()
    {
        var account = new SomeAccount();
        var targets = Enumerable.Range(0, 40).Select(_ => account.Keyword()).ToArray();
        account.Facts(targets[0], clicks: 100, orders: 10);

        // 10 % × 20 × 25 % × e^±0.15
        var changes = account.Decide("B13");
        var bids = targets.Select(target => account.After(changes, target)).ToArray();
        Assert.All(bids, bid => Assert.Contains(bid, new[] { 0.43m, 0.58m }));
        Assert.Equal(2, bids.Distinct().Count());
    }

    [Fact]
    public void The_learner_finds_how_impressions_answer_bids()
    {
        var account = new SomeAccount { Today = new DateOnly(2026, 1, 1) };
        var targets = Enumerable.Range(0, 60).Select(_ => account.Keyword(bid: 0.5m)).ToArray();
        account.Facts(targets[0], clicks: 10_000, orders: 1000);
        var policy = PolicyCatalogue.Find("B13").Create(account.Settings());
        for (var day = 0; day < 57; day++)
        {
            account.Apply(policy.Decide(account.View(day)));

            // Impressions go with the bid itself: ε = 1, so that half the value is the best bid.
            foreach (var target in targets) account.Facts(target, clicks: 0, daysAgo: 1, impressions: (int)(10_000 * account.Find(target).Bid.Amount));
        }

        // 60 targets × 28 days against 200 pseudo-days: γ = (1680 × 0.5 + 200) / 1880 = 0.553.
        var mean = Math.Exp(targets.Average(target => Math.Log((double)account.Find(target).Bid.Amount)));
        Assert.InRange(mean / 0.5, 0.50, 0.61);
    }
}
