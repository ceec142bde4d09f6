using System.Globalization;
using System.Text;
using Autonoomi.Marketplace.World;
using MarketplaceLimits = Autonoomi.Core.Primitives.Marketplace; // the name alone would mean our own namespace

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

    // What Amazon calls a marketplace in these files: the address of its shop.
    private static readonly Dictionary<string, string> Domains = new(StringComparer.Ordinal)
    {
        ["US"] = "com", ["CA"] = "ca", ["MX"] = "com.mx", ["BR"] = "com.br", ["UK"] = "co.uk", ["DE"] = "de", ["FR"] = "fr", ["IT"] = "it", ["ES"] = "es", ["NL"] = "nl", ["BE"] = "com.be", ["IE"] = "ie", ["SE"] = "se",
        ["PL"] = "pl", ["TR"] = "com.tr", ["AE"] = "ae", ["SA"] = "sa", ["ZA"] = "co.za", ["IN"] = "in", ["JP"] = "co.jp", ["AU"] = "com.au", ["SG"] = "sg",
    };

    /// <param name="shops">Storefronts that are paid together, of one currency; the first one's calendar is the file's.</param>
    /// <param name="settlement">Of the first one.</param>
    public static string Write(IReadOnlyList<(MarketWorld World, MoneyBook Book)> shops, SettlementPeriod settlement)
    {
        var (world, book) = shops[0];
        var postings = shops.SelectMany(shop => shop.Book.Of(settlement).Select(posting => (Posting: posting, Name: NameOf(shop.World.Marketplace)))).OrderBy(each => each.Posting.PostedAt).ToList();
        var text = new StringBuilder().AppendJoin('\t', Columns).Append('\n');
        var number = settlement.Number.ToString(CultureInfo.InvariantCulture);
        Row(new(StringComparer.Ordinal)
        {
            ["settlement-start-date"] = Instant(book.Midnight(settlement.Days.First)), ["settlement-end-date"] = Instant(book.Midnight(settlement.Days.Last.AddDays(1)).AddSeconds(-1)),
            ["deposit-date"] = Instant(book.Midnight(settlement.Days.Last.AddDays(3))), ["total-amount"] = Amount(postings.Sum(each => each.Posting.Total)), ["currency"] = world.Marketplace.Currency.Code,
        });
        foreach (var (posting, name) in postings)
        {
            foreach (var (part, amount) in posting.Parts)
            {
                var (transaction, type, description) = Words(posting.Type, part);
                Row(new(StringComparer.Ordinal)
                {
                    ["transaction-type"] = transaction, ["order-id"] = posting.OrderId ?? "", ["marketplace-name"] = posting.OrderId is null ? "" : name, ["amount-type"] = type, ["amount-description"] = description,
                    ["amount"] = Amount(amount), ["fulfillment-id"] = posting.OrderId is null ? "" : "AFN", ["posted-date"] = Instant(posting.ReleasedAt)[..10], ["posted-date-time"] = Instant(posting.ReleasedAt),
                    ["sku"] = posting.Sku ?? "", ["quantity-purchased"] = part == Part.Principal ? posting.Units.ToString(CultureInfo.InvariantCulture) : "",
                });
            }
        }

        return text.ToString();

        void Row(Dictionary<string, string> fields) => text.AppendJoin('\t', Columns.Select(column => column == "settlement-id" ? number : fields.GetValueOrDefault(column, ""))).Append('\n');
    }

    public static string NameOf(MarketplaceLimits marketplace) => "Amazon." + Domains[marketplace.Country];

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
