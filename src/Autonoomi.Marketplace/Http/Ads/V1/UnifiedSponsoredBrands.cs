using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.OtherAds;
using Autonoomi.Marketplace.World;
using CoreMatch = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Marketplace.Http.Ads.V1;

/// <summary>Sponsored Brands behind the unified model: the same entities and ids that <c>/sb</c> shows. Campaigns and ads are not created here.</summary>
internal sealed class UnifiedSponsoredBrands(WorldGate gate) : IUnifiedProduct
{
    private static readonly UnifiedLimits Small = new(Items: 10, Page: 100, Ids: 10, Parents: 10);

    private static readonly Dictionary<string, bool> Automatic = new(StringComparer.Ordinal) { ["MANUAL"] = false, ["SALES_UP_AND_DOWN"] = true };

    private static readonly Dictionary<string, BrandPlacement> Placements = new(StringComparer.Ordinal)
    {
        ["TOP_OF_SEARCH"] = BrandPlacement.TopOfSearch, ["REST_OF_SEARCH"] = BrandPlacement.Other, ["PRODUCT_PAGE"] = BrandPlacement.DetailPage, ["HOME_PAGE"] = BrandPlacement.Home,
    };

    private static readonly Dictionary<string, CoreMatch> Keywords = new(StringComparer.Ordinal) { ["EXACT"] = CoreMatch.Exact, ["PHRASE"] = CoreMatch.Phrase, ["BROAD"] = CoreMatch.Broad };

    private static readonly OtherTargetKind[] AllKinds = [OtherTargetKind.Keyword, OtherTargetKind.Product, OtherTargetKind.Category, OtherTargetKind.Theme, OtherTargetKind.Brand];

    public string Name => "SPONSORED_BRANDS";

    private OtherAdAccount Account => gate.Others.Account;

    public UnifiedLimits Limits(UnifiedKind kind) => kind switch
    {
        UnifiedKind.Target => new(Items: 1000, Page: 5000, Ids: 100, Parents: 100),
        UnifiedKind.AdGroup => Small with { Ids = 100, Parents = 100 },
        UnifiedKind.Campaign or UnifiedKind.Ad => Small,
    };

    public bool Has(UnifiedKind kind, long id) => kind switch
    {
        UnifiedKind.Campaign => Account.Campaign(id) is { } campaign && Mine(campaign),
        UnifiedKind.AdGroup => Account.AdGroup(id) is { } group && Mine(group.Campaign),
        UnifiedKind.Ad => Account.Ads.Any(ad => ad.Id == id && Mine(ad.AdGroup.Campaign)),
        UnifiedKind.Target => (Account.Target(id)?.AdGroup ?? Account.Negative(id)?.AdGroup) is { } group && Mine(group.Campaign),
    };

    public IEnumerable<UnifiedView> All(UnifiedKind kind) => kind switch
    {
        UnifiedKind.Campaign => Account.Campaigns.Where(Mine).Select(each => new UnifiedView(each.Id, each.Id, null, each.State, each.Name, () => Campaign(each))),
        UnifiedKind.AdGroup => Account.AdGroups.Where(each => Mine(each.Campaign)).Select(each => new UnifiedView(each.Id, each.Campaign.Id, each.Id, each.State, each.Name, () => AdGroup(each))),
        UnifiedKind.Ad => Account.Ads.Where(each => Mine(each.AdGroup.Campaign)).Select(each => new UnifiedView(each.Id, each.AdGroup.Campaign.Id, each.AdGroup.Id, each.State, each.AdGroup.Name, () => Ad(each))),
        UnifiedKind.Target => Account.Targets.Where(each => Mine(each.AdGroup.Campaign))
            .Select(each => new UnifiedView(each.Id, each.AdGroup.Campaign.Id, each.AdGroup.Id, each.State, each.Text, () => Target(each), Type(each.Kind), each.Match?.ToString().ToUpperInvariant()))
            .Concat(Account.Negatives.Where(each => Mine(each.AdGroup.Campaign)).Select(each => new UnifiedView(
                each.Id, each.AdGroup.Campaign.Id, each.AdGroup.Id, each.State, each.Text, () => Negative(each), Type(each.Kind), Negative: true))),
    };

