using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Protocol;

/// <summary>How one policy is set up in one family.</summary>
/// <param name="Family">Id.</param>
/// <param name="Policy">Id.</param>
/// <param name="Target">Target ACoS as a share of break-even.</param>
/// <param name="Pooled">One cap for the account instead of budgets per campaign.</param>
/// <param name="TunedOn">Family whose tuned value this is; null when the policy is not tuned or nothing was tuned yet.</param>
internal sealed record Setup(string Family, string Policy, double Target, bool Pooled, string? TunedOn);

/// <summary>Hashes of the sources that the figures come from.</summary>
internal sealed record Sources(string Market, string Policies, string Lab)
{
    public static Sources Built { get; } = new(Of(typeof(MarketWorld).Assembly), Of(typeof(IPolicy).Assembly), Of(typeof(Sources).Assembly));

    // Hashes per file, written into the assembly by the target HashSources of Directory.Build.targets in whatever order the disk has them.
    private static string Of(Assembly assembly)
    {
        var files = assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "HashedSources").Value!.Split('|').Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', files))))[..12];
    }
}

/// <summary>A world that is left out.</summary>
internal sealed record Excluded(string Family, ulong Seed, IReadOnlyList<string> Faults);

/// <summary>All that a study depends on: the same header gives the same figures.</summary>
internal sealed record StudyHeader
{
    /// <summary><c>study</c>, <c>tune</c> or <c>ablate</c>.</summary>
    public required string Command { get; init; }

    public required IReadOnlyList<string> Families { get; init; }
    public required IReadOnlyList<string> Policies { get; init; }

    /// <summary>Worlds per family: seeds from <see cref="Seed"/> on.</summary>
    public required int Worlds { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Managed days when fewer than the family's were asked for, a quick look; null as the family says.</summary>
    public int? Days { get; init; }

    /// <summary>What the seeds may be used for.</summary>
    public required string Split { get; init; }

    /// <summary>The product's version and commit.</summary>
    public required string Version { get; init; }

    public required Sources Sources { get; init; }

    /// <summary>One entry per family and policy of a study; empty otherwise.</summary>
    public IReadOnlyList<Setup> Setups { get; init; } = [];

    /// <summary>Resamples of each interval.</summary>
    public int Resamples { get; init; } = Bootstrap.Resamples;

    /// <summary>Whether every world's best target in hindsight was sought too.</summary>
    public bool Hindsight { get; init; }

    /// <summary>Version of the earlier study whose worlds and plays of peers were taken over; null without one.</summary>
    public string? Taken { get; init; }

    /// <summary>Worlds left out because they failed the calibration checks; filled in when they are known.</summary>
    public IReadOnlyList<Excluded> Excluded { get; init; } = [];

    public static string BuiltVersion { get; } =
        typeof(StudyHeader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
