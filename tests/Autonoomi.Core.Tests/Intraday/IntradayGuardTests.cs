using System.Collections.Immutable;
using Autonoomi.Core.Intraday;
using CsCheck;

namespace Autonoomi.Core.Tests.Intraday;

public sealed class IntradayGuardTests
{
    private static readonly ImmutableArray<double> Flat = [.. Enumerable.Repeat(1 / 24.0, 24)];

    private static CampaignDay Some(long id = 1, double planned = 240, int hours = 12, double perHour = 20, int changes = 0) => new(new(id), planned, [.. Enumerable.Repeat(perHour, hours)], changes);

    [Fact]
    public void Twice_the_pace_at_noon_forecasts_460_and_cuts_bids_to_72_percent_under_a_cap_of_305()
    {
        // 240 so far; (240 + 24) / (0.5 + 0.1) × 0.5 = 220 to come.
        var decision = IntradayGuard.Decide([Some()], Flat, hardCap: 305);

        Assert.Equal(460, decision.Forecast, 6);
        Assert.Equal(Math.Pow(305 / 460.0, 0.8), Assert.Single(decision.Steps).BidFactor, 9);
        Assert.Equal(0.72, decision.Steps[0].BidFactor, 2);
        Assert.False(decision.Steps[0].Pause);
    }

    [Fact]
    public void At_the_cap_every_campaign_stops_and_under_it_nothing_happens()
    {
        Assert.All(IntradayGuard.Decide([Some(1), Some(2, perHour: 0)], Flat, hardCap: 240).Steps, step => Assert.True(step.Pause));
        Assert.Empty(IntradayGuard.Decide([Some(perHour: 5)], Flat, hardCap: 241).Steps);
    }

    [Fact]
    public void A_cut_is_made_once_a_day_so_that_the_second_change_can_stop_the_campaign()
    {
        Assert.Empty(IntradayGuard.Decide([Some(changes: 1)], Flat, hardCap: 305).Steps);
        Assert.True(Assert.Single(IntradayGuard.Decide([Some(changes: 1)], Flat, hardCap: 200).Steps).Pause);
    }

    [Fact]
    public void Two_hours_of_more_than_three_times_the_plan_run_away()
    {
        Assert.True(IntradayGuard.Decide([Some(perHour: 31)], Flat, hardCap: 10_000).RunsAway);
        Assert.False(IntradayGuard.Decide([Some(perHour: 29)], Flat, hardCap: 10_000).RunsAway);
    }

    [Fact]
    public void Shares_that_are_no_day_are_refused() => Assert.Throws<ArgumentException>(() => IntradayGuard.Decide([Some()], [.. Flat.Skip(2)], 100));

    private static readonly Gen<CampaignDay[]> Days = Gen.Select(Gen.Double[0, 1e9], Gen.Double[-10, 1e8].Array[0, 24], Gen.Int[0, 3])
        .Select((planned, hours, changes) => (planned, hours, changes)).Array[1, 12]
        .Select(all => all.Select((day, index) => new CampaignDay(new(index + 1), day.planned, [.. day.hours.Take(all[0].hours.Length)], day.changes)).ToArray());

    [Fact]
    public void It_never_raises_never_gives_a_number_that_is_none_and_never_changes_a_campaign_a_third_time_but_to_stop_it() =>
        Gen.Select(Days, Gen.Double[0, 1e9]).Sample((days, cap) =>
        {
            var decision = IntradayGuard.Decide(days, Flat, cap);
            Assert.True(double.IsFinite(decision.Forecast) && decision.Forecast >= 0);
            Assert.All(decision.Steps, step => Assert.InRange(step.BidFactor, double.Epsilon, 1));
            Assert.All(decision.Steps.Where(step => !step.Pause), step => Assert.Equal(0, days.Single(day => day.Campaign == step.Campaign).ChangesToday));
            Assert.Equal(decision.Steps.Length, decision.Steps.Select(step => step.Campaign).Distinct().Count());
        });

    [Fact]
    public void A_tighter_cap_never_means_higher_bids_nor_does_more_spend() =>
        Gen.Select(Gen.Double[1, 500], Gen.Double[0, 50], Gen.Double[1, 2000], Gen.Double[0, 20]).Sample((planned, perHour, cap, more) =>
        {
            double Factor(double hourly, double limit) => IntradayGuard.Decide([Some(planned: planned, perHour: hourly)], Flat, limit).Steps.Select(step => step.Pause ? 0 : step.BidFactor).DefaultIfEmpty(1).Single();
            Assert.True(Factor(perHour, cap * 0.8) <= Factor(perHour, cap) + 1e-12);
            Assert.True(Factor(perHour + more, cap) <= Factor(perHour, cap) + 1e-12);
        });

    [Fact]
    public void Order_and_currency_do_not_matter() =>
        Gen.Select(Days, Gen.Double[1, 1e9]).Sample((days, cap) =>
        {
            var here = IntradayGuard.Decide(days, Flat, cap);
            Assert.Equal(here.Steps.Select(step => step.Campaign), IntradayGuard.Decide([.. days.Reverse()], Flat, cap).Steps.Select(step => step.Campaign));
            var yen = IntradayGuard.Decide([.. days.Select(day => day with { Planned = day.Planned * 150, SpentByHour = [.. day.SpentByHour.Select(hour => hour * 150)] })], Flat, cap * 150);
            Assert.All(here.Steps.Zip(yen.Steps), pair => Assert.Equal(pair.First.BidFactor, pair.Second.BidFactor, 6));
        });
}
