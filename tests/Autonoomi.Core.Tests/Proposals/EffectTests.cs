using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using CsCheck;

namespace Autonoomi.Core.Tests.Proposals;

/// <summary>What a bid is expected to bring, and how sure that is: the worked numbers of docs/maths/effects.md.</summary>
public sealed class EffectTests
{
    private static readonly Currency Dollars = new("USD");

    // So much is known that the rate is certain: one click in ten buys.
    private static readonly Posterior Sure = Posterior.Of(1e7, 1e8, 0.1, 20);

    [Theory]
    [InlineData(0.5, 1.325, 1.234)]
    [InlineData(1.0, 1.202, 1.171)]
    [InlineData(2.0, 1.092, 1.104)]
    public void A_quarter_more_bid_brings_more_clicks_where_the_bid_is_low_and_every_click_gets_dearer(double bidOverSuggestion, double clicks, double price)
    {
        Assert.Equal(clicks, Effects.Clicks(Math.Log(bidOverSuggestion), Math.Log(1.25)), 3);
        Assert.Equal(price, Effects.Price(Math.Log(bidOverSuggestion), Math.Log(1.25)), 3);
    }

    [Fact]
    public void A_hundred_clicks_worth_a_dollar_at_sixty_cents_lose_with_a_quarter_more_bid_but_not_surely()
    {
        var effect = Effects.OfBid(new BidMove(Sure, 10, 100, 0.60, Math.Log(1.25), 0, 0), Dollars);

        Assert.Equal((-4.85m, -16.38m, 6.74m), (effect.Mean.Amount, effect.Low.Amount, effect.High.Amount));
        Assert.Equal(0.30, effect.ProbabilityPositive, 2);
    }

    [Fact]
    public void A_bid_that_stays_brings_nothing_and_is_sure_of_it()
    {
        var effect = Effects.OfBid(new BidMove(Posterior.Of(2, 30, 0.1, 20), 10, 100, 0.60, 0, 0.4, 0), Dollars);

        Assert.Equal((0m, 0m, 0m), (effect.Mean.Amount, effect.Low.Amount, effect.High.Amount));
    }

    [Fact]
    public void Clicks_seen_at_half_the_bid_count_as_more_and_dearer_ones() =>
        Gen.Select(Gen.Double[-2, 2], Gen.Double[0.1, 2]).Sample((level, shift) =>
        {
            var then = Effects.OfBid(new BidMove(Sure, 10, 100, 0.05, -0.2, level, 0), Dollars);
            var now = Effects.OfBid(new BidMove(Sure, 10, 100, 0.05, -0.2, level, shift), Dollars);
            Assert.True(now.High.Amount - now.Low.Amount >= then.High.Amount - then.Low.Amount);
        });

    [Fact]
    public void Clicks_and_prices_rise_with_the_bid_and_steps_chain() =>
        Gen.Select(Gen.Double[-3, 3], Gen.Double[-1, 1], Gen.Double[-1, 1]).Sample((level, one, other) =>
        {
            Assert.True(Effects.Clicks(level, Math.Abs(one)) >= 1 && Effects.Price(level, Math.Abs(one)) >= 1);
            Assert.Equal(Effects.Clicks(level, one + other), Effects.Clicks(level, one) * Effects.Clicks(level + one, other), 9);
            Assert.Equal(Effects.Price(level, one + other), Effects.Price(level, one) * Effects.Price(level + one, other), 9);
        });

    [Fact]
    public void Another_error_widens_the_interval_and_leaves_the_mean() =>
        Gen.Select(Gen.Double[-100, 100], Gen.Double[0, 50], Gen.Double[0, 50]).Sample((mean, one, more) =>
        {
            var narrow = Effects.Widened(Effects.Certain(mean, Dollars), one, Dollars);
            var wide = Effects.Widened(narrow, more, Dollars);
            Assert.Equal(narrow.Mean, wide.Mean);
            Assert.True(wide.Low.Amount <= narrow.Low.Amount && wide.High.Amount >= narrow.High.Amount);
            Assert.Equal(1.2816 * Math.Sqrt((one * one) + (more * more)), (double)(wide.High.Amount - wide.Mean.Amount), 0.02);
        });
}
