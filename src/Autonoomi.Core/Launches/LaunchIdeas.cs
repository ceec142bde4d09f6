using System.Collections.Immutable;
using Autonoomi.Core.Edits;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Launches;

/// <param name="Text">A search, or the ASIN of a product.</param>
/// <param name="Orders">That it brought in the days that are kept: this product's, or other products' where <see cref="Own"/> is false.</param>
/// <param name="Clicks">As above.</param>
/// <param name="Own">True where this very product was bought after it.</param>
public sealed record LaunchIdea(string Text, long Orders, long Clicks, bool Own);

/// <summary>What a product could be advertised for, from what the storefront has seen itself: searches that sold it, then searches that sold others and speak of it.</summary>
/// <param name="Keywords">The best first.</param>
/// <param name="Products">Pages on which its ads sold, the best first.</param>
public sealed record LaunchIdeas(ImmutableArray<LaunchIdea> Keywords, ImmutableArray<LaunchIdea> Products)
{
    public const int MostKeywords = 30;
    public const int MostProducts = 20;

    // Other products' searches have to have sold more than by chance, and most of their words have to stand in this product's title.
    private const long OthersOrders = 2;
    private const double SharedWords = 0.6;

    public static LaunchIdeas None { get; } = new([], []);

    /// <returns>Nothing that is a protected brand word's opposite, masked, or blocked for the product; at most <see cref="MostKeywords"/> and <see cref="MostProducts"/>.</returns>
    public static LaunchIdeas For(Workspace workspace, Sku sku)
    {
        var title = workspace.Listings.FirstOrDefault(listing => listing.Sku == sku)?.Title ?? "";
        var words = Words(title).ToHashSet(StringComparer.Ordinal);
        var own = workspace.ProductAds.Where(ad => ad.Sku == sku).Select(ad => ad.AdGroup.Value).ToHashSet();
        var table = workspace.SearchTermDays;
        var terms = table.Texts("search_term");
        var groups = table.Longs("ad_group_id");
        var facts = new AdColumns(table);
        var found = new Dictionary<string, (long Orders, long Clicks, bool Own)>(StringComparer.Ordinal);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var text = TermText.Plain(terms[row]);
            var isOwn = own.Contains(groups[row]);
            var before = found.GetValueOrDefault(text);

            // What sold the product itself says more than what sold others: the two are never added up.
            if (before.Own && !isOwn) continue;
            if (isOwn && !before.Own) before = default;
            found[text] = (before.Orders + facts.Orders[row], before.Clicks + facts.Clicks[row], isOwn);
        }

        var asin = workspace.Listings.Where(listing => listing.Sku == sku).Select(listing => TermText.Plain(listing.Asin.Value)).ToHashSet(StringComparer.Ordinal);
        var good = found.Where(pair => pair.Value.Own ? pair.Value.Orders > 0 : pair.Value.Orders >= OthersOrders)
            .Select(pair => new LaunchIdea(pair.Key, pair.Value.Orders, pair.Value.Clicks, pair.Value.Own))
            .OrderByDescending(idea => idea.Own).ThenByDescending(idea => idea.Orders).ThenBy(idea => idea.Clicks).ThenBy(idea => idea.Text, StringComparer.Ordinal).ToList();
        return new(
            [.. good.Where(idea => !Harvest.IsAsin(idea.Text) && TargetText.Keyword(idea.Text, TargetText.MostWords) is null && (idea.Own || Speaks(idea.Text, words))).Take(MostKeywords)],
            [.. good.Where(idea => idea.Own && Harvest.IsAsin(idea.Text) && !asin.Contains(idea.Text)).Take(MostProducts).Select(idea => idea with { Text = idea.Text.ToUpperInvariant() })]);
    }

    private static bool Speaks(string term, HashSet<string> title)
    {
        var words = Words(term).ToList();
        return words.Count > 0 && words.Count(title.Contains) >= SharedWords * words.Count;
    }

    private static IEnumerable<string> Words(string text) => TermText.Plain(text).Split([' ', ',', '-', '/', '(', ')', '.', '|', '&'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 1);
}
