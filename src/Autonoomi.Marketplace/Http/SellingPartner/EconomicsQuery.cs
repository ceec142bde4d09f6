using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Primitives;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;

namespace Autonoomi.Marketplace.Http.SellingPartner;

internal enum EconomicsPeriod { Day, Week, Month, Range }

/// <summary>One economics query as it was written: which days, what together, which fields.</summary>
internal sealed record EconomicsQuery(DateSpan Days, IReadOnlyList<string> Marketplaces, EconomicsPeriod Period, string Product, GraphQLSelectionSet Fields)
{
    private const string Root = "analytics_economics_2024_03_15";

    // The data set's types: a field maps to its type, or to nothing when it is a leaf. Restated from Amazon's published schema.
    private static readonly Dictionary<string, Dictionary<string, string?>> Types = new(StringComparer.Ordinal)
    {
        ["Economics"] = Shape("startDate endDate marketplaceId parentAsin childAsin fnsku msku", ("sales", "Sales"), ("fees", "FeeSummary"), ("ads", "AdSummary"), ("cost", "PerUnitCost"), ("netProceeds", "NetProceeds")),
        ["Sales"] = Shape("unitsOrdered unitsRefunded netUnitsSold", ("orderedProductSales", "Amount"), ("refundedProductSales", "Amount"), ("netProductSales", "Amount"), ("averageSellingPrice", "Amount")),
        ["FeeSummary"] = Shape("feeTypeName", ("charge", "Fee"), ("charges", "Fee")),
        ["Fee"] = Shape("identifier startDate endDate", ("properties", "EconomicsProperty"), ("aggregatedDetail", "AggregatedDetail"), ("components", "FeeComponent")),
        ["FeeComponent"] = Shape("name", ("properties", "EconomicsProperty"), ("aggregatedDetail", "AggregatedDetail")),
        ["EconomicsProperty"] = Shape("propertyName propertyValue"),
        ["AdSummary"] = Shape("adTypeName", ("charge", "AggregatedDetail")),
        ["AggregatedDetail"] = Shape("quantity", ("amount", "Amount"), ("amountPerUnit", "Amount"), ("amountPerUnitDelta", "Amount"), ("promotionAmount", "Amount"), ("taxAmount", "Amount"), ("totalAmount", "Amount")),
        ["PerUnitCost"] = Shape("", ("costOfGoodsSold", "Amount"), ("fbaCost", "FbaPerUnitCost"), ("mfnCost", "MfnPerUnitCost"), ("miscellaneousCost", "Amount")),
        ["FbaPerUnitCost"] = Shape("", ("shippingToAmazonCost", "Amount")),
        ["MfnPerUnitCost"] = Shape("", ("fulfillmentCost", "Amount"), ("storageCost", "Amount")),
        ["NetProceeds"] = Shape("", ("total", "Amount"), ("perUnit", "Amount")),
        ["Amount"] = Shape("amount currencyCode"),
    };

