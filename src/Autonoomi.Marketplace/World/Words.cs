using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>How Amazon compares a keyword with what a shopper typed, on folded words.</summary>
internal static class Words
{
    /// <returns>Lower-case words, plural endings folded away.</returns>
    public static string[] Fold(string text) =>
        [.. text.ToLowerInvariant().Split([' ', '-', ',', '.', '/'], StringSplitOptions.RemoveEmptyEntries).Select(FoldWord)];

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

    private static string FoldWord(string word) => word switch
    {
        { Length: > 4 } when word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal)
            || word.EndsWith("xes", StringComparison.Ordinal) || word.EndsWith("sses", StringComparison.Ordinal) => word[..^2],
        { Length: > 4 } when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
        { Length: > 3 } when word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) && !word.EndsWith("us", StringComparison.Ordinal) => word[..^1],
        _ => word,
    };
}
