using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Autonoomi.Privacy;

/// <param name="Number">Counts from 1.</param>
/// <param name="Date">The day on which it was posted, UTC.</param>
/// <param name="Sha256">Of the text's bytes, lower-case hexadecimal, as it is recorded.</param>
/// <param name="Material">True where a purpose, recipient, time or basis changes: people are told thirty days ahead and have to agree. Editorial otherwise.</param>
/// <param name="Change">What changed, in a sentence.</param>
/// <param name="Text">The text with its anchors, before the operator's name and lists are put in.</param>
public sealed record PolicyVersion(int Number, DateOnly Date, string Sha256, bool Material, string Change, string Text)
{
    /// <summary>What the recorded hash must be.</summary>
    public string Measured => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}

public enum PolicyPart
{
    Title,
    Heading,
    Subheading,
    Paragraph,

    /// <summary>A list that the software puts in: cookies, sub-processors, contact.</summary>
    List,
}

/// <param name="Text">One sentence, with <c>{{operator}}</c> and the like still in it.</param>
/// <param name="Promises">Ids of the promises that it makes; empty when it makes none.</param>
public sealed record PolicySentence(string Text, ImmutableArray<string> Promises);

/// <param name="Part">What it is.</param>
/// <param name="Text">Of a heading, or the name of a list; empty for a paragraph.</param>
/// <param name="Sentences">Of a paragraph.</param>
public sealed record PolicyBlock(PolicyPart Part, string Text, ImmutableArray<PolicySentence> Sentences);

/// <summary>The published policy, every version of it, and its sentences with the promises that they make.</summary>
public static partial class PrivacyPolicy
{
    private static readonly Lazy<ImmutableArray<PolicyVersion>> Loaded = new(Load);

    /// <summary>Newest first.</summary>
    public static ImmutableArray<PolicyVersion> Versions => Loaded.Value;

    /// <summary>
    /// Words that bind. A sentence that is marked as making no promise has none of them: whoever writes one must say which promise it is.
    /// </summary>
    public static ImmutableArray<string> BindingWords { get; } =
        ["never", "always", "only", "nothing", "nobody", "none", "no", "not", "every", "all", "within", "must", "refuse", "refused", "guarantee", "guaranteed", "will", "cannot", "until", "at most", "up to", "ensure", "promise"];

