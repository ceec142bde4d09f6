using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autonoomi.Breaks;

[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
internal enum Outcome
{
    /// <summary>A test failed.</summary>
    Caught,

    /// <summary>Tests ran and all passed.</summary>
    NotCaught,

    /// <summary>No test ran, the runner crashed, or it took too long: no proof either way.</summary>
    NoProof,
}

/// <param name="Source">Hash of what the run depended on.</param>
/// <param name="Key">The break, or <c>-</c> for a class that is run unbroken.</param>
/// <param name="Promise">Which promise's tests ran, or the class.</param>
/// <param name="Outcome">Of a class unbroken: <see cref="Outcome.NotCaught"/> is as it should be.</param>
/// <param name="Test">The test that failed, or what happened instead.</param>
/// <param name="Reached">The broken code ran.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record Finding(string Source, string Key, string Promise, Outcome Outcome, string Test, bool Reached, double Seconds);

/// <summary>What is finished, one line each, on disk before the next begins.</summary>
/// <param name="path">Of the file; made when it is not there.</param>
internal sealed class Journal(string path)
{
    private readonly List<Finding> findings = Read(path);

    public Finding? Find(string source, string key, string promise) => findings.FindLast(known => known.Source == source && known.Key == key && known.Promise == promise);

    /// <returns>How long a class took unbroken, whatever the sources were then; null when it never ran.</returns>
    public double? Seconds(string testClass) => findings.FindLast(known => known.Key == "-" && known.Promise == testClass)?.Seconds;

    public void Add(Finding finding)
    {
        findings.Add(finding);
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write);
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(finding), (byte)'\n']);
        file.Flush(flushToDisk: true);
    }

    private static List<Finding> Read(string path)
    {
        if (!File.Exists(path)) return [];
        var text = File.ReadAllText(path);
        // What follows the last line end was being written when the process died.
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        if (whole.Length < text.Length) File.WriteAllText(path, whole);
        return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Finding>(line)!)];
    }
}
