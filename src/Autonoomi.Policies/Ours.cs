using System.Collections.Immutable;
using Autonoomi.Core;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Policies;

/// <summary>The product's own optimiser, driven as the product drives it in automatic mode.</summary>
/// <remarks>
/// The product writes in order of expected effect, then of the proposal's name, one write per entity, what moves together at once, and keeps the decision's hand-overs beside the
/// changes: they come back in the next view. <see cref="PolicySettings.Numbers"/> sets numbers of <see cref="DecisionSettings"/> by name for ablations.
/// </remarks>
internal sealed class Ours : IPolicy
{
    private readonly DecisionSettings settings;

    /// <param name="settings">Whose numbers are those of <see cref="DecisionNumbers"/>.</param>
    /// <exception cref="ArgumentException">A number is not known.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public Ours(PolicySettings settings) => this.settings = DecisionNumbers.Apply(DecisionSettings.Default, settings.Numbers);

    public ImmutableArray<Handover> Handovers { get; private set; } = [];

    public IReadOnlyDictionary<string, Proposal> Reasons { get; private set; } = ImmutableDictionary<string, Proposal>.Empty;

    public IReadOnlyList<Change> Decide(PolicyView view)
    {
        var decision = Optimiser.Decide(view.Workspace, settings);
        Handovers = decision.Handovers;
        var chosen = decision.Proposals
            .OrderByDescending(proposal => proposal.Effect.Mean.Amount).ThenBy(proposal => proposal.Id.Value, StringComparer.Ordinal)
            .DistinctBy(proposal => proposal.Change.EntityKey, StringComparer.Ordinal).ToArray();
        Reasons = chosen.ToDictionary(proposal => proposal.Change.EntityKey, StringComparer.Ordinal);
        return [.. MovesTogether.Units(chosen, MovesTogether.Groups(chosen)).SelectMany(unit => unit).Select(proposal => proposal.Change)];
    }
}
