using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autonoomi.Amazon.Ads.Wire.Brands;

// Version 4: ids as text, upper-case words.
internal sealed record Campaign(string CampaignId, string? Name, string? State, decimal Budget, string? BudgetType, string? CostType, BrandBidding? Bidding);

internal sealed record BrandBidding(bool? BidOptimization, PlacementAdjustment[]? BidAdjustmentsByPlacement)
{
    // Audience boosts: read only to be sent back unchanged when placements are written.
    public JsonElement? ShopperCohortBidAdjustments { get; init; }
}

internal sealed record PlacementAdjustment(string Placement, decimal Percentage);

internal sealed record AdGroup(string AdGroupId, string CampaignId, string? Name, string? State);

internal sealed record Ad(string? AdId, string CampaignId, string AdGroupId, string? State, Creative? Creative, LandingPage? LandingPage);

internal sealed record Creative(string[]? Asins);

internal sealed record LandingPage(string[]? Asins);

internal sealed record Page
{
    public Campaign[]? Campaigns { get; init; }
    public AdGroup[]? AdGroups { get; init; }
    public Ad[]? Ads { get; init; }
    public string? NextToken { get; init; }
}

internal sealed record BrandList
{
    public Ids? CampaignIdFilter { get; init; }
    public Ids? AdGroupIdFilter { get; init; }
    public Ids? StateFilter { get; init; }
    public int? MaxResults { get; init; }
    public string? NextToken { get; init; }
}

internal sealed record CampaignUpdate(string CampaignId)
{
    public decimal? Budget { get; init; }
    public BrandBidding? Bidding { get; init; }
    public string? State { get; init; }
}

internal sealed record AdGroupUpdate(string AdGroupId, string State);

// Version 3: ids as numbers, lower-case words.
internal sealed record Keyword(long KeywordId, long CampaignId, long AdGroupId, string? KeywordText, string? MatchType, string? State, decimal? Bid);

internal sealed record KeywordUpdate(long KeywordId, long AdGroupId, long CampaignId)
{
    public decimal? Bid { get; init; }
    public string? State { get; init; }
}

internal sealed record KeywordCreation(long AdGroupId, long CampaignId, string KeywordText, string MatchType)
{
    public decimal? Bid { get; init; }
}

internal sealed record Clause(long TargetId, long CampaignId, long AdGroupId, JsonElement? Expressions, string? State, decimal? Bid);

internal sealed record ClausePage(Clause[]? Targets, Clause[]? NegativeTargets, string? NextToken);

internal sealed record ClauseList(int MaxResults, string? NextToken, ClauseFilter[] Filters);

internal sealed record ClauseFilter(string FilterType, JsonElement Values);

internal sealed record ClauseUpdate(long TargetId, long AdGroupId)
{
    public long? CampaignId { get; init; }
    public decimal? Bid { get; init; }
    public string? State { get; init; }
}

internal sealed record ClauseCreation(long AdGroupId, long CampaignId, Predicate[] Expressions)
{
    public decimal? Bid { get; init; }
}

internal sealed record Theme(string ThemeId, string CampaignId, string AdGroupId, string? ThemeType, string? State, decimal? Bid);

internal sealed record ThemePage(Theme[]? Themes, string? NextToken);

internal sealed record ThemeList(int MaxResults, string? NextToken)
{
    public Ids? StateFilter { get; init; }
    public Ids? ThemeIdFilter { get; init; }
}

internal sealed record ThemeUpdate(string ThemeId, string AdGroupId, string CampaignId)
{
    public decimal? Bid { get; init; }
    public string? State { get; init; }
}

// Suggested bids: what is asked, in three lists, and what is said of each place in them.
internal sealed record BidQuestion(long CampaignId)
{
    public AskedKeyword[]? Keywords { get; init; }
    public Predicate[][]? Targets { get; init; }
    public string[]? ThemeTypes { get; init; }
}

internal sealed record AskedKeyword(string KeywordText, string MatchType);

internal sealed record AskedClause(Predicate Predicate);

internal sealed record AskedTheme(string Type);

internal sealed record BidAnswer(SuggestedKeyword[]? KeywordsBidsRecommendationSuccessResults, SuggestedClause[]? TargetsBidsRecommendationSuccessResults, SuggestedTheme[]? ThemesRecommendationSuccessResults);

internal sealed record SuggestedKeyword(decimal? KeywordIndex, SuggestedRange? RecommendedBid);

internal sealed record SuggestedClause(decimal? TargetsIndex, SuggestedRange? RecommendedBid);

internal sealed record SuggestedTheme(decimal? ThemeIndex, SuggestedRange? RecommendedBid);

internal sealed record SuggestedRange(decimal? RangeStart, decimal? Recommended, decimal? RangeEnd);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Page))]
[JsonSerializable(typeof(BrandList))]
[JsonSerializable(typeof(Dictionary<string, CampaignUpdate[]>))]
[JsonSerializable(typeof(Dictionary<string, AdGroupUpdate[]>))]
[JsonSerializable(typeof(Dictionary<string, Ids>))]
[JsonSerializable(typeof(Keyword[]))]
[JsonSerializable(typeof(KeywordUpdate[]))]
[JsonSerializable(typeof(KeywordCreation[]))]
[JsonSerializable(typeof(ClausePage))]
[JsonSerializable(typeof(ClauseList))]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, ClauseUpdate[]>))]
[JsonSerializable(typeof(Dictionary<string, ClauseCreation[]>))]
[JsonSerializable(typeof(ThemePage))]
[JsonSerializable(typeof(ThemeList))]
[JsonSerializable(typeof(Dictionary<string, ThemeUpdate[]>))]
[JsonSerializable(typeof(BidQuestion))]
[JsonSerializable(typeof(BidAnswer))]
internal sealed partial class BrandsJson : JsonSerializerContext;
