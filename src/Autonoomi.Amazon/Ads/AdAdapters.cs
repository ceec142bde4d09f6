using Autonoomi.Amazon.Ads.V1;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Amazon.Ads;

/// <summary>Which family of Amazon's operations campaigns are read and written through.</summary>
public enum AdsAdapter
{
    /// <summary>Adapter A: each ad product's own operations (Sponsored Products v3, Sponsored Brands v4 and v3, Sponsored Display).</summary>
    Product,

    /// <summary>
    /// Adapter B: Ads API v1, one model for Sponsored Products and Sponsored Brands. Sponsored Display stays with its own operations: an ad names its product by one id alone in
    /// v1 (July 2026), and campaigns are joined with stock and profit by both.
    /// </summary>
    Unified,
}

internal static class AdAdapters
{
    /// <returns>One adapter per ad product, as configured.</returns>
    public static IReadOnlyList<IAdAdapter> Of(AdsSession session) => session.Options.AdsAdapter switch
    {
        AdsAdapter.Product => [new SponsoredProductsV3(session), new SponsoredBrandsV4(session), new SponsoredDisplay(session)],
        AdsAdapter.Unified => [new UnifiedV1(session, AdProduct.SponsoredProducts), new UnifiedV1(session, AdProduct.SponsoredBrands), new SponsoredDisplay(session)],
    };
}
