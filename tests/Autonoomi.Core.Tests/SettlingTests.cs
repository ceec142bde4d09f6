using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Tests;

public sealed class SettlingTests
{
    private static readonly DateOnly Today = new(2026, 3, 11);
    private static readonly Maturity Usual = Maturity.Assumed(AdProduct.SponsoredProducts);

    [Fact]
    public void Clicks_of_yesterday_have_shown_part_of_their_orders()
    {
        // 100 clicks yesterday, 100 clicks a month ago; visible are the share of yesterday's and all of the older.
        var share = Usual.VisibleShare(0);
        var settling = Settling.Of([Day(1, 100, 6), Day(30, 100, 10)], Today, Usual)!;

        Assert.Equal((1 - share) / (1 + share), settling.More, 9);
        Assert.InRange(settling.More, settling.Low, settling.High);
    }

    [Fact]
    public void What_is_settled_expects_nothing_more()
    {
        Assert.Null(Settling.Of([Day(30, 100, 10)], Today, Usual));
        Assert.Null(Settling.Of([Day(1, 100, 0)], Today, Usual));
        Assert.Null(Settling.Of([], Today, Usual));
    }

    [Fact]
    public void Nothing_grows_less_sure_as_orders_arrive()
    {
        var (few, many) = (Settling.Of([Day(1, 100, 6)], Today, Usual)!, Settling.Of([Day(1, 10_000, 600)], Today, Usual)!);

        Assert.Equal(few.More, many.More, 9);
        Assert.True(many.High - many.Low < few.High - few.Low);
    }

    private static DayPerformance Day(int ago, long clicks, long orders)
    {
        var currency = SomeStorefront.Us.Currency;
        return new DayPerformance(Today.AddDays(-ago), new Figures(new AdFigures(clicks * 100, clicks, new Money(clicks, currency), orders, orders, new Money(orders * 20, currency), null), null), false, false);
    }
}
