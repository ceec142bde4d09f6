using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Ads.V1;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Tests.Adapters.V1;

/// <summary>Adapter B on Sponsored Products: the same suite as adapter A, and the two side by side on one account.</summary>
public sealed class UnifiedSponsoredProductsTests(AdShop shop) : SponsoredProductsCompliance(shop)
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    protected override string BidPath => "/adsApi/v1/update/targets";

    protected override string BidMethod => "POST";

    protected override string OutOfRange => "FIELD_VALUE_IS_OUT_OF_RANGE";

    protected override string Duplicate => "DUPLICATE_FIELD_VALUE_FOUND";

    protected override string CreationPath(string kind) => $"/adsApi/v1/create/{kind}";

    protected override string Code(string reason) => reason switch
    {
        "NAME_NOT_UNIQUE" or "DUPLICATE_VALUE" => "DUPLICATE_FIELD_VALUE_FOUND",
        "INVALID_SKU" => "FIELD_VALUE_NOT_FOUND",
        "TOO_LONG" => "FIELD_SIZE_IS_ABOVE_MAXIMUM_LIMIT",
        "BUDGET_TOO_LOW" => "FIELD_VALUE_IS_BELOW_MINIMUM_LIMIT",
        "BUDGET_TOO_HIGH" or "BID_GT_BUDGET" => "FIELD_VALUE_IS_ABOVE_MAXIMUM_LIMIT",
        "BID_OUT_OF_MARKET_PLACE_RANGE" => "FIELD_VALUE_IS_OUT_OF_RANGE",
        "START_DATE_EARLIER_THAN_TODAY" => "DATE_CANNOT_BE_IN_PAST",
        "PARENT_ENTITY_NOT_FOUND" => "RESOURCE_ID_NOT_FOUND",
        "PARENT_ENTITY_ARCHIVED" => "ARCHIVED_PARENT_CANNOT_CREATE",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Teach the test."),
    };

    private protected override IAdAdapter Make(AdsSession session) => new UnifiedV1(session, AdProduct.SponsoredProducts);

    [Fact]
    public async Task Both_adapters_see_the_same_account_entity_by_entity()
    {
        var older = new SponsoredProductsV3(Shop.Session);
        var groups = await older.AdGroupsAsync(Ct);

        Assert.Equal(Sorted(await older.CampaignsAsync(Ct), item => item.Id.Value), Sorted(await Adapter.CampaignsAsync(Ct), item => item.Id.Value));
        Assert.Equal(Sorted(groups, item => item.Id.Value), Sorted(await Adapter.AdGroupsAsync(Ct), item => item.Id.Value));
        Assert.Equal(Sorted(await older.ProductAdsAsync(Ct), item => item.Id.Value), Sorted(await Adapter.ProductAdsAsync(Ct), item => item.Id.Value));
        Assert.Equal(Sorted(await older.TargetsAsync(groups, Ct), item => item.Id.Value), Sorted(await Adapter.TargetsAsync(groups, Ct), item => item.Id.Value));
        Assert.Equal(Sorted(await older.NegativesAsync(Ct), item => item.Id.Value), Sorted(await Adapter.NegativesAsync(Ct), item => item.Id.Value));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Each_adapter_sees_what_the_other_wrote()
    {
        IAdAdapter older = new SponsoredProductsV3(Shop.Session);
        foreach (var (writer, reader) in new[] { (older, Adapter), (Adapter, older) })
        {
            var campaign = (await reader.CampaignsAsync(Ct)).First(each => each.Targeting == TargetingType.Manual && each.State == EntityState.Enabled);
            var groups = await reader.AdGroupsAsync(Ct);
            var target = (await reader.TargetsAsync(groups, Ct)).First(each => each.Campaign == campaign.Id && each.Kind == TargetKind.Keyword && each.State == EntityState.Enabled);
            var auto = (await reader.TargetsAsync(groups, Ct)).First(each => each.Kind == TargetKind.Auto && each.State == EntityState.Enabled);
            List<Change> changes =
            [
                Bid(target, target.Bid.Amount + 0.11m), Bid(auto, auto.Bid.Amount + 0.05m), State(auto, EntityState.Paused),
                Of(new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget with { Amount = campaign.DailyBudget.Amount + 3m })),
                Of(new SetPlacement(campaign.Id, Placement.RestOfSearch, campaign.RestOfSearchPercent, campaign.RestOfSearchPercent + 5)),
                Creation(groups.First(each => each.Id == target.AdGroup), MatchType.Phrase, New("seen by the other")),
                Of(new AddNegative(campaign.Id, target.AdGroup, NegativeMatch.Exact, New("not seen by anybody"))),
                Of(new AddNegative(campaign.Id, null, NegativeMatch.Product, $"B0OTHER{(writer == older ? "OLD" : "NEW")}")),
            ];

            Assert.All(await reader.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Untouched, seen));
            Assert.All(await writer.ApplyAsync(changes, Ct), outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
            Assert.All(changes.Zip(await reader.ObserveAsync(changes, Ct)), pair => Assert.True(pair.Second == Observation.Done, $"{pair.First}: {pair.Second}"));
        }

        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public void An_index_in_no_list_and_one_in_the_list_of_partial_successes_are_unknown()
    {
        var body = """
            {"success":[{"index":2,"target":{"targetId":"77"}}],"partialSuccess":[{"index":1,"target":{"targetId":"78"}}],
             "error":[{"index":3,"errors":[{"code":"INTERNAL_ERROR","message":"later"}]},{"index":99,"errors":[]}]}
            """u8.ToArray();

        var outcomes = UnifiedV1.Outcomes(body, "target", 4);

        Assert.Equal([OutcomeKind.Unknown, OutcomeKind.Unknown, OutcomeKind.Accepted, OutcomeKind.Retryable], outcomes.Select(outcome => outcome.Kind));
        Assert.Equal(77, outcomes[2].CreatedId);
        Assert.All(UnifiedV1.Outcomes("<html>"u8.ToArray(), "target", 2), outcome => Assert.Equal(OutcomeKind.Unknown, outcome.Kind));
    }

    [Theory]
    [InlineData("A1F83G8C2ARO7P", "GB")]
    [InlineData("A1PA6795UKMFR9", "DE")]
    [InlineData("ATVPDKIKX0DER", "US")]
    public void The_unified_model_calls_the_United_Kingdom_GB(string marketplace, string country) => Assert.Equal(country, UnifiedWords.Country(Marketplace.Find(marketplace)));

    private static List<T> Sorted<T>(IEnumerable<T> items, Func<T, long> id) => [.. items.OrderBy(id)];
}
