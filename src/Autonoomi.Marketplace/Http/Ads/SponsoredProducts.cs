using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.Http.Ads.Services;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>Sponsored Products v3: nine entity services with one grammar. Every item of a mutation is judged alone.</summary>
internal sealed class SponsoredProducts(WorldGate gate)
{
    private const int MaximumItems = 1000;
    private static readonly Refused Throttled = new("throttledError", "THROTTLED", "Too many requests for this item");

    public void Map(Routes routes)
    {
        foreach (var resource in AdResource.All)
        {
            routes.Post($"/sp/{resource.Path}", call => Guarded(resource, call, body => Mutate(resource, call, body, resource.Create)));
            routes.Put($"/sp/{resource.Path}", call => Guarded(resource, call, body => Mutate(resource, call, body, item => Update(resource, item))));
            routes.Post($"/sp/{resource.Path}/list", call => Guarded(resource, call, body => List(resource, body)));
            routes.Post($"/sp/{resource.Path}/delete", call => Guarded(resource, call, body => Archive(resource, call, body)));
        }
    }

    private Answer Guarded(AdResource resource, Call call, Func<Item, Answer> handle)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (call.ContentType != resource.MediaType) return Family.Error(call.Path, 415, "UNSUPPORTED_MEDIA_TYPE", $"Cannot consume content type; {resource.MediaType} is expected.");
        if (!Accepts(call.Header("Accept"), resource.MediaType)) return Family.Error(call.Path, 406, "NOT_ACCEPTABLE", $"Only {resource.MediaType} can be produced.");
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

    private Answer Mutate(AdResource resource, Call call, Item body, Func<Item, Func<AdAccount, WriteResult>> read)
    {
        var items = body.Objects(resource.Key) ?? throw new MalformedBodyException($"$.{resource.Key} is required.");
        if (items.Count > MaximumItems) throw new MalformedBodyException($"$.{resource.Key} holds {items.Count} items; at most {MaximumItems} are allowed.");
        var writes = items.Select(item => (Write: read(item), item.Where)).ToList();

        var wantsAll = call.Header("Prefer")?.Contains("return=representation", StringComparison.OrdinalIgnoreCase) == true;
        return Verdicts(resource, call, writes.Select((each, index) => (call.IsThrottled(index) ? Throttled : each.Write(gate.World.Ads), each.Where)), wantsAll);
    }

    // The rarer clauses are no part of the world's account.
    private Func<AdAccount, WriteResult> Update(AdResource resource, Item item)
    {
        var write = resource.Update(item);
        if (!IsOfClauses(resource, item.Id(resource.Id))) return write;
        var (id, bid, state) = (item.Id(resource.Id)!.Value, item.Number("bid"), item.State());
        return _ => gate.Clauses.Update(id, bid, state);
    }

    private bool IsOfClauses(AdResource resource, long? id) =>
        id is { } known && (resource.Kind == AdEntityKind.Target ? gate.Clauses.Target(known) is not null : resource.Kind == AdEntityKind.NegativeTarget && gate.Clauses.Negative(known) is not null);

    private Answer Archive(AdResource resource, Call call, Item body)
    {
        var filter = body.Object(resource.IdFilter) ?? throw new MalformedBodyException($"$.{resource.IdFilter} is required.");
        var ids = filter.Texts("include") ?? throw new MalformedBodyException($"{filter.Where}.include is required.");
        if (ids.Count > MaximumItems) throw new MalformedBodyException($"{filter.Where}.include holds {ids.Count} ids; at most {MaximumItems} are allowed.");
        return Verdicts(resource, call, ids.Select((text, index) => (
            call.IsThrottled(index) ? Throttled : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? IsOfClauses(resource, id) ? gate.Clauses.Update(id, null, EntityState.Archived) : gate.World.Ads.Archive(resource.Kind, id) : resource.NotFound(text),
            $"{filter.Where}.include[{index}]")), wantsAll: false);
    }

    private Answer Verdicts(AdResource resource, Call call, IEnumerable<(WriteResult Result, string Where)> results, bool wantsAll)
    {
        var success = new JsonArray();
        var error = new JsonArray();
        foreach (var (index, (result, where)) in results.Index())
        {
            if (call.IsSilent(index)) continue;
            if (result is Accepted accepted)
            {
                var item = new JsonObject { ["index"] = index, [resource.AnswerId] = AdView.Id2(accepted.Id) };
                if (wantsAll) item[resource.Single] = AdViews.One(gate.World, gate.Clauses, resource.Kind, accepted.Id).Show(extended: true);
                success.Add(item);
            }
            else error.Add(new JsonObject { ["index"] = index, ["errors"] = new JsonArray(Describe(resource, (Refused)result, where)) });
        }

        return Answer.Json(207, new JsonObject { [resource.Key] = new JsonObject { ["success"] = success, ["error"] = error } }, resource.MediaType);
    }

    private static JsonObject Describe(AdResource resource, Refused refused, string where)
    {
        var cause = new JsonObject { ["location"] = refused.Field is null || where.EndsWith(']') && where.Contains(".include[", StringComparison.Ordinal) ? where : $"{where}.{refused.Field}" };
        if (refused.Trigger is not null) cause["trigger"] = refused.Trigger;
        var value = new JsonObject { ["reason"] = refused.Reason, ["message"] = refused.Message, ["cause"] = cause };
        if (refused.Selector is "biddingError" or "budgetError" or "rangeError")
        {
            if (refused.LowerLimit is not null) value["lowerLimit"] = refused.LowerLimit;
            if (refused.UpperLimit is not null) value["upperLimit"] = refused.UpperLimit;
        }

        if (refused.Selector is "entityNotFoundError" or "entityStateError" or "entityQuotaError") value["entityType"] = refused.EntityType ?? resource.EntityType;
        if (refused.Selector is "entityNotFoundError") value["entityId"] = refused.EntityId?.ToString(CultureInfo.InvariantCulture) ?? refused.Trigger ?? "";
        return new JsonObject { ["errorType"] = refused.Selector, ["errorValue"] = new JsonObject { [refused.Selector] = value } };
    }

