using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Autonoomi.App.Platform.Copies;

/// <summary>What keeps a copy from being read in.</summary>
/// <param name="File">In the archive; null for the archive itself.</param>
/// <param name="Line">Counted from 1; null for the file as a whole.</param>
/// <param name="Field">Path in the line; null for the line as a whole.</param>
/// <param name="Rule">The rule, and how it was broken.</param>
/// <param name="Fix">What to do.</param>
public sealed record CopyProblem(string? File, long? Line, string? Field, string Rule, string Fix)
{
    public override string ToString()
    {
        var place = string.Join(", ", new[] { File, Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"line {line}") : null, Field is { } field ? $"field {field}" : null }.OfType<string>());
        return place.Length == 0 ? $"{Rule} {Fix}" : $"{place}: {Rule} {Fix}";
    }
}

/// <summary>Lines that people typed in, of one account in a copy, as they stand in the file.</summary>
/// <param name="Seller">The account in the copy.</param>
/// <param name="Kind">Kind of records.</param>
/// <param name="File">Name in the archive.</param>
/// <param name="Bytes">JSON Lines, of the hash that the manifest names.</param>
public sealed record GivenFile(Guid Seller, string Kind, string File, ReadOnlyMemory<byte> Bytes);

/// <param name="Given">Empty when there is a problem.</param>
/// <param name="Problem">Null when the archive is whole.</param>
public sealed record CopyReading(ImmutableArray<GivenFile> Given, CopyProblem? Problem);

/// <summary>
/// Opens an archive that somebody hands in, trusting nothing of it: names are of a fixed form, each file is in the manifest once with its size and hash, and
/// what is unpacked has limits. Everything is looked at before anything is used.
/// </summary>
public static partial class CopyReader
{
    /// <summary>Largest archive in bytes.</summary>
    public const int LargestFile = 10 * 1024 * 1024;

    /// <summary>Most bytes of all its files together, unpacked.</summary>
    public const long LargestContent = 512L * 1024 * 1024;

    /// <summary>Most files.</summary>
    public const int MostFiles = 5_000;

    private const long LargestManifest = 4 * 1024 * 1024;
    private const long LargestGiven = 64 * 1024 * 1024;

    // What deflates better than this, beyond the first piece, was made to fill memory; our own files stay far below.
    private const int MostRatio = 200;
    private const long FreeOfRatio = 1024 * 1024;

    private const string Again = "Take a new copy on the page Your data and hand in that file as it is.";

    private static readonly JsonSerializerOptions Strict = new(CopyJson.Default.Options) { AllowDuplicateProperties = false, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    public static CopyReading Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length > LargestFile) return Wrong(null, "The file is larger than 10 MiB.", "Take a copy of what was typed in alone; it is small.");
        try
        {
            using var stream = new MemoryStream(file.ToArray(), writable: false);
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            return Read(zip);
        }
        catch (InvalidDataException)
        {
            return Wrong(null, "This is no ZIP archive, or it was cut or changed on its way.", Again);
        }
    }

    private static CopyReading Read(ZipArchive zip)
    {
        if (zip.Entries.Count > MostFiles) return Wrong(null, $"The archive holds {zip.Entries.Count} files; a copy has at most {MostFiles}.", Again);
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in zip.Entries)
        {
            if (!Names().IsMatch(entry.FullName)) return Wrong(Shown(entry.FullName), "No file of a copy is called that.", Again);
            if (!entries.TryAdd(entry.FullName, entry)) return Wrong(entry.FullName, "The archive holds this file twice.", Again);
        }

        var budget = LargestContent;
        if (!entries.Remove(CopyFormat.Manifest, out var listed)) return Wrong(CopyFormat.Manifest, "The copy has no manifest: it was cut, or is none.", Again);
        if (Unpack(listed, LargestManifest, ref budget, out var text, out _, out _) is { } tooMuch) return new([], tooMuch);
        CopyManifest manifest;
        try
        {
            if (VersionOf(text!) is { } version && version != CopyFormat.Version)
                return Wrong(CopyFormat.Manifest, $"The copy is of format {version}, and this product reads format {CopyFormat.Version}.", "Take a copy with a product of this version, or read it in with the other one.");
            manifest = (CopyManifest)JsonSerializer.Deserialize(text, Strict.GetTypeInfo(typeof(CopyManifest)))!;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return Wrong(CopyFormat.Manifest, "The manifest is not the list that a copy has.", Again);
        }

        var given = ImmutableArray.CreateBuilder<GivenFile>();
        foreach (var told in manifest.Files)
        {
            if (!entries.Remove(told.Name, out var entry) || entry.FullName != told.Name) return Wrong(Shown(told.Name), "The manifest names this file, and it is missing or named twice.", Again);
            var place = Given().Match(told.Name);
            if (Unpack(entry, place.Success ? LargestGiven : LargestContent, ref budget, out var bytes, out var size, out var hash, keep: place.Success) is { } wrong) return new([], wrong);
            if (size != told.Bytes || hash != told.Sha256) return Wrong(told.Name, "Its size or its SHA-256 is not what the manifest says: it was changed.", Again);
            if (place.Success) given.Add(new(Guid.Parse(place.Groups["seller"].Value), place.Groups["kind"].Value, told.Name, bytes));
        }

        return entries.Count > 0 ? Wrong(entries.Values.First().FullName, "The manifest does not name this file.", Again) : new(given.ToImmutable(), null);
    }

    private static CopyProblem? Unpack(ZipArchiveEntry entry, long most, ref long budget, out byte[]? content, out long size, out string hash, bool keep = true)
    {
        (content, size, hash) = (null, 0, "");
        using var stream = entry.Open();
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var kept = keep ? new MemoryStream() : null;
        var piece = new byte[64 * 1024];
        for (int read; (read = stream.Read(piece)) > 0;)
        {
            size += read;
            budget -= read;
            if (size > most || budget < 0 || (size > FreeOfRatio && size / MostRatio > entry.CompressedLength))
                return new(entry.FullName, null, null, "Unpacked it is larger than a copy can be.", "Take a copy of what was typed in alone, and hand in that file as it is.");
            sum.AppendData(piece, 0, read);
            kept?.Write(piece, 0, read);
        }

        (content, hash) = (kept?.ToArray(), Convert.ToHexStringLower(sum.GetHashAndReset()));
        return null;
    }

    // Before anything else: another version may have other fields.
    private static int? VersionOf(byte[] manifest)
    {
        using var text = JsonDocument.Parse(manifest);
        return text.RootElement.ValueKind == JsonValueKind.Object && text.RootElement.TryGetProperty("formatVersion", out var version) && version.TryGetInt32(out var number) ? number : null;
    }

    private static CopyReading Wrong(string? file, string rule, string fix) => new([], new(file, null, null, rule, fix));

    private static string Shown(string name) => new([.. name.Where(letter => !char.IsControl(letter)).Take(80)]);

    private const string Seller = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    [GeneratedRegex($@"\A(README\.txt|schema\.json|manifest\.json|categories\.(jsonl|csv)|tables/[a-z_]{{1,40}}\.(jsonl|csv)|sellers/{Seller}/((given|records)/[a-z_-]{{1,40}}|facts/[0-9]{{1,20}}/[A-Za-z]{{1,40}})\.(jsonl|csv))\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Names();

    [GeneratedRegex($@"\Asellers/(?<seller>{Seller})/given/(?<kind>[a-z_-]{{1,40}})\.jsonl\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Given();
}
