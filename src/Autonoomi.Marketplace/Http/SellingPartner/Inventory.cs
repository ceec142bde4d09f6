using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Ads;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary><c>getInventorySummaries</c>. Its page tokens die after thirty seconds of world time.</summary>
internal sealed class Inventory(WorldGate gate, PartnerAccess access)
{
    private const int PageSize = 50;

    private static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(30);

    public void Map(Routes routes) => routes.Get("/fba/inventory/v1/summaries", access.Guard("getInventorySummaries", new Plan(2, 2), Summaries));

    /// <returns>Amazon's label for the units of one offer.</returns>
    public static string FnSku(string asin) => "X0" + asin[2..];

    private Answer Summaries(Call call)
    {
        if (call.Query("granularityType") != "Marketplace") throw new BadInputException("granularityType is Marketplace.");
        if (access.RefuseMarketplaces(call, call.QueryList("marketplaceIds")) is { } refusal) return refusal;
        if (call.Query("granularityId") != gate.World.Marketplace.Id) throw new BadInputException("granularityId is not one of marketplaceIds.");

        var asked = call.QueryList("sellerSkus");
        if (asked.Length > 50) throw new BadInputException("At most 50 sellerSkus.");
        var question = string.Join('&', call.Http.Query.Where(each => each.Key != "nextToken").Select(each => $"{each.Key}={each.Value}"));
        var from = PageToken.Read(call.Query("nextToken"), gate.Now, TokenLife, question);
        var found = gate.World.Stock().Where(each => (asked.Length == 0 || asked.Contains(each.Sku)) && call.Query("sellerSku") is var one && (one is null || one == each.Sku))
            .OrderBy(each => each.Sku, StringComparer.Ordinal).ToList();
        var titles = gate.World.Listings().ToDictionary(each => each.Sku.Value, each => each.Title, StringComparer.Ordinal);

        var details = call.Query("details") == "true";
        var answer = new JsonObject
        {
            ["payload"] = new JsonObject
            {
                ["granularity"] = new JsonObject { ["granularityType"] = "Marketplace", ["granularityId"] = gate.World.Marketplace.Id },
                ["inventorySummaries"] = new JsonArray([.. found.Skip(from).Take(PageSize).Select(each => (JsonNode)Show(each, titles.GetValueOrDefault(each.Sku, ""), details))]),
            },
        };
        if (from + PageSize < found.Count) answer["pagination"] = new JsonObject { ["nextToken"] = PageToken.Make(from + PageSize, gate.Now, question) };
        return Answer.Json(200, answer);
    }

    private JsonObject Show(StockLevel stock, string title, bool details)
    {
        var row = new JsonObject { ["asin"] = stock.Asin, ["fnSku"] = FnSku(stock.Asin), ["sellerSku"] = stock.Sku, ["condition"] = "NewItem" };
        if (details)
            row["inventoryDetails"] = new JsonObject
            {
                ["fulfillableQuantity"] = stock.Fulfillable,
                ["inboundWorkingQuantity"] = 0,
                ["inboundShippedQuantity"] = stock.Inbound,
                ["inboundReceivingQuantity"] = 0,
                ["reservedQuantity"] = new JsonObject
                {
                    ["totalReservedQuantity"] = stock.Reserved, ["pendingCustomerOrderQuantity"] = stock.Reserved, ["pendingTransshipmentQuantity"] = 0, ["fcProcessingQuantity"] = 0,
                },
                ["researchingQuantity"] = new JsonObject { ["totalResearchingQuantity"] = 0 },
                ["unfulfillableQuantity"] = new JsonObject { ["totalUnfulfillableQuantity"] = 0 },
            };
        row["lastUpdatedTime"] = AdView.Instant(gate.Now);
        row["productName"] = title;
        row["totalQuantity"] = stock.Fulfillable + stock.Inbound + stock.Reserved;
        row["stores"] = new JsonArray();
        return row;
    }
}
