using System.Collections.Immutable;
using System.IO;
using Microsoft.Extensions.Compliance.Classification;

namespace Autonoomi.Privacy;

/// <summary>How a stored value is protected where it rests.</summary>
public enum Protection
{
    /// <summary>AES-256-GCM under the application key.</summary>
    Sealed,

    /// <summary>AES-256-GCM under the seller's own key.</summary>
    SealedBySeller,

    /// <summary>A keyed or slow hash.</summary>
    Hashed,

    /// <summary>As it is: ids, states, instants, counts, our own words.</summary>
    Clear,
}

/// <summary>One column of a table.</summary>
/// <param name="Table">As the database names it.</param>
/// <param name="Column">As the database names it.</param>
/// <param name="Purposes">Of the table.</param>
/// <param name="Class">What kind of data; null for a row of the vault, which has the class of its kind.</param>
/// <param name="Protection">How it rests.</param>
/// <param name="Why">What for, in a few words.</param>
public sealed record StoredField(string Table, string Column, ImmutableArray<Purpose> Purposes, DataClassification? Class, Protection Protection, string Why);

/// <summary>A file that the product writes.</summary>
/// <param name="Name">With <c>*</c> for what varies.</param>
/// <param name="Place">In which folder.</param>
/// <param name="Why">What for.</param>
/// <param name="Protection">How it rests, in words.</param>
/// <param name="Keeping">How long, in words.</param>
public sealed record StoredFile(string Name, string Place, string Why, string Protection, string Keeping);

/// <summary>
/// Every stored field: columns in <c>columns.txt</c> beside this type, kinds of the vault by <see cref="RetentionTable"/>, fields of Amazon by
/// <see cref="FieldManifest"/>, and files. What is not here fails the tests.
/// </summary>
public static class DataMap
{
    private static readonly Lazy<ImmutableArray<StoredField>> Loaded = new(Load);

    /// <summary>By table, in the order of the file.</summary>
    public static ImmutableArray<StoredField> Fields => Loaded.Value;

    public static ImmutableArray<StoredFile> Files { get; } =
    [
        new("autonoomi.db", "data folder", "the database, on SQLite", "as the tables say", "as the tables say"),
        new("autonoomi.db-*", "data folder", "the database's write-ahead log and its index", "as the tables say", "until the log is folded in"),
        new("process.lock", "data folder", "keeps a second process out", "empty", "while the product runs"),
        new("master.key", "key folder", "opens all other keys", "mode 0600, outside the data folder", "until it is rotated"),
        new("ledger.json", "key folder", "keys of the environment, the application and sellers", "wrapped with AES-256-GCM", "a seller's key until the seller leaves"),
        new("ledger.lock", "key folder", "keeps two processes from writing keys at once", "empty", "lies there empty"),
        new("audit.head", "key folder", "where the audit log stands, outside the database", "proven by a keyed hash; numbers alone", "replaced"),
        new("anchors/*", "key folder", "how far each seller's data has come, so that an older copy is noticed", "proven by a keyed hash; numbers alone", "until the seller leaves"),
    ];

    /// <returns>The purposes for which a vault's rows of this rule may be opened.</returns>
    public static IEnumerable<Purpose> PurposesOf(RetentionRule rule) => Purposes.All.Where(purpose => purpose.OpensVaults && purpose.Sees.Contains(rule.Class)).Select(purpose => purpose.Purpose);

    /// <returns>How many fields of Amazon's answers end in this data set, by the manifest.</returns>
    public static int FieldsOfAmazon(RetentionRule rule) => FieldManifest.Sources.Sum(source => source.Fields.Count(field => field.Where == rule.Name));

    /// <returns>Columns whose class none of their table's purposes may see, one sentence each.</returns>
    public static IEnumerable<string> Faults(IEnumerable<StoredField> fields)
    {
        foreach (var field in fields)
            if (field.Class is { } seen && !field.Purposes.Any(purpose => Purposes.Of(purpose).Sees.Contains(seen)))
                yield return $"{field.Table}.{field.Column} is {seen.Value}, and none of {string.Join(", ", field.Purposes)} may see that";
    }

    /// <param name="text">Entries: <c>= table | purposes</c>, then <c>column | class | protection | what for</c>; <c>#</c> is a remark.</param>
    /// <exception cref="FormatException">A line is none of these; the message names it.</exception>
    public static ImmutableArray<StoredField> Read(TextReader text)
    {
        var fields = ImmutableArray.CreateBuilder<StoredField>();
        var tables = new HashSet<string>(StringComparer.Ordinal);
        var (table, purposes, number) = ("", ImmutableArray<Purpose>.Empty, 0);
        for (var line = text.ReadLine(); line is not null; line = text.ReadLine())
        {
            number++;
            if (line.Trim() is not { Length: > 0 } trimmed || trimmed[0] == '#') continue;
            var parts = trimmed.TrimStart('=').Split('|', StringSplitOptions.TrimEntries);
            if (trimmed[0] == '=')
            {
                if (parts is not [{ Length: > 0 } name, { Length: > 0 } list]) throw Wrong("a table is '= name | purposes'");
                if (!tables.Add(name)) throw Wrong($"table {name} is there twice");
                table = name;
                purposes = [.. list.Split(',', StringSplitOptions.TrimEntries).Select(word => Enum.TryParse<Purpose>(word, out var known) && Enum.IsDefined(known) && char.IsLetter(word[0]) ? known : throw Wrong($"'{word}' is no purpose"))];
                continue;
            }

            if (parts is not [{ Length: > 0 } column, var kind, var protection, { Length: > 0 } why] || table.Length == 0) throw Wrong("a column is 'name | class | protection | what for', below its table");
            if (fields.Any(field => field.Table == table && field.Column == column)) throw Wrong($"{table}.{column} is there twice");
            fields.Add(new(table, column, purposes, kind switch
            {
                "secret" => DataClasses.Secrets,
                "identity" => DataClasses.Identity,
                "seller" => DataClasses.SellerEconomics,
                "amazon" => DataClasses.AmazonInformation,
                "operational" => DataClasses.Operational,
                "vault" => null,
                _ => throw Wrong($"'{kind}' is no class"),
            }, protection switch
            {
                "sealed" => Protection.Sealed,
                "sealed-seller" => Protection.SealedBySeller,
                "hashed" => Protection.Hashed,
                "clear" => Protection.Clear,
                _ => throw Wrong($"'{protection}' is no protection"),
            }, why));
        }

        return fields.ToImmutable();

        FormatException Wrong(string rule) => new($"The data map, line {number}: {rule}.");
    }

    private static ImmutableArray<StoredField> Load()
    {
        using var text = new StreamReader(typeof(DataMap).Assembly.GetManifestResourceStream("columns.txt")!);
        return Read(text);
    }
}
