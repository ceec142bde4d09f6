using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Ads.V1;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.Ads.Services;

/// <param name="Id">Its number.</param>
/// <param name="Name">Unique in the account.</param>
/// <param name="Policy"><c>MONTHLY_RECURRING</c>, <c>DATE_RANGE</c> or <c>NO_CAP</c>.</param>
/// <param name="Amount">The budget; null without a cap.</param>
/// <param name="Start">First day of the budget.</param>
/// <param name="End">Last day of the budget.</param>
internal sealed record Portfolio(long Id, string Name, string Policy, decimal? Amount, DateOnly? Start, DateOnly? End);

/// <summary>The account's portfolios. A market whose account has a monthly ceiling shows it as one portfolio that holds all campaigns.</summary>
internal sealed class PortfolioBook
{
    private const long CeilingId = 700_000_000_000_001;
    private readonly List<Portfolio> all = [];

    public PortfolioBook(MarketWorld world)
    {
        if (world.Settings.AccountMonthlyCap is { } ceiling) all.Add(new(CeilingId, "All campaigns", "MONTHLY_RECURRING", ceiling, null, null));
    }

    public IReadOnlyList<Portfolio> All => all;

    /// <returns>The portfolio of a campaign; null when it stands alone.</returns>
    public static long? Of(MarketWorld world, WorldCampaign campaign) => campaign.PortfolioId ?? (world.Settings.AccountMonthlyCap is null ? null : CeilingId);

    public void Add(Func<long, Portfolio> make) => all.Add(make(CeilingId + all.Count + 1));

    public bool Replace(Portfolio portfolio)
    {
        var at = all.FindIndex(each => each.Id == portfolio.Id);
        if (at >= 0) all[at] = portfolio;
        return at >= 0;
    }
}

/// <summary>Portfolios version 3: list, create, update; nothing is ever deleted.</summary>
internal sealed class Portfolios(WorldGate gate)
{
    private const string Media = "application/vnd.spPortfolio.v3+json";
    private const int MaximumItems = 100;
    private const int Page = 1000;

    public void Map(Routes routes)
    {
        routes.Post("/portfolios/list", call => ServiceDesk.Serve(gate, call, Media, List));
        routes.Post("/portfolios", call => ServiceDesk.Serve(gate, call, Media, Create));
        routes.Put("/portfolios", call => ServiceDesk.Serve(gate, call, Media, Update));
    }

    private Answer List(Item body)
    {
        var ids = body.Object("portfolioIdFilter")?.Texts("include");
        var names = body.Object("nameFilter");
        var found = gate.Portfolios.All.Where(each => (ids is null || ids.Contains(AdView.Id2(each.Id)))
            && (names?.Texts("include") is not { Count: > 0 } words || words.Any(word => names.Value.Text("queryTermMatchType") == "BROAD_MATCH" ? each.Name.Contains(word, StringComparison.OrdinalIgnoreCase) : each.Name.Equals(word, StringComparison.OrdinalIgnoreCase))))
            .OrderBy(each => each.Id).ToList();
        var mark = PageMark.Of(body);
        var after = 0L;
        if (body.Text("nextToken") is { } token && !PageMark.TryRead(token, mark, out after)) throw new MalformedBodyException("$.nextToken does not belong to this request.");
        var page = found.Where(each => each.Id > after).Take(Page).ToList();
        var answer = new JsonObject { ["portfolios"] = new JsonArray([.. page.Select(each => (JsonNode)Show(each, body.Flag("includeExtendedDataFields")))]), ["totalResults"] = found.Count };
        if (page.Count > 0 && page[^1].Id != found[^1].Id) answer["nextToken"] = PageMark.Make(page[^1].Id, mark);
        return Answer.Json(200, answer, Media);
    }

