using System.Text;
using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Tests.Adapters;

public sealed class SponsoredDisplayTests(AdShop shop) : AdAdapterCompliance(shop)
{
    protected override string BidPath => "/sd/targets";

    protected override TargetKind BidKind => TargetKind.Product;

    protected override string OutOfRange => "BID_OUT_OF_RANGE";

    protected override decimal TooLow => 1_001m;

    protected override string Duplicate => "DUPLICATE_VALUE";

    protected override bool HasPlacements => false;

    protected override bool HasKeywords => false;

    protected override IReadOnlyList<MatchType> Rare => [MatchType.Brand, MatchType.ContentCategory];

    protected override IReadOnlyList<MatchType> Creatable => [MatchType.Product, MatchType.Category];

    private protected override IAdAdapter Make(AdsSession session) => new SponsoredDisplay(session);

    protected override Task ArchiveAdGroupAsync(AdGroupId group) =>
        Shop.SendAsync(HttpMethod.Put, "/sd/adGroups", "application/json", Encoding.UTF8.GetBytes($$"""[{"adGroupId":{{group.Value}},"state":"archived"}]"""));

    protected override async Task<AdGroupId> MakeAdGroupAsync(CampaignId campaign, string name)
    {
        var answer = await Shop.SendAsync(HttpMethod.Post, "/sd/adGroups", "application/json", Encoding.UTF8.GetBytes($$"""[{"campaignId":{{campaign.Value}},"name":"{{name}}","defaultBid":0.5,"state":"enabled"}]"""));
        return new(answer.RootElement[0].GetProperty("adGroupId").GetInt64());
    }
}
