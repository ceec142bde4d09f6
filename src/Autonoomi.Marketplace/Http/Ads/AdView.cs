using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.Http.Ads.Services;
using Autonoomi.Marketplace.World;
using CoreMatch = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>One entity as lists filter it and bodies show it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Campaign">Its campaign, or itself.</param>
/// <param name="AdGroup">Its ad group, itself, or null.</param>
/// <param name="State">As it stands.</param>
/// <param name="Text">Name, keyword or ASIN: what text filters look at.</param>
/// <param name="Match">Match type or expression type on the wire, where it has one.</param>
/// <param name="Body">The entity without extended data.</param>
/// <param name="Serving">Serving status.</param>
/// <param name="CreatedAt">World time.</param>
/// <param name="UpdatedAt">World time.</param>
internal sealed record AdView(
    long Id, WorldCampaign Campaign, WorldAdGroup? AdGroup, EntityState State, string Text, string? Match, Func<JsonObject> Body, string Serving,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public JsonObject Show(bool extended)
    {
        var body = Body();
        if (extended)
            body["extendedData"] = new JsonObject { ["creationDateTime"] = Instant(CreatedAt), ["lastUpdateDateTime"] = Instant(UpdatedAt), ["servingStatus"] = Serving };
        return body;
    }

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Id2(long id) => id.ToString(CultureInfo.InvariantCulture);

    public static string StateWord(EntityState state) => state switch { EntityState.Enabled => "ENABLED", EntityState.Paused => "PAUSED", EntityState.Archived => "ARCHIVED" };
}

/// <summary>The account's entities on the wire.</summary>
internal static class AdViews
{
    public static IEnumerable<AdView> All(MarketWorld world, ClauseBook clauses, AdEntityKind kind) => kind switch
    {
        AdEntityKind.Campaign => world.Ads.Campaigns.Select(each => Campaign(world, each)),
        AdEntityKind.AdGroup => world.Ads.AdGroups.Select(each => AdGroup(world, each)),
        AdEntityKind.ProductAd => world.Ads.ProductAds.Select(each => ProductAd(world, each)),
        AdEntityKind.Keyword => world.Ads.Targets.Where(each => each.Kind == TargetKind.Keyword).Select(each => Keyword(world, each)),
        AdEntityKind.Target => world.Ads.Targets.Where(each => each.Kind != TargetKind.Keyword).Concat(clauses.Targets).Select(each => Target(world, each)),
        _ => world.Ads.Negatives.Concat(clauses.Negatives).Where(each => IsClause(each) ? kind == (each.AdGroupId is null ? AdEntityKind.CampaignNegativeTarget : AdEntityKind.NegativeTarget) : each.Kind == kind).Select(each => Negative(world, each)),
    };

    private static bool IsClause(WorldNegative negative) => negative.Match is NegativeMatch.Product or NegativeMatch.Brand;

    public static AdView One(MarketWorld world, ClauseBook clauses, AdEntityKind kind, long id) => kind switch
    {
        AdEntityKind.Campaign => Campaign(world, world.Ads.Campaign(id)!),
        AdEntityKind.AdGroup => AdGroup(world, world.Ads.AdGroup(id)!),
        AdEntityKind.ProductAd => ProductAd(world, world.Ads.ProductAd(id)!),
        AdEntityKind.Keyword => Keyword(world, world.Ads.Target(id)!),
        AdEntityKind.Target => Target(world, clauses.Target(id) ?? world.Ads.Target(id)!),
        _ => Negative(world, clauses.Negative(id) ?? world.Ads.Negative(id)!),
    };

    /// <returns>The wire's word for an expression.</returns>
    public static string ExpressionType(CoreMatch match) => match switch
    {
        CoreMatch.Product => "ASIN_SAME_AS",
        CoreMatch.Category => "ASIN_CATEGORY_SAME_AS",
        CoreMatch.CloseMatch => "QUERY_HIGH_REL_MATCHES",
        CoreMatch.LooseMatch => "QUERY_BROAD_REL_MATCHES",
        CoreMatch.Substitutes => "ASIN_SUBSTITUTE_RELATED",
        CoreMatch.Complements => "ASIN_ACCESSORY_RELATED",
        CoreMatch.Brand => "ASIN_BRAND_SAME_AS",
        CoreMatch.KeywordGroup => "KEYWORD_GROUP_SAME_AS",
        CoreMatch.Other => ClauseBook.Genre,
        CoreMatch.ContentCategory => throw new ArgumentOutOfRangeException(nameof(match), match, "Sponsored Products has no content categories."),
        CoreMatch.Exact or CoreMatch.Phrase or CoreMatch.Broad => throw new ArgumentOutOfRangeException(nameof(match), match, "A keyword has no expression."),
    };

