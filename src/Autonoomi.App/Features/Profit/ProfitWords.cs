using System.Globalization;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.App.Features.Profit;

/// <summary>Lines, findings and fees in the trade's words.</summary>
public static class ProfitWords
{
    public static string Of(ProfitLine line) => line switch
    {
        ProfitLine.ProductSales => "Sales",
        ProfitLine.ShippingSales => "Shipping paid by buyers",
        ProfitLine.Promotions => "Promotions",
        ProfitLine.Vat => "Value added tax",
        ProfitLine.Refunds => "Refunds",
        ProfitLine.RefundHandling => "Handling of refunds",
        ProfitLine.ReferralFees => "Referral fees",
        ProfitLine.FulfilmentFees => "Fulfilment fees",
        ProfitLine.StorageFees => "Storage",
        ProfitLine.OtherFees => "Other fees",
        ProfitLine.Reimbursements => "Reimbursements",
        ProfitLine.Goods => "Cost of goods",
        ProfitLine.Inbound => "Inbound",
        ProfitLine.OtherCosts => "Other costs",
        ProfitLine.SponsoredProducts => "Sponsored Products",
        ProfitLine.SponsoredBrands => "Sponsored Brands",
        ProfitLine.SponsoredDisplay => "Sponsored Display",
    };

    /// <summary>From what a step is known: "62.0% settled", "your costs", "unknown".</summary>
    public static string Of(WaterfallStep step) => step.Amount is null ? "unknown" : step.Source switch
    {
        StepSource.Amazon => step.SettledShare switch { null => "", 0 => "not settled", 1 => "settled", var share => $"{Display.Percent(share)} settled" },
        StepSource.Prices => "prices",
        StepSource.Seller => step.Line == ProfitLine.Inbound ? "your costs, fees" : "your costs",
        StepSource.Ads => "ads reports",
        StepSource.Sum => "",
    };

    public static (string Title, string Why) Of(FindingKind kind) => kind switch
    {
        FindingKind.WrongFee => ("Wrong fee", "A fee is not what Amazon's own estimate of that day says."),
        FindingKind.DoubleCharge => ("Charged twice", "The same charge, or the same refund, more often than there were sales for it."),
        FindingKind.ReferralFeeNotReturned => ("Referral fee not given back", "The buyer got the price back, you did not get the referral fee back."),
        FindingKind.RefundFeeTooHigh => ("Too much kept of a refund", "Amazon kept more of a refunded referral fee than it may."),
        FindingKind.GoodsNotReturned => ("Goods missing", "Refunded goods are neither back nor reimbursed."),
        FindingKind.MissingSettlement => ("Missing in settlements", "Ordered, and in no settlement a month later."),
        FindingKind.DoesNotAddUp => ("Settlement does not add up", "The rows of a settlement do not make what it paid out."),
    };

    /// <summary>One finding on a line.</summary>
    public static string Of(Finding finding)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"{finding.Day:yyyy-MM-dd} {finding.Sku.Value}, ");
        return finding.Kind == FindingKind.GoodsNotReturned
            ? $"{head}refunded: {Display.Count(finding.Units)} of its units missing{(finding.Actual.Amount == 0 ? "" : $", {Display.Amount(finding.Actual)} reimbursed for others")}"
            : $"{head}{Of(finding.About).ToLowerInvariant()}: {(finding.Expected is { } expected ? Display.Amount(expected) : "unknown")} expected, {Display.Amount(finding.Actual)} moved";
    }

    /// <summary>How far goods that did not come back are looked for.</summary>
    public static string Of(KnownReturns? returns) => returns is null
        ? "goods that did not come back are not looked for before returns are read."
        : string.Create(CultureInfo.InvariantCulture, $"goods that did not come back are looked for in orders since {returns.Days.First:yyyy-MM-dd}, from when returns are known.");

    /// <summary>What settlements hold of a marketplace without a storefront here.</summary>
    public static string Of(ElsewhereSum elsewhere) =>
        $"{elsewhere.Name}, {Display.Amount(elsewhere.Total)} in {Display.Count(elsewhere.Rows)} {(elsewhere.Rows == 1 ? "row" : "rows")} of {Display.Count(elsewhere.Reports)} {(elsewhere.Reports == 1 ? "settlement" : "settlements")}";

    public static string Of(LedgerKind kind) => kind switch
    {
        LedgerKind.Other => "Other",
        LedgerKind.ProductCharge => "Sale",
        LedgerKind.ShippingCharge => "Shipping",
        LedgerKind.Promotion => "Promotion",
        LedgerKind.PromotionFee => "Promotion fee",
        LedgerKind.ReferralFee => "Referral fee",
        LedgerKind.FulfilmentFee => "Fulfilment fee",
        LedgerKind.SellingFee => "Selling fee",
        LedgerKind.StorageMonthly => "Storage",
        LedgerKind.StorageAged => "Storage of aged stock",
        LedgerKind.InboundFee => "Inbound fee",
        LedgerKind.RemovalFee => "Removal fee",
        LedgerKind.Subscription => "Subscription",
        LedgerKind.ShippingLabel => "Shipping label",
        LedgerKind.RefundProduct => "Refund",
        LedgerKind.RefundShipping => "Refund of shipping",
        LedgerKind.RefundPromotion => "Refund of a promotion",
        LedgerKind.RefundReferralFee => "Referral fee given back",
        LedgerKind.RefundAdministrationFee => "Refund administration fee",
        LedgerKind.ReturnedUnitFee => "Returned unit fee",
        LedgerKind.Reimbursement => "Reimbursement",
        LedgerKind.TaxCollected => "Tax collected",
        LedgerKind.TaxWithheld => "Tax withheld",
        LedgerKind.Advertising => "Advertising",
        LedgerKind.Transfer => "Transfer",
        LedgerKind.Payout => "Payout",
    };

    public static string Of(ProfitBy by) => by switch
    {
        ProfitBy.Product => "Product",
        ProfitBy.Campaign => "Campaign",
        ProfitBy.AdGroup => "Ad group",
        ProfitBy.Target => "Target",
        ProfitBy.Term => "Search term",
        ProfitBy.Day => "Day",
    };

    public static string Of(ProfitColumn column) => column switch
    {
        ProfitColumn.Name => "Name",
        ProfitColumn.Sales => "Sales",
        ProfitColumn.AdSpend => "Ad spend",
        ProfitColumn.Profit => "Contribution",
        ProfitColumn.Acos => "ACoS",
        ProfitColumn.BreakEvenAcos => "Break-even ACoS",
        ProfitColumn.Tacos => "TACoS",
        ProfitColumn.BreakEvenTacos => "Break-even TACoS",
        ProfitColumn.Settled => "Settled",
    };

    public static string Of(LineStage stage) => stage switch
    {
        LineStage.Estimated => "Ordered, nothing posted yet",
        LineStage.PartlyPosted => "Partly posted",
        LineStage.Posted => "Posted, not settled",
        LineStage.Settled => "Settled",
    };
}
