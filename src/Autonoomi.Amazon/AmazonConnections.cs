using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon;

/// <summary>Hands out clients bound to one consent. A singleton: rate limits and access tokens live here, not in the clients, which are cheap.</summary>
public sealed class AmazonConnections
{
    /// <param name="grant">The Ads consent.</param>
    /// <param name="storefront">The profile; null before one is chosen, and then only profiles can be asked for.</param>
    /// <param name="marketplace">The profile's marketplace; null before one is chosen.</param>
    public AdsClient Ads(GrantHandle grant, StorefrontId? storefront, Marketplace? marketplace) => throw new NotSupportedException();

    /// <param name="grant">The Selling Partner consent.</param>
    /// <param name="sellingPartnerId">The merchant token from the consent's callback.</param>
    /// <param name="marketplace">The storefront's marketplace.</param>
    public SellingPartnerClient SellingPartner(GrantHandle grant, string sellingPartnerId, Marketplace marketplace) => throw new NotSupportedException();

    /// <summary>Drops the access token cached for a grant: after a new consent, or when an account goes.</summary>
    public void Forget(string grantKey) => throw new NotSupportedException();
}
