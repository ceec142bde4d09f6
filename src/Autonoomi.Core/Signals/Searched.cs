using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Signals;

/// <summary>One search at Amazon in one week, as Brand Analytics tells it.</summary>
/// <param name="Sunday">First day of the week.</param>
/// <param name="Volume">How often it was searched for.</param>
/// <param name="Products">The advertised products that it led to, the most clicked first; never empty.</param>
public sealed record SearchWeek(DateOnly Sunday, long Volume, ImmutableArray<SearchShare> Products);

/// <summary>How one product did after a search, beside all products of all sellers, itself among them.</summary>
/// <param name="Asin">The product.</param>
/// <param name="Listing">The seller's own offer of it; null where this storefront does not list it.</param>
/// <param name="Impressions">Of all products.</param>
/// <param name="OwnImpressions">Of this product.</param>
/// <param name="Clicks">Of all products.</param>
/// <param name="OwnClicks">Of this product.</param>
/// <param name="Purchases">Of all products.</param>
/// <param name="OwnPurchases">Of this product.</param>
public sealed record SearchShare(Asin Asin, Listing? Listing, long Impressions, long OwnImpressions, long Clicks, long OwnClicks, long Purchases, long OwnPurchases)
{
    /// <summary>Fewer clicks say nothing about how often a product sells.</summary>
    public const long FewestClicks = 20;

    // Chance alone goes beyond two standard deviations in one of twenty cases.
    private const double PlainDeviations = 2;

    /// <summary>Part of the impressions, 0 to 1; null where nothing was shown.</summary>
    public double? OfImpressions => Ratio(OwnImpressions, Impressions);

    /// <summary>Part of the clicks, 0 to 1; null where nothing was clicked.</summary>
    public double? OfClicks => Ratio(OwnClicks, Clicks);

    /// <summary>Part of the purchases, 0 to 1; null where nothing was bought.</summary>
    public double? OfPurchases => Ratio(OwnPurchases, Purchases);

    /// <summary>Purchases per click of this product; null without a click.</summary>
    public double? Conversion => Ratio(OwnPurchases, OwnClicks);

    /// <summary>Purchases per click of all products; null without a click.</summary>
    public double? AllConversion => Ratio(Purchases, Clicks);

    /// <summary>
    /// 1 where this product sells plainly more often per click than all products, −1 where plainly less; 0 where it has fewer than 20 clicks, or where the difference is within two standard
    /// deviations of what as many clicks, drawn from all clicks of the search, would bring.
    /// </summary>
    public int Standing
    {
        get
        {
            if (OwnClicks < FewestClicks || Clicks <= OwnClicks || Purchases > Clicks) return 0;
            var rate = (double)Purchases / Clicks;
            var beyond = OwnPurchases - (OwnClicks * rate);
            var deviation = Math.Sqrt(OwnClicks * rate * (1 - rate) * (Clicks - OwnClicks) / (Clicks - 1));
            return Math.Abs(beyond) <= PlainDeviations * deviation ? 0 : Math.Sign(beyond);
        }
    }

    private static double? Ratio(long part, long whole) => whole > 0 ? (double)part / whole : null;
}

/// <summary>What all searches of one week brought one product.</summary>
/// <param name="Sunday">First day of the week.</param>
/// <param name="Asin">The product.</param>
/// <param name="Listing">The seller's own offer of it; null where this storefront does not list it.</param>
/// <param name="Impressions">In search results.</param>
/// <param name="Clicks">From there.</param>
/// <param name="CartAdds">Added to carts from there.</param>
/// <param name="Purchases">From there.</param>
/// <param name="Sales">What they came to.</param>
public sealed record SearchSum(DateOnly Sunday, Asin Asin, Listing? Listing, long Impressions, long Clicks, long CartAdds, long Purchases, Money Sales);

/// <summary>Where a search stands among all searches of a week, and which products are clicked most after it.</summary>
/// <param name="Sunday">First day of the week.</param>
/// <param name="Department">Part of the shop that the rank is of.</param>
/// <param name="Rank">Search frequency rank: 1 for the commonest search of the department.</param>
/// <param name="Products">The three most clicked, the most clicked first; never empty.</param>
public sealed record SearchRank(DateOnly Sunday, string Department, long Rank, ImmutableArray<ClickedProduct> Products);

/// <param name="Asin">The product.</param>
/// <param name="Listing">The seller's own offer of it; null for another's.</param>
/// <param name="ClickShare">Of all clicks after the search, 0 to 1.</param>
/// <param name="ConversionShare">Of all orders after the search, 0 to 1.</param>
public sealed record ClickedProduct(Asin Asin, Listing? Listing, double ClickShare, double ConversionShare);

