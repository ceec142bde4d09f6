using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Autonoomi.Breaks;

/// <summary>
/// A copy of the repository's tracked files in which every break is a switch, so that one build serves them all. What did not change since the last
/// time is left as it is, and so is what was built.
/// </summary>
/// <param name="root">The checkout.</param>
/// <param name="folder">Where the copy stands; made when it is not there.</param>
internal sealed class Scratch(string root, string folder)
{
    private static readonly Dictionary<string, string?> Fast = new() { ["AUTONOOMI_FAST"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_NOLOGO"] = "1" };

    public string Folder => folder;

    /// <returns>A hash of all that tests depend on: sources, tests and build files, but neither the breaks nor documents.</returns>
    /// <exception cref="BreakException">Git does not list the files, or a break is unusable.</exception>
    public async Task<string> FillAsync(IReadOnlyCollection<Break> breaks, CancellationToken cancellationToken)
    {
        var files = await TrackedAsync(cancellationToken);
        var places = (from one in breaks from change in one.Changes select (one.Key, Change: change)).ToLookup(place => place.Change.File, StringComparer.Ordinal);
        Directory.CreateDirectory(folder);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            var source = Path.Combine(root, file);
            if (!File.Exists(source)) continue;
            var bytes = await File.ReadAllBytesAsync(source, cancellationToken);
            if (Counts(file))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(file));
                hash.AppendData(SHA256.HashData(bytes));
            }

            if (places.Contains(file)) bytes = Encoding.UTF8.GetBytes(BreakList.Switched(Encoding.UTF8.GetString(bytes), places[file]));
            if (file == "Directory.Build.props") bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("</Project>", SwitchItem + "</Project>", StringComparison.Ordinal));
            await KeepAsync(Path.Combine(folder, file), bytes, cancellationToken);
        }

        using (var stream = typeof(Scratch).Assembly.GetManifestResourceStream("Broken.cs")!)
        using (var copied = new MemoryStream())
        {
            await stream.CopyToAsync(copied, cancellationToken);
            await KeepAsync(Path.Combine(folder, "Broken.cs"), copied.ToArray(), cancellationToken);
        }

        Prune(files.Append("Broken.cs").Append("breaks.slnf").Append(".breaks").ToHashSet(StringComparer.Ordinal));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Builds the projects of tests that are asked for, and the programs that tests start.</summary>
    /// <exception cref="BreakException">It does not build; the message ends with the compiler's words.</exception>
    public async Task BuildAsync(IEnumerable<string> projects, CancellationToken cancellationToken)
    {
        var wanted = projects.Select(project => $"tests/{project}/{project}.csproj").Concat(["src/Autonoomi.App/Autonoomi.App.csproj", "src/Autonoomi.Marketplace/Autonoomi.Marketplace.csproj"]).Order(StringComparer.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "breaks.slnf"), JsonSerializer.Serialize(new { solution = new { path = "Autonoomi.slnx", projects = wanted } }), cancellationToken);
        var built = await Commands.RunAsync(folder, ["dotnet", "build", "breaks.slnf", "-c", "Release", "--nologo", "-v", "quiet", "-clp:NoSummary;ErrorsOnly"], Fast, TimeSpan.FromHours(1), cancellationToken);
        if (built.Code != 0) throw new BreakException($"The scratch copy does not build.\n{string.Join('\n', built.Output.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)).Distinct().Take(20))}");
    }

    /// <returns>Projects of tests with a class of this name that carries the promise, in order; the class stands in a file of its name.</returns>
    public IReadOnlyList<string> ProjectsWith(string testClass, string promise) =>
        [.. Directory.EnumerateFiles(Path.Combine(folder, "tests"), testClass + ".cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains($"\"{promise}\"", StringComparison.Ordinal)).Select(file => Path.GetRelativePath(Path.Combine(folder, "tests"), file).Split(Path.DirectorySeparatorChar))
            .Where(parts => !parts.Contains("obj")).Select(parts => parts[0]).Distinct().Order(StringComparer.Ordinal)];

    /// <returns>How long a class that never ran may take, in seconds: browsers and database servers are slow to start.</returns>
    public double Guess(string project, string testClass)
    {
        if (project.EndsWith("EndToEnd.Tests", StringComparison.Ordinal)) return 300;
        var servers = Directory.EnumerateFiles(Path.Combine(folder, "tests", project), testClass + ".cs", SearchOption.AllDirectories).Any(file => File.ReadAllText(file).Contains("postgres", StringComparison.OrdinalIgnoreCase));
        return (project.EndsWith("App.Tests", StringComparison.Ordinal) ? 30 : 10) + (servers ? 60 : 0);
    }

    private const string SwitchItem =
        """
          <ItemGroup Condition="$(MSBuildProjectDirectory.Replace('\', '/').Contains('/src/Autonoomi.'))">
            <Compile Include="$(MSBuildThisFileDirectory)Broken.cs" LinkBase="Broken" />
          </ItemGroup>

        """;

    private static bool Counts(string file) =>
        !file.StartsWith("tests/Autonoomi.Breaks/", StringComparison.Ordinal) && (file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("tests/", StringComparison.Ordinal) || !file.Contains('/') && file.StartsWith("Directory.", StringComparison.Ordinal));

    private async Task<List<string>> TrackedAsync(CancellationToken cancellationToken)
    {
        var listed = await Commands.RunAsync(root, ["git", "-c", "core.quotePath=false", "ls-files"], new Dictionary<string, string?>(), TimeSpan.FromMinutes(1), cancellationToken);
        if (listed.Code != 0) throw new BreakException($"Git does not list the files of {root}: {listed.Output.Trim()}");
        return [.. listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }

    private static async Task KeepAsync(string path, byte[] bytes, CancellationToken cancellationToken)
    {
        if (File.Exists(path) && (await File.ReadAllBytesAsync(path, cancellationToken)).AsSpan().SequenceEqual(bytes)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, bytes, cancellationToken);
    }

    /// <summary>Takes away sources that the repository no longer has; what builds and packages left stays.</summary>
    private void Prune(HashSet<string> tracked)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles(folder, "*.razor*", SearchOption.AllDirectories)))
        {
            var name = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            if (!tracked.Contains(name) && !name.Split('/').Any(part => part is "obj" or "bin" or "node_modules")) File.Delete(file);
        }
    }
}

/// <summary>Something that a person must mend; the message is for them.</summary>
internal sealed class BreakException(string message) : Exception(message);
