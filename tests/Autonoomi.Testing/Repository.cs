using System.IO;
namespace Autonoomi.Testing;

/// <summary>Places of the checkout that tests look at.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Autonoomi.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Amazon's published schemas beside the checkout, or null when this machine has none.</summary>
    public static string? Specs { get; } = FindSpecs();

    /// <summary>The sentence with which a schema test is skipped.</summary>
    public const string SpecsMissing = "Amazon's published schemas (../shared/specs) are not beside this checkout.";

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Autonoomi.slnx"))) return folder.FullName;
        throw new DirectoryNotFoundException("Autonoomi.slnx is in no parent folder of the tests.");
    }

    private static string? FindSpecs()
    {
        var named = Environment.GetEnvironmentVariable("AUTONOOMI_SPECS");
        var path = string.IsNullOrEmpty(named) ? Path.Combine(Root, "..", "shared", "specs") : named;
        return Directory.Exists(path) ? Path.GetFullPath(path) : null;
    }
}
