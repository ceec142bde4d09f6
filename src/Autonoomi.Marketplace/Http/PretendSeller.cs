using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http;

/// <summary>One seller of the pretend Amazon: a login, and a storefront per marketplace with a market of its own.</summary>
/// <param name="Name">The store's public name; null takes the first world's.</param>
/// <param name="Worlds">At least one; marketplaces differ.</param>
public sealed record PretendSeller(string? Name, IReadOnlyList<MarketWorld> Worlds)
{
    public string StoreName => Name ?? Worlds[0].StoreName;

    /// <summary>A seller has one merchant id per region of Amazon.</summary>
    /// <exception cref="InvalidOperationException">The seller has no storefront in the region.</exception>
    public string SellingPartnerId(AmazonRegion region) => Worlds.First(world => world.Marketplace.Region == region).SellingPartnerId;

    /// <param name="owner">Who consented: the merchant id for the Selling Partner API, the store's name for ads.</param>
    /// <param name="kind">Which consent.</param>
    /// <param name="region">Of the storefront that is asked for.</param>
    internal bool Owns(string? owner, Login.GrantKind kind, AmazonRegion region) => owner is null || owner == kind switch
    {
        Login.GrantKind.Ads => StoreName,
        Login.GrantKind.SellingPartner => SellingPartnerId(region),
    };
}
