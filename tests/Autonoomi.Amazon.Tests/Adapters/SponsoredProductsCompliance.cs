using System.Text;
using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Tests.Adapters;

/// <summary>What both adapters of Sponsored Products must do beyond all others: make campaigns, ad groups and product ads, and find them again.</summary>
public abstract class SponsoredProductsCompliance(AdShop shop) : AdAdapterCompliance(shop)
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    protected override bool Creates => true;

    protected override bool HasCampaignNegatives => true;

    protected override IReadOnlyList<MatchType> Rare => [MatchType.Brand, MatchType.KeywordGroup, MatchType.Other];

    protected override IReadOnlyList<MatchType> Creatable => [MatchType.Exact, MatchType.Phrase, MatchType.Broad, MatchType.Product, MatchType.Category];

    /// <summary>Where campaigns (<c>campaigns</c>), ad groups (<c>adGroups</c>) and product ads (<c>ads</c>) are made.</summary>
    protected abstract string CreationPath(string kind);

    /// <summary>Amazon's code for a refusal, from the older API's reason.</summary>
    protected abstract string Code(string reason);

    // Through the older API: what one writes, the other sees.
    protected override Task ArchiveAdGroupAsync(AdGroupId group) =>
        Shop.SendAsync(HttpMethod.Post, "/sp/adGroups/delete", "application/vnd.spAdGroup.v3+json", Encoding.UTF8.GetBytes($$$"""{"adGroupIdFilter":{"include":["{{{group.Value}}}"]}}"""));

    protected override async Task<AdGroupId> MakeAdGroupAsync(CampaignId campaign, string name) => new(await MadeAsync(new CreateAdGroup(campaign, name, Usd(0.5m))));

    [Fact]
    public async Task A_launch_is_made_whole_within_a_paused_campaign()
    {
        var skus = (await Adapter.ProductAdsAsync(Ct)).Select(ad => ad.Sku).Distinct().Take(2).ToList();
        CreateCampaign manual = await CampaignAsync() with { Strategy = BiddingStrategy.UpAndDown, TopOfSearchPercent = 25, ProductPagesPercent = 900 };
        CreateCampaign auto = await CampaignAsync() with { Targeting = TargetingType.Auto, Strategy = BiddingStrategy.Fixed, RestOfSearchPercent = 1, Start = (await TodayAsync()).AddDays(3) };
        var campaigns = await MadeAsync([manual, auto]);
        List<CreateAdGroup> groups =
        [
            new(new(campaigns[0]), "Keywords", Usd(0.41m)), new(new(campaigns[0]), "Products", Usd(0.42m)), new(new(campaigns[1]), "Keywords", Usd(0.43m)),
        ];
        var made = (await MadeAsync([.. groups])).Select(id => new AdGroupId(id)).ToList();
        List<CreateProductAd> ads = [.. groups.Zip(made).SelectMany(pair => skus.Select(sku => new CreateProductAd(pair.First.Campaign, pair.Second, sku)))];
        var adIds = await MadeAsync([.. ads]);
        List<Change> within =
        [
            .. new[] { MatchType.Exact, MatchType.Phrase, MatchType.Broad }.Select(match => new CreateTarget(groups[0].Campaign, made[0], match, "oak board", Usd(0.61m))),
            new CreateTarget(groups[1].Campaign, made[1], MatchType.Product, "B0LAUNCHED", Usd(0.62m)),
            new CreateTarget(groups[1].Campaign, made[1], MatchType.Category, "1055000", Usd(0.63m)),
            new AddNegative(groups[0].Campaign, made[0], NegativeMatch.Phrase, "free"), new AddNegative(groups[2].Campaign, null, NegativeMatch.Exact, "used oak board"),
            new AddNegative(groups[2].Campaign, made[2], NegativeMatch.Product, "B0NOTTHIS1"), new AddNegative(groups[2].Campaign, null, NegativeMatch.Product, "B0NORTHAT1"),
        ];

        Assert.All(await Adapter.ObserveAsync(within, Ct), seen => Assert.Equal(Observation.Untouched, seen));
        Assert.All(within.Zip(await Adapter.ApplyAsync(within, Ct)), pair => Assert.True(pair.Second is { Kind: OutcomeKind.Accepted, CreatedId: > 0 }, $"{pair.First}: {pair.Second}"));
        Assert.All(await Adapter.ObserveAsync(within, Ct), seen => Assert.Equal(Observation.Done, seen));

        // What was made is what is read, by lists and by its key.
        Creation[] all = [manual, auto, .. groups, .. ads];
        Assert.Equal([.. campaigns.Concat(made.Select(id => id.Value)).Concat(adIds).Select(id => new Twin(id, null))], await Adapter.FindAsync(all, Ct));
        var read = await Adapter.CampaignsAsync(Ct);
        Assert.Equal(
            [new Campaign(new(campaigns[0]), manual.Name, TargetingType.Manual, EntityState.Paused, Usd(30m), BiddingStrategy.UpAndDown, 25, 0, 900), new Campaign(new(campaigns[1]), auto.Name, TargetingType.Auto, EntityState.Paused, Usd(30m), BiddingStrategy.Fixed, 0, 1, 0)],
            campaigns.Select(id => read.Single(campaign => campaign.Id.Value == id)));
        var readGroups = (await Adapter.AdGroupsAsync(Ct)).Where(group => made.Contains(group.Id)).ToList();
        Assert.Equal(groups.Zip(made).Select(pair => new AdGroup(pair.Second, pair.First.Campaign, pair.First.Name, EntityState.Enabled, pair.First.DefaultBid)), made.Select(id => readGroups.Single(group => group.Id == id)));
        Assert.Equal(adIds.Order(), (await Adapter.ProductAdsAsync(Ct)).Where(ad => made.Contains(ad.AdGroup) && ad.State == EntityState.Enabled && skus.Contains(ad.Sku)).Select(ad => ad.Id.Value).Order());
        var targets = (await Adapter.TargetsAsync(readGroups, Ct)).Where(target => made.Contains(target.AdGroup)).ToLookup(target => target.AdGroup);
        Assert.Equal([MatchType.Exact, MatchType.Phrase, MatchType.Broad], targets[made[0]].Select(target => target.Match).Order());
        Assert.Equal([(MatchType.Product, "B0LAUNCHED", Usd(0.62m)), (MatchType.Category, "1055000", Usd(0.63m))], targets[made[1]].Select(target => (target.Match, target.Text, target.Bid)).Order());
        Assert.Equal([MatchType.CloseMatch, MatchType.LooseMatch, MatchType.Substitutes, MatchType.Complements], targets[made[2]].Select(target => target.Match).Order());
        Assert.All(targets[made[2]], clause => Assert.Equal((Usd(0.43m), EntityState.Enabled), (clause.Bid, clause.State)));

        // An automatic campaign takes no targets of people's; what was made is enabled like any other.
        Assert.Equal(OutcomeKind.Refused, Assert.Single(await Adapter.ApplyAsync([new CreateTarget(groups[2].Campaign, made[2], MatchType.Exact, "oak board", Usd(0.5m))], Ct)).Kind);
        await AppliedAsync(new SetCampaignState(new(campaigns[0]), EntityState.Paused, EntityState.Enabled));
        Assert.Equal("it is enabled, not paused", Assert.Single(await Adapter.FindAsync([manual], Ct))!.Difference);
        await AppliedAsync(new SetCampaignState(new(campaigns[0]), EntityState.Enabled, EntityState.Paused));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Every_creation_is_judged_alone_and_says_what_is_wrong_with_it()
    {
        var sku = (await Adapter.ProductAdsAsync(Ct))[0].Sku;
        var home = await CampaignAsync();
        var (good, other) = (await CampaignAsync(), await CampaignAsync());
        var campaign = new CampaignId(await MadeAsync(home));
        var group = new AdGroupId(await MadeAsync(new CreateAdGroup(campaign, "Home", Usd(0.5m))));
        var archived = new AdGroupId(await MadeAsync(new CreateAdGroup(campaign, New("Gone"), Usd(0.5m))));
        await ArchiveAdGroupAsync(archived);
        await MadeAsync(new CreateProductAd(campaign, group, sku));
        (Creation Creation, string? Reason)[] cases =
        [
            (new CreateProductAd(campaign, group, new("NOT-MINE")), "INVALID_SKU"),
            (good, null),
            (home with { DailyBudget = Usd(31m) }, "NAME_NOT_UNIQUE"),
            (other with { Name = new('n', 129) }, "TOO_LONG"),
            (other with { Name = New("cheap"), DailyBudget = Usd(0.99m) }, "BUDGET_TOO_LOW"),
            (other with { Name = New("rich"), DailyBudget = Usd(1_000_001m) }, "BUDGET_TOO_HIGH"),
            (other with { Name = New("early"), Start = (await TodayAsync()).AddDays(-1) }, "START_DATE_EARLIER_THAN_TODAY"),
            (other with { Name = New("ruled"), Strategy = BiddingStrategy.RuleBased }, "NO_SUCH_OPERATION"),
            (other, null),
            (new CreateAdGroup(campaign, "home", Usd(0.5m)), "NAME_NOT_UNIQUE"),
            (new CreateAdGroup(campaign, new('g', 256), Usd(0.5m)), "TOO_LONG"),
            (new CreateAdGroup(campaign, "Low", Usd(0.01m)), "BID_OUT_OF_MARKET_PLACE_RANGE"),
            (new CreateAdGroup(campaign, "High", Usd(30.01m)), "BID_GT_BUDGET"),
            (new CreateAdGroup(new(987_654_321), "Nowhere", Usd(0.5m)), "PARENT_ENTITY_NOT_FOUND"),
            (new CreateAdGroup(campaign, "Good", Usd(0.5m)), null),
            (new CreateProductAd(campaign, group, sku), "DUPLICATE_VALUE"),
            (new CreateProductAd(campaign, new(987_654_321), sku), "PARENT_ENTITY_NOT_FOUND"),
            (new CreateProductAd(campaign, archived, sku), "PARENT_ENTITY_ARCHIVED"),
        ];

        var outcomes = await Adapter.CreateAsync([.. cases.Select(each => each.Creation)], Ct);

        Assert.All(cases.Zip(outcomes), pair => Assert.Equal(
            pair.First.Reason is { } reason ? (pair.First.Creation, OutcomeKind.Refused, reason == "NO_SUCH_OPERATION" ? reason : Code(reason), false) : (pair.First.Creation, OutcomeKind.Accepted, null, true),
            (pair.First.Creation, pair.Second.Kind, pair.Second.Code, pair.Second.CreatedId > 0)));
        var found = await Adapter.FindAsync([.. cases.Select(each => each.Creation)], Ct);
        Assert.All(cases.Zip(found), pair => Assert.Equal(pair.First.Reason is null or "NAME_NOT_UNIQUE" or "DUPLICATE_VALUE", pair.Second is not null));
        Assert.All(cases.Zip(outcomes, found), each => Assert.True(each.First.Reason is not null || each.Third == new Twin(each.Second.CreatedId!.Value, null), $"{each.First}: {each.Third}"));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task What_stands_under_a_taken_name_says_how_it_differs()
    {
        var sku = (await Adapter.ProductAdsAsync(Ct))[0].Sku;
        CreateCampaign campaign = await CampaignAsync() with { TopOfSearchPercent = 25 };
        var id = await MadeAsync(campaign);
        var group = new CreateAdGroup(new(id), "Group", Usd(0.5m));
        var groupId = await MadeAsync(group);
        var ad = new CreateProductAd(new(id), new(groupId), sku);
        var adId = await MadeAsync(ad);
        (Creation Wanted, Twin? Twin)[] cases =
        [
            (campaign, new(id, null)),
            (campaign with { Start = campaign.Start.AddDays(9) }, new(id, null)),
            (campaign with { DailyBudget = Usd(20.5m) }, new(id, "its daily budget is 30 USD, not 20.50 USD")),
            (campaign with { Targeting = TargetingType.Auto }, new(id, "its targeting is manual, not automatic")),
            (campaign with { Strategy = BiddingStrategy.Fixed, TopOfSearchPercent = 0, ProductPagesPercent = 5 },
                new(id, "its bidding strategy is dynamic bids, down only, not fixed bids; its increase for the top of search is 25 %, not 0 %; its increase for product pages is 0 %, not 5 %")),
            (campaign with { Name = campaign.Name.ToUpperInvariant() }, new(id, $"its name is written “{campaign.Name}”")),
            (campaign with { Name = campaign.Name + "0" }, null),
            (group, new(groupId, null)),
            (group with { DefaultBid = Usd(0.55m) }, new(groupId, "its default bid is 0.50 USD, not 0.55 USD")),
            (group with { Name = "GROUP" }, new(groupId, "its name is written “Group”")),
            (group with { Name = "Other" }, null),
            (group with { Campaign = new(987_654_321) }, null),
            (ad, new(adId, null)),
            (ad with { Sku = new("NOT-MINE") }, null),
            (ad with { AdGroup = new(987_654_321) }, null),
        ];

        Assert.Equal(cases.Select(each => each.Twin), await Adapter.FindAsync([.. cases.Select(each => each.Wanted)], Ct));

        // Amazon holds names that differ in case alone for the same.
        Assert.Equal((OutcomeKind.Refused, Code("NAME_NOT_UNIQUE")), Assert.Single(await Adapter.CreateAsync([cases[5].Wanted], Ct)) is var same ? (same.Kind, same.Code) : default);
        await Shop.SendAsync(HttpMethod.Put, "/sp/productAds", "application/vnd.spProductAd.v3+json", Encoding.UTF8.GetBytes($$"""{"productAds":[{"adId":"{{adId}}","state":"PAUSED"}]}"""));
        await AppliedAsync(new SetAdGroupState(new(id), new(groupId), EntityState.Enabled, EntityState.Paused));
        Assert.Equal([new Twin(groupId, "it is paused, not enabled"), new Twin(adId, "it is paused, not enabled")], await Adapter.FindAsync([group, ad], Ct));

        // What is archived is not found, and its name is free.
        await ArchiveAdGroupAsync(new(groupId));
        Assert.Equal([null], await Adapter.FindAsync([group], Ct));
        var second = await MadeAsync(group);
        Assert.NotEqual(groupId, second);
        Assert.Equal([new Twin(second, null)], await Adapter.FindAsync([group], Ct));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Theory]
    [InlineData("campaigns")]
    [InlineData("adGroups")]
    [InlineData("ads")]
    public async Task After_a_throttled_or_lost_answer_looking_tells_what_was_made(string kind)
    {
        var campaign = new CampaignId(await MadeAsync(await CampaignAsync()));
        var sku = (await Adapter.ProductAdsAsync(Ct))[0].Sku;
        var path = CreationPath(kind);

        await StruckAsync("throttledItems", OutcomeKind.Accepted, OutcomeKind.Retryable, secondIsThere: false);
        await StruckAsync("silentItems", OutcomeKind.Accepted, OutcomeKind.Unknown, secondIsThere: true);
        await StruckAsync("lostAnswer", OutcomeKind.Unknown, OutcomeKind.Unknown, secondIsThere: true);
        await StruckAsync("throttledButAccepted", OutcomeKind.Retryable, OutcomeKind.Retryable, secondIsThere: true);
        foreach (var (fault, outcome) in new[] { ("throttle", OutcomeKind.Retryable), ("throttleHtml", OutcomeKind.Retryable), ("error", OutcomeKind.Unknown), ("html", OutcomeKind.Unknown) })
        {
            var pair = await PairAsync();
            await Shop.StrikeAsync(fault, path, "POST", fault == "error" ? 500 : 503);
            var before = await Shop.WritesAsync();
            Assert.Equal([outcome, outcome], (await Adapter.CreateAsync(pair, Ct)).Select(each => each.Kind));
            Assert.Equal(before, await Shop.WritesAsync());
            Assert.Equal([null, null], await Adapter.FindAsync(pair, Ct));
        }

        await NothingBrokeTheSpecificationsAsync();

        async Task StruckAsync(string fault, OutcomeKind first, OutcomeKind second, bool secondIsThere)
        {
            var pair = await PairAsync();
            await Shop.StrikeAsync(fault, path, "POST");
            Assert.Equal([first, second], (await Adapter.CreateAsync(pair, Ct)).Select(outcome => outcome.Kind));
            var found = await Adapter.FindAsync(pair, Ct);
            Assert.Equal([true, secondIsThere], found.Select(twin => twin is { Id: > 0, Difference: null }));

            // Once more: what is there already is refused, and what is not is made.
            Assert.Equal([OutcomeKind.Refused, secondIsThere ? OutcomeKind.Refused : OutcomeKind.Accepted], (await Adapter.CreateAsync(pair, Ct)).Select(outcome => outcome.Kind));
        }

        async Task<IReadOnlyList<Creation>> PairAsync() => kind switch
        {
            "campaigns" => [await CampaignAsync(), await CampaignAsync()],
            "adGroups" => [new CreateAdGroup(campaign, New("One"), Usd(0.5m)), new CreateAdGroup(campaign, New("Two"), Usd(0.5m))],
            _ => [.. (await MadeAsync([new CreateAdGroup(campaign, New("One"), Usd(0.5m)), new CreateAdGroup(campaign, New("Two"), Usd(0.5m))])).Select(id => new CreateProductAd(campaign, new(id), sku))],
        };
    }

    private protected Money Usd(decimal amount) => new(amount, Shop.Session.Marketplace.Currency);

    private async Task<CreateCampaign> CampaignAsync() => new(New("Launch"), TargetingType.Manual, Usd(30m), BiddingStrategy.DownOnly, await TodayAsync());

    private async Task<long> MadeAsync(Creation creation) => Assert.Single(await MadeAsync([creation]));

    private async Task<IReadOnlyList<long>> MadeAsync(IReadOnlyList<Creation> creations)
    {
        var outcomes = await Adapter.CreateAsync(creations, Ct);
        Assert.All(creations.Zip(outcomes), pair => Assert.True(pair.Second is { Kind: OutcomeKind.Accepted, CreatedId: > 0 }, $"{pair.First}: {pair.Second}"));
        return [.. outcomes.Select(outcome => outcome.CreatedId!.Value)];
    }

    private async Task AppliedAsync(Change change)
    {
        Assert.Equal(OutcomeKind.Accepted, Assert.Single(await Adapter.ApplyAsync([change], Ct)).Kind);
        Assert.Equal(Observation.Done, Assert.Single(await Adapter.ObserveAsync([change], Ct)));
    }
}
