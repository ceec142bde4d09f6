using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

/// <summary>Which searches and pages a target reaches in a real market, and which texts Amazon takes.</summary>
public sealed class MatchingTests
{
    private static readonly MarketWorld World = new(7, new WorldSettings { Products = 5, HistoryDays = 0, NaiveCampaigns = false });

    [Fact]
    public void A_product_target_reaches_one_page_however_the_asin_is_written()
    {
        var page = World.Market.Queries.First(query => query.IsPage);

        Assert.Equal([page.Index], Reached(MatchType.Product, page.Text.ToUpperInvariant()).Select(query => query.Index));
        Assert.Empty(Reached(MatchType.Product, "B000000000"));
    }

    [Fact]
    public void A_category_target_reaches_the_pages_of_its_category()
    {
        var reached = Reached(MatchType.Category, Market.CategoryId(0));

        Assert.Equal(World.Market.Queries.Count(query => query.IsPage && Catalogue.Types[query.Type].Category == 0), reached.Count);
        Assert.All(reached, query => Assert.True(query.IsPage));
    }

    [Fact]
    public void Close_and_loose_match_share_no_search_and_reach_no_page()
    {
        var (close, loose) = (Reached(MatchType.CloseMatch), Reached(MatchType.LooseMatch));

        Assert.Empty(close.Intersect(loose));
        Assert.All(close.Concat(loose), query => Assert.False(query.IsPage));
        Assert.All(close, query => Assert.Equal(0, query.Type));
        Assert.Contains(loose, query => query.Type != 0);
        Assert.Equal(World.Market.Queries.Count(query => query.Type == 0 && !query.IsPage), close.Count + loose.Count(query => query.Type == 0));
    }

    [Fact]
    public void Substitutes_are_pages_of_the_same_kind_and_complements_of_others_in_the_category()
    {
        var (same, others) = (Reached(MatchType.Substitutes), Reached(MatchType.Complements));

        Assert.Equal(Shoppers.PagesPerType, same.Count);
        Assert.All(same, query => Assert.True(query is { IsPage: true, Type: 0 }));
        Assert.NotEmpty(others);
        Assert.All(others, query => Assert.True(query.IsPage && query.Type != 0 && Catalogue.Types[query.Type].Category == Catalogue.Types[0].Category));
    }

    [Fact]
    public void Exact_is_within_phrase_and_phrase_within_broad()
    {
        foreach (var head in Catalogue.Types[0].Heads)
        {
            var (exact, phrase, broad) = (Reached(MatchType.Exact, head), Reached(MatchType.Phrase, head), Reached(MatchType.Broad, head));

            Assert.Single(exact);
            Assert.ProperSubset(phrase.ToHashSet(), exact.ToHashSet());
            Assert.ProperSubset(broad.ToHashSet(), phrase.ToHashSet());
            Assert.All(broad, query => Assert.False(query.IsPage));
        }
    }

    [Fact]
    public void A_keyword_reaches_the_searches_that_the_words_themselves_allow()
    {
        var keyword = Words.Fold("bamboo cutting board");
        var expected = World.Market.Queries.Where(query => !query.IsPage && query.Type == 0 && Words.IsPhrase(keyword, query.Words)).Select(query => query.Index);

        Assert.Equal(expected, Reached(MatchType.Phrase, "bamboo cutting board").Select(query => query.Index));
    }

    [Theory]
    [InlineData(10, MatchType.Exact, true)]
    [InlineData(11, MatchType.Exact, false)]
    [InlineData(10, MatchType.Phrase, true)]
    [InlineData(11, MatchType.Phrase, false)]
    [InlineData(10, MatchType.Broad, true)]
    [InlineData(11, MatchType.Broad, false)]
    public void A_keyword_has_at_most_ten_words(int words, MatchType match, bool isTaken)
    {
        var (campaign, group) = Group();

        var result = World.Ads.Create(new KeywordDraft(campaign, group, Sentence(words), match, EntityState.Enabled, 0.5m));

        Assert.Equal(isTaken, result is Accepted);
        if (!isTaken) Assert.Equal(("malformedValueError", "TOO_LONG"), (((Refused)result).Selector, ((Refused)result).Reason));
    }

    [Theory]
    [InlineData(4, NegativeMatch.Phrase, true)]
    [InlineData(5, NegativeMatch.Phrase, false)]
    [InlineData(10, NegativeMatch.Exact, true)]
    [InlineData(11, NegativeMatch.Exact, false)]
    public void A_negative_has_at_most_four_words_as_phrase_and_ten_as_exact(int words, NegativeMatch match, bool isTaken)
    {
        var (campaign, _) = Group();

        Assert.Equal(isTaken, World.Ads.Create(new NegativeDraft(campaign, null, match, Sentence(words), EntityState.Enabled)) is Accepted);
    }

    [Theory]
    [InlineData(80, true)]
    [InlineData(81, false)]
    public void A_keyword_has_at_most_80_characters(int length, bool isTaken)
    {
        var (campaign, group) = Group();

        Assert.Equal(isTaken, World.Ads.Create(new KeywordDraft(campaign, group, new string('a', length), MatchType.Exact, EntityState.Enabled, 0.5m)) is Accepted);
    }

    [Theory]
    [InlineData("what?")]
    [InlineData("50% off")]
    [InlineData("a*b")]
    [InlineData("size=4")]
    [InlineData("  board")]
    public void Some_characters_are_refused(string text)
    {
        var (campaign, group) = Group();

        Assert.IsType<Refused>(World.Ads.Create(new KeywordDraft(campaign, group, text, MatchType.Broad, EntityState.Enabled, 0.5m)));
    }

    private static List<Query> Reached(MatchType match, string text = "") =>
        [.. World.Market.Matches(new WorldTarget(1, 1, 1, TargetKind.Keyword, match, text, EntityState.Enabled, 1, default, default), World.Market.Products[0])
            .Select(index => World.Market.Queries[index])];

    private static (long Campaign, long Group) Group()
    {
        var name = $"Words {World.Ads.Campaigns.Count}";
        var campaign = ((Accepted)World.Ads.Create(new CampaignDraft(name, TargetingType.Manual, EntityState.Enabled, 50))).Id;
        return (campaign, ((Accepted)World.Ads.Create(new AdGroupDraft(campaign, name, 0.5m, EntityState.Enabled))).Id);
    }

    private static string Sentence(int words) => string.Join(' ', Enumerable.Range(1, words).Select(word => $"w{word}"));
}
