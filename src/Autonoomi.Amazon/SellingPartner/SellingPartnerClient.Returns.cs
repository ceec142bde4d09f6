using Autonoomi.Amazon.Reports;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>The FBA customer returns report: goods that came back to Amazon's warehouses, whichever marketplace of the account they were bought in.</summary>
public sealed partial class SellingPartnerClient
{
    private const string ReturnsName = "The file of returns";

    /// <summary>Orders the report of goods that came back on some days.</summary>
    /// <param name="days">Days of the marketplace, at most 30, the last one over.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Amazon's report id.</returns>
    public Task<string> RequestReturnsAsync(DateSpan days, CancellationToken cancellationToken)
    {
        if (days.Days > 30) throw new ArgumentException($"A report of returns has at most 30 days, and {days} has {days.Days}.", nameof(days));
        var zone = TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone);
        return OrderReportAsync(PartnerReportTypes.Returns, (Midnight(days.First), Midnight(days.Last.AddDays(1)).AddSeconds(-1)), null, cancellationToken);

        DateTimeOffset Midnight(DateOnly day)
        {
            var midnight = day.ToDateTime(TimeOnly.MinValue);
            return new(midnight, zone.GetUtcOffset(midnight));
        }
    }

    /// <summary>Reads one report of returns. What buyers wrote is never read; of order ids the keyed hash is kept.</summary>
    /// <param name="documentId">From the finished report.</param>
    /// <param name="keys">The seller's keys for order ids.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <returns>ReturnDay; order key 0 where Amazon does not say which order it was.</returns>
    /// <exception cref="AmazonDocumentException">The file breaks a rule; nothing is kept.</exception>
    public Task<FactTable> DownloadReturnsAsync(string documentId, OrderKeys keys, CancellationToken cancellationToken) => DownloadAsync(ReturnsName, documentId, async (plain, ct) =>
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone);
        var sums = new SortedDictionary<(int Day, long Order, string Sku, ReturnOutcome Outcome), long>();
        await FlatFile.ReadAsync(ReturnsName, plain, ["return-date", "order-id", "sku", "quantity", "detailed-disposition"], [], row =>
        {
            var units = row.Count(3);
            if (units == 0) return;
            var instant = row.Instant(0);
            // A day without an hour is a day; an instant is the marketplace's day.
            var day = row.Bytes(0).Length <= 10 ? DateOnly.FromDateTime(instant.UtcDateTime) : DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
            var key = (day.DayNumber, keys.Of(row.Bytes(1)), row.Needed(2), OutcomeOf(row));
            sums[key] = sums.GetValueOrDefault(key) + units;
        }, ct).ConfigureAwait(false);

        var table = new FactTableBuilder(TableSchema.Of(Dataset.ReturnDay));
        foreach (var ((day, order, sku, outcome), units) in sums) table.Int(day).Long(order).Text(sku).Int((int)outcome).Long(units);
        return table.Build();
    }, cancellationToken);

    // Amazon takes over what it or its carriers damaged; any other state, and a word that is new to us, is goods that came back.
    private static ReturnOutcome OutcomeOf(FlatFile.Row row) =>
        row.Is(4, "SELLABLE"u8) ? ReturnOutcome.Sellable
        : row.Is(4, "DAMAGED"u8) || row.Is(4, "CARRIER_DAMAGED"u8) || row.Is(4, "WAREHOUSE_DAMAGED"u8) ? ReturnOutcome.DamagedByAmazon
        : ReturnOutcome.Unsellable;
}
