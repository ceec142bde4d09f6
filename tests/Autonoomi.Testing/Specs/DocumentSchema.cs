using System.IO;
using System.Text.Json;

namespace Autonoomi.Testing.Specs;

/// <summary>Holds a whole document, such as a report of Brand Analytics, against the JSON schema that Amazon publishes for it.</summary>
public static class DocumentSchema
{
    /// <param name="file">Name of the schema beside the other published ones.</param>
    /// <param name="document">JSON.</param>
    /// <returns>What is wrong, with its place; empty when the document fits.</returns>
    public static IReadOnlyList<string> Validate(string file, string document)
    {
        using var schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Specs ?? throw new DirectoryNotFoundException(Repository.SpecsMissing), "sp-api-schemas", file)));
        using var json = JsonDocument.Parse(document);
        var violations = new List<string>();
        new JsonSchemaCheck(schema.RootElement, Path.GetFileNameWithoutExtension(file)).Check(schema.RootElement, json.RootElement, "$", violations);
        return violations;
    }
}
