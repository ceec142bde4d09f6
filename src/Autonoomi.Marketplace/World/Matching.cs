using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>Which searches and pages a target reaches for a product. Decided by words, types and lots of the market; the seller's other targets play no part.</summary>
internal sealed class Matching(Dice dice)
{
    private const double CloseLikeness = 0.62;
    private const double SynonymShare = 0.6;
    private readonly List<Query> queries = [];
    private readonly Dictionary<string, List<int>> byWord = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<int>> searchesByType = [];
    private readonly Dictionary<int, List<int>> pagesByType = [];

    public void Add(Query query)
    {
        queries.Add(query);
        Put(query.IsPage ? pagesByType : searchesByType, query.Type, query.Index);
        for (var place = 0; place < query.Words.Length; place++)
        {
            if (Array.IndexOf(query.Words, query.Words[place]) == place) Put(byWord, query.Words[place], query.Index);
        }

        static void Put<TKey>(Dictionary<TKey, List<int>> index, TKey key, int value) where TKey : notnull =>
            (CollectionsMarshal.GetValueRefOrAddDefault(index, key, out _) ??= []).Add(value);
    }

    /// <returns>Queries known so far that the target reaches, in order of birth.</returns>
    public IEnumerable<Query> Reached(MatchText target, Product product) =>
        Candidates(target, product).Select(index => queries[index]).Where(query => Meets(target, product, query));

    /// <returns>Queries known so far that a negative stops.</returns>
    public IEnumerable<Query> StoppedBy(Block block)
    {
        IEnumerable<int> candidates = block.Match == NegativeMatch.Product
            ? pagesByType.SelectMany(entry => entry.Value)
            : block.Words.Length == 0 ? [] : block.Words.Select(word => byWord.GetValueOrDefault(word) ?? []).MinBy(list => list.Count)!;
        return candidates.Select(index => queries[index]).Where(block.Stops);
    }

    public bool Meets(MatchText target, Product product, Query query) => target.Match switch
    {
        MatchType.Exact => !query.IsPage && Words.IsExact(target.Words, query.Words) && IsRelevant(product, query),
        MatchType.Phrase => !query.IsPage && Words.IsPhrase(target.Words, query.Words) && IsRelevant(product, query),
        MatchType.Broad => !query.IsPage && IsBroad(target, query) && IsRelevant(product, query),
        MatchType.Product => query.IsPage && string.Equals(query.Text, target.Text, StringComparison.OrdinalIgnoreCase),
        MatchType.Category => query.IsPage && Market.CategoryId(query.Type) == target.Text,
        MatchType.CloseMatch => !query.IsPage && query.Type == product.Type && Likeness(product, query) >= CloseLikeness,
        MatchType.LooseMatch => !query.IsPage && IsLoose(product, query),
        MatchType.Substitutes => query.IsPage && query.Type == product.Type,
        MatchType.Complements => query.IsPage && query.Type != product.Type && Market.SameCategory(product.Type, query.Type)
            && dice.Uniform(Draw.Page, product.Index, query.Index, 3) < 0.5,
    };

    // The rarest of a keyword's words finds what it can reach; a synonym's searches count with it.
    private IEnumerable<int> Candidates(MatchText target, Product product)
    {
        switch (target.Match)
        {
            case MatchType.Exact or MatchType.Phrase or MatchType.Broad:
                var rarest = (Own: (List<int>)[], Other: (List<int>)[]);
                var fewest = int.MaxValue;
                foreach (var word in target.Words)
                {
                    var own = byWord.GetValueOrDefault(word) ?? [];
                    var other = target.Match == MatchType.Broad && Catalogue.Synonyms.TryGetValue(word, out var synonym) ? byWord.GetValueOrDefault(synonym) ?? [] : [];
                    if (own.Count + other.Count >= fewest) continue;
                    fewest = own.Count + other.Count;
                    rarest = (own, other);
                }

                return rarest.Other.Count == 0 ? rarest.Own : rarest.Own.Concat(rarest.Other).Distinct().Order();
            case MatchType.CloseMatch:
                return searchesByType.GetValueOrDefault(product.Type) ?? [];
            case MatchType.LooseMatch:
                return searchesByType.Where(entry => Market.SameCategory(entry.Key, product.Type)).SelectMany(entry => entry.Value).Order();
            default:
                return pagesByType.SelectMany(entry => entry.Value).Order();
        }
    }

    // A synonym is understood for some shoppers only; which ones is fixed per keyword text and search.
    private bool IsBroad(MatchText target, Query query) => Words.IsBroad(target.Words, query.Words, synonymsCount: false)
        || (dice.Uniform(Draw.Broad, target.Number, query.Index) < SynonymShare && Words.IsBroad(target.Words, query.Words, synonymsCount: true));

    // Even a loose word reaches only a few searches for things of quite another kind.
    private bool IsRelevant(Product product, Query query) =>
        Market.SameCategory(product.Type, query.Type) || dice.Uniform(Draw.Broad, product.Index, query.Index, 8) < 0.12;

    private bool IsLoose(Product product, Query query) => query.Type == product.Type
        ? Likeness(product, query) < CloseLikeness
        : Market.SameCategory(query.Type, product.Type) && dice.Uniform(Draw.Broad, product.Index, query.Index, 9) < 0.04;

    // Share of the search's words that the listing's title holds, with some noise: what Amazon's matching sees.
    private double Likeness(Product product, Query query)
    {
        var known = 0;
        foreach (var word in query.Words)
        {
            if (product.KnownWords.Contains(word)) known++;
        }

        return ((double)known / query.Words.Length) + (0.08 * dice.Normal(Draw.Noise, product.Index, query.Index));
    }
}

/// <summary>What of a target takes part in matching.</summary>
internal sealed class MatchText
{
    public MatchText(WorldTarget target)
    {
        Match = target.Match;
        Text = target.Text;
        Words = target.Kind == TargetKind.Keyword ? World.Words.Fold(target.Text) : [];
        foreach (var letter in string.Join(' ', Words)) Number = unchecked((Number ^ letter) * 0x100000001B3L);
    }

    public MatchType Match { get; }
    public string Text { get; }

    /// <summary>Folded words of a keyword.</summary>
    public string[] Words { get; }

    /// <summary>The same for the same words: key of the synonym lots.</summary>
    public long Number { get; } = 0x2545F4914F6CDD1D;
}
