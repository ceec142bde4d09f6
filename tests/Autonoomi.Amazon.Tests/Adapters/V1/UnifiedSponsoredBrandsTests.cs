using System.Globalization;
using System.Text;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Ads.V1;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Tests.Adapters.V1;

/// <summary>Adapter B on Sponsored Brands: the same suite as adapter A, and the two side by side on one account.</summary>
public sealed class UnifiedSponsoredBrandsTests(AdShop shop) : AdAdapterCompliance(shop)
{
    private const string AdGroupType = "application/vnd.sbadgroupresource.v4+json";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    protected override string BidPath => "/adsApi/v1/update/targets";

    protected override string BidMethod => "POST";

    protected override string OutOfRange => "FIELD_VALUE_IS_OUT_OF_RANGE";

    protected override string Duplicate => "DUPLICATE_FIELD_VALUE_FOUND";

    protected override IReadOnlyList<MatchType> Rare => [MatchType.Brand];

    protected override IReadOnlyList<MatchType> Creatable => [MatchType.Exact, MatchType.Phrase, MatchType.Broad, MatchType.Product, MatchType.Category];

    private protected override IAdAdapter Make(AdsSession session) => new UnifiedV1(session, AdProduct.SponsoredBrands);

    protected override Task ArchiveAdGroupAsync(AdGroupId group) =>
        Shop.SendAsync(HttpMethod.Post, "/sb/v4/adGroups/delete", AdGroupType, Encoding.UTF8.GetBytes($$$"""{"adGroupIdFilter":{"include":["{{{group.Value}}}"]}}"""));

    protected override async Task<AdGroupId> MakeAdGroupAsync(CampaignId campaign, string name)
    {
        var answer = await Shop.SendAsync(HttpMethod.Post, "/sb/v4/adGroups", AdGroupType, Encoding.UTF8.GetBytes($$$"""{"adGroups":[{"campaignId":"{{{campaign.Value}}}","name":"{{{name}}}","state":"ENABLED"}]}"""));
        return new(long.Parse(answer.RootElement.GetProperty("adGroups").GetProperty("success")[0].GetProperty("adGroupId").GetString()!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Both_adapters_see_the_same_account_and_each_others_writes()
    {
        var older = new SponsoredBrandsV4(Shop.Session);
        foreach (var (writer, reader) in new[] { ((IAdAdapter)older, Adapter), (Adapter, older) })
        {
            var groups = await reader.AdGroupsAsync(Ct);
            Assert.Equal(Sorted(await older.CampaignsAsync(Ct), item => item.Id.Value), Sorted(await Adapter.CampaignsAsync(Ct), item => item.Id.Value));
            Assert.Equal(Sorted(await older.AdGroupsAsync(Ct), item => item.Id.Value), Sorted(await Adapter.AdGroupsAsync(Ct), item => item.Id.Value));
            Assert.Equal(Sorted(await older.ProductAdsAsync(Ct), item => item.Id.Value), Sorted(await Adapter.ProductAdsAsync(Ct), item => item.Id.Value));
            Assert.Equal(Sorted(await older.TargetsAsync(groups, Ct), item => item.Id.Value), Sorted(await Adapter.TargetsAsync(groups, Ct), item => item.Id.Value));
            Assert.Equal(Sorted(await older.NegativesAsync(Ct), item => item.Id.Value), Sorted(await Adapter.NegativesAsync(Ct), item => item.Id.Value));

            var campaign = (await reader.CampaignsAsync(Ct)).First(each => each.State == EntityState.Enabled && each.Strategy == BiddingStrategy.Fixed);
            var target = (await reader.TargetsAsync(groups, Ct)).First(each => each.Campaign == campaign.Id && each.Kind == TargetKind.Keyword && each.State == EntityState.Enabled);
            List<Change> changes =
            [
                Bid(target, target.Bid.Amount + 0.11m),
                Of(new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget with { Amount = campaign.DailyBudget.Amount + 3m })),
                Of(new SetPlacement(campaign.Id, Placement.RestOfSearch, campaign.RestOfSearchPercent, campaign.RestOfSearchPercent + 5)),
                Creation(groups.First(each => each.Id == target.AdGroup), MatchType.Phrase, New("seen by the other")),
                Of(new AddNegative(campaign.Id, target.AdGroup, NegativeMatch.Exact, New("not seen by anybody"))),
            ];
            Assert.All(await reader.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Untouched, seen));
            Assert.All(await writer.ApplyAsync(changes, Ct), outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
            Assert.All(changes.Zip(await reader.ObserveAsync(changes, Ct)), pair => Assert.True(pair.Second == Observation.Done, $"{pair.First}: {pair.Second}"));
        }

        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Where_Amazon_places_the_bids_itself_placements_are_left_alone()
    {
        var automatic = (await Adapter.CampaignsAsync(Ct)).First(campaign => campaign.Strategy != BiddingStrategy.Fixed);

        var outcome = Assert.Single(await Adapter.ApplyAsync([Of(new SetPlacement(automatic.Id, Placement.TopOfSearch, 0, 20))], Ct));

        Assert.Equal((OutcomeKind.Refused, "AUTOMATED_BIDDING"), (outcome.Kind, outcome.Code));
    }

    private static List<T> Sorted<T>(IEnumerable<T> items, Func<T, long> id) => [.. items.OrderBy(id)];
}
