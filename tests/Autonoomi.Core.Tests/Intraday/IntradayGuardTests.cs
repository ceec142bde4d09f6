using Autonoomi.Core.Intraday;
using CsCheck;

namespace Autonoomi.Core.Tests.Intraday;

public sealed class IntradayGuardTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 4, 8, 0, 0, TimeSpan.Zero);
    private static readonly DayCurve Even = DayCurve.Of([]);
    private static readonly ReportingDay Day = Whole(24);

    private static ReportingDay Whole(int hours) => new(new(2026, 3, 4), Midnight, Midnight.AddHours(hours));

    private static CampaignDay Some(long id = 1, decimal planned = 240, int hours = 12, decimal perHour = 20, decimal budget = 500, int changes = 0, decimal least = 1, bool ours = true) =>
        new(new(id), planned, budget, least, [.. Enumerable.Range(1, hours).Select(hour => new SpendCount(Midnight.AddHours(hour), perHour * hour, budget))], changes, ours);

    private static IntradayDecision Decide(decimal? cap, params CampaignDay[] campaigns) => IntradayGuard.Decide(campaigns, Even, Day, cap, 1, 0.01m);

    [Fact]
    public void Twice_the_pace_at_noon_forecasts_460_and_lowers_the_budget_to_a_cap_of_305()
    {
        // 240 so far; (240 + 24) / (0.5 + 0.1) × 0.5 = 220 to come.
        var decision = Decide(305, Some());

        Assert.Equal((240m, 460.0, 305m), (decision.Spent, decision.Forecast, decision.Cap));
        var step = Assert.Single(decision.Steps);
        Assert.Equal((500m, 305m, 460.0), (step.Inputs.Before, step.After, step.Forecast));
        Assert.Null(decision.RunsAway);
    }

    [Fact]
    public void The_furthest_beyond_its_plan_gives_way_first_and_others_keep_theirs()
    {
        // 150 of 100 planned: on the way to 283.33; 50 of 100: on the way to 100. Together 383.33.
        var (beyond, usual) = (Some(1, planned: 100, perHour: 12.5m), Some(2, planned: 100, perHour: 50 / 12m));

        Assert.Equal((1L, 200m), Decide(300, beyond, usual).Steps.Select(step => (step.Campaign.Value, step.After)).Single());
        Assert.Equal(383.33, Decide(300, beyond, usual).Forecast, 2);

        // Below all plans together even plans give way, and no budget falls below what is spent and Amazon's lowest.
        Assert.Equal([(1L, 151m), (2L, 59m)], Decide(210, beyond, usual).Steps.Select(step => (step.Campaign.Value, step.After)));
        Assert.Equal([(1L, 151m), (2L, 51m)], Decide(200.01m, beyond, usual).Steps.Select(step => (step.Campaign.Value, step.After)));
    }

    [Fact]
    public void At_the_cap_every_campaign_gets_the_lowest_budget_there_is_and_below_it_nothing_happens()
    {
        Assert.Equal([1m, 2.5m], Decide(240, Some(1), Some(2, perHour: 0, least: 2.5m)).Steps.Select(step => step.After));
        Assert.Empty(Decide(241, Some(perHour: 5)).Steps);
        Assert.Empty(Decide(null, Some(perHour: 500)).Steps);
        Assert.Empty(Decide(240, Some(budget: 1), Some(2, perHour: 0, ours: false)).Steps);
    }

    [Fact]
    public void A_cut_is_made_once_a_day_so_that_the_second_change_can_stop_the_campaign_and_a_third_is_never_made()
    {
        Assert.Empty(Decide(305, Some(changes: 1)).Steps);
        Assert.True(Assert.Single(Decide(200, Some(changes: 1)).Steps).Inputs.Stops);
        Assert.Empty(Decide(200, Some(changes: 2)).Steps);
    }

    [Fact]
    public void Amazon_never_spends_more_than_twice_a_budget_so_more_is_never_expected()
    {
        Assert.Equal(300, Decide(null, Some(budget: 150)).Forecast);
        Assert.Equal(240, Decide(null, Some(budget: 100)).Forecast);
    }

    [Theory]
    [InlineData(null, 3_000, 30, 80, 200)]
    [InlineData(150, 3_000, 30, 80, 150)]
    [InlineData(null, 3_000, 30, 130, 260)]
    [InlineData(null, 90, 30, 80, 90)]
    [InlineData(null, 100, 1, 80, 100)]
    [InlineData(50, -20, 3, 80, 0)]
    public void A_day_may_cost_the_sellers_cap_the_months_rest_or_twice_an_even_share_of_it(int? dailyCap, int monthLeft, int daysLeft, int planned, int cap) =>
        Assert.Equal(cap, IntradayGuard.DayCap(dailyCap, monthLeft, daysLeft, planned));

    [Fact]
    public void Two_hours_of_more_than_three_times_the_plan_run_away()
    {
        var away = Decide(null, Some(perHour: 31)).RunsAway!;
        Assert.Equal((62m, 20m, Midnight.AddHours(10), Midnight.AddHours(12)), (away.Spent, Math.Round(away.Planned, 6), away.From, away.Until));
        Assert.Null(Decide(null, Some(perHour: 29)).RunsAway);
        Assert.Null(Decide(null, Some(hours: 1, perHour: 200)).RunsAway); // one hour is none
        Assert.Null(Decide(null, Some(planned: 3, perHour: 4)).RunsAway); // small money is no fire

        // A quiet hour of the curve that costs three times its little is no quarter of the day.
        var evening = DayCurve.Of(Enumerable.Repeat(new SpendHours(Day.Date, [.. Enumerable.Range(0, 24).Select(hour => hour == 20 ? 1m : 0)]), 28));
        Assert.Null(IntradayGuard.Decide([Some(perHour: 29)], evening, Day, null, 1, 0.01m).RunsAway);

        // Counts of four hours ago or more say nothing of two hours.
        var gap = Some() with { Counts = [new(Midnight.AddHours(5), 10, 500), new(Midnight.AddHours(12), 240, 500)] };
        Assert.Null(IntradayGuard.Decide([gap], Even, Day, null, 1, 0.01m).RunsAway);
    }

    [Theory]
    [InlineData(23)]
    [InlineData(25)]
    public void A_day_of_23_or_25_hours_is_the_usual_one_stretched(int hours)
    {
        var halfway = Some() with { Counts = [new(Midnight.AddHours(hours / 2.0), 240, 500)] };

        Assert.Equal(460, IntradayGuard.Decide([halfway], Even, Whole(hours), 305, 1, 0.01m).Forecast, 6);
        var end = Some() with { Counts = [new(Midnight.AddHours(hours), 240, 500)] };
        Assert.Equal(240, IntradayGuard.Decide([end], Even, Whole(hours), 305, 1, 0.01m).Forecast, 6);
    }

    [Fact]
    public void A_cap_or_a_plan_below_zero_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Decide(-1, Some()));
        Assert.Throws<ArgumentException>(() => Decide(1, Some(planned: -1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => IntradayGuard.DayCap(null, 1, 0, 1));
    }

    private static readonly Gen<CampaignDay[]> Days =
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 200_000], Gen.Int[1, 500], Gen.Int[-1_000, 60_000].Array[0, 23], Gen.Int[0, 3], Gen.Int[0, 4])
            .Select((planned, budget, least, counts, changes, ours) => (planned, budget, least, counts, changes, ours)).Array[1, 10]
            .Select(all => all.Select((day, index) => new CampaignDay(new(index + 1), day.planned, day.budget, day.least,
                [.. day.counts.Select((spent, hour) => new SpendCount(Midnight.AddHours(hour + 1), spent, day.budget))], day.changes, day.ours > 0)).ToArray());

    [Fact]
    public void It_never_raises_never_goes_below_what_is_spent_before_the_cap_and_never_changes_a_campaign_a_third_time() =>
        Gen.Select(Days, Gen.Int[0, 400_000], Gen.Int[1, 200], Gen.Bool).Sample((days, cap, lowest, yen) =>
        {
            var unit = yen ? 1m : 0.01m;
            var decision = IntradayGuard.Decide(days, Even, Day, cap, lowest, unit);
            Assert.True(decision.Forecast >= (double)decision.Spent && decision.Spent >= 0);
            foreach (var step in decision.Steps)
            {
                var campaign = days.Single(day => day.Campaign == step.Campaign);
                Assert.True(step.After < campaign.Budget && step.After >= campaign.Least && step.After % unit == 0, $"{step}");
                Assert.True(campaign.IsOurs && campaign.ChangesToday < (step.Inputs.Stops ? 2 : 1), $"{step}");
                if (!step.Inputs.Stops) Assert.True(step.After >= campaign.Spent + lowest, $"{step}");
                Assert.Equal(decision.Spent >= cap, step.Inputs.Stops);
            }

            Assert.Equal(decision.Steps.Length, decision.Steps.Select(step => step.Campaign).Distinct().Count());
        });

    [Fact]
    public void What_is_lowered_keeps_the_cap_or_everything_that_may_be_lowered_stands_at_its_floor() =>
        Gen.Select(Days, Gen.Int[1, 400_000]).Sample((days, cap) =>
        {
            const decimal Lowest = 100, Unit = 0.01m;
            var decision = IntradayGuard.Decide(days, Even, Day, cap, Lowest, Unit);
            if (decision.Spent >= cap || decision.Forecast <= cap) return;

            // What budgets let pass, were there no leftovers of earlier days.
            decimal Expected(CampaignDay campaign) => (decimal)IntradayGuard.Decide([campaign], Even, Day, null, Lowest, Unit).Forecast;
            var after = days.Sum(day => Math.Max(day.Spent, Math.Min(Expected(day), decision.Steps.FirstOrDefault(step => step.Campaign == day.Campaign)?.After ?? day.Budget)));
            if (after <= cap + 0.001m) return;
            foreach (var campaign in days.Where(day => day.IsOurs && day.ChangesToday == 0))
            {
                var floor = Math.Max(campaign.Spent + Lowest, campaign.Least);
                var expected = Expected(campaign);
                var stands = decision.Steps.FirstOrDefault(step => step.Campaign == campaign.Campaign)?.After ?? Math.Min(campaign.Budget, expected);
                Assert.True(stands <= Math.Ceiling(floor / Unit) * Unit + 0.001m || campaign.Budget <= floor, $"{campaign} stands at {stands}");
            }
        });

    [Fact]
    public void A_tighter_cap_never_saves_less() =>
        Gen.Select(Days, Gen.Int[1, 400_000], Gen.Int[1, 100]).Sample((days, cap, part) =>
        {
            double Saved(decimal limit) => IntradayGuard.Decide(days, Even, Day, limit, 100, 1).Steps.Sum(step => step.Inputs.Stops ? 1e12 : step.Forecast - (double)step.After);
            Assert.True(Saved(cap * part / 100m) >= Math.Min(Saved(cap), 1e11) - days.Length || days.Sum(day => day.Spent) >= cap * part / 100m);
        });

    [Fact]
    public void Order_and_currency_do_not_matter() =>
        Gen.Select(Days, Gen.Int[1, 400_000]).Sample((days, cap) =>
        {
            var here = IntradayGuard.Decide(days, Even, Day, cap, 100, 1);
            Assert.Equal(here.Steps, IntradayGuard.Decide([.. days.Reverse()], Even, Day, cap, 100, 1).Steps);
            var yen = IntradayGuard.Decide([.. days.Select(day => day with { Planned = day.Planned * 100, Budget = day.Budget * 100, Least = day.Least * 100, Counts = [.. day.Counts.Select(count => count with { Spent = count.Spent * 100 })] })], Even, Day, cap * 100m, 10_000, 100);
            Assert.Equal(here.Steps.Select(step => step.Campaign), yen.Steps.Select(step => step.Campaign));
            Assert.All(here.Steps.Zip(yen.Steps), pair => Assert.InRange(Math.Abs((pair.First.After * 100) - pair.Second.After), 0, 100));
        });
}
