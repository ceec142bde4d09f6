using System.Globalization;
using System.Text;
using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Tests.Adapters;

public sealed class SponsoredBrandsV4Tests(AdShop shop) : AdAdapterCompliance(shop)
{
    private const string AdGroupType = "application/vnd.sbadgroupresource.v4+json";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

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

    [Fact]
    public async Task An_ad_stands_for_every_product_that_it_shows()
    {
        var listed = await Shop.SendAsync(HttpMethod.Post, "/sb/v4/ads/list", "application/vnd.sbadresource.v4+json", "{}"u8.ToArray());
        var shown = listed.RootElement.GetProperty("ads").EnumerateArray().Where(ad => ad.GetProperty("state").GetString() != "ARCHIVED")
            .ToDictionary(ad => long.Parse(ad.GetProperty("adId").GetString()!, CultureInfo.InvariantCulture), ad => ad.GetProperty("creative").GetProperty("asins").EnumerateArray().Select(asin => asin.GetString()!).ToArray());
        Assert.Contains(shown.Values, asins => asins.Length > 1);

        var ads = (await new SponsoredBrandsV4(Shop.Session).ProductAdsAsync(Ct)).ToLookup(ad => ad.Id.Value, ad => ad.Asin.Value);

        Assert.Equal(shown.Keys.Order(), ads.Select(ad => ad.Key).Order());
        Assert.All(shown, ad => Assert.Equal(ad.Value, ads[ad.Key]));
    }

    [Fact]
    public async Task A_hundred_products_are_a_hundred_and_one_that_is_named_twice_is_one()
    {
        var asins = Enumerable.Range(0, 100).Select(number => $"B0{number:00000000}").ToArray();
        await using var stub = await StubAmazon.StartAsync();
        stub.On("POST /sb/v4/ads/list", $$$"""
            {"ads":[{"adId":"1","campaignId":"2","adGroupId":"3","state":"ENABLED","creative":{"asins":["{{{string.Join("\",\"", asins.Append(asins[0]))}}}"]}},
                    {"adId":"4","campaignId":"2","adGroupId":"3","state":"PAUSED","creative":{"asins":[]},"landingPage":{"asins":["B0LANDED01","B0LANDED02"]}},
                    {"adId":"5","campaignId":"2","adGroupId":"3","state":"PAUSED","creative":{}}]}
            """);
        await using var clients = new Clients(stub.Address);

        var ads = await new SponsoredBrandsV4(clients.Session(Clients.AdsGrant, new StorefrontId(3501), Clients.Us)).ProductAdsAsync(Ct);

        Assert.Equal([.. asins, "B0LANDED01", "B0LANDED02", ""], ads.Select(ad => ad.Asin.Value));
        Assert.Equal([.. Enumerable.Repeat(1L, 100), 4, 4, 5], ads.Select(ad => ad.Id.Value));
    }
}
