using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Proposals;

/// <summary>Stable name of a proposal: the same snapshot and settings always give the same ids.</summary>
public readonly record struct ProposalId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Which part of the optimiser speaks.</summary>
public enum Module { Bidding, Budgeting, Placements, Graduation, Negation, Inventory, Dayparting, Seasons, Hygiene, Rollback, Intraday }

public enum ReasonCode
{
    LowerBid, RaiseBid, LowStock,
    BudgetUp, BudgetDown, PlacementChange,
    NegateTerm, HarvestExact, IsolateSource, RestoreSource,
    HarvestProduct, RemoveDuplicate,
    Daypart, RollBack, Resume, KeepDay,
}

/// <summary>One stored number or word behind a proposal. Texts are rendered from these; the optimiser replays from them.</summary>
/// <param name="Name">Lower camel case, unique within its evidence.</param>
/// <param name="Value">The number; NaN when the entry is a word.</param>
/// <param name="Unit"><c>USD</c> and the like for money, <c>fraction</c>, <c>clicks</c>, <c>orders</c>, <c>days</c>, <c>count</c>, <c>factor</c>, or <c>text</c>.</param>
/// <param name="Text">The word when <paramref name="Unit"/> is <c>text</c>.</param>
public sealed record EvidenceValue(string Name, double Value, string Unit, string? Text = null);

/// <summary>All inputs of one decision, in the order in which the formula uses them.</summary>
public sealed record Evidence(ImmutableArray<EvidenceValue> Values)
{
    /// <returns>The stored number.</returns>
    /// <exception cref="KeyNotFoundException">No such entry.</exception>
    public double this[string name] => Values.FirstOrDefault(value => value.Name == name)?.Value
        ?? throw new KeyNotFoundException($"The evidence has no '{name}'.");

    /// <returns>The stored number; null when there is none of that name.</returns>
    public double? Find(string name) => Values.FirstOrDefault(value => value.Name == name)?.Value;

    public string? Text(string name) => Values.FirstOrDefault(value => value.Name == name)?.Text;
}

/// <summary>Expected change of contribution after ad spend over the next 30 days.</summary>
/// <param name="Mean">Expected amount.</param>
/// <param name="Low">10 % quantile.</param>
/// <param name="High">90 % quantile.</param>
/// <param name="ProbabilityPositive">0 to 1.</param>
public sealed record Effect(Money Mean, Money Low, Money High, double ProbabilityPositive);

/// <summary>What every part of the optimiser says and the only thing that may reach Amazon.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Module">Who proposes.</param>
/// <param name="Reason">Why, in one code.</param>
/// <param name="Product">The advertised product, where one can be named.</param>
/// <param name="Change">What to write.</param>
/// <param name="Evidence">Everything the decision rests on.</param>
/// <param name="Effect">What it is expected to be worth.</param>
public sealed record Proposal(ProposalId Id, Module Module, ReasonCode Reason, Sku? Product, Change Change, Evidence Evidence, Effect Effect);

/// <summary>A change that Amazon has taken.</summary>
/// <param name="Change">What was written.</param>
/// <param name="At">When.</param>
/// <param name="ByPerson">True when a person asked for it, an undo included.</param>
public sealed record AppliedChange(Change Change, DateTimeOffset At, bool ByPerson)
{
    /// <summary>Which part of the optimiser asked; null for an undo and for what was written before this was recorded. Rollback judges only what names its module.</summary>
    public Module? Module { get; init; }

    /// <summary>Why it was asked for; null as above.</summary>
    public ReasonCode? Reason { get; init; }

    /// <summary>The advertised product, where one could be named.</summary>
    public Sku? Product { get; init; }

    /// <summary>What it was expected to be worth when it was proposed; null where that was not recorded.</summary>
    public Effect? Expected { get; init; }
}

/// <summary>Where a proven search term stands on its way to a target of its own; proven traffic is never cut before the new target delivers.</summary>
public enum HandoverState { Created, Delivering, Isolated, Confirmed, Restored, Abandoned }

/// <param name="Term">The search term, lower case.</param>
/// <param name="Sku">The advertised product.</param>
/// <param name="SourceCampaign">Where the term was found.</param>
/// <param name="SourceAdGroup">Where the term was found.</param>
/// <param name="TargetCampaign">Where its own target lives.</param>
/// <param name="TargetAdGroup">Where its own target lives.</param>
/// <param name="State">Current step.</param>
/// <param name="Since">Day of the last step.</param>
/// <param name="SourceClicksPerDay">The term's clicks a day in the source before the hand-over.</param>
public sealed record Handover(
    string Term, Sku Sku, CampaignId SourceCampaign, AdGroupId SourceAdGroup, CampaignId TargetCampaign, AdGroupId TargetAdGroup,
    HandoverState State, DateOnly Since, double SourceClicksPerDay);
