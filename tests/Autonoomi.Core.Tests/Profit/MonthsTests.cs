using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;
using CsCheck;

namespace Autonoomi.Core.Tests.Profit;

public sealed class MonthsTests
{
    [Fact]
    public void A_month_closes_with_the_settlement_that_ends_after_it_and_not_before()
    {
        // Fortnights from 1 January: the third ends on 11 February.
        Assert.False(Months.Of(Settled(1, 2)).First().Closed);
        Assert.True(Months.Of(Settled(1, 2, 3)).First().Closed);
        Assert.False(Months.Of(Settled(1, 3)).First().Closed);
    }

    [Fact]
    public void A_movement_that_comes_to_light_after_its_month_closed_is_a_correction_of_the_open_month_and_keeps_its_day()
    {
        var late = Settled(5)[0] with { Day = new DateOnly(2026, 1, 20), Line = 99, Micros = -3_000_000 };

        var months = Months.Of([.. Settled(1, 2, 3, 4, 5), late]);

        Assert.DoesNotContain(late, months[0].Movements);
        Assert.Equal([late], months[2].Corrections);
        Assert.False(months[2].Closed);
    }

    [Fact]
    public void What_is_posted_and_not_settled_waits_in_the_open_month()
    {
        var held = new Movement(new DateOnly(2026, 1, 20), 5, new Sku("A"), LedgerKind.ProductCharge, LedgerSource.Transaction, 1, LedgerState.Deferred, 1, 20_000_000, 0);

        Assert.Equal([held], Months.Of([.. Settled(1, 2, 3, 4), held])[^1].Corrections);
    }

    [Fact]
    public void A_closed_month_never_changes_whatever_is_settled_later_and_no_movement_is_lost() => Gen.Int[0, 1000].Sample(seed =>
    {
        var movements = new SomeSettlements(seed, 60, 1).Movements();
        var random = new Random(seed);

        // Some rows come to light a settlement or two after their day.
        movements = [.. movements.Select(movement => movement is { Source: LedgerSource.Settlement, Kind: not LedgerKind.Payout } && random.Next(20) == 0 ? movement with { Settlement = Math.Min(7017, movement.Settlement + 1 + random.Next(4)) } : movement)];
        var before = new Dictionary<DateOnly, BookMonth>();
        for (var settlement = 7000; settlement <= 7017; settlement++)
        {
            var read = movements.Where(movement => movement.Settlement <= settlement && (movement.Settlement > 0 || movement.Day <= SomeSettlements.Start.AddDays((settlement - 6999) * 14 - 1))).ToArray();
            var months = Months.Of(read);
            foreach (var (day, month) in before)
            {
                var now = months.Single(other => other.First == day);
                Assert.True(now.Closed);
                Assert.Equal(month.Movements, now.Movements);
                Assert.Equal(month.Corrections, now.Corrections);
            }

            foreach (var month in months.Where(month => month.Closed)) before[month.First] = month;
            Assert.Equal(Counted.Of(read).Movements.Sum(movement => movement.Micros), months.Sum(month => month.Movements.Sum(movement => movement.Micros) + month.Corrections.Sum(movement => movement.Micros)));
        }

        Assert.Equal(8, before.Count);
    }, iter: 12);

    // Fortnight n of 2026: one sale a day and the payout.
    private static Movement[] Settled(params int[] fortnights) => [.. fortnights.SelectMany(fortnight =>
    {
        var first = new DateOnly(2026, 1, 1).AddDays(14 * (fortnight - 1));
        return Enumerable.Range(0, 14)
            .Select(day => new Movement(first.AddDays(day), first.DayNumber + day, new Sku("A"), LedgerKind.ProductCharge, LedgerSource.Settlement, day + 1, LedgerState.Released, 1, 10_000_000, fortnight))
            .Append(new Movement(first.AddDays(13), 0, new Sku(""), LedgerKind.Payout, LedgerSource.Settlement, 0, LedgerState.Released, 14, -140_000_000, fortnight));
    })];
}
