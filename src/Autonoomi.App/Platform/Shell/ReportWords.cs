using Autonoomi.Core.Facts;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Amazon's advertising reports as people call them.</summary>
public static class ReportWords
{
    /// <summary>To stand before "report".</summary>
    public static string Of(Dataset dataset) => dataset switch
    {
        Dataset.TargetDay => "targeting",
        Dataset.SearchTermDay => "search term",
        Dataset.PlacementDay => "placement",
        Dataset.ProductDay => "advertised product",
        Dataset.PurchaseDay => "purchased product",
        Dataset.CampaignDay => "campaign",
        Dataset.BrandsCampaignDay => "Brands campaign",
        Dataset.DisplayCampaignDay => "Display campaign",
        Dataset.BrandsPurchaseDay => "Brands purchased product",
        Dataset.DisplayPurchaseDay => "Display purchased product",
        Dataset.BrandsTargetDay => "Brands targeting",
        Dataset.BrandsSearchTermDay => "Brands search term",
        Dataset.BrandsPlacementDay => "Brands placement",
        Dataset.DisplayTargetDay => "Display targeting",
        Dataset.DisplayProductDay => "Display advertised product",
        var other => other.ToString(),
    };

    /// <summary>To stand alone: "Search term".</summary>
    public static string Title(Dataset dataset)
    {
        var words = Of(dataset);
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
