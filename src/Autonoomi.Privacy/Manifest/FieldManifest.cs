using System.Collections.Immutable;
using System.IO;

namespace Autonoomi.Privacy;

/// <summary>How long what a field told is kept.</summary>
public enum Keeping
{
    /// <summary>Not stored: used while the answer is read, then gone.</summary>
    Call,

    /// <summary>Sealed, until the next sync replaces it.</summary>
    Snapshot,

    /// <summary>Sealed, 28 days at most.</summary>
    Days28,

    /// <summary>Sealed, 540 days at most: Amazon allows eighteen months for what is about no person.</summary>
    Days540,

    /// <summary>Sealed, as long as the account is connected.</summary>
    Connected,
}

/// <param name="Path">JSON path with <c>[]</c> for items of an array, or the column's name.</param>
/// <param name="Why">What it is needed for.</param>
/// <param name="Where">Dataset or table; empty when it is not stored.</param>
/// <param name="Keeping">How long.</param>
public sealed record ManifestField(string Path, string Why, string Where, Keeping Keeping);

/// <param name="Name">In a seller's words.</param>
/// <param name="Operations">Amazon's operations or reports that bring it, method and path or report type.</param>
/// <param name="Reader">Which part of <c>Autonoomi.Amazon</c> reads it: the type's name below that namespace, <c>report:</c> with a report's type and dataset, <c>file:</c> with a flat file's name, or <c>hand:</c> for names in code.</param>
/// <param name="Fields">Every field that is read, and no other.</param>
public sealed record ManifestSource(string Name, ImmutableArray<string> Operations, string Reader, ImmutableArray<ManifestField> Fields);

/// <summary>
/// Every field that is read of Amazon's answers, with reason, place and time: a field that is not here is never parsed. Kept in <c>fields.txt</c> beside this
/// type; a test holds it against the code that reads, in both directions.
/// </summary>
public static class FieldManifest
{
    private static readonly Lazy<ImmutableArray<ManifestSource>> Loaded = new(Load);

    public static ImmutableArray<ManifestSource> Sources => Loaded.Value;

    /// <param name="text">Lines: <c>= name | operations | reader | where | keeping</c> begins a source, <c>path | why [| where | keeping]</c> is a field of it; <c>#</c> is a remark.</param>
    /// <exception cref="FormatException">A line is none of these, or says something twice; the message names it.</exception>
    public static ImmutableArray<ManifestSource> Read(TextReader text)
    {
        var sources = ImmutableArray.CreateBuilder<ManifestSource>();
        var (where, keeping, number) = ("", Keeping.Call, 0);
        for (var line = text.ReadLine(); line is not null; line = text.ReadLine())
        {
            number++;
            if (line.Trim() is not { Length: > 0 } trimmed || trimmed[0] == '#') continue;
            var parts = trimmed.TrimStart('=').Split('|', StringSplitOptions.TrimEntries);
            if (trimmed[0] == '=')
            {
                if (parts.Length != 5) throw Wrong("a source has five parts");
                (where, keeping) = (parts[3], Kept(parts[4]));
                sources.Add(new(parts[0], [.. parts[1].Split(',', StringSplitOptions.TrimEntries)], parts[2], []));
            }
            else
            {
                if (sources.Count == 0 || parts.Length is not (2 or 4) || parts[1].Length == 0) throw Wrong("a field stands below a source and has two parts or four");
                var field = new ManifestField(parts[0], parts[1], parts.Length == 4 ? parts[2] : where, parts.Length == 4 ? Kept(parts[3]) : keeping);
                if (field.Where.Length == 0 != (field.Keeping == Keeping.Call)) throw Wrong("what is stored has a place, and what is not has none");
                if (sources[^1].Fields.Any(known => known.Path == field.Path)) throw Wrong("a field is listed once");
                sources[^1] = sources[^1] with { Fields = sources[^1].Fields.Add(field) };
            }

            FormatException Wrong(string rule) => new($"The field manifest, line {number}: {rule}.");
        }

        return sources.ToImmutable();

        Keeping Kept(string word) => word switch
        {
            "call" => Keeping.Call,
            "snapshot" => Keeping.Snapshot,
            "28 days" => Keeping.Days28,
            "540 days" => Keeping.Days540,
            "connected" => Keeping.Connected,
            _ => throw new FormatException($"The field manifest, line {number}: '{word}' is none of call, snapshot, 28 days, 540 days, connected."),
        };
    }

    private static ImmutableArray<ManifestSource> Load()
    {
        using var text = new StreamReader(typeof(FieldManifest).Assembly.GetManifestResourceStream("fields.txt")!);
        return Read(text);
    }
}
