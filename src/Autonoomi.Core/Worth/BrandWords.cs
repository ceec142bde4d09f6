using System.Collections.Immutable;
using Autonoomi.Core.Facts;

namespace Autonoomi.Core.Worth;

/// <summary>The words of the seller's own brand: as typed, or else read off the listings' titles. See docs/maths/incrementality.md.</summary>
internal static class BrandWords
{
    private const int FewestTitles = 3;
    private const double MostTitles = 0.6;

    /// <returns>Each one a word or words side by side, lower case.</returns>
    public static ImmutableArray<string> Of(Workspace workspace)
    {
        var typed = workspace.Settings.BrandTerms.Select(Clean).Where(word => word.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToImmutableArray();
        return typed.Length > 0 ? typed : FromTitles([.. workspace.Listings.Select(listing => listing.Title)]);
    }

    /// <summary>
    /// The word with which at least 60 % of three or more titles begin, provided that no other word is in as many: where all goods are alike, their name
    /// would pass for the brand, so nothing is concluded. A brand of several words has to be typed.
    /// </summary>
    public static ImmutableArray<string> FromTitles(IReadOnlyList<string> titles)
    {
        var words = titles.Select(title => Clean(title).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(title => title.Length > 0).ToList();
        if (words.Count < FewestTitles) return [];
        var needed = MostTitles * words.Count;
        var shared = words.SelectMany(title => title.Distinct(StringComparer.Ordinal)).GroupBy(word => word, StringComparer.Ordinal).Where(group => group.Count() >= needed).Select(group => group.Key).ToList();
        return shared is [var word] && words.Count(title => title[0] == word) >= needed ? [word] : [];
    }

    /// <returns>True when the text holds the words of one brand term side by side.</returns>
    public static bool Holds(ImmutableArray<string> brand, string text)
    {
        foreach (var words in brand)
        {
            for (var at = text.IndexOf(words, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(words, at + 1, StringComparison.OrdinalIgnoreCase))
            {
                if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (at + words.Length == text.Length || !char.IsLetterOrDigit(text[at + words.Length]))) return true;
            }
        }

        return false;
    }

    private static string Clean(string text)
    {
        Span<char> letters = text.Length <= 256 ? stackalloc char[text.Length] : new char[text.Length];
        for (var index = 0; index < letters.Length; index++) letters[index] = char.IsLetterOrDigit(text[index]) || text[index] is '\'' or '-' or '&' ? char.ToLowerInvariant(text[index]) : ' ';
        return string.Join(' ', letters.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
