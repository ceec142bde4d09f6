using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.Ledger;
using Autonoomi.Marketplace.OtherAds;
using Autonoomi.Marketplace.Tests.World;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.OtherAds;

public sealed class OtherMarketTests
{
    [Fact]
    public void Its_facts_do_not_depend_on_how_often_somebody_looks()
    {
        var (often, seldom) = (Worlds.Small(days: 10), Worlds.Small(days: 10));
        var (looked, left) = (new OtherMarket(often, isLaidOut: true), new OtherMarket(seldom, isLaidOut: true));
        for (var hour = 0; hour < 72; hour++)
        {
            often.AdvanceHours(1);
            Assert.NotEmpty(looked.Account.Campaigns);
        }

        seldom.AdvanceHours(72);

        Assert.Equal(Print(left, seldom), Print(looked, often));
        Assert.NotEqual("", Print(left, seldom));
    }

    [Fact]
    public void The_world_of_sponsored_products_does_not_feel_it()
    {
        var (alone, together) = (Worlds.Small(days: 10), Worlds.Small(days: 10));
        var others = new OtherMarket(together, isLaidOut: true);
        for (var day = 0; day < 3; day++)
        {
            alone.AdvanceDays(1);
            together.AdvanceDays(1);
            Assert.NotEmpty(Rows(others, together, AdProduct.SponsoredBrands));
        }

        Assert.Equal(alone.Fingerprint(), together.Fingerprint());
    }

    [Fact]
    public void Without_campaigns_there_is_nothing_to_report_and_nothing_to_pay()
    {
        var world = Worlds.Small();
        var others = new OtherMarket(world, isLaidOut: false);

        Assert.Empty(others.Account.Campaigns);
        Assert.Empty(Rows(others, world, AdProduct.SponsoredBrands));
        Assert.Empty(others.Charges(AdProduct.SponsoredDisplay, world.Today.AddDays(-1)));
    }

    [Fact]
    public void A_higher_bid_brings_more_clicks_at_a_higher_price_and_a_paused_target_none()
    {
        var (plain, raised) = (Worlds.Small(days: 10), Worlds.Small(days: 10));
        var (before, after) = (new OtherMarket(plain, isLaidOut: true), new OtherMarket(raised, isLaidOut: true));
        foreach (var account in new[] { before.Account, after.Account })
            foreach (var campaign in account.Campaigns) Assert.NotNull(account.UpdateCampaign(campaign.AdProduct, campaign.Id, 100_000m, null, null, null).Id);
        var keywords = after.Account.Targets.Where(target => target.Kind == OtherTargetKind.Keyword).ToList();
        foreach (var keyword in keywords.Skip(1)) Assert.NotNull(after.Account.UpdateTarget(AdProduct.SponsoredBrands, [OtherTargetKind.Keyword], keyword.Id, null, keyword.Bid * 2, null).Id);
        Assert.NotNull(after.Account.UpdateTarget(AdProduct.SponsoredBrands, [OtherTargetKind.Keyword], keywords[0].Id, null, null, EntityState.Paused).Id);
        var first = raised.Today.AddDays(1);
        plain.AdvanceDays(12);
        raised.AdvanceDays(12);

        var span = new DateSpan(first, raised.Today);
        var (less, more) = (Clicks(before, span), Clicks(after, span));

        Assert.False(more.ContainsKey(keywords[0].Id));
        Assert.True(more.Values.Sum(figures => figures.Clicks) > 1.1 * less.Where(entry => entry.Key != keywords[0].Id).Sum(entry => entry.Value.Clicks));
        Assert.True(more.Values.Sum(figures => figures.Cost) / more.Values.Sum(figures => figures.Clicks) > less.Values.Sum(figures => figures.Cost) / less.Values.Sum(figures => figures.Clicks));
    }

    [Fact]
    public void A_campaign_spends_no_more_than_its_budget_and_one_click()
    {
        var world = Worlds.Small(days: 10);
        var others = new OtherMarket(world, isLaidOut: true);
        var largest = others.Rows(AdProduct.SponsoredBrands, world.AllDays(), shown => shown.Target.AdGroup.Campaign.Id.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal).Concat(others.Rows(AdProduct.SponsoredDisplay, world.AllDays(), shown => shown.Target.AdGroup.Campaign.Id.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal)).ToList();
        var highest = others.Account.Targets.Max(target => target.BidInForce) * 1.2m;

        Assert.All(largest, row => Assert.True(row.Figures.Cost <= others.Account.Campaign(long.Parse(row.Key, CultureInfo.InvariantCulture))!.DailyBudget + highest));
    }

