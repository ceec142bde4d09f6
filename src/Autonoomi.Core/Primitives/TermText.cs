namespace Autonoomi.Core.Primitives;

/// <summary>When two search terms, keywords or negatives are the same text to Amazon: letters' case does not count, nor do spaces around it or more than one between words.</summary>
public static class TermText
{
    /// <returns>The text in small letters with single spaces; the same string where it is so already.</returns>
    public static string Plain(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var isFolded = text[at] == ' ' ? at > 0 && at < text.Length - 1 && text[at - 1] != ' ' : !char.IsWhiteSpace(text[at]) && char.ToLowerInvariant(text[at]) == text[at];
            if (!isFolded) return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
        }

        return text;
    }
}
