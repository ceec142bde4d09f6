using System.Globalization;
using System.Text;
using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Tests.Adapters;

public sealed class SponsoredProductsV3Tests(AdShop shop) : AdAdapterCompliance(shop)
{
    protected override string BidPath => "/sp/keywords";

    protected override string OutOfRange => "BID_OUT_OF_MARKET_PLACE_RANGE";

    protected override string Duplicate => "DUPLICATE_VALUE";

    protected override bool HasCampaignNegatives => true;

    protected override IReadOnlyList<MatchType> Rare => [MatchType.Brand, MatchType.KeywordGroup, MatchType.Other];

    protected override IReadOnlyList<MatchType> Creatable => [MatchType.Exact, MatchType.Phrase, MatchType.Broad, MatchType.Product, MatchType.Category];

    private protected override IAdAdapter Make(AdsSession session) => new SponsoredProductsV3(session);

    protected override Task ArchiveAdGroupAsync(AdGroupId group) =>
        Shop.SendAsync(HttpMethod.Post, "/sp/adGroups/delete", "application/vnd.spAdGroup.v3+json", Encoding.UTF8.GetBytes($$$"""{"adGroupIdFilter":{"include":["{{{group.Value}}}"]}}"""));

    protected override async Task<AdGroupId> MakeAdGroupAsync(CampaignId campaign, string name)
    {
        var answer = await Shop.SendAsync(HttpMethod.Post, "/sp/adGroups", "application/vnd.spAdGroup.v3+json",
            Encoding.UTF8.GetBytes($$$"""{"adGroups":[{"campaignId":"{{{campaign.Value}}}","name":"{{{name}}}","defaultBid":0.5,"state":"ENABLED"}]}"""));
        return new(long.Parse(answer.RootElement.GetProperty("adGroups").GetProperty("success")[0].GetProperty("adGroupId").GetString()!, CultureInfo.InvariantCulture));
    }
}
