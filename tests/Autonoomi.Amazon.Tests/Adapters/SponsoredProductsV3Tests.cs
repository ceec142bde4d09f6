using Autonoomi.Amazon.Ads;

namespace Autonoomi.Amazon.Tests.Adapters;

public sealed class SponsoredProductsV3Tests(AdShop shop) : SponsoredProductsCompliance(shop)
{
    protected override string BidPath => "/sp/keywords";

    protected override string OutOfRange => "BID_OUT_OF_MARKET_PLACE_RANGE";

    protected override string Duplicate => "DUPLICATE_VALUE";

    protected override string CreationPath(string kind) => kind == "ads" ? "/sp/productAds" : $"/sp/{kind}";

    protected override string Code(string reason) => reason;

    private protected override IAdAdapter Make(AdsSession session) => new SponsoredProductsV3(session);
}
