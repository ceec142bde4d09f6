using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class AdAccountTests
{
    private readonly AdAccount ads;
    private readonly string sku;
    private readonly long campaign;
    private readonly long group;
    private readonly long autoGroup;

    public AdAccountTests()
    {
        var world = new MarketWorld(7, new WorldSettings { Products = 1, HistoryDays = 0, NaiveCampaigns = false, HistoryEnd = new DateTimeOffset(2026, 6, 1, 7, 0, 0, TimeSpan.Zero) });
        (ads, sku) = (world.Ads, world.Stock()[0].Sku);
        campaign = Take(ads.Create(new CampaignDraft("Manual", TargetingType.Manual, EntityState.Enabled, 20m)));
        group = Take(ads.Create(new AdGroupDraft(campaign, "Group", 0.75m, EntityState.Enabled)));
        var auto = Take(ads.Create(new CampaignDraft("Auto", TargetingType.Auto, EntityState.Enabled, 20m)));
        autoGroup = Take(ads.Create(new AdGroupDraft(auto, "Group", 0.75m, EntityState.Enabled)));
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "bid too low", "biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE" },
        { "bid above budget", "biddingError", "BID_GT_BUDGET" },
        { "budget too low", "budgetError", "BUDGET_TOO_LOW" },
        { "new budget too low", "budgetError", "BUDGET_TOO_LOW" },
        { "new budget too high", "budgetError", "BUDGET_TOO_HIGH" },
        { "default bid too low", "biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE" },
        { "default bid above budget", "biddingError", "BID_GT_BUDGET" },
        { "campaign name of 129 characters", "malformedValueError", "TOO_LONG" },
        { "ad group name of 256 characters", "malformedValueError", "TOO_LONG" },
        { "blank name", "malformedValueError", "BLANK" },
        { "ad group name taken", "duplicateValueError", "NAME_NOT_UNIQUE" },
        { "sku twice", "duplicateValueError", "DUPLICATE_VALUE" },
        { "unknown campaign", "parentEntityError", "PARENT_ENTITY_NOT_FOUND" },
        { "ad group of another campaign", "parentEntityError", "PARENT_ENTITY_NOT_FOUND" },
        { "ad below archived", "parentEntityError", "PARENT_ENTITY_ARCHIVED" },
        { "product beside keywords", "targetingClauseSetupError", "TYPE_CONFLICT_IN_AD_GROUP" },
        { "product in auto campaign", "targetingClauseSetupError", "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN" },
        { "name taken", "duplicateValueError", "NAME_NOT_UNIQUE" },
        { "keyword twice", "duplicateValueError", "DUPLICATE_VALUE" },
        { "eleven words", "malformedValueError", "TOO_LONG" },
        { "five words negative phrase", "malformedValueError", "TOO_LONG" },
        { "no text", "missingValueError", "MISSING_VALUE" },
        { "unknown keyword", "entityNotFoundError", "ENTITY_NOT_FOUND" },
        { "keyword as target", "entityNotFoundError", "ENTITY_NOT_FOUND" },
        { "archived", "entityStateError", "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED" },
        { "archived parent", "entityStateError", "PARENT_ARCHIVED_FORBIDS_UPDATES" },
        { "archive auto clause", "entityStateError", "AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY" },
        { "keyword in auto campaign", "targetingClauseSetupError", "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN" },
        { "placement of 901 percent", "rangeError", "TOO_HIGH" },
        { "foreign sku", "productIdentifierError", "INVALID_SKU" },
        { "created below archived", "parentEntityError", "PARENT_ENTITY_ARCHIVED" },
        { "starts yesterday", "dateError", "START_DATE_EARLIER_THAN_TODAY" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public void Amazon_refuses(string what, string selector, string reason)
    {
        var keyword = Take(ads.Create(new KeywordDraft(campaign, group, "oak board", MatchType.Exact, EntityState.Enabled, 0.5m)));
        var result = what switch
        {
            "bid too low" => ads.Update(new TargetEdit(AdEntityKind.Keyword, keyword, Bid: 0.01m)),
            "bid above budget" => ads.Update(new TargetEdit(AdEntityKind.Keyword, keyword, Bid: 20.01m)),
            "budget too low" => ads.Update(new CampaignEdit(campaign, DailyBudget: 0.99m)),
            "new budget too low" => ads.Create(new CampaignDraft("Cheap", TargetingType.Manual, EntityState.Paused, 0.99m)),
            "new budget too high" => ads.Create(new CampaignDraft("Rich", TargetingType.Manual, EntityState.Paused, 1_000_001m)),
            "default bid too low" => ads.Create(new AdGroupDraft(campaign, "Low", 0.01m, EntityState.Enabled)),
            "default bid above budget" => ads.Create(new AdGroupDraft(campaign, "High", 20.01m, EntityState.Enabled)),
            "campaign name of 129 characters" => After(() => ads.Create(new CampaignDraft(new('n', 128), TargetingType.Manual, EntityState.Paused, 20m)), () => ads.Create(new CampaignDraft(new('n', 129), TargetingType.Manual, EntityState.Paused, 20m))),
            "ad group name of 256 characters" => After(() => ads.Create(new AdGroupDraft(campaign, new('g', 255), 0.5m, EntityState.Enabled)), () => ads.Create(new AdGroupDraft(campaign, new('g', 256), 0.5m, EntityState.Enabled))),
            "blank name" => ads.Create(new AdGroupDraft(campaign, " ", 0.5m, EntityState.Enabled)),
            "ad group name taken" => ads.Create(new AdGroupDraft(campaign, "group", 0.5m, EntityState.Enabled)),
            "sku twice" => After(() => ads.Create(new ProductAdDraft(campaign, group, sku, EntityState.Enabled)), () => ads.Create(new ProductAdDraft(campaign, group, sku, EntityState.Paused))),
            "unknown campaign" => ads.Create(new AdGroupDraft(12345, "Nowhere", 0.5m, EntityState.Enabled)),
            "ad group of another campaign" => ads.Create(new ProductAdDraft(campaign, autoGroup, sku, EntityState.Enabled)),
            "ad below archived" => After(() => ads.Archive(AdEntityKind.AdGroup, group), () => ads.Create(new ProductAdDraft(campaign, group, sku, EntityState.Enabled))),
            "product beside keywords" => ads.Create(new TargetDraft(campaign, group, MatchType.Product, "B0ANYTHING", EntityState.Enabled)),
            "product in auto campaign" => ads.Create(new TargetDraft(ads.AdGroup(autoGroup)!.CampaignId, autoGroup, MatchType.Product, "B0ANYTHING", EntityState.Enabled)),
            "name taken" => ads.Create(new CampaignDraft("manual", TargetingType.Manual, EntityState.Enabled, 20m)),
            "keyword twice" => ads.Create(new KeywordDraft(campaign, group, "Oak Board", MatchType.Exact, EntityState.Paused)),
            "eleven words" => ads.Create(new KeywordDraft(campaign, group, "a b c d e f g h i j k", MatchType.Broad, EntityState.Enabled)),
            "five words negative phrase" => ads.Create(new NegativeDraft(campaign, group, NegativeMatch.Phrase, "a b c d e", EntityState.Enabled)),
            "no text" => ads.Create(new KeywordDraft(campaign, group, null, MatchType.Broad, EntityState.Enabled)),
            "unknown keyword" => ads.Update(new TargetEdit(AdEntityKind.Keyword, 12345, Bid: 1m)),
            "keyword as target" => ads.Update(new TargetEdit(AdEntityKind.Target, keyword, Bid: 1m)),
            "archived" => After(() => ads.Archive(AdEntityKind.Keyword, keyword), () => ads.Update(new TargetEdit(AdEntityKind.Keyword, keyword, EntityState.Enabled))),
            "archived parent" => After(() => ads.Archive(AdEntityKind.AdGroup, group), () => ads.Update(new TargetEdit(AdEntityKind.Keyword, keyword, Bid: 1m))),
            "archive auto clause" => ads.Archive(AdEntityKind.Target, ads.Targets.First(target => target.AdGroupId == autoGroup).Id),
            "keyword in auto campaign" => ads.Create(new KeywordDraft(ads.AdGroup(autoGroup)!.CampaignId, autoGroup, "oak", MatchType.Broad, EntityState.Enabled)),
            "placement of 901 percent" => ads.Update(new CampaignEdit(campaign, TopOfSearchPercent: 901)),
            "foreign sku" => ads.Create(new ProductAdDraft(campaign, group, "NOT-MINE", EntityState.Enabled)),
            "created below archived" => After(() => ads.Archive(AdEntityKind.Campaign, campaign), () => ads.Create(new KeywordDraft(campaign, group, "elm", MatchType.Exact, EntityState.Enabled))),
            "starts yesterday" => ads.Create(new CampaignDraft("Late", TargetingType.Manual, EntityState.Enabled, 20m, StartDate: new DateOnly(2026, 5, 31))),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };

        var refused = Assert.IsType<Refused>(result);
        Assert.Equal((selector, reason), (refused.Selector, refused.Reason));
        Assert.Equal(reason, ads.Writes[^1].Reason);
        Assert.False(ads.Writes[^1].Accepted);
    }

    [Fact]
    public void An_automatic_ad_group_comes_with_four_clauses_at_its_default_bid()
    {
        var clauses = ads.Targets.Where(target => target.AdGroupId == autoGroup).ToList();

        Assert.Equal([MatchType.CloseMatch, MatchType.LooseMatch, MatchType.Substitutes, MatchType.Complements], clauses.Select(clause => clause.Match));
        Assert.All(clauses, clause => Assert.Equal(0.75m, ads.BidInForce(clause)));
    }

    [Fact]
    public void What_is_archived_may_be_created_again()
    {
        var first = Take(ads.Create(new NegativeDraft(campaign, group, NegativeMatch.Exact, "toy board", EntityState.Enabled)));
        Take(ads.Archive(AdEntityKind.NegativeKeyword, first));

        var second = Take(ads.Create(new NegativeDraft(campaign, group, NegativeMatch.Exact, "toy board", EntityState.Enabled)));

        Assert.NotEqual(first, second);
        Assert.Equal(EntityState.Archived, ads.Negative(first)!.State);
        Assert.Equal(WriteOperation.Archive, ads.Writes[^2].Operation);
    }

    [Fact]
    public void The_name_of_an_archived_campaign_is_free_and_one_name_stands_in_two_campaigns()
    {
        Take(ads.Archive(AdEntityKind.Campaign, campaign));

        var second = Take(ads.Create(new CampaignDraft("Manual", TargetingType.Manual, EntityState.Paused, 20m)));
        Take(ads.Create(new AdGroupDraft(second, "Group", 0.5m, EntityState.Enabled)));

        Assert.NotEqual(campaign, second);
        Assert.Equal([EntityState.Archived, EntityState.Paused], ads.Campaigns.Where(each => each.Name == "Manual").Select(each => each.State));
    }

    private static WriteResult After(Func<WriteResult> first, Func<WriteResult> then)
    {
        Take(first());
        return then();
    }

    private static long Take(WriteResult result) => Assert.IsType<Accepted>(result).Id;
}
