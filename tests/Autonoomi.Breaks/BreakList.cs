using System.Collections.Immutable;
using System.IO;
using Autonoomi.Privacy;

namespace Autonoomi.Breaks;

/// <summary>How a place is switched.</summary>
internal enum Form { Expression, Statement, Markup }

/// <summary>One place of a break.</summary>
/// <param name="File">Below the checkout, with slashes.</param>
/// <param name="Whole">As it stands there, exactly once.</param>
/// <param name="At">Where in it the part begins that changes.</param>
/// <param name="Old">That part.</param>
/// <param name="New">What it becomes; empty where a statement is left out.</param>
internal sealed record Change(string File, string Whole, int At, string Old, string New)
{
    public Form Form => File.EndsWith(".razor", StringComparison.Ordinal) && Old.StartsWith('<') ? Form.Markup : Old is [.., ';' or '}'] ? Form.Statement : Form.Expression;

    /// <param name="file">Below the checkout.</param>
    /// <param name="old">Where needed with <c>«…»</c> around the part that changes.</param>
    /// <param name="fresh">What it becomes.</param>
    public static Change Of(string file, string old, string fresh)
    {
        var (from, until) = (old.IndexOf('«', StringComparison.Ordinal), old.IndexOf('»', StringComparison.Ordinal));
        return from < 0 || until < from ? new(file, old, 0, old, fresh) : new(file, old.Remove(until, 1).Remove(from, 1), from, old[(from + 1)..until], fresh);
    }

    /// <summary>The part that changes with its switch around it.</summary>
    /// <param name="key">Of the break.</param>
    public string Switch(string key)
    {
        var asked = $"global::Autonoomi.Broken.Is(\"{key}\")";
        return Form switch
        {
            Form.Markup => $"@if ({asked}) {{ {New}\n }} else {{ {Old}\n }}",
            Form.Statement => $"if ({asked}) {{ {New}\n }} else {{ {Old}\n }}",
            Form.Expression => $"({asked} ? ({New}) : ({Old}))",
        };
    }
}

/// <summary>A plausible mistake that breaks promises.</summary>
/// <param name="Key">The first promise, with a number from the second break of the same promise on: <c>P-3-b</c>, <c>P-3-b/2</c>.</param>
/// <param name="Promises">What it breaks; each must be caught by tests of its own.</param>
/// <param name="Why">The mistake in words.</param>
/// <param name="Changes">At least one.</param>
internal sealed record Break(string Key, ImmutableArray<string> Promises, string Why, ImmutableArray<Change> Changes);

/// <summary>The breaks of <c>breaks.txt</c>, and what is wrong with them before anything is built.</summary>
internal static class BreakList
{
    public static ImmutableArray<Break> Load()
    {
        using var text = new StreamReader(typeof(BreakList).Assembly.GetManifestResourceStream("breaks.txt")!);
        return Read(text);
    }

    /// <param name="text">Entries: <c>= P-1-a, P-2-b</c>, <c>why: …</c>, then <c>in: file</c>, lines <c>- old</c> and lines <c>+ new</c>, as often as needed; <c>#</c> is a remark.</param>
    /// <exception cref="FormatException">A line is none of these, or an entry lacks something; the message names line or entry.</exception>
    public static ImmutableArray<Break> Read(TextReader text)
    {
        var breaks = new List<Break>();
        var (file, old, fresh) = ("", new List<string>(), new List<string>());
        var number = 0;
        for (var line = text.ReadLine(); line is not null; line = text.ReadLine())
        {
            number++;
            if (line.Trim().Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("= ", StringComparison.Ordinal))
            {
                Close();
                file = "";
                ImmutableArray<string> ids = [.. line[2..].Split(',', StringSplitOptions.TrimEntries)];
                var earlier = breaks.Count(known => known.Promises[0] == ids[0]);
                breaks.Add(new(earlier == 0 ? ids[0] : $"{ids[0]}/{earlier + 1}", ids, "", []));
            }
            else if (breaks.Count == 0) throw Wrong("a line stands below an entry '= P-1-a'");
            else if (line.StartsWith("why: ", StringComparison.Ordinal)) breaks[^1] = breaks[^1] with { Why = line[5..].Trim() };
            else if (line.StartsWith("in: ", StringComparison.Ordinal))
            {
                Close();
                file = line[4..].Trim();
            }
            else if (line.StartsWith("- ", StringComparison.Ordinal))
            {
                if (fresh.Count > 0) Close();
                if (file.Length == 0) throw Wrong("a snippet stands below 'in: file'");
                old.Add(line[2..]);
            }
            else if (line[0] == '+')
            {
                if (old.Count == 0) throw Wrong("'+ new' stands below '- old'");
                fresh.Add(line.Length > 2 ? line[2..] : "");
            }
            else throw Wrong("a line is '= ids', 'why:', 'in:', '- old' or '+ new'");
        }

        Close();
        foreach (var one in breaks)
            if (one.Why.Length == 0 || one.Changes.IsEmpty) throw new FormatException($"The list of breaks, {one.Key}: it must say why, where ('in:'), what is there ('- ') and what it becomes ('+ ').");
        return [.. breaks];

        void Close()
        {
            if (old.Count > 0 && fresh.Count == 0) throw Wrong("'- old' is followed by '+ new', which may be empty");
            if (old.Count > 0) breaks[^1] = breaks[^1] with { Changes = breaks[^1].Changes.Add(Change.Of(file, string.Join('\n', old).Trim(), string.Join('\n', fresh).Trim())) };
            old.Clear();
            fresh.Clear();
        }

        FormatException Wrong(string rule) => new($"The list of breaks, line {number}: {rule}.");
    }

