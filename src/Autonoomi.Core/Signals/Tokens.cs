using System.Collections.Frozen;

namespace Autonoomi.Core.Signals;

/// <summary>Cuts shoppers' words into tokens: lower case, plural and singular in one form, small words left out, digits and sizes kept.</summary>
public static class Tokens
{
    // Words that say nothing about what is sought, in the languages of the marketplaces served.
    private static readonly FrozenSet<string> Small = new[]
    {
        "a", "an", "the", "and", "or", "of", "for", "in", "on", "to", "with", "by", "at", "from", "my", "your", "is", "it", "that", "this",
        "der", "die", "das", "den", "dem", "ein", "eine", "einen", "und", "oder", "mit", "für", "fuer", "von", "im", "zum", "zur", "auf", "aus",
        "le", "la", "les", "un", "une", "et", "ou", "de", "du", "des", "pour", "avec", "en", "dans", "sur",
        "el", "los", "las", "una", "y", "o", "del", "para", "con", "il", "lo", "gli", "e", "di", "da", "per", "su",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Adds the tokens of a text, in its order; a token may occur twice.</summary>
    /// <param name="text">A search term or keyword.</param>
    /// <param name="into">Where the tokens go; not emptied before.</param>
    public static void Of(string text, List<string> into)
    {
        var start = -1;
        for (var at = 0; at <= text.Length; at++)
        {
            // An apostrophe belongs to its word: men's is men.
            var inside = at < text.Length && (char.IsLetterOrDigit(text[at]) || (text[at] is '\'' or '’' or '.' && start >= 0 && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1])));
            if (inside)
            {
                if (start < 0) start = at;
                continue;
            }

            if (start < 0) continue;
            var word = Folded(text[start..at].ToLowerInvariant());
            start = -1;
            if (word.Length > 0 && !Small.Contains(word)) into.Add(word);
        }
    }

    /// <returns>True for a word that says nothing about what is sought.</returns>
    internal static bool IsSmall(string word) => Small.Contains(word);

    /// <returns>Tokens in order.</returns>
    public static List<string> Of(string text)
    {
        var tokens = new List<string>(6);
        Of(text, tokens);
        return tokens;
    }

    // Good enough to bring boxes and box, cookies and cookie together; whether the common form is a word does not matter.
    private static string Folded(string word)
    {
        var apostrophe = word.AsSpan().IndexOfAny('\'', '’');
        if (apostrophe > 0) word = word[..apostrophe];
        if (word.Length < 4 || word[^1] != 's' || word[^2] is 's' or 'u' or 'i' || char.IsDigit(word[^2])) return word;
        if (word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal)) return word[..^3] + "y";
        if (word.EndsWith("xes", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal) || word.EndsWith("sses", StringComparison.Ordinal)) return word[..^2];
        return word[..^1];
    }
}
