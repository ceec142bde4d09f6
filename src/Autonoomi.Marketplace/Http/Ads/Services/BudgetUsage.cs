using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Marketplace.Http.Ads.Services;

/// <summary>How far today's campaign budgets are used.</summary>
internal sealed class BudgetUsage(WorldGate gate)
{
    private const int MaximumIds = 100;

    // While usage is told to stand still, the first count is repeated with its own time.
    private readonly Dictionary<string, (DateTimeOffset At, Dictionary<string, (decimal Budget, decimal Spent)> Known)> stood = new(StringComparer.Ordinal);

    public static bool Covers(string path) => path.EndsWith("/budget/usage", StringComparison.Ordinal);

    public void Map(Routes routes)
    {
        foreach (var (product, campaigns) in new (string, Func<Dictionary<string, (decimal, decimal)>>)[] { ("sp", Campaigns), ("sb", () => Others(AdProduct.SponsoredBrands)), ("sd", () => Others(AdProduct.SponsoredDisplay)) })
        {
            var media = $"application/vnd.{product}campaignbudgetusage.v1+json";
            routes.Post($"/{product}/campaigns/budget/usage", call => ServiceDesk.Serve(gate, call, media, body => Answers(body, media, campaigns)));
        }
    }

    private Dictionary<string, (decimal Budget, decimal Spent)> Campaigns()
    {
        var spent = gate.World.BudgetUsage(new DateSpan(gate.World.Today, gate.World.Today)).ToLookup(row => row.CampaignId);
        return gate.World.Ads.Campaigns.ToDictionary(each => AdView.Id2(each.Id), each => (each.DailyBudget, spent[each.Id].Sum(row => row.Spent)), StringComparer.Ordinal);
    }

    private Dictionary<string, (decimal Budget, decimal Spent)> Others(AdProduct product) => gate.Others.BudgetUsage(product).ToDictionary(each => AdView.Id2(each.Key), each => each.Value, StringComparer.Ordinal);

    private Answer Answers(Item body, string media, Func<Dictionary<string, (decimal Budget, decimal Spent)>> campaigns)
    {
        var ids = body.Texts("campaignIds") is { Count: > 0 and <= MaximumIds } given ? given : throw new MalformedBodyException($"$.campaignIds holds 1 to {MaximumIds} ids.");
        if (!gate.Faults.UsageStands) stood.Clear();
        if (!stood.TryGetValue(media, out var counted)) stood[media] = counted = (gate.Now, campaigns());
        var (success, error) = (new JsonArray(), new JsonArray());
        foreach (var (index, id) in ids.Index())
        {
            if (counted.Known.TryGetValue(id, out var usage))
            {
                success.Add(new JsonObject
                {
                    ["campaignId"] = id, ["index"] = index, ["budget"] = usage.Budget, ["budgetUsagePercent"] = usage.Budget == 0 ? 0 : decimal.Round(100 * usage.Spent / usage.Budget, 2),
                    ["usageUpdatedTimestamp"] = AdView.Instant(counted.At),
                });
            }
            else error.Add(new JsonObject { ["campaignId"] = id, ["index"] = index, ["code"] = "404", ["details"] = "There is no such campaign with a budget." });
        }

        return Answer.Json(207, new JsonObject { ["success"] = success, ["error"] = error }, media);
    }
}
