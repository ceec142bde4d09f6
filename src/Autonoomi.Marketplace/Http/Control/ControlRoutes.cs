using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.Http.Ads;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.Control;

/// <summary>What is not Amazon: clock, hidden truth, log of writes, faults. Only for who holds the world's key.</summary>
internal sealed class ControlRoutes(WorldGate gate, string key)
{
    private const int LongestAdvanceDays = 400;

    public void Map(Routes routes)
    {
        routes.Get("/world/clock", Keyed(_ => Clock()));
        routes.Post("/world/advance", Keyed(Advance));
        routes.Get("/world/truth", Keyed(Truth));
        routes.Get("/world/writes", Keyed(Writes));
        routes.Get("/world/seller", Keyed(_ => Seller()));
        routes.Get("/world/sellers", Keyed(_ => Sellers()));
        routes.Post("/world/self-authorise", Keyed(SelfAuthorise));
        routes.Get("/world/ledger", Keyed(_ => Ledger()));
        routes.Get("/world/faults", Keyed(_ => Answer.Json(200, gate.Faults.Describe())));
        routes.Post("/world/faults", Keyed(Faults));
    }

    private Func<Call, Answer> Keyed(Func<Call, Answer> handle) => call =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(call.Header("X-World-Key") ?? ""), Encoding.UTF8.GetBytes(key))
            ? handle(call)
            : Family.Error(call.Path, 401, "", "The header X-World-Key does not hold the world's key.");

    // Seller Central shows such a token once, to the person who presses "Authorize app" beside a private application; a page for it would play nothing that a client meets.
    private Answer SelfAuthorise(Call call)
    {
        var account = (string?)call.Json()?["account"] ?? gate.SellingPartnerId;
        var grant = gate.Grants.Open(Login.GrantKind.SellingPartner, PretendApps.OwnSellingPartnerClientId, account, gate.Now);
        return Answer.Json(200, new JsonObject { ["sellingPartnerId"] = account, ["clientId"] = grant.ClientId, ["refreshToken"] = grant.RefreshToken });
    }

    private Answer Clock() => Answer.Json(200, new JsonObject { ["now"] = AdView.Instant(gate.Now), ["today"] = Day(gate.World.Today) });

    private Answer Advance(Call call)
    {
        var body = call.Json();
        if (Whole(body?["days"]) is { } days and >= 1 and <= LongestAdvanceDays && body!.Count == 1) gate.World.AdvanceDays(days);
        else if (Whole(body?["hours"]) is { } hours and >= 1 and <= LongestAdvanceDays * 24 && body!.Count == 1) gate.World.AdvanceHours(hours);
        else return Family.Error(call.Path, 400, "", $"Say {{\"days\": 1}} or {{\"hours\": 6}}; at most {LongestAdvanceDays} days at once.");
        return Clock();
    }

    private Answer Truth(Call call)
    {
        var known = gate.World.TruthDays;
        if (!TryDay(call, "from", known.First, out var first) || !TryDay(call, "to", known.Last, out var last) || last < first)
            return Family.Error(call.Path, 400, "", "from and to are days YYYY-MM-DD in order.");
        return Answer.Json(200, new JsonObject
        {
            ["currency"] = gate.World.Marketplace.Currency.Code,
            ["days"] = new JsonArray([.. gate.World.Truth(new DateSpan(first, last)).Select(day => (JsonNode)new JsonObject
            {
                ["day"] = Day(day.Day), ["expectedProfit"] = day.ExpectedProfit, ["realisedProfit"] = day.RealisedProfit, ["oracleProfit"] = day.OracleProfit,
                ["expectedSpend"] = day.ExpectedSpend, ["oracleSpend"] = day.OracleSpend,
            })]),
        });
    }

    private Answer Writes(Call call)
    {
        var after = long.TryParse(call.Query("after"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return Answer.Json(200, new JsonObject
        {
            ["writes"] = new JsonArray([.. gate.World.Ads.Writes.Where(each => each.Sequence > after).Select(each => (JsonNode)Show(each))]),
            ["otherWrites"] = new JsonArray([.. gate.Others.Writes.Select(each => (JsonNode)new JsonObject
            {
                ["sequence"] = each.Sequence, ["at"] = AdView.Instant(each.At), ["adProduct"] = JsonNamingPolicy.CamelCase.ConvertName(each.AdProduct.ToString()), ["entity"] = each.Entity, ["operation"] = each.Operation,
                ["id"] = each.Id, ["accepted"] = each.Accepted, ["reason"] = each.Reason,
            })]),
        });
    }

    /// <summary>What was booked in all, the mistakes that were planted, which refunded goods came back and which never will.</summary>
    private Answer Ledger() => Answer.Json(200, new JsonObject
    {
        ["currency"] = gate.World.Marketplace.Currency.Code,
        ["bookings"] = gate.Money.Postings().Count,
        ["total"] = gate.Money.Postings().Sum(each => each.Total),
        ["settlements"] = gate.Money.Settlements().Count,
        ["planted"] = new JsonArray([.. gate.Money.Planted().Select(each => (JsonNode)new JsonObject
        {
            ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(each.Kind.ToString()), ["orderId"] = each.OrderId, ["sku"] = each.Sku, ["amount"] = each.Amount,
        })]),
        ["returned"] = new JsonArray([.. gate.Money.Returned().Select(each => (JsonNode)new JsonObject { ["returnedOn"] = Day(gate.World.DayOf(each.At)), ["orderId"] = each.OrderId, ["sku"] = each.Sku, ["units"] = each.Units })]),
        ["kept"] = new JsonArray([.. gate.Money.Kept().Select(each => (JsonNode)new JsonObject { ["refundedOn"] = Day(each.Day), ["orderId"] = each.OrderId, ["sku"] = each.Sku, ["units"] = each.Units })]),
    });

    private static JsonObject Show(WriteEntry write) => new()
    {
        ["sequence"] = write.Sequence,
        ["at"] = AdView.Instant(write.At),
        ["route"] = $"/sp/{AdResource.All.First(each => each.Kind == write.Entity).Path}",
        ["entity"] = JsonNamingPolicy.CamelCase.ConvertName(write.Entity.ToString()),
        ["operation"] = JsonNamingPolicy.CamelCase.ConvertName(write.Operation.ToString()),
        ["id"] = write.Id,
        ["fields"] = new JsonObject(write.Fields.Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Value))),
        ["accepted"] = write.Accepted,
        ["reason"] = write.Reason,
    };

    private Answer Seller()
    {
        var knowledge = gate.World.Knowledge;
        return Answer.Json(200, new JsonObject
        {
            ["storeName"] = gate.Seller.StoreName,
            ["sellingPartnerId"] = gate.SellingPartnerId,
            ["profileId"] = gate.World.ProfileId,
            ["marketplaceId"] = gate.World.Marketplace.Id,
            ["currency"] = knowledge.CurrencyCode,
            ["suggestedMonthlyBudget"] = knowledge.SuggestedMonthlyBudget,
            ["products"] = new JsonArray([.. knowledge.Products.Select(each => (JsonNode)new JsonObject
            {
                ["sku"] = each.Sku, ["asin"] = each.Asin, ["title"] = each.Title, ["costOfGoods"] = each.CostOfGoods, ["inboundPerUnit"] = each.InboundPerUnit, ["leadTimeDays"] = each.LeadTimeDays,
            })]),
        });
    }

    /// <summary>All storefronts in the order of their numbers, which the other control routes take as <c>storefront</c>.</summary>
    private Answer Sellers() => Answer.Json(200, new JsonObject
    {
        ["storefronts"] = new JsonArray([.. gate.Memory.Sellers.SelectMany(seller => seller.Worlds.Select(world => (JsonNode)new JsonObject
        {
            ["storeName"] = seller.StoreName, ["sellingPartnerId"] = seller.SellingPartnerId(world.Marketplace.Region), ["profileId"] = world.ProfileId, ["marketplaceId"] = world.Marketplace.Id,
        }))]),
    });

    private Answer Faults(Call call) => call.Json() is not { } order ? Family.Error(call.Path, 400, "", "The body is not a JSON object.")
        : gate.Faults.Apply(order, gate.Grants) is { } problem ? Family.Error(call.Path, 400, "", problem)
        : Answer.Json(200, gate.Faults.Describe());

    private static int? Whole(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    private static bool TryDay(Call call, string name, DateOnly otherwise, out DateOnly day)
    {
        day = otherwise;
        return call.Query(name) is not { } text || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