    private static AdView Campaign(MarketWorld world, WorldCampaign campaign) => new(
        campaign.Id, campaign, null, campaign.State, campaign.Name, null, () => CampaignBody(world, campaign), Serving(world, campaign), campaign.CreatedAt, campaign.UpdatedAt);

    private static JsonObject CampaignBody(MarketWorld world, WorldCampaign campaign)
    {
        var placements = new JsonArray();
        foreach (var (name, placement) in new[] { ("PLACEMENT_TOP", Placement.TopOfSearch), ("PLACEMENT_REST_OF_SEARCH", Placement.RestOfSearch), ("PLACEMENT_PRODUCT_PAGE", Placement.ProductPages) })
            if (campaign.PercentAt(placement) > 0) placements.Add(new JsonObject { ["placement"] = name, ["percentage"] = campaign.PercentAt(placement) });

        var body = new JsonObject
        {
            ["campaignId"] = AdView.Id2(campaign.Id),
            ["name"] = campaign.Name,
            ["targetingType"] = campaign.Targeting == TargetingType.Auto ? "AUTO" : "MANUAL",
            ["state"] = AdView.StateWord(campaign.State),
            ["startDate"] = campaign.StartDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["budget"] = new JsonObject { ["budget"] = campaign.DailyBudget, ["budgetType"] = "DAILY" },
            ["dynamicBidding"] = new JsonObject
            {
                ["strategy"] = campaign.Strategy switch
                {
                    BiddingStrategy.DownOnly => "LEGACY_FOR_SALES",
                    BiddingStrategy.UpAndDown => "AUTO_FOR_SALES",
                    BiddingStrategy.Fixed => "MANUAL",
                    BiddingStrategy.RuleBased => "RULE_BASED",
                },
                ["placementBidding"] = placements,
            },
        };
        if (campaign.EndDate is { } end) body["endDate"] = end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (PortfolioBook.Of(world, campaign) is { } portfolio) body["portfolioId"] = AdView.Id2(portfolio);
        return body;
    }

    private static AdView AdGroup(MarketWorld world, WorldAdGroup group)
    {
        var campaign = world.Ads.Campaign(group.CampaignId)!;
        return new(group.Id, campaign, group, group.State, group.Name, null, () => new JsonObject
        {
            ["adGroupId"] = AdView.Id2(group.Id), ["campaignId"] = AdView.Id2(group.CampaignId), ["name"] = group.Name, ["defaultBid"] = group.DefaultBid,
            ["state"] = AdView.StateWord(group.State),
        }, Serving("AD_GROUP", "AD_GROUP_STATUS_ENABLED", group.State, Parent(world, campaign)), group.CreatedAt, group.UpdatedAt);
    }

    private static AdView ProductAd(MarketWorld world, WorldProductAd ad)
    {
        var campaign = world.Ads.Campaign(ad.CampaignId)!;
        var group = world.Ads.AdGroup(ad.AdGroupId)!;
        return new(ad.Id, campaign, group, ad.State, ad.Asin, null, () => new JsonObject
        {
            ["adId"] = AdView.Id2(ad.Id), ["campaignId"] = AdView.Id2(ad.CampaignId), ["adGroupId"] = AdView.Id2(ad.AdGroupId), ["sku"] = ad.Sku, ["asin"] = ad.Asin,
            ["state"] = AdView.StateWord(ad.State),
        }, Serving("AD", "AD_STATUS_LIVE", ad.State, Parent(world, campaign, group)), ad.CreatedAt, ad.UpdatedAt);
    }

    private static AdView Keyword(MarketWorld world, WorldTarget keyword)
    {
        var campaign = world.Ads.Campaign(keyword.CampaignId)!;
        var group = world.Ads.AdGroup(keyword.AdGroupId)!;
        var match = keyword.Match.ToString().ToUpperInvariant();
        return new(keyword.Id, campaign, group, keyword.State, keyword.Text, match, () =>
        {
            var body = new JsonObject
            {
                ["keywordId"] = AdView.Id2(keyword.Id), ["campaignId"] = AdView.Id2(keyword.CampaignId), ["adGroupId"] = AdView.Id2(keyword.AdGroupId),
                ["keywordText"] = keyword.Text, ["matchType"] = match, ["state"] = AdView.StateWord(keyword.State),
            };
            if (keyword.Bid is { } bid) body["bid"] = bid;
            return body;
        }, Serving("TARGETING_CLAUSE", "TARGETING_CLAUSE_STATUS_LIVE", keyword.State, Parent(world, campaign, group)), keyword.CreatedAt, keyword.UpdatedAt);
    }