    public Func<WriteResult> Create(UnifiedKind kind, Item item)
    {
        switch (kind)
        {
            case UnifiedKind.AdGroup:
                var (campaign, name) = (item.Id("campaignId") ?? -1, item.Text("name") ?? throw new MalformedBodyException($"{item.Where}.name is required."));
                return () => Of(Account.CreateAdGroup(AdProduct.SponsoredBrands, campaign, name, null));
            case UnifiedKind.Target:
                return CreateTarget(item);
            default:
                return () => new Refused("targetingClauseSetupError", "UNSUPPORTED", "The pretend market makes no campaigns and ads of Sponsored Brands.");
        }
    }

    public Func<WriteResult> Update(UnifiedKind kind, long id, Item item)
    {
        var state = item.State();
        switch (kind)
        {
            case UnifiedKind.Campaign:
                var settings = item.Object("optimizations")?.Object("bidSettings");
                var automatic = settings?.Choice("bidStrategy", Automatic);
                var adjustments = settings?.Object("bidAdjustments")?.Objects("placementBidAdjustments")?.ToDictionary(
                    each => each.Choice("placement", Placements) ?? throw new MalformedBodyException($"{each.Where}.placement is required."), each => each.Whole("percentage") ?? throw new MalformedBodyException($"{each.Where}.percentage is required."));
                var budget = UnifiedWords.Budget(item);
                return () => Of(Account.UpdateCampaign(AdProduct.SponsoredBrands, id, budget, state, automatic, adjustments));
            case UnifiedKind.AdGroup:
                return () => Of(Account.UpdateAdGroup(AdProduct.SponsoredBrands, id, state ?? Account.AdGroup(id)!.State));
            case UnifiedKind.Target:
                var bid = item.Object("bid")?.Number("bid");
                return () => Account.Negative(id) is { } negative
                    ? Of(Account.UpdateNegative(AdProduct.SponsoredBrands, negative.IsClause, id, state))
                    : Of(Account.UpdateTarget(AdProduct.SponsoredBrands, AllKinds, id, null, bid, state));
            default:
                return () => new Refused("targetingClauseSetupError", "UNSUPPORTED", "The pretend market changes no ads of Sponsored Brands.");
        }
    }

    public WriteResult Archive(UnifiedKind kind, long id) => kind switch
    {
        UnifiedKind.Campaign => Of(Account.UpdateCampaign(AdProduct.SponsoredBrands, id, null, EntityState.Archived, null, null)),
        UnifiedKind.AdGroup => Of(Account.UpdateAdGroup(AdProduct.SponsoredBrands, id, EntityState.Archived)),
        UnifiedKind.Target when Account.Negative(id) is { } negative => Of(Account.UpdateNegative(AdProduct.SponsoredBrands, negative.IsClause, id, EntityState.Archived)),
        UnifiedKind.Target => Of(Account.UpdateTarget(AdProduct.SponsoredBrands, AllKinds, id, null, null, EntityState.Archived)),
        UnifiedKind.Ad => new Refused("targetingClauseSetupError", "UNSUPPORTED", "The pretend market changes no ads of Sponsored Brands."),
    };

    private static bool Mine(OtherCampaign campaign) => campaign.AdProduct == AdProduct.SponsoredBrands;

    // One vocabulary of refusals for both worlds.
    private static WriteResult Of(OtherVerdict verdict) => verdict.Id is { } id ? new Accepted(id) : verdict.Refusal switch
    {
        OtherRefusal.NotFound => new Refused("entityNotFoundError", "ENTITY_NOT_FOUND", verdict.Message),
        OtherRefusal.Archived => new Refused("entityStateError", "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED", verdict.Message),
        OtherRefusal.ParentArchived => new Refused("entityStateError", "PARENT_ARCHIVED_FORBIDS_UPDATES", verdict.Message),
        OtherRefusal.BidOutOfRange => new Refused("biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE", verdict.Message, "bid"),
        OtherRefusal.BudgetOutOfRange => new Refused("budgetError", "BUDGET_OUT_OF_MARKET_PLACE_RANGE", verdict.Message, "budget"),
        OtherRefusal.Duplicate => new Refused("duplicateValueError", "DUPLICATE_VALUE", verdict.Message),
        OtherRefusal.Throttled => new Refused("throttledError", "THROTTLED", verdict.Message),
        _ => new Refused("otherError", "OTHER_ERROR", verdict.Message),
    };

