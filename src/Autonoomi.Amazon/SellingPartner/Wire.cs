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

internal sealed record TrafficRow(string? StartDate, string? Sku, TrafficSales? Sales, TrafficVisits? Traffic);

internal sealed record TrafficSales(Amount? OrderedProductSales, long? UnitsOrdered, long? TotalOrderItems);

internal sealed record TrafficVisits(long? Sessions, long? PageViews, decimal? BuyBoxPercentage);

internal sealed record ReportOrder(string ReportType, string[] MarketplaceIds)
{
    public string? DataStartTime { get; init; }

    public string? DataEndTime { get; init; }

    public IReadOnlyDictionary<string, string>? ReportOptions { get; init; }
}

internal sealed record ReportOrdered(string? ReportId);

internal sealed record ReportWire(string ReportId, string? ProcessingStatus, string? ReportDocumentId, DateTimeOffset? CreatedTime);

internal sealed record ListedReport(string ReportId, string? ProcessingStatus, string? ReportDocumentId, DateTimeOffset? CreatedTime, string[]? MarketplaceIds);

internal sealed record ReportsPage(ListedReport[]? Reports, string? NextToken);

internal sealed record ReportDocument(string? Url);

internal sealed record CataloguePage(CatalogueEntry[]? Items, Pagination? Pagination);

internal sealed record CatalogueEntry(string Asin, CatalogueSummary[]? Summaries, CatalogueRelations[]? Relationships);

internal sealed record CatalogueSummary(string? MarketplaceId, string? ItemName, string? Brand, string? ItemClassification, CatalogueClass? BrowseClassification);

internal sealed record CatalogueClass(string? ClassificationId, string? DisplayName);

internal sealed record CatalogueRelations(string? MarketplaceId, CatalogueRelation[]? Relationships);

internal sealed record CatalogueRelation(string? Type, string[]? ParentAsins);

// Product Fees is the one API that writes its fields in capitals.
internal sealed record FeeQuestion(FeeRequest FeesEstimateRequest, string IdType, string IdValue);

internal sealed record FeeRequest(string MarketplaceId, bool IsAmazonFulfilled, FeePrice PriceToEstimateFees, string Identifier);

internal sealed record FeePrice(FeeMoney ListingPrice);

internal sealed record FeeMoney(string? CurrencyCode, decimal Amount);

internal sealed record FeeAnswer(string? Status, FeeSubject? FeesEstimateIdentifier, FeeEstimateWire? FeesEstimate, FeeRefusal? Error);

internal sealed record FeeSubject(string? IdValue);

internal sealed record FeeEstimateWire(FeeMoney? TotalFeesEstimate, FeeDetail[]? FeeDetailList);

internal sealed record FeeDetail(string? FeeType, FeeMoney? FinalFee);

internal sealed record FeeRefusal(string? Code);

internal sealed record TransactionsPage(Transaction[]? Transactions, string? NextToken);

internal sealed record Transaction(string? TransactionId, string? TransactionType, string? TransactionStatus, string? Description, DateTimeOffset? PostedDate, FinanceMoney? TotalAmount)
{
    public FinanceMarketplace? MarketplaceDetails { get; init; }

    public RelatedIdentifier[]? RelatedIdentifiers { get; init; }

    public TransactionItem[]? Items { get; init; }

    public FinanceBreakdown[]? Breakdowns { get; init; }
}

internal sealed record FinanceMarketplace(string? MarketplaceId);

internal sealed record RelatedIdentifier(string? RelatedIdentifierName, string? RelatedIdentifierValue);

internal sealed record TransactionItem(FinanceMoney? TotalAmount, FinanceBreakdown[]? Breakdowns, TransactionContext[]? Contexts);

// Of the contexts only the product's is read; payment, store and time contexts share its list and lose their fields here.
internal sealed record TransactionContext(string? Sku, long? QuantityShipped);

internal sealed record FinanceBreakdown(string? BreakdownType, FinanceMoney? BreakdownAmount, FinanceBreakdown[]? Breakdowns);

internal sealed record FinanceMoney([property: JsonPropertyName("currencyAmount")] decimal Value, string? CurrencyCode);

internal sealed record SearchQueryRow(string? StartDate, string? Asin, SearchQueryData? SearchQueryData, QueryImpressions? ImpressionData, QueryClicks? ClickData, QueryPurchases? PurchaseData);

internal sealed record SearchQueryData(string? SearchQuery, long? SearchQueryVolume);

internal sealed record QueryImpressions(long? TotalQueryImpressionCount, long? AsinImpressionCount);

internal sealed record QueryClicks(long? TotalClickCount, long? AsinClickCount);

internal sealed record QueryPurchases(long? TotalPurchaseCount, long? AsinPurchaseCount);

internal sealed record CatalogueRow(string? StartDate, string? Asin, CatalogueImpressions? ImpressionData, CatalogueClicks? ClickData, CatalogueCarts? CartAddData, CataloguePurchases? PurchaseData);

internal sealed record CatalogueImpressions(long? ImpressionCount);

internal sealed record CatalogueClicks(long? ClickCount);

internal sealed record CatalogueCarts(long? CartAddCount);

internal sealed record CataloguePurchases(long? PurchaseCount, Amount? SearchTrafficSales);

internal sealed record SearchTermRow(string? SearchTerm, string? DepartmentName, long? SearchFrequencyRank, string? ClickedAsin, int? ClickShareRank, double? ClickShare, double? ConversionShare);

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
[JsonSerializable(typeof(TrafficRow))]
[JsonSerializable(typeof(ReportOrder))]
[JsonSerializable(typeof(ReportOrdered))]
[JsonSerializable(typeof(ReportWire))]
[JsonSerializable(typeof(ReportsPage))]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(CataloguePage))]
[JsonSerializable(typeof(Envelope<TransactionsPage>), TypeInfoPropertyName = "Transactions")]
[JsonSerializable(typeof(SearchQueryRow))]
[JsonSerializable(typeof(CatalogueRow))]
[JsonSerializable(typeof(SearchTermRow))]
internal sealed partial class SellingPartnerJson : JsonSerializerContext;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(FeeQuestion[]))]
[JsonSerializable(typeof(FeeAnswer[]))]
internal sealed partial class ProductFeesJson : JsonSerializerContext;
