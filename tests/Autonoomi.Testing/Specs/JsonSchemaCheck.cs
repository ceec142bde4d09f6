using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Autonoomi.Testing.Specs;

/// <summary>Holds one JSON value against one schema of Swagger 2 or OpenAPI 3, and says where they part.</summary>
/// <remarks>
/// Stricter than the schemas ask: a field that a schema does not name is a violation, since a misspelt optional field would otherwise pass.
/// Only the vocabulary that Amazon's files use is understood; an unknown keyword that would constrain anything throws.
/// </remarks>
internal sealed class JsonSchemaCheck(JsonElement root, string specification)
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "$ref", "$schema", "definitions", "type", "properties", "required", "items", "enum", "format", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
        "additionalProperties", "allOf", "oneOf", "anyOf", "nullable", "description", "title", "example", "examples", "default", "readOnly", "writeOnly",
        "deprecated", "discriminator", "uniqueItems", "externalDocs", "exclusiveMinimum", "exclusiveMaximum", "xml", "minProperties", "maxProperties",
    };

    public bool IsOpenApi => root.TryGetProperty("openapi", out _);

    public JsonElement Resolve(JsonElement node)
    {
        while (node.ValueKind == JsonValueKind.Object && node.TryGetProperty("$ref", out var reference))
        {
            var target = root;
            foreach (var part in reference.GetString()!.TrimStart('#', '/').Split('/'))
                target = target.GetProperty(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
            node = target;
        }

        return node;
    }

    public void Check(JsonElement schema, JsonElement value, string where, List<string> violations)
    {
        var name = NameOf(schema);
        schema = Resolve(schema);
        foreach (var keyword in schema.EnumerateObject())
            if (!Known.Contains(keyword.Name) && !keyword.Name.StartsWith("x-", StringComparison.Ordinal))
                throw new NotSupportedException($"{specification} uses the schema keyword '{keyword.Name}', which this check does not understand.");

        if (value.ValueKind == JsonValueKind.Null)
        {
            if (!IsTrue(schema, "nullable") && !IsTrue(schema, "x-nullable")) violations.Add($"{where}: null where the schema allows none");
            return;
        }

        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(each => Same(each, value)))
            violations.Add($"{where}: {Short(value)} is not one of {string.Join(", ", allowed.EnumerateArray().Take(12).Select(each => each.ToString()))}");

        foreach (var alternatives in new[] { "oneOf", "anyOf" })
            if (schema.TryGetProperty(alternatives, out var choices) && !choices.EnumerateArray().Any(choice => Passes(choice, value, where)))
                violations.Add($"{where}: fits none of the schema's alternatives");

        var type = schema.TryGetProperty("type", out var named) ? named.GetString() : schema.TryGetProperty("properties", out _) ? "object" : null;
        switch (type)
        {
            case "string":
                if (value.ValueKind != JsonValueKind.String) violations.Add($"{where}: {Short(value)} is not a string");
                else CheckString(schema, value.GetString()!, where, violations);
                break;
            case "integer" or "number":
                if (value.ValueKind != JsonValueKind.Number) violations.Add($"{where}: {Short(value)} is not a number");
                else CheckNumber(schema, type, value, where, violations);
                break;
            case "boolean":
                if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) violations.Add($"{where}: {Short(value)} is neither true nor false");
                break;
            case "array":
                if (value.ValueKind != JsonValueKind.Array) violations.Add($"{where}: {Short(value)} is not an array");
                else CheckArray(schema, value, where, violations);
                break;
            case "object":
            case null when schema.TryGetProperty("allOf", out _):
                if (value.ValueKind != JsonValueKind.Object) violations.Add($"{where}: {Short(value)} is not an object");
                else CheckObject(schema, name, value, where, violations);
                break;
        }
    }

    private bool Passes(JsonElement schema, JsonElement value, string where)
    {
        var found = new List<string>();
        Check(schema, value, where, found);
        return found.Count == 0;
    }

    private void CheckObject(JsonElement schema, string? name, JsonElement value, string where, List<string> violations)
    {
        var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var required = new HashSet<string>(StringComparer.Ordinal);
        var open = Gather(schema, properties, required, out var extra);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in value.EnumerateObject())
        {
            if (!seen.Add(field.Name)) violations.Add($"{where}.{field.Name}: appears twice");
            if (properties.TryGetValue(field.Name, out var inner)) Check(inner, field.Value, $"{where}.{field.Name}", violations);
            else if (extra is { } extraSchema) Check(extraSchema, field.Value, $"{where}.{field.Name}", violations);
            else if (!open && !SpecDeviations.AllowsField(specification, name, field.Name)) violations.Add($"{where}.{field.Name}: the schema {name} has no such field");
        }

        foreach (var missing in required.Where(each => !seen.Contains(each))) violations.Add($"{where}.{missing}: required, and missing");
    }

    private bool Gather(JsonElement schema, Dictionary<string, JsonElement> properties, HashSet<string> required, out JsonElement? extra)
    {
        extra = null;
        schema = Resolve(schema);
        var open = !schema.TryGetProperty("properties", out var own) && !schema.TryGetProperty("allOf", out _);
        if (own.ValueKind == JsonValueKind.Object)
            foreach (var property in own.EnumerateObject()) properties[property.Name] = property.Value;
        if (schema.TryGetProperty("required", out var names))
            foreach (var each in names.EnumerateArray()) required.Add(each.GetString()!);
        if (schema.TryGetProperty("additionalProperties", out var additional))
        {
            if (additional.ValueKind == JsonValueKind.Object) extra = additional;
            else open = additional.ValueKind == JsonValueKind.True;
        }

        if (schema.TryGetProperty("allOf", out var parts))
            foreach (var part in parts.EnumerateArray())
                open |= Gather(part, properties, required, out var partExtra) && partExtra is null && !Resolve(part).TryGetProperty("required", out _);
        return open;
    }

    private void CheckArray(JsonElement schema, JsonElement value, string where, List<string> violations)
    {
        var count = value.GetArrayLength();
        if (schema.TryGetProperty("minItems", out var least) && count < least.GetInt32()) violations.Add($"{where}: {count} items, at least {least} are asked");
        if (schema.TryGetProperty("maxItems", out var most) && count > most.GetInt32()) violations.Add($"{where}: {count} items, at most {most} are allowed");
        if (!schema.TryGetProperty("items", out var items)) return;
        var index = 0;
        foreach (var each in value.EnumerateArray()) Check(items, each, $"{where}[{index++}]", violations);
    }

    private static void CheckString(JsonElement schema, string text, string where, List<string> violations)
    {
        if (schema.TryGetProperty("minLength", out var least) && text.Length < least.GetInt32()) violations.Add($"{where}: shorter than {least}");
        if (schema.TryGetProperty("maxLength", out var most) && text.Length > most.GetInt32()) violations.Add($"{where}: longer than {most}");
        if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)))
            violations.Add($"{where}: does not match {pattern}");
        if (!schema.TryGetProperty("format", out var format)) return;
        var fits = format.GetString() switch
        {
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time" => text.Contains('T', StringComparison.Ordinal)
                && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal))
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
            _ => true,
        };
        if (!fits) violations.Add($"{where}: '{text}' is no {format}");
    }

    private static void CheckNumber(JsonElement schema, string type, JsonElement value, string where, List<string> violations)
    {
        if (type == "integer" && !value.TryGetInt64(out _)) violations.Add($"{where}: {value} is not a whole number");
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "int32" && !value.TryGetInt32(out _)) violations.Add($"{where}: {value} does not fit 32 bits");
        if (schema.TryGetProperty("minimum", out var least) && value.GetDouble() < least.GetDouble()) violations.Add($"{where}: {value} is below {least}");
        if (schema.TryGetProperty("maximum", out var most) && value.GetDouble() > most.GetDouble()) violations.Add($"{where}: {value} is above {most}");
    }

    private static string? NameOf(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference) ? reference.GetString()!.Split('/')[^1] : null;

    private static bool IsTrue(JsonElement schema, string keyword) => schema.TryGetProperty(keyword, out var flag) && flag.ValueKind == JsonValueKind.True;

    private static bool Same(JsonElement left, JsonElement right) => left.ValueKind == right.ValueKind && left.ToString() == right.ToString();

    private static string Short(JsonElement value) => value.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : value.GetRawText();
}
