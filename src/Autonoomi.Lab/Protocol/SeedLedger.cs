using System.IO;
using System.Text.Json;

namespace Autonoomi.Lab.Protocol;

/// <summary>One look at seeds that are not for tuning.</summary>
internal sealed record SeedRead(DateTimeOffset At, string Version, IReadOnlyList<string> Families, IReadOnlyList<string> Policies, ulong Seed, int Worlds);

/// <summary>Writes down who looked at which seeds, one JSON line per study, before it runs: a study that was broken off has been seen too.</summary>
internal static class SeedLedger
{
    /// <summary>Beside the results; for validation seeds.</summary>
    public const string ValidationFile = "validation-reads.jsonl";

    /// <summary>In the repository, for everybody to see; for sealed seeds.</summary>
    public static readonly string SealedFile = Path.Combine("docs", "lab", "sealed-ledger.jsonl");

    public static void Append(string path, SeedRead read)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(JsonSerializer.SerializeToUtf8Bytes(read, LineJson.Default.SeedRead));
        file.WriteByte((byte)'\n');
        file.Flush(flushToDisk: true);
    }
}
