using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;

namespace Autonoomi.Core.Tests.Profit;

public sealed class LedgerAuditTests
{
    private static readonly Currency Usd = new("USD");

    [Fact]
    public void Of_50_000_order_lines_every_planted_error_is_found_and_nothing_else_is_flagged()
    {
        var some = new SomeSettlements(seed: 1, lines: 50_000, plantsOfEachKind: 60);

        var findings = LedgerAudit.Of(some.Movements(), new FeeBook(some.Rates), some.KnownReturns, AuditRules.For(Usd), Usd, SomeSettlements.Today);

        var found = findings.Select(finding => (finding.Kind, finding.About, finding.OrderKey, finding.Sku.Value)).Order().ToArray();
        var planted = some.Plants.Select(plant => (plant.Kind, plant.About, plant.Order, plant.Sku)).Order().ToArray();
        Assert.Equal(12 * 60 + 60 + 1, planted.Length);
        Assert.Equal(planted, found);
        var owed = findings.ToLookup(finding => (finding.Kind, finding.About, finding.OrderKey, finding.Sku.Value), finding => finding.Owed?.Amount);
        foreach (var plant in some.Plants.Where(plant => plant.Owed is not null))
            Assert.Contains(owed[(plant.Kind, plant.About, plant.Order, plant.Sku)], amount => Math.Abs(amount!.Value - plant.Owed!.Value) <= 0.02m);
    }

    [Fact]
    public void The_ledger_adds_up_to_each_settlement_file_to_the_cent()
    {
        var some = new SomeSettlements(seed: 2, lines: 5_000, plantsOfEachKind: 10);

        var settlements = Settlements.Of(some.Movements()).All;

        Assert.Equal(some.Totals.OrderBy(total => total.Key).Select(total => (total.Key, (long)(total.Value * 1_000_000))), settlements.Select(settlement => (settlement.Id, settlement.Rows)));
        Assert.All(settlements, settlement => Assert.True(settlement.AddsUp));
    }

    [Fact]
    public void A_settlement_of_which_a_row_is_missing_does_not_add_up_and_is_named()
    {
        var some = new SomeSettlements(seed: 3, lines: 300, plantsOfEachKind: 0);
        var movements = some.Movements();
        var lost = movements.First(movement => movement is { Source: LedgerSource.Settlement, Kind: LedgerKind.StorageMonthly });
        movements.Remove(lost);

        var finding = Assert.Single(Audit(movements, some), finding => finding.Kind == FindingKind.DoesNotAddUp);

        Assert.Equal(Money.FromMicros(lost.Micros, Usd), finding.Owed);
    }

    [Fact]
    public void Reading_everything_twice_changes_nothing()
    {
        var some = new SomeSettlements(seed: 4, lines: 2_000, plantsOfEachKind: 5);
        var movements = some.Movements();

        Assert.Equal(Audit(movements, some), Audit([.. movements, .. movements], some));
        Assert.Equal(Settlements.Of(movements).All, Settlements.Of([.. movements, .. movements]).All);
    }

    [Fact]
    public void Without_a_rate_that_held_no_fee_is_called_wrong()
    {
        var some = new SomeSettlements(seed: 5, lines: 2_000, plantsOfEachKind: 5);

        var findings = LedgerAudit.Of(some.Movements(), new FeeBook([]), null, AuditRules.For(Usd), Usd, SomeSettlements.Today);

        Assert.DoesNotContain(findings, finding => finding.Kind is FindingKind.WrongFee or FindingKind.GoodsNotReturned);
        Assert.Contains(findings, finding => finding is { Kind: FindingKind.DoubleCharge, About: LedgerKind.ReferralFee });
    }

    [Fact]
    public void Goods_are_missed_only_where_returns_are_known_from_the_order_until_the_goods_were_due()
    {
        var (ordered, refunded) = (new DateOnly(2026, 1, 10), new DateOnly(2026, 1, 20));
        var due = refunded.AddDays(60);
        Movement[] movements =
        [
            new(ordered, 7, new Sku("S-1"), LedgerKind.ProductCharge, LedgerSource.Settlement, 1, LedgerState.Released, 2, 40_000_000, 5),
            new(ordered, 7, new Sku("S-1"), LedgerKind.FulfilmentFee, LedgerSource.Settlement, 2, LedgerState.Released, 2, -8_000_000, 5),
            new(refunded, 7, new Sku("S-1"), LedgerKind.RefundProduct, LedgerSource.Settlement, 3, LedgerState.Released, 2, -40_000_000, 6),
        ];

        var found = Assert.Single(Missing(new DateSpan(ordered, due), []));
        Assert.Equal((2L, null, refunded), (found.Units, found.Owed, found.Day));
        Assert.Empty(Missing(new DateSpan(ordered.AddDays(1), due), []));
        Assert.Empty(Missing(new DateSpan(ordered, due.AddDays(-1)), []));

        // One of two came back; a parcel that nobody knows the order of may be the other, unless it came before the sale or is of another product.
        Assert.Equal(1, Assert.Single(Missing(new DateSpan(ordered, due), [Back(7, "S-1", ordered.AddDays(5))])).Units);
        Assert.Empty(Missing(new DateSpan(ordered, due), [Back(7, "S-1", ordered.AddDays(5)), Back(0, "S-1", due)]));
        Assert.Equal(2, Assert.Single(Missing(new DateSpan(ordered, due), [Back(0, "S-1", ordered.AddDays(-1)), Back(7, "S-2", due), Back(8, "S-1", due)])).Units);

        // Amazon owes what it damaged itself.
        Assert.Equal(2, Assert.Single(Missing(new DateSpan(ordered, due), [Back(7, "S-1", due, ReturnOutcome.DamagedByAmazon)])).Units);

        IEnumerable<Finding> Missing(DateSpan read, ReturnedGoods[] goods) =>
            LedgerAudit.Of(movements, new FeeBook([]), new KnownReturns(read, [.. goods]), AuditRules.For(Usd), Usd, due.AddDays(1)).Where(finding => finding.Kind == FindingKind.GoodsNotReturned);

        static ReturnedGoods Back(long order, string sku, DateOnly day, ReturnOutcome outcome = ReturnOutcome.Unsellable) => new(order, new Sku(sku), day, 1, outcome);
    }

    private static System.Collections.Immutable.ImmutableArray<Finding> Audit(List<Movement> movements, SomeSettlements some) =>
        LedgerAudit.Of(movements, new FeeBook(some.Rates), some.KnownReturns, AuditRules.For(Usd), Usd, SomeSettlements.Today);
}
