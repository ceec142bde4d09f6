using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.Http.Ads.Services;
using Autonoomi.Marketplace.World;
using CoreMatch = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Marketplace.Http.Ads.V1;

/// <summary>The Sponsored Products account behind the unified model: the same entities and ids that <c>/sp</c> shows.</summary>
internal sealed class UnifiedSponsoredProducts(WorldGate gate) : IUnifiedProduct
{
    private static readonly UnifiedLimits Wide = new(Items: 1000, Page: 1000, Ids: 1000, Parents: 100);
    private static readonly UnifiedLimits Narrow = Wide with { Ids = 100 };

    private static readonly Dictionary<string, BiddingStrategy> Strategies = new(StringComparer.Ordinal)
    {
        ["SALES_DOWN_ONLY"] = BiddingStrategy.DownOnly, ["SALES_UP_AND_DOWN"] = BiddingStrategy.UpAndDown, ["MANUAL"] = BiddingStrategy.Fixed, ["RULE_BASED"] = BiddingStrategy.RuleBased,
    };

    private static readonly (string Name, Placement Placement)[] Placements =
        [("TOP_OF_SEARCH", Placement.TopOfSearch), ("REST_OF_SEARCH", Placement.RestOfSearch), ("PRODUCT_PAGE", Placement.ProductPages)];

    private static readonly Dictionary<string, CoreMatch> Keywords = new(StringComparer.Ordinal) { ["EXACT"] = CoreMatch.Exact, ["PHRASE"] = CoreMatch.Phrase, ["BROAD"] = CoreMatch.Broad };

    private static readonly Dictionary<string, CoreMatch> Themes = new(StringComparer.Ordinal)
    {
        ["KEYWORDS_CLOSE_MATCH"] = CoreMatch.CloseMatch, ["KEYWORDS_LOOSE_MATCH"] = CoreMatch.LooseMatch, ["PRODUCT_SUBSTITUTES"] = CoreMatch.Substitutes, ["PRODUCT_COMPLEMENTS"] = CoreMatch.Complements,
    };

    public string Name => "SPONSORED_PRODUCTS";

    private MarketWorld World => gate.World;

    private AdAccount Ads => gate.World.Ads;

    public UnifiedLimits Limits(UnifiedKind kind) => kind is UnifiedKind.Campaign or UnifiedKind.AdGroup ? Wide : Narrow;

    public bool Has(UnifiedKind kind, long id) => kind switch
    {
        UnifiedKind.Campaign => Ads.Campaign(id) is not null,
        UnifiedKind.AdGroup => Ads.AdGroup(id) is not null,
        UnifiedKind.Ad => Ads.ProductAd(id) is not null,
        UnifiedKind.Target => Ads.Target(id) is not null || Ads.Negative(id) is not null || gate.Clauses.Holds(id),
    };

    public IEnumerable<UnifiedView> All(UnifiedKind kind)
    {
        var delivery = new SponsoredProductsDelivery(World);
        return kind switch
        {
            UnifiedKind.Campaign => Ads.Campaigns.Select(each => new UnifiedView(each.Id, each.Id, null, each.State, each.Name, () => Campaign(each, delivery), PortfolioId: PortfolioBook.Of(World, each))),
            UnifiedKind.AdGroup => Ads.AdGroups.Select(each => new UnifiedView(each.Id, each.CampaignId, each.Id, each.State, each.Name, () => AdGroup(each, delivery))),
            UnifiedKind.Ad => Ads.ProductAds.Select(each => new UnifiedView(each.Id, each.CampaignId, each.AdGroupId, each.State, each.Asin, () => Ad(each, delivery))),
            UnifiedKind.Target => Ads.Targets.Concat(gate.Clauses.Targets).Select(each => new UnifiedView(each.Id, each.CampaignId, each.AdGroupId, each.State, each.Text, () => Target(each, delivery), Type(each.Match), Match(each.Match)))
                .Concat(Ads.Negatives.Concat(gate.Clauses.Negatives).Select(each => new UnifiedView(each.Id, each.CampaignId, each.AdGroupId, each.State, each.Text, () => Negative(each, delivery), Type(Positive(each.Match)), Match(Positive(each.Match)), Negative: true))),
        };
    }

