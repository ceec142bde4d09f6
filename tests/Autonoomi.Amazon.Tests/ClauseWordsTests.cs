using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Ads.V1;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Amazon.Tests;

/// <summary>Whatever Amazon lets a target reach is kept under some word, today's kinds and those that are yet to come.</summary>
public sealed class ClauseWordsTests
{
    [Theory]
    [InlineData("QUERY_HIGH_REL_MATCHES", TargetKind.Auto, MatchType.CloseMatch, "")]
    [InlineData("ASIN_SAME_AS=B0ASIN0001", TargetKind.Product, MatchType.Product, "B0ASIN0001")]
    [InlineData("asinSameAs=B0ASIN0001", TargetKind.Product, MatchType.Product, "B0ASIN0001")]
    [InlineData("ASIN_CATEGORY_SAME_AS=12;ASIN_PRICE_LESS_THAN=30", TargetKind.Product, MatchType.Category, "12 (refined)")]
    [InlineData("ASIN_BRAND_SAME_AS=7;ASIN_CATEGORY_SAME_AS=12", TargetKind.Product, MatchType.Category, "12 (refined)")]
    [InlineData("ASIN_BRAND_SAME_AS=7", TargetKind.Product, MatchType.Brand, "7")]
    [InlineData("asinBrandSameAs=7;asinPriceLessThan=30", TargetKind.Product, MatchType.Brand, "7 (refined)")]
    [InlineData("KEYWORD_GROUP_SAME_AS=category", TargetKind.Auto, MatchType.KeywordGroup, "Keyword group: category")]
    [InlineData("contentCategorySameAs=garden", TargetKind.Auto, MatchType.ContentCategory, "garden")]
    [InlineData("similarProduct", TargetKind.Auto, MatchType.Substitutes, "")]
    [InlineData("ASIN_GENRE_SAME_AS=42", TargetKind.Product, MatchType.Other, "ASIN_GENRE_SAME_AS 42")]
    [InlineData("asinWornByPilots=yes;asinIsBlue", TargetKind.Product, MatchType.Other, "asinWornByPilots yes, asinIsBlue")]
    [InlineData("ASIN_BRAND_SAME_AS", TargetKind.Product, MatchType.Other, "ASIN_BRAND_SAME_AS")]
    [InlineData("", TargetKind.Product, MatchType.Other, "UNNAMED")]
    public void Every_expression_has_a_word_and_an_unknown_one_is_kept_in_Amazons_own(string expression, TargetKind kind, MatchType match, string text) =>
        Assert.Equal((kind, match, text), ClauseWords.Of(Of(expression)));

    [Theory]
    [InlineData("ASIN_SAME_AS=B0ASIN0001", NegativeMatch.Product, "B0ASIN0001")]
    [InlineData("asinBrandSameAs=7", NegativeMatch.Brand, "7")]
    [InlineData("OTHER", NegativeMatch.Other, "OTHER")]
    public void So_has_every_negative(string expression, NegativeMatch match, string text) => Assert.Equal((match, text), ClauseWords.Negated(Of(expression)));

    [Fact]
    public void The_unified_model_reads_alike()
    {
        UnifiedTarget Category(CategoryRefinement refinement) => new() { TargetType = "PRODUCT_CATEGORY", TargetDetails = new() { ProductCategoryTarget = new(new(refinement)) } };
        UnifiedTarget Theme(string name) => new() { TargetType = "THEME", TargetDetails = new() { ThemeTarget = new(name) } };

        Assert.Equal((TargetKind.Product, MatchType.Brand, "7"), Clause(Category(new(null) { ProductBrandId = "7" })));
        Assert.Equal((TargetKind.Product, MatchType.Brand, "7 (refined)"), Clause(Category(new(null) { ProductBrandId = "7", ProductPriceLessThan = 30 })));
        Assert.Equal((TargetKind.Product, MatchType.Category, "12 (refined)"), Clause(Category(new("12") { ProductBrandId = "7" })));
        Assert.Equal((TargetKind.Product, MatchType.Other, "ASIN_AGE_RANGE_SAME_AS 3"), Clause(Category(new(null) { ProductAgeRangeId = "3" })));
        Assert.Equal((TargetKind.Auto, MatchType.KeywordGroup, "Keyword group: gifts"), Clause(Theme("KEYWORDS_RELATED_TO_GIFTS")));
        Assert.Equal((TargetKind.Auto, MatchType.CloseMatch, "Theme: your brand"), UnifiedWords.Clause(Theme("KEYWORDS_RELATED_TO_YOUR_BRAND"), AdProduct.SponsoredBrands));
        Assert.Equal((TargetKind.Product, MatchType.Other, "LOCATION"), Clause(new() { TargetType = "LOCATION", TargetDetails = new() }));
        Assert.Equal((TargetKind.Product, MatchType.Other, "A_KIND_TO_COME"), Clause(new() { TargetType = "A_KIND_TO_COME" }));

        static (TargetKind, MatchType, string) Clause(UnifiedTarget target) => UnifiedWords.Clause(target, AdProduct.SponsoredProducts);
    }

    private static Predicate[] Of(string expression) => [.. expression.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(each => each.Split('=')).Select(parts => new Predicate(parts[0], parts.ElementAtOrDefault(1)))];
}
