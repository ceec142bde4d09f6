namespace Autonoomi.Core.Profit.Ledger;

/// <summary>Where kinds of movements stand in the profit statement.</summary>
public static class LedgerLines
{
    /// <summary>The line of a kind; null for what earns nothing (tax that passes through, transfers, payouts) or is counted from the Ads reports (advertising).</summary>
    public static ProfitLine? Of(LedgerKind kind) => kind switch
    {
        LedgerKind.ProductCharge => ProfitLine.ProductSales,
        LedgerKind.ShippingCharge => ProfitLine.ShippingSales,
        LedgerKind.Promotion or LedgerKind.PromotionFee => ProfitLine.Promotions,
        LedgerKind.ReferralFee or LedgerKind.RefundReferralFee => ProfitLine.ReferralFees,
        LedgerKind.FulfilmentFee => ProfitLine.FulfilmentFees,
        LedgerKind.StorageMonthly or LedgerKind.StorageAged => ProfitLine.StorageFees,
        LedgerKind.SellingFee or LedgerKind.RemovalFee or LedgerKind.Subscription or LedgerKind.ShippingLabel or LedgerKind.Other => ProfitLine.OtherFees,
        LedgerKind.InboundFee => ProfitLine.Inbound,
        LedgerKind.RefundProduct or LedgerKind.RefundShipping or LedgerKind.RefundPromotion => ProfitLine.Refunds,
        LedgerKind.RefundAdministrationFee or LedgerKind.ReturnedUnitFee => ProfitLine.RefundHandling,
        LedgerKind.Reimbursement => ProfitLine.Reimbursements,
        LedgerKind.TaxCollected or LedgerKind.TaxWithheld or LedgerKind.Advertising or LedgerKind.Transfer or LedgerKind.Payout => null,
    };

    /// <summary>True for what is no part of the profit statement.</summary>
    public static bool PassesThrough(LedgerKind kind) => Of(kind) is null;

    /// <summary>True for what the buyer pays or gets back for goods and shipping: value added tax may be held in it.</summary>
    public static bool IsPrice(LedgerKind kind) => kind is LedgerKind.ProductCharge or LedgerKind.ShippingCharge or LedgerKind.Promotion
        or LedgerKind.RefundProduct or LedgerKind.RefundShipping or LedgerKind.RefundPromotion;

    /// <returns>What the buyer paid for goods and shipping, promotions deducted, refunds left out; micros.</returns>
    /// <param name="movements">Of one order line.</param>
    public static long Paid(IEnumerable<Movement> movements) => movements
        .Where(movement => movement.Kind is LedgerKind.ProductCharge or LedgerKind.ShippingCharge or LedgerKind.Promotion).Sum(movement => movement.Micros);
}
