using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.OtherAds;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary>Renders an economics document: JSON Lines, gzip.</summary>
internal static class EconomicsRows
{
    public const string ReferralFee = "Referral fees";
    public const string FulfilmentFee = "FBA fulfillment fees";
    public const string StorageFee = "FBA storage fees";
    public const string AdCharge = "Sponsored Products charge";
    public const string BrandsCharge = "Sponsored Brands charge";
    public const string DisplayCharge = "Sponsored Display charge";

    /// <returns>The gzip file, or null when there are no rows.</returns>
    public static byte[]? Render(MarketWorld world, OtherMarket others, EconomicsQuery query)
    {
        var last = query.Days.Last < world.Today ? query.Days.Last : world.Today;
        if (last < query.Days.First || !query.Marketplaces.Contains(world.Marketplace.Id)) return null;
        var groups = world.EconomicsRows(new DateSpan(query.Days.First, last))
            .Select(row => (Row: row, Period: PeriodOf(query, row.Day)))
            .Where(each => each.Period is not null)
            .GroupBy(each => (each.Period!.Value, each.Row.Sku))
            .OrderBy(group => group.Key.Value.First).ThenBy(group => group.Key.Sku, StringComparer.Ordinal)
            .ToList();
        if (groups.Count == 0) return null;

        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        using (var text = new StreamWriter(gzip, new UTF8Encoding(false)) { NewLine = "\n" })
            foreach (var group in groups)
                text.WriteLine(query.Project(Show(world, others, query, group.Key.Value, [.. group.Select(each => each.Row)])).ToJsonString());
        return file.ToArray();
    }

    // Weeks (from Sunday) and months count only when the asked days hold them whole.
    private static DateSpan? PeriodOf(EconomicsQuery query, DateOnly day)
    {
        var period = query.Period switch
        {
            EconomicsPeriod.Day => new DateSpan(day, day),
            EconomicsPeriod.Week => new DateSpan(day.AddDays(-(int)day.DayOfWeek), day.AddDays(6 - (int)day.DayOfWeek)),
            EconomicsPeriod.Month => new DateSpan(new DateOnly(day.Year, day.Month, 1), new DateOnly(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month))),
            EconomicsPeriod.Range => query.Days,
        };
        return query.Days.Contains(period.First) && query.Days.Contains(period.Last) ? period : null;
    }

    private static JsonObject Show(MarketWorld world, OtherMarket others, EconomicsQuery query, DateSpan period, List<EconomicsRow> rows)
    {
        var one = rows[0];
        var (ordered, refunded) = (rows.Sum(each => each.OrderedSales), rows.Sum(each => each.RefundedSales));
        var (units, returned) = (rows.Sum(each => each.UnitsOrdered), rows.Sum(each => each.UnitsRefunded));
        var (referral, fulfilment, storage, ads) = (rows.Sum(each => each.ReferralFee), rows.Sum(each => each.FulfilmentFee), rows.Sum(each => each.StorageFee), rows.Sum(each => each.AdCharge));
        var product = world.Market.Products.First(each => each.Sku == one.Sku).Index;
        decimal Charged(AdProduct adProduct) => rows.Sum(row => others.Charges(adProduct, row.Day).GetValueOrDefault(product));
        var (brands, display) = (Charged(AdProduct.SponsoredBrands), Charged(AdProduct.SponsoredDisplay));
        var total = ordered - refunded - referral - fulfilment - storage - ads - brands - display;
        JsonObject Amount(decimal amount) => new() { ["amount"] = amount, ["currencyCode"] = world.Marketplace.Currency.Code };
        JsonObject Detail(decimal amount) => new()
        {
            ["amount"] = Amount(amount), ["promotionAmount"] = Amount(0), ["taxAmount"] = Amount(0), ["totalAmount"] = Amount(amount),
            ["amountPerUnit"] = units == 0 ? null : Amount(decimal.Round(amount / units, 4)), ["amountPerUnitDelta"] = null, ["quantity"] = units == 0 ? null : units,
        };
        JsonObject Fee(string name, string identifier, decimal amount) => new()
        {
            ["feeTypeName"] = name,
            ["charge"] = Charge(identifier, amount),
            ["charges"] = new JsonArray(Charge(identifier, amount)),
        };
        JsonObject Charge(string identifier, decimal amount) => new()
        {
            ["identifier"] = identifier, ["startDate"] = Day(period.First), ["endDate"] = Day(period.Last), ["properties"] = new JsonArray(), ["aggregatedDetail"] = Detail(amount), ["components"] = null,
        };
        var fees = new JsonArray();
        if (referral != 0) fees.Add(Fee(ReferralFee, "REFERRAL_FEE", referral));
        if (fulfilment != 0) fees.Add(Fee(FulfilmentFee, "FBA_FULFILLMENT_FEE", fulfilment));
        if (storage != 0) fees.Add(Fee(StorageFee, "FBA_STORAGE_FEE", storage));
        return new JsonObject
        {
            ["startDate"] = Day(period.First),
            ["endDate"] = Day(period.Last),
            ["marketplaceId"] = world.Marketplace.Id,
            ["parentAsin"] = one.Asin,
            ["childAsin"] = query.Product == "PARENT_ASIN" ? null : one.Asin,
            ["fnsku"] = query.Product == "MSKU" ? Inventory.FnSku(one.Asin) : null,
            ["msku"] = query.Product == "MSKU" ? one.Sku : null,
            ["sales"] = new JsonObject
            {
                ["orderedProductSales"] = Amount(ordered), ["refundedProductSales"] = Amount(refunded), ["netProductSales"] = Amount(ordered - refunded),
                ["averageSellingPrice"] = units == 0 ? null : Amount(decimal.Round(ordered / units, 2)),
                ["unitsOrdered"] = units, ["unitsRefunded"] = returned, ["netUnitsSold"] = units - returned,
            },
            ["fees"] = fees,
            ["ads"] = new JsonArray([.. new[] { (AdCharge, ads), (BrandsCharge, brands), (DisplayCharge, display) }.Where(each => each.Item2 != 0)
                .Select(each => (JsonNode)new JsonObject { ["adTypeName"] = each.Item1, ["charge"] = Detail(each.Item2) })]),
            ["cost"] = null,
            ["netProceeds"] = new JsonObject { ["total"] = Amount(total), ["perUnit"] = units == returned ? null : Amount(decimal.Round(total / (units - returned), 2)) },
        };
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
