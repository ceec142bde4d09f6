using System.Globalization;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.SellingPartner.Wire;
using Autonoomi.Core.Facts;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>Data Kiosk sales and traffic 2024-04-24, by SKU. Amazon adds its rows up over all days that are asked for, so a query asks for one.</summary>
public sealed partial class SellingPartnerClient
{
    private const string TrafficName = "The traffic document";

    /// <summary>Orders visits and sales of one day by SKU.</summary>
    /// <returns>Amazon's query id.</returns>
    public Task<string> RequestTrafficAsync(DateOnly day, CancellationToken cancellationToken) => OrderQueryAsync(TrafficQuery(day), null, cancellationToken);

    /// <summary>Orders the next page: the same day, and the token of <see cref="QueryStatus.NextPage"/>.</summary>
    /// <returns>Amazon's query id.</returns>
    public Task<string> RequestTrafficAsync(DateOnly day, string nextPage, CancellationToken cancellationToken) => OrderQueryAsync(TrafficQuery(day), nextPage, cancellationToken);

    /// <returns>TrafficDay.</returns>
    /// <exception cref="AmazonDocumentException">A row breaks a rule; nothing is kept.</exception>
    public Task<FactTable> DownloadTrafficAsync(string documentId, CancellationToken cancellationToken) => DownloadQueryAsync(TrafficName, documentId, async (plain, ct) =>
    {
        var sums = new SortedDictionary<(int Day, string Sku), long[]>();
        await JsonLines.ReadAsync(TrafficName, plain.Content, (line, number) => AddTraffic(sums, line, number), ct).ConfigureAwait(false);
        var table = new FactTableBuilder(TableSchema.Of(Dataset.TrafficDay));
        foreach (var ((day, sku), values) in sums)
        {
            table.Int(day).Text(sku);
            foreach (var value in values) table.Long(value);
        }

        return table.Build();
    }, cancellationToken);

    internal string TrafficQuery(DateOnly day) => string.Create(CultureInfo.InvariantCulture,
        $$"""query{analytics_salesAndTraffic_2024_04_24{salesAndTrafficByAsin(startDate:"{{day:yyyy-MM-dd}}",endDate:"{{day:yyyy-MM-dd}}",marketplaceIds:["{{marketplace.Id}}"],aggregateBy:SKU){startDate sku sales{orderedProductSales{amount currencyCode}unitsOrdered totalOrderItems}traffic{sessions pageViews buyBoxPercentage} } } }""");

    private void AddTraffic(SortedDictionary<(int Day, string Sku), long[]> sums, ReadOnlySpan<byte> line, long number)
    {
        var row = Parsed(TrafficName, line, number, SellingPartnerJson.Default.TrafficRow);
        var day = DayOf(TrafficName, number, "startDate", row.StartDate);
        if (string.IsNullOrEmpty(row.Sku)) throw new AmazonDocumentException(TrafficName, number, "sku", "the SKU is missing");
        var sales = row.Sales ?? throw new AmazonDocumentException(TrafficName, number, "sales", "the field is missing");
        var traffic = row.Traffic ?? throw new AmazonDocumentException(TrafficName, number, "traffic", "the field is missing");
        var views = Count(TrafficName, number, "pageViews", traffic.PageViews);
        if (traffic.BuyBoxPercentage is not (>= 0 and <= 100) and { } share) throw new AmazonDocumentException(TrafficName, number, "buyBoxPercentage", $"a share of 0 to 100 % was expected, and it is {share}");
        long[] values =
        [
            Count(TrafficName, number, "sessions", traffic.Sessions), views, (long)decimal.Round(views * (traffic.BuyBoxPercentage ?? 0) / 100m),
            Count(TrafficName, number, "totalOrderItems", sales.TotalOrderItems), Count(TrafficName, number, "unitsOrdered", sales.UnitsOrdered), Micros(sales.OrderedProductSales, TrafficName, number, "orderedProductSales"),
        ];
        if (!sums.TryGetValue((day, row.Sku), out var sum)) sums[(day, row.Sku)] = sum = new long[values.Length];
        for (var index = 0; index < values.Length; index++) sum[index] += values[index];
    }
}
