using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class TailTests
{
    private static readonly DateOnly First = new(2026, 4, 2);

    [Fact]
    public void New_searches_come_for_ever_ever_more_slowly_and_never_twice()
    {
        var market = new Market(new Dice(3), new WorldSettings { Products = 20 }, First);
        var known = market.Queries.Count;
        market.GrowTo(3 * 365);
        var births = market.Queries.Skip(known).Select(query => query.BornOn).ToList();
        var (first, last) = (births.Count(day => day <= 365), births.Count(day => day > 2 * 365));

        // n searches of which √n are different: the third year sees (√4 − √3)/(√2 − √1) = 0.65 of the first's.
        Assert.InRange(last / (double)first, 0.58, 0.72);
        Assert.True(first > 20 * 365 * 0.4, $"{first} in the first year");
        Assert.Equal(market.Queries.Count, market.Queries.Select(query => query.Text).Distinct(StringComparer.Ordinal).Count());
        Assert.True(births.SequenceEqual(births.Order()));
        Assert.All(market.Queries, query => Assert.True(query.IsPage || query.Words.Length > 0));
    }

    [Fact]
    public void The_same_searches_are_born_whoever_asks_and_however_far_ahead()
    {
        var stepwise = new Market(new Dice(5), new WorldSettings { Products = 6 }, First);
        var atOnce = new Market(new Dice(5), new WorldSettings { Products = 6 }, First);
        for (var day = 0; day <= 200; day++) stepwise.GrowTo(day);
        atOnce.GrowTo(200);

        Assert.Equal(Told(stepwise), Told(atOnce));

        static IEnumerable<(string, int, double, double)> Told(Market market) => market.Queries.Select(query => (query.Text, query.BornOn, query.Volume, query.RivalMedian));
    }

    [Fact]
    public void The_same_searches_are_born_under_two_policies_and_are_clicked()
    {
        var quiet = Worlds.Small(products: 3, days: 20, demand: 3);
        var loud = Worlds.Small(products: 3, days: 20, demand: 3);
        loud.SetEveryBid(_ => 3m);
        quiet.AdvanceDays(20);
        loud.AdvanceDays(20);
        var born = loud.Market.Queries.Where(query => query.BornOn >= 0).Select(query => query.Text).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(quiet.Market.Queries.Select(query => query.Text), loud.Market.Queries.Select(query => query.Text));
        Assert.Contains(loud.SearchTermRows(loud.AllDays()), row => born.Contains(row.SearchTerm));
        Assert.All(loud.SearchTermRows(loud.AllDays()).Where(row => born.Contains(row.SearchTerm)),
            row => Assert.True(row.Day.DayNumber - loud.FirstDay.DayNumber >= loud.Market.Queries.First(query => query.Text == row.SearchTerm).BornOn));
    }

    [Fact]
    public void A_keyword_made_later_meets_a_search_born_earlier()
    {
        var world = new MarketWorld(7, new WorldSettings { Products = 2, HistoryDays = 30, Demand = 20, StockRunsOut = false });
        var query = world.Market.Queries.Where(query => query is { BornOn: >= 0, Type: 0, IsStray: false }).MaxBy(query => query.Volume)!;
        var auto = world.Ads.Campaigns.First(campaign => campaign.Targeting == TargetingType.Manual && world.Ads.ProductAds.Any(ad => ad.CampaignId == campaign.Id && ad.Sku == world.Listings()[0].Sku.Value));
        var group = world.Ads.AdGroups.First(group => group.CampaignId == auto.Id);
        world.Ads.Update(new CampaignEdit(auto.Id, DailyBudget: 10_000));
        var keyword = Assert.IsType<Accepted>(world.Ads.Create(new KeywordDraft(auto.Id, group.Id, query.Text, MatchType.Exact, EntityState.Enabled, 50m)));

        world.AdvanceDays(20);

        Assert.Contains(world.TargetRows(world.AllDays()), row => row.TargetId == keyword.Id && row.Metrics.Impressions > 0);
    }
}
