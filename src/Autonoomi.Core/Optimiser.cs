using Autonoomi.Core.Facts;

namespace Autonoomi.Core;

/// <summary>The one entry: a snapshot of a storefront in, a decision out. Pure, synchronous, deterministic.</summary>
public static class Optimiser
{
    /// <param name="workspace">Facts, structure, costs, what was applied before; never changed.</param>
    /// <param name="settings">Tunable numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is outside its range.</exception>
    public static Decision Decide(Workspace workspace, DecisionSettings settings) => throw new InvalidOperationException("Being written.");
}
