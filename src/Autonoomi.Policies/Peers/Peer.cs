using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Terms;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>How a peer sets bids. One instance serves one storefront through one study and may remember what it saw.</summary>
internal interface IBidRule
{
    /// <summary>Called every morning; a weekly rule looks at <see cref="Account.Day"/> itself.</summary>
    /// <param name="account">This morning's figures.</param>
    /// <param name="bids">Where wanted bids go.</param>
    /// <param name="changes">Where every other write goes.</param>
    void Decide(Account account, BidMoves bids, List<Change> changes);
}

/// <summary>A peer put together of parts: bids, perhaps placements and a search-term module, and budgets.</summary>
internal sealed class Peer(PolicySettings settings, IBidRule? rule, PlacementLayer? placements, ITermModule? terms) : IPolicy
{
    private readonly BidMoves bids = new();

    public IReadOnlyList<Change> Decide(PolicyView view)
    {
        var account = new Account(view, settings.TargetOfBreakEven);
        var changes = new List<Change>();
        bids.Begin(account);
        placements?.Decide(account, bids, changes);
        rule?.Decide(account, bids, changes);
        bids.AddTo(changes);
        terms?.Decide(account, changes);
        WeeklyBudgets.AddTo(changes, account, settings.Pooled);
        return changes;
    }
}

/// <summary>What the catalogue knows of a peer.</summary>
/// <param name="Id">For example <c>B03</c>.</param>
/// <param name="Name">Readable name.</param>
/// <param name="Source">Who published the rule; what was filled in is marked *.</param>
/// <param name="Rule">Makes its bid rule.</param>
internal sealed record PeerKind(string Id, string Name, string Source, Func<PolicySettings, IBidRule> Rule)
{
    /// <summary>Its own search-term rules; null when it has none and a module may be paired with it.</summary>
    public Func<ITermModule>? Terms { get; init; }

    /// <summary>With the composite's placements on top.</summary>
    public bool HasPlacementLayer { get; init; }

    public PolicyKind With(TermKind? terms) => new(
        terms is null ? Id : $"{Id}+{terms.Id}", terms is null ? Name : $"{Name}, {terms.Name}", terms is null ? Source : $"{Source} Search terms: {terms.Source}", IsTuned: true,
        settings => new Peer(settings, Rule(settings), HasPlacementLayer ? new PlacementLayer() : null, (terms?.Create ?? Terms)?.Invoke()));
}
