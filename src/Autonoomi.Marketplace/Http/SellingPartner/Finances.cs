using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Ads;
using Autonoomi.Marketplace.Ledger;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary><c>listTransactions</c> 2024-06-19: what was booked, held back and released. Between two pages comes an empty one, and of the last day and a half a part is still missing.</summary>
internal sealed class Finances(WorldGate gate, PartnerAccess access)
{
    private const int PageSize = 100;
    private const int LongestDays = 180;

    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Late = TimeSpan.FromHours(36);

    public void Map(Routes routes) => routes.Get("/finances/2024-06-19/transactions", access.Guard("listTransactions", new Plan(0.5, 10), Transactions));

    private Answer Transactions(Call call)
    {
        if (call.Query("marketplaceId") is { } marketplace && access.RefuseMarketplaces(call, [marketplace]) is { } refusal) return refusal;
        var after = Instant(call, "postedAfter") ?? throw new BadInputException("Start date cannot be null");
        var before = Instant(call, "postedBefore") ?? gate.Now - Freshness;
        if (before > gate.Now - Freshness) throw new BadInputException("postedBefore lies less than two minutes back.");
        var question = string.Join('&', call.Http.Query.Where(each => each.Key != "nextToken").Select(each => $"{each.Key}={each.Value}"));
        var place = PageToken.Read(call.Query("nextToken"), gate.Now, TimeSpan.FromHours(24), question);
        var (from, isEmpty) = (place / 2, place % 2 == 1);

        var found = before - after > TimeSpan.FromDays(LongestDays) ? [] : Entries().Where(entry => entry.At >= after && entry.At < before && IsThere(entry)).OrderBy(entry => entry.At).ThenBy(entry => entry.Id, StringComparer.Ordinal).ToList();
        if (call.Query("transactionStatus") is { } status) found = [.. found.Where(entry => entry.Status == status)];
        var page = isEmpty ? [] : found.Skip(from).Take(PageSize).Select(Show).ToArray();
        var payload = new JsonObject { ["transactions"] = new JsonArray([.. page]) };
        if (isEmpty) payload["nextToken"] = PageToken.Make(from * 2, gate.Now, question);
        else if (from + PageSize < found.Count) payload["nextToken"] = PageToken.Make(((from + PageSize) * 2) + 1, gate.Now, question);
        return Answer.Json(200, new JsonObject { ["payload"] = payload });
    }

    private bool IsThere(Entry entry) => gate.Now - entry.At > Late || gate.Money.Hash($"late/{entry.Id}") % 5 != 0;

    // What was held back is listed once, with the state of today; its release is a transaction of its own.
    private IEnumerable<Entry> Entries()
    {
        foreach (var posting in gate.Money.Postings())
        {
            if (!posting.IsDeferred)
            {
                yield return new(posting.Id, posting.PostedAt, "RELEASED", posting, null, null);
                continue;
            }

            var release = $"{posting.Id}-r";
            var isFree = posting.ReleasedAt <= gate.Now;
            yield return new(posting.Id, posting.PostedAt, isFree ? "DEFERRED_RELEASED" : "DEFERRED", posting, null, isFree ? release : null);
            if (isFree) yield return new(release, posting.ReleasedAt, "RELEASED", posting, posting.Id, null);
        }
    }

