namespace Autonoomi.Policies;

/// <summary>What a study tells a policy when it creates it.</summary>
public sealed record PolicySettings
{
    /// <summary>Target ACoS as a share of each product's break-even ACoS (ρ); what the protocol tunes. 0.05 to 2.</summary>
    public double TargetOfBreakEven { get; init; } = 0.6;

    /// <summary>True when one cap for the whole account rations the spend, so that campaign budgets need not; false when budgets are re-split weekly.</summary>
    public bool Pooled { get; init; }

    /// <summary>Seed of a policy's own draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Numbers of our policy for ablations: fields of Core's DecisionSettings in lower camel case, for example <c>shading</c>. A name that it does not know
    /// or a value out of range is refused when the policy is made. Peers have no such numbers and ignore them.
    /// </summary>
    public IReadOnlyDictionary<string, double> Numbers { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);
}

/// <summary>One entry of the catalogue.</summary>
/// <param name="Id">For example <c>B03</c>, <c>ours</c>, <c>H-Zon</c>; <c>B03+H-Zon</c> pairs bids with a search-term module.</param>
/// <param name="Name">Readable name.</param>
/// <param name="Source">Who published the rule, and what we filled in.</param>
/// <param name="IsTuned">True when <see cref="PolicySettings.TargetOfBreakEven"/> (or, for B00, the factor on the suggestion) is tuned on development seeds.</param>
/// <param name="Create">Makes an instance for one world.</param>
public sealed record PolicyKind(string Id, string Name, string Source, bool IsTuned, Func<PolicySettings, IPolicy> Create);
