using ArchUnitNET.Loader;
using Autonoomi.Testing;

namespace Autonoomi.Architecture.Tests;

/// <summary>No part of the product hands counters or traces to somebody who collects them.</summary>
public sealed class CountingTests
{
    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader().LoadAssemblies([.. new[] { "App", "Vault", "Privacy", "Core", "Amazon" }.Select(name => System.Reflection.Assembly.Load($"Autonoomi.{name}"))]).Build();

    [Fact]
    [Promise("P-6-g", "P-10-c")]
    public void Nothing_makes_meters_or_activities() => Assert.Empty(Users("System.Diagnostics.Metrics.", "System.Diagnostics.Activity", "System.Diagnostics.Tracing.", "OpenTelemetry."));

    [Fact]
    public void The_rule_sees_who_uses_a_namespace() => Assert.NotEmpty(Users("System.Diagnostics."));

    private static List<string> Users(params string[] used) =>
        [.. House.Types.Where(type => type.FullName.StartsWith("Autonoomi.", StringComparison.Ordinal) && type.Dependencies.Any(dependency => used.Any(name => dependency.Target.FullName.StartsWith(name, StringComparison.Ordinal)))).Select(type => type.FullName).Distinct()];
}
