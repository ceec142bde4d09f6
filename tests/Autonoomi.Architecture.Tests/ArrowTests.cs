using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Autonoomi.Architecture.Tests;

/// <summary>The arrows of ARCHITECTURE.md as data: a wrong one would be an incident, so it does not compile into a release.</summary>
public sealed class ArrowTests
{
    private static readonly string[] Projects = ["Core", "Privacy", "Vault", "Amazon", "Marketplace", "Policies", "Lab", "App"];

    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader()
        .LoadAssemblies([.. Projects.Select(name => System.Reflection.Assembly.Load($"Autonoomi.{name}"))])
        .Build();

    /// <summary>From, to: no type of the first namespace may depend on a type of the second.</summary>
    public static TheoryData<string, string> Forbidden
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var other in new[] { "Privacy", "Vault", "Amazon", "Marketplace", "App" }) rows.Add("Autonoomi.Core", $"Autonoomi.{other}");
            foreach (var other in new[] { "Core", "Vault", "Amazon", "Marketplace", "App" }) rows.Add("Autonoomi.Privacy", $"Autonoomi.{other}");
            foreach (var other in new[] { "Amazon", "Marketplace", "App", "Core.Bidding", "Core.Signals", "Core.Negation", "Core.Graduation", "Core.Budgeting", "Core.Inventory", "Core.Guardrails" }) rows.Add("Autonoomi.Vault", $"Autonoomi.{other}");
            foreach (var other in new[] { "Vault", "Marketplace", "App", "Core.Bidding", "Core.Signals", "Core.Negation", "Core.Graduation", "Core.Budgeting", "Core.Inventory", "Core.Guardrails" }) rows.Add("Autonoomi.Amazon", $"Autonoomi.{other}");
            foreach (var other in new[] { "Vault", "Amazon", "App", "Privacy", "Core.Facts", "Core.Signals", "Core.Bidding", "Core.Budgeting", "Core.Graduation", "Core.Negation", "Core.Inventory", "Core.Guardrails", "Core.Proposals", "Core.Profit" }) rows.Add("Autonoomi.Marketplace", $"Autonoomi.{other}");
            foreach (var other in new[] { "Privacy", "Vault", "Amazon", "Marketplace", "Lab", "App" }) rows.Add("Autonoomi.Policies", $"Autonoomi.{other}");
            foreach (var other in new[] { "Privacy", "Vault", "Amazon", "App" }) rows.Add("Autonoomi.Lab", $"Autonoomi.{other}");
            foreach (var other in new[] { "Core", "Vault", "Amazon", "Marketplace", "App" }) rows.Add($"Autonoomi.{other}", "Autonoomi.Lab");
            foreach (var other in new[] { "Core", "Vault", "Amazon", "Marketplace", "App" }) rows.Add($"Autonoomi.{other}", "Autonoomi.Policies");
            rows.Add("Autonoomi.App", "Autonoomi.Marketplace");
            rows.Add("Autonoomi.App.Platform", "Autonoomi.App.Features");
            return rows;
        }
    }

    [Theory, MemberData(nameof(Forbidden))]
    public void No_arrow_points(string from, string to) =>
        Assert.Empty(Violations(from, to));

    [Theory, MemberData(nameof(Forbidden))]
    public void Both_ends_of_a_forbidden_arrow_exist(string from, string to)
    {
        Assert.Contains(House.Types, type => Within(type, from));
        Assert.Contains(House.Types, type => Within(type, to));
    }

    [Fact]
    public void A_slice_never_reaches_into_another_slice()
    {
        var slices = House.Types.Where(type => Within(type, "Autonoomi.App.Features"))
            .Select(type => string.Join('.', type.Namespace.FullName.Split('.').Take(4))).Distinct().Order(StringComparer.Ordinal).ToArray();

        Assert.NotEmpty(slices);
        Assert.Empty(from first in slices from second in slices where first != second && !Allowed.Contains((first, second)) from found in Violations(first, second) select found);
    }

    [Fact]
    public void The_rule_itself_can_fail() => Assert.NotEmpty(Violations("Autonoomi.App", "Autonoomi.Core"));

    [Fact]
    public void Nothing_but_the_job_platform_knows_Orleans() =>
        Assert.Empty(House.Types
            .Where(type => Within(type, "Autonoomi.App") && !Within(type, "Autonoomi.App.Platform.Jobs") && type.Namespace.FullName.Length > 0)
            .Where(type => type.Dependencies.Any(dependency => dependency.Target.FullName.StartsWith("Orleans.", StringComparison.Ordinal)))
            .Select(type => type.FullName));

    // The demo plays a person: it signs up, types in costs and sets goals through the handlers behind those pages.
    private static readonly HashSet<(string, string)> Allowed =
    [
        ("Autonoomi.App.Features.Demo", "Autonoomi.App.Features.Account"),
        ("Autonoomi.App.Features.Demo", "Autonoomi.App.Features.Economics"),
    ];

    private static IEnumerable<string> Violations(string from, string to) =>
        House.Types.Where(type => Within(type, from))
            .SelectMany(type => type.Dependencies.Where(dependency => Within(dependency.Target, to)).Select(dependency => $"{type.FullName} -> {dependency.Target.FullName}"))
            .Distinct();

    // By full name: types made by the compiler have no namespace, and arrays of a primitive carry that of their first user.
    private static bool Within(IType type, string space) => type.FullName.StartsWith(space + ".", StringComparison.Ordinal);
}
