namespace Autonoomi.Core.Proposals;

/// <summary>Decides again from stored evidence alone.</summary>
public static class Replay
{
    /// <returns>The change that the evidence leads to: the proposal's own, to the cent.</returns>
    /// <exception cref="InvalidOperationException">The evidence does not lead to any change.</exception>
    public static Change Recompute(Proposal proposal) => throw new InvalidOperationException("Being written.");
}
