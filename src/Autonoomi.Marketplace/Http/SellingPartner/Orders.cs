using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Ads;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary><c>searchOrders</c> of the 2026 version. There are no buyers here, and asking for them is refused as for an application without the role.</summary>
internal sealed class Orders(WorldGate gate, PartnerAccess access)
{
    private static readonly string[] DataSets =
        ["BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "TAX", "PAYMENT", "FULFILLMENT_ORDERS"];

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(2);

    public void Map(Routes routes) => routes.Get("/orders/2026-01-01/orders", access.Guard("searchOrders", new Plan(0.0056, 20), Search));

    private Answer Search(Call call)
    {
        var sets = call.QueryList("includedData");
        if (sets.FirstOrDefault(each => !DataSets.Contains(each)) is { } unknown) throw new BadInputException($"includedData '{unknown}' is not known.");
        if (sets.Intersect(["BUYER", "RECIPIENT"]).Any()) return PartnerAccess.Denied(call);
        if (call.QueryList("marketplaceIds") is { Length: > 0 } marketplaces && access.RefuseMarketplaces(call, marketplaces) is { } refusal) return refusal;

        var (created, updated) = (Instant(call, "createdAfter"), Instant(call, "lastUpdatedAfter"));
        if (created.HasValue == updated.HasValue) throw new BadInputException("Exactly one of createdAfter and lastUpdatedAfter is asked.");
        var beforeName = created is null ? "lastUpdatedBefore" : "createdBefore";
        if (call.Query(created is null ? "createdBefore" : "lastUpdatedBefore") is not null) throw new BadInputException("The two ends belong to different instants.");
        var question = string.Join('&', call.Http.Query.Where(each => each.Key != "paginationToken").Select(each => $"{each.Key}={each.Value}"));
        var from = PageToken.Read(call.Query("paginationToken"), gate.Now, TimeSpan.FromHours(24), question);
        var before = Instant(call, beforeName) ?? gate.Now - Freshness;
        if (before > gate.Now - Freshness) throw new BadInputException($"{beforeName} lies less than two minutes back.");

        var size = Listings.Number(call, "maxResultsPerPage", 100, 100);
        var first = created ?? updated!.Value;
        var found = (first >= before ? [] : created is null ? gate.World.OrdersUpdated(first, before) : gate.World.OrdersPurchased(first, before))
            .Where(each => Matches(call, each)).ToList();
        var answer = new JsonObject { ["orders"] = new JsonArray([.. found.Skip(from).Take(size).Select(each => (JsonNode)Show(each, sets))]) };
        if (from + size < found.Count) answer["pagination"] = new JsonObject { ["nextToken"] = PageToken.Make(from + size, gate.Now, question) };
        answer[beforeName] = AdView.Instant(before);
        return Answer.Json(200, answer);
    }

    private static bool Matches(Call call, OrderRecord order) =>
        (call.QueryList("fulfillmentStatuses") is not { Length: > 0 } statuses || statuses.Contains(Status(order)))
        && (call.QueryList("fulfilledBy") is not { Length: > 0 } by || by.Contains("AMAZON"));

    private static DateTimeOffset? Instant(Call call, string name) => call.Query(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant
        : throw new BadInputException($"{name} is no instant.");

    private static string Status(OrderRecord order) => order.Status switch { OrderStatus.Unshipped => "UNSHIPPED", OrderStatus.Shipped => "SHIPPED", OrderStatus.Cancelled => "CANCELLED" };

    private JsonObject Show(OrderRecord order, string[] sets)
    {
        var item = new JsonObject
        {
            ["orderItemId"] = ItemId(order.OrderId),
            ["quantityOrdered"] = order.Status == OrderStatus.Cancelled ? 0 : order.Quantity,
            ["product"] = new JsonObject { ["asin"] = order.Asin, ["sellerSku"] = order.Sku, ["price"] = new JsonObject { ["unitPrice"] = Money(order.UnitPrice) } },
        };
        var body = new JsonObject
        {
            ["orderId"] = order.OrderId,
            ["createdTime"] = AdView.Instant(order.PurchasedAt),
            ["lastUpdatedTime"] = AdView.Instant(order.UpdatedAt),
            ["salesChannel"] = new JsonObject { ["channelName"] = "AMAZON", ["marketplaceId"] = gate.World.Marketplace.Id },
        };
        var total = order.Status == OrderStatus.Cancelled ? 0 : order.UnitPrice * order.Quantity;
        if (sets.Contains("PROCEEDS"))
        {
            body["proceeds"] = new JsonObject { ["grandTotal"] = Money(total) };
            item["proceeds"] = new JsonObject
            {
                ["proceedsTotal"] = Money(total), ["breakdowns"] = new JsonArray(new JsonObject { ["type"] = "ITEM", ["subtotal"] = Money(total) }),
            };
        }

        if (sets.Contains("FULFILLMENT"))
        {
            body["fulfillment"] = new JsonObject { ["fulfillmentStatus"] = Status(order), ["fulfilledBy"] = "AMAZON", ["fulfillmentServiceLevel"] = "STANDARD" };
            var shipped = order.Status == OrderStatus.Shipped ? order.Quantity : 0;
            item["fulfillment"] = new JsonObject { ["quantityFulfilled"] = shipped, ["quantityUnfulfilled"] = order.Status == OrderStatus.Unshipped ? order.Quantity : 0 };
        }

        if (sets.Contains("PROMOTION")) item["promotion"] = new JsonObject { ["breakdowns"] = new JsonArray() };
        body["orderItems"] = new JsonArray(item);
        return body;
    }

    private JsonObject Money(decimal amount) => new() { ["amount"] = amount.ToString("0.00", CultureInfo.InvariantCulture), ["currencyCode"] = gate.World.Marketplace.Currency.Code };

    private static string ItemId(string orderId) =>
        (BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(orderId))) + 50_000_000_000_000L).ToString(CultureInfo.InvariantCulture);
}
