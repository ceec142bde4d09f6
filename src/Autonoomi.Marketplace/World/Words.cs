using System.Collections.Frozen;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>How Amazon compares a keyword with what a shopper typed, on folded words.</summary>
internal static class Words
{
    // Amazon's help names the, of, when, and, if as ignored; sellers observe the same for the other small words of this list.
    private static readonly FrozenSet<string> Ignored = new[] { "a", "an", "and", "for", "if", "in", "of", "on", "or", "the", "to", "when" }.ToFrozenSet(StringComparer.Ordinal);

    // End in s and are no plurals.
    private static readonly FrozenSet<string> Singulars = new[] { "atlas", "canvas", "christmas", "lens", "news", "series", "species" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly (string Plural, string Singular)[] Irregular =
    [
        ("women", "woman"), ("children", "child"), ("knives", "knife"), ("shelves", "shelf"), ("leaves", "leaf"), ("scarves", "scarf"), ("wolves", "wolf"),
        ("halves", "half"), ("loaves", "loaf"), ("calves", "calf"), ("bikinis", "bikini"), ("kiwis", "kiwi"), ("taxis", "taxi"), ("skis", "ski"),
    ];

    private static readonly FrozenDictionary<string, string> IrregularWhole = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["men"] = "man", ["mice"] = "mouse", ["feet"] = "foot", ["teeth"] = "tooth", ["geese"] = "goose",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <returns>Lower-case words without small words, singular and plural in one form; that form need not be a word ("boxes" and "box" are "box", "cookies" and
    /// "cookie" are "cooky"). Punctuation separates, an apostrophe does not. A text of small words alone keeps them.</returns>
    public static string[] Fold(string text)
    {
        var words = Split(text.ToLowerInvariant());
        var kept = words.Where(word => !Ignored.Contains(word)).ToList();
        return [.. (kept.Count > 0 ? kept : words).Select(FoldWord)];
    }

    /// <param name="keyword">Folded words of the keyword.</param>
    /// <param name="query">Folded words of the search.</param>
    public static bool IsExact(ReadOnlySpan<string> keyword, ReadOnlySpan<string> query) => keyword.SequenceEqual(query);

    /// <summary>The keyword's words in its order, next to each other, anything before and after.</summary>
    public static bool IsPhrase(ReadOnlySpan<string> keyword, ReadOnlySpan<string> query)
    {
        if (keyword.IsEmpty) return false;
        for (var start = 0; start + keyword.Length <= query.Length; start++)
        {
            if (keyword.SequenceEqual(query.Slice(start, keyword.Length))) return true;
        }

        return false;
    }

    /// <summary>All the keyword's words in any order; a word may be met by its synonym where <paramref name="synonymsCount"/> says so.</summary>
    public static bool IsBroad(ReadOnlySpan<string> keyword, ReadOnlySpan<string> query, bool synonymsCount)
    {
        if (keyword.IsEmpty) return false;
        foreach (var word in keyword)
        {
            if (Contains(query, word)) continue;
            if (synonymsCount && Catalogue.Synonyms.TryGetValue(word, out var other) && Contains(query, other)) continue;
            return false;
        }

        return true;
    }

    public static bool Blocks(NegativeMatch match, ReadOnlySpan<string> negative, ReadOnlySpan<string> query) => match switch
    {
        NegativeMatch.Exact => IsExact(negative, query),
        NegativeMatch.Phrase => IsPhrase(negative, query),
        NegativeMatch.Product => false,
    };

    private static bool Contains(ReadOnlySpan<string> words, string word)
    {
        foreach (var candidate in words)
        {
            if (candidate == word) return true;
        }

        return false;
    }

    private static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        for (var place = 0; place <= text.Length; place++)
        {
            var letter = place < text.Length ? text[place] : ' ';
            var isPoint = letter == '.' && place > 0 && place + 1 < text.Length && char.IsAsciiDigit(text[place - 1]) && char.IsAsciiDigit(text[place + 1]);
            if (char.IsLetterOrDigit(letter) || isPoint) word.Append(letter);
            else if (letter is not ('\'' or '\u2019') && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }

    private static string FoldWord(string word)
    {
        if (Singulars.Contains(word)) return word;
        var one = Irregulars(word) ?? (word.Length > 3 && word[^1] == 's' && !Ends(word, "ss") && !Ends(word, "us") && !Ends(word, "is") ? word[..^1] : word);
        one = Irregulars(one) ?? one; // "womens" is "women" is "woman"
        if (one.Length <= 3) return one;
        if (Ends(one, "ie")) return one[..^2] + "y";
        // After these the plural adds es or the singular has an e: both lose it.
        if (Ends(one, "se") || Ends(one, "xe") || Ends(one, "ze") || Ends(one, "che") || Ends(one, "she") || Ends(one, "oe")) one = one[..^1];
        return Ends(one, "zz") ? one[..^1] : one;
    }

    private static string? Irregulars(string word)
    {
        if (IrregularWhole.TryGetValue(word, out var whole)) return whole;
        foreach (var (plural, singular) in Irregular)
        {
            if (Ends(word, plural)) return word[..^plural.Length] + singular;
        }

        return null;
    }

    private static bool Ends(string word, string ending) => word.EndsWith(ending, StringComparison.Ordinal);
}
