using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Autonoomi.Amazon.Ads.Wire.Display;

// Arrays as bodies, ids as numbers, lower-case words.
internal sealed record Campaign(long CampaignId, string? Name, string? State, decimal? Budget, string? CostType);

internal sealed record AdGroup(long AdGroupId, long CampaignId, string? Name, string? State, decimal? DefaultBid, string? BidOptimization);

internal sealed record ProductAd(long AdId, long CampaignId, long AdGroupId, string? Sku, string? Asin, string? State);

internal sealed record Clause(long TargetId, long CampaignId, long AdGroupId, JsonElement? Expression, string? State, decimal? Bid);

internal sealed record CampaignUpdate(long CampaignId)
{
    public decimal? Budget { get; init; }
    public string? State { get; init; }
}

internal sealed record AdGroupUpdate(long AdGroupId, string State);

internal sealed record ClauseUpdate(long TargetId)
{
    public decimal? Bid { get; init; }
    public string? State { get; init; }
}

internal sealed record ClauseCreation(long AdGroupId, Predicate[] Expression, string ExpressionType, string State)
{
    public decimal? Bid { get; init; }
}

// Suggested bids: a clause is asked for as targets are written, and answered in its place.
internal sealed record DisplayBidQuestion(string BidOptimization, string CostType, DisplayProduct[]? Products, DisplayBidClause[] TargetingClauses);

internal sealed record DisplayProduct(string Asin);

internal sealed record DisplayBidClause(DisplayClause TargetingClause);

internal sealed record DisplayClause(string ExpressionType, DisplayPredicate[] Expression);

internal sealed record DisplayPredicate(string Type, JsonNode? Value);

internal sealed record DisplayBidAnswer(DisplayBid?[]? BidRecommendations);

internal sealed record DisplayBid(decimal? RangeLower, decimal? Recommended, decimal? RangeUpper);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Campaign[]))]
[JsonSerializable(typeof(AdGroup[]))]
[JsonSerializable(typeof(ProductAd[]))]
[JsonSerializable(typeof(Clause[]))]
[JsonSerializable(typeof(CampaignUpdate[]))]
[JsonSerializable(typeof(AdGroupUpdate[]))]
[JsonSerializable(typeof(ClauseUpdate[]))]
[JsonSerializable(typeof(ClauseCreation[]))]
[JsonSerializable(typeof(DisplayBidQuestion))]
[JsonSerializable(typeof(DisplayBidAnswer))]
internal sealed partial class DisplayJson : JsonSerializerContext;
