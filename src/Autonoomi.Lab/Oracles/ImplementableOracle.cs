using Autonoomi.Core.Proposals;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Oracles;

/// <summary>How the implementable oracle may act.</summary>
internal sealed record ImplementableOptions
{
    /// <summary>False lets bids and placements jump; true keeps the daily and weekly steps of the guardrails.</summary>
    public bool StepLimits { get; init; } = true;

    /// <summary>Starting points of the first plan, 1 to 10.</summary>
    public int Restarts { get; init; } = 4;

    /// <summary>Ceiling of the spend in each calendar month; null when money never runs out.</summary>
    public decimal? MonthlyCap { get; init; }

    /// <summary>True counts of an order only what would not have come without the ad.</summary>
    public bool Incremental { get; init; }
}

/// <summary>O2: knows the market but acts as anybody must: one bid per target and day, three placement percentages per campaign.</summary>
internal sealed class ImplementableOracle(int days, ImplementableOptions options) : IInsider
{
    /// <summary>Days that it plans for.</summary>
    public int Days { get; } = days;

    public ImplementableOptions Options { get; } = options;

    public IReadOnlyList<Change> Decide(MarketWorld world, PolicyView view) => [];
}
