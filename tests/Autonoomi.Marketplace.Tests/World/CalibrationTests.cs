using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

/// <summary>The demo's market looks like a market; the figures seen are in docs/maths/market.md.</summary>
public sealed class CalibrationTests
{
    private static readonly MarketWorld World = Worlds.Demo;

    [Fact]
    public void Click_through_conversion_and_price_lie_where_public_figures_lie()
    {
        var rows = World.TargetRows(World.AllDays());
        var clicks = (double)rows.Sum(row => row.Metrics.Clicks);
        var bids = World.Ads.Targets.ToDictionary(target => target.Id, target => (double)World.Ads.BidInForce(target));

        Assert.InRange(clicks / rows.Sum(row => row.Metrics.Impressions), 0.003, 0.010);
        Assert.InRange(rows.Sum(row => row.Metrics.Within7Days.Orders) / clicks, 0.08, 0.125);
        Assert.InRange((double)rows.Sum(row => row.Metrics.Cost) / rows.Sum(row => row.Metrics.Clicks * bids[row.TargetId]), 0.55, 0.90);
        Assert.InRange(World.Ads.Targets.Count, 600, 1_000);
    }

    [Fact]
    public void Most_terms_with_clicks_never_bring_an_order()
    {
        var terms = World.SearchTermRows(World.AllDays()).GroupBy(row => row.SearchTerm).ToList();

        Assert.InRange(terms.Count(term => term.Sum(row => row.Metrics.Within7Days.Orders) == 0) / (double)terms.Count, 0.60, 0.80);
    }

    [Fact]
    public void The_hasty_sellers_campaigns_waste_but_still_earn()
    {
        var acos = World.CampaignRows(World.AllDays()).GroupBy(row => row.CampaignId)
            .Select(rows => (double)rows.Sum(row => row.Metrics.Cost) / Math.Max(0.01, (double)rows.Sum(row => row.Metrics.Within7Days.Sales))).Order().ToList();
        var truth = World.Truth(World.TruthDays);

        Assert.InRange(acos[acos.Count / 2], 0.20, 0.45);
        Assert.InRange(truth.Sum(day => day.ExpectedProfit) / truth.Sum(day => day.OracleProfit), 0.25, 0.60);
        Assert.InRange(truth.Sum(day => day.RealisedProfit) / truth.Sum(day => day.ExpectedProfit), 0.75, 1.25);
    }

    [Fact]
    public void Some_budgets_pinch()
    {
        var days = World.AllDays();
        var full = World.CampaignRows(days).GroupBy(row => row.CampaignId)
            .Count(rows => rows.Sum(row => row.Metrics.Cost) / days.Days > 0.9m * World.Ads.Campaign(rows.Key)!.DailyBudget);

        Assert.InRange(full, 3, 25);
    }
}
