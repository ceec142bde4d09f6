using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.OtherAds;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>Sponsored Brands version 4: campaigns, ad groups and ads. Ids as text, upper-case words, 10 items a write, pages of 100.</summary>
internal sealed class SponsoredBrands(WorldGate gate)
{
    public const string Root = "/sb/v4/";

    private const int MaximumItems = 10;
    private const int LargestPage = 100;
    private static readonly Dictionary<string, EntityState> States = new(StringComparer.Ordinal) { ["ENABLED"] = EntityState.Enabled, ["PAUSED"] = EntityState.Paused };

    private static readonly Dictionary<string, BrandPlacement> Placements = new(StringComparer.Ordinal)
    {
        ["TOP_OF_SEARCH"] = BrandPlacement.TopOfSearch, ["OTHER"] = BrandPlacement.Other, ["DETAIL_PAGE"] = BrandPlacement.DetailPage, ["HOME"] = BrandPlacement.Home,
    };

    private OtherAdAccount Account => gate.Others.Account;

    /// <summary>Requests, answers and refusals of one entity have one media type.</summary>
    public static string MediaType(string path) => $"application/vnd.sb{(path.StartsWith("/sb/v4/campaigns", StringComparison.Ordinal) ? "campaign" : path.StartsWith("/sb/v4/adGroups", StringComparison.Ordinal) ? "adgroup" : "ad")}resource.v4+json";

    public void Map(Routes routes)
    {
        routes.Post("/sb/v4/campaigns/list", call => Guarded(call, body => Listed(call, body, "campaigns", "totalCount", Account.Campaigns.Where(each => each.AdProduct == AdProduct.SponsoredBrands), each => each.State, each => (each.Id, null, each.Id), "campaignIdFilter", Show)));
        routes.Put("/sb/v4/campaigns", call => Guarded(call, body => Mutated(call, body, "campaigns", "campaignId", Update)));
        routes.Post("/sb/v4/campaigns/delete", call => Guarded(call, body => Archived(call, body, "campaigns", "campaignId", "campaignIdFilter", id => Account.UpdateCampaign(AdProduct.SponsoredBrands, id, null, EntityState.Archived, null, null))));
        routes.Post("/sb/v4/adGroups/list", call => Guarded(call, body => Listed(call, body, "adGroups", "totalResults", Account.AdGroups.Where(each => IsBrands(each)), each => each.State, each => (each.Id, each.Id, each.Campaign.Id), "adGroupIdFilter", Show)));
        routes.Post("/sb/v4/adGroups", call => Guarded(call, body => Mutated(call, body, "adGroups", "adGroupId", item => Account.CreateAdGroup(AdProduct.SponsoredBrands, item.Id("campaignId") ?? -1, item.Text("name") ?? "", null))));
        routes.Put("/sb/v4/adGroups", call => Guarded(call, body => Mutated(call, body, "adGroups", "adGroupId", item => Account.UpdateAdGroup(AdProduct.SponsoredBrands, item.Id("adGroupId") ?? -1, item.Choice("state", States) ?? EntityState.Enabled))));
        routes.Post("/sb/v4/adGroups/delete", call => Guarded(call, body => Archived(call, body, "adGroups", "adGroupId", "adGroupIdFilter", id => Account.UpdateAdGroup(AdProduct.SponsoredBrands, id, EntityState.Archived))));
        routes.Post("/sb/v4/ads/list", call => Guarded(call, body => Listed(call, body, "ads", "totalResults", Account.Ads.Where(each => IsBrands(each.AdGroup)), each => each.State, each => (each.Id, each.AdGroup.Id, each.AdGroup.Campaign.Id), "adIdFilter", Show)));
    }

    private static bool IsBrands(OtherAdGroup group) => group.Campaign.AdProduct == AdProduct.SponsoredBrands;

    private Answer Guarded(Call call, Func<Item, Answer> handle)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;

