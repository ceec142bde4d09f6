using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.Http.Ads.V1;
using Autonoomi.Marketplace.World;
using CoreMatch = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Marketplace.Http.Ads.Services;

/// <summary>Sponsored Products in the words of the exports: the common model, flatter than Ads API v1.</summary>
internal sealed class SponsoredProductsExport(WorldGate gate) : IExportSource
{
    public string Name => "SPONSORED_PRODUCTS";

    private MarketWorld World => gate.World;

    public IEnumerable<JsonObject> Rows(string kind, ExportOrder order)
    {
        var delivery = new SponsoredProductsDelivery(World);
        bool Wanted(EntityState state) => order.States.Contains(AdView.StateWord(state));
        bool Signed(bool negative) => order.Negative is null || order.Negative.Contains(negative);
        return kind switch
        {
            "campaigns" => World.Ads.Campaigns.Where(each => Wanted(each.State)).Select(each => Campaign(each, delivery)),
            "adGroups" => World.Ads.AdGroups.Where(each => Wanted(each.State)).Select(each => AdGroup(each, delivery)),
            "ads" => World.Ads.ProductAds.Where(each => Wanted(each.State)).Select(each => Ad(each, delivery)),
            _ => World.Ads.Targets.Concat(gate.Clauses.Targets).Where(each => Signed(false) && Wanted(each.State)).Select(each => Target(each, delivery))
                .Concat(World.Ads.Negatives.Concat(gate.Clauses.Negatives).Where(each => Signed(true) && Wanted(each.State)).Select(each => Negative(each, delivery))),
        };
    }

    private JsonObject Common(string idName, long id, EntityState state, DateTimeOffset created, DateTimeOffset updated, IReadOnlyList<string> reasons)
    {
        var row = UnifiedWords.Status(reasons);
        row[idName] = AdView.Id2(id);
        row["adProduct"] = Name;
        row["state"] = AdView.StateWord(state);
        row["creationDateTime"] = UnifiedWords.Instant(created);
        row["lastUpdatedDateTime"] = UnifiedWords.Instant(updated);
        return row;
    }

    private JsonObject Campaign(WorldCampaign campaign, SponsoredProductsDelivery delivery)
    {
        var row = Common("campaignId", campaign.Id, campaign.State, campaign.CreatedAt, campaign.UpdatedAt, delivery.Of(campaign));
        row["name"] = campaign.Name;
        row["startDate"] = campaign.StartDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (campaign.EndDate is { } end) row["endDate"] = end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (PortfolioBook.Of(World, campaign) is { } portfolio) row["portfolioId"] = AdView.Id2(portfolio);
        row["targetingSettings"] = campaign.Targeting == TargetingType.Auto ? "AUTO" : "MANUAL";
        row["costType"] = "CPC";
        row["budgetCaps"] = new JsonObject
        {
            ["budgetType"] = "MONETARY", ["recurrenceTimePeriod"] = "DAILY",
            ["budgetValue"] = new JsonObject { ["monetaryBudget"] = UnifiedWords.Amount(World, "amount", campaign.DailyBudget) },
        };
        if (gate.BudgetRules.Raised(campaign.Id, campaign.DailyBudget) is { } raised) row["budgetCaps"]!["budgetValue"]!["monetaryBudget"]!["ruleAmount"] = raised;
        row["optimization"] = new JsonObject
        {
            ["bidStrategy"] = campaign.Strategy switch
            {
                BiddingStrategy.DownOnly => "SALES_DOWN_ONLY",
                BiddingStrategy.UpAndDown => "SALES_UP_AND_DOWN",
                BiddingStrategy.Fixed => "MANUAL",
                BiddingStrategy.RuleBased => "RULE_BASED",
            },
            ["placementBidAdjustments"] = new JsonArray([.. new[] { ("TOP_OF_SEARCH", Placement.TopOfSearch), ("REST_OF_SEARCH", Placement.RestOfSearch), ("PRODUCT_PAGE", Placement.ProductPages) }
                .Where(each => campaign.PercentAt(each.Item2) > 0).Select(each => (JsonNode)new JsonObject { ["placement"] = each.Item1, ["percentage"] = campaign.PercentAt(each.Item2) })]),
        };
        return row;
    }

