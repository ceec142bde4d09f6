using Autonoomi.Core.Advertising;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Tests;

public sealed class SettlingTests
{
    private static readonly Maturity Usual = Maturity.Assumed(AdProduct.SponsoredProducts);

    [Fact]
    public void Clicks_of_yesterday_have_shown_part_of_their_orders()
    {
        // 100 clicks yesterday, 100 clicks a month ago; visible are the share of yesterday's and all of the older.
        var share = Usual.VisibleShare(0);
        var settling = Settling.Of(Day(1, 100, 6) + Day(30, 100, 10))!;

        Assert.Equal((1 - share) / (1 + share), settling.More, 9);
        Assert.InRange(settling.More, settling.Low, settling.High);
    }

    [Fact]
    public void What_is_settled_expects_nothing_more()
    {
        Assert.Null(Settling.Of(Day(30, 100, 10)));
        Assert.Null(Settling.Of(Day(1, 100, 0)));
        Assert.Null(Settling.Of());
    }

    [Fact]
    public void Nothing_grows_less_sure_as_orders_arrive()
    {
        var (few, many) = (Settling.Of(Day(1, 100, 6))!, Settling.Of(Day(1, 10_000, 600))!);

        Assert.Equal(few.More, many.More, 9);
        Assert.True(many.High - many.Low < few.High - few.Low);
    }

    [Fact]
    public void Each_ad_product_grows_by_its_own_delay_and_counts_by_what_it_sold()
    {
        var brands = Maturity.Assumed(AdProduct.SponsoredBrands);
        var (settled, growing) = (Day(30, 100, 10), Day(1, 100, 30, brands));
        var alone = Settling.Of(growing)!.More;

        // A quarter of the sales is settled.
        Assert.Equal((1 - brands.VisibleShare(0)) / brands.VisibleShare(0), alone, 9);
        Assert.Equal(0.75 * alone, Settling.Of(settled, growing)!.More, 9);
        Assert.Equal((1 - brands.VisibleShare(0)) / 2, Settling.HiddenShare(settled, growing), 9);
        Assert.Equal(0, Settling.HiddenShare());
    }

    private static Maturing Day(int ago, double clicks, double orders, Maturity? maturity = null)
    {
        var share = (maturity ?? Usual).VisibleShare(ago - 1);
        return new Maturing(share * clicks, (1 - share) * clicks, orders, orders * 20);
    }
}
