using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Tests;

public sealed class SearchedTests
{
    private static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    private static readonly DateOnly Sunday = new(2026, 11, 8);
    private static readonly Asin Mug = new("B000000001"), Kettle = new("B000000002"), Lid = new("B000000003");

    [Fact]
    public void A_keyword_finds_its_own_text_in_the_newest_week_with_the_shares_of_what_it_advertises()
    {
        var week = Searched.After(Shop(), Keyword(" Red MUG "))!;

        Assert.Equal((Sunday, 4000L), (week.Sunday, week.Volume));
        // The lid is an archived ad; the kettle came to fewer clicks than the mug.
        Assert.Equal([(Mug.Value, "MUG", 0.05, 0.1, 0.2), (Kettle.Value, null, 0.01, 0.005, 0.0)], week.Products.Select(share => (share.Asin.Value, share.Listing?.Sku.Value, share.OfImpressions!.Value, share.OfClicks!.Value, share.OfPurchases!.Value)));
        Assert.Equal((0.2, 0.1), (week.Products[0].Conversion!.Value, week.Products[0].AllConversion!.Value));
    }

    [Fact]
    public void A_search_that_the_newest_week_does_not_tell_is_told_of_its_own_newest_week() => Assert.Equal((Sunday.AddDays(-7), 70L), Searched.After(Shop(), Keyword("old mug")) is { } week ? (week.Sunday, week.Volume) : default);

    [Fact]
    public void Other_searches_other_ad_groups_and_targets_that_are_no_keyword_find_nothing()
    {
        Assert.NotNull(Searched.After(Shop(), Keyword("red mug", MatchType.Phrase)));
        Assert.NotNull(Searched.After(Shop(), Keyword("red mug", MatchType.Broad)));
        Assert.Null(Searched.After(Shop(), Keyword("red mugs")));
        Assert.Null(Searched.After(Shop(), Keyword("lid")));
        Assert.Null(Searched.After(Shop(), Keyword("red mug") with { AdGroup = new(9) }));
        Assert.Null(Searched.After(Shop(), Keyword("red mug") with { Kind = TargetKind.Product, Match = MatchType.Product }));
        Assert.Null(Searched.After(Shop() with { SearchQueryWeeks = FactTable.Empty(Dataset.SearchQueryWeek) }, Keyword("red mug")));
    }

    // A tenth of all 1,000 clicks sells; of 100 clicks two standard deviations are 5.7 purchases.
    [Theory]
    [InlineData(100, 16, 1)]
    [InlineData(100, 15, 0)]
    [InlineData(100, 5, 0)]
    [InlineData(100, 4, -1)]
    [InlineData(20, 5, 1)]
    [InlineData(19, 19, 0)]
    [InlineData(1000, 100, 0)]
    public void A_product_stands_above_or_below_all_products_only_beyond_chance_and_from_twenty_clicks(long clicks, long purchases, int standing) =>
        Assert.Equal(standing, new SearchShare(Mug, null, 9000, 900, 1000, clicks, 100, purchases).Standing);

    [Fact]
    public void A_share_of_nothing_is_none_and_nothing_sold_is_no_difference()
    {
        var share = new SearchShare(Mug, null, 0, 0, 100, 50, 0, 0);

        Assert.Equal((null, 0.5, null), (share.OfImpressions, share.OfClicks, share.OfPurchases));
        Assert.Equal((0.0, 0.0, 0), (share.Conversion, share.AllConversion, share.Standing));
        Assert.Null((share with { Clicks = 0, OwnClicks = 0 }).Conversion);
    }

    [Fact]
    public void What_all_searches_brought_is_told_of_each_advertised_product_in_its_newest_week()
    {
        var sums = Searched.Products(Shop(), Keyword("anything", MatchType.Broad));

        Assert.Equal(new SearchSum(Sunday, Mug, Shop().Listings[0], 900, 90, 30, 9, new Money(180.5m, Us.Currency)), sums[0]);
        Assert.Equal((Kettle, Sunday.AddDays(-7), 7L), (sums[1].Asin, sums[1].Sunday, sums[1].Clicks));
        Assert.Equal(2, sums.Length);
        Assert.Empty(Searched.Products(Shop() with { SearchCatalogueWeeks = FactTable.Empty(Dataset.SearchCatalogueWeek) }, Keyword("red mug")));
    }

