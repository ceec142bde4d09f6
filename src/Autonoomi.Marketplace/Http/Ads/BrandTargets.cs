using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.OtherAds;
using CoreMatch = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>Sponsored Brands version 3: keywords, negative keywords, product targets, negative targets and themes. Requests are plain JSON; answers have a media type per operation.</summary>
internal sealed class BrandTargets(WorldGate gate)
{
    public const string Root = "/sb/";
    public const string ErrorType = "application/vnd.sberror.v3.0+json";

    private const int MaximumItems = 100;
    private const int LargestPage = 5000;
    private const string KeywordAnswer = "application/vnd.sbkeywordresponse.v3+json";
    private static readonly OtherTargetKind[] Keywords = [OtherTargetKind.Keyword];
    private static readonly OtherTargetKind[] Clauses = [OtherTargetKind.Product, OtherTargetKind.Category, OtherTargetKind.Brand];
    private static readonly OtherTargetKind[] Themes = [OtherTargetKind.Theme];

    private static readonly Dictionary<string, CoreMatch> Matches = new(StringComparer.Ordinal) { ["exact"] = CoreMatch.Exact, ["phrase"] = CoreMatch.Phrase, ["broad"] = CoreMatch.Broad };

    private static readonly Dictionary<string, OtherNegativeKind> NegativeMatches = new(StringComparer.Ordinal) { ["negativeExact"] = OtherNegativeKind.Exact, ["negativePhrase"] = OtherNegativeKind.Phrase };

    private OtherAdAccount Account => gate.Others.Account;

    public void Map(Routes routes)
    {
        routes.Get("/sb/keywords", call => Guarded(call, () => Listed(call, "application/vnd.sbkeyword.v3.2+json", Targets(Keywords).Where(Filter<OtherTarget>(call, each => (each.Id, each.AdGroup, each.State), EntityState.Enabled, EntityState.Paused)), ShowKeyword)));
        routes.Post("/sb/keywords", call => Guarded(call, () => Ordered(call, item => Account.CreateTarget(
            AdProduct.SponsoredBrands, OtherItems.Id(item, "adGroupId") ?? -1, OtherTargetKind.Keyword, item.Choice("matchType", Matches) ?? CoreMatch.Broad, item.Text("keywordText"), item.Number("bid")))));
        routes.Put("/sb/keywords", call => Guarded(call, () => Ordered(call, item => NeedsThree(item, id =>
            Account.UpdateTarget(AdProduct.SponsoredBrands, Keywords, id, OtherItems.Id(item, "adGroupId"), item.Number("bid"), OtherItems.State(item))))));

        routes.Get("/sb/negativeKeywords", call => Guarded(call, () => Listed(call, "application/vnd.sbnegativekeyword.v3.2+json",
            Negatives(isProduct: false).Where(Filter<OtherNegative>(call, each => (each.Id, each.AdGroup, each.State), EntityState.Enabled, EntityState.Paused, EntityState.Archived)), ShowNegativeKeyword)));
        routes.Post("/sb/negativeKeywords", call => Guarded(call, () => Ordered(call, item => Account.CreateNegative(
            AdProduct.SponsoredBrands, OtherItems.Id(item, "adGroupId") ?? -1, item.Choice("matchType", NegativeMatches) ?? throw new MalformedBodyException($"{item.Where}.matchType is required."), item.Text("keywordText")))));
        routes.Put("/sb/negativeKeywords", call => Guarded(call, () => Ordered(call, item => NeedsThree(item, id => Account.UpdateNegative(AdProduct.SponsoredBrands, isProduct: false, id, OtherItems.State(item))))));

        routes.Post("/sb/targets/list", call => Guarded(call, () => Filtered(call, "targets", "application/vnd.sblisttargetsresponse.v3.2+json", Targets(Clauses), each => (each.AdGroup, each.State), ShowClause)));
        routes.Post("/sb/targets", call => Guarded(call, () => Indexed(call, "targets", "application/vnd.sbcreatetargetsresponse.v3+json", "createTarget", CreateClause)));
        routes.Put("/sb/targets", call => Guarded(call, () => Indexed(call, "targets", "application/vnd.updatetargetsresponse.v3+json", "updateTarget", item =>
            Account.UpdateTarget(AdProduct.SponsoredBrands, Clauses, OtherItems.Id(item, "targetId") ?? -1, OtherItems.Id(item, "adGroupId"), item.Number("bid"), OtherItems.State(item)))));

        routes.Post("/sb/negativeTargets/list", call => Guarded(call, () => Filtered(call, "negativeTargets", "application/vnd.sblistnegativetargetsresponse.v3.2+json", Negatives(isProduct: true), each => (each.AdGroup, each.State), ShowNegativeClause)));
        routes.Post("/sb/negativeTargets", call => Guarded(call, () => Indexed(call, "negativeTargets", "application/vnd.sbcreatenegativetargetsrequest.v3+json", "createTarget", CreateNegativeClause)));
        routes.Put("/sb/negativeTargets", call => Guarded(call, () => Indexed(call, "negativeTargets", "application/vnd.updatenegativetargetsresponse.v3+json", "updateTarget", item =>
            Account.UpdateNegative(AdProduct.SponsoredBrands, isProduct: true, OtherItems.Id(item, "targetId") ?? -1, OtherItems.State(item)))));

        routes.Post("/sb/themes/list", call => Guarded(call, () => ListThemes(call)));
        routes.Put("/sb/themes", call => Guarded(call, () => UpdateThemes(call)));
    }

