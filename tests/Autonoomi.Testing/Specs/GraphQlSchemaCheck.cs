using System.IO;
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
