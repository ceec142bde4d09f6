using System.Globalization;
using System.Text;
using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Tests.Adapters;

public sealed class SponsoredBrandsV4Tests(AdShop shop) : AdAdapterCompliance(shop)
{
    private const string AdGroupType = "application/vnd.sbadgroupresource.v4+json";

    protected override string BidPath => "/sb/keywords";

    protected override string OutOfRange => "BID_OUT_OF_RANGE";

    protected override string Duplicate => "DUPLICATE_VALUE";

    protected override IReadOnlyList<MatchType> Rare => [MatchType.Brand];

    protected override IReadOnlyList<MatchType> Creatable => [MatchType.Exact, MatchType.Phrase, MatchType.Broad, MatchType.Product, MatchType.Category];

    private protected override IAdAdapter Make(AdsSession session) => new SponsoredBrandsV4(session);

    protected override Task ArchiveAdGroupAsync(AdGroupId group) =>
        Shop.SendAsync(HttpMethod.Post, "/sb/v4/adGroups/delete", AdGroupType, Encoding.UTF8.GetBytes($$$"""{"adGroupIdFilter":{"include":["{{{group.Value}}}"]}}"""));

    protected override async Task<AdGroupId> MakeAdGroupAsync(CampaignId campaign, string name)
    {
        var answer = await Shop.SendAsync(HttpMethod.Post, "/sb/v4/adGroups", AdGroupType, Encoding.UTF8.GetBytes($$$"""{"adGroups":[{"campaignId":"{{{campaign.Value}}}","name":"{{{name}}}","state":"ENABLED"}]}"""));
        return new(long.Parse(answer.RootElement.GetProperty("adGroups").GetProperty("success")[0].GetProperty("adGroupId").GetString()!, CultureInfo.InvariantCulture));
    }
}
