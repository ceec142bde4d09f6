using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Peers;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Terms;

/// <summary>What a peer does with search terms: new keywords and negatives.</summary>
internal interface ITermModule
{
    /// <summary>Called every morning.</summary>
    void Decide(Account account, List<Change> changes);
}

/// <summary>What the catalogue knows of a search-term module.</summary>
/// <param name="Id">For example <c>H-Zon</c>.</param>
/// <param name="Name">Readable name.</param>
/// <param name="Source">Who published the rule; what was filled in is marked *.</param>
/// <param name="Create">Makes an instance.</param>
internal sealed record TermKind(string Id, string Name, string Source, Func<ITermModule> Create)
{
    /// <summary>The module alone: bids stay as they are.</summary>
    public PolicyKind Alone => new(Id, Name, Source, IsTuned: false, settings => new Peer(settings, rule: null, placements: null, Create()));
}
