using System.Collections.Immutable;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Recommendations;

/// <summary>What a seller is advised to do: a group of proposals of one kind, or a task for a person.</summary>
/// <param name="Entry">Catalogue id, R01 to R30.</param>
/// <param name="Subject">What a task is about: a product, an ad group, an event; empty for a group of proposals.</param>
/// <param name="Product">The product, where it is about one.</param>
/// <param name="Proposals">What would be written; empty for a task.</param>
/// <param name="Evidence">Every number that its text shows.</param>
/// <param name="Effect">Expected change of contribution over 30 days; null where nobody can say.</param>
/// <param name="AtStake">Money over 30 days that a task without an effect is about; null otherwise.</param>
/// <param name="Rank">Expected money per minute of a person, certain money before hoped for money.</param>
/// <param name="Expires">Last reporting day on which it stands.</param>
public sealed record Recommendation(
    string Entry, string Subject, Sku? Product, ImmutableArray<ProposalId> Proposals, Evidence Evidence, Effect? Effect, Money? AtStake, double Rank, DateOnly Expires)
{
    /// <summary>The same thing keeps its name from day to day.</summary>
    public string Id => Subject.Length == 0 ? Entry : $"{Entry}/{Subject}";

    public bool IsTask => Proposals.IsEmpty;
}
