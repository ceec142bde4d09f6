using System.Collections.Immutable;

namespace Autonoomi.Core.Facts;

/// <summary>What a table holds; also the name under which the vault files its segments.</summary>
public enum Dataset
{
    // Facts, one row per natural key and reporting day.
    TargetDay, SearchTermDay, PlacementDay, ProductDay, SkuDay, OrderDay, InventoryDay,

    // What the account as a whole showed of a click day at each age, and hourly facts, where there are any.
    MaturityDay, HourDay,

    // Sponsored Brands and Sponsored Display: a report each, so a table each; columns as those of Sponsored Products.
    BrandsTargetDay, BrandsSearchTermDay, BrandsPlacementDay, DisplayTargetDay, DisplayProductDay,

    // What campaigns cost as a whole: held against their targets' sums, and used for nothing else.
    CampaignDay, BrandsCampaignDay, DisplayCampaignDay,

    // What was bought after a click on which product's ad, by ad product; visits; single movements of money; Brand Analytics, a row a week.
    PurchaseDay, BrandsPurchaseDay, DisplayPurchaseDay, TrafficDay, LedgerDay, SearchQueryWeek, SearchCatalogueWeek,

    // Entity snapshots, replaced whole by each structure sync.
    Campaign, AdGroup, ProductAd, Target, Negative, Listing,

    // Amazon's suggested bids of enabled targets: a snapshot too, of which a part is asked for anew each day.
    Suggestion,

    // Amazon's planning figures per product and its fee estimates at today's price.
    StockPlan, FeeEstimate,

    // Goods that buyers sent back: facts, behind the others because the order of names is kept.
    ReturnDay,

    // Brand Analytics too, a row a week: which products are clicked most after the searches that concern the seller.
    SearchTermWeek,
}

public enum ColumnKind
{
    /// <summary>64-bit integers: ids, counts.</summary>
    Long,

    /// <summary>Money in millionths of a currency unit, 64-bit.</summary>
    Micros,

    /// <summary>Day number (<see cref="DateOnly.DayNumber"/>), 32-bit.</summary>
    Day,

    /// <summary>Small integers and enum values, 32-bit.</summary>
    Int,

    /// <summary>Dictionary-coded text.</summary>
    Text,
}

/// <param name="Name">Lower snake case; also the Arrow field name.</param>
/// <param name="Kind">Storage kind.</param>
/// <param name="Key">Part of the row's natural key.</param>
/// <param name="Absent">What a number reads as in rows that were stored before the column was there.</param>
public sealed record ColumnSpec(string Name, ColumnKind Kind, bool Key = false, int Absent = 0);

/// <summary>The columns of one dataset, in order. Changing one is a migration of stored segments: add columns at the end only.</summary>
public sealed class TableSchema
{
    private readonly Dictionary<string, int> positions;

