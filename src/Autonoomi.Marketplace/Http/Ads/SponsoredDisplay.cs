using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.OtherAds;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>Sponsored Display: plain JSON, lists as bodies, ids as numbers, days as YYYYMMDD.</summary>
internal sealed class SponsoredDisplay(WorldGate gate)
{
    public const string Root = "/sd/";

    private const int MaximumItems = 100;
    private static readonly OtherTargetKind[] AllKinds = [OtherTargetKind.Product, OtherTargetKind.Category, OtherTargetKind.Similar, OtherTargetKind.Audience, OtherTargetKind.Brand, OtherTargetKind.ContentCategory];

    private OtherAdAccount Account => gate.Others.Account;

    public void Map(Routes routes)
    {
        routes.Get("/sd/campaigns", call => Guarded(call, () => Listed(call, Account.Campaigns.Where(each => each.AdProduct == AdProduct.SponsoredDisplay), each => each.State, each => (each.Id, null, each.Id), "campaignIdFilter", Show)));
        routes.Put("/sd/campaigns", call => Guarded(call, () => Mutated(call, "campaignId", item =>
            Account.UpdateCampaign(AdProduct.SponsoredDisplay, OtherItems.Id(item, "campaignId") ?? -1, item.Number("budget"), OtherItems.State(item), null, null))));
        routes.Delete("/sd/campaigns/{id}", call => Guarded(call, () => Removed("campaignId", Account.UpdateCampaign(AdProduct.SponsoredDisplay, Named(call), null, EntityState.Archived, null, null))));

        routes.Get("/sd/adGroups", call => Guarded(call, () => Listed(call, Account.AdGroups.Where(each => IsDisplay(each)), each => each.State, each => (each.Id, each.Id, each.Campaign.Id), "adGroupIdFilter", Show)));
        routes.Post("/sd/adGroups", call => Guarded(call, () => Mutated(call, "adGroupId", item =>
            Account.CreateAdGroup(AdProduct.SponsoredDisplay, OtherItems.Id(item, "campaignId") ?? -1, item.Text("name") ?? "", item.Number("defaultBid")))));
        routes.Put("/sd/adGroups", call => Guarded(call, () => Mutated(call, "adGroupId", item => Account.UpdateAdGroup(AdProduct.SponsoredDisplay, OtherItems.Id(item, "adGroupId") ?? -1, OtherItems.State(item) ?? EntityState.Enabled))));
        routes.Delete("/sd/adGroups/{id}", call => Guarded(call, () => Removed("adGroupId", Account.UpdateAdGroup(AdProduct.SponsoredDisplay, Named(call), EntityState.Archived))));

        routes.Get("/sd/productAds", call => Guarded(call, () => Listed(call, Account.Ads.Where(each => IsDisplay(each.AdGroup)), each => each.State, each => (each.Id, each.AdGroup.Id, each.AdGroup.Campaign.Id), "adIdFilter", Show)));

        routes.Get("/sd/targets", call => Guarded(call, () => Listed(call, Account.Targets.Where(each => IsDisplay(each.AdGroup)), each => each.State, each => (each.Id, each.AdGroup.Id, each.AdGroup.Campaign.Id), "targetIdFilter", Show)));
        routes.Post("/sd/targets", call => Guarded(call, () => Mutated(call, "targetId", CreateTarget)));
        routes.Put("/sd/targets", call => Guarded(call, () => Mutated(call, "targetId", item =>
            Account.UpdateTarget(AdProduct.SponsoredDisplay, AllKinds, OtherItems.Id(item, "targetId") ?? -1, null, item.Number("bid"), OtherItems.State(item)))));
        routes.Delete("/sd/targets/{id}", call => Guarded(call, () => Removed("targetId", Account.UpdateTarget(AdProduct.SponsoredDisplay, AllKinds, Named(call), null, null, EntityState.Archived))));

        routes.Get("/sd/negativeTargets", call => Guarded(call, () => Listed(call, Account.Negatives.Where(each => IsDisplay(each.AdGroup)), each => each.State, each => (each.Id, each.AdGroup.Id, each.AdGroup.Campaign.Id), null, Show)));
        routes.Post("/sd/negativeTargets", call => Guarded(call, () => Mutated(call, "targetId", CreateNegative)));
        routes.Put("/sd/negativeTargets", call => Guarded(call, () => Mutated(call, "targetId", item => Account.UpdateNegative(AdProduct.SponsoredDisplay, isProduct: true, OtherItems.Id(item, "targetId") ?? -1, OtherItems.State(item)))));
        routes.Delete("/sd/negativeTargets/{id}", call => Guarded(call, () => Removed("targetId", Account.UpdateNegative(AdProduct.SponsoredDisplay, isProduct: true, Named(call), EntityState.Archived))));
    }

