namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>What Reporting v3 allows for one report type and grouping.</summary>
/// <param name="Id">For example <c>spTargeting</c>.</param>
/// <param name="GroupBy">The grouping.</param>
/// <param name="Columns">Legal columns.</param>
/// <param name="Filters">Legal filter fields.</param>
internal sealed record ReportType(string Id, string GroupBy, IReadOnlyList<string> Columns, IReadOnlyList<string> Filters)
{

    /// <summary>Amazon's word for whose report it is.</summary>
    public string AdProduct { get; init; } = "SPONSORED_PRODUCTS";

    /// <summary>How many days it covers at most.</summary>
    public int LongestRangeDays { get; init; } = 31;

    /// <summary>How many days back it reaches.</summary>
    public int RetentionDays { get; init; } = 95;

    private static readonly string[] Attributed =
    [
        .. new[] { "1d", "7d", "14d", "30d" }.SelectMany(window => new[]
        {
            $"purchases{window}", $"purchasesSameSku{window}", $"unitsSoldClicks{window}", $"sales{window}", $"attributedSalesSameSku{window}", $"unitsSoldSameSku{window}",
        }),
        "kindleEditionNormalizedPagesRead14d", "kindleEditionNormalizedPagesRoyalties14d",
    ];

    private static readonly string[] Borrows = ["addToList", "qualifiedBorrows", "royaltyQualifiedBorrows"];
    private static readonly string[] Dates = ["date", "startDate", "endDate"];
    private static readonly string[] Traffic = ["impressions", "clicks", "cost", "costPerClick", "clickThroughRate"];

    private static readonly string[] OtherSkuAndRatios =
        ["salesOtherSku7d", "unitsSoldOtherSku7d", "acosClicks7d", "acosClicks14d", "roasClicks7d", "roasClicks14d"];

    private static readonly string[] CampaignColumns =
    [
        "campaignName", "campaignId", "campaignStatus", "campaignBudgetAmount", "campaignBudgetType", "campaignRuleBasedBudgetAmount", "campaignApplicableBudgetRuleId",
        "campaignApplicableBudgetRuleName", "campaignBudgetCurrencyCode",
    ];

    private static readonly string[] CampaignBase = [.. Traffic, .. Borrows, .. Attributed, .. Dates, "campaignBiddingStrategy", "spend"];

    private static readonly string[] TargetingBase =
    [
        .. Traffic, .. Borrows, .. Attributed, .. OtherSkuAndRatios, "keywordId", "keyword", "keywordBid", "keywordType", "matchType", "targeting", "portfolioId",
        "campaignName", "campaignId", "campaignBudgetType", "campaignBudgetAmount", "campaignBudgetCurrencyCode", "campaignStatus", "adGroupName", "adGroupId", .. Dates,
        "adKeywordStatus",
    ];

    public static readonly IReadOnlyList<ReportType> All =
    [
        new("spCampaigns", "campaign", [.. CampaignBase, .. CampaignColumns, "topOfSearchImpressionShare"], ["campaignStatus"]),
        new("spCampaigns", "campaignPlacement", [.. CampaignBase, .. CampaignColumns, "placementClassification"], ["campaignSite"]),
        new("spTargeting", "targeting", [.. TargetingBase, "topOfSearchImpressionShare"], ["keywordType", "adKeywordStatus"]),
        new("spSearchTerm", "searchTerm", [.. TargetingBase, "searchTerm"], ["keywordType"]),
        new("spAdvertisedProduct", "advertiser",
        [
            .. Dates, "campaignName", "campaignId", "campaignStatus", "campaignBudgetAmount", "campaignBudgetType", "campaignBudgetCurrencyCode", "adGroupName", "adGroupId", "adId",
            "portfolioId", "advertisedAsin", "advertisedSku", .. Traffic, "spend", .. Borrows, .. Attributed, .. OtherSkuAndRatios,
        ], ["adCreativeStatus"]),
        OtherReportTypes.PurchasedProduct,
        .. OtherReportTypes.All,
    ];
}
