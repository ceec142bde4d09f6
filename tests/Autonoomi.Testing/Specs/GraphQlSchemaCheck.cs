using System.Globalization;
using System.IO;
using System.Text.Json;
using GraphQLParser;
using GraphQLParser.AST;
using GraphQLParser.Exceptions;

namespace Autonoomi.Testing.Specs;

/// <summary>Holds a GraphQL query against a published schema: syntax, fields, arguments, enum values, required arguments, and leaves.</summary>
public sealed class GraphQlSchemaCheck
{
    private readonly Dictionary<string, ASTNode> types;

    private GraphQlSchemaCheck(Dictionary<string, ASTNode> types) => this.types = types;

    /// <summary>Amazon's economics data set.</summary>
    public static GraphQlSchemaCheck Economics => Published("analytics_economics_2024_03_15.graphql");

    /// <summary>Amazon's sales and traffic data set.</summary>
    public static GraphQlSchemaCheck Traffic => Published("analytics_salesAndTraffic_2024_04_24.graphql");

    private static GraphQlSchemaCheck Published(string name) => Load(Path.Combine(Repository.Specs ?? throw new DirectoryNotFoundException(Repository.SpecsMissing), "sp-api-schemas", name));

    public static GraphQlSchemaCheck Load(string file)
    {
        var document = Parser.Parse(File.ReadAllText(file));
        var types = new Dictionary<string, ASTNode>(StringComparer.Ordinal);
        foreach (var definition in document.Definitions)
            if (definition is INamedNode named) types[named.Name.StringValue] = definition;
        return new(types);
    }

    /// <returns>What is wrong, with the path of the field; empty when the query fits.</returns>
    public IReadOnlyList<string> Validate(string query)
    {
        GraphQLDocument document;
        try
        {
            document = Parser.Parse(query);
        }
        catch (GraphQLSyntaxErrorException problem)
        {
            return [$"syntax: {problem.Message}"];
        }

        var violations = new List<string>();
        var operations = document.Definitions.OfType<GraphQLOperationDefinition>().ToList();
        if (operations.Count != 1 || operations[0].Operation != OperationType.Query) violations.Add("one query is asked");
        foreach (var operation in operations) Walk("Query", operation.SelectionSet, "query", violations);
        return violations;
    }

    /// <summary>Holds one line of the answer to a query against what was asked and against the published types: no field too few or too many, and each of its type.</summary>
    /// <param name="query">One that fits the schema.</param>
    /// <param name="line">One line of a document: an object.</param>
    /// <returns>What is wrong, with the path of the field; empty when the line fits.</returns>
    public IReadOnlyList<string> ValidateLine(string query, string line)
    {
        var root = (GraphQLField)Parser.Parse(query).Definitions.OfType<GraphQLOperationDefinition>().Single().SelectionSet.Selections.Single();
        var rows = (GraphQLField)root.SelectionSet!.Selections.Single();
        var violations = new List<string>();
        using var json = JsonDocument.Parse(line);
        CheckObject(Bare(FieldOf(Bare(FieldOf("Query", root).Type), rows).Type), rows.SelectionSet!, json.RootElement, "$", violations);
        return violations;
    }

    private GraphQLFieldDefinition FieldOf(string typeName, GraphQLField field) => ((GraphQLObjectTypeDefinition)types[typeName]).Fields!.First(each => each.Name.Value == field.Name.Value);

