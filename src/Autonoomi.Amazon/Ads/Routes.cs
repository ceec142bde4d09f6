namespace Autonoomi.Amazon.Ads;

/// <summary>One entity of Sponsored Products v3: where it lives and what its payload and its id filter are called.</summary>
/// <param name="Path">For example <c>/sp/keywords</c>.</param>
/// <param name="MediaType">Content type and accepted type of every operation: a version of its own per entity.</param>
/// <param name="Payload">Key of the array in requests and answers.</param>
internal sealed record Route(string Path, string MediaType, string Payload)
{
    public static readonly Route Campaigns = Of("/sp/campaigns", "spCampaign", "campaigns");
    public static readonly Route AdGroups = Of("/sp/adGroups", "spAdGroup", "adGroups");
    public static readonly Route ProductAds = Of("/sp/productAds", "spProductAd", "productAds");
    public static readonly Route Keywords = Of("/sp/keywords", "spKeyword", "keywords");
    public static readonly Route Targets = Of("/sp/targets", "spTargetingClause", "targetingClauses");
    public static readonly Route NegativeKeywords = Of("/sp/negativeKeywords", "spNegativeKeyword", "negativeKeywords");
    public static readonly Route CampaignNegativeKeywords = Of("/sp/campaignNegativeKeywords", "spCampaignNegativeKeyword", "campaignNegativeKeywords");
    public static readonly Route NegativeTargets = Of("/sp/negativeTargets", "spNegativeTargetingClause", "negativeTargetingClauses");
    public static readonly Route CampaignNegativeTargets = Of("/sp/campaignNegativeTargets", "spCampaignNegativeTargetingClause", "campaignNegativeTargetingClauses");

    private static Route Of(string path, string entity, string payload) => new(path, $"application/vnd.{entity}.v3+json", payload);
}
