using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using CsCheck;

namespace Autonoomi.Core.Tests.Profit;

public sealed class ProfitMoveTests
{
    private static readonly Currency Usd = new("USD");

    // Micros as Amazon reports them; days without clicks, without orders and with odd crumbs come often.
    private static readonly Gen<AdFigures> Ads =
        from clicks in Gen.OneOf(Gen.Const(0L), Gen.Long[0, 40], Gen.Long[0, 3_000_000])
        from orders in Gen.OneOf(Gen.Const(0L), Gen.Long[0, 12], Gen.Long[0, 200_000])
        from cost in Gen.OneOf(Gen.Const(0L), Gen.Long[0, 90_000_000], Gen.Long[0, 9_000_000_000_000])
        from left in Gen.OneOf(Gen.Const(0L), Gen.Long[-70_000_000, 70_000_000], Gen.Long[-9_000_000_000_000, 9_000_000_000_000])
        select new AdFigures(clicks * 40, clicks, Money.FromMicros(cost, Usd), orders, orders, Money.FromMicros(cost * 3, Usd), Money.FromMicros(left, Usd));

    private static decimal Sum(ProfitMove move) => (move.Traffic + move.Conversion + move.ClickPrice + move.Margin + move.Other).Amount;

    private static decimal Profit(AdFigures ads) => decimal.Round(ads.Contribution!.Value.Amount - ads.Cost.Amount, 2, MidpointRounding.ToEven);

    [Fact]
    public void Five_causes_add_up_to_the_change_to_the_cent() => Gen.Select(Ads, Ads).Sample((before, after) =>
    {
        var move = ProfitMove.Of(before, after)!;
        return Sum(move) == move.Change.Amount && move.Change.Amount == Profit(after) - Profit(before)
            && new[] { move.Traffic, move.Conversion, move.ClickPrice, move.Margin, move.Other }.All(part => decimal.Round(part.Amount, 2) == part.Amount);
    }, iter: 10_000);

    [Fact]
    public void Looking_back_turns_every_cause_around() => Gen.Select(Ads, Ads).Sample((before, after) =>
    {
        var (there, back) = (ProfitMove.Of(before, after)!, ProfitMove.Of(after, before)!);
        bool Opposite(Money one, Money other) => Math.Abs(one.Amount + other.Amount) <= 0.03m; // cents that rounding leaves go to the largest part
        return Opposite(there.Traffic, back.Traffic) && Opposite(there.Conversion, back.Conversion) && Opposite(there.ClickPrice, back.ClickPrice) && Opposite(there.Margin, back.Margin) && there.Change == -back.Change;
    }, iter: 10_000);

    [Fact]
    public void Each_cause_stands_alone_when_it_alone_moves()
    {
        // 100 clicks, 10 orders, 50 spent, 150 left: a click leaves 1.00.
        var before = Of(100, 10, 50, 150);

        Assert.Equal((100m, 0m, 0m, 0m, 0m), Parts(ProfitMove.Of(before, Of(200, 20, 100, 300))!));
        Assert.Equal((0m, 75m, 0m, 0m, 0m), Parts(ProfitMove.Of(before, Of(100, 15, 50, 225))!));
        Assert.Equal(75, ProfitMove.Of(before, Of(100, 15, 50, 225))!.Conversion.Amount);
        Assert.Equal(-25, ProfitMove.Of(before, Of(100, 10, 75, 150))!.ClickPrice.Amount);
        Assert.Equal(50, ProfitMove.Of(before, Of(100, 10, 50, 200))!.Margin.Amount);
        Assert.Equal(-100, ProfitMove.Of(before, Of(0, 0, 0, 0))!.Traffic.Amount);
        Assert.Equal(-7, ProfitMove.Of(Of(0, 0, 0, 0), Of(0, 0, 7, 0))!.Other.Amount); // spend without a click
        Assert.Null(ProfitMove.Of(before, before with { Contribution = null }));
    }

    [Theory]
    [InlineData(40, 10.0, 100, SpendKind.Profitable)]
    [InlineData(0, 10.0, 100, SpendKind.Losing)]
    [InlineData(2, 10.0, 100, SpendKind.Losing)]
    [InlineData(12, 10.0, 120, SpendKind.BreakEven)]
    [InlineData(1, 10.0, 12, SpendKind.NoEvidence)]
    [InlineData(0, 10.0, 5, SpendKind.NoEvidence)]
    [InlineData(50, -1.0, 5, SpendKind.Losing)]
    [InlineData(0, 10.0, 0, SpendKind.NoEvidence)]
    public void Spend_is_judged_by_nine_in_ten(long orders, double contribution, double cost, SpendKind kind) => Assert.Equal(kind, SpendQuality.Of(orders, contribution, cost));

    [Fact]
    public void More_orders_never_make_spend_look_worse() => Gen.Select(Gen.Long[0, 200], Gen.Double[0.5, 90], Gen.Double[0.1, 4_000]).Sample((orders, contribution, cost) =>
    {
        static int Rank(SpendKind kind) => kind switch { SpendKind.Losing => 0, SpendKind.Profitable => 2, _ => 1 };
        return Rank(SpendQuality.Of(orders + 1, contribution, cost)) >= Rank(SpendQuality.Of(orders, contribution, cost));
    }, iter: 5_000);

    private static (decimal Traffic, decimal Conversion, decimal ClickPrice, decimal Margin, decimal Other) Parts(ProfitMove move) =>
        (move.Traffic.Amount, move.Conversion.Amount, move.ClickPrice.Amount, move.Margin.Amount, move.Other.Amount);

    private static AdFigures Of(long clicks, long orders, decimal cost, decimal left) => new(clicks * 10, clicks, new(cost, Usd), orders, orders, new(cost * 4, Usd), new(left, Usd));
}
