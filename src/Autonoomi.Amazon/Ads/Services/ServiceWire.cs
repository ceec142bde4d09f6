using System.Text.Json.Serialization;

namespace Autonoomi.Amazon.Ads.Services;

// What is read and written of the services around campaigns, and nothing else.
internal sealed record HistoryRequest(long FromDate, long ToDate, Dictionary<string, HistoryType> EventTypes, int Count, HistorySort Sort)
{
    public string? NextToken { get; init; }
}

internal sealed record HistoryType(HistoryParent[] Parents);

internal sealed record HistoryParent(bool UseProfileIdAdvertiser);

internal sealed record HistorySort(string Key, string Direction);

internal sealed record HistoryPage(HistoryEvent[]? Events, string? NextToken);

internal sealed record HistoryEvent(long Timestamp, string? EntityType, string? EntityId, string? ChangeType, string? PreviousValue, string? NewValue, HistoryMetadata? Metadata);

internal sealed record HistoryMetadata(string? CampaignId, string? AdGroupId);

internal sealed record CampaignUsageRequest(string[] CampaignIds);

internal sealed record UsageAnswer(Usage[]? Success);

internal sealed record Usage(string? CampaignId, decimal? Budget, decimal? BudgetUsagePercent, DateTimeOffset? UsageUpdatedTimestamp);

internal sealed record PortfolioListRequest
{
    public string? NextToken { get; init; }
}

internal sealed record PortfolioPage(WirePortfolio[]? Portfolios, string? NextToken);

internal sealed record WirePortfolio(string? PortfolioId, string? Name, string? State, WirePortfolioBudget? Budget);

internal sealed record WirePortfolioBudget(string? Policy, decimal? Amount, string? CurrencyCode);

internal sealed record PortfolioWrites(WirePortfolio[] Portfolios);

internal sealed record PortfolioFilter(PortfolioIds PortfolioIdFilter, PortfolioIds StateFilter, int? MaxResults, string? NextToken);

internal sealed record PortfolioIds([property: JsonPropertyName("include")] string[] Values);

internal sealed record PortfolioCampaigns(PortfolioCampaign[]? Campaigns, string? NextToken);

internal sealed record PortfolioCampaign(string? CampaignId);

internal sealed record RulePage([property: JsonPropertyName("budgetRulesForAdvertiserResponse")] WireRule[]? Rules, string? NextToken);

internal sealed record WireRule(string? RuleId, string? RuleState);

internal sealed record RuledPage([property: JsonPropertyName("associatedCampaigns")] RuledCampaign[]? Campaigns, string? NextToken);

internal sealed record RuledCampaign(string? CampaignId);

internal sealed record PromotionRequest(int MaxResults, string? NextToken);

internal sealed record PromotionPage(PromotionGroup[]? TargetPromotionGroups, string? NextToken);

internal sealed record PromotionGroup(string? SourceAdGroupId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(HistoryRequest))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(CampaignUsageRequest))]
[JsonSerializable(typeof(UsageAnswer))]
[JsonSerializable(typeof(PortfolioListRequest))]
[JsonSerializable(typeof(PortfolioPage))]
[JsonSerializable(typeof(PortfolioWrites))]
[JsonSerializable(typeof(PortfolioFilter))]
[JsonSerializable(typeof(PortfolioCampaigns))]
[JsonSerializable(typeof(RulePage))]
[JsonSerializable(typeof(RuledPage))]
[JsonSerializable(typeof(PromotionRequest))]
[JsonSerializable(typeof(PromotionPage))]
internal sealed partial class ServiceJson : JsonSerializerContext;
