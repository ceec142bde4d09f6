using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads.V1;

/// <summary>Core's words in those of the unified model, and back.</summary>
internal static class UnifiedWords
{
    /// <summary>The unified model calls the United Kingdom GB; profiles, the older APIs and Core say UK.</summary>
    public static string Country(Marketplace marketplace) => marketplace.Country == "UK" ? "GB" : marketplace.Country;

    public static string Written(AdProduct product) => product switch
    {
        AdProduct.SponsoredProducts => "SPONSORED_PRODUCTS",
        AdProduct.SponsoredBrands => "SPONSORED_BRANDS",
        AdProduct.SponsoredDisplay => "SPONSORED_DISPLAY",
    };

    public static string Written(Placement placement) => placement switch
    {
        Placement.TopOfSearch => "TOP_OF_SEARCH",
        Placement.RestOfSearch => "REST_OF_SEARCH",
        Placement.ProductPages => "PRODUCT_PAGE",
    };

    public static string Written(EntityState state) => state == EntityState.Enabled ? "ENABLED" : "PAUSED";

    public static EntityState State(string? state) => state switch
    {
        "ENABLED" => EntityState.Enabled,
        "ARCHIVED" => EntityState.Archived,
        _ => EntityState.Paused,
    };

    public static BiddingStrategy Strategy(string? strategy) => strategy switch
    {
        // Absent means Amazon's default.
        null or "SALES_DOWN_ONLY" => BiddingStrategy.DownOnly,
        "SALES_UP_AND_DOWN" => BiddingStrategy.UpAndDown,
        "MANUAL" => BiddingStrategy.Fixed,
        _ => BiddingStrategy.RuleBased,
    };

    public static string Written(BiddingStrategy strategy) => strategy switch
    {
        BiddingStrategy.DownOnly => "SALES_DOWN_ONLY",
        BiddingStrategy.UpAndDown => "SALES_UP_AND_DOWN",
        BiddingStrategy.Fixed => "MANUAL",
        BiddingStrategy.RuleBased => "RULE_BASED",
    };

    /// <returns>The first moment of a day where the marketplace is.</returns>
    public static string Midnight(Marketplace marketplace, DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone).GetUtcOffset(local)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    public static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    public static long Number(string? id, string field) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new AmazonDocumentException("A list of Ads API v1", 0, field, "an id is a whole number from 1 to 2^63 - 1, and this one is not");

    /// <returns>What the target answers to; what Core has no word for is kept as other, with Amazon's type as its text.</returns>
    public static (TargetKind Kind, MatchType Match, string Text) Clause(UnifiedTarget target, AdProduct product) => target.TargetDetails switch
    {
        { KeywordTarget: { Keyword: { } word, MatchType: { } match } } => match switch
        {
            "EXACT" => (TargetKind.Keyword, MatchType.Exact, word),
            "PHRASE" => (TargetKind.Keyword, MatchType.Phrase, word),
            "BROAD" => (TargetKind.Keyword, MatchType.Broad, word),
            _ => (TargetKind.Keyword, MatchType.Other, ClauseWords.OtherKeyword(match, word)),
        },
        { ThemeTarget.MatchType: { } theme } => theme switch
        {
            "KEYWORDS_CLOSE_MATCH" => (TargetKind.Auto, MatchType.CloseMatch, ""),
            "KEYWORDS_LOOSE_MATCH" => (TargetKind.Auto, MatchType.LooseMatch, ""),
            "PRODUCT_SUBSTITUTES" => (TargetKind.Auto, MatchType.Substitutes, ""),
            "PRODUCT_COMPLEMENTS" => (TargetKind.Auto, MatchType.Complements, ""),
            _ when product == AdProduct.SponsoredBrands => (TargetKind.Auto, SponsoredBrandsV4.ThemeMatch(theme), SponsoredBrandsV4.ThemeText(theme)),
            _ => ClauseWords.Group(theme),
        },
        { ProductTarget.Product.ProductId: { } id } => (TargetKind.Product, MatchType.Product, id),
        { ProductCategoryTarget.ProductCategoryRefinement.ProductCategoryRefinement: { } refinement } => ClauseWords.Of(Predicates(refinement)),
        _ => (TargetKind.Product, MatchType.Other, target.TargetType ?? ClauseWords.Nameless),
    };

    // In the words of the older APIs, so that both read alike.
    private static List<Wire.Predicate> Predicates(CategoryRefinement refinement)
    {
        var all = new List<Wire.Predicate>();
        Add("ASIN_CATEGORY_SAME_AS", refinement.ProductCategoryId);
        Add("ASIN_BRAND_SAME_AS", refinement.ProductBrandId);
        Add("ASIN_AGE_RANGE_SAME_AS", refinement.ProductAgeRangeId);
        Add("ASIN_GENRE_SAME_AS", refinement.ProductGenreId);
        Add("ASIN_PRICE_GREATER_THAN", refinement.ProductPriceGreaterThan?.ToString(CultureInfo.InvariantCulture));
        Add("ASIN_PRICE_LESS_THAN", refinement.ProductPriceLessThan?.ToString(CultureInfo.InvariantCulture));
        Add("ASIN_REVIEW_RATING_GREATER_THAN", refinement.ProductRatingGreaterThan?.ToString(CultureInfo.InvariantCulture));
        Add("ASIN_REVIEW_RATING_LESS_THAN", refinement.ProductRatingLessThan?.ToString(CultureInfo.InvariantCulture));
        Add("ASIN_IS_PRIME_SHIPPING_ELIGIBLE", refinement.ProductPrimeShippingEligible?.ToString().ToLowerInvariant());
        return all;

        void Add(string type, string? value)
        {
            if (value is not null) all.Add(new(type, value));
        }
    }

    public static NegativeMatch Negated(MatchType match) => match switch
    {
        MatchType.Exact => NegativeMatch.Exact,
        MatchType.Phrase => NegativeMatch.Phrase,
        MatchType.Product => NegativeMatch.Product,
        MatchType.Brand => NegativeMatch.Brand,
        _ => NegativeMatch.Other,
    };

    public static MatchType Positive(NegativeMatch match) => match switch
    {
        NegativeMatch.Exact => MatchType.Exact,
        NegativeMatch.Phrase => MatchType.Phrase,
        NegativeMatch.Product => MatchType.Product,
        NegativeMatch.Brand => MatchType.Brand,
        NegativeMatch.Other => MatchType.Other,
    };

    /// <returns>Type and details of a target to create; null for auto clauses, which come with their ad group, and for kinds that people choose.</returns>
    public static (string Type, TargetDetails Details)? Creation(MatchType match, string text) => match switch
    {
        MatchType.Exact or MatchType.Phrase or MatchType.Broad => ("KEYWORD", new TargetDetails { KeywordTarget = new(text, match.ToString().ToUpperInvariant()) }),
        MatchType.Product => ("PRODUCT", new TargetDetails { ProductTarget = new("PRODUCT_EXACT", "ASIN", new(text)) }),
        MatchType.Category => ("PRODUCT_CATEGORY", new TargetDetails { ProductCategoryTarget = new(new(new(text))) }),
        MatchType.CloseMatch or MatchType.LooseMatch or MatchType.Substitutes or MatchType.Complements
            or MatchType.Brand or MatchType.KeywordGroup or MatchType.ContentCategory or MatchType.Other => null,
    };
}
