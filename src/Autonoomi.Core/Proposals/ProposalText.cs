namespace Autonoomi.Core.Proposals;

/// <summary>One English sentence per proposal, made of its stored numbers.</summary>
public static class ProposalText
{
    /// <returns>What changes and why, with money and uncertainty.</returns>
    public static string Sentence(Proposal proposal) => throw new InvalidOperationException("Being written.");
}
