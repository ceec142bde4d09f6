using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>The nine kinds of thing that Sponsored Products v3 creates and updates.</summary>
public enum AdEntityKind
{
    Campaign, AdGroup, ProductAd, Keyword, Target, NegativeKeyword, CampaignNegativeKeyword, NegativeTarget, CampaignNegativeTarget,
}

public sealed record WorldCampaign(
    long Id, string Name, TargetingType Targeting, EntityState State, decimal DailyBudget, BiddingStrategy Strategy,
    int TopOfSearchPercent, int RestOfSearchPercent, int ProductPagesPercent, DateOnly StartDate, DateOnly? EndDate, long? PortfolioId,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <returns>Placement increase in whole percent.</returns>
    public int PercentAt(Placement placement) => placement switch
    {
        Placement.TopOfSearch => TopOfSearchPercent,
        Placement.RestOfSearch => RestOfSearchPercent,
        Placement.ProductPages => ProductPagesPercent,
    };
}

public sealed record WorldAdGroup(
    long Id, long CampaignId, string Name, EntityState State, decimal DefaultBid, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

public sealed record WorldProductAd(
    long Id, long CampaignId, long AdGroupId, string Sku, string Asin, EntityState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <param name="Id">One number space for keywords and targets.</param>
/// <param name="CampaignId">Parent.</param>
/// <param name="AdGroupId">Parent.</param>
/// <param name="Kind">Keyword, product target or auto clause.</param>
/// <param name="Match">Match type, product, category or auto clause.</param>
/// <param name="Text">Keyword text, ASIN or category id; empty for auto clauses.</param>
/// <param name="State">Archived is final.</param>
/// <param name="Bid">Own bid; null inherits the ad group's default.</param>
/// <param name="CreatedAt">World time.</param>
/// <param name="UpdatedAt">World time.</param>
public sealed record WorldTarget(
    long Id, long CampaignId, long AdGroupId, TargetKind Kind, MatchType Match, string Text, EntityState State, decimal? Bid,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <param name="Id">Own number.</param>
/// <param name="CampaignId">Parent.</param>
/// <param name="AdGroupId">Null for a negative of the whole campaign.</param>
/// <param name="Match">Exact, phrase or product.</param>
/// <param name="Text">Keyword text or ASIN.</param>
/// <param name="State">Archived is final.</param>
/// <param name="CreatedAt">World time.</param>
/// <param name="UpdatedAt">World time.</param>
public sealed record WorldNegative(
    long Id, long CampaignId, long? AdGroupId, NegativeMatch Match, string Text, EntityState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public AdEntityKind Kind => (Match, AdGroupId) switch
    {
        (NegativeMatch.Product, null) => AdEntityKind.CampaignNegativeTarget,
        (NegativeMatch.Product, _) => AdEntityKind.NegativeTarget,
        (_, null) => AdEntityKind.CampaignNegativeKeyword,
        _ => AdEntityKind.NegativeKeyword,
    };
}

// Drafts carry what a request carried; null is "not given", and the account refuses what Amazon would refuse.

public sealed record CampaignDraft(
    string? Name, TargetingType? Targeting, EntityState? State, decimal? DailyBudget, BiddingStrategy? Strategy = null,
    int? TopOfSearchPercent = null, int? RestOfSearchPercent = null, int? ProductPagesPercent = null,
    DateOnly? StartDate = null, DateOnly? EndDate = null, long? PortfolioId = null);

public sealed record AdGroupDraft(long? CampaignId, string? Name, decimal? DefaultBid, EntityState? State);

public sealed record ProductAdDraft(long? CampaignId, long? AdGroupId, string? Sku, EntityState? State);

public sealed record KeywordDraft(long? CampaignId, long? AdGroupId, string? Text, MatchType? Match, EntityState? State, decimal? Bid = null);

/// <summary>A product (ASIN) or category target; auto clauses are created by Amazon alone.</summary>
public sealed record TargetDraft(long? CampaignId, long? AdGroupId, MatchType? Match, string? Text, EntityState? State, decimal? Bid = null);

/// <summary>AdGroupId null makes a negative of the whole campaign.</summary>
public sealed record NegativeDraft(long? CampaignId, long? AdGroupId, NegativeMatch? Match, string? Text, EntityState? State);

public sealed record CampaignEdit(
    long Id, string? Name = null, EntityState? State = null, decimal? DailyBudget = null, BiddingStrategy? Strategy = null,
    int? TopOfSearchPercent = null, int? RestOfSearchPercent = null, int? ProductPagesPercent = null, DateOnly? EndDate = null, long? PortfolioId = null);

public sealed record AdGroupEdit(long Id, string? Name = null, EntityState? State = null, decimal? DefaultBid = null);

public sealed record ProductAdEdit(long Id, EntityState? State = null);

/// <summary>For keywords and targets; <see cref="Kind"/> says through which operation it came (Keyword or Target).</summary>
public sealed record TargetEdit(AdEntityKind Kind, long Id, EntityState? State = null, decimal? Bid = null);

public sealed record NegativeEdit(AdEntityKind Kind, long Id, EntityState? State = null);

/// <summary>Amazon's verdict on one item.</summary>
public abstract record WriteResult;

public sealed record Accepted(long Id) : WriteResult;

/// <param name="Selector">For example <c>biddingError</c>.</param>
/// <param name="Reason">For example <c>BID_OUT_OF_MARKET_PLACE_RANGE</c>.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Field">Property of the item that caused it, as the JSON spells it (<c>bid</c>, <c>budget.budget</c>); null when the whole item did.</param>
/// <param name="Trigger">The offending value as text, where there is one.</param>
/// <param name="LowerLimit">Where the reason has limits.</param>
/// <param name="UpperLimit">Where the reason has limits.</param>
/// <param name="EntityType">For example <c>KEYWORD</c>, where the reason names an entity.</param>
/// <param name="EntityId">Where the reason names an entity.</param>
public sealed record Refused(
    string Selector, string Reason, string Message, string? Field = null, string? Trigger = null,
    string? LowerLimit = null, string? UpperLimit = null, string? EntityType = null, long? EntityId = null) : WriteResult;

public enum WriteOperation { Create, Update, Archive }

/// <summary>One item that somebody tried to write, accepted or not.</summary>
/// <param name="Sequence">1, 2, 3, …</param>
/// <param name="At">World time.</param>
/// <param name="Entity">Kind of entity.</param>
/// <param name="Operation">Create, update or archive.</param>
/// <param name="Id">Id given by or to Amazon; null for a refused creation.</param>
/// <param name="Fields">What the item carried, in a fixed order, values as text.</param>
/// <param name="Accepted">Whether Amazon took it.</param>
/// <param name="Reason">Reason of a refusal.</param>
public sealed record WriteEntry(
    long Sequence, DateTimeOffset At, AdEntityKind Entity, WriteOperation Operation, long? Id,
    IReadOnlyList<KeyValuePair<string, string>> Fields, bool Accepted, string? Reason);
