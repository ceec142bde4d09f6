using System.Globalization;
using System.Text;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Ledger;

/// <summary>A settlement as Amazon's flat file V2: one row that tells the total, then one per amount.</summary>
internal static class SettlementFile
{
    private static readonly string[] Columns =
    [
        "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency", "transaction-type", "order-id", "merchant-order-id", "adjustment-id",
        "shipment-id", "marketplace-name", "amount-type", "amount-description", "amount", "fulfillment-id", "posted-date", "posted-date-time", "order-item-code", "merchant-order-item-id",
        "merchant-adjustment-item-id", "sku", "quantity-purchased", "promotion-id",
    ];

    public static string Write(MarketWorld world, MoneyBook book, SettlementPeriod settlement)
    {
        var postings = book.Of(settlement);
        var text = new StringBuilder().AppendJoin('\t', Columns).Append('\n');
        var number = settlement.Number.ToString(CultureInfo.InvariantCulture);
        Row(new(StringComparer.Ordinal)
        {
            ["settlement-start-date"] = Instant(book.Midnight(settlement.Days.First)), ["settlement-end-date"] = Instant(book.Midnight(settlement.Days.Last.AddDays(1)).AddSeconds(-1)),
            ["deposit-date"] = Instant(book.Midnight(settlement.Days.Last.AddDays(3))), ["total-amount"] = Amount(postings.Sum(posting => posting.Total)), ["currency"] = world.Marketplace.Currency.Code,
        });
        foreach (var posting in postings)
        {
            foreach (var (part, amount) in posting.Parts)
            {
                var (transaction, type, description) = Words(posting.Type, part);
                Row(new(StringComparer.Ordinal)
                {
                    ["transaction-type"] = transaction, ["order-id"] = posting.OrderId ?? "", ["marketplace-name"] = posting.OrderId is null ? "" : "Amazon", ["amount-type"] = type, ["amount-description"] = description,
                    ["amount"] = Amount(amount), ["fulfillment-id"] = posting.OrderId is null ? "" : "AFN", ["posted-date"] = Instant(posting.ReleasedAt)[..10], ["posted-date-time"] = Instant(posting.ReleasedAt),
                    ["sku"] = posting.Sku ?? "", ["quantity-purchased"] = part == Part.Principal ? posting.Units.ToString(CultureInfo.InvariantCulture) : "",
                });
            }
        }

        return text.ToString();

        void Row(Dictionary<string, string> fields) => text.AppendJoin('\t', Columns.Select(column => column == "settlement-id" ? number : fields.GetValueOrDefault(column, ""))).Append('\n');
    }

    private static (string Transaction, string Type, string Description) Words(PostingType posting, Part part) => (posting, part) switch
    {
        (PostingType.Shipment, Part.Principal) => ("Order", "ItemPrice", "Principal"),
        (PostingType.Shipment, Part.Commission) => ("Order", "ItemFees", "Commission"),
        (PostingType.Shipment, Part.FulfilmentFee) => ("Order", "ItemFees", "FBAPerUnitFulfillmentFee"),
        (PostingType.Refund, Part.Principal) => ("Refund", "ItemPrice", "Principal"),
        (PostingType.Refund, Part.Commission) => ("Refund", "ItemFees", "Commission"),
        (PostingType.Refund, Part.RefundCommission) => ("Refund", "ItemFees", "RefundCommission"),
        (PostingType.Storage, Part.StorageFee) => ("other-transaction", "other-transaction", "Storage Fee"),
        (PostingType.Advertising, Part.AdvertisingCharge) => ("ServiceFee", "Cost of Advertising", "TransactionTotalAmount"),
        _ => throw new InvalidOperationException($"{posting} has no {part}."),
    };

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Amount(decimal amount) => amount.ToString("0.00####", CultureInfo.InvariantCulture);
}