    [Fact]
    public void Its_orders_are_orders_of_the_seller_each_claimed_once()
    {
        var world = Worlds.Small(days: 20);
        var others = new OtherMarket(world, isLaidOut: true);
        var days = world.AllDays();
        var claimed = Rows(others, world, AdProduct.SponsoredBrands).Concat(Rows(others, world, AdProduct.SponsoredDisplay)).ToList();
        var real = world.OrdersPurchased(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

        Assert.True(claimed.Sum(row => row.Figures.Orders) > 0);
        Assert.True(claimed.Sum(row => row.Figures.Orders) <= real.Count);
        Assert.True(claimed.Sum(row => row.Figures.Sales) <= real.Sum(order => order.Quantity * order.UnitPrice));
        Assert.Equal(days.First, world.FirstDay);
    }

    [Fact]
    public void Settlements_charge_what_all_ads_cost()
    {
        var world = Worlds.Small(days: 30);
        var others = new OtherMarket(world, isLaidOut: true);
        var charged = new MoneyBook(world, others).Postings().Where(posting => posting.Type == PostingType.Advertising).ToList();
        var alone = new MoneyBook(world).Postings().Where(posting => posting.Type == PostingType.Advertising).ToList();

        Assert.Equal(alone.Count, charged.Count);
        var weeks = charged.Select(posting => world.DayOf(posting.PostedAt).AddDays(-12)).Select(sunday => new DateSpan(sunday, sunday.AddDays(6))).ToList();
        var expected = weeks.Sum(week => Enumerable.Range(0, 7).Sum(day => new[] { AdProduct.SponsoredBrands, AdProduct.SponsoredDisplay }.Sum(product => others.Charges(product, week.First.AddDays(day)).Values.Sum())));
        Assert.True(expected > 0);
        Assert.Equal(-expected, charged.Sum(posting => posting.Parts.Sum(part => part.Item2)) - alone.Sum(posting => posting.Parts.Sum(part => part.Item2)));
    }

    [Theory]
    [InlineData("JP", 100)]
    [InlineData("UK", 1)]
    [InlineData("DE", 1)]
    public void In_every_marketplace_its_past_is_within_the_limits(string country, int scale)
    {
        var marketplace = Autonoomi.Core.Primitives.Marketplace.All.Single(each => each.Country == country);
        var world = new MarketWorld(5, new WorldSettings { MarketplaceId = marketplace.Id, MoneyScale = scale, Products = 3, HistoryDays = 8 });
        var others = new OtherMarket(world, isLaidOut: true);
        var rows = Rows(others, world, AdProduct.SponsoredBrands).Concat(Rows(others, world, AdProduct.SponsoredDisplay)).ToList();

        Assert.All(others.Account.Targets, target => Assert.InRange(target.BidInForce, marketplace.For(target.AdGroup.Campaign.AdProduct).MinimumBid, marketplace.For(target.AdGroup.Campaign.AdProduct).MaximumBid));
        Assert.All(others.Account.Campaigns, campaign => Assert.InRange(campaign.DailyBudget, marketplace.MinimumBudget, marketplace.MaximumBudget));
        Assert.True(rows.Sum(row => row.Figures.Clicks) > 20);
        Assert.All(rows, row => Assert.Equal(0, row.Figures.Cost % world.Market.SmallestUnit));
    }

    private static IReadOnlyList<(DateOnly Day, string Key, OtherFigures Figures)> Rows(OtherMarket others, MarketWorld world, AdProduct product) =>
        others.Rows(product, world.AllDays(), shown => string.Create(CultureInfo.InvariantCulture, $"{shown.Target.Id}/{shown.Place}/{shown.Product}/{shown.Term}"), StringComparer.Ordinal);

    private static string Print(OtherMarket others, MarketWorld world) => string.Join('\n', Rows(others, world, AdProduct.SponsoredBrands).Concat(Rows(others, world, AdProduct.SponsoredDisplay)));

    private static Dictionary<long, OtherFigures> Clicks(OtherMarket others, DateSpan days) =>
        others.Rows(AdProduct.SponsoredBrands, days, shown => shown.Target.Kind == OtherTargetKind.Keyword ? shown.Target.Id.ToString("D20", CultureInfo.InvariantCulture) : null, StringComparer.Ordinal)
            .GroupBy(row => long.Parse(row.Key, CultureInfo.InvariantCulture)).ToDictionary(group => group.Key, group => group.Select(row => row.Figures).Aggregate((one, other) => one + other));
}
