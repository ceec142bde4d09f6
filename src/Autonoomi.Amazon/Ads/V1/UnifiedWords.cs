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

    public static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    public static long Number(string? id, string field) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new AmazonDocumentException("A list of Ads API v1", 0, field, "an id is a whole number from 1 to 2^63 - 1, and this one is not");

    /// <returns>What the target answers to; null for kinds that Core has no word for (brands alone, audiences, locations, keyword groups).</returns>
    public static (TargetKind Kind, MatchType Match, string Text)? Clause(TargetDetails? details) => details switch
    {
        { KeywordTarget: { Keyword: { } word, MatchType: { } match } } => match switch
        {
            "EXACT" => (TargetKind.Keyword, MatchType.Exact, word),
            "PHRASE" => (TargetKind.Keyword, MatchType.Phrase, word),
            "BROAD" => (TargetKind.Keyword, MatchType.Broad, word),
            _ => null,
        },
        { ThemeTarget.MatchType: { } theme } => theme switch
        {
            "KEYWORDS_CLOSE_MATCH" => (TargetKind.Auto, MatchType.CloseMatch, ""),
            "KEYWORDS_LOOSE_MATCH" => (TargetKind.Auto, MatchType.LooseMatch, ""),
            "PRODUCT_SUBSTITUTES" => (TargetKind.Auto, MatchType.Substitutes, ""),
            "PRODUCT_COMPLEMENTS" => (TargetKind.Auto, MatchType.Complements, ""),
            "KEYWORDS_RELATED_TO_YOUR_BRAND" or "KEYWORDS_RELATED_TO_YOUR_LANDING_PAGES" => (TargetKind.Auto, SponsoredBrandsV4.ThemeMatch(theme), SponsoredBrandsV4.ThemeText(theme)),
            _ => null,
        },
        { ProductTarget.Product.ProductId: { } product } => (TargetKind.Product, MatchType.Product, product),
        { ProductCategoryTarget.ProductCategoryRefinement.ProductCategoryRefinement: { ProductCategoryId: { } category } refinement } =>
            (TargetKind.Product, MatchType.Category, refinement.IsRefined ? category + SponsoredProductsV3.Refined : category),
        _ => null,
    };

    public static NegativeMatch? Negated(MatchType match) => match switch
    {
        MatchType.Exact => NegativeMatch.Exact,
        MatchType.Phrase => NegativeMatch.Phrase,
        MatchType.Product => NegativeMatch.Product,
        _ => null,
    };

    public static MatchType Positive(NegativeMatch match) => match switch
    {
        NegativeMatch.Exact => MatchType.Exact,
        NegativeMatch.Phrase => MatchType.Phrase,
        NegativeMatch.Product => MatchType.Product,
    };

    /// <returns>Type and details of a target to create; null for auto clauses, which come with their ad group.</returns>
    public static (string Type, TargetDetails Details)? Creation(MatchType match, string text) => match switch
    {
        MatchType.Exact or MatchType.Phrase or MatchType.Broad => ("KEYWORD", new TargetDetails { KeywordTarget = new(text, match.ToString().ToUpperInvariant()) }),
        MatchType.Product => ("PRODUCT", new TargetDetails { ProductTarget = new("PRODUCT_EXACT", "ASIN", new(text)) }),
        MatchType.Category => ("PRODUCT_CATEGORY", new TargetDetails { ProductCategoryTarget = new(new(new(text))) }),
        MatchType.CloseMatch or MatchType.LooseMatch or MatchType.Substitutes or MatchType.Complements => null,
    };
}