    /// <exception cref="BadInputException">The text is no query of this data set.</exception>
    public static EconomicsQuery Parse(string text, DateOnly today)
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
        var root = Only(operation.SelectionSet, Root);
        var economics = Only(root.SelectionSet ?? throw new BadInputException($"{Root} needs fields."), "economics");
        if (economics.SelectionSet is null) throw new BadInputException("economics needs fields.");
        Check("Economics", economics.SelectionSet, "economics");
        return Read(economics, today);
    }

    /// <returns>The row with the chosen fields alone.</returns>
    public JsonObject Project(JsonObject row) => (JsonObject)Project(row, Fields)!;

    private static EconomicsQuery Read(GraphQLField economics, DateOnly today)
    {
        var arguments = (economics.Arguments?.Items ?? []).ToDictionary(each => each.Name.StringValue, each => each.Value, StringComparer.Ordinal);
        if (arguments.Keys.FirstOrDefault(each => each is not ("startDate" or "endDate" or "marketplaceIds" or "aggregateBy" or "includeComponentsForFeeTypes")) is { } unknown)
            throw new BadInputException($"economics has no argument '{unknown}'.");
        var (first, last) = (Day(arguments, "startDate"), Day(arguments, "endDate"));
        if (last < first) throw new BadInputException("endDate lies before startDate.");
        if (first < today.AddYears(-2)) throw new BadInputException("startDate lies more than two years back.");
        if (arguments.GetValueOrDefault("marketplaceIds") is not GraphQLListValue { Values.Count: > 0 } marketplaces) throw new BadInputException("marketplaceIds is a list with at least one id.");

        var (period, product) = (EconomicsPeriod.Day, "MSKU");
        if (arguments.GetValueOrDefault("aggregateBy") is GraphQLObjectValue aggregate)
            foreach (var field in aggregate.Fields ?? [])
            {
                var word = (field.Value as GraphQLEnumValue)?.Name.StringValue ?? "";
                if (field.Name == "date") period = word switch
                {
                    "DAY" => EconomicsPeriod.Day, "WEEK" => EconomicsPeriod.Week, "MONTH" => EconomicsPeriod.Month, "RANGE" => EconomicsPeriod.Range,
                    _ => throw new BadInputException($"aggregateBy.date '{word}' is not known."),
                };
                else if (field.Name == "productId") product = word is "MSKU" or "CHILD_ASIN" or "PARENT_ASIN" ? word : throw new BadInputException($"aggregateBy.productId '{word}' is not known.");
                else throw new BadInputException($"aggregateBy has no field '{field.Name.StringValue}'.");
            }

        return new(new DateSpan(first, last), [.. marketplaces.Values.Select(each => (each as GraphQLStringValue)?.Value.ToString() ?? "")], period, product, economics.SelectionSet!);
    }

    private static DateOnly Day(Dictionary<string, GraphQLValue> arguments, string name) =>
        arguments.GetValueOrDefault(name) is GraphQLStringValue text && DateOnly.TryParseExact(text.Value.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day : throw new BadInputException($"{name} is a date YYYY-MM-DD.");

    private static GraphQLField Only(GraphQLSelectionSet selections, string name) =>
        selections.Selections is [GraphQLField field] && field.Name == name ? field : throw new BadInputException($"The query asks for {name} and nothing beside it.");

    private static void Check(string type, GraphQLSelectionSet selections, string where)
    {
        foreach (var selection in selections.Selections)
        {
            if (selection is not GraphQLField field || !Types[type].TryGetValue(field.Name.StringValue, out var inner)) throw new BadInputException($"{where}: {type} has no field '{(selection as GraphQLField)?.Name.StringValue}'.");
            if (inner is null != field.SelectionSet is null) throw new BadInputException($"{where}.{field.Name.StringValue}: {(inner is null ? "a leaf has no fields" : $"fields of {inner} must be chosen")}.");
            if (inner is not null) Check(inner, field.SelectionSet!, $"{where}.{field.Name.StringValue}");
        }
    }

    private static JsonNode? Project(JsonNode? value, GraphQLSelectionSet fields) => value switch
    {
        null => null,
        JsonArray array => new JsonArray([.. array.Select(each => Project(each, fields))]),
        JsonObject row => new JsonObject(fields.Selections.Cast<GraphQLField>().Select(field => KeyValuePair.Create(
            field.Alias?.Name.StringValue ?? field.Name.StringValue,
            field.SelectionSet is null ? row[field.Name.StringValue]?.DeepClone() : Project(row[field.Name.StringValue], field.SelectionSet)))),
        _ => throw new InvalidOperationException("A leaf with fields passed the check."),
    };

    private static Dictionary<string, string?> Shape(string leaves, params (string Name, string Type)[] objects)
    {
        var fields = leaves.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(each => each, _ => (string?)null, StringComparer.Ordinal);
        foreach (var (name, type) in objects) fields[name] = type;
        return fields;
    }
}
