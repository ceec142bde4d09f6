using Autonoomi.Core.Rollback;
using CsCheck;

namespace Autonoomi.Core.Tests.Rollback;

public sealed class HarmTestTests
{
    private static readonly HarmInputs Some = new(28, MeanBefore: 50, 7, MeanAfter: 20, Variance: 400, Gross: 100, Index: 1, IndexVariance: 0);

    [Fact]
    public void The_worked_example_of_the_documentation_50_a_day_before_and_20_since()
    {
        Assert.Equal(171.43, Some.ErrorVariance, 2);
        Assert.Equal(3.85, Math.Exp(HarmTest.LogEvidence(Some)), 2);
        Assert.Equal(50.05, Math.Exp(HarmTest.LogEvidence(Some with { MeanAfter = 5 })), 2);
        Assert.True(HarmTest.LogEvidence(Some with { MeanAfter = 50 }) < 0);
    }

    [Fact]
    public void Less_profit_is_more_evidence_and_more_demand_elsewhere_too() =>
        Gen.Select(Gen.Double[-200, 200], Gen.Double[1, 90], Gen.Double[0.5, 2]).Sample((after, more, index) =>
        {
            var here = Some with { MeanAfter = after, Index = index };
            Assert.True(HarmTest.LogEvidence(here with { MeanAfter = after - more }) > HarmTest.LogEvidence(here));
        });

    [Fact]
    public void Evidence_is_a_number_for_anything_up_to_a_billion() =>
        Gen.Select(Gen.Double[-1e9, 1e9], Gen.Double[-1e9, 1e9], Gen.Double[0, 1e9], Gen.Double[0, 1e9], Gen.Double[0, 1e3], Gen.Double[0, 1e3]).Sample((before, after, variance, gross, index, doubt) =>
            Assert.False(double.IsNaN(HarmTest.LogEvidence(new HarmInputs(28, before, 10, after, variance, gross, index, doubt)))));

    /// <summary>Cohorts that do nothing, or exactly as little harm as is tolerated, looked at every day for six weeks.</summary>
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 0.05)]
    [InlineData(30, 0)]
    [InlineData(30, 0.05)]
    public void Harmless_cohorts_are_taken_back_in_fewer_than_one_in_twenty_cases_however_often_one_looks(double ordersPerDay, double harm)
    {
        var taken = Share(ordersPerDay, harm, 1500, seed: 71);

        TestContext.Current.TestOutputHelper?.WriteLine($"{ordersPerDay} orders a day, harm of {harm:P0}: {taken:P1} taken back");
        Assert.InRange(taken, 0, 0.05);
    }

    [Theory]
    [InlineData(3, 1.5, 0.5)]
    [InlineData(30, 1, 0.8)]
    [InlineData(30, 1.5, 0.95)]
    public void Great_harm_is_mostly_found(double ordersPerDay, double harm, double found)
    {
        var taken = Share(ordersPerDay, harm, 400, seed: 72);

        TestContext.Current.TestOutputHelper?.WriteLine($"{ordersPerDay} orders a day, harm of {harm:P0}: {taken:P1} taken back");
        Assert.InRange(taken, found, 1);
    }

    /// <returns>Share of cohorts whose evidence reaches 20 on any of 39 days. Harm is a share of the profit before.</returns>
    internal static double Share(double ordersPerDay, double harm, int cohorts, int seed)
    {
        var random = new Random(seed);
        var taken = 0;
        for (var cohort = 0; cohort < cohorts; cohort++)
        {
            const double Margin = 10, ClickPrice = 0.5, Rate = 0.1;
            var drift = 0.0;
            List<double> before = [], after = [];
            double gross = 0;
            for (var day = 0; day < 67; day++)
            {
                // Demand wanders as in the pretend market: slowly, and from day to day.
                drift = 0.9 * drift + 0.02 * Normal(random);
                var clicks = Poisson(random, ordersPerDay / Rate * Math.Exp(drift));
                double orders = 0;
                for (var click = 0; click < clicks; click++) orders += random.NextDouble() < Rate ? 1 : 0;
                var usual = ordersPerDay * (Margin - ClickPrice / Rate);
                var profit = orders * Margin - clicks * ClickPrice - (day < 28 ? 0 : harm * usual);
                if (day < 28) gross += orders * Margin / 28;
                (day < 28 ? before : after).Add(profit);
                if (day < 28 || HarmTest.LogEvidence(HarmInputs.Of(before, after, gross, 1, 0)) < Math.Log(20)) continue;
                taken++;
                break;
            }
        }

        return taken / (double)cohorts;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static int Poisson(Random random, double mean)
    {
        if (mean > 50) return Math.Max(0, (int)Math.Round(mean + Math.Sqrt(mean) * Normal(random)));
        var (limit, product, count) = (Math.Exp(-mean), random.NextDouble(), 0);
        for (; product > limit; count++) product *= random.NextDouble();
        return count;
    }
}
