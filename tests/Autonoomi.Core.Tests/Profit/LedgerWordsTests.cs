using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Tests.Profit;

public sealed class LedgerWordsTests
{
    [Theory]
    [InlineData("Order", "ItemPrice", "Principal", LedgerKind.ProductCharge)]
    [InlineData("Order", "ItemPrice", "Shipping", LedgerKind.ShippingCharge)]
    [InlineData("Order", "ItemPrice", "GiftWrap", LedgerKind.ShippingCharge)]
    [InlineData("Order", "ItemPrice", "Tax", LedgerKind.TaxCollected)]
    [InlineData("Order", "ItemPrice", "ShippingTax", LedgerKind.TaxCollected)]
    [InlineData("Order", "Promotion", "Principal", LedgerKind.Promotion)]
    [InlineData("Order", "Promotion", "Shipping", LedgerKind.Promotion)]
    [InlineData("Order", "Promotion", "TaxDiscount", LedgerKind.TaxCollected)]
    [InlineData("Order", "ItemFees", "Commission", LedgerKind.ReferralFee)]
    [InlineData("Order", "ItemFees", "FBAPerUnitFulfillmentFee", LedgerKind.FulfilmentFee)]
    [InlineData("Order", "ItemFees", "FBAWeightBasedFee", LedgerKind.FulfilmentFee)]
    [InlineData("Order", "ItemFees", "ShippingChargeback", LedgerKind.ShippingCharge)]
    [InlineData("Order", "ItemFees", "VariableClosingFee", LedgerKind.SellingFee)]
    [InlineData("Order", "ItemFees", "DigitalServicesFeeFBA", LedgerKind.SellingFee)]
    [InlineData("Order", "ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", LedgerKind.TaxWithheld)]
    [InlineData("Order", "ItemWithheldTax", "MarketplaceFacilitatorVAT-Shipping", LedgerKind.TaxWithheld)]
    [InlineData("Refund", "ItemPrice", "Principal", LedgerKind.RefundProduct)]
    [InlineData("Refund", "ItemPrice", "Shipping", LedgerKind.RefundShipping)]
    [InlineData("Refund", "ItemPrice", "Goodwill", LedgerKind.RefundProduct)]
    [InlineData("Refund", "ItemPrice", "Tax", LedgerKind.TaxCollected)]
    [InlineData("Refund", "Promotion", "Principal", LedgerKind.RefundPromotion)]
    [InlineData("Refund", "ItemFees", "Commission", LedgerKind.RefundReferralFee)]
    [InlineData("Refund", "ItemFees", "RefundCommission", LedgerKind.RefundAdministrationFee)]
    [InlineData("Chargeback Refund", "ItemPrice", "Principal", LedgerKind.RefundProduct)]
    [InlineData("A-to-z Guarantee Refund", "ItemFees", "Commission", LedgerKind.RefundReferralFee)]
    [InlineData("other-transaction", "FBA Inventory Reimbursement", "WAREHOUSE_DAMAGE", LedgerKind.Reimbursement)]
    [InlineData("other-transaction", "FBA Inventory Reimbursement", "FREE_REPLACEMENT_REFUND_ITEMS", LedgerKind.Reimbursement)]
    [InlineData("other-transaction", "FBA Inventory Reimbursement", "REVERSAL_REIMBURSEMENT", LedgerKind.Reimbursement)]
    [InlineData("other-transaction", "other-transaction", "Storage Fee", LedgerKind.StorageMonthly)]
    [InlineData("other-transaction", "other-transaction", "FBALongTermStorageFee", LedgerKind.StorageAged)]
    [InlineData("other-transaction", "other-transaction", "FBACustomerReturnPerUnitFee", LedgerKind.ReturnedUnitFee)]
    [InlineData("other-transaction", "other-transaction", "FBAInboundTransportationFee", LedgerKind.InboundFee)]
    [InlineData("other-transaction", "other-transaction", "RemovalComplete", LedgerKind.RemovalFee)]
    [InlineData("other-transaction", "other-transaction", "DisposalComplete", LedgerKind.RemovalFee)]
    [InlineData("other-transaction", "other-transaction", "Subscription Fee", LedgerKind.Subscription)]
    [InlineData("other-transaction", "other-transaction", "Current Reserve Amount", LedgerKind.Transfer)]
    [InlineData("other-transaction", "other-transaction", "Previous Reserve Amount Balance", LedgerKind.Transfer)]
    [InlineData("ServiceFee", "Cost of Advertising", "TransactionTotalAmount", LedgerKind.Advertising)]
    [InlineData("CouponRedemptionFee", "CouponRedemptionFee", "Coupon redemption", LedgerKind.PromotionFee)]
    public void Words_of_settlement_reports_have_a_kind(string type, string amountType, string description, LedgerKind kind)
    {
        var words = new LedgerWords();

        Assert.Equal(kind, words.OfSettlement(type, amountType, description));
        Assert.Empty(words.Unknown);
    }