/// <summary>What shoppers of all sellers searched for, and what came of it for a target's products. Empty where Amazon does not give the seller Brand Analytics.</summary>
public static class Searched
{
    /// <summary>The search that is the keyword's own text (letter case and blanks around it do not matter), in the newest week in which it led to a product that the target advertises.</summary>
    /// <param name="workspace">Searches, ads and listings.</param>
    /// <param name="target">One of the workspace's targets.</param>
    /// <returns>Null for any target but an exact, phrase or broad keyword, and where Amazon told no such search.</returns>
    public static SearchWeek? After(Workspace workspace, Target target)
    {
        if (target is not { Kind: TargetKind.Keyword, Match: MatchType.Exact or MatchType.Phrase or MatchType.Broad }) return null;
        var table = workspace.SearchQueryWeeks;
        var (texts, asins) = (table.Texts("search_query"), table.Texts("asin"));
        var wanted = target.Text.Trim();
        var isWanted = Array.ConvertAll(texts.Words, word => string.Equals(word.Trim(), wanted, StringComparison.OrdinalIgnoreCase));
        var advertised = Advertised(workspace, target);
        var rows = Enumerable.Range(0, table.Rows).Where(row => isWanted[texts.Codes[row]] && advertised.Contains(asins[row])).ToList();
        if (rows.Count == 0) return null;
        var newest = rows.Max(row => table.Ints("day")[row]);
        var products = rows.Where(row => table.Ints("day")[row] == newest).Select(row => (Row: row, Share: new SearchShare(
            new(asins[row]), Offer(workspace, asins[row]), table.Longs("impressions")[row], table.Longs("own_impressions")[row], table.Longs("clicks")[row], table.Longs("own_clicks")[row], table.Longs("purchases")[row], table.Longs("own_purchases")[row])))
            .OrderByDescending(product => product.Share.OwnClicks).ThenBy(product => product.Share.Asin.Value, StringComparer.Ordinal).ToList();
        return new(DateOnly.FromDayNumber(newest), table.Longs("volume")[products[0].Row], [.. products.Select(product => product.Share)]);
    }

    /// <summary>Where the search that is the keyword's own text stands, in the newest week that tells it, in the department of the whole shop where there is one.</summary>
    /// <param name="workspace">Searches and listings.</param>
    /// <param name="target">One of the workspace's targets.</param>
    /// <returns>Null for any target but an exact, phrase or broad keyword, and where Amazon told no such search.</returns>
    public static SearchRank? Ranked(Workspace workspace, Target target)
    {
        if (target is not { Kind: TargetKind.Keyword, Match: MatchType.Exact or MatchType.Phrase or MatchType.Broad }) return null;
        var table = workspace.SearchTermWeeks;
        var (texts, departments, asins) = (table.Texts("search_term"), table.Texts("department"), table.Texts("asin"));
        var wanted = target.Text.Trim();
        var isWanted = Array.ConvertAll(texts.Words, word => string.Equals(word.Trim(), wanted, StringComparison.OrdinalIgnoreCase));
        var rows = Enumerable.Range(0, table.Rows).Where(row => isWanted[texts.Codes[row]]).ToList();
        if (rows.Count == 0) return null;
        var newest = rows.Max(row => table.Ints("day")[row]);

        // The whole shop is called by Amazon's name; another department's rank is of its own searches.
        var department = rows.Where(row => table.Ints("day")[row] == newest).Select(row => departments[row]).Distinct(StringComparer.Ordinal)
            .OrderByDescending(name => name.StartsWith("Amazon", StringComparison.OrdinalIgnoreCase)).ThenBy(name => name, StringComparer.Ordinal).First();
        var told = rows.Where(row => table.Ints("day")[row] == newest && departments[row] == department).OrderBy(row => table.Ints("click_rank")[row]).ThenBy(row => asins[row], StringComparer.Ordinal).ToList();
        return new(DateOnly.FromDayNumber(newest), department, table.Longs("rank")[told[0]],
            [.. told.Take(3).Select(row => new ClickedProduct(new(asins[row]), Offer(workspace, asins[row]), table.Longs("click_share")[row] / 1e6, table.Longs("conversion_share")[row] / 1e6))]);
    }

    /// <summary>What all searches together brought the products that a target advertises, each in its newest week.</summary>
    /// <param name="workspace">Searches, ads and listings.</param>
    /// <param name="target">One of the workspace's targets.</param>
    /// <returns>The most clicked first.</returns>
    public static ImmutableArray<SearchSum> Products(Workspace workspace, Target target)
    {
        var table = workspace.SearchCatalogueWeeks;
        var asins = table.Texts("asin");
        var advertised = Advertised(workspace, target);
        return
        [
            .. Enumerable.Range(0, table.Rows).Where(row => advertised.Contains(asins[row])).GroupBy(row => asins[row], StringComparer.Ordinal).Select(weeks => weeks.MaxBy(row => table.Ints("day")[row]))
                .Select(row => new SearchSum(DateOnly.FromDayNumber(table.Ints("day")[row]), new(asins[row]), Offer(workspace, asins[row]), table.Longs("impressions")[row], table.Longs("clicks")[row], table.Longs("cart_adds")[row],
                    table.Longs("purchases")[row], Money.FromMicros(table.Longs("sales")[row], workspace.Marketplace.Currency)))
                .OrderByDescending(sum => sum.Clicks).ThenBy(sum => sum.Asin.Value, StringComparer.Ordinal),
        ];
    }

    private static HashSet<string> Advertised(Workspace workspace, Target target) =>
        workspace.ProductAds.Where(ad => ad.AdGroup == target.AdGroup && ad.State != EntityState.Archived).Select(ad => ad.Asin.Value).ToHashSet(StringComparer.Ordinal);

    private static Listing? Offer(Workspace workspace, string asin) => workspace.Listings.FirstOrDefault(listing => listing.Asin.Value == asin);
}