        // A wrong media type is hidden as a path that is not there (ads-advanced-tools-docs issue 310).
        if (call.ContentType != MediaType(call.Path)) return Family.Error(call.Path, 404, "NOT_FOUND", "Could not find resource for the path.");
        if (call.Json() is not { } body) return Family.Error(call.Path, 400, "INVALID_ARGUMENT", "The body is not a JSON object.");
        try
        {
            return handle(new Item(body, "$"));
        }
        catch (MalformedBodyException problem)
        {
            return Family.Error(call.Path, 400, "INVALID_ARGUMENT", problem.Message);
        }
    }

    private OtherVerdict Update(Item item)
    {
        var bidding = item.Object("bidding");
        Dictionary<BrandPlacement, int>? adjustments = null;
        if (bidding?.Objects("bidAdjustmentsByPlacement") is { } list)
            adjustments = list.ToDictionary(each => each.Choice("placement", Placements) ?? throw new MalformedBodyException($"{each.Where}.placement is required."), each => each.Whole("percentage") ?? 0);
        bool? isAutomatic = bidding is { } given && given.Has("bidOptimization") ? given.Flag("bidOptimization") : null;
        return Account.UpdateCampaign(AdProduct.SponsoredBrands, item.Id("campaignId") ?? -1, item.Number("budget"), item.Choice("state", States), isAutomatic, adjustments);
    }

    private static Answer Listed<T>(Call call, Item body, string key, string total, IEnumerable<T> all, Func<T, EntityState> state, Func<T, (long Own, long? AdGroup, long Campaign)> ids, string ownFilter, Func<T, JsonObject> show)
    {
        var (own, groups, campaigns) = (Include(body, ownFilter), Include(body, "adGroupIdFilter"), Include(body, "campaignIdFilter"));
        var states = body.Object("stateFilter")?.Texts("include");
        var found = all.Where(each => ids(each) is var (id, group, campaign) && own(id) && (group is null || groups(group.Value)) && campaigns(campaign) && (states is not { Count: > 0 } || states.Contains(AdView.StateWord(state(each))))).ToList();
        var size = Math.Min(body.Whole("maxResults") ?? LargestPage, LargestPage);
        var start = body.Text("nextToken") is not { } token ? 0 : int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var from) ? from : throw new MalformedBodyException("$.nextToken does not belong to this request.");
        var answer = new JsonObject { [key] = new JsonArray([.. found.Skip(start).Take(size).Select(each => (JsonNode)show(each))]), [total] = found.Count };
        if (start + size < found.Count) answer["nextToken"] = (start + size).ToString(CultureInfo.InvariantCulture);
        return Answer.Json(200, answer, MediaType(call.Path));
    }

    private static Func<long, bool> Include(Item body, string filter)
    {
        if (body.Object(filter)?.Texts("include") is not { Count: > 0 } texts) return _ => true;
        if (texts.Count > MaximumItems) throw new MalformedBodyException($"$.{filter}.include holds {texts.Count} entries; at most {MaximumItems} are allowed.");
        var ids = texts.ToHashSet(StringComparer.Ordinal);
        return id => ids.Contains(AdView.Id2(id));
    }

    private static Answer Mutated(Call call, Item body, string key, string idName, Func<Item, OtherVerdict> write)
    {
        var items = body.Objects(key) ?? throw new MalformedBodyException($"$.{key} is required.");
        if (items.Count is 0 or > MaximumItems) throw new MalformedBodyException($"$.{key} holds {items.Count} items; 1 to {MaximumItems} are allowed.");
        return Verdicts(call, key, idName, items.Select((item, index) => (call.IsThrottled(index) ? OtherVerdict.No(OtherRefusal.Throttled, "Too many requests for this item.") : write(item), item.Where)));
    }

    private static Answer Archived(Call call, Item body, string key, string idName, string filter, Func<long, OtherVerdict> archive)
    {
        var ids = body.Object(filter)?.Texts("include") ?? throw new MalformedBodyException($"$.{filter}.include is required.");
        if (ids.Count > MaximumItems) throw new MalformedBodyException($"$.{filter}.include holds {ids.Count} ids; at most {MaximumItems} are allowed.");
        return Verdicts(call, key, idName, ids.Select((text, index) => (archive(long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1), $"$.{filter}.include[{index}]")));
    }

    // A list without items is left out: the schema wants at least one.
    private static Answer Verdicts(Call call, string key, string idName, IEnumerable<(OtherVerdict Verdict, string Where)> verdicts)
    {
        var success = new JsonArray();
        var error = new JsonArray();
        foreach (var (index, (verdict, where)) in verdicts.Index())
        {
            if (call.IsSilent(index)) continue;
            if (verdict.Id is { } id) success.Add(new JsonObject { ["index"] = index, [idName] = AdView.Id2(id) });
            else error.Add(new JsonObject { ["index"] = index, ["errors"] = new JsonArray(Describe(verdict, where)) });
        }

        var lists = new JsonObject();
        if (success.Count > 0) lists["success"] = success;
        if (error.Count > 0) lists["error"] = error;
        return Answer.Json(207, new JsonObject { [key] = lists }, MediaType(call.Path));
    }

    private static JsonObject Describe(OtherVerdict verdict, string where)
    {
        var (selector, reason) = verdict.Refusal switch
        {
            OtherRefusal.BudgetOutOfRange => ("budgetError", "BUDGET_OUT_OF_MARKET_PLACE_RANGE"),
            OtherRefusal.BidOutOfRange => ("biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE"),
            OtherRefusal.NotFound => ("otherError", "ENTITY_NOT_FOUND"),
            OtherRefusal.Duplicate => ("otherError", "DUPLICATE_VALUE"),
            OtherRefusal.Throttled => ("otherError", "THROTTLED"),
            OtherRefusal.Archived => ("otherError", "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED"),
            OtherRefusal.ParentArchived => ("otherError", "PARENT_ARCHIVED_FORBIDS_UPDATES"),
            _ => ("otherError", "OTHER_ERROR"),
        };
        return new JsonObject { ["errorType"] = selector, ["errorValue"] = new JsonObject { [selector] = new JsonObject { ["reason"] = reason, ["message"] = verdict.Message, ["cause"] = new JsonObject { ["location"] = where } } } };
    }

    private static JsonObject Show(OtherCampaign campaign) => new()
    {
        ["campaignId"] = AdView.Id2(campaign.Id), ["name"] = campaign.Name, ["state"] = AdView.StateWord(campaign.State), ["budget"] = campaign.DailyBudget, ["budgetType"] = "DAILY",
        ["startDate"] = campaign.StartDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["costType"] = campaign.IsPerThousand ? "VCPM" : "CPC", ["goal"] = campaign.IsPerThousand ? "BRAND_IMPRESSION_SHARE" : "PAGE_VISIT", ["isMultiAdGroupsEnabled"] = true,
        ["bidding"] = new JsonObject
        {
            ["bidOptimization"] = campaign.IsBidAutomatic,
            ["bidAdjustmentsByPlacement"] = new JsonArray([.. campaign.Adjustments.OrderBy(each => each.Key).Select(each => (JsonNode)new JsonObject { ["placement"] = Placements.First(word => word.Value == each.Key).Key, ["percentage"] = each.Value })]),
        },
    };

    private static JsonObject Show(OtherAdGroup group) => new()
    {
        ["adGroupId"] = AdView.Id2(group.Id), ["campaignId"] = AdView.Id2(group.Campaign.Id), ["name"] = group.Name, ["state"] = AdView.StateWord(group.State),
    };

    private JsonObject Show(OtherAd ad) => new()
    {
        ["adId"] = AdView.Id2(ad.Id), ["adGroupId"] = AdView.Id2(ad.AdGroup.Id), ["campaignId"] = AdView.Id2(ad.AdGroup.Campaign.Id), ["name"] = ad.AdGroup.Name, ["state"] = AdView.StateWord(ad.State),
        ["creative"] = new JsonObject
        {
            ["type"] = "PRODUCT_COLLECTION", ["brandName"] = gate.World.StoreName, ["creativeStatus"] = "PUBLISHED",
            ["asins"] = new JsonArray([.. ad.Products.Select(product => (JsonNode)gate.World.Market.Products[product].Asin)]),
        },
    };
}
