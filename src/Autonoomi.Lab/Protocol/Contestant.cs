using Autonoomi.Lab.Oracles;
using Autonoomi.Lab.Play;
using Autonoomi.Lab.References;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Protocol;

/// <summary>Whoever may appear in a study: a policy, which sees reports alone, or a reference, which knows the truth and competes with nobody.</summary>
internal sealed record Contestant
{
    public const string Ours = "ours";
    public const string Implementable = "O2";

    public required string Id { get; init; }

    /// <summary>True when its target ACoS is tuned on development seeds.</summary>
    public bool IsTuned { get; init; }

    public Func<PolicySettings, IPolicy>? Policy { get; init; }

    /// <summary>From managed days and the constraints of the world.</summary>
    public Func<int, OracleOptions, IInsider>? Insider { get; init; }

    public bool IsReference => Insider is not null;

    /// <param name="id">As on the command line: <c>ours</c>, <c>B03</c>, <c>B03+H-Zon</c>, <c>B14</c>, <c>O2</c>; case does not matter.</param>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those that exist.</exception>
    public static Contestant Find(string id)
    {
        if (References.FirstOrDefault(reference => string.Equals(reference.Id, id, StringComparison.OrdinalIgnoreCase)) is { } found) return found;
        var kind = PolicyCatalogue.Find(id);
        return new Contestant { Id = kind.Id, IsTuned = kind.IsTuned, Policy = kind.Create };
    }

    /// <summary>O2, which bounds what any policy with our actions can do, and B14.</summary>
    private static readonly Contestant[] References =
    [
        new()
        {
            Id = Implementable,
            Insider = (days, constraints) => new ImplementableOracle(days, new ImplementableOptions { MonthlyCap = constraints.MonthlyCap, Incremental = constraints.Incremental, AcosCeiling = constraints.AcosCeiling, StockBinds = constraints.StockBinds }),
        },
        Told("O3a", Rung.Rates),
        Told("O3b", Rung.Placements),
        Told("O3c", Rung.Estimates),
        Told("O3d", Rung.Delay),
        new() { Id = "B14", Insider = (days, constraints) => new TrueRates(days, constraints.MonthlyCap) },
    ];

    private static Contestant Told(string id, Rung rung) => new()
    {
        Id = id, Insider = (days, constraints) => new Rungs(days, rung, constraints.MonthlyCap),
    };
}