    private Func<WriteResult> CreateTarget(Item item)
    {
        var negative = UnifiedWords.Flag(item, "negative") ?? throw new MalformedBodyException($"{item.Where}.negative is required.");
        var details = item.Object("targetDetails") ?? throw new MalformedBodyException($"{item.Where}.targetDetails is required.");
        if (item.Text("adGroupId") is null) throw new MalformedBodyException($"{item.Where}.adGroupId is required.");
        var (group, bid) = (item.Id("adGroupId")!.Value, item.Object("bid")?.Number("bid"));
        (OtherTargetKind Kind, CoreMatch? Match, string? Text)? wanted = item.Text("targetType") switch
        {
            "KEYWORD" when details.Object("keywordTarget") is { } keyword => (OtherTargetKind.Keyword, keyword.Choice("matchType", Keywords), keyword.Text("keyword")),
            "PRODUCT" when details.Object("productTarget") is { } product => (OtherTargetKind.Product, null, product.Object("product")?.Text("productId")),
            "PRODUCT_CATEGORY" when details.Object("productCategoryTarget")?.Object("productCategoryRefinement")?.Object("productCategoryRefinement") is { } category && category.Fields.Count == 1 => (OtherTargetKind.Category, null, category.Text("productCategoryId")),
            "THEME" when details.Object("themeTarget") is { } theme => (OtherTargetKind.Theme, null, theme.Text("matchType")),
            _ => null,
        };
        if (wanted is not var (kind, match, text)) return () => new Refused("targetingClauseSetupError", "UNSUPPORTED", "The pretend market knows keywords, single products, whole categories and themes.", "expression");
        if (!negative) return () => Of(Account.CreateTarget(AdProduct.SponsoredBrands, group, kind, match, text, bid));
        OtherNegativeKind? negated = (kind, match) switch { (OtherTargetKind.Product, _) => OtherNegativeKind.Product, (_, CoreMatch.Exact) => OtherNegativeKind.Exact, (_, CoreMatch.Phrase) => OtherNegativeKind.Phrase, _ => null };
        return () => negated is { } sign ? Of(Account.CreateNegative(AdProduct.SponsoredBrands, group, sign, text)) : new Refused("rangeError", "NOT_IN_LIST", "Negatives are exact, phrase or a product.", "matchType");
    }

    private static string Type(OtherTargetKind kind) => kind switch
    {
        OtherTargetKind.Keyword => "KEYWORD",
        OtherTargetKind.Category or OtherTargetKind.Brand => "PRODUCT_CATEGORY",
        OtherTargetKind.Theme => "THEME",
        _ => "PRODUCT",
    };

    private static string Type(OtherNegativeKind kind) => kind switch
    {
        OtherNegativeKind.Exact or OtherNegativeKind.Phrase => "KEYWORD",
        OtherNegativeKind.Product => "PRODUCT",
        OtherNegativeKind.Brand => "PRODUCT_CATEGORY",
    };

    private JsonObject Common(string idName, long id, EntityState state, DateTimeOffset created, DateTimeOffset updated, OtherAdGroup? group, OtherCampaign campaign)
    {
        var reasons = new List<string>();
        if (campaign.State != EntityState.Enabled) reasons.Add(campaign.State == EntityState.Paused ? "CAMPAIGN_PAUSED" : "CAMPAIGN_ARCHIVED");
        if (group is not null && group.State != EntityState.Enabled) reasons.Add(group.State == EntityState.Paused ? "AD_GROUP_PAUSED" : "AD_GROUP_ARCHIVED");
        return new()
        {
            ["adProduct"] = Name,
            [idName] = AdView.Id2(id),
            ["campaignId"] = AdView.Id2(campaign.Id),
            ["state"] = AdView.StateWord(state),
            ["marketplaceScope"] = "SINGLE_MARKETPLACE",
            ["marketplaces"] = new JsonArray(UnifiedWords.Country(gate.World)),
            ["creationDateTime"] = UnifiedWords.Instant(created),
            ["lastUpdatedDateTime"] = UnifiedWords.Instant(updated),
            ["status"] = UnifiedWords.Status(reasons),
        };
    }

    private JsonObject Campaign(OtherCampaign campaign)
    {
        var body = Common("campaignId", campaign.Id, campaign.State, campaign.CreatedAt, campaign.UpdatedAt, null, campaign);
        body["name"] = campaign.Name;
        body["startDateTime"] = UnifiedWords.Midnight(gate.World, campaign.StartDate);
        body["costType"] = campaign.IsPerThousand ? "VCPM" : "CPC";
        body["isMultiAdGroupsEnabled"] = true;
        body["budgets"] = UnifiedWords.Budgets(gate.World, campaign.DailyBudget, gate.BudgetRules.Raised(campaign.Id, campaign.DailyBudget));
        body["optimizations"] = new JsonObject
        {
            ["bidSettings"] = new JsonObject
            {
                ["bidStrategy"] = Automatic.First(each => each.Value == campaign.IsBidAutomatic).Key,
                ["bidAdjustments"] = new JsonObject
                {
                    ["placementBidAdjustments"] = new JsonArray([.. campaign.Adjustments.OrderBy(each => each.Key).Select(each => (JsonNode)new JsonObject { ["placement"] = Placements.First(word => word.Value == each.Key).Key, ["percentage"] = each.Value })]),
                },
            },
        };
        return body;
    }

