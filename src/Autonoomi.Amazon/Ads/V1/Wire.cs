using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autonoomi.Amazon.Ads.V1;

// What is read and written of Ads API v1, and nothing else: a field that is not here is dropped while parsing. Requests and answers share records where a null is not written.
internal sealed record UnifiedCampaign(string CampaignId)
{
    public string? Name { get; init; }
    public string? State { get; init; }
    public string? CostType { get; init; }
    public AutoCreation? AutoCreationSettings { get; init; }
    public UnifiedBudget[]? Budgets { get; init; }
    public Optimizations? Optimizations { get; init; }
}

internal sealed record AutoCreation(bool AutoCreateTargets);

internal sealed record UnifiedBudget(string BudgetType, string? RecurrenceTimePeriod, BudgetValue BudgetValue);

internal sealed record BudgetValue(MonetaryBudgetValue MonetaryBudgetValue);

internal sealed record MonetaryBudgetValue(MonetaryBudget MonetaryBudget);

internal sealed record MonetaryBudget(decimal Value);

internal sealed record Optimizations(BidSettings? BidSettings);

internal sealed record BidSettings(string? BidStrategy, BidAdjustments? BidAdjustments);

internal sealed record BidAdjustments(PlacementAdjustment[]? PlacementBidAdjustments)
{
    // Read only to be sent back unchanged when placements are written.
    public JsonElement? AudienceBidAdjustments { get; init; }
    public JsonElement? CreativeBidAdjustments { get; init; }
    public JsonElement? ShopperSegmentBidAdjustments { get; init; }
}

internal sealed record PlacementAdjustment(string Placement, int Percentage);

internal sealed record UnifiedAdGroup(string AdGroupId, string CampaignId, string? Name, string? State, DefaultBid? Bid);

internal sealed record DefaultBid([property: JsonPropertyName("defaultBid")] decimal? Amount);

internal sealed record UnifiedAd(string AdId, string CampaignId, string AdGroupId, string? State, Creative? Creative);

internal sealed record Creative(ProductCreative? ProductCreative, ComponentCreative? ComponentCreative);

internal sealed record ProductCreative(ProductCreativeSettings? ProductCreativeSettings);

internal sealed record ProductCreativeSettings(AdvertisedProduct? AdvertisedProduct);

internal sealed record AdvertisedProduct(string? ProductId, string? ProductIdType, string? ResolvedProductId, string? ResolvedProductIdType);

// Brands and Display: of all their settings only the products that are shown.
internal sealed record ComponentCreative(ShownProducts? ProductCollectionSettings, ShownProducts? ProductVideoSettings, ShownProducts? ResponsiveEcommerceSettings);

internal sealed record ShownProducts(AdvertisedProduct[]? Products);

internal sealed record UnifiedTarget
{
    public string? TargetId { get; init; }
    public string? AdProduct { get; init; }
    public string? CampaignId { get; init; }
    public string? AdGroupId { get; init; }
    public bool? Negative { get; init; }
    public string? State { get; init; }
    public string? TargetType { get; init; }
    public TargetDetails? TargetDetails { get; init; }
    public OwnBid? Bid { get; init; }
}

internal sealed record OwnBid([property: JsonPropertyName("bid")] decimal? Amount);

internal sealed record TargetDetails
{
    public KeywordTarget? KeywordTarget { get; init; }
    public ProductTarget? ProductTarget { get; init; }
    public ProductCategoryTarget? ProductCategoryTarget { get; init; }
    public ThemeTarget? ThemeTarget { get; init; }
}

internal sealed record KeywordTarget(string? Keyword, string? MatchType);

internal sealed record ProductTarget(string? MatchType, string? ProductIdType, ProductValue? Product);

internal sealed record ProductValue(string? ProductId);

internal sealed record ProductCategoryTarget(CategoryValue? ProductCategoryRefinement);

internal sealed record CategoryValue(CategoryRefinement? ProductCategoryRefinement);

internal sealed record CategoryRefinement(string? ProductCategoryId)
{
    public string? ProductBrandId { get; init; }
    public string? ProductAgeRangeId { get; init; }
    public string? ProductGenreId { get; init; }
    public decimal? ProductPriceGreaterThan { get; init; }
    public decimal? ProductPriceLessThan { get; init; }
    public decimal? ProductRatingGreaterThan { get; init; }
    public decimal? ProductRatingLessThan { get; init; }
    public bool? ProductPrimeShippingEligible { get; init; }
}

internal sealed record ThemeTarget(string? MatchType);

// Queries: one page each; only one of the arrays is there.
internal sealed record UnifiedPage
{
    public UnifiedCampaign[]? Campaigns { get; init; }
    public UnifiedAdGroup[]? AdGroups { get; init; }
    public UnifiedAd[]? Ads { get; init; }
    public UnifiedTarget[]? Targets { get; init; }
    public string? NextToken { get; init; }
}

internal sealed record UnifiedQuery
{
    public Include<string>? AdProductFilter { get; init; }
    public Include<string>? CampaignIdFilter { get; init; }
    public Include<string>? AdGroupIdFilter { get; init; }
    public Include<string>? TargetIdFilter { get; init; }
    public Include<bool>? NegativeFilter { get; init; }
    public Include<string>? StateFilter { get; init; }
    public Ads.Wire.NameFilter? NameFilter { get; init; }
    public int? MaxResults { get; init; }
    public string? NextToken { get; init; }
}

internal sealed record Include<T>([property: JsonPropertyName("include")] IReadOnlyList<T> Values);

internal sealed record CampaignWrites(UnifiedCampaign[] Campaigns);

internal sealed record CampaignCreation(
    string AdProduct, string Name, string State, string MarketplaceScope, string[] Marketplaces, string StartDateTime, AutoCreation AutoCreationSettings, UnifiedBudget[] Budgets, Optimizations Optimizations);

internal sealed record CampaignCreations(CampaignCreation[] Campaigns);

internal sealed record AdGroupCreation(string AdProduct, string CampaignId, string Name, string State, DefaultBid Bid);

internal sealed record AdGroupCreations(AdGroupCreation[] AdGroups);

internal sealed record AdCreation(string AdProduct, string AdGroupId, string AdType, string State, Creative Creative);

internal sealed record AdCreations(AdCreation[] Ads);

internal sealed record CampaignDeletion(string[] CampaignIds);

internal sealed record AdGroupUpdate(string AdGroupId, string State);

internal sealed record AdGroupWrites(AdGroupUpdate[] AdGroups);

internal sealed record TargetWrites(UnifiedTarget[] Targets);

internal sealed record TargetDeletion(string[] TargetIds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UnifiedPage))]
[JsonSerializable(typeof(UnifiedQuery))]
[JsonSerializable(typeof(CampaignWrites))]
[JsonSerializable(typeof(CampaignCreations))]
[JsonSerializable(typeof(AdGroupCreations))]
[JsonSerializable(typeof(AdCreations))]
[JsonSerializable(typeof(CampaignDeletion))]
[JsonSerializable(typeof(AdGroupWrites))]
[JsonSerializable(typeof(TargetWrites))]
[JsonSerializable(typeof(TargetDeletion))]
internal sealed partial class UnifiedJson : JsonSerializerContext;
