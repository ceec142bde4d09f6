using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Negation;

/// <summary>Which ad group is closed to which search term, by exact and phrase negatives, the campaign's ones among them.</summary>
internal sealed class ClosedTerms
{
    private readonly Structure structure;
    private readonly string[] words;
    // By ad group, or by the negative of the campaign's number.
    private readonly HashSet<(long Home, string Text)> exact = [];
    private readonly Dictionary<long, List<string>> phrases = [];

    private ClosedTerms(Structure structure, string[] words) => (this.structure, this.words) = (structure, words);

    public bool IsEmpty => exact.Count == 0 && phrases.Count == 0;

    public static ClosedTerms Of(Workspace workspace, Structure structure)
    {
        var closed = new ClosedTerms(structure, workspace.SearchTermDays.Texts("search_term").Words);
        foreach (var negative in workspace.Negatives)
        {
            if (negative.State != EntityState.Enabled) continue;
            var home = negative.AdGroup?.Value ?? -negative.Campaign.Value;
            var text = TermText.Plain(negative.Text);
            if (negative.Match != NegativeMatch.Phrase) closed.exact.Add((home, text));
            else if (closed.phrases.TryGetValue(home, out var list)) list.Add($" {text} ");
            else closed.phrases.Add(home, [$" {text} "]);
        }

        return closed;
    }

    /// <param name="group">Position of the ad group in the workspace.</param>
    /// <param name="term">Number of the term in the search-term table.</param>
    public bool Holds(int group, int term) => !IsEmpty && Holds(group, TermText.Plain(words[term]));

    /// <param name="group">Position of the ad group in the workspace.</param>
    /// <param name="text">Lower case.</param>
    public bool Holds(int group, string text)
    {
        var home = structure.Workspace.AdGroups[group];
        return Holds(home.Id.Value, text) || Holds(-home.Campaign.Value, text);
    }

    private bool Holds(long home, string text)
    {
        if (exact.Contains((home, text))) return true;
        if (!phrases.TryGetValue(home, out var list)) return false;
        var padded = $" {text} ";
        return list.Exists(phrase => padded.Contains(phrase, StringComparison.Ordinal));
    }
}