    [Theory]
    [InlineData("Shipment", "ProductCharges", LedgerKind.ProductCharge)]
    [InlineData("Shipment", "Sales|Product Charges|Principle", LedgerKind.ProductCharge)]
    [InlineData("Shipment", "AmazonFees|Commission|Base", LedgerKind.ReferralFee)]
    [InlineData("Shipment", "AmazonFees|Commission|Tax", LedgerKind.ReferralFee)]
    [InlineData("Shipment", "AmazonFees|FBAPerUnitFulfillmentFee", LedgerKind.FulfilmentFee)]
    [InlineData("Shipment", "Expenses|FBA fees", LedgerKind.FulfilmentFee)]
    [InlineData("Shipment", "PromotionRebates|Principal", LedgerKind.Promotion)]
    [InlineData("Shipment", "Tax|ShippingTax", LedgerKind.TaxCollected)]
    [InlineData("Shipment", "Sales|Shipping|ShippingPrincipal", LedgerKind.ShippingCharge)]
    [InlineData("Refund", "ProductCharges", LedgerKind.RefundProduct)]
    [InlineData("Adjustment", "Refunds|ProductCharges", LedgerKind.RefundProduct)]
    [InlineData("Refund", "AmazonFees|Commission", LedgerKind.RefundReferralFee)]
    [InlineData("Refund", "AmazonFees|RefundCommission", LedgerKind.RefundAdministrationFee)]
    [InlineData("ProductAdsPayment", "TransactionTotalAmount", LedgerKind.Advertising)]
    [InlineData("Transfer", "BankDeposit", LedgerKind.Transfer)]
    public void Leaves_of_a_transactions_tree_have_a_kind(string type, string path, LedgerKind kind)
    {
        var words = new LedgerWords();

        Assert.Equal(kind, words.OfTransaction(type, [.. path.Split('|')]));
        Assert.Empty(words.Unknown);
    }

    [Theory]
    [InlineData("Referral fee", LedgerKind.ReferralFee)]
    [InlineData("FBA fulfillment fees", LedgerKind.FulfilmentFee)]
    [InlineData("FBA storage fees", LedgerKind.StorageMonthly)]
    [InlineData("Monthly inventory storage fee", LedgerKind.StorageMonthly)]
    [InlineData("Aged inventory surcharge", LedgerKind.StorageAged)]
    [InlineData("FBA inbound placement service fee", LedgerKind.InboundFee)]
    [InlineData("Low inventory level fee", LedgerKind.FulfilmentFee)]
    [InlineData("Return processing fee", LedgerKind.ReturnedUnitFee)]
    [InlineData("High return rate fee", LedgerKind.ReturnedUnitFee)]
    [InlineData("Per-item selling fees", LedgerKind.SellingFee)]
    [InlineData("Sponsored Products charge", LedgerKind.Advertising)]
    public void Fees_of_data_kiosk_have_a_kind(string name, LedgerKind kind) => Assert.Equal(kind, new LedgerWords().OfEconomics(name));

    [Fact]
    public void A_name_that_nobody_knows_is_kept_and_counted_without_its_digits()
    {
        var words = new LedgerWords();

        Assert.Equal(LedgerKind.Other, words.OfSettlement("other-transaction", "misc", "Gizmo levy 111-2223334-5556667"));
        Assert.Equal(LedgerKind.Other, words.OfSettlement("other-transaction", "misc", "Gizmo levy 111-9999999-5556667"));

        Assert.Equal([KeyValuePair.Create("other-transaction: misc / Gizmo levy --", 2)], words.Unknown);
    }
}
