using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Text.RegularExpressions;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Primitives;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

/// <summary>Where Amazon is and how fast it may be asked: written down once more, and rates held against the usage plans of Amazon's own models.</summary>
public sealed partial class HostsAndRatesTests
{
    [Theory]
    [InlineData(AmazonRegion.NorthAmerica, "https://www.amazon.com/", "https://api.amazon.com/", "https://advertising-api.amazon.com/", "https://sellingpartnerapi-na.amazon.com/")]
    [InlineData(AmazonRegion.Europe, "https://eu.account.amazon.com/", "https://api.amazon.co.uk/", "https://advertising-api-eu.amazon.com/", "https://sellingpartnerapi-eu.amazon.com/")]
    [InlineData(AmazonRegion.FarEast, "https://apac.account.amazon.com/", "https://api.amazon.co.jp/", "https://advertising-api-fe.amazon.com/", "https://sellingpartnerapi-fe.amazon.com/")]
    public void Each_region_has_its_own_hosts(AmazonRegion region, string consent, string token, string ads, string sellingPartner)
    {
        var regions = new AmazonOptions().Regions;

        Assert.Equal(Enum.GetValues<AmazonRegion>(), regions.Keys.Order());
        Assert.Equal(new RegionAddresses(new(consent), new(token), new(ads), new(sellingPartner)), regions[region]);
    }

    public static TheoryData<string, string> Published => new()
    {
        { nameof(Rates.Participations), "sellers.json getMarketplaceParticipations" },
        { nameof(Rates.CatalogueSearch), "catalogItems_2022-04-01.json searchCatalogItems" },
        { nameof(Rates.CatalogueItem), "catalogItems_2022-04-01.json getCatalogItem" },
        { nameof(Rates.Listings), "listingsItems_2021-08-01.json searchListingsItems" },
        { nameof(Rates.Listing), "listingsItems_2021-08-01.json getListingsItem" },
        { nameof(Rates.Inventory), "fbaInventory.json getInventorySummaries" },
        { nameof(Rates.Orders), "orders_2026-01-01.json searchOrders" },
        { nameof(Rates.Order), "orders_2026-01-01.json getOrder" },
        { nameof(Rates.CreatePartnerReport), "reports_2021-06-30.json createReport" },
        { nameof(Rates.ListPartnerReports), "reports_2021-06-30.json getReports" },
        { nameof(Rates.ListPartnerReports), "reports_2021-06-30.json cancelReport" },
        { nameof(Rates.GetPartnerReport), "reports_2021-06-30.json getReport" },
        { nameof(Rates.GetPartnerDocument), "reports_2021-06-30.json getReportDocument" },
        { nameof(Rates.CreateQuery), "dataKiosk_2023-11-15.json createQuery" },
        { nameof(Rates.GetQuery), "dataKiosk_2023-11-15.json getQuery" },
        { nameof(Rates.GetDocument), "dataKiosk_2023-11-15.json getDocument" },
        { nameof(Rates.CancelQuery), "dataKiosk_2023-11-15.json cancelQuery" },
        { nameof(Rates.FeeEstimate), "productFeesV0.json getMyFeesEstimateForSKU" },
        { nameof(Rates.FeeEstimates), "productFeesV0.json getMyFeesEstimates" },
        { nameof(Rates.Transactions), "finances_2024-06-19.json listTransactions" },
    };

    // Amazon publishes none: what they rest on stands beside each of them.
    private static readonly string[] Unpublished = [nameof(Rates.CreateReport), nameof(Rates.Ads), nameof(Rates.Login)];

    [Theory]
    [MemberData(nameof(Published))]
    public void No_operation_is_asked_faster_or_slower_than_its_usage_plan_says(string rate, string operation)
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        var (file, id) = (operation.Split(' ')[0], operation.Split(' ')[1]);
        using var model = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Specs, "sp-api", file)));
        var description = model.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Where(each => each.Value.ValueKind == JsonValueKind.Object && each.Value.TryGetProperty("operationId", out var named) && named.GetString() == id)
            .Select(each => each.Value.GetProperty("description").GetString()!).Single();

        var plan = Plan().Match(description);

        Assert.True(plan.Success, $"{operation} tells no usage plan");
        var ours = Of(rate);
        Assert.Equal((Number(plan, "rate"), Number(plan, "burst")), (ours.PerSecond, ours.Burst));
    }

    [Fact]
    public void Every_rate_is_held_against_a_usage_plan_or_known_to_have_none() =>
        Assert.Equal(
            typeof(Rates).GetFields().Where(field => field.FieldType == typeof(CallRate)).Select(field => field.Name).Order(StringComparer.Ordinal),
            Published.Select(row => row.Data.Item1).Distinct().Concat(Unpublished).Order(StringComparer.Ordinal));

    private static CallRate Of(string name) => (CallRate)typeof(Rates).GetField(name)!.GetValue(null)!;

    private static double Number(Match plan, string part) => double.Parse(plan.Groups[part].Value, CultureInfo.InvariantCulture);

    // The first row of the table that follows the words.
    [GeneratedRegex(@"Usage [Pp]lan.*?\|[\s:|-]*-[\s:|-]*\|\s*(?:Default\s*\|\s*)?(?<rate>[\d.]+)\s*\|\s*(?<burst>[\d.]+)\s*\|", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Plan();
}
