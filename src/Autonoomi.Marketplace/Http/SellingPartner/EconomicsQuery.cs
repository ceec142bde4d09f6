using System.Text.Json.Nodes;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.OtherAds;
using Autonoomi.Marketplace.World;
using GraphQLParser.AST;

namespace Autonoomi.Marketplace.Http.SellingPartner;

internal enum EconomicsPeriod { Day, Week, Month, Range }

/// <summary>One economics query as it was written: which days, what together, which fields.</summary>
internal sealed record EconomicsQuery(DateSpan Days, IReadOnlyList<string> Marketplaces, EconomicsPeriod Period, string Product, GraphQLSelectionSet Fields) : IKioskQuery
{
    public const string Root = "analytics_economics_2024_03_15";

    private static readonly KioskTypes Types = new(new(StringComparer.Ordinal)
    {
        ["Economics"] = KioskTypes.Shape("startDate endDate marketplaceId parentAsin childAsin fnsku msku", ("sales", "Sales"), ("fees", "FeeSummary"), ("ads", "AdSummary"), ("cost", "PerUnitCost"), ("netProceeds", "NetProceeds")),
        ["Sales"] = KioskTypes.Shape("unitsOrdered unitsRefunded netUnitsSold", ("orderedProductSales", "Amount"), ("refundedProductSales", "Amount"), ("netProductSales", "Amount"), ("averageSellingPrice", "Amount")),
        ["FeeSummary"] = KioskTypes.Shape("feeTypeName", ("charge", "Fee"), ("charges", "Fee")),
        ["Fee"] = KioskTypes.Shape("identifier startDate endDate", ("properties", "EconomicsProperty"), ("aggregatedDetail", "AggregatedDetail"), ("components", "FeeComponent")),
        ["FeeComponent"] = KioskTypes.Shape("name", ("properties", "EconomicsProperty"), ("aggregatedDetail", "AggregatedDetail")),
        ["EconomicsProperty"] = KioskTypes.Shape("propertyName propertyValue"),
        ["AdSummary"] = KioskTypes.Shape("adTypeName", ("charge", "AggregatedDetail")),
        ["AggregatedDetail"] = KioskTypes.Shape("quantity", ("amount", "Amount"), ("amountPerUnit", "Amount"), ("amountPerUnitDelta", "Amount"), ("promotionAmount", "Amount"), ("taxAmount", "Amount"), ("totalAmount", "Amount")),
        ["PerUnitCost"] = KioskTypes.Shape("", ("costOfGoodsSold", "Amount"), ("fbaCost", "FbaPerUnitCost"), ("mfnCost", "MfnPerUnitCost"), ("miscellaneousCost", "Amount")),
        ["FbaPerUnitCost"] = KioskTypes.Shape("", ("shippingToAmazonCost", "Amount")),
        ["MfnPerUnitCost"] = KioskTypes.Shape("", ("fulfillmentCost", "Amount"), ("storageCost", "Amount")),
        ["NetProceeds"] = KioskTypes.Shape("", ("total", "Amount"), ("perUnit", "Amount")),
        ["Amount"] = KioskTypes.Shape("amount currencyCode"),
    });

    /// <exception cref="BadInputException">The arguments or fields are none of this data set.</exception>
    public static EconomicsQuery Read(GraphQLField economics, DateOnly today)
    {
        Types.Check("Economics", economics.SelectionSet!, "economics");
        var arguments = KioskText.Arguments(economics, "startDate", "endDate", "marketplaceIds", "aggregateBy", "includeComponentsForFeeTypes");
        var days = KioskText.Days(arguments, today);
        var marketplaces = KioskText.Marketplaces(arguments);

        var (period, product) = (EconomicsPeriod.Day, "MSKU");
        if (arguments.GetValueOrDefault("aggregateBy") is GraphQLObjectValue aggregate)
            foreach (var field in aggregate.Fields ?? [])
            {
                var word = (field.Value as GraphQLEnumValue)?.Name.StringValue ?? "";
                if (field.Name == "date") period = word switch
                {
                    "DAY" => EconomicsPeriod.Day, "WEEK" => EconomicsPeriod.Week, "MONTH" => EconomicsPeriod.Month, "RANGE" => EconomicsPeriod.Range,
                    _ => throw new BadInputException($"aggregateBy.date '{word}' is not known."),
                };
                else if (field.Name == "productId") product = word is "MSKU" or "CHILD_ASIN" or "PARENT_ASIN" ? word : throw new BadInputException($"aggregateBy.productId '{word}' is not known.");
                else throw new BadInputException($"aggregateBy has no field '{field.Name.StringValue}'.");
            }

        return new(days, marketplaces, period, product, economics.SelectionSet!);
    }

    /// <returns>The row with the chosen fields alone.</returns>
    public JsonObject Project(JsonObject row) => (JsonObject)KioskText.Project(row, Fields)!;

    public byte[]? Render(MarketWorld world, OtherMarket others) => EconomicsRows.Render(world, others, this);
}
