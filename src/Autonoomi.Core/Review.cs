using System.Collections.Immutable;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Health;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Recommendations;
using Autonoomi.Core.Strategies;

namespace Autonoomi.Core;

/// <summary>One look at a storefront: what to do, and what a seller sees of it.</summary>
/// <param name="Decision">What may be written.</param>
/// <param name="Health">How well the advertising is run.</param>
/// <param name="Recommendations">What is advised, the most rewarding first.</param>
/// <param name="Strategies">A goal per product with its reasons.</param>
public sealed record Review(Decision Decision, HealthReport Health, ImmutableArray<Recommendation> Recommendations, ImmutableArray<StrategyProposal> Strategies)
{
    /// <summary>What other bids would do, for the storefront's goal and for every product with a goal of its own.</summary>
    public ImmutableArray<Frontier> Frontiers { get; init; } = [];

    /// <summary>Searches that several targets of one product answer, the dearest first.</summary>
    public ImmutableArray<SharedTerm> SharedTerms { get; init; } = [];

    /// <summary>How long stock lasts, the soonest to run out first.</summary>
    public ImmutableArray<Inventory.StockCover> Stock { get; init; } = [];
}
