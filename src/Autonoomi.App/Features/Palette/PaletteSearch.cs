using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;

namespace Autonoomi.App.Features.Palette;

/// <param name="Kind">Campaign, product or search term, to stand before it.</param>
/// <param name="Name">As people know it.</param>
/// <param name="Beside">What tells it from others of that name; may be empty.</param>
/// <param name="Address">Where it is shown.</param>
public sealed record FoundThing(string Kind, string Name, string Beside, string Address);

/// <summary>Things of a storefront by a few letters of their name.</summary>
public static class PaletteSearch
{
    private const int MostOfAKind = 6;
    private const int LongestQuery = 100;

    /// <param name="workspace">Whose things.</param>
    /// <param name="query">Words that must all occur; case does not matter. Fewer than two letters find nothing.</param>
    public static IReadOnlyList<FoundThing> Find(Workspace workspace, string query)
    {
        var words = query.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (query.Trim().Length is < 2 or > LongestQuery) return [];
        bool Fits(string text) => words.All(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
        return
        [
            .. workspace.Campaigns.Where(campaign => campaign.State != EntityState.Archived && Fits(campaign.Name))
                .OrderBy(campaign => campaign.State).ThenBy(campaign => campaign.Name, StringComparer.OrdinalIgnoreCase).Take(MostOfAKind)
                .Select(campaign => new FoundThing("Campaign", campaign.Name, campaign.State == EntityState.Paused ? "paused" : "", $"/campaigns?q={Uri.EscapeDataString(campaign.Name)}")),
            .. workspace.Listings.Where(listing => Fits($"{listing.Title} {listing.Sku} {listing.Asin}"))
                .OrderBy(listing => listing.Title, StringComparer.OrdinalIgnoreCase).Take(MostOfAKind)
                .Select(listing => new FoundThing("Product", listing.Title, listing.Sku.Value, $"/economics?q={Uri.EscapeDataString(listing.Sku.Value)}#costs")),
            .. Terms(workspace, Fits).Select(term => new FoundThing("Search term", term, "", $"/search-terms?q={Uri.EscapeDataString(term)}")),
        ];
    }

    // The most clicked first.
    private static IEnumerable<string> Terms(Workspace workspace, Func<string, bool> fits)
    {
        var texts = workspace.SearchTermDays.Texts("search_term");
        var clicks = workspace.SearchTermDays.Longs("clicks");
        var sums = new long[texts.Words.Length];
        for (var row = 0; row < clicks.Length; row++) sums[texts.Codes[row]] += clicks[row];
        return Enumerable.Range(0, sums.Length).Where(term => fits(texts.Words[term])).OrderByDescending(term => sums[term]).ThenBy(term => texts.Words[term], StringComparer.Ordinal).Take(MostOfAKind).Select(term => texts.Words[term]);
    }
}
