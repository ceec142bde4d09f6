using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.OtherAds;
using Autonoomi.Marketplace.World;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary>One query of Data Kiosk as it was written: which marketplaces, and what its document holds.</summary>
internal interface IKioskQuery
{
    IReadOnlyList<string> Marketplaces { get; }

    /// <returns>JSON Lines packed with gzip; null when there are no rows.</returns>
    byte[]? Render(MarketWorld world, OtherMarket others);
}

/// <summary>The types of one data set, restated from Amazon's published schema: a field maps to its type, or to nothing when it is a leaf.</summary>
internal sealed class KioskTypes(Dictionary<string, Dictionary<string, string?>> types)
{
    public static Dictionary<string, string?> Shape(string leaves, params (string Name, string Type)[] objects)
    {
        var fields = leaves.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(each => each, _ => (string?)null, StringComparer.Ordinal);
        foreach (var (name, type) in objects) fields[name] = type;
        return fields;
    }

    public void Check(string type, GraphQLSelectionSet selections, string where)
    {
        foreach (var selection in selections.Selections)
        {
            if (selection is not GraphQLField field || !types[type].TryGetValue(field.Name.StringValue, out var inner)) throw new BadInputException($"{where}: {type} has no field '{(selection as GraphQLField)?.Name.StringValue}'.");
            if (inner is null != field.SelectionSet is null) throw new BadInputException($"{where}.{field.Name.StringValue}: {(inner is null ? "a leaf has no fields" : $"fields of {inner} must be chosen")}.");
            if (inner is not null) Check(inner, field.SelectionSet!, $"{where}.{field.Name.StringValue}");
        }
    }
}

internal static class KioskText
{
    /// <exception cref="BadInputException">The text is no query of a data set that is played here.</exception>
    public static IKioskQuery Parse(string text, DateOnly today)
    {
        GraphQLDocument document;
        try
        {
            document = Parser.Parse(text);
        }
        catch (GraphQLSyntaxErrorException problem)
        {
            throw new BadInputException($"The query has a syntax error: {problem.Message}");
        }

        if (document.Definitions is not [GraphQLOperationDefinition { Operation: OperationType.Query } operation]) throw new BadInputException("One query is asked.");
        if (operation.SelectionSet.Selections is not [GraphQLField root]) throw new BadInputException("The query asks for one data set and nothing beside it.");
        if (root.SelectionSet?.Selections is not [GraphQLField query] || query.SelectionSet is null) throw new BadInputException($"{root.Name.StringValue} is asked for one thing, with fields.");
        return (root.Name.StringValue, query.Name.StringValue) switch
        {
            (EconomicsQuery.Root, "economics") => EconomicsQuery.Read(query, today),
            (TrafficQuery.Root, "salesAndTrafficByAsin") => TrafficQuery.Read(query, today),
            _ => throw new BadInputException($"Query '{root.Name.StringValue}.{query.Name.StringValue}' is not supported."),
        };
    }

    public static Dictionary<string, GraphQLValue> Arguments(GraphQLField query, params string[] known)
    {
        var arguments = (query.Arguments?.Items ?? []).ToDictionary(each => each.Name.StringValue, each => each.Value, StringComparer.Ordinal);
        return arguments.Keys.FirstOrDefault(each => !known.Contains(each)) is { } unknown ? throw new BadInputException($"{query.Name.StringValue} has no argument '{unknown}'.") : arguments;
    }

    public static DateSpan Days(Dictionary<string, GraphQLValue> arguments, DateOnly today)
    {
        var (first, last) = (Day("startDate"), Day("endDate"));
        if (last < first) throw new BadInputException("endDate lies before startDate.");
        return first < today.AddYears(-2) ? throw new BadInputException("startDate lies more than two years back.") : new DateSpan(first, last);

        DateOnly Day(string name) =>
            arguments.GetValueOrDefault(name) is GraphQLStringValue text && DateOnly.TryParseExact(text.Value.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                ? day : throw new BadInputException($"{name} is a date YYYY-MM-DD.");
    }

    public static IReadOnlyList<string> Marketplaces(Dictionary<string, GraphQLValue> arguments) =>
        arguments.GetValueOrDefault("marketplaceIds") is GraphQLListValue { Values.Count: > 0 } marketplaces
            ? [.. marketplaces.Values.Select(each => (each as GraphQLStringValue)?.Value.ToString() ?? "")]
            : throw new BadInputException("marketplaceIds is a list with at least one id.");

    /// <returns>The row with the chosen fields alone.</returns>
    public static JsonNode? Project(JsonNode? value, GraphQLSelectionSet fields) => value switch
    {
        null => null,
        JsonArray array => new JsonArray([.. array.Select(each => Project(each, fields))]),
        JsonObject row => new JsonObject(fields.Selections.Cast<GraphQLField>().Select(field => KeyValuePair.Create(
            field.Alias?.Name.StringValue ?? field.Name.StringValue,
            field.SelectionSet is null ? row[field.Name.StringValue]?.DeepClone() : Project(row[field.Name.StringValue], field.SelectionSet)))),
        _ => throw new InvalidOperationException("A leaf with fields passed the check."),
    };
}
