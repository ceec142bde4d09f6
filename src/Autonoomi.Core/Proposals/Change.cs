using System.Text.Json.Serialization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Proposals;

/// <summary>
/// One write to Amazon, absolute ("bid = X"), with what stood there before, so that it can be verified by reading back and undone.
/// The family is closed: a new member needs a writer, an inverse and a rendering.
/// </summary>
[JsonDerivedType(typeof(SetBid), "set-bid")]
[JsonDerivedType(typeof(SetBudget), "set-budget")]
[JsonDerivedType(typeof(SetPlacement), "set-placement")]
[JsonDerivedType(typeof(SetTargetState), "set-target-state")]
[JsonDerivedType(typeof(SetCampaignState), "set-campaign-state")]
[JsonDerivedType(typeof(SetAdGroupState), "set-ad-group-state")]
[JsonDerivedType(typeof(CreateTarget), "create-target")]
[JsonDerivedType(typeof(AddNegative), "add-negative")]
[JsonDerivedType(typeof(ArchiveNegative), "archive-negative")]
public abstract record Change(CampaignId Campaign)
{
    /// <summary>The ad product of the campaign: decides which of Amazon's operations write it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public AdProduct AdProduct { get; init; }

    /// <summary>What is changed: two changes with one key exclude each other.</summary>
    [JsonIgnore]
    public abstract string EntityKey { get; }
}

public sealed record SetBid(CampaignId Campaign, AdGroupId AdGroup, TargetId Target, TargetKind Kind, Money Before, Money After) : Change(Campaign)
{
    [JsonIgnore]
    public override string EntityKey => $"target:{Target.Value}:bid";
}

public sealed record SetBudget(CampaignId Campaign, Money Before, Money After) : Change(Campaign)
{
    [JsonIgnore]
    public override string EntityKey => $"campaign:{Campaign.Value}:budget";
}

/// <param name="Campaign">The campaign.</param>
/// <param name="Placement">Which placement.</param>
/// <param name="BeforePercent">Whole percent, 0 to 900.</param>
/// <param name="AfterPercent">Whole percent, 0 to 900.</param>
public sealed record SetPlacement(CampaignId Campaign, Placement Placement, int BeforePercent, int AfterPercent) : Change(Campaign)
{
    [JsonIgnore]
    public override string EntityKey => $"campaign:{Campaign.Value}:{Placement}";
}

public sealed record SetTargetState(CampaignId Campaign, AdGroupId AdGroup, TargetId Target, TargetKind Kind, EntityState Before, EntityState After) : Change(Campaign)
{
    [JsonIgnore]
    public override string EntityKey => $"target:{Target.Value}:state";
}

/// <summary>Only people do this: the optimiser never switches a whole campaign.</summary>
public sealed record SetCampaignState(CampaignId Campaign, EntityState Before, EntityState After) : Change(Campaign)
{
    [JsonIgnore]
    public override string EntityKey => $"campaign:{Campaign.Value}:state";
}

/// <summary>Only people do this. <see cref="After"/> is never archived.</summary>
public sealed record SetAdGroupState(CampaignId Campaign, AdGroupId AdGroup, EntityState Before, EntityState After) : Change(Campaign)
{
    [JsonIgnore]
    public override string EntityKey => $"ad-group:{AdGroup.Value}:state";
}

public sealed record CreateTarget(CampaignId Campaign, AdGroupId AdGroup, MatchType Match, string Text, Money Bid) : Change(Campaign)
{
    [JsonIgnore]
    public override string EntityKey => $"ad-group:{AdGroup.Value}:{Match}:{Text}";
}

/// <param name="Campaign">The campaign.</param>
/// <param name="AdGroup">Where the term was matched; null negates in the whole campaign.</param>
/// <param name="Match">Exact, phrase or product.</param>
/// <param name="Text">Search term, words or ASIN.</param>
public sealed record AddNegative(CampaignId Campaign, AdGroupId? AdGroup, NegativeMatch Match, string Text) : Change(Campaign)
{
    [JsonIgnore]
    public override string EntityKey => $"negative:{Campaign.Value}:{AdGroup?.Value}:{Match}:{Text}";
}

public sealed record ArchiveNegative(CampaignId Campaign, AdGroupId? AdGroup, NegativeId Negative, NegativeMatch Match, string Text) : Change(Campaign)
{
    [JsonIgnore]
    public override string EntityKey => $"negative:{Campaign.Value}:{AdGroup?.Value}:{Match}:{Text}";
}
