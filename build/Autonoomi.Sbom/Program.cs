#pragma warning disable RS0030 // the command-line edge

using System.IO;
using System.Text.Json;
using Autonoomi.Sbom;

const string Usage = """
    usage: ./run sbom --json FILE

    Writes the bill of materials: every NuGet and npm package of the lock files with version, SHA-512 and what it needs, as CycloneDX 1.6 JSON.
    The same lock files give the same file.
    """;

if (args is ["-h" or "--help"])
{
    Console.WriteLine(Usage);
    return 0;
}

// The first argument is the checkout, filled in by ./run.
if (args is not [var root, "--json", var file])
{
    Console.Error.WriteLine(Usage);
    return 2;
}

try
{
    var components = BillOfMaterials.Read(root);
    var version = typeof(BillOfMaterials).Assembly.GetName().Version!.ToString(3);
    File.WriteAllText(file, BillOfMaterials.Document(components, version).ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    Console.WriteLine($"{components.Count(component => component.Kind == "nuget")} NuGet and {components.Count(component => component.Kind == "npm")} npm packages of {BillOfMaterials.LockFiles(root).Count} lock files are in {file}.");
    return 0;
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