    private JsonObject AdGroup(OtherAdGroup group)
    {
        var body = Common("adGroupId", group.Id, group.State, group.CreatedAt, group.UpdatedAt, group, group.Campaign);
        body["name"] = group.Name;
        return body;
    }

    private JsonObject Ad(OtherAd ad)
    {
        var body = Common("adId", ad.Id, ad.State, ad.CreatedAt, ad.UpdatedAt, ad.AdGroup, ad.AdGroup.Campaign);
        body["adGroupId"] = AdView.Id2(ad.AdGroup.Id);
        body["name"] = ad.AdGroup.Name;
        body["adType"] = "COMPONENT";
        JsonObject Image() => new() { ["assetId"] = "amzn1.assetlibrary.asset1.pretend", ["assetVersion"] = "version_v1" };
        body["creative"] = new JsonObject
        {
            ["componentCreative"] = new JsonObject
            {
                ["productCollectionSettings"] = new JsonObject
                {
                    ["brand"] = gate.World.StoreName, ["brandLogos"] = new JsonArray(Image()), ["customImages"] = new JsonArray(Image()), ["headlines"] = new JsonArray("Made to last"),
                    ["landingPage"] = new JsonObject { ["landingPageType"] = "STORE" },
                    ["products"] = new JsonArray([.. ad.Products.Take(3).Select(product => (JsonNode)new JsonObject { ["productId"] = gate.World.Market.Products[product].Asin, ["productIdType"] = "ASIN" })]),
                },
            },
        };
        return body;
    }

    private JsonObject Target(OtherTarget target)
    {
        var body = Clause(target.Id, target.AdGroup, target.State, target.CreatedAt, target.UpdatedAt, negative: false, Type(target.Kind));
        body["targetDetails"] = target.Kind switch
        {
            OtherTargetKind.Keyword => Keyword(target.Text, target.Match!.Value.ToString()),
            OtherTargetKind.Category => Category("productCategoryId", target.Text),
            OtherTargetKind.Brand => Category("productBrandId", target.Text),
            OtherTargetKind.Theme => new JsonObject { ["themeTarget"] = new JsonObject { ["matchType"] = target.Text } },
            _ => Product(target.Text),
        };
        if (target.Bid is { } bid) body["bid"] = UnifiedWords.Amount(gate.World, "bid", bid);
        return body;
    }

    private JsonObject Negative(OtherNegative negative)
    {
        var body = Clause(negative.Id, negative.AdGroup, negative.State, negative.CreatedAt, negative.UpdatedAt, negative: true, Type(negative.Kind));
        body["targetDetails"] = negative.Kind switch
        {
            OtherNegativeKind.Product => Product(negative.Text),
            OtherNegativeKind.Brand => Category("productBrandId", negative.Text),
            _ => Keyword(negative.Text, negative.Kind.ToString()),
        };
        return body;
    }

    private JsonObject Clause(long id, OtherAdGroup group, EntityState state, DateTimeOffset created, DateTimeOffset updated, bool negative, string type)
    {
        var body = Common("targetId", id, state, created, updated, group, group.Campaign);
        (body["adGroupId"], body["targetLevel"], body["negative"], body["targetType"]) = (AdView.Id2(group.Id), "AD_GROUP", negative, type);
        return body;
    }

    private static JsonObject Category(string name, string id) => new() { ["productCategoryTarget"] = new JsonObject { ["productCategoryRefinement"] = new JsonObject { ["productCategoryRefinement"] = new JsonObject { [name] = id } } } };

    private static JsonObject Keyword(string text, string match) => new() { ["keywordTarget"] = new JsonObject { ["keyword"] = text, ["matchType"] = match.ToUpperInvariant() } };

    private static JsonObject Product(string asin) => new() { ["productTarget"] = new JsonObject { ["matchType"] = "PRODUCT_EXACT", ["productIdType"] = "ASIN", ["product"] = new JsonObject { ["productId"] = asin } } };
}
