using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit.Ledger;

public enum FindingKind
{
    /// <summary>A fee is not what the rate of its day says.</summary>
    WrongFee,

    /// <summary>The same charge, or the same refund, more often than there were sales for it.</summary>
    DoubleCharge,

    /// <summary>The buyer got the price back, the seller not the referral fee.</summary>
    ReferralFeeNotReturned,

    /// <summary>Amazon kept more of a refunded referral fee than it may.</summary>
    RefundFeeTooHigh,

    /// <summary>Refunded goods are neither back nor reimbursed.</summary>
    GoodsNotReturned,

    /// <summary>Shipped, and never settled.</summary>
    MissingSettlement,

    /// <summary>The rows of a settlement do not add up to what it paid out.</summary>
    DoesNotAddUp,
}

/// <summary>Something that the seller should look at, and perhaps ask Amazon for.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="About">The kind of movement that is wrong or missing.</param>
/// <param name="OrderKey">The order; 0 for what concerns none.</param>
/// <param name="Sku">The product; empty for what concerns none.</param>
/// <param name="Day">When it was posted, or should have been.</param>
/// <param name="Units">Units concerned; 0 where it is not about units.</param>
/// <param name="Expected">What should have moved, positive to the seller; null where only the goods are known to be missing.</param>
/// <param name="Actual">What moved.</param>
public sealed record Finding(FindingKind Kind, LedgerKind About, long OrderKey, Sku Sku, DateOnly Day, long Units, Money? Expected, Money Actual)
{
    /// <summary>What the seller lacks; negative where Amazon charged too little; null where its worth is not known.</summary>
    public Money? Owed => Expected - Actual;
}

/// <summary>By which rules Amazon is held.</summary>
/// <param name="CentsPerCharge">Difference in cents per charge that rounding may explain, zero or more.</param>
/// <param name="KeptShareOfReferralFee">Share of a refunded referral fee that Amazon may keep, 0 to 1.</param>
/// <param name="KeptAtMost">The most that it may keep of a refund, in the storefront's currency; null where we know of no ceiling.</param>
/// <param name="SettlementDays">Days after which a shipped order must be in a settlement, at least 1: reserves hold money until a week after delivery.</param>
/// <param name="ReturnDays">Days after which refunded goods must be back or reimbursed, at least 1.</param>
public sealed record AuditRules(int CentsPerCharge, decimal KeptShareOfReferralFee, decimal? KeptAtMost, int SettlementDays, int ReturnDays)
{
    /// <summary>Amazon's published rules for refunds: a fifth of the referral fee, at most 5.00 in dollars and euros.</summary>
    public static AuditRules For(Currency currency) => new(2, 0.2m, currency.Code is "USD" or "EUR" ? 5m : null, 30, 60);
}

/// <summary>Holds what was charged against what should have been: see docs/maths/profit.md. Only what the data say is blamed; without a rate, returns or coverage a check is not made.</summary>
public sealed class LedgerAudit
{
    /// <summary>Share of a unit's price that a refund for returned goods may lack (restocking fee), and still be one.</summary>
    private const decimal LargestDeduction = 0.2m;

    private readonly AuditRules rules;
    private readonly Currency currency;
    private readonly FeeBook fees;
    private readonly Settlements settlements;
    private readonly DateSpan? returnDays;
    private readonly ILookup<(long, Sku), ReturnedGoods> returns;
    private readonly DateOnly today;
    private readonly ImmutableArray<Finding>.Builder findings = ImmutableArray.CreateBuilder<Finding>();

    private LedgerAudit(AuditRules rules, Currency currency, FeeBook fees, Settlements settlements, KnownReturns? returned, DateOnly today)
    {
        (this.rules, this.currency, this.fees, this.settlements, this.today) = (rules, currency, fees, settlements, today);
        (returnDays, returns) = (returned?.Days, (returned?.Goods ?? []).ToLookup(goods => (goods.OrderKey, goods.Sku)));
    }

    /// <param name="movements">Of one storefront, in any order, order data among them.</param>
    /// <param name="fees">Rates that held.</param>
    /// <param name="returned">Goods that came back; null while returns are not known, which leaves goods unchecked, as are orders and refunds that its days do not cover.</param>
    /// <param name="rules">By which rules.</param>
    /// <param name="currency">Of the storefront.</param>
    /// <param name="today">The current reporting day.</param>
    /// <returns>In order of day, order, product and kind.</returns>
    public static ImmutableArray<Finding> Of(
        IReadOnlyCollection<Movement> movements, FeeBook fees, KnownReturns? returned, AuditRules rules, Currency currency, DateOnly today)
    {
        var (counted, settlements) = (Counted.Of(movements), Settlements.Of(movements));
        var audit = new LedgerAudit(rules, currency, fees, settlements, returned, today);
        foreach (var line in OrderLine.Of(movements, counted, fees, currency)) audit.Check(line);
        audit.CheckAccount(counted.Movements.Where(movement => movement.OrderKey == 0));
        foreach (var settlement in settlements.All.Where(settlement => !settlement.AddsUp))
            audit.Add(FindingKind.DoesNotAddUp, LedgerKind.Payout, 0, new Sku(""), settlement.Last, 0, settlement.PaidOut, settlement.Rows);
        return [.. audit.findings.OrderBy(finding => finding.Day).ThenBy(finding => finding.OrderKey).ThenBy(finding => finding.Sku.Value, StringComparer.Ordinal).ThenBy(finding => finding.Kind).ThenBy(finding => finding.About)];
    }

