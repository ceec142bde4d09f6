using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Ads.V1;

namespace Autonoomi.Marketplace.Http.Ads.Services;

/// <param name="Id">Amazon's name for it.</param>
/// <param name="Product"><c>sp</c>, <c>sb</c> or <c>sd</c>.</param>
/// <param name="Details">As they were given.</param>
/// <param name="CreatedAt">World time.</param>
internal sealed record BudgetRule(string Id, string Product, JsonObject Details, DateTimeOffset CreatedAt)
{
    public HashSet<long> Campaigns { get; } = [];

    /// <summary>By how much budgets are raised, in percent.</summary>
    public decimal Percent => Details["budgetIncreaseBy"]?["value"] is JsonValue value && value.TryGetValue<decimal>(out var percent) ? percent : 0;
}

/// <summary>Rules by which Amazon raises daily budgets. They are shown with the campaigns; the market itself does not follow them.</summary>
internal sealed class BudgetRuleBook
{
    private readonly List<BudgetRule> all = [];

    public IReadOnlyList<BudgetRule> All => all;

    public void Add(BudgetRule rule) => all.Add(rule);

    /// <returns>The raised budget of a campaign under a rule; null without one.</returns>
    public decimal? Raised(long campaign, decimal budget) =>
        all.Where(each => each.Campaigns.Contains(campaign)).Select(each => (decimal?)each.Percent).Max() is { } percent ? decimal.Round(budget * (1 + (percent / 100)), 2) : null;
}

/// <summary>Budget rules of the three ad products: create, list, attach, and which campaigns hang on one.</summary>
internal sealed class BudgetRules(WorldGate gate)
{
    private const int MaximumItems = 25;
    private const int MaximumPage = 30;

    public static bool Covers(string path) => path.Contains("/budgetRules", StringComparison.Ordinal);

    public void Map(Routes routes)
    {
        foreach (var product in new[] { "sp", "sb", "sd" })
        {
            routes.Get($"/{product}/budgetRules", call => ServiceDesk.Serve(gate, call, null, _ => List(call, product)));
            routes.Post($"/{product}/budgetRules", call => ServiceDesk.Serve(gate, call, "application/json", body => Create(body, product)));
            routes.Get($"/{product}/budgetRules/{{budgetRuleId}}/campaigns", call => ServiceDesk.Serve(gate, call, null, _ => Campaigns(call, product)));
            routes.Post($"/{product}/campaigns/{{campaignId}}/budgetRules", call => ServiceDesk.Serve(gate, call, "application/json", body => Attach(call, body, product)));
        }
    }

    private Answer List(Call call, string product) => Paged(call, [.. gate.BudgetRules.All.Where(each => each.Product == product)], "budgetRulesForAdvertiserResponse", rule => new JsonObject
    {
        ["ruleId"] = rule.Id, ["ruleState"] = "ACTIVE", ["ruleStatus"] = "ACTIVE", ["ruleDetails"] = rule.Details.DeepClone(),
        ["createdDate"] = rule.CreatedAt.ToUnixTimeMilliseconds(), ["lastUpdatedDate"] = rule.CreatedAt.ToUnixTimeMilliseconds(),
    });

    private Answer Campaigns(Call call, string product)
    {
        if (gate.BudgetRules.All.FirstOrDefault(each => each.Product == product && each.Id == call.Route("budgetRuleId")) is not { } rule) return Family.Error(call.Path, 422, "422", "There is no such rule.");
        return Paged(call, [.. rule.Campaigns.Order()], "associatedCampaigns", id => new JsonObject
        {
            ["campaignId"] = AdView.Id2(id), ["campaignName"] = gate.World.Ads.Campaign(id)?.Name ?? "", ["ruleStatus"] = "ACTIVE",
        });
    }

    private Answer Create(Item body, string product)
    {
        var items = body.Objects("budgetRulesDetails") is { Count: > 0 and <= MaximumItems } given ? given : throw new MalformedBodyException($"$.budgetRulesDetails holds 1 to {MaximumItems} rules.");
        return Answer.Json(207, new JsonObject
        {
            ["responses"] = new JsonArray([.. items.Select(item =>
            {
                if (item.Text("ruleType") is not ("SCHEDULE" or "PERFORMANCE")) throw new MalformedBodyException($"{item.Where}.ruleType is not one of SCHEDULE, PERFORMANCE.");
                if (item.Object("budgetIncreaseBy")?.Number("value") is not > 0) return (JsonNode)new JsonObject { ["code"] = "INVALID_ARGUMENT", ["details"] = "Rules raise budgets only." };
                var rule = new BudgetRule(gate.NewId().ToString(), product, (JsonObject)item.Fields.DeepClone(), gate.Now);
                gate.BudgetRules.Add(rule);
                return new JsonObject { ["ruleId"] = rule.Id, ["code"] = "SUCCESS", ["details"] = "" };
            })]),
        });
    }

    private Answer Attach(Call call, Item body, string product)
    {
        var ids = body.Texts("budgetRuleIds") is { Count: > 0 and <= MaximumItems } given ? given : throw new MalformedBodyException($"$.budgetRuleIds holds 1 to {MaximumItems} ids.");
        if (!long.TryParse(call.Route("campaignId"), NumberStyles.None, CultureInfo.InvariantCulture, out var campaign)) throw new MalformedBodyException("The campaign's id is no number.");
        return Answer.Json(207, new JsonObject
        {
            ["responses"] = new JsonArray([.. ids.Select(id =>
            {
                var rule = gate.BudgetRules.All.FirstOrDefault(each => each.Product == product && each.Id == id);
                rule?.Campaigns.Add(campaign);
                return (JsonNode)new JsonObject { ["ruleId"] = id, ["code"] = rule is null ? "NOT_FOUND" : "SUCCESS", ["details"] = "" };
            })]),
        });
    }

    private static Answer Paged<T>(Call call, List<T> found, string key, Func<T, JsonObject> show)
    {
        if (!int.TryParse(call.Query("pageSize"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size is < 1 or > MaximumPage) throw new MalformedBodyException($"pageSize is from 1 to {MaximumPage}.");
        var from = 0L;
        if (call.Query("nextToken") is { } token && !PageMark.TryRead(token, key, out from)) throw new MalformedBodyException("nextToken does not belong to this request.");
        var answer = new JsonObject { [key] = new JsonArray([.. found.Skip((int)from).Take(size).Select(each => (JsonNode)show(each))]) };
        if (from + size < found.Count) answer["nextToken"] = PageMark.Make(from + size, key);
        return Answer.Json(200, answer);
    }
}
