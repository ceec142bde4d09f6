using CsCheck;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class OrderDelayTests
{
    private const int Day = 1440;
    private const long ReportLag = 720;
    private static readonly Query AnyQuery = Shoppers.Lay(new Dice(1), 1, new WorldSettings()).Queries[0];
    private static readonly OrderDelay Delay = new(sameDayShare: 0.7, restatement: 0.012);

    [Theory]
    // u = 0.35 is half of the quick ones: 1.5 h × ln 2 = 62.4 minutes.
    [InlineData(0.35, 62)]
    // The quick ones end at ten hours, the others begin at twelve.
    [InlineData(0.69999, 600)]
    [InlineData(0.7, 720)]
    // u = 0.85 is half of the tail: 12 h + 76.8 h × −ln(1 − 0.5 (1 − e^(−13.5/3.2))) = 12 + 76.8 × 0.67857 = 64.11 h.
    [InlineData(0.85, 3_846)]
    [InlineData(1, 14 * Day)]
    public void An_order_follows_its_click_after(double uniform, long minutes) => Assert.InRange(Delay.Minutes(uniform), minutes - 1, minutes + 1);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.7)]
    // 0.7 + 0.3 (1 − e^(−0.5/3.2)) / 0.985284 = 0.7 + 0.3 × 0.144654 / 0.985284.
    [InlineData(1, 0.744046)]
    // 0.7 + 0.3 (1 − e^(−3.5/3.2)) / 0.985284.
    [InlineData(4, 0.902487)]
    // 0.7 + 0.3 (1 − e^(−6.5/3.2)) / 0.985284.
    [InlineData(7, 0.964541)]
    [InlineData(14, 1)]
    [InlineData(60, 1)]
    public void The_share_within_days_is_that_of_the_formula(double days, double share) => Assert.Equal(share, Delay.ShareWithin(days), tolerance: 0.00001);

    [Fact]
    public void Draws_follow_the_formula_at_every_age()
    {
        const int Draws = 200_000;
        for (var age = 0; age <= 14; age++)
        {
            var within = Enumerable.Range(0, Draws).Count(draw => Delay.Minutes((draw + 0.5) / Draws) < age * Day);

            Assert.Equal(Delay.ShareWithin(age), within / (double)Draws, 3);
        }
    }

    [Fact]
    public void About_nine_orders_in_ten_of_a_week_are_in_the_reports_four_days_after_the_day_of_the_click()
    {
        // Clicks all over the day, a report drawn as the fourth day after begins to be worked on, at eight.
        var clicks = Enumerable.Range(0, 1_440).Where(minute => minute % 10 == 0).ToList();
        const int Draws = 1_000;
        var (seen, week) = (0, 0);
        foreach (var click in clicks)
        {
            for (var draw = 0; draw < Draws; draw++)
            {
                var order = Order(click, Delay.Minutes((draw + 0.5) / Draws));
                if (order.IsVisible((4 * Day) + 480, ReportLag, 7)) seen++;
                if (order.IsVisible(60 * Day, ReportLag, 7)) week++;
            }
        }

        Assert.InRange(seen / (double)week, 0.87, 0.93);
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(1.001, 1, false)]
    [InlineData(1.001, 7, true)]
    [InlineData(7, 7, true)]
    [InlineData(7.001, 7, false)]
    [InlineData(7.001, 14, true)]
    [InlineData(14, 14, true)]
    [InlineData(14.001, 14, false)]
    [InlineData(14.001, 30, true)]
    public void A_window_counts_orders_up_to_its_last_minute(double days, int window, bool counts) =>
        Assert.Equal(counts, Order(clickMinute: 500, (long)(days * Day)).IsVisible(90 * Day, ReportLag, window));

    [Fact]
    public void An_order_shows_half_a_day_after_it_happened()
    {
        var order = Order(clickMinute: 0, delay: 100);

        Assert.False(order.IsVisible(100 + ReportLag - 1, ReportLag, 7));
        Assert.True(order.IsVisible(100 + ReportLag, ReportLag, 7));
    }

    [Theory]
    [InlineData(0.001, null, 1)]
    [InlineData(0.007, 1, null)]
    [InlineData(0.013, null, 7)]
    [InlineData(0.019, 7, null)]
    [InlineData(0.025, null, 28)]
    [InlineData(0.031, 28, null)]
    [InlineData(0.037, null, null)]
    [InlineData(0.999, null, null)]
    public void Restatements_after_1_7_and_28_days_add_and_take_away_alike(double uniform, int? appears, int? leaves) =>
        Assert.Equal(new Restatement(100 + (appears * (long)Day), 100 + (leaves * (long)Day)), Delay.Restate(100, uniform));

    [Fact]
    public void Without_restatement_nothing_is_restated() =>
        Gen.Double[0.000001, 0.999999].Sample(uniform => new OrderDelay(0.7, 0).Restate(5, uniform) == default);

    [Fact]
    public void A_higher_draw_never_comes_sooner() =>
        Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0.65, 0.75]).Sample((one, other, share) =>
        {
            var delay = new OrderDelay(share, 0);
            return delay.Minutes(Math.Min(one, other)) <= delay.Minutes(Math.Max(one, other));
        });

    private static AdOrder Order(long clickMinute, long delay) => new()
    {
        ClickMinute = clickMinute,
        Minute = clickMinute + delay,
        Query = AnyQuery,
        AdvertisedProduct = 0,
        Product = 0,
        Units = 1,
        Time = 0,
        Restatement = default,
        Draw = 0,
        ClickDay = 0,
        Sale = new Sale { OrderId = "1", Minute = clickMinute + delay, Product = 0, Units = 1, UnitPrice = 10 },
    };
}