    private JsonNode Show(Entry entry)
    {
        var posting = entry.Posting;
        var related = new JsonArray();
        if (posting.OrderId is { } order) related.Add(Related("ORDER_ID", order));
        if (entry.Deferred is { } deferred) related.Add(Related("DEFERRED_TRANSACTION_ID", deferred));
        if (entry.Release is { } release) related.Add(Related("RELEASE_TRANSACTION_ID", release));
        var sales = posting.Parts.Where(part => part.Part == Part.Principal).Sum(part => part.Amount);
        var shown = new JsonObject
        {
            ["sellingPartnerMetadata"] = new JsonObject { ["sellingPartnerId"] = gate.SellingPartnerId, ["accountType"] = "Standard Orders", ["marketplaceId"] = gate.World.Marketplace.Id },
            ["relatedIdentifiers"] = related,
            ["transactionType"] = posting.Type switch { PostingType.Shipment => "Shipment", PostingType.Refund => "Refund", PostingType.Storage => "ServiceFee", PostingType.Advertising => "ProductAdsPayment" },
            ["transactionId"] = entry.Id,
            ["transactionStatus"] = entry.Status,
            ["description"] = posting.Type switch { PostingType.Shipment => "Order Payment", PostingType.Refund => "Refund", PostingType.Storage => "FBA storage fee", PostingType.Advertising => "Cost of Advertising" },
            ["postedDate"] = AdView.Instant(entry.At),
            ["totalAmount"] = Money(posting.Total),
            ["marketplaceDetails"] = new JsonObject { ["marketplaceId"] = gate.World.Marketplace.Id, ["marketplaceName"] = "Amazon" },
        };

        // The transaction repeats in the large what its items say in detail: whoever adds up both counts twice.
        var large = new JsonArray();
        if (sales != 0) large.Add(Breakdown("Sales", sales));
        if (posting.Total != sales) large.Add(Breakdown("Expenses", posting.Total - sales, [.. posting.Sku is null ? posting.Parts.Select(part => Breakdown(Word(part.Part), part.Amount)) : []]));
        shown["breakdowns"] = large;
        if (posting.Sku is null) return shown;
        var item = new JsonArray();
        if (sales != 0) item.Add(Breakdown("ProductCharges", sales));
        var fees = posting.Parts.Where(part => part.Part != Part.Principal).ToList();
        if (fees.Count > 0) item.Add(Breakdown("AmazonFees", fees.Sum(part => part.Amount), [.. fees.Select(part => Breakdown(Word(part.Part), part.Amount))]));
        var contexts = new JsonArray(new JsonObject { ["contextType"] = "ProductContext", ["asin"] = posting.Asin, ["sku"] = posting.Sku, ["quantityShipped"] = posting.Units, ["fulfillmentNetwork"] = "AFN" });
        if (entry.Status == "DEFERRED") contexts.Add(new JsonObject { ["contextType"] = "DeferredContext", ["deferralReason"] = "DD7", ["maturityDate"] = AdView.Instant(posting.ReleasedAt) });
        shown["items"] = new JsonArray(new JsonObject { ["description"] = posting.Sku, ["totalAmount"] = Money(posting.Total), ["contexts"] = contexts, ["breakdowns"] = item });
        return shown;
    }

    private static JsonObject Related(string name, string value) => new() { ["relatedIdentifierName"] = name, ["relatedIdentifierValue"] = value };

    private JsonObject Breakdown(string type, decimal amount, params JsonObject[] inner)
    {
        var shown = new JsonObject { ["breakdownType"] = type, ["breakdownAmount"] = Money(amount) };
        if (inner.Length > 0) shown["breakdowns"] = new JsonArray([.. inner]);
        return shown;
    }

    private static string Word(Part part) => part switch
    {
        Part.Principal => "ProductCharges",
        Part.Commission => "Commission",
        Part.FulfilmentFee => "FBAPerUnitFulfillmentFee",
        Part.RefundCommission => "RefundCommission",
        Part.StorageFee => "FBAStorageFee",
        Part.AdvertisingCharge => "AdvertisingCharge",
    };

    private JsonObject Money(decimal amount) => new() { ["currencyCode"] = gate.World.Marketplace.Currency.Code, ["currencyAmount"] = amount };

    private static DateTimeOffset? Instant(Call call, string name) => call.Query(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) ? instant
        : throw new BadInputException($"{name} is no instant.");

    private sealed record Entry(string Id, DateTimeOffset At, string Status, Posting Posting, string? Deferred, string? Release);
}
