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

        var findings = LedgerAudit.Of(some.Movements(), new FeeBook(some.Rates), [.. some.Returns], AuditRules.For(Usd), Usd, SomeSettlements.Today);

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

    private static System.Collections.Immutable.ImmutableArray<Finding> Audit(List<Movement> movements, SomeSettlements some) =>
        LedgerAudit.Of(movements, new FeeBook(some.Rates), [.. some.Returns], AuditRules.For(Usd), Usd, SomeSettlements.Today);
}