    private long Cent => Money.MicrosPerUnit / (currency.Decimals == 0 ? 1 : 100);

    private void Check(OrderLine line)
    {
        CheckSettled(line);
        var sales = line.Movements.Where(movement => movement is { Kind: LedgerKind.ProductCharge, Micros: > 0 }).ToArray();

        // Fees without their sale belong to a sale from before our data: nothing to hold them against.
        if (sales.Length == 0) return;
        var units = sales.Sum(sale => sale.Quantity);
        var paid = LedgerLines.Paid(line.Movements);
        var rate = fees.At(line.Sku, line.Day);
        var referral = CheckFee(line, LedgerKind.ReferralFee, sales.Length, rate is null ? null : FeeBook.Referral(rate, paid, units, currency));
        CheckFee(line, LedgerKind.FulfilmentFee, sales.Length, rate is null ? null : FeeBook.Fulfilment(rate, units, currency));
        CheckRefunds(line, sales, referral, paid);
    }

    /// <returns>What was charged, doubles left out; zero or more.</returns>
    private long CheckFee(OrderLine line, LedgerKind kind, int sales, long? expected)
    {
        var charges = Charges(line, kind);
        if (charges.Count == 0) return 0;
        var tolerance = rules.CentsPerCharge * Cent * Math.Max(sales, charges.Count);

        // More charges than sales, two of them alike, and together more than the rate says: charges by unit or by shipment are no doubles.
        while (charges.Count > sales && !(-charges.Sum(charge => charge.Micros) <= expected + tolerance)
            && charges.GroupBy(charge => charge.Micros).FirstOrDefault(same => same.Skip(1).Any()) is { } alike)
        {
            var twice = alike.MaxBy(charge => (charge.Day, charge.Line));
            charges.Remove(twice);
            Add(FindingKind.DoubleCharge, kind, line.OrderKey, line.Sku, twice.Day, 0, 0, twice.Micros);
        }

        var charged = -charges.Sum(charge => charge.Micros);
        if (expected is { } should && Math.Abs(charged - should) > tolerance) Add(FindingKind.WrongFee, kind, line.OrderKey, line.Sku, charges.Max(charge => charge.Day), 0, -should, -charged);
        return charged;
    }

    /// <summary>Charges of the kind that were not taken back.</summary>
    private static List<Movement> Charges(OrderLine line, LedgerKind kind)
    {
        var charges = line.Movements.Where(movement => movement.Kind == kind && movement.Micros < 0).ToList();
        foreach (var back in line.Movements.Where(movement => movement.Kind == kind && movement.Micros > 0))
        {
            var at = charges.FindIndex(charge => charge.Micros == -back.Micros);
            if (at >= 0) charges.RemoveAt(at);
        }

        return charges;
    }

    private void CheckRefunds(OrderLine line, Movement[] sales, long referral, long paid)
    {
        var refunds = line.Movements.Where(movement => movement is { Kind: LedgerKind.RefundProduct, Micros: < 0 }).OrderBy(movement => movement.Day).ThenBy(movement => movement.Line).ToList();
        if (refunds.Count == 0) return;

        // More given back than was ever paid, by the same amount again: a refund that ran twice.
        var price = sales.Sum(sale => sale.Micros);
        foreach (var same in refunds.GroupBy(refund => refund.Micros).ToArray())
        {
            foreach (var twice in same.Skip(1))
            {
                if (-refunds.Sum(refund => refund.Micros) <= price + Cent) break;
                refunds.Remove(twice);
                Add(FindingKind.DoubleCharge, LedgerKind.RefundProduct, line.OrderKey, line.Sku, twice.Day, twice.Quantity, 0, twice.Micros);
            }
        }

        var day = refunds.Max(refund => refund.Day);
        CheckReferralReturn(line, refunds, referral, paid, day);
        if (Covers(line.Day, day) && line.Actual(LedgerKind.FulfilmentFee) < 0 && day.AddDays(rules.ReturnDays) < today) CheckGoods(line, refunds, (decimal)price / Math.Max(1, sales.Sum(sale => sale.Quantity)), day);
    }

