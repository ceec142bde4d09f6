using System.Text.Json.Serialization;

namespace Autonoomi.Amazon.Ads.Services;

// Rows of exports (the common model): what is read, and nothing else.
internal sealed record ExportRequest(string[] AdProductFilter, string[] StateFilter);

internal sealed record ExportJob(string? ExportId, string? Status, string? Url, ExportFailure? Error);

internal sealed record ExportFailure(string? ErrorCode, string? Message);

internal sealed record ExportedCampaign(string? CampaignId, string? Name, string? State, string? TargetingSettings, ExportedBudget? BudgetCaps, ExportedOptimization? Optimization);

internal sealed record ExportedBudget(ExportedBudgetValue? BudgetValue);

internal sealed record ExportedBudgetValue(ExportedMoney? MonetaryBudget);

internal sealed record ExportedMoney(decimal? Amount);

internal sealed record ExportedOptimization(string? BidStrategy, ExportedPlacement[]? PlacementBidAdjustments);

internal sealed record ExportedPlacement(string? Placement, int Percentage);

internal sealed record ExportedAdGroup(string? AdGroupId, string? CampaignId, string? Name, string? State, ExportedDefaultBid? Bid);

internal sealed record ExportedDefaultBid([property: JsonPropertyName("defaultBid")] decimal? Amount);

internal sealed record ExportedAd(string? AdId, string? AdGroupId, string? State, ExportedCreative? Creative);

internal sealed record ExportedCreative(ExportedProduct[]? Products);

internal sealed record ExportedProduct(string? ProductId, string? ProductIdType);

internal sealed record ExportedTarget(string? TargetId, string? AdGroupId, string? CampaignId, string? State, bool Negative, ExportedBid? Bid, ExportedDetails? TargetDetails);

internal sealed record ExportedBid([property: JsonPropertyName("bid")] decimal? Amount);

internal sealed record ExportedDetails
{
    public string? MatchType { get; init; }
    public string? Keyword { get; init; }
    public string? Asin { get; init; }
    public string? ProductCategoryId { get; init; }

    // Refinements of a category: read only to tell a whole category from a part of one.
    public string? ProductBrand { get; init; }
    public string? ProductGenre { get; init; }
    public string? ProductAgeRange { get; init; }
    public System.Text.Json.JsonElement? ProductPriceLessThan { get; init; }
    public System.Text.Json.JsonElement? ProductPriceGreaterThan { get; init; }
    public System.Text.Json.JsonElement? ProductRatingLessThan { get; init; }
    public System.Text.Json.JsonElement? ProductRatingGreaterThan { get; init; }
    public System.Text.Json.JsonElement? ProductPrimeShippingEligible { get; init; }

    [JsonIgnore]
    public bool IsRefined => ProductBrand is not null || IsNarrowed;

    [JsonIgnore]
    public bool IsNarrowed => ProductGenre is not null || ProductAgeRange is not null || ProductPriceLessThan is not null || ProductPriceGreaterThan is not null
        || ProductRatingLessThan is not null || ProductRatingGreaterThan is not null || ProductPrimeShippingEligible is not null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(ExportJob))]
[JsonSerializable(typeof(ExportedCampaign))]
[JsonSerializable(typeof(ExportedAdGroup))]
[JsonSerializable(typeof(ExportedAd))]
[JsonSerializable(typeof(ExportedTarget))]
internal sealed partial class ExportJson : JsonSerializerContext;
