using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>A body that does not even have the schema's types; Amazon refuses such a request as a whole.</summary>
internal sealed class MalformedBodyException(string message) : Exception(message);

/// <summary>One object of a request body, read with the schema's types.</summary>
/// <param name="Fields">The object.</param>
/// <param name="Where">JSON path of the object, for messages.</param>
internal readonly record struct Item(JsonObject Fields, string Where)
{
    private static readonly Dictionary<string, EntityState> States = new(StringComparer.Ordinal) { ["ENABLED"] = EntityState.Enabled, ["PAUSED"] = EntityState.Paused };

    public bool Has(string name) => Fields[name] is not null;

    public string? Text(string name) => Fields[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw Wrong(name, "a string"),
    };

    public decimal? Number(string name) => Fields[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => throw Wrong(name, "a number"),
    };

    public int? Whole(string name) => Number(name) is not { } number ? null : number == decimal.Truncate(number) && Math.Abs(number) < int.MaxValue ? (int)number : throw Wrong(name, "a whole number");

    public bool Flag(string name) => Fields[name] switch
    {
        null => false,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => throw Wrong(name, "true or false"),
    };

    public DateOnly? Day(string name) => Text(name) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw Wrong(name, "a date YYYY-MM-DD");

    public Item? Object(string name) => Fields[name] switch
    {
        null => null,
        JsonObject inner => new Item(inner, $"{Where}.{name}"),
        _ => throw Wrong(name, "an object"),
    };

    public IReadOnlyList<Item>? Objects(string name)
    {
        if (Fields[name] is null) return null;
        var where = Where;
        return Fields[name] is JsonArray array
            ? [.. array.Select((each, index) => each is JsonObject inner ? new Item(inner, $"{where}.{name}[{index}]") : throw new MalformedBodyException($"{where}.{name}[{index}] is not an object."))]
            : throw Wrong(name, "a list");
    }

    public IReadOnlyList<string>? Texts(string name)
    {
        if (Fields[name] is null) return null;
        var where = Where;
        return Fields[name] is JsonArray array
            ? [.. array.Select(each => each is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw new MalformedBodyException($"{where}.{name} holds something that is not a string."))]
            : throw Wrong(name, "a list");
    }

    /// <returns>Null when absent; an id that is no number is −1, which nothing has.</returns>
    public long? Id(string name) => Text(name) is not { } text ? null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1;

    public EntityState? State() => Choice("state", States);

    public T? Choice<T>(string name, Dictionary<string, T> choices)
        where T : struct =>
        Text(name) is not { } text ? null : choices.TryGetValue(text, out var value) ? value : throw Wrong(name, $"one of {string.Join(", ", choices.Keys)}");

    private MalformedBodyException Wrong(string name, string wanted) => new($"{Where}.{name} is not {wanted}.");
}
