using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.Ads.V1;

/// <summary>Ads API v1: four verbs over four kinds of thing, one grammar for all advertising products, over the same account as the older APIs.</summary>
internal sealed class UnifiedAds(WorldGate gate, IReadOnlyList<IUnifiedProduct> products)
{
    public const string Root = "/adsApi/v1/";
    private static readonly Refused Throttled = new("throttledError", "THROTTLED", "Too many requests for this item");

    public void Map(Routes routes)
    {
        foreach (var resource in UnifiedResource.All)
        {
            routes.Post($"{Root}query/{resource.Key}", call => Guarded(call, body => Query(resource, body)));
            routes.Post($"{Root}create/{resource.Key}", call => Guarded(call, body => Create(resource, call, body)));
            routes.Post($"{Root}update/{resource.Key}", call => Guarded(call, body => Update(resource, call, body)));
            routes.Post($"{Root}delete/{resource.Key}", call => Guarded(call, body => Delete(resource, call, body)));
        }
    }

    private Answer Guarded(Call call, Func<Item, Answer> handle)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (call.ContentType != "application/json") return Invalid(call, "The content type is application/json.");
        if (call.Json() is not { } body) return Invalid(call, "The body is not a JSON object.");
        try
        {
            return handle(new Item(body, "$"));
        }
        catch (MalformedBodyException problem)
        {
            return Invalid(call, problem.Message);
        }
    }

    private Answer Create(UnifiedResource resource, Call call, Item body)
    {
        var writes = Items(resource, body).Select(item =>
        {
            var product = Named(item.Text("adProduct") ?? throw new MalformedBodyException($"{item.Where}.adProduct is required."), $"{item.Where}.adProduct");
            return (Product: (IUnifiedProduct?)product, Write: product.Create(resource.Kind, item));
        }).ToList();
        return Verdicts(resource, call, writes);
    }

    private Answer Update(UnifiedResource resource, Call call, Item body)
    {
        var writes = Items(resource, body).Select(item =>
        {
            if (item.Text(resource.Id) is null) throw new MalformedBodyException($"{item.Where}.{resource.Id} is required.");
            return item.Id(resource.Id) is { } id && Owner(resource, id) is { } product ? (product, product.Update(resource.Kind, id, item)) : ((IUnifiedProduct?)null, (Func<WriteResult>)(() => NotFound(resource)));
        }).ToList();
        return Verdicts(resource, call, writes);
    }

    private Answer Delete(UnifiedResource resource, Call call, Item body)
    {
        var ids = body.Texts(resource.Id + "s") is { Count: > 0 } given ? given : throw new MalformedBodyException($"$.{resource.Id}s is required.");
        var writes = ids.Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Owner(resource, id) is { } product
            ? (product, () => product.Archive(resource.Kind, id))
            : ((IUnifiedProduct?)null, (Func<WriteResult>)(() => NotFound(resource)))).ToList();
        return Verdicts(resource, call, writes);
    }

    private static Answer Verdicts(UnifiedResource resource, Call call, IReadOnlyList<(IUnifiedProduct? Product, Func<WriteResult> Write)> writes)
    {
        var most = writes.Min(each => each.Product?.Limits(resource.Kind).Items ?? int.MaxValue);
        if (writes.Count > most) throw new MalformedBodyException($"$.{resource.Key} holds {writes.Count} items; at most {most} are allowed.");
        var error = new JsonArray();
        var done = new List<(int Index, IUnifiedProduct Product, long Id)>();
        foreach (var (index, (product, write)) in writes.Index())
        {
            var result = call.IsThrottled(index) ? Throttled : write();
            if (call.IsSilent(index)) continue;
            if (result is Accepted accepted) done.Add((index, product!, accepted.Id));
            else error.Add(new JsonObject { ["index"] = index, ["errors"] = new JsonArray(UnifiedErrors.Describe((Refused)result, $"{resource.Key}[{index}]")) });
        }

        return Answer.Json(207, new JsonObject { ["success"] = Shown(resource, done), ["error"] = error });
    }

    private Answer Query(UnifiedResource resource, Item body)
    {
        var asked = body.Object("adProductFilter")?.Texts("include") ?? throw new MalformedBodyException("$.adProductFilter.include is required.");
        if (asked.Count != 1) throw new MalformedBodyException("$.adProductFilter.include holds exactly one value.");
        var product = Named(asked[0], "$.adProductFilter.include[0]");
        var limits = product.Limits(resource.Kind);
        var filters = Filters(resource, body, limits);
        var maximum = body.Whole("maxResults") ?? limits.Page;
        if (maximum < 1 || maximum > limits.Page) throw new MalformedBodyException($"$.maxResults is from 1 to {limits.Page}.");

        var mark = PageMark.Of(body);
        var after = 0L;
        if (body.Text("nextToken") is { } token && !PageMark.TryRead(token, mark, out after)) throw new MalformedBodyException("$.nextToken does not belong to this request.");
        var found = product.All(resource.Kind).Where(view => filters.TrueForAll(filter => filter(view))).OrderBy(view => view.Id).ToList();
        var page = found.Where(view => view.Id > after).Take(maximum).ToList();
        var answer = new JsonObject { [resource.Key] = new JsonArray([.. page.Select(view => (JsonNode)view.Body())]) };
        if (page.Count > 0 && page[^1].Id != found[^1].Id) answer["nextToken"] = PageMark.Make(page[^1].Id, mark);
        return Answer.Json(200, answer);
    }

    private static List<Predicate<UnifiedView>> Filters(UnifiedResource resource, Item body, UnifiedLimits limits)
    {
        var filters = new List<Predicate<UnifiedView>>();
        if (Include(body, resource.Id + "Filter", limits.Ids) is { } own) filters.Add(view => own.Contains(AdView.Id2(view.Id)));
        if (resource.Kind != UnifiedKind.Campaign && Include(body, "campaignIdFilter", limits.Parents) is { } campaigns) filters.Add(view => campaigns.Contains(AdView.Id2(view.CampaignId)));
        if (resource.Kind is UnifiedKind.Ad or UnifiedKind.Target && Include(body, "adGroupIdFilter", limits.Parents) is { } groups) filters.Add(view => view.AdGroupId is { } group && groups.Contains(AdView.Id2(group)));
        if (Include(body, "stateFilter", 3) is { } states) filters.Add(view => states.Contains(AdView.StateWord(view.State)));
        if (Include(body, "portfolioIdFilter", limits.Parents) is { } portfolios) filters.Add(view => view.PortfolioId is { } portfolio && portfolios.Contains(AdView.Id2(portfolio)));
        if (Include(body, "targetTypeFilter", 4) is { } types) filters.Add(view => types.Contains(view.TargetType!));
        if (Include(body, "matchTypeFilter", 10) is { } matches) filters.Add(view => matches.Contains(view.Match!));
        if (body.Object("negativeFilter") is { } negative)
        {
            var wanted = negative.Fields["include"] is JsonArray { Count: 1 } one && one[0] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : throw new MalformedBodyException("$.negativeFilter.include holds exactly one of true and false.");
            filters.Add(view => view.Negative == wanted);
        }

        foreach (var name in new[] { "nameFilter", "keywordFilter", "productIdFilter" })
        {
            if (Include(body, name, 100) is not { } words) continue;
            filters.Add(body.Object(name)!.Value.Text("queryTermMatchType") == "BROAD_MATCH"
                ? view => words.Any(each => view.Text.Contains(each, StringComparison.OrdinalIgnoreCase))
                : view => words.Any(each => view.Text.Equals(each, StringComparison.OrdinalIgnoreCase)));
        }

        return filters;
    }

    private static HashSet<string>? Include(Item body, string filter, int maximum)
    {
        if (body.Object(filter) is not { } item) return null;
        var ids = item.Texts("include") is { Count: > 0 } given ? given : throw new MalformedBodyException($"{item.Where}.include is required.");
        return ids.Count <= maximum ? [.. ids] : throw new MalformedBodyException($"{item.Where}.include holds {ids.Count} entries; at most {maximum} are allowed.");
    }

    private static IReadOnlyList<Item> Items(UnifiedResource resource, Item body) =>
        body.Objects(resource.Key) is { Count: > 0 } items ? items : throw new MalformedBodyException($"$.{resource.Key} is required.");

    private IUnifiedProduct Named(string name, string where) =>
        products.FirstOrDefault(each => each.Name == name) ?? throw new MalformedBodyException($"{where} is not one of {string.Join(", ", products.Select(each => each.Name))}.");

    private IUnifiedProduct? Owner(UnifiedResource resource, long id) => products.FirstOrDefault(each => each.Has(resource.Kind, id));

    // Only what was written is looked up again, product by product.
    private static JsonArray Shown(UnifiedResource resource, List<(int Index, IUnifiedProduct Product, long Id)> done)
    {
        var bodies = new Dictionary<long, UnifiedView>();
        foreach (var group in done.GroupBy(each => each.Product))
        {
            var wanted = group.Select(each => each.Id).ToHashSet();
            foreach (var view in group.Key.All(resource.Kind).Where(view => wanted.Contains(view.Id))) bodies[view.Id] = view;
        }

        return [.. done.Select(each => (JsonNode)new JsonObject { ["index"] = each.Index, [resource.Single] = bodies[each.Id].Body() })];
    }

    private static Refused NotFound(UnifiedResource resource) => new("entityNotFoundError", "ENTITY_NOT_FOUND", "No such entity.", resource.Id);

    private static Answer Invalid(Call call, string message) => Family.Error(call.Path, 400, "BAD_REQUEST", message);
}
