using Autonoomi.Core.Advertising;

namespace Autonoomi.Amazon.Ads;

/// <summary>Amazon's words for what a campaign pays for: upper case in Sponsored Brands and Ads API v1, lower case in Sponsored Display.</summary>
internal static class CostTypes
{
    /// <returns><see cref="CostType.Unknown"/> where nothing is said, or a word that is not known.</returns>
    public static CostType Of(string? word) => word switch
    {
        "CPC" or "cpc" => CostType.PerClick,
        "VCPM" or "vcpm" => CostType.PerThousandViews,
        _ => CostType.Unknown,
    };
}