    private IEnumerable<OtherTarget> Targets(OtherTargetKind[] kinds) => Account.Targets.Where(each => each.AdGroup.Campaign.AdProduct == AdProduct.SponsoredBrands && kinds.Contains(each.Kind));

    private IEnumerable<OtherNegative> Negatives(bool isProduct) =>
        Account.Negatives.Where(each => each.AdGroup.Campaign.AdProduct == AdProduct.SponsoredBrands && each.IsClause == isProduct);

    private Answer Guarded(Call call, Func<Answer> handle)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (call.Body.Length > 0 && call.ContentType != "application/json") return Family.Error(call.Path, 415, "UNSUPPORTED_MEDIA_TYPE", "Cannot consume content type.");
        try
        {
            return handle();
        }
        catch (MalformedBodyException problem)
        {
            return Family.Error(call.Path, 400, "INVALID_ARGUMENT", problem.Message);
        }
    }

    /// <summary>Without the version in Accept only campaigns of the old kind come back, and this seller has none.</summary>
    private static bool IsVersioned(Call call, string mediaType) => call.Header("Accept")?.Contains(mediaType, StringComparison.Ordinal) == true;

    private static Func<T, bool> Filter<T>(Call call, Func<T, (long Id, OtherAdGroup AdGroup, EntityState State)> of, params EntityState[] otherwise)
    {
        var (wanted, own, groups, campaigns) = (OtherItems.Wanted(call, otherwise), OtherItems.Among(call, "keywordIdFilter"), OtherItems.Among(call, "adGroupIdFilter"), OtherItems.Among(call, "campaignIdFilter"));
        return each => of(each) is var (id, group, state) && wanted.Contains(state) && own(id) && groups(group.Id) && campaigns(group.Campaign.Id);
    }

    private static Answer Listed<T>(Call call, string mediaType, IEnumerable<T> all, Func<T, JsonObject> show) =>
        Answer.Json(200, new JsonArray([.. OtherItems.Page(call, IsVersioned(call, mediaType) ? all : []).Select(each => (JsonNode)show(each))]), mediaType);

    private static Answer Filtered<T>(Call call, string key, string mediaType, IEnumerable<T> all, Func<T, (OtherAdGroup AdGroup, EntityState State)> of, Func<T, JsonObject> show)
    {
        var body = new Item(call.Json() ?? throw new MalformedBodyException("The body is not a JSON object."), "$");
        var found = IsVersioned(call, mediaType) ? all : [];
        foreach (var filter in body.Objects("filters") ?? [])
        {
            var values = (filter.Fields["values"] as JsonArray ?? throw new MalformedBodyException($"{filter.Where}.values is required.")).Select(value => value?.ToString() ?? "").ToHashSet(StringComparer.Ordinal);
            found = filter.Text("filterType") switch
            {
                "TARGETING_STATE" => found.Where(each => values.Contains(OtherItems.Word(of(each).State))),
                "CAMPAIGN_ID" => found.Where(each => values.Contains(AdView.Id2(of(each).AdGroup.Campaign.Id))),
                "AD_GROUP_ID" => found.Where(each => values.Contains(AdView.Id2(of(each).AdGroup.Id))),
                "CREATIVE_TYPE" => found,
                _ => throw new MalformedBodyException($"{filter.Where}.filterType is not known."),
            };
        }

        return Paged(body, key, mediaType, [.. found], show);
    }

    private static Answer Paged<T>(Item body, string key, string mediaType, List<T> found, Func<T, JsonObject> show)
    {
        var size = Math.Min(body.Whole("maxResults") ?? LargestPage, LargestPage);
        var start = body.Text("nextToken") is not { } token ? 0 : int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var from) ? from : throw new MalformedBodyException("$.nextToken does not belong to this request.");
        var answer = new JsonObject { [key] = new JsonArray([.. found.Skip(start).Take(size).Select(each => (JsonNode)show(each))]) };
        if (start + size < found.Count) answer["nextToken"] = (start + size).ToString(CultureInfo.InvariantCulture);
        return Answer.Json(200, answer, mediaType);
    }

    private static OtherVerdict NeedsThree(Item item, Func<long, OtherVerdict> write) => OtherItems.Id(item, "keywordId") is { } id && OtherItems.Id(item, "adGroupId") is not null && OtherItems.Id(item, "campaignId") is not null
        ? write(id)
        : OtherVerdict.No(OtherRefusal.Invalid, "keywordId, adGroupId and campaignId are required.");

    private static OtherVerdict Judge(Call call, int index, Func<OtherVerdict> write) => call.IsThrottled(index) ? OtherVerdict.No(OtherRefusal.Throttled, "Too many requests for this item.") : write();

    private static Answer Ordered(Call call, Func<Item, OtherVerdict> write)
    {
        var answers = new JsonArray();
        foreach (var (index, item) in OtherItems.List(call, MaximumItems).Index())
        {
            var verdict = Judge(call, index, () => write(item));
            if (call.IsSilent(index)) continue;
            var answer = new JsonObject { ["code"] = verdict.Refusal is { } refusal ? OtherItems.Code(refusal) : "SUCCESS", ["description"] = verdict.Message };
            if ((verdict.Id ?? OtherItems.Id(item, "keywordId")) is { } id) answer["keywordId"] = id;
            answers.Add(answer);
        }

        return Answer.Json(207, answers, KeywordAnswer);
    }

    private static Answer Indexed(Call call, string key, string mediaType, string prefix, Func<Item, OtherVerdict> write)
    {
        var success = new JsonArray();
        var error = new JsonArray();
        foreach (var (index, item) in Items(call, key).Index())
        {
            var verdict = Judge(call, index, () => write(item));
            if (call.IsSilent(index)) continue;
            if (verdict.Id is { } id) success.Add(new JsonObject { ["targetRequestIndex"] = index, ["targetId"] = id });
            else
            {
                var wrong = new JsonObject { ["targetRequestIndex"] = index, ["code"] = OtherItems.Code(verdict.Refusal!.Value), ["details"] = verdict.Message };
                if (OtherItems.Id(item, "targetId") is { } said) wrong["targetId"] = said;
                error.Add(wrong);
            }
        }

        return Answer.Json(200, new JsonObject { [prefix + "SuccessResults"] = success, [prefix + "ErrorResults"] = error }, mediaType);
    }

    private static IReadOnlyList<Item> Items(Call call, string key)
    {
        var body = new Item(call.Json() ?? throw new MalformedBodyException("The body is not a JSON object."), "$");
        var items = body.Objects(key) ?? throw new MalformedBodyException($"$.{key} is required.");
        return items.Count is > 0 and <= MaximumItems ? items : throw new MalformedBodyException($"$.{key} holds {items.Count} items; 1 to {MaximumItems} are allowed.");
    }

    private OtherVerdict CreateClause(Item item)
    {
        if (item.Objects("expressions") is not [var only]) return OtherVerdict.No(OtherRefusal.Invalid, "The pretend market knows single products and categories only.");
        var kind = only.Text("type") switch { "asinSameAs" => OtherTargetKind.Product, "asinCategorySameAs" => OtherTargetKind.Category, _ => (OtherTargetKind?)null };
        return kind is null ? OtherVerdict.No(OtherRefusal.Invalid, "The pretend market knows single products and categories only.")
            : Account.CreateTarget(AdProduct.SponsoredBrands, OtherItems.Id(item, "adGroupId") ?? -1, kind.Value, null, only.Text("value"), item.Number("bid"));
    }

    private OtherVerdict CreateNegativeClause(Item item) => item.Objects("expressions") is [var only] && only.Text("type") == "asinSameAs"
        ? Account.CreateNegative(AdProduct.SponsoredBrands, OtherItems.Id(item, "adGroupId") ?? -1, OtherNegativeKind.Product, only.Text("value"))
        : OtherVerdict.No(OtherRefusal.Invalid, "The pretend market knows single products only.");

    private Answer ListThemes(Call call)
    {
        var body = new Item(call.Json() ?? throw new MalformedBodyException("The body is not a JSON object."), "$");
        IReadOnlyList<string>? Include(string name) => body.Object(name)?.Texts("include") is { Count: > 0 } texts ? texts : null;
        var (own, groups, campaigns, states) = (Include("themeIdFilter"), Include("adGroupIdFilter"), Include("campaignIdFilter"), Include("stateFilter"));
        var found = Targets(Themes).Where(each => own?.Contains(AdView.Id2(each.Id)) != false && groups?.Contains(AdView.Id2(each.AdGroup.Id)) != false
            && campaigns?.Contains(AdView.Id2(each.AdGroup.Campaign.Id)) != false && states?.Contains(OtherItems.Word(each.State)) != false);
        return Paged(body, "themes", "application/vnd.sbthemeslistresponse.v3+json", [.. found], ShowTheme);
    }

    private Answer UpdateThemes(Call call)
    {
        var success = new JsonArray();
        var error = new JsonArray();
        foreach (var (index, item) in Items(call, "themes").Index())
        {
            var verdict = Judge(call, index, () => Account.UpdateTarget(AdProduct.SponsoredBrands, Themes, item.Id("themeId") ?? -1, item.Id("adGroupId"), item.Number("bid"), OtherItems.State(item)));
            if (call.IsSilent(index)) continue;
            if (verdict.Id is { } id) success.Add(new JsonObject { ["index"] = index, ["themeId"] = AdView.Id2(id) });
            else error.Add(new JsonObject { ["index"] = index, ["themeId"] = item.Text("themeId"), ["code"] = OtherItems.Code(verdict.Refusal!.Value), ["details"] = verdict.Message });
        }

        return Answer.Json(200, new JsonObject { ["success"] = success, ["error"] = error }, "application/vnd.sbthemesupdateresponse.v3+json");
    }

    private static JsonObject ShowKeyword(OtherTarget target) => new()
    {
        ["keywordId"] = target.Id, ["adGroupId"] = target.AdGroup.Id, ["campaignId"] = target.AdGroup.Campaign.Id, ["keywordText"] = target.Text, ["matchType"] = OtherItems.Word(target.Match),
        ["state"] = OtherItems.Word(target.State), ["bid"] = target.Bid,
    };

    private static JsonObject ShowNegativeKeyword(OtherNegative negative) => new()
    {
        ["keywordId"] = negative.Id, ["adGroupId"] = negative.AdGroup.Id, ["campaignId"] = negative.AdGroup.Campaign.Id, ["keywordText"] = negative.Text,
        ["matchType"] = negative.Kind == OtherNegativeKind.Exact ? "negativeExact" : "negativePhrase", ["state"] = OtherItems.Word(negative.State),
    };

    private static JsonObject ShowClause(OtherTarget target)
    {
        JsonArray Expression() => [new JsonObject { ["type"] = target.Kind switch { OtherTargetKind.Category => "asinCategorySameAs", OtherTargetKind.Brand => "asinBrandSameAs", _ => "asinSameAs" }, ["value"] = target.Text }];
        return new()
        {
            ["targetId"] = target.Id, ["adGroupId"] = target.AdGroup.Id, ["campaignId"] = target.AdGroup.Campaign.Id, ["expressions"] = Expression(), ["resolvedExpressions"] = Expression(),
            ["state"] = OtherItems.Word(target.State), ["bid"] = target.Bid,
        };
    }

    // One object where targets have a list: as the schema draws it.
    private static JsonObject ShowNegativeClause(OtherNegative negative)
    {
        JsonObject Expression() => new() { ["type"] = negative.Kind == OtherNegativeKind.Brand ? "asinBrandSameAs" : "asinSameAs", ["value"] = negative.Text };
        return new()
        {
            ["targetId"] = negative.Id, ["adGroupId"] = negative.AdGroup.Id, ["campaignId"] = negative.AdGroup.Campaign.Id, ["expressions"] = Expression(), ["resolvedExpressions"] = Expression(), ["state"] = OtherItems.Word(negative.State),
        };
    }

    private static JsonObject ShowTheme(OtherTarget target) => new()
    {
        ["themeId"] = AdView.Id2(target.Id), ["adGroupId"] = AdView.Id2(target.AdGroup.Id), ["campaignId"] = AdView.Id2(target.AdGroup.Campaign.Id), ["themeType"] = target.Text, ["state"] = OtherItems.Word(target.State), ["bid"] = target.Bid,
    };
}
