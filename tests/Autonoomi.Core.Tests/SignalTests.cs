using Autonoomi.Core.Advertising;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Signals;
using CsCheck;

namespace Autonoomi.Core.Tests;

public sealed class SignalTests
{
    [Fact]
    public void Without_clicks_the_posterior_is_the_prior()
    {
        var posterior = Posterior.Of(orders: 0, clicks: 0, priorMean: 0.1, priorStrength: 20);

        Assert.Equal(0.1, posterior.Mean, 12);
    }

    [Fact]
    public void Three_orders_in_forty_clicks_pull_a_prior_of_10_percent_to_8_33_percent() =>
        Assert.Equal(5.0 / 60, Posterior.Of(orders: 3, clicks: 40, priorMean: 0.1, priorStrength: 20).Mean, 12);

    [Fact]
    public void More_orders_raise_and_more_clicks_lower_the_rate() =>
        Gen.Select(Gen.Double[0, 50], Gen.Double[0, 500], Gen.Double[0.001, 0.5], Gen.Double[4, 80]).Sample((orders, clicks, mean, strength) =>
        {
            var here = Posterior.Of(orders, clicks, mean, strength).Mean;
            Assert.True(Posterior.Of(orders + 1, clicks, mean, strength).Mean > here);
            Assert.True(Posterior.Of(orders, clicks + 1, mean, strength).Mean < here);
        });

    [Fact]
    public void Posteriors_are_numbers_for_anything_up_to_a_billion() =>
        Gen.Select(Gen.Double[0, 1e9], Gen.Double[0, 1e9], Gen.Double[1e-9, 1], Gen.Double[4, 200], Gen.Double[0, 1]).Sample((orders, clicks, mean, strength, rate) =>
        {
            var posterior = Posterior.Of(orders, clicks, mean, strength);
            Assert.True(double.IsFinite(posterior.Mean) && double.IsFinite(posterior.Deviation) && posterior.Cdf(rate) is >= 0 and <= 1 && double.IsFinite(posterior.Quantile(1.28)));
        });

    [Fact]
    public void What_is_visible_of_a_clicks_orders_never_falls_with_age_and_ends_whole()
    {
        var maturity = Maturity.Assumed(AdProduct.SponsoredProducts);
        for (var age = 0; age < 30; age++) Assert.True(maturity.VisibleShare(age) <= maturity.VisibleShare(age + 1));
        Assert.Equal(0.90, maturity.VisibleShare(4));
        Assert.Equal(1, maturity.VisibleShare(14));
    }

    [Fact]
    public void Targets_that_stray_far_from_their_parents_get_a_weak_prior_and_equal_ones_a_strong_one()
    {
        var random = new Random(5);
        double[] Orders(Func<double> rate, double[] clicks) => [.. clicks.Select(n => { var p = rate(); return (double)Enumerable.Range(0, (int)n).Count(_ => random.NextDouble() < p); })];
        var clicks = Enumerable.Repeat(60.0, 400).ToArray();
        var means = Enumerable.Repeat(0.1, 400).ToArray();

        var strayed = PriorStrength.Fit(Orders(() => random.Next(2) == 0 ? 0.02 : 0.18, clicks), clicks, means);
        var equal = PriorStrength.Fit(Orders(() => 0.1, clicks), clicks, means);

        Assert.True(strayed <= 12, $"{strayed}");
        Assert.Equal(80, equal);
    }

    [Theory]
    [InlineData(0.02, 222)]
    [InlineData(0.05, 87)]
    [InlineData(0.10, 42)]
    public void So_many_clicks_without_an_order_make_an_e_value_of_twenty(double breakEven, int clicks)
    {
        Assert.True(NegationInputs.LogE(clicks, 0, breakEven) >= Math.Log(20));
        Assert.True(NegationInputs.LogE(clicks - 2, 0, breakEven) < Math.Log(20));
    }

    [Fact]
    public void A_term_that_just_pays_is_ever_negated_in_fewer_than_one_in_twenty_worlds_however_often_one_looks()
    {
        var random = new Random(11);
        var negated = 0;
        const int Worlds = 4000;
        for (var world = 0; world < Worlds; world++)
        {
            double orders = 0;
            for (var click = 1; click <= 600; click++)
            {
                orders += random.NextDouble() < 0.08 ? 1 : 0;
                if (NegationInputs.LogE(click, orders, 0.08) < Math.Log(20)) continue;
                negated++;
                break;
            }
        }

        Assert.InRange(negated / (double)Worlds, 0.001, 0.05);
    }
}