    private static AdView Target(MarketWorld world, WorldTarget target)
    {
        var campaign = world.Ads.Campaign(target.CampaignId)!;
        var group = world.Ads.AdGroup(target.AdGroupId)!;
        var kind = target.Kind == TargetKind.Auto ? "AUTO" : "MANUAL";
        return new(target.Id, campaign, group, target.State, target.Text, kind, () =>
        {
            var body = new JsonObject
            {
                ["targetId"] = AdView.Id2(target.Id), ["campaignId"] = AdView.Id2(target.CampaignId), ["adGroupId"] = AdView.Id2(target.AdGroupId),
                ["expression"] = Expression(ExpressionType(target.Match), target.Text), ["resolvedExpression"] = Expression(ExpressionType(target.Match), target.Text),
                ["expressionType"] = kind, ["state"] = AdView.StateWord(target.State),
            };
            if (target.Bid is { } bid) body["bid"] = bid;
            return body;
        }, Serving("TARGETING_CLAUSE", "TARGETING_CLAUSE_STATUS_LIVE", target.State, Parent(world, campaign, group)), target.CreatedAt, target.UpdatedAt);
    }

    private static AdView Negative(MarketWorld world, WorldNegative negative)
    {
        var campaign = world.Ads.Campaign(negative.CampaignId)!;
        var group = negative.AdGroupId is { } id ? world.Ads.AdGroup(id) : null;
        var match = negative.Match switch { NegativeMatch.Exact => "NEGATIVE_EXACT", NegativeMatch.Phrase => "NEGATIVE_PHRASE", _ => null };
        var type = negative.Match == NegativeMatch.Brand ? "ASIN_BRAND_SAME_AS" : "ASIN_SAME_AS";
        return new(negative.Id, campaign, group, negative.State, negative.Text, match, () =>
        {
            var body = new JsonObject { [match is null ? "targetId" : "keywordId"] = AdView.Id2(negative.Id), ["campaignId"] = AdView.Id2(negative.CampaignId) };
            if (negative.AdGroupId is { } group2) body["adGroupId"] = AdView.Id2(group2);
            if (match is null)
            {
                body["expression"] = Expression(type, negative.Text);
                body["resolvedExpression"] = Expression(type, negative.Text);
            }
            else
            {
                body["keywordText"] = negative.Text;
                body["matchType"] = match;
            }

            body["state"] = AdView.StateWord(negative.State);
            return body;
        }, Serving("TARGETING_CLAUSE", "TARGETING_CLAUSE_STATUS_LIVE", negative.State, group is null ? Parent(world, campaign) : Parent(world, campaign, group)), negative.CreatedAt, negative.UpdatedAt);
    }

    private static JsonArray Expression(string type, string value)
    {
        var predicate = new JsonObject { ["type"] = type };
        if (value.Length > 0) predicate["value"] = value;
        return [predicate];
    }

    private static string Serving(MarketWorld world, WorldCampaign campaign) =>
        campaign.State == EntityState.Archived ? "CAMPAIGN_ARCHIVED"
        : campaign.State == EntityState.Paused ? "CAMPAIGN_PAUSED"
        : campaign.StartDate > world.Today ? "PENDING_START_DATE"
        : campaign.EndDate < world.Today ? "ENDED"
        : "CAMPAIGN_STATUS_ENABLED";

    private static string? Parent(MarketWorld world, WorldCampaign campaign, WorldAdGroup? group = null)
    {
        if (group?.State == EntityState.Archived) return "AD_GROUP_ARCHIVED";
        if (group?.State == EntityState.Paused) return "AD_GROUP_PAUSED";
        return Serving(world, campaign) is var status and not "CAMPAIGN_STATUS_ENABLED" ? status : null;
    }

    private static string Serving(string prefix, string live, EntityState state, string? parent) => state switch
    {
        EntityState.Archived => $"{prefix}_ARCHIVED",
        EntityState.Paused => $"{prefix}_PAUSED",
        EntityState.Enabled => parent ?? live,
    };
}
