using System.Text;
using Autonoomi.Amazon.Ads.Wire;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Amazon.Ads;

/// <summary>
/// Targeting expressions in Core's words, one reading for all older APIs: Sponsored Products writes their types in capitals (<c>ASIN_BRAND_SAME_AS</c>), Brands and Display in camel case
/// (<c>asinBrandSameAs</c>). Nothing is left out: what Core has no word for is kept as <see cref="MatchType.Other"/> with Amazon's own type as its text.
/// </summary>
internal static class ClauseWords
{
    private const string GroupPrefix = "KEYWORDS_RELATED_TO_";

    public static (TargetKind Kind, MatchType Match, string Text) Of(IReadOnlyList<Predicate> expression) => expression switch
    {
        [var only] => (Plain(only.Type), only.Value) switch
        {
            ("QUERY_HIGH_REL_MATCHES", _) => (TargetKind.Auto, MatchType.CloseMatch, ""),
            ("QUERY_BROAD_REL_MATCHES", _) => (TargetKind.Auto, MatchType.LooseMatch, ""),
            ("ASIN_SUBSTITUTE_RELATED" or "SIMILAR_PRODUCT", _) => (TargetKind.Auto, MatchType.Substitutes, ""),
            ("ASIN_ACCESSORY_RELATED", _) => (TargetKind.Auto, MatchType.Complements, ""),
            ("ASIN_SAME_AS" or "ASIN_EXPANDED_FROM", { } asin) => (TargetKind.Product, MatchType.Product, asin),
            ("ASIN_CATEGORY_SAME_AS", { } category) => (TargetKind.Product, MatchType.Category, category),
            ("ASIN_BRAND_SAME_AS", { } brand) => (TargetKind.Product, MatchType.Brand, brand),
            ("KEYWORD_GROUP_SAME_AS", { } group) => Group(group),
            ("CONTENT_CATEGORY_SAME_AS", { } content) => (TargetKind.Auto, MatchType.ContentCategory, content),
            _ => Other(expression),
        },

        // A brand beside a category narrows it.
        _ when Value(expression, "ASIN_CATEGORY_SAME_AS") is { } category => (TargetKind.Product, MatchType.Category, category + SponsoredProductsV3.Refined),
        _ when Value(expression, "ASIN_BRAND_SAME_AS") is { } brand => (TargetKind.Product, MatchType.Brand, brand + SponsoredProductsV3.Refined),
        _ => Other(expression),
    };

    public static (NegativeMatch Match, string Text) Negated(IReadOnlyList<Predicate> expression) => expression switch
    {
        [{ Value: { } asin } only] when Plain(only.Type) == "ASIN_SAME_AS" => (NegativeMatch.Product, asin),
        [{ Value: { } brand } only] when Plain(only.Type) == "ASIN_BRAND_SAME_AS" => (NegativeMatch.Brand, brand),
        _ => (NegativeMatch.Other, Other(expression).Text),
    };

    /// <returns>A group of keywords that Amazon keeps: <c>KEYWORDS_RELATED_TO_GIFTS</c> is "Keyword group: gifts".</returns>
    public static (TargetKind Kind, MatchType Match, string Text) Group(string value)
    {
        var name = value.StartsWith(GroupPrefix, StringComparison.OrdinalIgnoreCase) ? value[GroupPrefix.Length..] : value;
        return (TargetKind.Auto, MatchType.KeywordGroup, $"Keyword group: {name.Replace('_', ' ').Replace('-', ' ').ToLowerInvariant()}");
    }

    /// <returns>Text of a keyword whose match type Core has no word for.</returns>
    public static string OtherKeyword(string? match, string? text) => $"{match ?? Nameless}: {text}";

    /// <summary>Whether a negative is written as a clause, as products are, not as a keyword.</summary>
    public static bool IsClause(NegativeMatch match) => match is NegativeMatch.Product or NegativeMatch.Brand or NegativeMatch.Other;

    /// <summary>What stands where Amazon names no type at all.</summary>
    public const string Nameless = "UNNAMED";

    private static (TargetKind Kind, MatchType Match, string Text) Other(IReadOnlyList<Predicate> expression) =>
        (TargetKind.Product, MatchType.Other, expression.Count == 0 ? Nameless : string.Join(", ", expression.Select(each => each.Value is { Length: > 0 } value ? $"{each.Type ?? Nameless} {value}" : each.Type ?? Nameless)));

    private static string? Value(IReadOnlyList<Predicate> expression, string type) => expression.FirstOrDefault(each => Plain(each.Type) == type)?.Value;

    private static string Plain(string? type)
    {
        if (type is null || !type.Any(char.IsAsciiLetterLower)) return type ?? "";
        var plain = new StringBuilder(type.Length + 4);
        foreach (var letter in type)
        {
            if (char.IsAsciiLetterUpper(letter)) plain.Append('_');
            plain.Append(char.ToUpperInvariant(letter));
        }

        return plain.ToString();
    }
}
