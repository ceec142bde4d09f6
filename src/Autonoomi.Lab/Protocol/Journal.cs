using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autonoomi.Lab.Protocol;

/// <summary>
/// What a study has finished so far, one JSON line each, on disk before the next begins. The same command goes on from it; the journal of another study is refused.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly Lock gate = new();
    private readonly FileStream? file;
    private readonly Dictionary<(string Family, ulong Seed), WorldFigures> worlds = [];
    private readonly Dictionary<PlayKey, PlayFigures> plays = [];

    /// <summary>Keeps everything in memory only.</summary>
    public Journal()
    {
    }

    /// <param name="path">Beside the results; created when it is not there.</param>
    /// <param name="header">Of the study that asks.</param>
    /// <exception cref="LabException">The file belongs to another study or another process writes it.</exception>
    public Journal(string path, StudyHeader header)
    {
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (File.Exists(path))
        {
            throw new LabException($"{path} is in use: another study writes to it ({failure.Message}).");
        }

        try
        {
            Load(path, header);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Worlds and plays that were there when it was opened.</summary>
    public int Resumed { get; private set; }

    public WorldFigures? World(string family, ulong seed)
    {
        lock (gate) return worlds.GetValueOrDefault((family, seed));
    }

    public PlayFigures? Play(PlayKey key)
    {
        lock (gate) return plays.GetValueOrDefault(key);
    }

    public void Add(Line line)
    {
        lock (gate)
        {
            Remember(line);
            Write(JsonSerializer.SerializeToUtf8Bytes(line, LineJson.Default.Line));
        }
    }

    public void Dispose() => file?.Dispose();

    private void Load(string path, StudyHeader header)
    {
        var whole = 0L;
        using (var reader = new StreamReader(file!, leaveOpen: true))
        {
            var text = reader.ReadToEnd();
            // What follows the last line end was being written when the process died.
            var complete = text[..(text.LastIndexOf('\n') + 1)];
            whole = System.Text.Encoding.UTF8.GetByteCount(complete);
            foreach (var (number, line) in complete.Split('\n', StringSplitOptions.RemoveEmptyEntries).Index())
            {
                if (number == 0) Compare(path, line, header);
                else Remember(Read(path, number, line));
            }
        }

        Resumed = worlds.Count + plays.Count;
        file!.SetLength(whole);
        file.Position = whole;
        if (whole == 0) Write(JsonSerializer.SerializeToUtf8Bytes(header, LineJson.Default.StudyHeader));
    }

    private static Line Read(string path, int number, string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LineJson.Default.Line)!;
        }
        catch (JsonException failure)
        {
            throw new LabException($"Line {number + 1} of {path} cannot be read: {failure.Message} Delete the file to begin anew.");
        }
    }

    private static void Compare(string path, string line, StudyHeader header)
    {
        JsonObject there;
        try
        {
            there = JsonNode.Parse(line)!.AsObject();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw new LabException($"{path} is no journal of a study. Name another --json file.");
        }

        var here = JsonSerializer.SerializeToNode(header, LineJson.Default.StudyHeader)!.AsObject();
        // The commit may move on without touching what the figures depend on; the hashes of the sources say whether it did.
        var different = here.Where(entry => entry.Key != "version" && !JsonNode.DeepEquals(entry.Value, there[entry.Key])).ToList();
        if (different.Count == 0) return;
        var words = different.Select(entry => $"{entry.Key} is {Short(there[entry.Key])} there and {Short(entry.Value)} here");
        throw new LabException($"{path} belongs to another study: {string.Join("; ", words)}. Finish it with its own command, or delete it to begin anew.");
    }

    private static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "missing";
        return text.Length <= 120 ? text : text[..120] + " …";
    }

    private void Remember(Line line)
    {
        switch (line)
        {
            case WorldFigures world: worlds[(world.Family, world.Seed)] = world; break;
            case PlayFigures play: plays[PlayKey.Of(play)] = play; break;
            default: throw new ArgumentOutOfRangeException(nameof(line), line, "A line of unknown kind.");
        }
    }

    private void Write(byte[] bytes)
    {
        if (file is null) return;
        file.Write([.. bytes, (byte)'\n']);
        file.Flush(flushToDisk: true);
    }
}

/// <summary>What makes a play: the same key gives the same figures.</summary>
internal readonly record struct PlayKey(string Family, ulong Seed, string Policy, double Target, bool Pooled, string Variant)
{
    public static PlayKey Of(PlayFigures play) => new(play.Family, play.Seed, play.Policy, play.Target, play.Pooled, play.Variant);
}
