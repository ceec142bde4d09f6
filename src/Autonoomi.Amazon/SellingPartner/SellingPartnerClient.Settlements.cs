using System.Globalization;
using Autonoomi.Amazon.Reports;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>Settlement reports V2: what was paid in the end. Amazon makes them by itself, mostly every two weeks; they can be found and not ordered.</summary>
public sealed partial class SellingPartnerClient
{
    private const string SettlementName = "The settlement report";

    /// <summary>Settlement reports of this marketplace that are ready, oldest first.</summary>
    /// <param name="createdSince">Made at or after this instant; at most 90 days back.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<PartnerReport>> SettlementsAsync(DateTimeOffset createdSince, CancellationToken cancellationToken) =>
        [.. (await PartnerReportsAsync(PartnerReportTypes.Settlement, createdSince, cancellationToken).ConfigureAwait(false)).Where(report => report is { State: PartnerReportState.Done, DocumentId: not null }).Reverse()];

    /// <summary>Reads one settlement. Its rows are added up and held against the total in its own first row.</summary>
    /// <exception cref="AmazonDocumentException">The file breaks a rule or does not add up; nothing is kept.</exception>
    public Task<SettlementReport> DownloadSettlementAsync(string documentId, OrderKeys keys, CancellationToken cancellationToken) => DownloadAsync(SettlementName, documentId, async (plain, ct) =>
    {
        SettlementHead? head = null;
        LedgerRows? rows = null;
        await FlatFile.ReadAsync(SettlementName, plain,
            ["settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency", "transaction-type", "order-id", "amount-type", "amount-description", "amount", "posted-date", "sku", "quantity-purchased"],
            ["posted-date-time", "marketplace-name"], row =>
            {
                if (head is null)
                {
                    if (row.Text(5) != marketplace.Currency.Code) throw row.Wrong(5, $"{marketplace.Currency} was expected, and it is another currency");
                    head = new(row.Needed(0), Local(row, 1, marketplace), Local(row, 2, marketplace), Local(row, 3, marketplace), row.IsEmpty(4) ? throw row.Wrong(4, "the first row tells the total, and it is missing") : row.Micros(4));
                    rows = new(keys, LedgerSource.Settlement, long.TryParse(head.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw row.Wrong(0, "a number was expected"));
                    return;
                }

                if (row.Text(0) != head.Id) throw row.Wrong(0, "one file tells of one settlement, and here another begins");
                if (row.IsEmpty(10)) throw row.Wrong(10, "the field is empty");
                var amount = row.Micros(10);
                if (amount == 0) return;
                var kind = rows!.Words.OfSettlement(row.Text(6), row.Text(8), row.Text(9));
                var place = MarketplaceNames.Place(row.Text(15));
                rows.Add(Local(row, row.IsEmpty(14) ? 11 : 14, MarketplaceNames.Find(place) ?? marketplace).DayNumber, keys.Of(row.Bytes(7)), row.Text(12), kind, $"{head.Id}/{row.Number.ToString(CultureInfo.InvariantCulture)}", LedgerState.Released, row.Count(13), amount, place);
            }, ct).ConfigureAwait(false);

        if (head is null || rows is null) throw new AmazonDocumentException(SettlementName, 0, null, "the row that tells id, days and total is missing");
        if (rows.Sum != head.Total)
            throw new AmazonDocumentException(SettlementName, 0, "total-amount", $"its rows add up to {Money.FromMicros(rows.Sum, marketplace.Currency)}, and it says {Money.FromMicros(head.Total, marketplace.Currency)}");
        var payout = new LedgerRows(keys, LedgerSource.Settlement, long.Parse(head.Id, CultureInfo.InvariantCulture));
        payout.Add(head.Last.DayNumber, 0, "", LedgerKind.Payout, $"{head.Id}/payout", LedgerState.Released, head.Last.DayNumber - head.First.DayNumber + 1, -head.Total);
        return new SettlementReport(head.Id, new DateSpan(head.First, head.Last), head.Deposited, Money.FromMicros(head.Total, marketplace.Currency),
            [.. rows.Places().Select(part => new SettlementPart(part.Place, MarketplaceNames.Find(part.Place), Money.FromMicros(part.Sum, marketplace.Currency), part.Rows))], payout.Build(), rows.Words.Unknown);

        // A day without an hour is a day; an instant is the marketplace's day.
        static DateOnly Local(FlatFile.Row row, int column, Marketplace whose)
        {
            var instant = row.Instant(column);
            return row.Bytes(column).Length <= 10 ? DateOnly.FromDateTime(instant.UtcDateTime) : DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(whose.TimeZone)).DateTime);
        }
    }, cancellationToken);

    private sealed record SettlementHead(string Id, DateOnly First, DateOnly Last, DateOnly Deposited, long Total);
}
