using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Autonoomi.App.Platform.Copies;

/// <summary>Single values of control tables, as JSON and as a cell.</summary>
internal static class CopyValue
{
    public static void Json(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: json.WriteNull(name); break;
            case bool truth: json.WriteBoolean(name, truth); break;
            case int number: json.WriteNumber(name, number); break;
            case long number: json.WriteNumber(name, number); break;
            case double number: json.WriteNumber(name, number); break;
            default: json.WriteString(name, Said(value)); break;
        }
    }

    public static string Cell(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        int or long or double => Said(value),
        _ => SpreadsheetText.Cell(Said(value)),
    };

    private static string Said(object value) => value switch
    {
        DateTimeOffset instant => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}

/// <summary>Nested values as columns of a sheet: a column a path with dots, lists as JSON in their cell.</summary>
internal sealed class FlatColumns
{
    private readonly List<string> names = [];
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => names;

    /// <summary>Adds the paths of a value that were not met before.</summary>
    public void Meet(JsonElement value) => Walk("", value, (path, _) =>
    {
        if (known.Add(path)) names.Add(path);
    });

    /// <returns>The same cells with those of the value behind them.</returns>
    public StringBuilder Cells(StringBuilder cells, JsonElement value)
    {
        var found = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        Walk("", value, (path, leaf) => found[path] = leaf);
        foreach (var name in names)
        {
            cells.Append(',');
            if (!found.TryGetValue(name, out var leaf)) continue;
            cells.Append(leaf.ValueKind switch
            {
                JsonValueKind.Null or JsonValueKind.Undefined => "",
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                JsonValueKind.Number => leaf.GetRawText(),
                JsonValueKind.String => SpreadsheetText.Cell(leaf.GetString()!),
                _ => SpreadsheetText.Cell(leaf.GetRawText()),
            });
        }

        return cells;
    }

    private static void Walk(string path, JsonElement value, Action<string, JsonElement> leaf)
    {
        if (value.ValueKind != JsonValueKind.Object) leaf(path, value);
        else
            foreach (var property in value.EnumerateObject()) Walk(path.Length == 0 ? Heading(property.Name) : $"{path}.{Heading(property.Name)}", property.Value, leaf);
    }

    // Names are the product's own, but for maps whose keys are not: nothing of them may end or run a cell.
    private static string Heading(string name) => string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' ? letter : '_'));
}
