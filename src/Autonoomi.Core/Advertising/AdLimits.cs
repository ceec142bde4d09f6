using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Advertising;

/// <summary>Limits that differ between Amazon's advertising products. Source: docs/amazon/limits.md.</summary>
public static class AdLimits
{
    /// <returns>
    /// The marketplace with the bid limits of one ad product. Sponsored Brands has limits of its own for clicks on images; where none are published, its lowest
    /// bid is five times that of Sponsored Products, as it is where both are. Display pays per click within the limits of Sponsored Products.
    /// </returns>
    public static Marketplace For(this Marketplace marketplace, AdProduct product) => product switch
    {
        AdProduct.SponsoredProducts or AdProduct.SponsoredDisplay => marketplace,
        AdProduct.SponsoredBrands => marketplace.Country switch
        {
            "US" => marketplace with { MinimumBid = 0.10m, MaximumBid = 49m },
            "UK" => marketplace with { MinimumBid = 0.10m, MaximumBid = 31m },
            "DE" or "FR" or "IT" or "ES" => marketplace with { MinimumBid = 0.10m, MaximumBid = 39m },
            "JP" => marketplace with { MinimumBid = 10m, MaximumBid = 7_760m },
            _ => marketplace with { MinimumBid = 5 * marketplace.MinimumBid },
        },
    };
}
