namespace Autonoomi.Core.Profit.Ledger;

/// <summary>What a movement of money was for. The numbers are stored: never renumber, add at the end. Amounts are positive where money comes to the seller.</summary>
public enum LedgerKind
{
    /// <summary>Known to be none of the others, or a name that we do not know yet: kept, counted as an expense or income, and listed by name.</summary>
    Other = 0,

    ProductCharge = 1,

    /// <summary>Shipping and gift wrap paid by the buyer, less what Amazon keeps of it.</summary>
    ShippingCharge = 2,
    Promotion = 3,

    /// <summary>Fees for coupons, deals and reviews.</summary>
    PromotionFee = 4,

    ReferralFee = 10,
    FulfilmentFee = 11,

    /// <summary>Closing fees, per-item fees, digital services fees.</summary>
    SellingFee = 12,
    StorageMonthly = 13,
    StorageAged = 14,
    InboundFee = 15,
    RemovalFee = 16,
    Subscription = 17,

    /// <summary>Labels bought from Amazon for parcels that the seller ships.</summary>
    ShippingLabel = 18,

    RefundProduct = 20,
    RefundShipping = 21,
    RefundPromotion = 22,

    /// <summary>Referral fee that comes back with a refund (positive).</summary>
    RefundReferralFee = 23,

    /// <summary>What Amazon keeps of the referral fee of a refund.</summary>
    RefundAdministrationFee = 24,

    /// <summary>Processing of a returned unit.</summary>
    ReturnedUnitFee = 25,

    /// <summary>For goods that Amazon lost or damaged; negative when taken back.</summary>
    Reimbursement = 26,

    /// <summary>Tax or value added tax that the buyer paid on top; its refund is negative.</summary>
    TaxCollected = 30,

    /// <summary>Tax that Amazon withholds and pays itself as marketplace facilitator.</summary>
    TaxWithheld = 31,

    /// <summary>Advertising taken from the proceeds: never counted beside the cost that the Ads reports tell.</summary>
    Advertising = 40,

    /// <summary>Reserves, charges to a card, debts carried over: moves money between settlements and earns nothing.</summary>
    Transfer = 50,

    /// <summary>
    /// What a settlement paid out, booked against the seller (negative) on the last day of the settlement, so that all rows of a settlement add up to zero. Its
    /// quantity is the number of days that the settlement covers, from its first day to its last, both counted.
    /// </summary>
    Payout = 51,
}

/// <summary>Where a movement is known from. The numbers are stored.</summary>
public enum LedgerSource
{
    /// <summary>Expected by us from rates; never stored.</summary>
    Estimate = 0,

    /// <summary>Order data: what was ordered and shipped at which price; no fees.</summary>
    Order = 1,

    /// <summary>Finances: posted, perhaps not yet in a settlement.</summary>
    Transaction = 2,

    /// <summary>A settlement report: final.</summary>
    Settlement = 3,
}

/// <summary>How far a movement is. The numbers are stored and grow with certainty: of two rows of one movement the higher counts.</summary>
public enum LedgerState
{
    /// <summary>Amazon holds the money back (delivery date, invoiced order).</summary>
    Deferred = 0,

    /// <summary>Was deferred; Amazon books the release as a movement of its own, which has the same line number.</summary>
    DeferredReleased = 1,

    Released = 2,
}
