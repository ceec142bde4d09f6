using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Core.Tests.Profit;

public sealed class CountedTests
{
    private static readonly Currency Usd = new("USD");
    private static readonly Sku Board = new("BOARD");
    private static readonly DateOnly Day = new(2026, 5, 10);

    [Fact]
    public void A_deferred_movement_and_its_release_count_once()
    {
        var held = Posted(LedgerKind.ProductCharge, 20, line: 1, LedgerState.Deferred);
        var released = held with { State = LedgerState.Released, Day = Day.AddDays(9) };

        Assert.Equal([held], Counted.Of([held]).Movements);
        Assert.Equal([released], Counted.Of([held, released]).Movements);
        Assert.Equal([released], Counted.Of([released, held with { State = LedgerState.DeferredReleased }]).Movements);
    }

    [Fact]
    public void A_settlement_takes_the_place_of_what_was_posted()
    {
        var posted = Posted(LedgerKind.ReferralFee, -3, line: 1);
        var settled = Settled(LedgerKind.ReferralFee, -3, row: 1);

        Assert.Equal([settled], Counted.Of([posted, settled]).Movements);
    }

    [Fact]
    public void A_second_parcel_counts_beside_the_settled_first_one()
    {
        var settled = Settled(LedgerKind.ProductCharge, 20, row: 1);
        var (first, second) = (Posted(LedgerKind.ProductCharge, 20, line: 1), Posted(LedgerKind.ProductCharge, 20, line: 2) with { Day = Day.AddDays(20) });

        Assert.Equal([settled, second, Payout()], Counted.Of([first, second, settled, Payout()]).Movements);
    }

    [Fact]
    public void Where_the_settlement_says_another_amount_it_counts_and_the_posting_is_shown_as_replaced()
    {
        var (posted, settled) = (Posted(LedgerKind.FulfilmentFee, -4.70m, line: 1), Settled(LedgerKind.FulfilmentFee, -4.97m, row: 1));

        var counted = Counted.Of([posted, settled, Payout()]);

        Assert.Equal([settled, Payout()], counted.Movements);
        Assert.Equal([posted], counted.Replaced);
    }

    [Fact]
    public void An_order_line_goes_from_expected_to_settled_parcel_by_parcel()
    {
        var fees = new FeeBook([new FeeRate(Board, Day.AddDays(-100), 0.15m, 0.30m, 4.00m)]);
        var ordered = new Movement(Day, 7, Board, LedgerKind.ProductCharge, LedgerSource.Order, 1, LedgerState.Released, 3, 60_000_000, 0);
        Movement[] first = [Posted(LedgerKind.ProductCharge, 20, 1) with { Quantity = 1 }, Posted(LedgerKind.ReferralFee, -3, 2), Posted(LedgerKind.FulfilmentFee, -4.10m, 3)];
        Movement[] rest = [Settled(LedgerKind.ProductCharge, 20, 1) with { Quantity = 1 }, Settled(LedgerKind.ReferralFee, -3, 2), Settled(LedgerKind.FulfilmentFee, -4.10m, 3),
            Settled(LedgerKind.ProductCharge, 40, 4) with { Quantity = 2 }, Settled(LedgerKind.ReferralFee, -6, 5), Settled(LedgerKind.FulfilmentFee, -8.20m, 6)];

        // Expected: 60 − 9 − 12 = 39. One of three posted: 12.90 and two thirds of 39. All: 60 − 9 − 12.30.
        Assert.Equal((LineStage.Estimated, 39_000_000), Stage(ordered));
        Assert.Equal((LineStage.PartlyPosted, 38_900_000), Stage([ordered, .. first]));
        Assert.Equal((LineStage.Settled, 38_700_000), Stage([ordered, .. first, .. rest, Payout()]));
        Assert.Equal(0.30m, Drift([ordered, .. rest]).Single(drift => drift.Fee == LedgerKind.FulfilmentFee) is var drift ? (drift.Charged - drift.Expected).Amount : 0);
        Assert.Equal(0.025, drift.Share);

        (LineStage, long) Stage(params Movement[] movements) => OrderLine.Of(movements, Counted.Of(movements), fees, Usd).Single() is var line ? (line.Stage, line.Best) : default;

        System.Collections.Immutable.ImmutableArray<FeeDrift> Drift(Movement[] movements) => FeeDrift.Of(OrderLine.Of(movements, Counted.Of(movements), fees, Usd), fees, Usd);
    }

    private static Movement Posted(LedgerKind kind, decimal amount, long line, LedgerState state = LedgerState.Released) =>
        new(Day, 7, Board, kind, LedgerSource.Transaction, line, state, 0, (long)(amount * 1_000_000), 0);

    private static Movement Settled(LedgerKind kind, decimal amount, long row) =>
        new(Day, 7, Board, kind, LedgerSource.Settlement, row, LedgerState.Released, 0, (long)(amount * 1_000_000), 900);

    private static Movement Payout() => new(Day.AddDays(5), 0, new Sku(""), LedgerKind.Payout, LedgerSource.Settlement, 0, LedgerState.Released, 14, 0, 900);
}
