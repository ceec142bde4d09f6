using System.Collections.Immutable;
using System.Text;
using Autonoomi.Core.Facts;

namespace Autonoomi.Amazon.Reports;

internal enum FieldKind { Day, Id, Text, Placement, Count, Amount }

/// <param name="Name">Amazon's column.</param>
/// <param name="Kind">How it is read and checked.</param>
internal sealed record ReportField(string Name, FieldKind Kind)
{
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Name);
}

/// <summary>One report type: what is asked for is what is read, in the order of our table. Ratios (ACoS, click rates) are never asked for: they follow from the sums.</summary>
internal sealed record ReportLayout(Dataset Dataset, string ReportTypeId, string GroupBy, ImmutableArray<ReportField> Fields)
{
    public static ReportLayout Of(Dataset dataset) => dataset switch
    {
        Dataset.TargetDay => TargetDay,
        Dataset.SearchTermDay => SearchTermDay,
        Dataset.PlacementDay => PlacementDay,
        Dataset.ProductDay => ProductDay,
        _ => throw new ArgumentException($"{dataset} does not come from a report of the Ads API.", nameof(dataset)),
    };

    // Sellers' Sponsored Products are attributed within 7 days; keywordId holds ids of keywords and of targets.
    private static readonly ReportLayout TargetDay = new(Dataset.TargetDay, "spTargeting", "targeting",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("keywordId"), .. Measures()]);

    private static readonly ReportLayout SearchTermDay = new(Dataset.SearchTermDay, "spSearchTerm", "searchTerm",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("keywordId"), Text("searchTerm"), .. Measures()]);

    private static readonly ReportLayout PlacementDay = new(Dataset.PlacementDay, "spCampaigns", "campaignPlacement",
        [Day(), Id("campaignId"), new("placementClassification", FieldKind.Placement), .. Measures()]);

    private static readonly ReportLayout ProductDay = new(Dataset.ProductDay, "spAdvertisedProduct", "advertiser",
        [Day(), Id("campaignId"), Id("adGroupId"), Id("adId"), Text("advertisedSku"), .. Measures()]);

    private static ReportField Day() => new("date", FieldKind.Day);

    private static ReportField Id(string name) => new(name, FieldKind.Id);

    private static ReportField Text(string name) => new(name, FieldKind.Text);

    private static ReportField[] Measures() =>
    [
        new("impressions", FieldKind.Count), new("clicks", FieldKind.Count), new("cost", FieldKind.Amount),
        new("purchases7d", FieldKind.Count), new("unitsSoldClicks7d", FieldKind.Count), new("sales7d", FieldKind.Amount),
    ];
}
