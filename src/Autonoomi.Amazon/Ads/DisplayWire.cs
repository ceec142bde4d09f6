using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autonoomi.Amazon.Ads.Wire.Display;

// Arrays as bodies, ids as numbers, lower-case words.
internal sealed record Campaign(long CampaignId, string? Name, string? State, decimal? Budget, string? CostType);

internal sealed record AdGroup(long AdGroupId, long CampaignId, string? Name, string? State, decimal? DefaultBid);

internal sealed record ProductAd(long AdId, long CampaignId, long AdGroupId, string? Sku, string? Asin, string? State);

internal sealed record Clause(long TargetId, long CampaignId, long AdGroupId, JsonElement? Expression, string? State, decimal? Bid);

internal sealed record CampaignUpdate(long CampaignId, decimal Budget);

internal sealed record ClauseUpdate(long TargetId)
{
    public decimal? Bid { get; init; }
    public string? State { get; init; }
}

internal sealed record ClauseCreation(long AdGroupId, Predicate[] Expression, string ExpressionType, string State)
{
    public decimal? Bid { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Campaign[]))]
[JsonSerializable(typeof(AdGroup[]))]
[JsonSerializable(typeof(ProductAd[]))]
[JsonSerializable(typeof(Clause[]))]
[JsonSerializable(typeof(CampaignUpdate[]))]
[JsonSerializable(typeof(ClauseUpdate[]))]
[JsonSerializable(typeof(ClauseCreation[]))]
internal sealed partial class DisplayJson : JsonSerializerContext;
