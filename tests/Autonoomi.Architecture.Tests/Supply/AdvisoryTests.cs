using System.Diagnostics;
using System.IO;
using System.Text.Json;
using Autonoomi.Sbom;
using Autonoomi.Testing;
using NuGet.Common;
using NuGet.Configuration;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Protocol.Model;
using NuGet.Versioning;
using Checkout = Autonoomi.Testing.Repository;
using Feed = NuGet.Protocol.Core.Types.Repository;

namespace Autonoomi.Architecture.Tests.Supply;

/// <summary>No package that the lock files name, direct or not, shipped or of the tests, has a known advisory. Where nobody can be asked, the test says so instead of passing.</summary>
public sealed class AdvisoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_NuGet_package_has_a_known_advisory()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var sources = new PackageSourceProvider(Settings.LoadDefaultSettings(Checkout.Root)).LoadPackageSources().Where(source => source.IsEnabled).ToList();
        var (advisories, silent) = (new List<IReadOnlyDictionary<string, IReadOnlyList<PackageVulnerabilityInfo>>>(), new List<string>());
        using var cache = new SourceCacheContext { NoCache = true };
        foreach (var source in sources)
        {
            try
            {
                var resource = await Feed.Factory.GetCoreV3(source).GetResourceAsync<IVulnerabilityInfoResource>(limit.Token);
                if (resource is null)
                {
                    silent.Add($"{source.Name} publishes no advisories");
                    continue;
                }

                var told = await resource.GetVulnerabilityInfoAsync(cache, NullLogger.Instance, limit.Token);
                advisories.AddRange(told.KnownVulnerabilities ?? []);
                if (told.Exceptions is { } unread) silent.Add($"{source.Name}: {unread.InnerExceptions[0].Message}");
            }
            catch (Exception away) when (away is FatalProtocolException or HttpRequestException or OperationCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                silent.Add($"{source.Name} could not be asked: {away.GetType().Name}");
            }
        }

        Assert.SkipWhen(advisories.Count == 0, $"NuGet's packages were held against no advisory: {string.Join("; ", silent)}. Add a source that publishes them and run again.");
        var packages = BillOfMaterials.Read(Checkout.Root).Where(component => component.Kind == "nuget").Select(component => (component.Name, component.Version)).ToList();
        Assert.Empty(Advisories.Faults(packages, advisories));
        Figures.Tell($"advisories: {packages.Count} NuGet packages held against {advisories.Sum(page => page.Count)} names with advisories");
    }

    [Theory]
    [InlineData("src/Autonoomi.App/assets")]
    [InlineData("tests/Autonoomi.EndToEnd.Tests")]
    public async Task No_npm_package_has_a_known_advisory(string folder)
    {
        var start = new ProcessStartInfo("npm", ["audit", "--package-lock-only", "--json"]) { WorkingDirectory = Path.Combine(Checkout.Root, folder), RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Process? npm = null;
        try
        {
            npm = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("npm is not installed, so its packages were held against no advisory.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var running = npm!;
        var errors = running.StandardError.ReadToEndAsync(limit.Token);
        var (faults, silent) = Advisories.Npm(await running.StandardOutput.ReadToEndAsync(limit.Token));
        await errors;
        Assert.SkipWhen(silent is not null, $"npm's packages of {folder} were held against no advisory: {silent}. Use a registry that answers audits and run again.");
        Assert.Empty(faults);
    }

    [Fact]
    public void An_advisory_is_found_in_the_versions_that_it_names_and_in_no_other()
    {
        var page = new Dictionary<string, IReadOnlyList<PackageVulnerabilityInfo>>(StringComparer.OrdinalIgnoreCase)
        {
            ["some.package"] = [new(new("https://advisories.example/1"), PackageVulnerabilitySeverity.High, VersionRange.Parse("(, 2.0.5)")), new(new("https://advisories.example/2"), PackageVulnerabilitySeverity.Low, VersionRange.Parse("[3.0.0]"))],
        };

        Assert.Equal(["Some.Package 2.0.4: High, https://advisories.example/1"], Advisories.Faults([("Some.Package", "2.0.4"), ("Some.Package", "2.0.5"), ("Another", "2.0.4")], [page]));
        Assert.Equal(["Some.Package 3.0.0: Low, https://advisories.example/2"], Advisories.Faults([("Some.Package", "3.0.0")], [page]));
    }

    [Theory]
    [InlineData("""{"auditReportVersion":2,"vulnerabilities":{},"metadata":{"vulnerabilities":{"total":0}}}""", 0, null)]
    [InlineData("""{"auditReportVersion":2,"vulnerabilities":{"esbuild":{"name":"esbuild","severity":"moderate","range":"<=0.24.2"}},"metadata":{"vulnerabilities":{"total":1}}}""", 1, null)]
    [InlineData("""{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":"","detail":""}}""", 0, "405 Method Not Allowed")]
    [InlineData("""{"error":{"code":"ENOTFOUND","summary":"request failed"}}""", 0, "request failed")]
    [InlineData("", 0, "npm said nothing")]
    public void What_npm_says_is_read(string text, int found, string? silent)
    {
        var read = Advisories.Npm(text);

        Assert.Equal((found, silent), (read.Faults.Count, read.Silent));
    }
}

/// <summary>Packages against advisories.</summary>
internal static class Advisories
{
    /// <returns>One sentence for each package and advisory that meet.</returns>
    public static IEnumerable<string> Faults(IEnumerable<(string Name, string Version)> packages, IReadOnlyCollection<IReadOnlyDictionary<string, IReadOnlyList<PackageVulnerabilityInfo>>> advisories) =>
        from package in packages
        from page in advisories
        from advisory in page.FirstOrDefault(named => named.Key.Equals(package.Name, StringComparison.OrdinalIgnoreCase)).Value ?? []
        where advisory.Versions.Satisfies(NuGetVersion.Parse(package.Version))
        select $"{package.Name} {package.Version}: {advisory.Severity}, {advisory.Url}";

    /// <param name="text">What <c>npm audit --json</c> wrote.</param>
    /// <returns>Packages with an advisory; and why nothing could be said, where that is so.</returns>
    public static (IReadOnlyList<string> Faults, string? Silent) Npm(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return ([], "npm said nothing");
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        if (root.TryGetProperty("vulnerabilities", out var named)) return ([.. named.EnumerateObject().Select(package => $"{package.Name} {package.Value.GetProperty("range").GetString()}: {package.Value.GetProperty("severity").GetString()}")], null);
        return ([], root.TryGetProperty("message", out var message) ? message.GetString()!.Split(" - ")[0] : root.TryGetProperty("error", out var error) && error.TryGetProperty("summary", out var summary) ? summary.GetString() : "npm could not audit");
    }
}