    private Answer Create(Item body) => Mutate(body, item =>
    {
        if (item.Text("name") is not { Length: > 0 } name) return (Error("missingValueError", "MISSING_VALUE", "name is required", item, "name"), null);
        if (gate.Portfolios.All.Any(each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) return (Error("duplicateValueError", "DUPLICATE_VALUE", "The name is taken.", item, "name"), null);
        if (item.Text("state") != "ENABLED") throw new MalformedBodyException($"{item.Where}.state is not one of ENABLED.");
        var (policy, amount, start, end, refusal) = Budget(item, new Portfolio(0, name, "NO_CAP", null, null, null));
        if (refusal is not null) return (refusal, null);
        gate.Portfolios.Add(id => new Portfolio(id, name, policy, amount, start, end));
        return (null, gate.Portfolios.All[^1]);
    });

    private Answer Update(Item body) => Mutate(body, item =>
    {
        if (item.Id("portfolioId") is not { } id || gate.Portfolios.All.FirstOrDefault(each => each.Id == id) is not { } old)
        {
            var missing = Error("entityNotFoundError", "ENTITY_NOT_FOUND", "No such portfolio.", item, "portfolioId");
            var value = (JsonObject)missing["errorValue"]!["entityNotFoundError"]!;
            (value["entityType"], value["entityId"]) = ("PORTFOLIO", item.Text("portfolioId") ?? "");
            return (missing, null);
        }

        var (policy, amount, start, end, refusal) = Budget(item, old);
        if (refusal is not null) return (refusal, null);
        var changed = old with { Name = item.Text("name") ?? old.Name, Policy = policy, Amount = amount, Start = start, End = end };
        gate.Portfolios.Replace(changed);
        return (null, changed);
    });

    private (string Policy, decimal? Amount, DateOnly? Start, DateOnly? End, JsonObject? Refusal) Budget(Item item, Portfolio old)
    {
        if (item.Object("budget") is not { } budget) return (old.Policy, old.Amount, old.Start, old.End, null);
        var policy = budget.Text("policy") ?? old.Policy;
        if (policy is not ("MONTHLY_RECURRING" or "DATE_RANGE" or "NO_CAP")) throw new MalformedBodyException($"{budget.Where}.policy is not one of MONTHLY_RECURRING, DATE_RANGE, NO_CAP.");
        var amount = policy == "NO_CAP" ? null : budget.Number("amount") ?? old.Amount;
        if (policy != "NO_CAP" && amount is not > 0) return (policy, null, null, null, Error("budgetError", "BUDGET_AMOUNT_INVALID", "A capped portfolio has an amount above nought.", item, "budget.amount"));
        if (budget.Text("currencyCode") is { } currency && currency != gate.World.Marketplace.Currency.Code)
            return (policy, null, null, null, Error("budgetError", "BUDGET_CURRENCY_DOES_NOT_MATCH_MARKETPLACE_SETTINGS", "The currency is another one than the marketplace's.", item, "budget.currencyCode"));
        return (policy, amount, budget.Day("startDate") ?? old.Start, budget.Day("endDate") ?? old.End, null);
    }

    private static Answer Mutate(Item body, Func<Item, (JsonObject? Refusal, Portfolio? Made)> write)
    {
        var items = body.Objects("portfolios") is { Count: > 0 and <= MaximumItems } given ? given : throw new MalformedBodyException($"$.portfolios holds 1 to {MaximumItems} items.");
        var (success, error) = (new JsonArray(), new JsonArray());
        foreach (var (index, item) in items.Index())
        {
            var (refusal, made) = write(item);
            if (made is not null) success.Add(new JsonObject { ["index"] = index, ["portfolioId"] = AdView.Id2(made.Id) });
            else error.Add(new JsonObject { ["index"] = index, ["errors"] = new JsonArray(refusal) });
        }

        return Answer.Json(207, new JsonObject { ["portfolios"] = new JsonObject { ["success"] = success, ["error"] = error } }, Media);
    }

    private static JsonObject Error(string selector, string reason, string message, Item item, string field) => new()
    {
        ["errorType"] = selector,
        ["errorValue"] = new JsonObject { [selector] = new JsonObject { ["reason"] = reason, ["message"] = message, ["cause"] = new JsonObject { ["location"] = $"{item.Where}.{field}" } } },
    };

    private JsonObject Show(Portfolio portfolio, bool extended)
    {
        var budget = new JsonObject { ["policy"] = portfolio.Policy };
        if (portfolio.Amount is { } amount) (budget["amount"], budget["currencyCode"]) = (amount, gate.World.Marketplace.Currency.Code);
        if (portfolio.Start is { } start) budget["startDate"] = start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (portfolio.End is { } end) budget["endDate"] = end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var body = new JsonObject { ["portfolioId"] = AdView.Id2(portfolio.Id), ["name"] = portfolio.Name, ["state"] = "ENABLED", ["inBudget"] = true, ["budget"] = budget };
        if (extended) body["extendedData"] = new JsonObject { ["servingStatus"] = "PORTFOLIO_STATUS_ENABLED" };
        return body;
    }
}
