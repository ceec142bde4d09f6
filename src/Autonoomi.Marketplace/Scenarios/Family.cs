using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Scenarios;

/// <summary>Which range a scenario's parameters are drawn from.</summary>
public enum Split
{
    /// <summary>Seeds below 5000: development (0 to 99) and validation (1000 to 1099).</summary>
    Development,

    /// <summary>Sealed seeds, 5000 and above: wider and shifted ranges.</summary>
    Shifted,
}

/// <summary>A parameter's range, for development and, shifted, for the sealed test.</summary>
public readonly record struct Range(double Low, double High, double ShiftedLow, double ShiftedHigh);

/// <summary>One family of scenarios.</summary>
/// <param name="Id">S1 to S13.</param>
/// <param name="Name">For example "mature".</param>
/// <param name="Days">Days that a policy manages.</param>
/// <param name="Storefronts">Worlds of one seed, one per marketplace; nearly always one.</param>
public sealed record Family(string Id, string Name, int Days, Func<ulong, Split, IReadOnlyList<WorldSettings>> Storefronts)
{
    /// <summary>
    /// True when a monthly budget binds (S7): the account's cap is <see cref="WorldSettings.BudgetFactor"/> of what the oracle would spend without one, and baselines run with
    /// split and with pooled budgets, of which the better counts.
    /// </summary>
    public bool BudgetBinds { get; init; }

    /// <summary>True when scores count only what the ads added (S10).</summary>
    public bool Incremental { get; init; }

    /// <summary>True when stock or rank couple the days, so that O4 is the denominator (S4).</summary>
    public bool StockBinds { get; init; }

    /// <summary>Target ACoS as a share of break-even that binds the seller (S12); null maximises profit.</summary>
    public double? TargetOfBreakEven { get; init; }

    /// <summary>US dollars per unit of each storefront's currency, fixed; scores are summed after conversion.</summary>
    public IReadOnlyList<double> UnitedStatesDollars { get; init; } = [1];

    /// <summary>Families that development must never have seen (S9, S13).</summary>
    public bool SealedOnly { get; init; }
}