    private Answer List(AdResource resource, Item body)
    {
        var filters = Filters(resource, body);
        var maximum = body.Whole("maxResults") ?? MaximumItems;
        if (maximum < 1) throw new MalformedBodyException("$.maxResults is at least 1.");
        maximum = Math.Min(maximum, MaximumItems);

        // The place in the list and the filters it belongs to: a token with other filters is refused, as with Amazon.
        var mark = Mark(body);
        var after = 0L;
        if (body.Text("nextToken") is { } token && !TryRead(token, mark, out after)) throw new MalformedBodyException("$.nextToken does not belong to this request.");

        var found = AdViews.All(gate.World, gate.Clauses, resource.Kind).Where(view => filters.TrueForAll(filter => filter(view))).OrderBy(view => view.Id).ToList();
        var page = found.Where(view => view.Id > after).Take(maximum).ToList();
        var answer = new JsonObject { [resource.Key] = new JsonArray([.. page.Select(view => (JsonNode)Shown(resource, view, body.Flag("includeExtendedDataFields")))]), ["totalResults"] = found.Count };
        if (page.Count > 0 && page[^1].Id != found[^1].Id)
            answer["nextToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{page[^1].Id}/{mark}")));
        return Answer.Json(200, answer, resource.MediaType);
    }

    private JsonObject Shown(AdResource resource, AdView view, bool extended)
    {
        var body = view.Show(extended);
        if (resource.Kind == AdEntityKind.Campaign && gate.BudgetRules.Raised(view.Id, view.Campaign.DailyBudget) is { } raised) body["budget"]!["effectiveBudget"] = raised;
        return body;
    }

    private List<Predicate<AdView>> Filters(AdResource resource, Item body)
    {
        var filters = new List<Predicate<AdView>>();
        if (Include(body, resource.IdFilter, 1000) is { } own) filters.Add(view => own.Contains(AdView.Id2(view.Id)));
        if (resource.IdFilter != "campaignIdFilter" && Include(body, "campaignIdFilter", 100) is { } campaigns) filters.Add(view => campaigns.Contains(AdView.Id2(view.Campaign.Id)));
        if (resource.IdFilter != "adGroupIdFilter" && Include(body, "adGroupIdFilter", 100) is { } groups) filters.Add(view => view.AdGroup is { } group && groups.Contains(AdView.Id2(group.Id)));
        if (Include(body, "stateFilter", 10) is { } states) filters.Add(view => states.Contains(AdView.StateWord(view.State)));
        if (Include(body, "portfolioIdFilter", 100) is { } portfolios) filters.Add(view => PortfolioBook.Of(gate.World, view.Campaign) is { } portfolio && portfolios.Contains(AdView.Id2(portfolio)));
        if (Include(body, "expressionTypeFilter", 2) is { } types) filters.Add(view => types.Contains(view.Match!));
        if (body.Texts("matchTypeFilter") is { Count: > 0 } matches) filters.Add(view => matches.Contains(view.Match));
        if (body.Text("campaignTargetingTypeFilter") is { } targeting) filters.Add(view => view.Campaign.Targeting.ToString().Equals(targeting, StringComparison.OrdinalIgnoreCase));
        if (resource.TextFilter is { } name && body.Object(name) is { } text && text.Texts("include") is { Count: > 0 } words)
        {
            if (words.Count > 100) throw new MalformedBodyException($"{text.Where}.include holds more than 100 entries.");
            filters.Add(text.Text("queryTermMatchType") == "BROAD_MATCH"
                ? view => words.Any(each => view.Text.Contains(each, StringComparison.OrdinalIgnoreCase))
                : view => words.Any(each => view.Text.Equals(each, StringComparison.OrdinalIgnoreCase)));
        }

        return filters;
    }

    private static HashSet<string>? Include(Item body, string filter, int maximum)
    {
        if (body.Object(filter) is not { } item) return null;
        var ids = item.Texts("include") ?? throw new MalformedBodyException($"{item.Where}.include is required.");
        if (ids.Count > maximum) throw new MalformedBodyException($"{item.Where}.include holds {ids.Count} entries; at most {maximum} are allowed.");
        return ids.Count == 0 ? null : [.. ids];
    }

    private static string Mark(Item body)
    {
        var rest = body.Fields.Where(each => each.Key is not ("nextToken" or "maxResults")).OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}={each.Value?.ToJsonString()}");
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('&', rest))).AsSpan(0, 8));
    }

    private static bool TryRead(string token, string mark, out long after)
    {
        after = 0;
        var buffer = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, buffer, out var length)) return false;
        var parts = Encoding.UTF8.GetString(buffer, 0, length).Split('/');
        return parts.Length == 2 && parts[1] == mark && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out after);
    }

    private static bool Accepts(string? accept, string mediaType) =>
        string.IsNullOrWhiteSpace(accept) || accept.Split(',').Select(each => each.Split(';')[0].Trim()).Any(each => each == mediaType || each is "*/*" or "application/*");

    private static Answer Invalid(Call call, string message) => Family.Error(call.Path, 400, "INVALID_ARGUMENT", message);
}
