using System.Text.Json.Nodes;

namespace Autonoomi.Marketplace.Http.Ads.Services;

/// <summary>Amazon's own graduation of searches from automatic to manual campaigns. Here nobody uses it, until the control route says so.</summary>
internal sealed class TargetPromotionGroups(WorldGate gate)
{
    public const string Root = "/sp/targetPromotionGroups";
    public const string Media = "application/vnd.sptargetpromotiongroup.v2+json";

    public void Map(Routes routes) => routes.Post(Root + "/list", call => ServiceDesk.Serve(gate, call, Media, _ => Answer.Json(200, new JsonObject
    {
        ["targetPromotionGroups"] = new JsonArray([.. Enumerable.Range(0, gate.Faults.PromotionGroups).Select(number => (JsonNode)Group(number))]),
        ["totalResults"] = gate.Faults.PromotionGroups,
    }, Media)));

    // The switch makes groups from the account's automatic campaigns, in order.
    private JsonObject Group(int number)
    {
        var sources = gate.World.Ads.AdGroups.Where(each => gate.World.Ads.Campaign(each.CampaignId)!.Targeting == Core.Advertising.TargetingType.Auto).ToList();
        var source = sources[number % sources.Count];
        return new JsonObject
        {
            ["targetPromotionGroupId"] = $"tpg-{number + 1}", ["targetPromotionGroupName"] = $"Promotion group {number + 1}", ["state"] = "ENABLED",
            ["sourceAdGroupId"] = AdView.Id2(source.Id), ["sourceCampaignId"] = AdView.Id2(source.CampaignId),
        };
    }
}
