using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Signals;

namespace Autonoomi.App.Features.Targets;

/// <summary>Searches at Amazon in words.</summary>
public static class SearchWords
{
    public static string Volume(SearchWeek week) => $"Searched {Times(week.Volume)} at Amazon in the week from {Display.Day(week.Sunday)}.";

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
