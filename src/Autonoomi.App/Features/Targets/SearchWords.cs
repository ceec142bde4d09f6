using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Signals;

namespace Autonoomi.App.Features.Targets;

/// <summary>Searches at Amazon in words.</summary>
public static class SearchWords
{
    public static string Volume(SearchWeek week) => $"Searched {Times(week.Volume)} at Amazon in the week from {Display.Day(week.Sunday)}.";

    public static string Rank(SearchRank ranked) => $"Search frequency rank {Display.Count(ranked.Rank)} of {(ranked.Department.Length > 0 ? ranked.Department : "the shop")} in the week from {Display.Day(ranked.Sunday)}; the products clicked most:";

    /// <param name="product">One of the three.</param>
    /// <param name="place">1 to 3.</param>
    public static string Clicked(ClickedProduct product, int place) =>
        $"{place}. {(product.Listing is { } own ? $"{own.Sku.Value}, yours" : product.Asin.Value)}: {Display.Percent(product.ClickShare)} of the clicks, {Display.Percent(product.ConversionShare)} of the purchases";

    /// <param name="share">The product.</param>
    /// <param name="alone">The target advertises no other product that the search led to.</param>
    /// <returns>Null where nothing was shown, clicked or bought.</returns>
    public static string? Shares(SearchShare share, bool alone)
    {
        (double? Part, string Of)[] parts = [(share.OfImpressions, "what was shown"), (share.OfClicks, "the clicks"), (share.OfPurchases, "the purchases")];
        var told = parts.Where(part => part.Part is not null).Select(part => $"{Display.Percent(part.Part)} of {part.Of}").ToList();
        return told.Count == 0 ? null : $"{(alone ? "Your product" : share.Listing?.Sku.Value ?? share.Asin.Value)} got {string.Join(", ", told)}.";
    }

    /// <returns>Which sells more often per click; null where the difference is not plain.</returns>
    public static string? Standing(SearchShare share) => share.Standing switch
    {
        0 => null,
        var standing => $"{Display.Percent(share.Conversion)} of its clicks became a purchase, {(standing > 0 ? "more" : "less")} than the {Display.Percent(share.AllConversion)} of all products.",
    };

    public static string Sum(SearchSum sum) =>
        $"{sum.Listing?.Sku.Value ?? sum.Asin.Value} in the week from {Display.Day(sum.Sunday)}: shown {Times(sum.Impressions)}, {Display.Count(sum.Clicks, "click")}, put into a cart {Times(sum.CartAdds)}, {Display.Count(sum.Purchases, "purchase")} for {Display.Amount(sum.Sales)}.";

    private static string Times(long count) => Display.Count(count, "time");
}
