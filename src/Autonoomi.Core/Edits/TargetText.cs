using Autonoomi.Core.Graduation;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Edits;

/// <summary>What Amazon takes as a keyword, a negative or a product to target.</summary>
internal static class TargetText
{
    /// <summary>Letters of a keyword.</summary>
    public const int MostLetters = 80;

    /// <summary>Words of a keyword or an exact negative.</summary>
    public const int MostWords = 10;

    /// <summary>Words of a phrase negative.</summary>
    public const int MostPhraseWords = 4;

    /// <returns>What is wrong with it as a keyword of at most so many words; null when nothing is.</returns>
    public static string? Keyword(string text, int words) =>
        text.Trim().Length == 0 ? "The text is missing."
        : text.Length > MostLetters ? $"The text has {text.Length} letters; Amazon takes {MostLetters} at most."
        : text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length is var count && count > words ? $"The text has {count} words; Amazon takes {words} at most here."
        : text.Contains('*', StringComparison.Ordinal) || SearchTerms.IsMasked(text) ? "The text holds a masked word, which nobody searches for."
        : null;

    /// <returns>What is wrong with it as a product; null when nothing is.</returns>
    public static string? Product(string text) => Harvest.IsAsin(text) || (text.Length == 10 && text.All(char.IsAsciiLetterOrDigit)) ? null : "An ASIN has ten letters and digits.";
}
