using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Autonoomi.App.Platform.Copies;

/// <summary>What is copied.</summary>
public enum CopyWhat
{
    /// <summary>Everything of the organisation, its people and all its seller accounts.</summary>
    Organisation,

    /// <summary>Everything of one seller account.</summary>
    Account,

    /// <summary>What people typed in for one seller account: the part that can be read in again.</summary>
    Given,

    /// <summary>What is kept about the person who asks.</summary>
    Person,

    /// <summary>Named data sets and kinds of records of one seller account.</summary>
    Named,
}

/// <param name="Name">In the archive, with slashes.</param>
/// <param name="Rows">Lines of data, a heading not counted; null where it has none.</param>
/// <param name="Bytes">Before compression.</param>
/// <param name="Sha256">Of these bytes, lower-case hexadecimal.</param>
/// <param name="Holds">In a few words.</param>
public sealed record CopyFile(string Name, long? Rows, long Bytes, string Sha256, string Holds);

/// <param name="Id">The seller account, as files below <c>sellers/</c> name it.</param>
/// <param name="RevisionAtStart">State of its data when it was begun.</param>
/// <param name="RevisionAtEnd">The same when it was done; another one means that work went on meanwhile, and what it wrote may be in the copy or not.</param>
public sealed record CopySeller(Guid Id, long RevisionAtStart, long RevisionAtEnd);

/// <param name="What">Kind of records, table or column.</param>
/// <param name="Why">Why it is not in the copy.</param>
public sealed record CopyGap(string What, string Why);

/// <summary>The file <c>manifest.json</c>: written last, so that a copy without it is not whole.</summary>
/// <param name="FormatVersion">Of names and columns: <see cref="CopyFormat.Version"/>.</param>
/// <param name="What">What was copied.</param>
/// <param name="Organisation">Whose.</param>
/// <param name="BegunAt">When it was begun.</param>
/// <param name="EndedAt">When it was done.</param>
/// <param name="PolicyVersion">The privacy policy that held then.</param>
/// <param name="PolicySha256">Its hash.</param>
/// <param name="Sellers">Accounts in it.</param>
/// <param name="Files">All files but this one.</param>
/// <param name="LeftOut">What is kept and not in it.</param>
public sealed record CopyManifest(
    int FormatVersion, CopyWhat What, Guid Organisation, DateTimeOffset BegunAt, DateTimeOffset EndedAt, int PolicyVersion, string PolicySha256,
    ImmutableArray<CopySeller> Sellers, ImmutableArray<CopyFile> Files, ImmutableArray<CopyGap> LeftOut);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(CopyManifest))]
internal sealed partial class CopyJson : JsonSerializerContext;

/// <summary>Names in a copy. See docs/privacy/copies.md.</summary>
public static class CopyFormat
{
    /// <summary>Grows when a name or column changes its meaning or leaves; a new one does not make a new version.</summary>
    public const int Version = 1;

    public const string Manifest = "manifest.json";
    public const string Schema = "schema.json";
    public const string Readme = "README.txt";
    public const string Lines = ".jsonl";
    public const string Sheet = ".csv";

    public static string Table(string name) => $"tables/{name}";

    public static string Given(Guid seller, string kind) => $"sellers/{seller:D}/given/{kind}";

    public static string Record(Guid seller, string kind) => $"sellers/{seller:D}/records/{kind}";

    public static string Facts(Guid seller, long storefront, string dataset) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"sellers/{seller:D}/facts/{storefront}/{dataset}");
}
