using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>Orders that followed clicks within one attribution window, booked on the click's day.</summary>
public readonly record struct Attributed(int Orders, int Units, decimal Sales, int SameSkuOrders, int SameSkuUnits, decimal SameSkuSales);

/// <summary>What a report shows for one key, as visible at the world's present time.</summary>
public readonly record struct Metrics(
    long Impressions, long Clicks, decimal Cost, Attributed Within1Day, Attributed Within7Days, Attributed Within14Days, Attributed Within30Days);

public sealed record TargetRow(DateOnly Day, long CampaignId, long AdGroupId, long TargetId, Metrics Metrics);

/// <summary>Only terms with at least one click. On product pages the term is the page's ASIN in lower case.</summary>
public sealed record SearchTermRow(DateOnly Day, long CampaignId, long AdGroupId, long TargetId, string SearchTerm, Metrics Metrics);

public sealed record CampaignRow(DateOnly Day, long CampaignId, Metrics Metrics);

public sealed record PlacementRow(DateOnly Day, long CampaignId, Placement Placement, Metrics Metrics);

public sealed record ProductRow(DateOnly Day, long CampaignId, long AdGroupId, long AdId, string Sku, string Asin, Metrics Metrics);

/// <summary>How far a campaign's budget reached on one day.</summary>
/// <param name="Day">Reporting day.</param>
/// <param name="CampaignId">Whose.</param>
/// <param name="Budget">Daily budget in force last.</param>
/// <param name="Spent">Charged on that day, before credits for invalid clicks.</param>
/// <param name="TimeInBudget">Share of the day's shoppers during whose visit the campaign could pay, 0 to 1.</param>
public sealed record BudgetUsageRow(DateOnly Day, long CampaignId, decimal Budget, decimal Spent, double TimeInBudget);

/// <summary>Everything sold of one SKU on one day, organic and advertised, and what Amazon kept. Fees and ad charge are positive.</summary>
public sealed record EconomicsRow(
    DateOnly Day, string Sku, string Asin, int UnitsOrdered, int UnitsRefunded, decimal OrderedSales, decimal RefundedSales,
    decimal ReferralFee, decimal FulfilmentFee, decimal StorageFee, decimal AdCharge);

public sealed record StockLevel(string Sku, string Asin, int Fulfillable, int Inbound, int Reserved);

public enum OrderStatus { Unshipped, Shipped, Cancelled }

/// <summary>One purchase. There is no buyer in this world beyond the number of the order.</summary>
/// <param name="OrderId">Amazon's form 3-7-7.</param>
/// <param name="PurchasedAt">World time.</param>
/// <param name="UpdatedAt">Last change of status, never after the world's now.</param>
/// <param name="Sku">Seller's article number.</param>
/// <param name="Asin">Amazon's article number.</param>
/// <param name="Quantity">At least 1.</param>
/// <param name="UnitPrice">Price of one unit.</param>
/// <param name="Status">As visible now.</param>
public sealed record OrderRecord(
    string OrderId, DateTimeOffset PurchasedAt, DateTimeOffset UpdatedAt, string Sku, string Asin, int Quantity, decimal UnitPrice, OrderStatus Status);

/// <summary>What the seller knows by heart about one product.</summary>
public sealed record ProductKnowledge(string Sku, string Asin, string Title, decimal CostOfGoods, decimal InboundPerUnit, int LeadTimeDays);

public sealed record SellerKnowledge(IReadOnlyList<ProductKnowledge> Products, decimal SuggestedMonthlyBudget, string CurrencyCode);

/// <summary>The hidden truth of one day. Amounts in the marketplace's currency.</summary>
/// <param name="Day">Reporting day.</param>
/// <param name="ExpectedProfit">Expected contribution of the ads minus their cost, given bids, budgets and stock as they were; luck removed.</param>
/// <param name="IncrementalProfit">The same, counting of each order only the chance that it would not have come without the ad.</param>
/// <param name="RealisedProfit">Contribution minus cost with the luck of the day.</param>
/// <param name="OracleProfit">What the relaxed oracle (docs/maths/market.md) would expect to earn.</param>
/// <param name="ExpectedSpend">Expected cost of clicks.</param>
/// <param name="ExpectedSales">Expected sales that the day's clicks lead to.</param>
/// <param name="OracleSpend">The oracle's expected cost of clicks.</param>
public sealed record DayTruth(
    DateOnly Day, double ExpectedProfit, double IncrementalProfit, double RealisedProfit, double OracleProfit, double ExpectedSpend, double ExpectedSales,
    double OracleSpend);
