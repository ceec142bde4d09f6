using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Policies;

/// <summary>Amazon's suggestion for one target: quantiles of recent winning bids of similar products.</summary>
/// <param name="Low">Per click.</param>
/// <param name="Median">Per click.</param>
/// <param name="High">Per click.</param>
public sealed record SuggestedBid(Money Low, Money Median, Money High);

/// <summary>
/// Everything a policy ever sees: what Amazon's reports and the seller would have told by this morning, with their lag and restatements.
/// There is no way from here to the market: this project knows nothing of it.
/// </summary>
public sealed record PolicyView
{
    /// <summary>The same snapshot that the product decides on: structure, 60 days of facts, costs, settings, applied changes.</summary>
    public required Workspace Workspace { get; init; }

    /// <summary>Suggested bids of enabled targets; a target without one is missing.</summary>
    public required IReadOnlyDictionary<TargetId, SuggestedBid> Suggested { get; init; }

    /// <summary>Days since the policy took over: 0, 1, 2, …</summary>
    public required int Day { get; init; }
}
