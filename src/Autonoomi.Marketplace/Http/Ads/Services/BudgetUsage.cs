using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Marketplace.Http.Ads.Services;

/// <summary>How far today's campaign budgets and this month's portfolio budgets are used.</summary>
internal sealed class BudgetUsage(WorldGate gate)
{
    private const int MaximumIds = 100;

    public static bool Covers(string path) => path.EndsWith("/budget/usage", StringComparison.Ordinal);

    public void Map(Routes routes)
    {
        foreach (var (product, campaigns) in new (string, Func<Dictionary<string, (decimal, decimal)>>)[] { ("sp", Campaigns), ("sb", () => Others(AdProduct.SponsoredBrands)), ("sd", () => Others(AdProduct.SponsoredDisplay)) })
        {
            var media = $"application/vnd.{product}campaignbudgetusage.v1+json";
            routes.Post($"/{product}/campaigns/budget/usage", call => ServiceDesk.Serve(gate, call, media, body => Answers(body, "campaign", media, campaigns())));
        }

        const string Portfolios = "application/vnd.portfoliobudgetusage.v1+json";
        routes.Post("/portfolios/budget/usage", call => ServiceDesk.Serve(gate, call, Portfolios, body => Answers(body, "portfolio", Portfolios, OfPortfolios())));
    }

    private Dictionary<string, (decimal Budget, decimal Spent)> Campaigns()
    {
        var spent = gate.World.BudgetUsage(new DateSpan(gate.World.Today, gate.World.Today)).ToLookup(row => row.CampaignId);
        return gate.World.Ads.Campaigns.ToDictionary(each => AdView.Id2(each.Id), each => (each.DailyBudget, spent[each.Id].Sum(row => row.Spent)), StringComparer.Ordinal);
    }

    private Dictionary<string, (decimal Budget, decimal Spent)> Others(AdProduct product) => gate.Others.BudgetUsage(product).ToDictionary(each => AdView.Id2(each.Key), each => each.Value, StringComparer.Ordinal);

    private Dictionary<string, (decimal Budget, decimal Spent)> OfPortfolios()
    {
        var today = gate.World.Today;
        var spent = gate.World.BudgetUsage(new DateSpan(new DateOnly(today.Year, today.Month, 1), today)).ToLookup(row => row.CampaignId, row => row.Spent);
        var members = gate.World.Ads.Campaigns.ToLookup(each => PortfolioBook.Of(gate.World, each));
        return gate.Portfolios.All.Where(each => each.Amount is not null)
            .ToDictionary(each => AdView.Id2(each.Id), each => (each.Amount!.Value, members[each.Id].SelectMany(campaign => spent[campaign.Id]).Sum()), StringComparer.Ordinal);
    }

    private Answer Answers(Item body, string entity, string media, Dictionary<string, (decimal Budget, decimal Spent)> known)
    {
        var ids = body.Texts(entity + "Ids") is { Count: > 0 and <= MaximumIds } given ? given : throw new MalformedBodyException($"$.{entity}Ids holds 1 to {MaximumIds} ids.");
        var (success, error) = (new JsonArray(), new JsonArray());
        foreach (var (index, id) in ids.Index())
        {
            if (known.TryGetValue(id, out var usage))
            {
                success.Add(new JsonObject
                {
                    [entity + "Id"] = id, ["index"] = index, ["budget"] = usage.Budget, ["budgetUsagePercent"] = usage.Budget == 0 ? 0 : decimal.Round(100 * usage.Spent / usage.Budget, 2),
                    ["usageUpdatedTimestamp"] = AdView.Instant(gate.Now),
                });
            }
            else error.Add(new JsonObject { [entity + "Id"] = id, ["index"] = index, ["code"] = "404", ["details"] = string.Create(CultureInfo.InvariantCulture, $"There is no such {entity} with a budget.") });
        }

        return Answer.Json(207, new JsonObject { ["success"] = success, ["error"] = error }, media);
    }
}
