using System.Collections.Immutable;
using System.Text;
using Autonoomi.Core.Facts;

namespace Autonoomi.Amazon.Reports;

internal enum FieldKind { Day, Id, Text, Placement, Count, Amount, Currency }

/// <param name="Name">Amazon's column.</param>
/// <param name="Kind">How it is read and checked.</param>
internal sealed record ReportField(string Name, FieldKind Kind)
{
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Another column that may hold the value in its place; what is null or comes second is passed over.</summary>
    public string? OrElse { get; init; }

    /// <summary>Amazon may leave an id out, or say null: it reads as 0, and the row belongs to what its other ids name.</summary>
    public bool MayBeAbsent { get; init; }

    public byte[] OrElseUtf8 => field ??= Encoding.UTF8.GetBytes(OrElse ?? "");
}

/// <summary>One report type: what is asked for is what is read, in the order of our table. Ratios (ACoS, click rates) are never asked for: they follow from the sums.</summary>
/// <param name="Dataset">Our table.</param>
/// <param name="AdProduct">Amazon's word for the ad product.</param>
/// <param name="ReportTypeId">Amazon's report.</param>
/// <param name="GroupBy">Its grouping.</param>
/// <param name="Fields">Its columns.</param>
internal sealed record ReportLayout(Dataset Dataset, string AdProduct, string ReportTypeId, string GroupBy, ImmutableArray<ReportField> Fields)
{
    private const string Products = "SPONSORED_PRODUCTS";
    private const string Brands = "SPONSORED_BRANDS";
    private const string Display = "SPONSORED_DISPLAY";

    // In no table: a report in another currency than the storefront's is not the one that was asked for.
    private static readonly ReportField Currency = new("campaignBudgetCurrencyCode", FieldKind.Currency);

    /// <summary>The table's columns, and what proves that they are the right ones.</summary>
    public ImmutableArray<ReportField> Asked { get; } = [.. Fields, Currency];

    /// <summary>What is asked for.</summary>
    public string[] Columns => [.. Asked.SelectMany(each => each.OrElse is { } other ? new[] { each.Name, other } : [each.Name])];

    public static ReportLayout Of(Dataset dataset) => dataset switch
    {
        Dataset.TargetDay => TargetDay,
        Dataset.SearchTermDay => SearchTermDay,
        Dataset.PlacementDay => PlacementDay,
        Dataset.ProductDay => ProductDay,
        Dataset.CampaignDay => CampaignDay,
        Dataset.BrandsCampaignDay => BrandsCampaignDay,
        Dataset.DisplayCampaignDay => DisplayCampaignDay,
        Dataset.PurchaseDay => PurchaseDay,
        Dataset.BrandsPurchaseDay => BrandsPurchaseDay,
        Dataset.DisplayPurchaseDay => DisplayPurchaseDay,
        Dataset.BrandsTargetDay => BrandsTargetDay,
        Dataset.BrandsSearchTermDay => BrandsSearchTermDay,
        Dataset.BrandsPlacementDay => BrandsPlacementDay,
        Dataset.DisplayTargetDay => DisplayTargetDay,
        Dataset.DisplayProductDay => DisplayProductDay,
        _ => throw new ArgumentException($"{dataset} does not come from a report of the Ads API.", nameof(dataset)),
    };