    public Func<WriteResult> Create(UnifiedKind kind, Item item) => kind switch
    {
        UnifiedKind.Campaign => CreateCampaign(item),
        UnifiedKind.AdGroup => Later(new AdGroupDraft(item.Id("campaignId"), item.Text("name"), item.Object("bid")?.Number("defaultBid"), item.State())),
        UnifiedKind.Ad => CreateAd(item),
        UnifiedKind.Target => CreateTarget(item),
    };

    public Func<WriteResult> Update(UnifiedKind kind, long id, Item item)
    {
        var state = item.State();
        switch (kind)
        {
            case UnifiedKind.Campaign:
                var (strategy, percents) = Bidding(item);
                var edit = new CampaignEdit(
                    id, item.Text("name"), state, UnifiedWords.Budget(item), strategy, Percent(percents, "TOP_OF_SEARCH"), Percent(percents, "REST_OF_SEARCH"), Percent(percents, "PRODUCT_PAGE"),
                    UnifiedWords.Day(World, item, "endDateTime"), item.Id("portfolioId"));
                return () => Ads.Update(edit);
            case UnifiedKind.AdGroup:
                var group = new AdGroupEdit(id, item.Text("name"), state, item.Object("bid")?.Number("defaultBid"));
                return () => Ads.Update(group);
            case UnifiedKind.Ad:
                return () => Ads.Update(new ProductAdEdit(id, state));
            case UnifiedKind.Target:
                var bid = item.Object("bid")?.Number("bid");
                if (gate.Clauses.Holds(id)) return () => gate.Clauses.Update(id, bid, state);
                if (Ads.Negative(id) is { } negative) return () => bid is null ? Ads.Update(new NegativeEdit(negative.Kind, id, state)) : new Refused("rangeError", "NOT_ALLOWED", "A negative has no bid.", "bid");
                return () => Ads.Update(new TargetEdit(KindOf(id), id, state, bid));
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, null);
        }
    }

    public WriteResult Archive(UnifiedKind kind, long id) => kind switch
    {
        UnifiedKind.Campaign => Ads.Archive(AdEntityKind.Campaign, id),
        UnifiedKind.AdGroup => Ads.Archive(AdEntityKind.AdGroup, id),
        UnifiedKind.Ad => Ads.Archive(AdEntityKind.ProductAd, id),
        UnifiedKind.Target when gate.Clauses.Holds(id) => gate.Clauses.Update(id, null, EntityState.Archived),
        UnifiedKind.Target => Ads.Archive(Ads.Negative(id)?.Kind ?? KindOf(id), id),
    };

    private AdEntityKind KindOf(long target) => Ads.Target(target)?.Kind == TargetKind.Keyword ? AdEntityKind.Keyword : AdEntityKind.Target;

    private Func<WriteResult> Later(AdGroupDraft draft) => () => Ads.Create(draft);

    private Func<WriteResult> CreateCampaign(Item item)
    {
        if (item.Text("marketplaceScope") != "SINGLE_MARKETPLACE") throw new MalformedBodyException($"{item.Where}.marketplaceScope is SINGLE_MARKETPLACE.");
        if (item.Texts("marketplaces") is { } places && (places.Count != 1 || places[0] != UnifiedWords.Country(World)))
            return () => new Refused("marketplaceError", "UNSUPPORTED", "The profile is of another marketplace.", "marketplaces");
        if (!item.Has("startDateTime")) return () => new Refused("missingValueError", "MISSING_VALUE", "'startDateTime' is missing.", "startDate");
        var automatic = item.Object("autoCreationSettings") is { } settings ? UnifiedWords.Flag(settings, "autoCreateTargets") : null;
        var (strategy, percents) = Bidding(item);
        var draft = new CampaignDraft(
            item.Text("name"), automatic is { } auto ? auto ? TargetingType.Auto : TargetingType.Manual : null, item.State(), UnifiedWords.Budget(item), strategy,
            Percent(percents, "TOP_OF_SEARCH"), Percent(percents, "REST_OF_SEARCH"), Percent(percents, "PRODUCT_PAGE"),
            UnifiedWords.Day(World, item, "startDateTime"), UnifiedWords.Day(World, item, "endDateTime"), item.Id("portfolioId"));
        return () => Ads.Create(draft);
    }

    // A placement list replaces the one before it: what it does not name goes back to nought.
    private static (BiddingStrategy? Strategy, Dictionary<string, int>? Percents) Bidding(Item item)
    {
        if (item.Object("optimizations")?.Object("bidSettings") is not { } settings) return (null, null);
        var strategy = settings.Choice("bidStrategy", Strategies);
        if (settings.Object("bidAdjustments")?.Objects("placementBidAdjustments") is not { } placements) return (strategy, null);
        var percents = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var placement in placements)
        {
            var name = placement.Text("placement") ?? "";
            if (name != "SITE_AMAZON_BUSINESS" && !Placements.Any(each => each.Name == name)) throw new MalformedBodyException($"{placement.Where}.placement is not a placement.");
            percents[name] = placement.Whole("percentage") ?? throw new MalformedBodyException($"{placement.Where}.percentage is required.");
        }

        return (strategy, percents);
    }

    private static int? Percent(Dictionary<string, int>? percents, string name) => percents?.GetValueOrDefault(name);

    private Func<WriteResult> CreateAd(Item item)
    {
        if (item.Text("adType") != "PRODUCT_AD") throw new MalformedBodyException($"{item.Where}.adType is not one of PRODUCT_AD.");
        var product = item.Object("creative")?.Object("productCreative")?.Object("productCreativeSettings")?.Object("advertisedProduct") ?? throw new MalformedBodyException($"{item.Where}.creative is required.");
        if (product.Text("productIdType") != "SKU") return () => new Refused("productIdentifierError", "INVALID_TYPE", "Sellers advertise SKUs.", "sku");
        var (group, sku, state) = (item.Id("adGroupId"), product.Text("productId"), item.State());
        return () => Parent(group) is { } parent ? Ads.Create(new ProductAdDraft(parent.CampaignId, parent.Id, sku, state)) : NoAdGroup;
    }

    private static readonly Refused NoAdGroup = new("parentEntityError", "PARENT_ENTITY_NOT_FOUND", "No such ad group.", "adGroupId");

    private WorldAdGroup? Parent(long? id) => id is { } known ? Ads.AdGroup(known) : null;

    private Func<WriteResult> CreateTarget(Item item)
    {
        var type = item.Text("targetType") ?? throw new MalformedBodyException($"{item.Where}.targetType is required.");
        var negative = UnifiedWords.Flag(item, "negative") ?? throw new MalformedBodyException($"{item.Where}.negative is required.");
        var details = item.Object("targetDetails") ?? throw new MalformedBodyException($"{item.Where}.targetDetails is required.");
        var (match, text, refusal) = Details(type, details);
        var (campaign, adGroup, state, bid) = (item.Id("campaignId"), item.Id("adGroupId"), item.State(), item.Object("bid")?.Number("bid"));
        return () =>
        {
            if (refusal is not null) return refusal;
            if (item.Has("adGroupId") && Parent(adGroup) is null) return NoAdGroup;
            if (!negative && adGroup is null) return new Refused("missingValueError", "MISSING_VALUE", "'adGroupId' is missing.", "adGroupId");
            var owner = Parent(adGroup)?.CampaignId ?? campaign;
            if (negative)
            {
                return match switch
                {
                    CoreMatch.Exact => Ads.Create(new NegativeDraft(owner, adGroup, NegativeMatch.Exact, text, state)),
                    CoreMatch.Phrase => Ads.Create(new NegativeDraft(owner, adGroup, NegativeMatch.Phrase, text, state)),
                    CoreMatch.Product => Ads.Create(new NegativeDraft(owner, adGroup, NegativeMatch.Product, text, state)),
                    _ => new Refused("targetingClauseSetupError", "NOT_IN_LIST", "Negatives are exact, phrase or a product.", "matchType"),
                };
            }

            return type == "KEYWORD" ? Ads.Create(new KeywordDraft(owner, adGroup, text, match, state, bid)) : Ads.Create(new TargetDraft(owner, adGroup, match, text, state, bid));
        };
    }

    private static (CoreMatch? Match, string? Text, Refused? Refusal) Details(string type, Item details)
    {
        switch (type)
        {
            case "KEYWORD" when details.Object("keywordTarget") is { } keyword:
                return (keyword.Choice("matchType", Keywords), keyword.Text("keyword"), null);
            case "THEME" when details.Object("themeTarget") is { } theme:
                return (Themes.TryGetValue(theme.Text("matchType") ?? "", out var clause) ? clause : null, "", null);
            case "PRODUCT" when details.Object("productTarget") is { } product:
                return product.Text("matchType") == "PRODUCT_EXACT" && product.Text("productIdType") == "ASIN"
                    ? (CoreMatch.Product, product.Object("product")?.Text("productId"), null)
                    : (null, null, new Refused("targetingClauseSetupError", "UNSUPPORTED", "The pretend market knows single products by ASIN only.", "expression"));
            case "PRODUCT_CATEGORY" when details.Object("productCategoryTarget")?.Object("productCategoryRefinement")?.Object("productCategoryRefinement") is { } category:
                return category.Fields.Count == 1 && category.Text("productCategoryId") is { } id
                    ? (CoreMatch.Category, id, null)
                    : (null, null, new Refused("targetingClauseSetupError", "UNSUPPORTED", "The pretend market knows whole categories only.", "expression"));
            case "LOCATION":
                return (null, null, new Refused("targetingClauseSetupError", "UNSUPPORTED", "The pretend market has no locations.", "expression"));
            default:
                throw new MalformedBodyException($"{details.Where} does not hold the details of a {type}.");
        }
    }

    private static CoreMatch Positive(NegativeMatch match) => match switch { NegativeMatch.Exact => CoreMatch.Exact, NegativeMatch.Phrase => CoreMatch.Phrase, NegativeMatch.Product => CoreMatch.Product, NegativeMatch.Brand => CoreMatch.Brand, NegativeMatch.Other => CoreMatch.Other };

    private static string Type(CoreMatch match) => match switch
    {
        CoreMatch.Exact or CoreMatch.Phrase or CoreMatch.Broad => "KEYWORD",
        CoreMatch.Product => "PRODUCT",
        CoreMatch.Category or CoreMatch.Brand or CoreMatch.Other or CoreMatch.ContentCategory => "PRODUCT_CATEGORY",
        CoreMatch.CloseMatch or CoreMatch.LooseMatch or CoreMatch.Substitutes or CoreMatch.Complements or CoreMatch.KeywordGroup => "THEME",
    };

    private static string? Match(CoreMatch match) => match switch
    {
        CoreMatch.Exact or CoreMatch.Phrase or CoreMatch.Broad => Keywords.First(each => each.Value == match).Key,
        CoreMatch.Product => "PRODUCT_EXACT",
        CoreMatch.Category or CoreMatch.Brand or CoreMatch.Other or CoreMatch.ContentCategory or CoreMatch.KeywordGroup => null,
        CoreMatch.CloseMatch or CoreMatch.LooseMatch or CoreMatch.Substitutes or CoreMatch.Complements => Themes.First(each => each.Value == match).Key,
    };

    private JsonObject Common(string idName, long id, EntityState state, DateTimeOffset created, DateTimeOffset updated, IReadOnlyList<string> reasons) => new()
    {
        ["adProduct"] = Name,
        [idName] = AdView.Id2(id),
        ["state"] = AdView.StateWord(state),
        ["marketplaceScope"] = "SINGLE_MARKETPLACE",
        ["marketplaces"] = new JsonArray(UnifiedWords.Country(World)),
        ["creationDateTime"] = UnifiedWords.Instant(created),
        ["lastUpdatedDateTime"] = UnifiedWords.Instant(updated),
        ["status"] = UnifiedWords.Status(reasons),
    };

    private JsonObject Campaign(WorldCampaign campaign, SponsoredProductsDelivery delivery)
    {
        var body = Common("campaignId", campaign.Id, campaign.State, campaign.CreatedAt, campaign.UpdatedAt, delivery.Of(campaign));
        body["name"] = campaign.Name;
        body["startDateTime"] = UnifiedWords.Midnight(World, campaign.StartDate);
        if (campaign.EndDate is { } end) body["endDateTime"] = UnifiedWords.Midnight(World, end);
        body["autoCreationSettings"] = new JsonObject { ["autoCreateTargets"] = campaign.Targeting == TargetingType.Auto };
        body["budgets"] = UnifiedWords.Budgets(World, campaign.DailyBudget, gate.BudgetRules.Raised(campaign.Id, campaign.DailyBudget));
        body["optimizations"] = new JsonObject
        {
            ["bidSettings"] = new JsonObject
            {
                ["bidStrategy"] = Strategies.First(each => each.Value == campaign.Strategy).Key,
                ["bidAdjustments"] = new JsonObject
                {
                    ["placementBidAdjustments"] = new JsonArray([.. Placements.Where(each => campaign.PercentAt(each.Placement) > 0)
                        .Select(each => (JsonNode)new JsonObject { ["placement"] = each.Name, ["percentage"] = campaign.PercentAt(each.Placement) })]),
                },
            },
        };
        if (PortfolioBook.Of(World, campaign) is { } portfolio) body["portfolioId"] = AdView.Id2(portfolio);
        return body;
    }

    private JsonObject AdGroup(WorldAdGroup group, SponsoredProductsDelivery delivery)
    {
        var body = Common("adGroupId", group.Id, group.State, group.CreatedAt, group.UpdatedAt, delivery.Of(group));
        body["campaignId"] = AdView.Id2(group.CampaignId);
        body["name"] = group.Name;
        body["bid"] = UnifiedWords.Amount(World, "defaultBid", group.DefaultBid);
        return body;
    }

    private JsonObject Ad(WorldProductAd ad, SponsoredProductsDelivery delivery)
    {
        var body = Common("adId", ad.Id, ad.State, ad.CreatedAt, ad.UpdatedAt, delivery.Of(ad));
        body["campaignId"] = AdView.Id2(ad.CampaignId);
        body["adGroupId"] = AdView.Id2(ad.AdGroupId);
        body["adType"] = "PRODUCT_AD";
        body["creative"] = new JsonObject
        {
            ["productCreative"] = new JsonObject
            {
                ["productCreativeSettings"] = new JsonObject
                {
                    ["advertisedProduct"] = new JsonObject { ["productId"] = ad.Sku, ["productIdType"] = "SKU", ["resolvedProductId"] = ad.Asin, ["resolvedProductIdType"] = "ASIN" },
                },
            },
        };
        return body;
    }

    private JsonObject Target(WorldTarget target, SponsoredProductsDelivery delivery)
    {
        var body = Clause(target.Id, target.CampaignId, target.AdGroupId, target.State, target.CreatedAt, target.UpdatedAt, delivery.Of(target), negative: false, target.Match, target.Text);
        if (target.Bid is { } bid) body["bid"] = UnifiedWords.Amount(World, "bid", bid);
        return body;
    }

    private JsonObject Negative(WorldNegative negative, SponsoredProductsDelivery delivery) =>
        Clause(negative.Id, negative.CampaignId, negative.AdGroupId, negative.State, negative.CreatedAt, negative.UpdatedAt, delivery.Of(negative), negative: true, Positive(negative.Match), negative.Text);

    private JsonObject Clause(
        long id, long campaign, long? adGroup, EntityState state, DateTimeOffset created, DateTimeOffset updated, IReadOnlyList<string> reasons, bool negative, CoreMatch match, string text)
    {
        var body = Common("targetId", id, state, created, updated, reasons);
        body["campaignId"] = AdView.Id2(campaign);
        if (adGroup is { } group) body["adGroupId"] = AdView.Id2(group);
        body["targetLevel"] = adGroup is null ? "CAMPAIGN" : "AD_GROUP";
        body["negative"] = negative;
        body["targetType"] = Type(match);
        body["targetDetails"] = match switch
        {
            CoreMatch.Exact or CoreMatch.Phrase or CoreMatch.Broad => new JsonObject { ["keywordTarget"] = new JsonObject { ["keyword"] = text, ["matchType"] = Match(match) } },
            CoreMatch.Product => new JsonObject
            {
                ["productTarget"] = new JsonObject { ["matchType"] = "PRODUCT_EXACT", ["productIdType"] = "ASIN", ["product"] = new JsonObject { ["productId"] = text } },
            },
            CoreMatch.KeywordGroup => new JsonObject { ["themeTarget"] = new JsonObject { ["matchType"] = text } },
            CoreMatch.Category or CoreMatch.Brand or CoreMatch.Other or CoreMatch.ContentCategory => new JsonObject
            {
                ["productCategoryTarget"] = new JsonObject { ["productCategoryRefinement"] = new JsonObject { ["productCategoryRefinement"] = new JsonObject { [match == CoreMatch.Brand ? "productBrandId" : match == CoreMatch.Other ? "productGenreId" : "productCategoryId"] = text } } },
            },
            CoreMatch.CloseMatch or CoreMatch.LooseMatch or CoreMatch.Substitutes or CoreMatch.Complements => new JsonObject { ["themeTarget"] = new JsonObject { ["matchType"] = Match(match) } },
        };
        return body;
    }
}
