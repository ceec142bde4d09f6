using System.Collections.Immutable;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Autonoomi.Sbom;

/// <summary>One package of one version, as the lock files name it.</summary>
/// <param name="Kind"><c>nuget</c> or <c>npm</c>.</param>
/// <param name="Name">As its registry writes it; scoped ones with their scope.</param>
/// <param name="Version">Exactly.</param>
/// <param name="Sha512">Of the package file, in small hex letters.</param>
/// <param name="LockFiles">Which lock files name it, from the checkout's root.</param>
/// <param name="Needs">Addresses of the packages that it needs.</param>
public sealed record Component(string Kind, string Name, string Version, string Sha512, ImmutableSortedSet<string> LockFiles, ImmutableSortedSet<string> Needs)
{
    /// <summary>The package's address (purl), which no other has.</summary>
    public string Address => AddressOf(Kind, Name, Version);

    internal static string AddressOf(string kind, string name, string version) => $"pkg:{kind}/{name.Replace("@", "%40", StringComparison.Ordinal)}@{Uri.EscapeDataString(version)}";
}

/// <summary>All packages that the lock files name, as a CycloneDX document. The same lock files give the same document, byte by byte.</summary>
public static class BillOfMaterials
{
    private static readonly string[] Names = ["packages.lock.json", "package-lock.json"];
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", ".git"];
    private static readonly string[] Needing = ["dependencies", "optionalDependencies", "peerDependencies"];

    /// <param name="root">The checkout.</param>
    /// <returns>Lock files of NuGet and npm, from the root.</returns>
    public static IReadOnlyList<string> LockFiles(string root) =>
        [.. Names.SelectMany(name => Directory.EnumerateFiles(root, name, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Where(file => !file.Split('/').Intersect(NotOurs).Any()).Order(StringComparer.Ordinal)];

    /// <returns>Every package, ordered by address.</returns>
    /// <exception cref="InvalidDataException">A lock file names a package without version or hash, or two files name one version with two hashes.</exception>
    public static IReadOnlyList<Component> Read(string root)
    {
        var found = new SortedDictionary<string, Component>(StringComparer.Ordinal);
        foreach (var file in LockFiles(root))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, file)));
            foreach (var component in file.EndsWith("packages.lock.json", StringComparison.Ordinal) ? NuGet(file, document.RootElement) : Npm(file, document.RootElement))
            {
                if (!found.TryGetValue(component.Address, out var known))
                {
                    found[component.Address] = component;
                    continue;
                }

                if (known.Sha512 != component.Sha512) throw new InvalidDataException($"{file}: {component.Name} {component.Version} has another hash than in {known.LockFiles[0]}. One of the two is not the package that the registry gives; restore anew and find out which.");
                found[component.Address] = known with { LockFiles = known.LockFiles.Union(component.LockFiles), Needs = known.Needs.Union(component.Needs) };
            }
        }

        return [.. found.Values];
    }

    /// <param name="components">From <see cref="Read"/>.</param>
    /// <param name="version">The product's.</param>
    /// <returns>CycloneDX 1.6.</returns>
    public static JsonObject Document(IReadOnlyList<Component> components, string version)
    {
        var product = $"pkg:generic/autonoomi@{version}";
        return new()
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["serialNumber"] = $"urn:uuid:{Serial(components, version)}",
            ["version"] = 1,
            ["metadata"] = new JsonObject { ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = product, ["name"] = "Autonoomi", ["version"] = version } },
            ["components"] = new JsonArray([.. components.Select(component => new JsonObject
            {
                ["type"] = "library", ["bom-ref"] = component.Address, ["name"] = component.Name, ["version"] = component.Version,
                ["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = component.Sha512 }),
                ["purl"] = component.Address,
                ["properties"] = new JsonArray([.. component.LockFiles.Select(file => new JsonObject { ["name"] = "autonoomi:lockFile", ["value"] = file })]),
            })]),
            ["dependencies"] = new JsonArray(
            [
                new JsonObject { ["ref"] = product, ["dependsOn"] = Texts(components.Select(component => component.Address)) },
                .. components.Select(component => new JsonObject { ["ref"] = component.Address, ["dependsOn"] = Texts(component.Needs) }),
            ]),
        };
    }

    private static IEnumerable<Component> NuGet(string file, JsonElement root)
    {
        foreach (var framework in root.GetProperty("dependencies").EnumerateObject())
        {
            var packages = framework.Value.EnumerateObject().Where(package => package.Value.GetProperty("type").GetString() != "Project").ToList();
            var versions = packages.ToDictionary(package => package.Name, package => Text(file, package, "resolved"), StringComparer.OrdinalIgnoreCase);
            foreach (var package in packages)
            {
                var needs = package.Value.TryGetProperty("dependencies", out var dependencies) ? dependencies.EnumerateObject().Select(need => need.Name) : [];
                yield return new("nuget", package.Name, versions[package.Name], Hex(file, package.Name, Text(file, package, "contentHash")), Set([file]),
                    Set(needs.Where(versions.ContainsKey).Select(need => Component.AddressOf("nuget", packages.First(known => known.Name.Equals(need, StringComparison.OrdinalIgnoreCase)).Name, versions[need]))));
            }
        }
    }

    private static IEnumerable<Component> Npm(string file, JsonElement root)
    {
        const string Folder = "node_modules/";
        var packages = root.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0).ToList();
        var places = packages.ToDictionary(package => package.Name, package => (Name: package.Name[(package.Name.LastIndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..], Version: Text(file, package, "version")), StringComparer.Ordinal);
        foreach (var package in packages)
        {
            var (name, version) = places[package.Name];
            var integrity = Text(file, package, "integrity");
            if (!integrity.StartsWith("sha512-", StringComparison.Ordinal)) throw new InvalidDataException($"{file}: {name} has no SHA-512. Write the lock file anew with a current npm.");
            var needs = from kind in Needing
                        where package.Value.TryGetProperty(kind, out _)
                        from need in package.Value.GetProperty(kind).EnumerateObject()
                        let place = Nearest(package.Name, need.Name)
                        where place is not null
                        select Component.AddressOf("npm", places[place!].Name, places[place!].Version);
            yield return new("npm", name, version, Hex(file, name, integrity["sha512-".Length..]), Set([file]), Set(needs));
        }

        // As Node looks for it: in the package's own folder, then in those around it.
        string? Nearest(string from, string need)
        {
            for (var at = from; ; at = at[..Math.Max(0, at.LastIndexOf("/" + Folder, StringComparison.Ordinal))])
            {
                var place = at.Length == 0 ? Folder + need : $"{at}/{Folder}{need}";
                if (places.ContainsKey(place)) return place;
                if (at.Length == 0) return null;
            }
        }
    }

    private static string Text(string file, JsonProperty package, string name) =>
        package.Value.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : throw new InvalidDataException($"{file}: {package.Name} has no '{name}'. Restore anew, so that the lock file is whole.");

    private static string Hex(string file, string package, string base64)
    {
        var bytes = new byte[SHA512.HashSizeInBytes];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length == bytes.Length ? Convert.ToHexStringLower(bytes) : throw new InvalidDataException($"{file}: the hash of {package} is no SHA-512 in base64.");
    }

    private static ImmutableSortedSet<string> Set(IEnumerable<string> texts) => ImmutableSortedSet.CreateRange(StringComparer.Ordinal, texts);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    // A name made from the content (UUID version 8): the same packages have the same.
    private static Guid Serial(IReadOnlyList<Component> components, string version)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', components.Select(component => $"{component.Address} {component.Sha512}").Prepend(version))))[..16];
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash, bigEndian: true);
    }
}
