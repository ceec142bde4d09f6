using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class MarketWorldTests
{
    [Fact]
    public void The_same_seed_and_writes_give_the_same_rows()
    {
        static string Run(ulong seed, decimal bid)
        {
            var world = Worlds.Small(seed, days: 8);
            var keyword = world.Ads.Targets.First(target => target.Kind == TargetKind.Keyword);
            world.Ads.Update(new TargetEdit(AdEntityKind.Keyword, keyword.Id, Bid: bid));
            world.AdvanceHours(30);
            return world.Fingerprint();
        }

        var first = Run(7, 0.80m);

        Assert.Equal(first, Run(7, 0.80m));
        Assert.NotEqual(first, Run(8, 0.80m));
        Assert.NotEqual(first, Run(7, 4.80m));
    }

    [Fact]
    public void Looking_at_reports_changes_nothing()
    {
        var looked = Worlds.Small(days: 5);
        var left = Worlds.Small(days: 5);
        for (var hour = 0; hour < 30; hour++)
        {
            _ = looked.Fingerprint();
            looked.AdvanceHours(1);
            left.AdvanceHours(1);
        }

        Assert.Equal(left.Fingerprint(), looked.Fingerprint());
    }

    [Fact]
    public void The_same_shoppers_come_whatever_the_seller_does_elsewhere()
    {
        var one = Worlds.Small(products: 6);
        var other = Worlds.Small(products: 6);
        var first = one.Today;
        var sku = one.Listings()[5].Sku.Value; // alone in its category
        var changed = other.Ads.ProductAds.Where(ad => ad.Sku == other.Listings()[0].Sku.Value).Select(ad => ad.CampaignId).ToHashSet();
        foreach (var campaign in changed) Assert.IsType<Accepted>(other.Ads.Update(new CampaignEdit(campaign, State: EntityState.Paused)));
        one.AdvanceDays(2);
        other.AdvanceDays(2);

        var seen = one.ProductRows(one.DaysSince(first)).Where(row => row.Sku == sku).ToList();

        Assert.NotEmpty(seen);
        Assert.Equal(seen, other.ProductRows(other.DaysSince(first)).Where(row => row.Sku == sku));
    }

    [Fact]
    public void Higher_bids_never_bring_fewer_clicks()
    {
        var low = Worlds.Small();
        var high = Worlds.Small();
        var first = low.Today;
        low.SetEveryBid(_ => 0.60m);
        high.SetEveryBid(_ => 0.90m);
        low.AdvanceDays(3);
        high.AdvanceDays(3);

        var few = low.CampaignRows(low.DaysSince(first)).Sum(row => row.Metrics.Impressions);
        var many = high.CampaignRows(high.DaysSince(first)).Sum(row => row.Metrics.Impressions);

        Assert.True(many > few, $"{many} impressions at the higher bids, {few} at the lower");
        Assert.True(high.CampaignRows(high.DaysSince(first)).Sum(row => row.Metrics.Clicks) >= low.CampaignRows(low.DaysSince(first)).Sum(row => row.Metrics.Clicks));
    }

    [Fact]
    public void A_negative_stops_its_term_and_no_other()
    {
        var world = Worlds.Small(demand: 2);
        var term = world.SearchTermRows(world.AllDays()).Where(row => !row.SearchTerm.StartsWith("b0", StringComparison.Ordinal))
            .GroupBy(row => row.SearchTerm).MaxBy(group => group.Sum(row => row.Metrics.Clicks))!.Key;
        foreach (var campaign in world.Ads.Campaigns.ToList())
        {
            Assert.IsType<Accepted>(world.Ads.Create(new NegativeDraft(campaign.Id, null, NegativeMatch.Exact, term, EntityState.Enabled)));
        }

        world.AdvanceDays(1);
        var first = world.Today;
        world.AdvanceDays(4);
        var after = world.SearchTermRows(world.DaysSince(first));

        Assert.DoesNotContain(after, row => row.SearchTerm == term);
        Assert.Contains(after, row => row.SearchTerm.Contains(term, StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_shelf_stops_ads_and_sales_until_goods_arrive()
    {
        var world = Worlds.Small();
        var sku = world.Stock()[0].Sku;
        world.AdvanceDays(1);
        world.Simulation.Shop.SetStock(0, 0, cancelInbound: true);
        var emptyFrom = world.Now;
        var first = world.Today.AddDays(1);
        world.AdvanceDays(4);

        Assert.Equal(0, world.Stock()[0].Fulfillable + world.OrdersPurchased(emptyFrom.AddDays(1), world.Now).Count(order => order.Sku == sku));
        Assert.DoesNotContain(world.ProductRows(world.DaysSince(first)), row => row.Sku == sku);
        Assert.Contains(world.ProductRows(world.DaysSince(first)), row => row.Sku != sku);

        world.Simulation.Shop.SetStock(0, 500, cancelInbound: false);
        var refilled = world.Today.AddDays(1);
        world.AdvanceDays(3);
        Assert.Contains(world.ProductRows(world.DaysSince(refilled)), row => row.Sku == sku);
    }

    [Fact]
    public void A_campaign_spends_at_most_twice_its_budget_in_a_day_and_its_budget_on_average_in_a_month()
    {
        var world = Worlds.Small(demand: 3);
        world.SetEveryBid(_ => 1.50m);
        foreach (var campaign in world.Ads.Campaigns.ToList()) world.Ads.Update(new CampaignEdit(campaign.Id, DailyBudget: 10m));
        world.AdvanceDays(1);
        var first = world.Today;
        world.AdvanceDays(10);

        var rows = world.CampaignRows(world.DaysSince(first)).ToLookup(row => row.CampaignId);

        Assert.All(rows, days => Assert.All(days, row => Assert.InRange(row.Metrics.Cost, 0, 25m)));
        Assert.All(rows, days => Assert.InRange(days.Sum(row => row.Metrics.Cost), 0, (10 + 2) * 10m * 1.1m));
        Assert.Contains(rows, days => days.Sum(row => row.Metrics.Cost) > 80m); // and some do run dry
    }

    [Fact]
    public void Orders_become_visible_over_days()
    {
        var world = Worlds.Small(products: 8, days: 3, demand: 4);
        var span = new DateSpan(world.Today.AddDays(-1), world.Today.AddDays(-1));
        var seen = new List<int>();
        for (var age = 1; age <= 16; age++)
        {
            seen.Add(world.CampaignRows(span).Sum(row => row.Metrics.Within14Days.Orders));
            world.AdvanceDays(1);
        }

        var final = seen[^1];
        Assert.InRange(seen[0] / (double)final, 0.15, 0.65); // reports lag half a day behind
        Assert.InRange(seen[1] / (double)final, 0.60, 0.90);
        Assert.InRange(seen[3] / (double)final, seen[1] / (double)final, 1.05);
        Assert.True(seen[7] >= 0.95 * final, $"{seen[7]} of {final} after a week");
        Assert.True(world.CampaignRows(span).Sum(row => row.Metrics.Within1Day.Orders) < final);
    }

    [Fact]
    public void Rows_of_every_report_add_up_to_the_campaigns()
    {
        var world = Worlds.Demo;
        var days = new DateSpan(world.FirstDay.AddDays(20), world.FirstDay.AddDays(29));
        var campaigns = world.CampaignRows(days);
        var targets = world.TargetRows(days);
        var terms = world.SearchTermRows(days);

        Assert.Equal(Sum(campaigns.Select(row => row.Metrics)), Sum(targets.Select(row => row.Metrics)));
        Assert.Equal(Sum(campaigns.Select(row => row.Metrics)), Sum(world.PlacementRows(days).Select(row => row.Metrics)));
        Assert.Equal(Sum(campaigns.Select(row => row.Metrics)), Sum(world.ProductRows(days).Select(row => row.Metrics)));
        Assert.All(terms, row => Assert.InRange(row.Metrics.Clicks, 1, row.Metrics.Impressions));
        foreach (var target in targets)
        {
            var own = terms.Where(row => row.TargetId == target.TargetId && row.Day == target.Day).ToList();
            Assert.Equal((target.Metrics.Clicks, target.Metrics.Cost), (own.Sum(row => row.Metrics.Clicks), own.Sum(row => row.Metrics.Cost)));
            Assert.True(own.Sum(row => row.Metrics.Impressions) <= target.Metrics.Impressions);
        }

        static (long, long, decimal, int, decimal) Sum(IEnumerable<Metrics> rows)
        {
            var all = rows.ToList();
            return (all.Sum(row => row.Impressions), all.Sum(row => row.Clicks), all.Sum(row => row.Cost), all.Sum(row => row.Within7Days.Orders), all.Sum(row => row.Within30Days.Sales));
        }
    }

    [Fact]
    public void Economics_and_orders_tell_the_same_units()
    {
        var world = Worlds.Demo;
        var day = world.FirstDay.AddDays(30);
        var units = world.EconomicsRows(new DateSpan(day, day)).Sum(row => row.UnitsOrdered);

        var orders = world.OrdersPurchased(world.Now.AddDays(-60), world.Now)
            .Where(order => world.DayOf(order.PurchasedAt) == day && order.Status != OrderStatus.Cancelled).Sum(order => order.Quantity);

        Assert.True(units > 0);
        Assert.Equal(units, orders);
    }

    [Fact]
    public void A_day_keeps_its_local_hour_when_the_clocks_change()
    {
        var world = new MarketWorld(7, new WorldSettings { Products = 1, HistoryDays = 1, HistoryEnd = new DateTimeOffset(2026, 3, 7, 18, 0, 0, TimeSpan.Zero) });

        world.AdvanceDays(1);

        Assert.Equal(new DateTimeOffset(2026, 3, 8, 17, 0, 0, TimeSpan.Zero), world.Now); // 10 o'clock in Los Angeles, one hour earlier in UTC
    }
}
