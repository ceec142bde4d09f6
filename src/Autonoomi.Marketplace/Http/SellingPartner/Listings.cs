using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.Http.Ads;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary><c>searchListingsItems</c>: summaries, offers and fulfilment; other data sets are empty here.</summary>
internal sealed class Listings(WorldGate gate, PartnerAccess access)
{
    private static readonly string[] DataSets = ["summaries", "attributes", "issues", "offers", "fulfillmentAvailability", "procurement", "relationships", "productTypes"];

    public void Map(Routes routes) => routes.Get("/listings/2021-08-01/items/{sellerId}", access.Guard("searchListingsItems", new Plan(5, 5), Search));

    private Answer Search(Call call)
    {
        if (call.Route("sellerId") != gate.SellingPartnerId) return PartnerAccess.Denied(call);
        if (access.RefuseMarketplaces(call, call.QueryList("marketplaceIds")) is { } refusal) return refusal;
        var sets = call.QueryList("includedData") is { Length: > 0 } asked ? asked : ["summaries"];
        if (sets.FirstOrDefault(each => !DataSets.Contains(each)) is { } unknown) throw new BadInputException($"includedData '{unknown}' is not known.");
        var size = Number(call, "pageSize", 10, 20);

        var found = Filter(call, gate.World.Listings()).OrderBy(each => each.Sku.Value, StringComparer.Ordinal).ToList();
        if (call.Query("sortOrder") != "ASC" && call.Query("sortBy") == "sku") found.Reverse();
        var question = string.Join('&', call.Http.Query.Where(each => each.Key != "pageToken").Select(each => $"{each.Key}={each.Value}"));
        var from = PageToken.Read(call.Query("pageToken"), gate.Now, TimeSpan.FromHours(1), question);
        var page = found.Skip(from).Take(size).ToList();
        var answer = new JsonObject { ["numberOfResults"] = found.Count };
        var pagination = new JsonObject();
        if (from + page.Count < found.Count) pagination["nextToken"] = PageToken.Make(from + size, gate.Now, question);
        if (from > 0) pagination["previousToken"] = PageToken.Make(Math.Max(0, from - size), gate.Now, question);
        if (pagination.Count > 0) answer["pagination"] = pagination;
        answer["items"] = new JsonArray([.. page.Select(each => (JsonNode)Show(each, sets))]);
        return Answer.Json(200, answer);
    }

    /// <returns>A whole number of the query from 1 to the maximum.</returns>
    public static int Number(Call call, string name, int otherwise, int maximum) => call.Query(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= maximum ? number
        : throw new BadInputException($"{name} is a whole number from 1 to {maximum}.");

    private static IEnumerable<Listing> Filter(Call call, IEnumerable<Listing> listings)
    {
        var identifiers = call.QueryList("identifiers");
        if (identifiers.Length > 20) throw new BadInputException("At most 20 identifiers.");
        if (identifiers.Length > 0)
        {
            listings = call.Query("identifiersType") switch
            {
                "SKU" => listings.Where(each => identifiers.Contains(each.Sku.Value)),
                "ASIN" => listings.Where(each => identifiers.Contains(each.Asin.Value)),
                "FNSKU" => listings.Where(each => identifiers.Contains(Inventory.FnSku(each.Asin.Value))),
                null => throw new BadInputException("identifiersType is required with identifiers."),
                _ => [],
            };
        }

        if (call.QueryList("withStatus").Contains("BUYABLE")) listings = listings.Where(each => each.Buyable);
        if (call.QueryList("withoutStatus").Contains("BUYABLE")) listings = listings.Where(each => !each.Buyable);
        return listings;
    }

    private JsonObject Show(Listing listing, string[] sets)
    {
        var marketplace = gate.World.Marketplace;
        var item = new JsonObject { ["sku"] = listing.Sku.Value };
        var born = AdView.Instant(new DateTimeOffset(gate.World.FirstDay.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddDays(-30));
        if (sets.Contains("summaries"))
            item["summaries"] = new JsonArray(new JsonObject
            {
                ["marketplaceId"] = marketplace.Id, ["asin"] = listing.Asin.Value, ["productType"] = "HOME", ["conditionType"] = "new_new",
                ["status"] = listing.Buyable ? new JsonArray("BUYABLE", "DISCOVERABLE") : new JsonArray("DISCOVERABLE"),
                ["fnSku"] = Inventory.FnSku(listing.Asin.Value), ["itemName"] = listing.Title, ["createdDate"] = born, ["lastUpdatedDate"] = born,
            });
        if (sets.Contains("offers"))
            item["offers"] = new JsonArray(new JsonObject
            {
                ["marketplaceId"] = marketplace.Id, ["offerType"] = "B2C",
                ["price"] = new JsonObject { ["currencyCode"] = listing.Price.Currency.Code, ["amount"] = listing.Price.Amount.ToString("0.00", CultureInfo.InvariantCulture) },
            });
        if (sets.Contains("fulfillmentAvailability")) item["fulfillmentAvailability"] = new JsonArray(new JsonObject { ["fulfillmentChannelCode"] = "AMAZON_NA" });
        foreach (var empty in sets.Intersect(["issues", "procurement", "relationships", "productTypes"])) item[empty] = new JsonArray();
        if (sets.Contains("attributes")) item["attributes"] = new JsonObject();
        return item;
    }
}
