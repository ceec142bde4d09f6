namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>Reports of Sponsored Brands, Sponsored Display and of purchased products: their columns as Amazon lists them. What the pretend market does not play is 0, and ratios of it are null.</summary>
internal static class OtherReportTypes
{
    public const string Brands = "SPONSORED_BRANDS";
    public const string Display = "SPONSORED_DISPLAY";

    private static readonly string[] Dates = ["date", "startDate", "endDate"];
    private static readonly string[] Kindle = ["kindleEditionNormalizedPagesRead14d", "kindleEditionNormalizedPagesRoyalties14d"];
    private static readonly string[] Borrows = ["addToList", "qualifiedBorrows", "royaltyQualifiedBorrows", "addToListFromClicks", "qualifiedBorrowsFromClicks", "royaltyQualifiedBorrowsFromClicks"];
    private static readonly string[] BorrowsFromViews = ["addToListFromViews", "qualifiedBorrowsFromViews", "royaltyQualifiedBorrowsFromViews"];

    private static readonly string[] Video =
    [
        "video5SecondViewRate", "video5SecondViews", "videoCompleteViews", "videoFirstQuartileViews", "videoMidpointViews", "videoThirdQuartileViews", "videoUnmutes", "viewabilityRate", "viewableImpressions",
        "viewClickThroughRate",
    ];

    private static readonly string[] Campaign = ["campaignBudgetAmount", "campaignBudgetCurrencyCode", "campaignBudgetType", "campaignId", "campaignName", "campaignStatus"];

    private static readonly string[] BrandBase =
    [
        "addToCart", "addToCartClicks", "addToCartRate", "brandedSearches", "brandedSearchesClicks", .. Campaign, "clicks", "cost", "costType", "detailPageViews", "detailPageViewsClicks", "eCPAddToCart", "impressions",
        "newToBrandDetailPageViewRate", "newToBrandDetailPageViews", "newToBrandDetailPageViewsClicks", "newToBrandECPDetailPageView", "newToBrandPurchases", "newToBrandPurchasesClicks", "newToBrandPurchasesPercentage",
        "newToBrandPurchasesRate", "newToBrandSales", "newToBrandSalesClicks", "newToBrandSalesPercentage", "newToBrandUnitsSold", "newToBrandUnitsSoldClicks", "newToBrandUnitsSoldPercentage", "purchases", "purchasesClicks",
        "purchasesPromoted", "sales", "salesClicks", "salesPromoted", "unitsSold", .. Dates, .. Borrows,
    ];

    private static readonly string[] DisplayBase =
    [
        "addToCart", "addToCartClicks", "addToCartRate", "addToCartViews", "brandedSearches", "brandedSearchesClicks", "brandedSearchesViews", "brandedSearchRate", "campaignBudgetCurrencyCode", "campaignId", "campaignName",
        "clicks", "cost", "detailPageViews", "detailPageViewsClicks", "eCPAddToCart", "eCPBrandSearch", "impressions", "impressionsViews", "newToBrandPurchases", "newToBrandPurchasesClicks", "newToBrandSalesClicks",
        "newToBrandUnitsSold", "newToBrandUnitsSoldClicks", "purchases", "purchasesClicks", "purchasesPromotedClicks", "sales", "salesClicks", "salesPromotedClicks", "unitsSold", "unitsSoldClicks", "videoCompleteViews",
        "videoFirstQuartileViews", "videoMidpointViews", "videoThirdQuartileViews", "videoUnmutes", "viewabilityRate", "viewClickThroughRate", .. Dates, .. Borrows, .. BorrowsFromViews,
        "newToBrandSales", "newToBrandDetailPageViewClicks", "newToBrandDetailPageViewRate", "newToBrandDetailPageViews", "newToBrandDetailPageViewViews", "newToBrandECPDetailPageView",
    ];