    /// <returns>What makes a break unusable, one sentence each.</returns>
    /// <param name="breaks">As they are listed.</param>
    /// <param name="promises">The register.</param>
    /// <param name="read">A file's text by its path below the checkout; null when there is none.</param>
    public static IEnumerable<string> Faults(IReadOnlyCollection<Break> breaks, IReadOnlyCollection<Promise> promises, Func<string, string?> read)
    {
        foreach (var one in breaks)
        {
            foreach (var id in one.Promises)
            {
                if (promises.FirstOrDefault(known => known.Id == id) is not { } promise) yield return $"{one.Key}: the register has no promise {id}";
                else if (promise.Tests.IsEmpty) yield return $"{one.Key}: the entry of {id} names no tests";
            }

            foreach (var change in one.Changes)
            {
                if (read(change.File) is not { } text) yield return $"{one.Key}: there is no file {change.File}";
                else if (Count(text, change.Whole) is not 1 and var count) yield return $"{one.Key}: its snippet stands {count} times in {change.File}, not once: {Short(change.Whole)}";
                if (change is { Form: Form.Expression, New.Length: 0 }) yield return $"{one.Key}: an expression becomes another expression, not nothing: {Short(change.Old)}";
            }
        }

        var places = (from one in breaks from change in one.Changes select (one.Key, change)).ToList();
        foreach (var file in places.GroupBy(place => place.change.File))
        {
            if (read(file.Key) is not { } text) continue;
            var spans = file.Where(place => Count(text, place.change.Whole) == 1).Select(place => (place.Key, From: text.IndexOf(place.change.Whole, StringComparison.Ordinal) + place.change.At, place.change.Old.Length)).OrderBy(span => span.From).ToList();
            foreach (var (first, second) in spans.Zip(spans.Skip(1)))
                if (first.From + first.Length > second.From) yield return $"{first.Key} and {second.Key} change the same words of {file.Key}; let one break name both promises";
        }
    }

    /// <returns>Kept promises that no break of the list breaks.</returns>
    public static IEnumerable<string> Unbroken(IEnumerable<Break> breaks, IEnumerable<Promise> promises) =>
        promises.Where(promise => promise.State == PromiseState.Kept).Select(promise => promise.Id).Except(breaks.SelectMany(one => one.Promises));

    /// <summary>The source with every break as a switch that <c>Broken</c> turns.</summary>
    public static string Switched(string text, IEnumerable<(string Key, Change Change)> changes)
    {
        // From the end of the file to its beginning, so that places before a change stay where they are.
        foreach (var (at, key, change) in changes.Select(place => (At: text.IndexOf(place.Change.Whole, StringComparison.Ordinal) + place.Change.At, place.Key, place.Change)).OrderByDescending(place => place.At).ToList())
            text = string.Concat(text.AsSpan(0, at), change.Switch(key), text.AsSpan(at + change.Old.Length));
        return text;
    }

    private static int Count(string text, string snippet)
    {
        var count = 0;
        for (var at = text.IndexOf(snippet, StringComparison.Ordinal); at >= 0; at = text.IndexOf(snippet, at + 1, StringComparison.Ordinal)) count++;
        return count;
    }

    private static string Short(string snippet) => snippet.ReplaceLineEndings(" ") is { Length: > 80 } text ? text[..80] + " …" : snippet.ReplaceLineEndings(" ");
}