    [Fact]
    public void A_search_has_its_rank_of_the_newest_week_in_the_whole_shop_and_says_which_products_are_own()
    {
        var ranked = Searched.Ranked(Ranks(), Keyword(" RED mug "))!;

        Assert.Equal((Sunday, "Amazon.com", 812L), (ranked.Sunday, ranked.Department, ranked.Rank));
        Assert.Equal([("B0RIVAL001", null, 0.2, 0.1), (Mug.Value, "MUG", 0.15, 0.25), ("B0RIVAL002", null, 0.05, 0.0)], ranked.Products.Select(product => (product.Asin.Value, product.Listing?.Sku.Value, product.ClickShare, product.ConversionShare)));
        Assert.Equal(("Kitchen", 4L), Searched.Ranked(Ranks(), Keyword("lid", MatchType.Broad)) is { } other ? (other.Department, other.Rank) : default);
        Assert.Null(Searched.Ranked(Ranks(), Keyword("red mugs")));
        Assert.Null(Searched.Ranked(Ranks(), Keyword("red mug") with { Kind = TargetKind.Product, Match = MatchType.Product }));
        Assert.Null(Searched.Ranked(Shop(), Keyword("red mug")));
    }

    private static Workspace Ranks()
    {
        var ranks = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermWeek));
        void Row(int weeks, string department, string term, string asin, long rank, int click, long clicks, long orders) =>
            ranks.Day(Sunday.AddDays(-7 * weeks)).Text(department).Text(term).Text(asin).Long(rank).Int(click).Long(clicks).Long(orders);
        Row(1, "Amazon.com", "red mug", Mug.Value, 5, 1, 900_000, 900_000);
        Row(0, "Kitchen", "red mug", Mug.Value, 3, 1, 900_000, 900_000);
        Row(0, "Amazon.com", "red mug", "B0RIVAL002", 812, 3, 50_000, 0);
        Row(0, "Amazon.com", "red mug", Mug.Value, 812, 2, 150_000, 250_000);
        Row(0, "Amazon.com", "red mug", "B0RIVAL001", 812, 1, 200_000, 100_000);
        Row(0, "Kitchen", "lid", Lid.Value, 4, 1, 100_000, 0);
        return Shop() with { SearchTermWeeks = ranks.Build() };
    }

    private static Target Keyword(string text, MatchType match = MatchType.Exact) => new(new(1), new(7), new(8), TargetKind.Keyword, match, text, EntityState.Enabled, new Money(1m, Us.Currency));

    private static Workspace Shop()
    {
        var queries = new FactTableBuilder(TableSchema.Of(Dataset.SearchQueryWeek));
        void Query(int weeks, Asin asin, string search, long volume, params long[] figures)
        {
            queries.Day(Sunday.AddDays(-7 * weeks)).Text(asin.Value).Text(search).Long(volume);
            foreach (var figure in figures) queries.Long(figure);
        }

        Query(1, Mug, "red mug", 3000, 9000, 9000, 900, 900, 90, 90);
        Query(0, Kettle, "red mug", 4000, 10_000, 100, 1000, 5, 100, 0);
        Query(0, Mug, "red mug", 4000, 10_000, 500, 1000, 100, 100, 20);
        Query(0, Lid, "red mug", 4000, 10_000, 500, 1000, 500, 100, 20);
        Query(0, Lid, "lid", 50, 10, 5, 4, 3, 2, 1);
        Query(1, Mug, "old mug", 70, 10, 5, 4, 3, 2, 1);

        var catalogue = new FactTableBuilder(TableSchema.Of(Dataset.SearchCatalogueWeek));
        foreach (var (weeks, asin, clicks) in new[] { (1, Mug, 5L), (0, Mug, 90L), (1, Kettle, 7L), (0, Lid, 400L) })
            catalogue.Day(Sunday.AddDays(-7 * weeks)).Text(asin.Value).Long(clicks * 10).Long(clicks).Long(clicks / 3).Long(clicks / 10).Long(180_500_000);

        ProductAd Ad(long id, Asin asin, EntityState state) => new(new(id), new(7), new(8), new($"SKU-{id}"), asin, state);
        return new Workspace
        {
            Storefront = new(1),
            Marketplace = Us,
            Today = Sunday.AddDays(15),
            SyncedAt = null,
            ProductAds = [Ad(1, Mug, EntityState.Enabled), Ad(2, Kettle, EntityState.Paused), Ad(3, Lid, EntityState.Archived)],
            Listings = [new(new("MUG"), Mug, "Mug", new Money(20m, Us.Currency), true)],
            SearchQueryWeeks = queries.Build(),
            SearchCatalogueWeeks = catalogue.Build(),
            Settings = new(AutomationMode.Watch, new Money(100m, Us.Currency), new Money(2m, Us.Currency), [], [], Frozen: false),
        };
    }
}