    public static readonly ReportType PurchasedProduct = new("spPurchasedProduct", "asin",
    [
        .. Dates, "portfolioId", "campaignName", "campaignId", "adGroupName", "adGroupId", "keywordId", "keyword", "keywordType", "matchType", "advertisedAsin", "advertisedSku", "purchasedAsin", "campaignBudgetCurrencyCode",
        .. Borrows, .. Kindle,
        .. new[] { "1d", "7d", "14d", "30d" }.SelectMany(window => new[] { $"unitsSoldClicks{window}", $"sales{window}", $"purchases{window}", $"unitsSoldOtherSku{window}", $"salesOtherSku{window}", $"purchasesOtherSku{window}" }),
    ], []);

    public static readonly IReadOnlyList<ReportType> All =
    [
        new("sbCampaigns", "campaign", [.. BrandBase, "unitsSoldClicks", "topOfSearchImpressionShare", "longTermSales", "longTermROAS", .. Video, .. Kindle], ["campaignStatus"]) { AdProduct = Brands, RetentionDays = 60 },
        new("sdCampaigns", "campaign", [.. DisplayBase, "campaignBudgetAmount", "campaignStatus", "costType", "cumulativeReach", "impressionsFrequencyAverage", "longTermSales", "longTermROAS"], []) { AdProduct = Display, RetentionDays = 65 },
        new("sbPurchasedProduct", "purchasedAsin",
        [
            "campaignId", "adGroupId", .. Dates, "campaignBudgetCurrencyCode", "campaignName", "campaignPriceTypeCode", "adGroupName", "attributionType", "purchasedAsin", "ordersClicks14d", "productName", "productCategory",
            "sales14d", "salesClicks14d", "orders14d", "unitsSold14d", "newToBrandSales14d", "newToBrandPurchases14d", "newToBrandUnitsSold14d", "newToBrandSalesPercentage14d", "newToBrandPurchasesPercentage14d",
            "newToBrandUnitsSoldPercentage14d", "unitsSoldClicks14d", .. Kindle,
        ], []) { AdProduct = Brands, RetentionDays = 731, LongestRangeDays = 731 },
        new("sdPurchasedProduct", "asin",
        [
            "adGroupId", "adGroupName", "asinBrandHalo", .. Borrows, .. BorrowsFromViews, "campaignBudgetCurrencyCode", "campaignId", "campaignName", "conversionsBrandHalo", "conversionsBrandHaloClicks", .. Dates,
            "promotedAsin", "promotedSku", "salesBrandHalo", "salesBrandHaloClicks", "unitsSoldBrandHalo", "unitsSoldBrandHaloClicks",
        ], []) { AdProduct = Display, RetentionDays = 65 },
        new("sbCampaignPlacement", "campaignPlacement", [.. BrandBase, "unitsSoldClicks", .. Video, .. Kindle, "placementClassification"], []) { AdProduct = Brands, RetentionDays = 60 },
        new("sbTargeting", "targeting",
        [
            .. BrandBase, "adGroupId", "adGroupName", "keywordBid", "keywordId", "adKeywordStatus", "keywordText", "keywordType", "matchType", "targetingExpression", "targetingId", "targetingText", "targetingType",
            "topOfSearchImpressionShare",
        ], ["adKeywordStatus", "keywordType"]) { AdProduct = Brands, RetentionDays = 60 },
        new("sbSearchTerm", "searchTerm",
        [
            "adGroupId", "adGroupName", .. Campaign, "clicks", "cost", "costType", "impressions", "keywordBid", "keywordId", "keywordText", "matchType", "purchases", "purchasesClicks", "sales", "salesClicks", "searchTerm",
            "unitsSold", "adKeywordStatus", .. Dates, .. Video, .. Borrows, .. Kindle,
        ], ["keywordType"]) { AdProduct = Brands, RetentionDays = 60 },
        new("sdTargeting", "targeting", [.. DisplayBase, "adGroupId", "adGroupName", "targetingExpression", "targetingId", "targetingText", "adKeywordStatus"], []) { AdProduct = Display, RetentionDays = 65 },
        new("sdAdvertisedProduct", "advertiser",
            [.. DisplayBase, "adGroupId", "adGroupName", "adId", "bidOptimization", "cumulativeReach", "impressionsFrequencyAverage", "promotedAsin", "promotedSku"], []) { AdProduct = Display, RetentionDays = 65 },
    ];
}
