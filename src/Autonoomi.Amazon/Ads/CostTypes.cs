using Autonoomi.Core.Advertising;

namespace Autonoomi.Amazon.Ads;

/// <summary>Amazon's words for what a campaign pays for and what its budget is for: upper case in Sponsored Brands and Ads API v1, lower case in Sponsored Display.</summary>
internal static class CostTypes
{
    /// <returns><see cref="CostType.Unknown"/> where nothing is said, or a word that is not known.</returns>
    public static CostType Of(string? word) => word switch
    {
        "CPC" or "cpc" => CostType.PerClick,
        "VCPM" or "vcpm" => CostType.PerThousandViews,
        _ => CostType.Unknown,
    };

    /// <returns><see cref="BudgetPeriod.Unknown"/> where nothing is said, or a word that is not known.</returns>
    public static BudgetPeriod Budget(string? word) => word switch
    {
        "DAILY" => BudgetPeriod.Daily,
        "LIFETIME" => BudgetPeriod.Lifetime,
        _ => BudgetPeriod.Unknown,
    };
}
