using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class WordsTests
{
    [Theory]
    [InlineData("cutting board", "cutting board", true, true, true)]
    [InlineData("cutting board", "Cutting Boards", true, true, true)]
    [InlineData("cutting board", "bamboo cutting board", false, true, true)]
    [InlineData("cutting board", "cutting board for meat", false, true, true)]
    [InlineData("cutting board", "board for cutting", false, false, true)]
    [InlineData("cutting board", "cutting mat", false, false, false)]
    [InlineData("bamboo board", "bamboo cutting board", false, false, true)]
    [InlineData("cutting board", "chopping block", false, false, true)]
    [InlineData("dog bed", "beds for dogs", false, false, true)]
    [InlineData("lunch box", "lunch boxes", true, true, true)]
    [InlineData("cutting boards large", "cutting board", false, false, false)]
    public void A_keyword_matches_as_its_type_says(string keyword, string search, bool exact, bool phrase, bool broad)
    {
        var (own, typed) = (Words.Fold(keyword), Words.Fold(search));

        Assert.Equal((exact, phrase, broad), (Words.IsExact(own, typed), Words.IsPhrase(own, typed), Words.IsBroad(own, typed, synonymsCount: true)));
    }

    [Fact]
    public void Synonyms_count_only_where_the_market_says_so() =>
        Assert.False(Words.IsBroad(Words.Fold("cutting board"), Words.Fold("chopping block"), synonymsCount: false));
}
