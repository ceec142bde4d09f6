using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon;

/// <summary>Hands out clients bound to one consent. A singleton: rate limits and access tokens live here, not in the clients, which are cheap.</summary>
public sealed class AmazonConnections
{
    private readonly AmazonCalls calls;
    private readonly Documents documents;
    private readonly AccessTokens tokens;
    private readonly Jitter jitter;
    private readonly TimeProvider clock;

    internal AmazonConnections(AmazonCalls calls, Documents documents, AccessTokens tokens, Jitter jitter, TimeProvider clock) =>
        (this.calls, this.documents, this.tokens, this.jitter, this.clock) = (calls, documents, tokens, jitter, clock);

    /// <param name="grant">The Ads consent.</param>
    /// <param name="storefront">The profile; null before one is chosen, and then only profiles can be asked for.</param>
    /// <param name="marketplace">The profile's marketplace; null before one is chosen.</param>
    public AdsClient Ads(GrantHandle grant, StorefrontId? storefront, Marketplace? marketplace) => grant.Kind == GrantKind.Ads
        ? new(calls, documents, jitter, clock, grant, storefront, marketplace)
        : throw new ArgumentException("The Ads API needs the Ads consent.", nameof(grant));

    /// <param name="grant">The Selling Partner consent.</param>
    /// <param name="sellingPartnerId">The merchant token from the consent's callback.</param>
    /// <param name="marketplace">The storefront's marketplace.</param>
    public SellingPartnerClient SellingPartner(GrantHandle grant, string sellingPartnerId, Marketplace marketplace) => grant.Kind == GrantKind.SellingPartner
        ? new(calls, documents, grant, sellingPartnerId, marketplace)
        : throw new ArgumentException("The Selling Partner API needs the Selling Partner consent.", nameof(grant));

    /// <summary>Asks Amazon once whether it still takes a grant, whatever is cached. One refusal alone is no proof: see <see cref="GrantStates"/>.</summary>
    public Task<GrantAnswer> AskAsync(GrantHandle grant, CancellationToken cancellationToken) => tokens.AskAsync(grant, cancellationToken);

    /// <summary>Drops the access token cached for a grant: after a new consent, or when an account goes.</summary>
    public void Forget(string grantKey) => tokens.Forget(grantKey);
}
