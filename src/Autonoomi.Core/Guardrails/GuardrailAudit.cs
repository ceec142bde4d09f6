using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Guardrails;

/// <param name="Guardrail">G1 to G12.</param>
/// <param name="Change">What broke it; null when it is the sum of all changes.</param>
/// <param name="Why">One sentence.</param>
public sealed record Breach(string Guardrail, Change? Change, string Why);

/// <summary>Looks at what was really written and asks whether it was allowed. Shares no rule with the coordinator, so that a slip in one shows in the other.</summary>
public static class GuardrailAudit
{
    /// <param name="before">The workspace on which was decided, as it was before the changes.</param>
    /// <param name="applied">What Amazon took in one round (one decision).</param>
    /// <returns>Breaches; empty when all was allowed.</returns>
    public static ImmutableArray<Breach> Check(Workspace before, IReadOnlyList<Change> applied) => throw new InvalidOperationException("Being written.");
}