    /// <param name="text">Lines: <c>#</c>, <c>##</c>, <c>###</c> headings, <c>{{name}}</c> alone is a list, anything else a paragraph whose sentences each end in <c>{P-3-b}</c> or <c>{-}</c>.</param>
    /// <exception cref="FormatException">A sentence says neither which promise it makes nor that it makes none.</exception>
    public static ImmutableArray<PolicyBlock> Parse(string text)
    {
        var blocks = ImmutableArray.CreateBuilder<PolicyBlock>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal)) blocks.Add(new(PolicyPart.Subheading, line[4..], []));
            else if (line.StartsWith("## ", StringComparison.Ordinal)) blocks.Add(new(PolicyPart.Heading, line[3..], []));
            else if (line.StartsWith("# ", StringComparison.Ordinal)) blocks.Add(new(PolicyPart.Title, line[2..], []));
            else if (Alone().Match(line) is { Success: true } list) blocks.Add(new(PolicyPart.List, list.Groups[1].Value, []));
            else blocks.Add(new(PolicyPart.Paragraph, "", Sentences(line)));
        }

        return blocks.ToImmutable();
    }

    /// <returns>What is wrong with a text as a published one; nothing when all is well.</returns>
    public static IEnumerable<string> Faults(IEnumerable<PolicyBlock> blocks, IReadOnlyCollection<Promise> register)
    {
        foreach (var sentence in blocks.SelectMany(block => block.Sentences))
        {
            foreach (var id in sentence.Promises)
            {
                var promise = register.FirstOrDefault(known => known.Id == id);
                if (promise is null) yield return $"'{sentence.Text}' names {id}, which the register does not know";
                else if (promise.State == PromiseState.Open) yield return $"'{sentence.Text}' promises {id}, which is not built yet";
            }

            if (!sentence.Promises.IsEmpty) continue;
            if (BindingWords.FirstOrDefault(word => Regex.IsMatch(sentence.Text, $@"\b{word}\b", RegexOptions.IgnoreCase)) is { } binding) yield return $"'{sentence.Text}' says '{binding}' and names no promise";
        }
    }

    /// <summary>Line by line, what of an older text went, what came and what stayed.</summary>
    public static IReadOnlyList<(char Kind, string Text)> Difference(string older, string newer)
    {
        var (left, right) = (Lines(older), Lines(newer));
        // Longest common subsequence, from the end.
        var common = new int[left.Count + 1, right.Count + 1];
        for (var i = left.Count - 1; i >= 0; i--)
            for (var j = right.Count - 1; j >= 0; j--)
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        var result = new List<(char, string)>();
        var (a, b) = (0, 0);
        while (a < left.Count || b < right.Count)
        {
            if (a < left.Count && b < right.Count && left[a] == right[b]) (a, b) = Take(' ', left[a], a + 1, b + 1);
            else if (b == right.Count || (a < left.Count && common[a + 1, b] >= common[a, b + 1])) (a, b) = Take('-', left[a], a + 1, b);
            else (a, b) = Take('+', right[b], a, b + 1);
        }

        return result;

        (int, int) Take(char kind, string line, int nextLeft, int nextRight)
        {
            result.Add((kind, line));
            return (nextLeft, nextRight);
        }
    }

    /// <summary>An editorial version leaves every promise word for word, and every list.</summary>
    /// <returns>Why a version may not be called editorial; null when it may, or is not.</returns>
    public static string? Overreach(PolicyVersion older, PolicyVersion newer)
    {
        if (newer.Material) return null;
        var (before, after) = (Bound(older.Text), Bound(newer.Text));
        return before.SequenceEqual(after) ? null : $"Version {newer.Number} is called editorial and changes what is promised: '{after.Except(before).Concat(before.Except(after)).FirstOrDefault() ?? "the number of sentences"}'. Call it material in versions.txt.";
    }

    private static List<string> Bound(string text) =>
    [
        .. Parse(text).SelectMany(block => block.Part == PolicyPart.List ? [block.Text] : block.Sentences.Where(sentence => !sentence.Promises.IsEmpty).Select(sentence => $"{sentence.Text} {string.Join(' ', sentence.Promises)}")).Order(StringComparer.Ordinal),
    ];

    /// <summary>Headings and sentences, without anchors.</summary>
    private static List<string> Lines(string text) => [.. Parse(text).SelectMany(block => block.Part == PolicyPart.Paragraph ? block.Sentences.Select(sentence => sentence.Text) : [block.Text])];

    private static ImmutableArray<PolicySentence> Sentences(string line)
    {
        var sentences = ImmutableArray.CreateBuilder<PolicySentence>();
        var at = 0;
        foreach (Match match in Anchored().Matches(line))
        {
            if (match.Index != at) break;
            at = match.Index + match.Length;
            var text = match.Groups[1].Value.Trim();
            if (Second().IsMatch(text)) throw new FormatException($"The policy: '{text}' is more than one sentence; each says which promise it makes.");
            sentences.Add(new(text, [.. Id().Matches(match.Groups[2].Value).Select(id => id.Value)]));
        }

        return at == line.Length ? sentences.ToImmutable() : throw new FormatException($"The policy: '{line[at..].Trim()}' ends neither in a promise's id nor in {{-}}.");
    }

    /// <param name="list">Lines: <c>number | date | SHA-256 | material or editorial | what changed</c>, newest first; <c>#</c> is a remark.</param>
    /// <param name="text">Gives the text of a version.</param>
    /// <exception cref="FormatException">A line is none of these, or numbers or dates do not fall.</exception>
    internal static ImmutableArray<PolicyVersion> Read(TextReader list, Func<int, string> text)
    {
        var versions = ImmutableArray.CreateBuilder<PolicyVersion>();
        for (var line = list.ReadLine(); line is not null; line = list.ReadLine())
        {
            if (line.Trim() is not { Length: > 0 } trimmed || trimmed[0] == '#') continue;
            if (trimmed.Split('|', StringSplitOptions.TrimEntries) is not [var number, var date, { Length: 64 } hash, ("material" or "editorial") and var kind, { Length: > 0 } change]
                || !int.TryParse(number, CultureInfo.InvariantCulture, out var count) || !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                throw new FormatException($"The policy's versions: '{trimmed}' is not 'number | date | SHA-256 | material or editorial | what changed'.");
            if (versions.Count > 0 && (versions[^1].Number != count + 1 || versions[^1].Date < day)) throw new FormatException($"The policy's versions: {count} does not follow on {versions[^1].Number}; the newest stands first.");
            versions.Add(new(count, day, hash, kind == "material", change, text(count)));
        }

        return versions.ToImmutable();
    }

    private static ImmutableArray<PolicyVersion> Load()
    {
        using var list = new StreamReader(Resource("versions.txt"));
        return Read(list, number =>
        {
            using var text = new StreamReader(Resource($"policy-{number}.txt"));
            return text.ReadToEnd();
        });
    }

    private static Stream Resource(string name) => typeof(PrivacyPolicy).Assembly.GetManifestResourceStream(name) ?? throw new FormatException($"The policy's versions name {name}, which is not there.");

    [GeneratedRegex(@"^\{\{([a-z -]+)\}\}$")]
    private static partial Regex Alone();

    // Text (with {{names}} in it), then one or more anchors.
    [GeneratedRegex(@"\s*((?:[^{]|\{\{[a-z -]+\}\})+?)((?:\s*\{(?:P-[0-9.]+-[a-z]|-)\})+)\s*")]
    private static partial Regex Anchored();

    [GeneratedRegex(@"[.!?] [A-Z]")]
    private static partial Regex Second();

    [GeneratedRegex(@"P-[0-9.]+-[a-z]")]
    private static partial Regex Id();
}