    /// <summary>True when all returns are known from the order until the goods were due: they may come back before the refund.</summary>
    private bool Covers(DateOnly ordered, DateOnly refunded) => returnDays is { } known && known.First <= ordered && known.Last >= refunded.AddDays(rules.ReturnDays);

    private void CheckReferralReturn(OrderLine line, List<Movement> refunds, long referral, long paid, DateOnly day)
    {
        var refunded = -refunds.Sum(refund => refund.Micros) - line.Actual(LedgerKind.RefundShipping) - line.Actual(LedgerKind.RefundPromotion);
        if (refunded <= 0 || paid <= 0) return;
        var due = (long)decimal.Round((decimal)referral * Math.Min(refunded, paid) / paid);
        var returned = line.Actual(LedgerKind.RefundReferralFee);
        var kept = -line.Actual(LedgerKind.RefundAdministrationFee);
        var mayKeep = (long)decimal.Round(rules.KeptShareOfReferralFee * due);
        if (rules.KeptAtMost is { } most) mayKeep = Math.Min(mayKeep, (long)(most * Money.MicrosPerUnit) * refunds.Count);
        var tolerance = rules.CentsPerCharge * Cent * refunds.Count;
        if (due - returned > tolerance) Add(FindingKind.ReferralFeeNotReturned, LedgerKind.RefundReferralFee, line.OrderKey, line.Sku, day, 0, due - mayKeep, returned - kept);
        else if (kept - mayKeep > tolerance) Add(FindingKind.RefundFeeTooHigh, LedgerKind.RefundAdministrationFee, line.OrderKey, line.Sku, day, 0, -mayKeep, -kept);
    }

    private void CheckGoods(OrderLine line, List<Movement> refunds, decimal unitPrice, DateOnly day)
    {
        // A refund of much less than a unit's price is a concession: the buyer keeps the goods.
        var due = refunds.Sum(refund => Math.Min(refund.Quantity, (long)Math.Floor(-refund.Micros / unitPrice + LargestDeduction)));
        var reimbursements = line.Movements.Where(movement => movement is { Kind: LedgerKind.Reimbursement, Micros: > 0 }).ToArray();
        var reimbursed = reimbursements.Sum(movement => movement.Quantity == 0 ? due : movement.Quantity);
        // Goods of which Amazon does not say the order may be these.
        var back = returns[(line.OrderKey, line.Sku)].Concat(returns[(0, line.Sku)].Where(goods => goods.Day >= line.Day)).Where(goods => goods.Outcome != ReturnOutcome.DamagedByAmazon).Sum(goods => goods.Quantity);
        var missing = due - back - reimbursed;
        if (missing > 0) findings.Add(new Finding(FindingKind.GoodsNotReturned, LedgerKind.Reimbursement, line.OrderKey, line.Sku, day, missing, null, Money.FromMicros(reimbursements.Sum(movement => movement.Micros), currency)));
    }

    private void CheckSettled(OrderLine line)
    {
        if (settlements.CompletedBy(DateSpan.Ending(line.Day.AddDays(rules.SettlementDays), rules.SettlementDays + 1)) is null) return;
        var settled = line.Movements.Where(movement => movement is { Kind: LedgerKind.ProductCharge, Source: LedgerSource.Settlement }).ToArray();
        var missing = line.Ordered - settled.Sum(movement => movement.Quantity);
        if (missing <= 0 || line.Expected.IsEmpty) return;
        var net = line.Expected.Where(expected => !LedgerLines.PassesThrough(expected.Kind)).Sum(expected => expected.Micros);
        Add(FindingKind.MissingSettlement, LedgerKind.ProductCharge, line.OrderKey, line.Sku, line.Day, missing, (long)decimal.Round((decimal)net * missing / line.Ordered), 0);
    }

    private void CheckAccount(IEnumerable<Movement> movements)
    {
        // Storage and the subscription are due once a month: the same amount again within one is a double. Other fees may well come twice.
        foreach (var same in movements
            .Where(movement => movement.Kind is LedgerKind.StorageMonthly or LedgerKind.StorageAged or LedgerKind.Subscription && movement.Micros < 0)
            .GroupBy(movement => (movement.Kind, movement.Sku, movement.Micros, movement.Day.Year, movement.Day.Month)))
        {
            foreach (var twice in same.OrderBy(movement => movement.Day).ThenBy(movement => movement.Line).Skip(1)) Add(FindingKind.DoubleCharge, twice.Kind, 0, twice.Sku, twice.Day, 0, 0, twice.Micros);
        }
    }

    private void Add(FindingKind kind, LedgerKind about, long order, Sku sku, DateOnly day, long units, long expected, long actual) =>
        findings.Add(new Finding(kind, about, order, sku, day, units, Money.FromMicros(expected, currency), Money.FromMicros(actual, currency)));
}
