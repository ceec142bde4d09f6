using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Launches;

/// <param name="Text">A search, or the ASIN of a product.</param>
/// <param name="Orders">That it brought in the days that are kept: this product's, or all products' where <see cref="Own"/> is false.</param>
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

    public static LaunchIdeas None { get; } = new([], []);

    public static LaunchIdeas For(Workspace workspace, Sku sku) => new IdeaBook(workspace, [sku]).For(sku);
}

/// <summary>The storefront's searches read once, for any number of products.</summary>
internal sealed class IdeaBook
{
    // Other products' searches have to have sold more than by chance, and most of their words have to stand in this product's title.
    private const long OthersOrders = 2;
    private const double SharedWords = 0.6;

    private static readonly char[] Between = [' ', ',', '-', '/', '(', ')', '.', '|', '&'];

    private readonly Dictionary<Sku, Listing> listings;
    private readonly Dictionary<Sku, Dictionary<string, (long Orders, long Clicks)>> own;
    private readonly List<(LaunchIdea Idea, string[] Words)> selling;

    public IdeaBook(Workspace workspace, IReadOnlyCollection<Sku> products)
    {
        listings = workspace.Listings.Where(listing => products.Contains(listing.Sku)).GroupBy(listing => listing.Sku).ToDictionary(group => group.Key, group => group.First());
        own = products.Distinct().ToDictionary(sku => sku, _ => new Dictionary<string, (long, long)>(StringComparer.Ordinal));
        var table = workspace.SearchTermDays;
        var terms = table.Texts("search_term");
        var groups = table.Keys("ad_group_id");
        var facts = new AdColumns(table);
        var advertised = workspace.ProductAds.Where(ad => own.ContainsKey(ad.Sku)).ToLookup(ad => ad.AdGroup.Value, ad => ad.Sku);
        var skusOf = groups.Values.Select(group => advertised[group].Distinct().ToArray()).ToArray();
        var plain = terms.Words.Select(TermText.Plain).ToArray();
        var all = new Dictionary<string, (long Orders, long Clicks)>(StringComparer.Ordinal);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var text = plain[terms.Codes[row]];
            Add(all, text, facts.Orders[row], facts.Clicks[row]);
            foreach (var sku in skusOf[groups.Codes[row]]) Add(own[sku], text, facts.Orders[row], facts.Clicks[row]);
        }

        selling = [.. all.Where(pair => pair.Value.Orders >= OthersOrders && NewKeywords.Takes(pair.Key)).Select(pair => (new LaunchIdea(pair.Key, pair.Value.Orders, pair.Value.Clicks, Own: false), Words(pair.Key)))];
    }

    /// <returns>At most <see cref="LaunchIdeas.MostKeywords"/> and <see cref="LaunchIdeas.MostProducts"/>; nothing masked.</returns>
    public LaunchIdeas For(Sku sku)
    {
        var listing = listings.GetValueOrDefault(sku);
        var title = Words(TermText.Plain(listing?.Title ?? "")).ToHashSet(StringComparer.Ordinal);
        var mine = own[sku].Where(pair => pair.Value.Orders > 0).Select(pair => new LaunchIdea(pair.Key, pair.Value.Orders, pair.Value.Clicks, Own: true)).ToList();
        var spoken = selling.Where(term => !own[sku].ContainsKey(term.Idea.Text) && term.Words.Length > 0 && term.Words.Count(title.Contains) >= SharedWords * term.Words.Length).Select(term => term.Idea);
        return new(
            [.. Sorted(mine.Where(idea => NewKeywords.Takes(idea.Text))).Concat(Sorted(spoken)).Take(LaunchIdeas.MostKeywords)],
            [.. Sorted(mine.Where(idea => Harvest.IsAsin(idea.Text) && !idea.Text.Equals(listing?.Asin.Value, StringComparison.OrdinalIgnoreCase))).Take(LaunchIdeas.MostProducts).Select(idea => idea with { Text = idea.Text.ToUpperInvariant() })]);
    }

    private static IEnumerable<LaunchIdea> Sorted(IEnumerable<LaunchIdea> ideas) => ideas.OrderByDescending(idea => idea.Orders).ThenBy(idea => idea.Clicks).ThenBy(idea => idea.Text, StringComparer.Ordinal);

    private static void Add(Dictionary<string, (long Orders, long Clicks)> into, string text, long orders, long clicks)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(into, text, out _);
        sum = (sum.Orders + orders, sum.Clicks + clicks);
    }

    private static string[] Words(string plain) => [.. plain.Split(Between, StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 1)];
}
