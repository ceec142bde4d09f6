namespace Autonoomi.Core.Profit;

/// <summary>The lines of a profit statement, in the order in which they are read. Costs are negative.</summary>
public enum ProfitLine
{
    ProductSales, ShippingSales, Promotions,

    /// <summary>Value added tax that is held in the prices and owed.</summary>
    Vat,
    Refunds,

    /// <summary>What a refund costs beside the price: what Amazon keeps of its fee, processing of returns; referral fees that come back stand among the referral fees.</summary>
    RefundHandling,
    ReferralFees, FulfilmentFees, StorageFees,

    /// <summary>Closing fees, removals, labels, subscription, and names that we do not know.</summary>
    OtherFees,
    Reimbursements, Goods,

    /// <summary>Freight and preparation until the unit is in the warehouse, Amazon's inbound fees included.</summary>
    Inbound,
    OtherCosts, SponsoredProducts, SponsoredBrands, SponsoredDisplay,
}
