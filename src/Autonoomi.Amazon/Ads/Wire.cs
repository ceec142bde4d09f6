using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autonoomi.Amazon.Ads.Wire;

// What is read and written of the Ads API, and nothing else: a field that is not here is dropped while parsing.
internal sealed record Profile(long ProfileId, string? Timezone, ProfileAccount? AccountInfo);

internal sealed record ProfileAccount(string? MarketplaceStringId, string? Id, string? Type);

internal sealed record Campaign(string CampaignId, string? Name, string? State, string? TargetingType, Budget? Budget, DynamicBidding? DynamicBidding);

internal sealed record Budget([property: JsonPropertyName("budget")] decimal Amount, string BudgetType);

internal sealed record DynamicBidding(string? Strategy, PlacementBid[]? PlacementBidding)
{
    // Audience boosts: read only to be sent back unchanged when placements are written.
    public JsonElement? ShopperCohortBidding { get; init; }
}

internal sealed record PlacementBid(string Placement, int Percentage);

internal sealed record AdGroup(string AdGroupId, string CampaignId, string? Name, string? State, decimal DefaultBid);

internal sealed record ProductAd(string AdId, string CampaignId, string AdGroupId, string? Sku, string? Asin, string? State);

internal sealed record Keyword(string KeywordId, string CampaignId, string? AdGroupId, string? KeywordText, string? MatchType, string? State, decimal? Bid);

internal sealed record Clause(string TargetId, string CampaignId, string? AdGroupId, Predicate[]? Expression, string? State, decimal? Bid);

internal sealed record Predicate(string? Type, string? Value);

// Lists: one page each; only one of the arrays is there.
internal sealed record Page
{
    public Campaign[]? Campaigns { get; init; }
    public AdGroup[]? AdGroups { get; init; }
    public ProductAd[]? ProductAds { get; init; }
    public Keyword[]? Keywords { get; init; }
    public Keyword[]? NegativeKeywords { get; init; }
    public Keyword[]? CampaignNegativeKeywords { get; init; }
    public Clause[]? TargetingClauses { get; init; }
    public Clause[]? NegativeTargetingClauses { get; init; }
    public Clause[]? CampaignNegativeTargetingClauses { get; init; }
    public string? NextToken { get; init; }
}

internal sealed record ListRequest
{
    public Ids? CampaignIdFilter { get; init; }
    public Ids? AdGroupIdFilter { get; init; }
    public Ids? KeywordIdFilter { get; init; }
    public Ids? TargetIdFilter { get; init; }
    public Ids? NegativeKeywordIdFilter { get; init; }
    public Ids? CampaignNegativeKeywordIdFilter { get; init; }
    public Ids? NegativeTargetIdFilter { get; init; }
    public Ids? CampaignNegativeTargetIdFilter { get; init; }
    public Ids? StateFilter { get; init; }
    public NameFilter? NameFilter { get; init; }
    public int? MaxResults { get; init; }
    public string? NextToken { get; init; }
}

internal sealed record Ids(IReadOnlyList<string> Include);

internal sealed record NameFilter(IReadOnlyList<string> Include, string QueryTermMatchType = "EXACT_MATCH");

internal sealed record CampaignUpdate(string CampaignId)
{
    public Budget? Budget { get; init; }
    public DynamicBidding? DynamicBidding { get; init; }
    public string? State { get; init; }
}

internal sealed record AdGroupUpdate(string AdGroupId, string State);

internal sealed record KeywordUpdate(string KeywordId)
{
    public decimal? Bid { get; init; }
    public string? State { get; init; }
}

internal sealed record ClauseUpdate(string TargetId)
{
    public decimal? Bid { get; init; }
    public string? State { get; init; }
}

internal sealed record CampaignCreation(string Name, string TargetingType, string State, string StartDate, Budget Budget, DynamicBidding DynamicBidding);

internal sealed record AdGroupCreation(string CampaignId, string Name, decimal DefaultBid, string State);

internal sealed record ProductAdCreation(string CampaignId, string AdGroupId, string Sku, string State);

internal sealed record KeywordCreation(string CampaignId, string? AdGroupId, string KeywordText, string MatchType, string State)
{
    public decimal? Bid { get; init; }
}

internal sealed record ClauseCreation(string CampaignId, string? AdGroupId, Predicate[] Expression, string State)
{
    public string? ExpressionType { get; init; }
    public decimal? Bid { get; init; }
}

internal sealed record ReportRequest(string Name, string StartDate, string EndDate, ReportConfiguration Configuration);

internal sealed record ReportConfiguration(string AdProduct, string ReportTypeId, string[] GroupBy, string TimeUnit, string Format, string[] Columns)
{
    public JsonElement? Filters { get; init; }
}

internal sealed record Report(string? ReportId, string? Status, string? Url, string? FailureReason, string? StartDate, string? EndDate, ReportConfiguration? Configuration);

internal sealed record BidRecommendationRequest(string CampaignId, string AdGroupId, Predicate[] TargetingExpressions, string RecommendationType = "BIDS_FOR_EXISTING_AD_GROUP");

internal sealed record BidRecommendations([property: JsonPropertyName("bidRecommendations")] BidTheme[]? Themes);

internal sealed record BidTheme(string? Theme, [property: JsonPropertyName("bidRecommendationsForTargetingExpressions")] ExpressionBids[]? Expressions);

internal sealed record ExpressionBids(Predicate? TargetingExpression, BidValue[]? BidValues);

internal sealed record BidValue(decimal SuggestedBid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(Profile[]))]
[JsonSerializable(typeof(Page))]
[JsonSerializable(typeof(ListRequest))]
[JsonSerializable(typeof(Dictionary<string, CampaignUpdate[]>))]
[JsonSerializable(typeof(Dictionary<string, AdGroupUpdate[]>))]
[JsonSerializable(typeof(Dictionary<string, KeywordUpdate[]>))]
[JsonSerializable(typeof(Dictionary<string, ClauseUpdate[]>))]
[JsonSerializable(typeof(Dictionary<string, CampaignCreation[]>))]
[JsonSerializable(typeof(Dictionary<string, AdGroupCreation[]>))]
[JsonSerializable(typeof(Dictionary<string, ProductAdCreation[]>))]
[JsonSerializable(typeof(Dictionary<string, KeywordCreation[]>))]
[JsonSerializable(typeof(Dictionary<string, ClauseCreation[]>))]
[JsonSerializable(typeof(Dictionary<string, Ids>))]
[JsonSerializable(typeof(BidRecommendationRequest))]
[JsonSerializable(typeof(BidRecommendations))]
[JsonSerializable(typeof(ReportRequest))]
[JsonSerializable(typeof(Report))]
internal sealed partial class AdsJson : JsonSerializerContext;
