using System.Collections.Immutable;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Policies;

/// <summary>A way to run a seller's ads. One instance manages one storefront through one study and may remember what it saw.</summary>
public interface IPolicy
{
    /// <summary>Called once a day, in order. Deterministic: the same views and settings give the same changes.</summary>
    /// <returns>Absolute changes, in the order in which they are to be written.</returns>
    IReadOnlyList<Change> Decide(PolicyView view);

    /// <summary>Hand-overs under way after the last decision; they come back in the next view's workspace, as the product keeps them beside the changes.</summary>
    ImmutableArray<Handover> Handovers => [];

    /// <summary>Why the last decision's changes were asked for, by what they change; they come back with the next view's changes, as the product keeps them in its log.</summary>
    IReadOnlyDictionary<string, Proposal> Reasons => ImmutableDictionary<string, Proposal>.Empty;
}
