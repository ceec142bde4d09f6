using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;
using CoreMatch = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>One of the nine entity services of Sponsored Products: its names on the wire and what it does with an item.</summary>
/// <param name="Kind">The world's word.</param>
/// <param name="Path">Below <c>/sp/</c>.</param>
/// <param name="Media">The X of <c>application/vnd.X.v3+json</c>.</param>
/// <param name="Key">Name of the list in bodies.</param>
/// <param name="Single">Name of the full object in a mutation's answer.</param>
/// <param name="AnswerId">Name of the id in a mutation's answer.</param>
/// <param name="Id">Name of the id in items.</param>
/// <param name="IdFilter">Name of the id filter of lists and deletions.</param>
/// <param name="TextFilter">Name of the list's text filter, where there is one.</param>
/// <param name="EntityType">Amazon's word in errors.</param>
internal sealed record AdResource(
    AdEntityKind Kind, string Path, string Media, string Key, string Single, string AnswerId, string Id, string IdFilter, string? TextFilter, string EntityType)
{
    public static readonly AdResource[] All =
    [
        new(AdEntityKind.Campaign, "campaigns", "spCampaign", "campaigns", "campaign", "campaignId", "campaignId", "campaignIdFilter", "nameFilter", "CAMPAIGN"),
        new(AdEntityKind.AdGroup, "adGroups", "spAdGroup", "adGroups", "adGroup", "adGroupId", "adGroupId", "adGroupIdFilter", "nameFilter", "AD_GROUP"),
        new(AdEntityKind.ProductAd, "productAds", "spProductAd", "productAds", "productAd", "adId", "adId", "adIdFilter", null, "PRODUCT_AD"),
        new(AdEntityKind.Keyword, "keywords", "spKeyword", "keywords", "keyword", "keywordId", "keywordId", "keywordIdFilter", "keywordTextFilter", "KEYWORD"),
        new(AdEntityKind.Target, "targets", "spTargetingClause", "targetingClauses", "targetingClause", "targetId", "targetId", "targetIdFilter", "asinFilter", "TARGETING_CLAUSE"),
        new(AdEntityKind.NegativeKeyword, "negativeKeywords", "spNegativeKeyword", "negativeKeywords", "negativeKeyword", "negativeKeywordId", "keywordId",
            "negativeKeywordIdFilter", "negativeKeywordTextFilter", "NEGATIVE_KEYWORD"),
        new(AdEntityKind.CampaignNegativeKeyword, "campaignNegativeKeywords", "spCampaignNegativeKeyword", "campaignNegativeKeywords", "campaignNegativeKeyword",
            "campaignNegativeKeywordId", "keywordId", "campaignNegativeKeywordIdFilter", "campaignNegativeKeywordTextFilter", "CAMPAIGN_NEGATIVE_KEYWORD"),
        new(AdEntityKind.NegativeTarget, "negativeTargets", "spNegativeTargetingClause", "negativeTargetingClauses", "negativeTargetingClause", "targetId", "targetId",
            "negativeTargetIdFilter", "asinFilter", "NEGATIVE_TARGETING_CLAUSE"),
        new(AdEntityKind.CampaignNegativeTarget, "campaignNegativeTargets", "spCampaignNegativeTargetingClause", "campaignNegativeTargetingClauses",
            "campaignNegativeTargetingClauses", "campaignNegativeTargetingClauseId", "targetId", "campaignNegativeTargetIdFilter", "asinFilter", "CAMPAIGN_NEGATIVE_TARGETING_CLAUSE"),
    ];

    private static readonly Dictionary<string, TargetingType> Targetings = new(StringComparer.Ordinal) { ["AUTO"] = TargetingType.Auto, ["MANUAL"] = TargetingType.Manual };

    private static readonly Dictionary<string, BiddingStrategy> Strategies = new(StringComparer.Ordinal)
    {
        ["LEGACY_FOR_SALES"] = BiddingStrategy.DownOnly, ["AUTO_FOR_SALES"] = BiddingStrategy.UpAndDown, ["MANUAL"] = BiddingStrategy.Fixed, ["RULE_BASED"] = BiddingStrategy.RuleBased,
    };

    private static readonly Dictionary<string, CoreMatch> KeywordMatches = new(StringComparer.Ordinal) { ["EXACT"] = CoreMatch.Exact, ["PHRASE"] = CoreMatch.Phrase, ["BROAD"] = CoreMatch.Broad };

    private static readonly Dictionary<string, NegativeMatch?> NegativeMatches = new(StringComparer.Ordinal)
    {
        ["NEGATIVE_EXACT"] = NegativeMatch.Exact, ["NEGATIVE_PHRASE"] = NegativeMatch.Phrase, ["NEGATIVE_BROAD"] = null,
    };

    public string MediaType => $"application/vnd.{Media}.v3+json";

    private bool IsNegative => Kind is AdEntityKind.NegativeKeyword or AdEntityKind.CampaignNegativeKeyword or AdEntityKind.NegativeTarget or AdEntityKind.CampaignNegativeTarget;

    /// <summary>Reads the whole item first, so that a malformed one refuses the request before anything is written.</summary>
    public Func<AdAccount, WriteResult> Create(Item item) => Kind switch
    {
        AdEntityKind.Campaign => CreateCampaign(item),
        AdEntityKind.AdGroup => Later(new AdGroupDraft(item.Id("campaignId"), item.Text("name"), item.Number("defaultBid"), item.State())),
        AdEntityKind.ProductAd => Later(new ProductAdDraft(item.Id("campaignId"), item.Id("adGroupId"), item.Text("sku"), item.State())),
        AdEntityKind.Keyword => Later(new KeywordDraft(
            item.Id("campaignId"), item.Id("adGroupId"), item.Text("keywordText"), item.Choice("matchType", KeywordMatches), item.State(), item.Number("bid"))),
        AdEntityKind.Target => CreateTarget(item),
        AdEntityKind.NegativeKeyword or AdEntityKind.CampaignNegativeKeyword => CreateNegativeKeyword(item),
        AdEntityKind.NegativeTarget or AdEntityKind.CampaignNegativeTarget => CreateNegativeTarget(item),
    };

    /// <summary>As <see cref="Create"/>.</summary>
    public Func<AdAccount, WriteResult> Update(Item item)
    {
        if (item.Id(Id) is not { } id) return Refuse(new Refused("missingValueError", "MISSING_VALUE", $"{Id} is required", Id));
        if (id < 0) return Refuse(NotFound(item.Text(Id)!));
        if (IsNegative) return Later(new NegativeEdit(Kind, id, item.State()));
        return Kind switch
        {
            AdEntityKind.Campaign => UpdateCampaign(item, id),
            AdEntityKind.AdGroup => Later(new AdGroupEdit(id, item.Text("name"), item.State(), item.Number("defaultBid"))),
            AdEntityKind.ProductAd => Later(new ProductAdEdit(id, item.State())),
            _ => Later(new TargetEdit(Kind, id, item.State(), item.Number("bid"))),
        };
    }

    private static Func<AdAccount, WriteResult> Refuse(Refused refused) => _ => refused;

    private static Func<AdAccount, WriteResult> Later(CampaignDraft draft) => ads => ads.Create(draft);

    private static Func<AdAccount, WriteResult> Later(AdGroupDraft draft) => ads => ads.Create(draft);

    private static Func<AdAccount, WriteResult> Later(ProductAdDraft draft) => ads => ads.Create(draft);

    private static Func<AdAccount, WriteResult> Later(KeywordDraft draft) => ads => ads.Create(draft);

    private static Func<AdAccount, WriteResult> Later(TargetDraft draft) => ads => ads.Create(draft);

    private static Func<AdAccount, WriteResult> Later(NegativeDraft draft) => ads => ads.Create(draft);

    private static Func<AdAccount, WriteResult> Later(CampaignEdit edit) => ads => ads.Update(edit);

    private static Func<AdAccount, WriteResult> Later(AdGroupEdit edit) => ads => ads.Update(edit);

    private static Func<AdAccount, WriteResult> Later(ProductAdEdit edit) => ads => ads.Update(edit);

    private static Func<AdAccount, WriteResult> Later(TargetEdit edit) => ads => ads.Update(edit);

    private static Func<AdAccount, WriteResult> Later(NegativeEdit edit) => ads => ads.Update(edit);

    public Refused NotFound(string id) => new("entityNotFoundError", "ENTITY_NOT_FOUND", $"No entity {EntityType} has this id", Id, id, EntityType: EntityType);

    private static Func<AdAccount, WriteResult> CreateCampaign(Item item)
    {
        var (strategy, top, rest, product) = Bidding(item);
        return Later(new CampaignDraft(
            item.Text("name"), item.Choice("targetingType", Targetings), item.State(), Budget(item), strategy, top, rest, product,
            item.Day("startDate"), item.Day("endDate"), item.Id("portfolioId")));
    }

    private static Func<AdAccount, WriteResult> UpdateCampaign(Item item, long id)
    {
        var (strategy, top, rest, product) = Bidding(item);
        return Later(new CampaignEdit(id, item.Text("name"), item.State(), Budget(item), strategy, top, rest, product, item.Day("endDate"), item.Id("portfolioId")));
    }

    private static decimal? Budget(Item item)
    {
        if (item.Object("budget") is not { } budget) return null;
        if (budget.Text("budgetType") != "DAILY") throw new MalformedBodyException($"{budget.Where}.budgetType is not one of DAILY.");
        return budget.Number("budget");
    }

    // A placement list replaces the one before it: what it does not name goes back to nought.
    private static (BiddingStrategy? Strategy, int? Top, int? Other, int? Product) Bidding(Item item)
    {
        if (item.Object("dynamicBidding") is not { } bidding) return default;
        var strategy = bidding.Choice("strategy", Strategies);
        if (bidding.Objects("placementBidding") is not { } placements) return (strategy, null, null, null);

        var percents = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var placement in placements)
        {
            var name = placement.Text("placement") ?? "";
            if (name is not ("PLACEMENT_TOP" or "PLACEMENT_REST_OF_SEARCH" or "PLACEMENT_PRODUCT_PAGE" or "SITE_AMAZON_BUSINESS"))
                throw new MalformedBodyException($"{placement.Where}.placement is not a placement.");
            percents[name] = placement.Whole("percentage") ?? 0;
        }

        return (strategy, percents.GetValueOrDefault("PLACEMENT_TOP"), percents.GetValueOrDefault("PLACEMENT_REST_OF_SEARCH"), percents.GetValueOrDefault("PLACEMENT_PRODUCT_PAGE"));
    }

    private static Func<AdAccount, WriteResult> CreateTarget(Item item)
    {
        if (item.Has("expressionType") && item.Text("expressionType") != "MANUAL")
            return Refuse(new Refused("targetingClauseSetupError", "AUTO_TARGETING_CLAUSE_CANNOT_BE_CREATED_MANUALLY", "Auto clauses are created with their ad group", "expressionType", item.Text("expressionType")));
        if (item.Objects("expression") is not { Count: > 0 } expression) return Refuse(new Refused("missingValueError", "MISSING_VALUE", "expression is required", "expression"));
        CoreMatch? match = expression[0].Text("type") switch { "ASIN_SAME_AS" => CoreMatch.Product, "ASIN_CATEGORY_SAME_AS" => CoreMatch.Category, _ => null };
        if (match is null || expression.Count != 1)
            return Refuse(new Refused("targetingClauseSetupError", "TARGETING_EXPRESSION_INVALID_VALUE", "The pretend market knows single products and categories only", "expression", expression[0].Text("type")));
        return Later(new TargetDraft(item.Id("campaignId"), item.Id("adGroupId"), match, expression[0].Text("value"), item.State(), item.Number("bid")));
    }

    private Func<AdAccount, WriteResult> CreateNegativeKeyword(Item item)
    {
        NegativeMatch? match = null;
        if (item.Text("matchType") is { } text)
        {
            if (!NegativeMatches.TryGetValue(text, out match)) throw new MalformedBodyException($"{item.Where}.matchType is not one of {string.Join(", ", NegativeMatches.Keys)}.");
            if (match is null) return Refuse(new Refused("rangeError", "NOT_IN_LIST", "Sponsored Products has no broad negatives", "matchType", text));
        }

        return OfNegative(item, match, item.Text("keywordText"));
    }

    private Func<AdAccount, WriteResult> CreateNegativeTarget(Item item)
    {
        if (item.Objects("expression") is not { Count: > 0 } expression) return Refuse(new Refused("missingValueError", "MISSING_VALUE", "expression is required", "expression"));
        if (expression.Count != 1 || expression[0].Text("type") != "ASIN_SAME_AS")
            return Refuse(new Refused("otherError", "OTHER_ERROR", "The pretend market knows single products only", "expression", expression[0].Text("type")));
        return OfNegative(item, NegativeMatch.Product, expression[0].Text("value"));
    }

    private Func<AdAccount, WriteResult> OfNegative(Item item, NegativeMatch? match, string? text)
    {
        var ofCampaign = Kind is AdEntityKind.CampaignNegativeKeyword or AdEntityKind.CampaignNegativeTarget;
        if (!ofCampaign && !item.Has("adGroupId")) return Refuse(new Refused("missingValueError", "MISSING_VALUE", "adGroupId is required", "adGroupId"));
        return Later(new NegativeDraft(item.Id("campaignId"), ofCampaign ? null : item.Id("adGroupId"), match, text, item.State()));
    }
}