    private static bool IsDisplay(OtherAdGroup group) => group.Campaign.AdProduct == AdProduct.SponsoredDisplay;

    private static long Named(Call call) => long.TryParse(call.Route("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : -1;

    private Answer Guarded(Call call, Func<Answer> handle)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (call.Body.Length > 0 && call.ContentType != "application/json") return Family.Error(call.Path, 415, "UNSUPPORTED_MEDIA_TYPE", "Cannot consume content type; application/json is expected.");
        try
        {
            return handle();
        }
        catch (MalformedBodyException problem)
        {
            return Family.Error(call.Path, 400, "INVALID_ARGUMENT", problem.Message);
        }
    }

    private static Answer Listed<T>(Call call, IEnumerable<T> all, Func<T, EntityState> state, Func<T, (long Own, long? AdGroup, long Campaign)> ids, string? ownFilter, Func<T, JsonObject> show)
    {
        var wanted = OtherItems.Wanted(call, EntityState.Enabled, EntityState.Paused, EntityState.Archived);
        var (own, groups, campaigns) = (ownFilter is null ? _ => true : OtherItems.Among(call, ownFilter), OtherItems.Among(call, "adGroupIdFilter"), OtherItems.Among(call, "campaignIdFilter"));
        var found = all.Where(each => wanted.Contains(state(each)) && ids(each) is var (id, group, campaign) && own(id) && (group is null || groups(group.Value)) && campaigns(campaign));
        return Answer.Json(200, new JsonArray([.. OtherItems.Page(call, found).Select(each => (JsonNode)show(each))]));
    }

    private static Answer Mutated(Call call, string idName, Func<Item, OtherVerdict> write)
    {
        var answers = new JsonArray();
        foreach (var (index, item) in OtherItems.List(call, MaximumItems).Index())
        {
            var verdict = call.IsThrottled(index) ? OtherVerdict.No(OtherRefusal.Throttled, "Too many requests for this item.") : write(item);
            if (!call.IsSilent(index)) answers.Add(Described(idName, verdict, OtherItems.Id(item, idName)));
        }

        return Answer.Json(207, answers);
    }

    private static Answer Removed(string idName, OtherVerdict verdict) => Answer.Json(verdict.Refusal == OtherRefusal.NotFound ? 404 : 200,
        verdict.Refusal == OtherRefusal.NotFound ? new JsonObject { ["code"] = "NOT_FOUND", ["details"] = verdict.Message } : Described(idName, verdict, null));

    private static JsonObject Described(string idName, OtherVerdict verdict, long? said)
    {
        var answer = new JsonObject { ["code"] = verdict.Refusal is { } refusal ? OtherItems.Code(refusal) : "SUCCESS", ["description"] = verdict.Message };
        if ((verdict.Id ?? said) is { } id) answer[idName] = id;
        return answer;
    }

    private OtherVerdict CreateTarget(Item item)
    {
        if (item.Objects("expression") is not [var only] || item.Text("expressionType") != "manual") return OtherVerdict.No(OtherRefusal.Invalid, "The pretend market knows single products and categories only.");
        var kind = only.Text("type") switch { "asinSameAs" => OtherTargetKind.Product, "asinCategorySameAs" => OtherTargetKind.Category, _ => (OtherTargetKind?)null };
        return kind is null ? OtherVerdict.No(OtherRefusal.Invalid, "The pretend market knows single products and categories only.")
            : Account.CreateTarget(AdProduct.SponsoredDisplay, OtherItems.Id(item, "adGroupId") ?? -1, kind.Value, null, only.Text("value"), item.Number("bid"));
    }

    private OtherVerdict CreateNegative(Item item) => item.Objects("expression") is [var only] && only.Text("type") == "asinSameAs"
        ? Account.CreateNegative(AdProduct.SponsoredDisplay, OtherItems.Id(item, "adGroupId") ?? -1, OtherNegativeKind.Product, only.Text("value"))
        : OtherVerdict.No(OtherRefusal.Invalid, "The pretend market knows single products only.");

    private static JsonObject Show(OtherCampaign campaign) => new()
    {
        ["campaignId"] = campaign.Id, ["name"] = campaign.Name, ["tactic"] = campaign.ReachesAudiences ? "T00030" : "T00020", ["budgetType"] = "daily", ["budget"] = campaign.DailyBudget, ["costType"] = campaign.IsPerThousand ? "vcpm" : "cpc",
        ["startDate"] = campaign.StartDate.ToString("yyyyMMdd", CultureInfo.InvariantCulture), ["state"] = OtherItems.Word(campaign.State), ["deliveryProfile"] = "as_soon_as_possible",
    };

    private static JsonObject Show(OtherAdGroup group) => new()
    {
        ["adGroupId"] = group.Id, ["campaignId"] = group.Campaign.Id, ["name"] = group.Name, ["defaultBid"] = group.DefaultBid, ["bidOptimization"] = group.Campaign.IsPerThousand ? "reach" : "clicks",
        ["tactic"] = group.Campaign.ReachesAudiences ? "T00030" : "T00020", ["creativeType"] = "IMAGE", ["state"] = OtherItems.Word(group.State),
    };

    private JsonObject Show(OtherAd ad) => new()
    {
        ["adId"] = ad.Id, ["adGroupId"] = ad.AdGroup.Id, ["campaignId"] = ad.AdGroup.Campaign.Id, ["sku"] = gate.World.Market.Products[ad.Products[0]].Sku, ["asin"] = gate.World.Market.Products[ad.Products[0]].Asin,
        ["state"] = OtherItems.Word(ad.State),
    };

    private static JsonObject Show(OtherTarget target)
    {
        var shown = new JsonObject
        {
            ["targetId"] = target.Id, ["adGroupId"] = target.AdGroup.Id, ["campaignId"] = target.AdGroup.Campaign.Id, ["expression"] = Expression(target), ["resolvedExpression"] = Expression(target),
            ["state"] = OtherItems.Word(target.State),
        };
        if (target.Bid is { } bid) shown["bid"] = bid;
        return shown;
    }

    private static JsonObject Show(OtherNegative negative)
    {
        JsonArray Asin() => [new JsonObject { ["type"] = negative.Kind == OtherNegativeKind.Brand ? "asinBrandSameAs" : "asinSameAs", ["value"] = negative.Text }];
        return new() { ["targetId"] = negative.Id, ["adGroupId"] = negative.AdGroup.Id, ["expression"] = Asin(), ["resolvedExpression"] = Asin(), ["expressionType"] = "manual", ["state"] = OtherItems.Word(negative.State) };
    }

    private static JsonArray Expression(OtherTarget target)
    {
        switch (target.Kind)
        {
            case OtherTargetKind.Similar: return [new JsonObject { ["type"] = "similarProduct" }];
            case OtherTargetKind.Audience:
                var parts = target.Text.Split(':');
                return [new JsonObject { ["type"] = parts[0], ["value"] = new JsonArray(new JsonObject { ["type"] = parts[1] }, new JsonObject { ["type"] = "lookback", ["value"] = parts[2] }) }];
            case OtherTargetKind.Brand: return [new JsonObject { ["type"] = "asinBrandSameAs", ["value"] = target.Text }];
            case OtherTargetKind.ContentCategory: return [new JsonObject { ["type"] = "contentCategorySameAs", ["value"] = target.Text }];
            default: return [new JsonObject { ["type"] = target.Kind == OtherTargetKind.Category ? "asinCategorySameAs" : "asinSameAs", ["value"] = target.Text }];
        }
    }
}