    // Sellers' Sponsored Products are attributed within 7 days; keywordId holds ids of keywords and of targets.
    private static readonly ReportLayout TargetDay = new(Dataset.TargetDay, Products, "spTargeting", "targeting",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("keywordId"), .. Measures()]);

    private static readonly ReportLayout SearchTermDay = new(Dataset.SearchTermDay, Products, "spSearchTerm", "searchTerm",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("keywordId"), Text("searchTerm"), .. Measures()]);

    private static readonly ReportLayout PlacementDay = new(Dataset.PlacementDay, Products, "spCampaigns", "campaignPlacement",
        [Day(), Id("campaignId"), new("placementClassification", FieldKind.Placement), .. Measures()]);

    private static readonly ReportLayout ProductDay = new(Dataset.ProductDay, Products, "spAdvertisedProduct", "advertiser",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("adId"), Text("advertisedSku"), .. Measures()]);

    // Orders that went to other products than the advertised one; there are no clicks in it.
    private static readonly ReportLayout PurchaseDay = new(Dataset.PurchaseDay, Products, "spPurchasedProduct", "asin",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("keywordId"), Text("advertisedSku"), Text("purchasedAsin"), .. Orders()]);

    // By target, what followed clicks alone stands beside what followed views too: decisions rest on clicks.
    // Sponsored Brands and Display are attributed within 14 days. Product targets of Sponsored Brands may stand in a column of their own.
    private static readonly ReportLayout BrandsTargetDay = new(Dataset.BrandsTargetDay, Brands, "sbTargeting", "targeting",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("keywordId") with { OrElse = "targetingId" }, .. FortnightMeasures(), new("purchasesClicks", FieldKind.Count), new("salesClicks", FieldKind.Amount)]);

    // Searches that a theme or a product target was shown for may name no keyword, and this report has no other column for it: they are their ad group's.
    private static readonly ReportLayout BrandsSearchTermDay = new(Dataset.BrandsSearchTermDay, Brands, "sbSearchTerm", "searchTerm",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("keywordId") with { MayBeAbsent = true }, Text("searchTerm"), .. FortnightMeasures()]);

    private static readonly ReportLayout BrandsPlacementDay = new(Dataset.BrandsPlacementDay, Brands, "sbCampaignPlacement", "campaignPlacement",
        [Day(), Id("campaignId"), new("placementClassification", FieldKind.Placement), .. FortnightMeasures()]);

    private static readonly ReportLayout DisplayTargetDay = new(Dataset.DisplayTargetDay, Display, "sdTargeting", "targeting",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("targetingId"), .. FortnightMeasures(), new("purchasesClicks", FieldKind.Count), new("unitsSoldClicks", FieldKind.Count), new("salesClicks", FieldKind.Amount)]);

    private static readonly ReportLayout DisplayProductDay = new(Dataset.DisplayProductDay, Display, "sdAdvertisedProduct", "advertiser",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("adId"), Text("promotedSku"), .. FortnightMeasures()]);

    // Whole campaigns: what they cost is what their targets cost, or one of the two reports is wrong.
    private static readonly ReportLayout CampaignDay = new(Dataset.CampaignDay, Products, "spCampaigns", "campaign", Whole());

    private static readonly ReportLayout BrandsCampaignDay = new(Dataset.BrandsCampaignDay, Brands, "sbCampaigns", "campaign", Whole());

    private static readonly ReportLayout DisplayCampaignDay = new(Dataset.DisplayCampaignDay, Display, "sdCampaigns", "campaign", Whole());

    // Brands lists every product that was bought; Display those of the brand that were not advertised.
    private static readonly ReportLayout BrandsPurchaseDay = new(Dataset.BrandsPurchaseDay, Brands, "sbPurchasedProduct", "purchasedAsin",
        [Day(), Id("campaignId"), Id("adGroupId"), Text("purchasedAsin"), new("orders14d", FieldKind.Count), new("unitsSold14d", FieldKind.Count), new("sales14d", FieldKind.Amount)]);

    private static readonly ReportLayout DisplayPurchaseDay = new(Dataset.DisplayPurchaseDay, Display, "sdPurchasedProduct", "asin",
        [Day(), Id("campaignId"), Id("adGroupId"), Text("promotedSku"), Text("asinBrandHalo"), new("conversionsBrandHalo", FieldKind.Count), new("unitsSoldBrandHalo", FieldKind.Count), new("salesBrandHalo", FieldKind.Amount)]);

    private static ImmutableArray<ReportField> Whole() => [Day(), Id("campaignId"), new("clicks", FieldKind.Count), new("cost", FieldKind.Amount)];

    private static ReportField Day() => new("date", FieldKind.Day);

    private static ReportField Id(string name) => new(name, FieldKind.Id);

    private static ReportField Text(string name) => new(name, FieldKind.Text);

    private static ReportField[] Measures() => [.. Traffic(), .. Orders()];

    private static ReportField[] FortnightMeasures() => [.. Traffic(), new("purchases", FieldKind.Count), new("unitsSold", FieldKind.Count), new("sales", FieldKind.Amount)];

    private static ReportField[] Traffic() => [new("impressions", FieldKind.Count), new("clicks", FieldKind.Count), new("cost", FieldKind.Amount)];

    private static ReportField[] Orders() => [new("purchases7d", FieldKind.Count), new("unitsSoldClicks7d", FieldKind.Count), new("sales7d", FieldKind.Amount)];
}