    private void CheckObject(string typeName, GraphQLSelectionSet selections, JsonElement value, string where, List<string> violations)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            violations.Add($"{where}: an object {typeName} was expected");
            return;
        }

        var asked = selections.Selections.OfType<GraphQLField>().ToDictionary(field => field.Name.StringValue, StringComparer.Ordinal);
        foreach (var given in value.EnumerateObject().Where(given => !asked.ContainsKey(given.Name))) violations.Add($"{where}.{given.Name}: it was not asked for");
        foreach (var (name, field) in asked)
        {
            if (value.TryGetProperty(name, out var given)) CheckResult(FieldOf(typeName, field).Type, field.SelectionSet, given, $"{where}.{name}", violations);
            else violations.Add($"{where}.{name}: it was asked for, and is missing");
        }
    }

    private void CheckResult(GraphQLType type, GraphQLSelectionSet? selections, JsonElement value, string where, List<string> violations)
    {
        if (type is GraphQLNonNullType required)
        {
            if (value.ValueKind == JsonValueKind.Null) violations.Add($"{where}: null where the schema allows none");
            else CheckResult(required.Type, selections, value, where, violations);
            return;
        }

        if (value.ValueKind == JsonValueKind.Null) return;
        if (type is GraphQLListType list)
        {
            if (value.ValueKind != JsonValueKind.Array) violations.Add($"{where}: a list was expected");
            else foreach (var (index, item) in value.EnumerateArray().Index()) CheckResult(list.Type, selections, item, $"{where}[{index}]", violations);
            return;
        }

        var named = ((GraphQLNamedType)type).Name.StringValue;
        if (types.TryGetValue(named, out var known) && known is GraphQLObjectTypeDefinition)
        {
            CheckObject(named, selections!, value, where, violations);
            return;
        }

        var fits = known is GraphQLEnumTypeDefinition choices
            ? value.ValueKind == JsonValueKind.String && choices.Values!.Items.Exists(each => each.Name.StringValue == value.GetString())
            : named switch
            {
                "String" or "ID" => value.ValueKind == JsonValueKind.String,
                "Date" => value.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
                "Int" or "Long" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
                "Float" => value.ValueKind == JsonValueKind.Number,
                "Boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                _ => throw new NotSupportedException($"The schema has a scalar {named}, which this check does not understand."),
            };
        if (!fits) violations.Add($"{where}: not a value of {named}");
    }

    private void Walk(string typeName, GraphQLSelectionSet selections, string where, List<string> violations)
    {
        var type = (GraphQLObjectTypeDefinition)types[typeName];
        foreach (var selection in selections.Selections)
        {
            if (selection is not GraphQLField field)
            {
                violations.Add($"{where}: fragments are not understood by Data Kiosk");
                continue;
            }

            var path = $"{where}.{field.Name.StringValue}";
            var definition = type.Fields?.FirstOrDefault(each => each.Name.Value == field.Name.Value);
            if (definition is null)
            {
                violations.Add($"{path}: {typeName} has no such field");
                continue;
            }

            CheckArguments(definition, field, path, violations);
            var inner = Bare(definition.Type);
            var isObject = types.TryGetValue(inner, out var innerType) && innerType is GraphQLObjectTypeDefinition;
            if (isObject && field.SelectionSet is null) violations.Add($"{path}: fields of {inner} must be chosen");
            if (!isObject && field.SelectionSet is not null) violations.Add($"{path}: {inner} has no fields");
            if (isObject && field.SelectionSet is not null) Walk(inner, field.SelectionSet, path, violations);
        }
    }

    private void CheckArguments(GraphQLFieldDefinition definition, GraphQLField field, string where, List<string> violations)
    {
        var expected = definition.Arguments?.Items ?? [];
        var given = field.Arguments?.Items ?? [];
        foreach (var argument in given)
        {
            if (expected.FirstOrDefault(each => each.Name.Value == argument.Name.Value) is { } known) CheckValue(known.Type, argument.Value, $"{where}({argument.Name.StringValue})", violations);
            else violations.Add($"{where}: no such argument '{argument.Name.StringValue}'");
        }

        foreach (var missing in expected.Where(each => each.Type is GraphQLNonNullType && given.TrueForAll(argument => argument.Name.Value != each.Name.Value)))
            violations.Add($"{where}: argument '{missing.Name.StringValue}' is required");
    }

    private void CheckValue(GraphQLType type, GraphQLValue value, string where, List<string> violations)
    {
        switch (type)
        {
            case GraphQLNonNullType required:
                CheckValue(required.Type, value, where, violations);
                break;
            case GraphQLListType list when value is GraphQLListValue items:
                foreach (var item in items.Values ?? []) CheckValue(list.Type, item, where, violations);
                break;
            case GraphQLListType:
                violations.Add($"{where}: a list is asked");
                break;
            case GraphQLNamedType named when types.TryGetValue(named.Name.StringValue, out var known) && known is GraphQLEnumTypeDefinition choices:
                if (value is not GraphQLEnumValue chosen || choices.Values?.Items.TrueForAll(each => each.Name.Value != chosen.Name.Value) != false)
                    violations.Add($"{where}: not a value of {named.Name.StringValue}");
                break;
            case GraphQLNamedType named when types.TryGetValue(named.Name.StringValue, out var known) && known is GraphQLInputObjectTypeDefinition input:
                if (value is not GraphQLObjectValue given)
                {
                    violations.Add($"{where}: an object {named.Name.StringValue} is asked");
                    break;
                }

                foreach (var field in given.Fields ?? [])
                {
                    if (input.Fields?.FirstOrDefault(each => each.Name.Value == field.Name.Value) is { } fitting) CheckValue(fitting.Type, field.Value, $"{where}.{field.Name.StringValue}", violations);
                    else violations.Add($"{where}: {named.Name.StringValue} has no field '{field.Name.StringValue}'");
                }

                break;
            case GraphQLNamedType named when named.Name.StringValue is "String" or "Date":
                if (value is not GraphQLStringValue) violations.Add($"{where}: a string is asked");
                break;
        }
    }

    private static string Bare(GraphQLType type) => type switch
    {
        GraphQLNonNullType required => Bare(required.Type),
        GraphQLListType list => Bare(list.Type),
        GraphQLNamedType named => named.Name.StringValue,
        _ => throw new NotSupportedException(type.Kind.ToString()),
    };
}
