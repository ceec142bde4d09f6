using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;
using Autonoomi.Testing;

namespace Autonoomi.Marketplace.Tests.World;

/// <summary>What is made while the world runs takes part in its auctions like what was there from the start.</summary>
public sealed class LaunchedCampaignTests
{
    [Theory]
    [InlineData(MarketMode.Fluid, true)]
    [InlineData(MarketMode.Fluid, false)]
    [InlineData(MarketMode.Event, true)]
    public void A_launched_campaign_earns_clicks_once_it_is_enabled_and_not_before(MarketMode mode, bool naiveCampaigns)
    {
        var world = new MarketWorld(7, new WorldSettings { Products = 4, HistoryDays = 12, Mode = mode, NaiveCampaigns = naiveCampaigns });
        var product = world.Market.Products[0];
        var searches = world.Market.Queries.Where(query => query.Type == product.Type && !query.IsPage).OrderByDescending(query => query.Volume).Take(3).Select(query => query.Text).ToList();
        var page = world.Market.Queries.Where(query => query.IsPage && query.Type == product.Type).MaxBy(query => query.Volume)!;
        var made = world.Today;
        var manual = Take(world.Ads.Create(new CampaignDraft("Launch manual", TargetingType.Manual, EntityState.Paused, 500m, BiddingStrategy.Fixed, 50)));
        var auto = Take(world.Ads.Create(new CampaignDraft("Launch auto", TargetingType.Auto, EntityState.Paused, 500m, BiddingStrategy.Fixed)));
        var keywords = Group(manual, "Keywords");
        var products = Group(manual, "Products");
        var automatic = Group(auto, "Auto");
        var targets = searches.Select(text => Take(world.Ads.Create(new KeywordDraft(manual, keywords, text, MatchType.Exact, EntityState.Enabled, 6m)))).ToList();
        var asin = Take(world.Ads.Create(new TargetDraft(manual, products, MatchType.Product, page.Text, EntityState.Enabled, 6m)));
        world.AdvanceDays(3);

        Assert.DoesNotContain(world.CampaignRows(world.AllDays()), row => row.CampaignId == manual || row.CampaignId == auto);

        foreach (var campaign in new[] { manual, auto }) Take(world.Ads.Update(new CampaignEdit(campaign, State: EntityState.Enabled)));
        var first = world.Today;
        world.AdvanceDays(12);
        var days = world.DaysSince(made);
        var rows = world.CampaignRows(days).Where(row => row.CampaignId == manual || row.CampaignId == auto).ToList();
        var byTarget = world.TargetRows(days).Where(row => row.CampaignId == manual || row.CampaignId == auto).ToList();

        Assert.All(rows, row => Assert.True(row.Day >= first, $"{row.Day} is before the campaign was enabled"));
        Assert.All(new[] { manual, auto }, campaign => Assert.True(rows.Where(row => row.CampaignId == campaign).Sum(row => row.Metrics.Cost) > 0, "no spend"));
        Assert.All(targets.Append(asin), target => Assert.True(byTarget.Where(row => row.TargetId == target).Sum(row => row.Metrics.Clicks) > 0, "a target without clicks"));
        var clauses = world.Ads.Targets.Where(target => target.AdGroupId == automatic).ToList();
        Assert.Equal(4, clauses.Count);
        Assert.True(clauses.Count(clause => byTarget.Any(row => row.TargetId == clause.Id && row.Metrics.Clicks > 0)) >= 2, "the clauses of the automatic campaign are not clicked");

        // Every table tells of the same clicks, and search terms of the keywords themselves.
        var clicks = rows.Sum(row => row.Metrics.Clicks);
        Assert.Equal(clicks, byTarget.Sum(row => row.Metrics.Clicks));
        Assert.Equal(clicks, world.ProductRows(days).Where(row => (row.CampaignId == manual || row.CampaignId == auto) && row.Sku == product.Sku).Sum(row => row.Metrics.Clicks));
        Assert.Equal(clicks, world.PlacementRows(days).Where(row => row.CampaignId == manual || row.CampaignId == auto).Sum(row => row.Metrics.Clicks));
        var terms = world.SearchTermRows(days).Where(row => row.CampaignId == manual || row.CampaignId == auto).ToList();
        Assert.Equal(clicks, terms.Sum(row => row.Metrics.Clicks));
        Assert.Equal(searches.Order(StringComparer.Ordinal), terms.Where(row => targets.Contains(row.TargetId)).Select(row => row.SearchTerm).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains(terms, row => row.TargetId == asin && row.SearchTerm == page.Text);
        Figures.Tell($"A launch in the {mode} market{(naiveCampaigns ? "" : " without any other campaign")}: {clicks} clicks for {rows.Sum(row => row.Metrics.Cost):0.00} in 12 days, {terms.Select(row => row.SearchTerm).Distinct().Count()} search terms, {rows.Sum(row => row.Metrics.Within7Days.Orders)} orders");

        long Group(long campaign, string name)
        {
            var group = Take(world.Ads.Create(new AdGroupDraft(campaign, name, 3m, EntityState.Enabled)));
            Take(world.Ads.Create(new ProductAdDraft(campaign, group, product.Sku, EntityState.Enabled)));
            return group;
        }
    }

    [Fact]
    public void A_campaign_that_starts_later_waits_for_its_day()
    {
        var world = Worlds.Small();
        var product = world.Market.Products[0];
        var start = world.Today.AddDays(3);
        var campaign = Take(world.Ads.Create(new CampaignDraft("Later", TargetingType.Auto, EntityState.Enabled, 500m, BiddingStrategy.Fixed, StartDate: start)));
        var group = Take(world.Ads.Create(new AdGroupDraft(campaign, "Auto", 6m, EntityState.Enabled)));
        Take(world.Ads.Create(new ProductAdDraft(campaign, group, product.Sku, EntityState.Enabled)));
        world.AdvanceDays(8);

        var rows = world.CampaignRows(world.AllDays()).Where(row => row.CampaignId == campaign).ToList();

        Assert.Equal(start, rows.Min(row => row.Day));
        Assert.True(rows.Sum(row => row.Metrics.Clicks) > 0);
    }

    private static long Take(WriteResult result) => Assert.IsType<Accepted>(result).Id;
}