    private JsonObject AdGroup(WorldAdGroup group, SponsoredProductsDelivery delivery)
    {
        var row = Common("adGroupId", group.Id, group.State, group.CreatedAt, group.UpdatedAt, delivery.Of(group));
        row["campaignId"] = AdView.Id2(group.CampaignId);
        row["name"] = group.Name;
        row["bid"] = UnifiedWords.Amount(World, "defaultBid", group.DefaultBid);
        return row;
    }

    // Ads name their ad group alone.
    private JsonObject Ad(WorldProductAd ad, SponsoredProductsDelivery delivery)
    {
        var row = Common("adId", ad.Id, ad.State, ad.CreatedAt, ad.UpdatedAt, delivery.Of(ad));
        row["adGroupId"] = AdView.Id2(ad.AdGroupId);
        row["adType"] = "PRODUCT_AD";
        row["creative"] = new JsonObject
        {
            ["products"] = new JsonArray(new JsonObject { ["productId"] = ad.Asin, ["productIdType"] = "ASIN" }, new JsonObject { ["productId"] = ad.Sku, ["productIdType"] = "SKU" }),
        };
        return row;
    }

    private JsonObject Target(WorldTarget target, SponsoredProductsDelivery delivery)
    {
        var row = Clause(target.Id, target.CampaignId, target.AdGroupId, target.State, target.CreatedAt, target.UpdatedAt, delivery.Of(target), negative: false, target.Match, target.Text);
        if (target.Bid is { } bid) row["bid"] = UnifiedWords.Amount(World, "bid", bid);
        return row;
    }

    private JsonObject Negative(WorldNegative negative, SponsoredProductsDelivery delivery) => Clause(
        negative.Id, negative.CampaignId, negative.AdGroupId, negative.State, negative.CreatedAt, negative.UpdatedAt, delivery.Of(negative), negative: true,
        negative.Match switch { NegativeMatch.Exact => CoreMatch.Exact, NegativeMatch.Phrase => CoreMatch.Phrase, NegativeMatch.Product => CoreMatch.Product, NegativeMatch.Brand => CoreMatch.Brand, NegativeMatch.Other => CoreMatch.Other }, negative.Text);

    private JsonObject Clause(
        long id, long campaign, long? adGroup, EntityState state, DateTimeOffset created, DateTimeOffset updated, IReadOnlyList<string> reasons, bool negative, CoreMatch match, string text)
    {
        var row = Common("targetId", id, state, created, updated, reasons);
        row["campaignId"] = AdView.Id2(campaign);
        if (adGroup is { } group) row["adGroupId"] = AdView.Id2(group);
        row["negative"] = negative;
        row["targetLevel"] = adGroup is null ? "CAMPAIGN" : "AD_GROUP";
        row["targetType"] = match switch
        {
            CoreMatch.Exact or CoreMatch.Phrase or CoreMatch.Broad => "KEYWORD",
            CoreMatch.Product => "PRODUCT",
            CoreMatch.Category or CoreMatch.Brand or CoreMatch.Other or CoreMatch.ContentCategory => "PRODUCT_CATEGORY",
            CoreMatch.KeywordGroup => "THEME",
            CoreMatch.CloseMatch or CoreMatch.LooseMatch or CoreMatch.Substitutes or CoreMatch.Complements => "AUTO",
        };
        row["targetDetails"] = match switch
        {
            CoreMatch.Exact or CoreMatch.Phrase or CoreMatch.Broad => new JsonObject { ["matchType"] = match.ToString().ToUpperInvariant(), ["keyword"] = text },
            CoreMatch.Product => new JsonObject { ["matchType"] = "PRODUCT_EXACT", ["asin"] = text },
            CoreMatch.Category => new JsonObject { ["productCategoryId"] = text, ["productCategoryResolved"] = $"Category {text}" },

            CoreMatch.Brand => new JsonObject { ["productBrand"] = text },
            CoreMatch.Other or CoreMatch.ContentCategory => new JsonObject { ["productGenre"] = text },
            CoreMatch.KeywordGroup => new JsonObject { ["matchType"] = text },

            // Not the words of Ads API v1.
            CoreMatch.CloseMatch => new JsonObject { ["matchType"] = "SEARCH_CLOSE_MATCH" },
            CoreMatch.LooseMatch => new JsonObject { ["matchType"] = "SEARCH_LOOSE_MATCH" },
            CoreMatch.Substitutes => new JsonObject { ["matchType"] = "PRODUCT_SUBSTITUTES" },
            CoreMatch.Complements => new JsonObject { ["matchType"] = "PRODUCT_COMPLEMENTS" },
        };
        return row;
    }
}
