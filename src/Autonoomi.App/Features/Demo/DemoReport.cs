using System.Text.Json.Serialization;

namespace Autonoomi.App.Features.Demo;

/// <summary>What <c>demo --headless --json</c> writes: a contract, see docs/operating/demo.md for what is measured.</summary>
public sealed record DemoReport(
    int Seed, int Days, long RowsImported, long Proposals, long ChangesApplied, int GuardrailBreaches, DemoAmount ProfitBefore, DemoAmount ProfitAfter, double PercentOfOracle, DemoSeconds Seconds);

public sealed record DemoAmount(decimal Amount, string Currency);

public sealed record DemoSeconds(double Connect, double Import, double Decide, double Total);

/// <param name="ManagedFrom">World time at which management began.</param>
/// <param name="FirstDay">First managed reporting day.</param>
/// <param name="Seed">Seed of the world.</param>
internal sealed record DemoState(DateTimeOffset ManagedFrom, DateOnly FirstDay, int Seed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(DemoState))]
internal sealed partial class DemoJson : JsonSerializerContext;
