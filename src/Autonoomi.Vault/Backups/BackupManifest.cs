using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autonoomi.Vault;

/// <summary>What a backup set is and holds, proven by the set's own key.</summary>
internal sealed record BackupManifest
{
    public required string Format { get; init; }
    public required string Environment { get; init; }
    public required string Set { get; init; }
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>Name of the newest migration of the store.</summary>
    public required string Schema { get; init; }

    /// <summary>Bytes of the store before sealing, and of each piece but the last.</summary>
    public required long StoreBytes { get; init; }
    public required int PieceBytes { get; init; }

    /// <summary>The set's key, wrapped with the environment's key.</summary>
    public required byte[] Key { get; init; }

    /// <summary>By name: length and SHA-256 of every other file of the set.</summary>
    public required SortedDictionary<string, BackupFile> Files { get; init; }

    /// <summary>Under the set's key, over everything above.</summary>
    public required string Mac { get; init; }

    [JsonIgnore]
    public int Pieces => (int)Math.Max(1, (StoreBytes + PieceBytes - 1) / PieceBytes);

    [JsonIgnore]
    public long SealedBytes => StoreBytes + ((long)Pieces * Cipher.Overhead);

    public string ToText() => JsonSerializer.Serialize(this, BackupJson.Default.BackupManifest);

    public BackupManifest Signed(byte[] setKey) => this with { Mac = MacOf(setKey) };

    public bool IsGenuine(byte[] setKey) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(MacOf(setKey)), Encoding.UTF8.GetBytes(Mac));

    /// <summary>Bound to each piece: its set, its place, and whether it is the last.</summary>
    public byte[] Context(int piece) => Cipher.Context("backup", Environment, Set, piece.ToString(System.Globalization.CultureInfo.InvariantCulture), piece == Pieces - 1 ? "last" : "more");

    /// <exception cref="BackupException">Not a manifest.</exception>
    public static BackupManifest Read(string folder)
    {
        var file = Path.Combine(folder, BackupSet.ManifestName);
        if (!File.Exists(file)) throw new BackupException($"There is no {BackupSet.ManifestName} in '{folder}', so it is no backup set or not a whole one. Name the folder of a set, or the folder that holds the sets.");
        try
        {
            var manifest = new FileInfo(file).Length > 1 << 20 ? null : JsonSerializer.Deserialize(File.ReadAllText(file), BackupJson.Default.BackupManifest);
            if (manifest is { Format: "anb1", PieceBytes: > 0 and <= 1 << 26, StoreBytes: >= 0 }) return manifest;
        }
        catch (JsonException broken)
        {
            throw Damaged(folder, broken);
        }

        throw Damaged(folder, null);
    }

    public static BackupException Damaged(string folder, Exception? inner) =>
        new($"{BackupSet.ManifestName} of backup set '{folder}' is damaged or was changed. Nothing was restored. Take another set.", inner);

    private string MacOf(byte[] setKey) => Convert.ToHexStringLower(HMACSHA256.HashData(
        SubKey.Derive(setKey, "manifest", 1, sealingOff: false).Bytes, Encoding.UTF8.GetBytes((this with { Mac = "" }).ToText())));
}

internal sealed record BackupFile(long Bytes, string Sha256);

[JsonSourceGenerationOptions(WriteIndented = true, RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
