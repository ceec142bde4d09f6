using System.IO;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Autonoomi.Sbom;
using Autonoomi.Testing;
using NJsonSchema;

namespace Autonoomi.Architecture.Tests.Supply;

/// <summary>The bill of materials names every package of every lock file, with the hash that stands there, in the form of CycloneDX (our schema of the parts that we use).</summary>
public sealed partial class BillOfMaterialsTests
{
    private static readonly IReadOnlyList<Component> Components = BillOfMaterials.Read(Repository.Root);

    [Fact]
    public void Every_package_of_every_lock_file_is_in_it_with_its_hash()
    {
        var bill = BillOfMaterials.Document(Components, "1.2.3")["components"]!.AsArray().ToDictionary(component => (string)component!["purl"]!, component => (string)component!["hashes"]![0]!["content"]!);
        var missing = new List<string>();
        var seen = 0;
        foreach (var file in Locks())
        {
            // Read here by another way than there: each package is a block that ends with its hash.
            var npm = file.EndsWith("package-lock.json", StringComparison.Ordinal);
            foreach (Match package in (npm ? NpmPackage() : NuGetPackage()).Matches(File.ReadAllText(file)))
            {
                seen++;
                var address = npm ? $"pkg:npm/{package.Groups["name"].Value.Replace("@", "%40", StringComparison.Ordinal)}@{package.Groups["version"].Value}" : $"pkg:nuget/{package.Groups["name"].Value}@{package.Groups["version"].Value}";
                if (bill.GetValueOrDefault(address) != Convert.ToHexStringLower(Convert.FromBase64String(package.Groups["hash"].Value))) missing.Add($"{address} of {Path.GetRelativePath(Repository.Root, file)}");
            }
        }

        Assert.Empty(missing);
        Assert.True(seen > 300, $"only {seen} packages were seen");
        Figures.Tell($"bill of materials: {bill.Count} packages, {seen} mentions in {Locks().Count} lock files");
    }

    [Fact]
    public void Every_project_has_a_lock_file() => Assert.Empty(
        from project in Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
        where !Built().IsMatch(project) && !File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"))
        select Path.GetRelativePath(Repository.Root, project));

    [Fact]
    public void The_same_lock_files_give_the_same_bytes() => Assert.Equal(BillOfMaterials.Document(Components, "1.2.3").ToJsonString(), BillOfMaterials.Document(BillOfMaterials.Read(Repository.Root), "1.2.3").ToJsonString());

    [Fact]
    public void What_a_package_needs_is_named_and_is_there()
    {
        var all = Components.Select(component => component.Address).ToHashSet(StringComparer.Ordinal);

        Assert.All(Components, component => Assert.Subset(all, component.Needs.ToHashSet(StringComparer.Ordinal)));
        Assert.Contains(Components.Single(component => component.Name == "Npgsql.EntityFrameworkCore.PostgreSQL").Needs, need => need.StartsWith("pkg:nuget/Npgsql@", StringComparison.Ordinal));
        Assert.Contains(Components.Single(component => component.Name == "echarts").Needs, need => need.StartsWith("pkg:npm/zrender@", StringComparison.Ordinal));
        Assert.Contains(Components, component => component.Name == "@fontsource-variable/inter" && component.Address.StartsWith("pkg:npm/%40fontsource-variable/inter@", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_has_the_form_of_a_CycloneDX_document()
    {
        var schema = await JsonSchema.FromJsonAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "Autonoomi.Architecture.Tests", "Supply", "bill-of-materials.schema.json"), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(BillOfMaterials.Document(Components, "1.2.3").ToJsonString()));

        // And the schema is one that can say no.
        foreach (var (name, spoil) in new (string, Action<JsonObject>)[]
        {
            ("another form", bill => bill["bomFormat"] = "Other"),
            ("no version", bill => bill.Remove("specVersion")),
            ("a serial number that is none", bill => bill["serialNumber"] = "1"),
            ("an unknown hash", bill => bill["components"]![0]!["hashes"]![0]!["alg"] = "SHA-513"),
            ("a hash that is none", bill => bill["components"]![0]!["hashes"]![0]!["content"] = "xyz"),
            ("a component without a name", bill => bill["components"]![0]!.AsObject().Remove("name")),
            ("a component of an unknown type", bill => bill["components"]![0]!["type"] = "thing"),
            ("a dependency without a reference", bill => bill["dependencies"]![0]!.AsObject().Remove("ref")),
            ("the same component twice", bill => bill["components"]!.AsArray().Add(bill["components"]![0]!.DeepClone())),
        })
        {
            var spoiled = BillOfMaterials.Document(Components, "1.2.3");
            spoil(spoiled);
            Assert.True(schema.Validate(spoiled.ToJsonString()).Count > 0, name);
        }
    }

    [Theory]
    [InlineData("""{"version":2,"dependencies":{"net10.0":{"A":{"type":"Direct","resolved":"1.0.0"}}}}""", "A has no 'contentHash'")]
    [InlineData("""{"version":2,"dependencies":{"net10.0":{"A":{"type":"Direct","contentHash":"AAAA"}}}}""", "A has no 'resolved'")]
    [InlineData("""{"version":2,"dependencies":{"net10.0":{"A":{"type":"Direct","resolved":"1.0.0","contentHash":"AAAA"}}}}""", "no SHA-512")]
    public void A_lock_file_that_is_not_whole_is_refused_in_words(string text, string words)
    {
        var folder = Directory.CreateTempSubdirectory("autonoomi-sbom-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "packages.lock.json"), text);
            Assert.Contains(words, Assert.Throws<InvalidDataException>(() => BillOfMaterials.Read(folder)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<string> Locks() => [.. Directory.EnumerateFiles(Repository.Root, "*.json", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is "packages.lock.json" or "package-lock.json" && !Built().IsMatch(file))];

    [GeneratedRegex(@"[\\/](bin|obj|node_modules)[\\/]")]
    private static partial Regex Built();

    [GeneratedRegex("""
        "(?<name>[^"]+)": \{\s+"type": "(?:Direct|Transitive|CentralTransitive)",(?:\s+"requested": "[^"]+",)?\s+"resolved": "(?<version>[^"]+)",\s+"contentHash": "(?<hash>[^"]+)"
        """)]
    private static partial Regex NuGetPackage();

    [GeneratedRegex("""
        "(?:[^"]*/)?node_modules/(?<name>(?:@[^"/]+/)?[^"/]+)": \{\s+"version": "(?<version>[^"]+)",(?:\s+"resolved": "[^"]+",)?\s+"integrity": "sha512-(?<hash>[^"]+)"
        """)]
    private static partial Regex NpmPackage();
}