    private TableSchema(Dataset dataset, params ColumnSpec[] columns)
    {
        Dataset = dataset;
        Columns = [.. columns];
        positions = columns.Select((column, index) => (column.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
    }

    public Dataset Dataset { get; }

    public ImmutableArray<ColumnSpec> Columns { get; }

    /// <summary>True when rows belong to a reporting day (first column <c>day</c>); false for entity snapshots.</summary>
    public bool IsDaily => Columns[0].Kind == ColumnKind.Day;

    /// <returns>Zero-based position of the column.</returns>
    /// <exception cref="ArgumentException">The dataset has no such column.</exception>
    public int IndexOf(string column) => positions.TryGetValue(column, out var index)
        ? index
        : throw new ArgumentException($"Dataset {Dataset} has no column '{column}'.", nameof(column));

    public static TableSchema Of(Dataset dataset) => dataset switch
    {
        Dataset.TargetDay => TargetDay,
        Dataset.SearchTermDay => SearchTermDay,
        Dataset.PlacementDay => PlacementDay,
        Dataset.ProductDay => ProductDay,
        Dataset.SkuDay => SkuDay,
        Dataset.OrderDay => OrderDay,
        Dataset.InventoryDay => InventoryDay,
        Dataset.MaturityDay => MaturityDay,
        Dataset.HourDay => HourDay,
        Dataset.Campaign => Campaign,
        Dataset.AdGroup => AdGroup,
        Dataset.ProductAd => ProductAd,
        Dataset.Target => Target,
        Dataset.Negative => Negative,
        Dataset.Listing => Listing,
        Dataset.Suggestion => Suggestion,
        Dataset.BrandsTargetDay => BrandsTargetDay,
        Dataset.BrandsSearchTermDay => BrandsSearchTermDay,
        Dataset.BrandsPlacementDay => BrandsPlacementDay,
        Dataset.DisplayTargetDay => DisplayTargetDay,
        Dataset.DisplayProductDay => DisplayProductDay,
        Dataset.CampaignDay => CampaignDay,
        Dataset.BrandsCampaignDay => BrandsCampaignDay,
        Dataset.DisplayCampaignDay => DisplayCampaignDay,
        Dataset.PurchaseDay => PurchaseDay,
        Dataset.BrandsPurchaseDay => BrandsPurchaseDay,
        Dataset.DisplayPurchaseDay => DisplayPurchaseDay,
        Dataset.TrafficDay => TrafficDay,
        Dataset.LedgerDay => LedgerDay,
        Dataset.SearchQueryWeek => SearchQueryWeek,
        Dataset.SearchCatalogueWeek => SearchCatalogueWeek,
        Dataset.StockPlan => StockPlan,
        Dataset.FeeEstimate => FeeEstimate,
        Dataset.ReturnDay => ReturnDay,
        Dataset.SearchTermWeek => SearchTermWeek,
    };

    // Orders, units and sales are attributed within 7 days of the click and booked on the click's day (Sponsored Products, sellers).
    private static readonly TableSchema TargetDay = new(Dataset.TargetDay,
        Key("day", ColumnKind.Day), Key("campaign_id"), Key("ad_group_id"), Key("target_id"),
        Count("impressions"), Count("clicks"), Amount("cost"), Count("orders"), Count("units"), Amount("sales"));

    private static readonly TableSchema SearchTermDay = new(Dataset.SearchTermDay,
        Key("day", ColumnKind.Day), Key("campaign_id"), Key("ad_group_id"), Key("target_id"), Key("search_term", ColumnKind.Text),
        Count("impressions"), Count("clicks"), Amount("cost"), Count("orders"), Count("units"), Amount("sales"));

    // placement holds the integer value of Advertising.Placement.
    private static readonly TableSchema PlacementDay = new(Dataset.PlacementDay,
        Key("day", ColumnKind.Day), Key("campaign_id"), Key("placement", ColumnKind.Int),
        Count("impressions"), Count("clicks"), Amount("cost"), Count("orders"), Count("units"), Amount("sales"));

    private static readonly TableSchema ProductDay = new(Dataset.ProductDay,
        Key("day", ColumnKind.Day), Key("campaign_id"), Key("ad_group_id"), Key("ad_id"), Key("sku", ColumnKind.Text),
        Count("impressions"), Count("clicks"), Amount("cost"), Count("orders"), Count("units"), Amount("sales"));

    // From Data Kiosk economics: all sales, organic and advertised. Fees are positive amounts paid to Amazon.
    private static readonly TableSchema SkuDay = new(Dataset.SkuDay,
        Key("day", ColumnKind.Day), Key("sku", ColumnKind.Text),
        Count("units_ordered"), Count("units_refunded"), Amount("ordered_sales"), Amount("refunded_sales"),
        Amount("referral_fee"), Amount("fulfilment_fee"), Amount("storage_fee"), Amount("other_fee"), Amount("ad_charge"));

    // From the Orders API: fresher than economics, never anything about the buyer. Day of purchase.
    private static readonly TableSchema OrderDay = new(Dataset.OrderDay,
        Key("day", ColumnKind.Day), Key("sku", ColumnKind.Text),
        Count("orders"), Count("units"), Amount("sales"));

    private static readonly TableSchema InventoryDay = new(Dataset.InventoryDay,
        Key("day", ColumnKind.Day), Key("sku", ColumnKind.Text),
        Count("fulfillable"), Count("inbound"), Count("reserved"));

    // First read of a click day at each age: full days between the click's day and the reading. ad_product holds the value of Advertising.AdProduct.
    private static readonly TableSchema MaturityDay = new(Dataset.MaturityDay,
        Key("day", ColumnKind.Day), Key("ad_product", ColumnKind.Int), Key("age", ColumnKind.Int),
        Count("clicks"), Count("orders"));

    // Hours 0 to 23 of the reporting day. Filled from the hourly stream where the seller has one; orders stand at the click's hour.
    private static readonly TableSchema HourDay = new(Dataset.HourDay,
        Key("day", ColumnKind.Day), Key("hour", ColumnKind.Int), Key("campaign_id"),
        Count("impressions"), Count("clicks"), Amount("cost"), Count("orders"), Count("units"), Amount("sales"));

    // Sponsored Brands and Display attribute orders for 14 days, Display views too; booked on the day of the click or view.
    // Orders after clicks alone stand apart from those that followed views as well; they are −1 in rows that were stored before they were read. Brands does not tell units after clicks by target.
    private static readonly TableSchema BrandsTargetDay = new(Dataset.BrandsTargetDay,
        [.. TargetDay.Columns, Count("click_orders") with { Absent = -1 }, Amount("click_sales") with { Absent = -1 }]);

    private static readonly TableSchema BrandsSearchTermDay = new(Dataset.BrandsSearchTermDay, [.. SearchTermDay.Columns]);

    private static readonly TableSchema BrandsPlacementDay = new(Dataset.BrandsPlacementDay, [.. PlacementDay.Columns]);

    private static readonly TableSchema DisplayTargetDay = new(Dataset.DisplayTargetDay,
        [.. TargetDay.Columns, Count("click_orders") with { Absent = -1 }, Count("click_units") with { Absent = -1 }, Amount("click_sales") with { Absent = -1 }]);

    private static readonly TableSchema DisplayProductDay = new(Dataset.DisplayProductDay, [.. ProductDay.Columns]);

    private static readonly TableSchema CampaignDay = new(Dataset.CampaignDay, Key("day", ColumnKind.Day), Key("campaign_id"), Count("clicks"), Amount("cost"));

    private static readonly TableSchema BrandsCampaignDay = new(Dataset.BrandsCampaignDay, [.. CampaignDay.Columns]);

    private static readonly TableSchema DisplayCampaignDay = new(Dataset.DisplayCampaignDay, [.. CampaignDay.Columns]);

    // Orders within 7 days after a click on sku's ad that went to another product, asin, booked on the click's day; Amazon does not list the advertised product itself.
    private static readonly TableSchema PurchaseDay = new(Dataset.PurchaseDay,
        Key("day", ColumnKind.Day), Key("campaign_id"), Key("ad_group_id"), Key("target_id"), Key("sku", ColumnKind.Text), Key("asin", ColumnKind.Text),
        Count("orders"), Count("units"), Amount("sales"));

    // Orders within 14 days after a click on an ad of the ad group: of any product, advertised or not.
    private static readonly TableSchema BrandsPurchaseDay = new(Dataset.BrandsPurchaseDay,
        Key("day", ColumnKind.Day), Key("campaign_id"), Key("ad_group_id"), Key("asin", ColumnKind.Text),
        Count("orders"), Count("units"), Amount("sales"));

    // Orders within 14 days after a click on or a view of sku's ad that went to another product of the brand, asin.
    private static readonly TableSchema DisplayPurchaseDay = new(Dataset.DisplayPurchaseDay,
        Key("day", ColumnKind.Day), Key("campaign_id"), Key("ad_group_id"), Key("sku", ColumnKind.Text), Key("asin", ColumnKind.Text),
        Count("orders"), Count("units"), Amount("sales"));

    // From Data Kiosk. buy_box_views are page views on which the seller's offer stood first.
    private static readonly TableSchema TrafficDay = new(Dataset.TrafficDay,
        Key("day", ColumnKind.Day), Key("sku", ColumnKind.Text),
        Count("sessions"), Count("page_views"), Count("buy_box_views"), Count("orders"), Count("units"), Amount("sales"));

    // One movement of money on the day on which Amazon posted it. order_key is a keyed hash of the order's id, 0 without an order. kind holds the value of
    // Profit.Ledger.LedgerKind, source that of LedgerSource, state that of LedgerState. Money to the seller is positive. line numbers the movement itself, the same
    // at every reading: a hash of settlement and row, or of transaction and leaf, where a release takes the id of the transaction that was deferred. quantity is
    // units on charges for products, their refunds and fees per unit, else 0. settlement is the settlement's id, 0 outside; each settlement has a Payout row.
    private static readonly TableSchema LedgerDay = new(Dataset.LedgerDay,
        Key("day", ColumnKind.Day), Key("order_key"), Key("sku", ColumnKind.Text), Key("kind", ColumnKind.Int), Key("source", ColumnKind.Int), Key("line"),
        Small("state"), Count("quantity"), Amount("amount"), Count("settlement"));

    // Weeks begin on Sunday, which is the day of the row. Totals of all sellers beside the share of this product.
    private static readonly TableSchema SearchQueryWeek = new(Dataset.SearchQueryWeek,
        Key("day", ColumnKind.Day), Key("asin", ColumnKind.Text), Key("search_query", ColumnKind.Text),
        Count("volume"), Count("impressions"), Count("own_impressions"), Count("clicks"), Count("own_clicks"), Count("purchases"), Count("own_purchases"));

    private static readonly TableSchema SearchCatalogueWeek = new(Dataset.SearchCatalogueWeek,
        Key("day", ColumnKind.Day), Key("asin", ColumnKind.Text),
        Count("impressions"), Count("clicks"), Count("cart_adds"), Count("purchases"), Amount("sales"));

    // cost_type and budget_period are 0, not told, in rows that were stored before they were read.
    private static readonly TableSchema Campaign = new(Dataset.Campaign,
        Key("campaign_id"), Words("name"), Small("targeting"), Small("state"), Amount("daily_budget"), Small("strategy"),
        Small("top_percent"), Small("rest_percent"), Small("product_percent"), Small("ad_product"), Small("cost_type"), Small("budget_period"));

    private static readonly TableSchema AdGroup = new(Dataset.AdGroup,
        Key("ad_group_id"), Count("campaign_id"), Words("name"), Small("state"), Amount("default_bid"));

    private static readonly TableSchema ProductAd = new(Dataset.ProductAd,
        Key("ad_id"), Count("campaign_id"), Count("ad_group_id"), Words("sku"), Words("asin"), Small("state"));

    private static readonly TableSchema Target = new(Dataset.Target,
        Key("target_id"), Count("campaign_id"), Count("ad_group_id"), Small("kind"), Small("match"), Words("text"), Small("state"), Amount("bid"));

    // ad_group_id is 0 for a negative of the whole campaign.
    private static readonly TableSchema Negative = new(Dataset.Negative,
        Key("negative_id"), Count("campaign_id"), Count("ad_group_id"), Small("match"), Words("text"), Small("state"));

    private static readonly TableSchema Listing = new(Dataset.Listing,
        Key("sku", ColumnKind.Text), Words("asin"), Words("title"), Amount("price"), Small("buyable"));

    // asked_on is a day number; the three amounts are 0 for a target that Amazon has no suggestion for.
    private static readonly TableSchema Suggestion = new(Dataset.Suggestion,
        Key("target_id"), Small("asked_on"), Amount("low"), Amount("median"), Amount("high"));

    // Planning figures of Amazon's warehouses; -1 where Amazon has none.
    private static readonly TableSchema StockPlan = new(Dataset.StockPlan,
        Key("sku", ColumnKind.Text), Count("available"), Count("inbound"), Count("unfulfillable"), Count("aged_over_180_days"), Count("shipped_30_days"),
        Small("days_of_supply"), Amount("storage_next_month"), Count("excess"));

    // At the price of the day on which Amazon was asked; asked_on is the first day of those on which it told these fees, told_on the last (Profit.Ledger.FeeBook.Since).
    // Of a product the row with the latest asked_on holds; the others were superseded. told_on is 0 in rows that were stored before it was known.
    private static readonly TableSchema FeeEstimate = new(Dataset.FeeEstimate,
        Key("sku", ColumnKind.Text), Small("asked_on"), Amount("price"), Amount("referral_fee"), Amount("fulfilment_fee"), Amount("other_fee"), Small("told_on"));

    // Goods back in Amazon's warehouses, on the day on which they were booked in. order_key is that of LedgerDay, 0 where Amazon does not say the order; outcome holds
    // the value of Profit.Ledger.ReturnOutcome. Of a seller with several storefronts each may show the goods of all: the order tells whose they are.
    private static readonly TableSchema ReturnDay = new(Dataset.ReturnDay,
        Key("day", ColumnKind.Day), Key("order_key"), Key("sku", ColumnKind.Text), Key("outcome", ColumnKind.Int), Count("quantity"));

    // Weeks begin on Sunday. rank is 1 for the commonest search of the department; click_rank is 1 to 3; shares of all clicks and orders after the search are in millionths.
    private static readonly TableSchema SearchTermWeek = new(Dataset.SearchTermWeek,
        Key("day", ColumnKind.Day), Key("department", ColumnKind.Text), Key("search_term", ColumnKind.Text), Key("asin", ColumnKind.Text),
        Count("rank"), Small("click_rank"), Count("click_share"), Count("conversion_share"));

    private static ColumnSpec Key(string name, ColumnKind kind = ColumnKind.Long) => new(name, kind, Key: true);
    private static ColumnSpec Count(string name) => new(name, ColumnKind.Long);
    private static ColumnSpec Amount(string name) => new(name, ColumnKind.Micros);
    private static ColumnSpec Small(string name) => new(name, ColumnKind.Int);
    private static ColumnSpec Words(string name) => new(name, ColumnKind.Text);
}
