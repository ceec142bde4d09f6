using System.Collections.Immutable;
using System.Text;

namespace Autonoomi.Core.Profit.Ledger;

/// <summary>
/// Amazon's words for movements of money, of settlement reports, Finances 2024-06-19 and Data Kiosk economics, as kinds. A name that no rule knows becomes
/// <see cref="LedgerKind.Other"/> and is listed in <see cref="Unknown"/>: nothing is dropped in silence. Not safe for two threads. See docs/maths/profit.md.
/// </summary>
public sealed class LedgerWords
{
    // First match wins, so the special stands before the general. Kind on a refund where it differs.
    private static readonly (LedgerKind Kind, LedgerKind OnRefund, string[] Words)[] Rules =
    [
        Both(LedgerKind.TaxWithheld, "withheldtax", "marketplacefacilitator", "lowvaluegoodstax", "taxwithheld"),
        Both(LedgerKind.Reimbursement, "reimbursement", "warehousedamage", "warehouselost", "missingfrominbound", "compensatedclawback", "freereplacement", "carrierdamage", "removalorderlost", "removalorderdamaged", "cserror"),
        Both(LedgerKind.RefundAdministrationFee, "refundcommission", "refundadministration"),
        Both(LedgerKind.Advertising, "advertising", "sponsored", "adspayment", "productads"),
        Both(LedgerKind.Subscription, "subscription"),
        Both(LedgerKind.StorageAged, "longtermstorage", "storagelongterm", "agedinventory"),
        Both(LedgerKind.StorageMonthly, "storage"),
        Both(LedgerKind.ReturnedUnitFee, "customerreturn", "returnprocessing", "returnsprocessing", "highreturnrate", "returnperunit", "returnperorder", "returnweight"),
        Both(LedgerKind.InboundFee, "inbound"),
        Both(LedgerKind.RemovalFee, "removal", "disposal"),
        (LedgerKind.ReferralFee, LedgerKind.RefundReferralFee, ["commission", "referral"]),
        Both(LedgerKind.FulfilmentFee, "fulfillment", "fulfilment", "weightbased", "pickpack", "lowinventory", "fbafee", "oversize"),
        (LedgerKind.ShippingCharge, LedgerKind.RefundShipping, ["shippingchargeback", "shippinghb", "giftwrapchargeback"]),
        Both(LedgerKind.SellingFee, "closingfee", "peritem", "digitalservice", "salestaxservice", "salestaxcollection", "technologyfee", "programfee"),
        Both(LedgerKind.PromotionFee, "coupon", "lightningdeal", "dealfee", "vine", "dealparticipation"),
        Both(LedgerKind.ShippingLabel, "shippinglabel", "buyshipping", "shippingservices", "postage"),
        Both(LedgerKind.Transfer, "reserve", "transfer", "payabletoamazon", "successfulcharge", "microdeposit", "debtrecovery", "disbursement"),
        Both(LedgerKind.TaxCollected, "taxdiscount"),
        (LedgerKind.Promotion, LedgerKind.RefundPromotion, ["promotion", "points", "rebate"]),
        Both(LedgerKind.TaxCollected, "tax", "vat", "gst"),
        (LedgerKind.ShippingCharge, LedgerKind.RefundShipping, ["shipping", "giftwrap", "exportcharge"]),
        (LedgerKind.ProductCharge, LedgerKind.RefundProduct, ["principal", "principle", "productcharge", "ourprice", "goodwill", "restocking"]),
    ];

    private readonly SortedDictionary<string, int> unknown = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, bool), LedgerKind?> known = [];

    /// <summary>Names without a kind and how many movements bore them. Digits are left out, so that no order's number is kept.</summary>
    public IReadOnlyDictionary<string, int> Unknown => unknown;

    /// <summary>A row of a settlement report V2.</summary>
    public LedgerKind OfSettlement(string transactionType, string amountType, string amountDescription) =>
        Kind(transactionType, $"{amountType} / {amountDescription}");

    /// <summary>A leaf of the breakdown tree of a transaction (Finances 2024-06-19). Only leaves move money: what is above them repeats their sum.</summary>
    /// <param name="transactionType">For example <c>Shipment</c> or <c>Refund</c>.</param>
    /// <param name="breakdownTypes">From the root to the leaf.</param>
    public LedgerKind OfTransaction(string transactionType, ImmutableArray<string> breakdownTypes) =>
        Kind(breakdownTypes.Any(IsRefund) ? "Refund" : transactionType, string.Join(" / ", breakdownTypes));

    /// <summary>A fee of Data Kiosk economics by its <c>feeTypeName</c>; amounts there are positive where the seller pays.</summary>
    public LedgerKind OfEconomics(string feeTypeName) => Kind("", feeTypeName);

    private LedgerKind Kind(string transactionType, string name)
    {
        // Ads and transfers of Finances bear their name on the transaction alone.
        var kind = Find(name, IsRefund(transactionType)) ?? Find(transactionType, onRefund: false);
        if (kind is { } found) return found;
        var kept = string.Concat($"{transactionType}: {name}".Where(letter => !char.IsDigit(letter)));
        unknown[kept] = unknown.GetValueOrDefault(kept) + 1;
        return LedgerKind.Other;
    }

    private LedgerKind? Find(string name, bool onRefund)
    {
        if (known.TryGetValue((name, onRefund), out var kind)) return kind;
        var plain = Plain(name);
        foreach (var rule in Rules)
        {
            if (!rule.Words.Any(word => plain.Contains(word, StringComparison.Ordinal))) continue;
            kind = onRefund ? rule.OnRefund : rule.Kind;
            break;
        }

        return known[(name, onRefund)] = kind;
    }

    private static bool IsRefund(string word) =>
        word.Contains("refund", StringComparison.OrdinalIgnoreCase) || word.Contains("chargeback", StringComparison.OrdinalIgnoreCase) || word.Contains("guarantee", StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name)
    {
        var letters = new StringBuilder(name.Length);
        foreach (var letter in name.Where(char.IsLetterOrDigit)) letters.Append(char.ToLowerInvariant(letter));
        return letters.ToString();
    }

    private static (LedgerKind Kind, LedgerKind OnRefund, string[] Words) Both(LedgerKind kind, params string[] words) => (kind, kind, words);
}
