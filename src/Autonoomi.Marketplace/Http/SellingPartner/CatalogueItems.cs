using System.Text.Json.Nodes;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary><c>searchCatalogItems</c> by ASIN: summaries and relationships; other data sets are empty here.</summary>
internal sealed class CatalogueItems(WorldGate gate, PartnerAccess access)
{
    private const int MostIdentifiers = 20;

    private static readonly string[] DataSets = ["attributes", "classifications", "dimensions", "identifiers", "images", "productTypes", "relationships", "salesRanks", "summaries", "vendorDetails"];

    public void Map(Routes routes) => routes.Get("/catalog/2022-04-01/items", access.Guard("searchCatalogItems", new Plan(2, 2), Search));

    private Answer Search(Call call)
    {
        if (access.RefuseMarketplaces(call, call.QueryList("marketplaceIds")) is { } refusal) return refusal;
        var identifiers = call.QueryList("identifiers");
        if (identifiers.Length is 0 or > MostIdentifiers) throw new BadInputException($"1 to {MostIdentifiers} identifiers are asked; a search by words is not played here.");
        if (call.Query("identifiersType") != "ASIN") throw new BadInputException("identifiersType is ASIN here.");
        var sets = call.QueryList("includedData") is { Length: > 0 } asked ? asked : ["summaries"];
        if (sets.FirstOrDefault(each => !DataSets.Contains(each)) is { } unknown) throw new BadInputException($"includedData '{unknown}' is not known.");
        var size = Listings.Number(call, "pageSize", 10, 20);
        var question = string.Join('&', call.Http.Query.Where(each => each.Key != "pageToken").Select(each => $"{each.Key}={each.Value}"));
        var from = PageToken.Read(call.Query("pageToken"), gate.Now, TimeSpan.FromHours(1), question);

        var found = gate.World.Market.Products.Where(product => identifiers.Contains(product.Asin)).OrderBy(product => product.Asin, StringComparer.Ordinal).ToList();
        var answer = new JsonObject { ["numberOfResults"] = found.Count };
        if (from + size < found.Count) answer["pagination"] = new JsonObject { ["nextToken"] = PageToken.Make(from + size, gate.Now, question) };
        answer["items"] = new JsonArray([.. found.Skip(from).Take(size).Select(product =>
        {
            var item = new JsonObject { ["asin"] = product.Asin };
            if (sets.Contains("summaries"))
                item["summaries"] = new JsonArray(new JsonObject
                {
                    ["marketplaceId"] = gate.World.Marketplace.Id, ["brand"] = World.Catalogue.OwnBrand, ["itemName"] = product.Title, ["itemClassification"] = "BASE_PRODUCT",
                    ["browseClassification"] = new JsonObject { ["classificationId"] = $"{1000 + product.Type}", ["displayName"] = World.Catalogue.Types[product.Type].Heads[0] },
                });
            if (sets.Contains("relationships")) item["relationships"] = new JsonArray(new JsonObject { ["marketplaceId"] = gate.World.Marketplace.Id, ["relationships"] = new JsonArray() });
            return (JsonNode)item;
        })]);
        return Answer.Json(200, answer);
    }
}
