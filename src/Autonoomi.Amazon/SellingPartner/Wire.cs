using System.Text.Json.Serialization;

namespace Autonoomi.Amazon.SellingPartner.Wire;

// What is read of the Selling Partner API, and nothing else. No type here can hold anything about a buyer.
internal sealed record Envelope<T>(T? Payload, Pagination? Pagination);

internal sealed record Pagination(string? NextToken);

internal sealed record ParticipationEntry(ParticipationMarketplace? Marketplace, ParticipationState? Participation, string? StoreName);

internal sealed record ParticipationMarketplace(string? Id);

internal sealed record ParticipationState(bool IsParticipating, bool HasSuspendedListings);

internal sealed record ListingsPage(ListingItem[]? Items, Pagination? Pagination);

internal sealed record ListingItem(string Sku, ListingSummary[]? Summaries, ListingOffer[]? Offers);

internal sealed record ListingSummary(string? MarketplaceId, string? Asin, string? ItemName, string[]? Status);

internal sealed record ListingOffer(string? MarketplaceId, string? OfferType, Amount? Price);

internal sealed record Amount([property: JsonPropertyName("amount")] decimal Value, string? CurrencyCode);

internal sealed record InventoryPayload(InventorySummary[]? InventorySummaries);

internal sealed record InventorySummary(string? SellerSku, InventoryDetails? InventoryDetails);

internal sealed record InventoryDetails(long? FulfillableQuantity, long? InboundWorkingQuantity, long? InboundShippedQuantity, long? InboundReceivingQuantity, ReservedQuantity? ReservedQuantity);

internal sealed record ReservedQuantity(long? TotalReservedQuantity);

internal sealed record OrdersPage(Order[]? Orders, Pagination? Pagination);

internal sealed record Order(string OrderId, DateTimeOffset CreatedTime, OrderItem[]? OrderItems);

internal sealed record OrderItem(long QuantityOrdered, OrderProduct? Product, Proceeds? Proceeds);

internal sealed record OrderProduct(string? SellerSku, OrderPrice? Price);

internal sealed record OrderPrice(Amount? UnitPrice);

internal sealed record Proceeds(Breakdown[]? Breakdowns);

internal sealed record Breakdown(string? Type, Amount? Subtotal);

internal sealed record QueryRequest(string Query)
{
    public string? PaginationToken { get; init; }
}

internal sealed record QueryCreated(string? QueryId);

internal sealed record Query(string? ProcessingStatus, string? DataDocumentId, string? ErrorDocumentId, Pagination? Pagination);

internal sealed record Document(string? DocumentUrl);

internal sealed record EconomicsRow(string? StartDate, string? Msku, EconomicsSales? Sales, EconomicsFee[]? Fees, EconomicsAd[]? Ads);

internal sealed record EconomicsSales(Amount? OrderedProductSales, Amount? RefundedProductSales, long? UnitsOrdered, long? UnitsRefunded);

internal sealed record EconomicsFee(string? FeeTypeName, EconomicsCharge[]? Charges);

internal sealed record EconomicsCharge(EconomicsDetail? AggregatedDetail);

internal sealed record EconomicsAd(EconomicsDetail? Charge);

internal sealed record EconomicsDetail(Amount? TotalAmount);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(Envelope<ParticipationEntry[]>), TypeInfoPropertyName = "Participations")]
[JsonSerializable(typeof(Envelope<InventoryPayload>), TypeInfoPropertyName = "Inventory")]
[JsonSerializable(typeof(ListingsPage))]
[JsonSerializable(typeof(OrdersPage))]
[JsonSerializable(typeof(QueryRequest))]
[JsonSerializable(typeof(QueryCreated))]
[JsonSerializable(typeof(Query))]
[JsonSerializable(typeof(Document))]
[JsonSerializable(typeof(EconomicsRow))]
internal sealed partial class SellingPartnerJson : JsonSerializerContext;
