using Autonoomi.Core.Intraday;
using Autonoomi.Core.Primitives;
using CsCheck;

namespace Autonoomi.Core.Tests.Intraday;

public sealed class SpendDayTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 4, 8, 0, 0, TimeSpan.Zero);
    private static readonly ReportingDay Day = Whole(24);
    private static readonly Dictionary<CampaignId, DateTimeOffset> NothingMoved = [];

    private static ReportingDay Whole(int hours) => new(new(2026, 3, 4), Midnight, Midnight.AddHours(hours));

    private static (CampaignId, SpendCount) Count(double hour, decimal spent, decimal budget = 100, long campaign = 1) => (new(campaign), new(Midnight.AddHours(hour), spent, budget));

    private static SpendDay Counted(ReportingDay day, params (CampaignId, SpendCount)[] answers) => answers.Aggregate(new SpendDay(day.Date, []), (sum, answer) => sum.With(day, [answer], NothingMoved));

    [Fact]
    public void An_answer_counts_once_and_only_on_its_own_day()
    {
        var day = Counted(Day, Count(1, 4), Count(1, 5), Count(0.5, 6), Count(-0.1, 90), Count(24, 1), Count(2, 7));

        Assert.Equal([4m, 7m], Assert.Single(day.Campaigns).Counts.Select(count => count.Spent));
        Assert.Equal((7m, Midnight.AddHours(2)), (day.Spent, day.CountedAt));
        Assert.Throws<ArgumentException>(() => day.With(Day with { Date = new(2026, 3, 5) }, [], NothingMoved));
    }

    [Fact]
    public void A_count_from_before_the_budget_was_changed_is_a_share_of_nobody_knows_what()
    {
        var moved = new Dictionary<CampaignId, DateTimeOffset> { [new(1)] = Midnight.AddHours(3) };
        var day = new SpendDay(Day.Date, []).With(Day, [Count(2.9, 50), Count(2.9, 20, campaign: 2)], moved).With(Day, [Count(3, 51, budget: 60)], moved);

        Assert.Equal([(1L, 51m), (2L, 20m)], day.Campaigns.Select(campaign => (campaign.Campaign.Value, campaign.Counts[^1].Spent)));
    }

    [Fact]
    public void A_whole_days_counts_give_its_hours_and_gaps_of_more_than_three_hours_give_none()
    {
        var hourly = Counted(Day, [.. Enumerable.Range(1, 23).Select(hour => Count(hour, hour <= 12 ? 2 * hour : 24))]);
        var hours = SpendHours.Of(hourly, Day)!;
        Assert.Equal([.. Enumerable.Repeat(2m, 12), .. Enumerable.Repeat(0m, 12)], hours.Spent);

        // Every three hours is enough, and between two counts the line is straight.
        Assert.Equal(hours.Spent, SpendHours.Of(Counted(Day, [.. Enumerable.Range(1, 7).Select(count => Count(3 * count, Math.Min(24, 6 * count)))]), Day)!.Spent);
        Assert.Null(SpendHours.Of(Counted(Day, [.. Enumerable.Range(1, 23).Where(hour => hour is < 9 or > 12).Select(hour => Count(hour, hour))]), Day));
        Assert.Null(SpendHours.Of(Counted(Day, [.. Enumerable.Range(1, 23).Select(hour => Count(hour, 0))]), Day));
        Assert.Null(SpendHours.Of(new(Day.Date, []), Day));
    }

    [Theory]
    [InlineData(23)]
    [InlineData(25)]
    public void A_day_on_which_clocks_change_says_nothing_about_hours_and_passes_all_the_same(int hours)
    {
        var day = Whole(hours);
        Assert.Null(SpendHours.Of(Counted(day, [.. Enumerable.Range(1, hours - 1).Select(hour => Count(hour, hour))]), day));

        Assert.Equal((0, 0.5, 1), (day.PassedAt(Midnight), day.PassedAt(Midnight.AddHours(hours / 2.0)), day.PassedAt(Midnight.AddHours(hours))));
        Assert.Equal(1, DayCurve.Of([]).SpentBy(day.PassedAt(Midnight.AddHours(hours))), 9);
    }

    [Fact]
    public void Twenty_eight_days_that_spend_in_one_hour_make_it_nine_tenths_of_the_curve()
    {
        var evening = new SpendHours(Day.Date, [.. Enumerable.Range(0, 24).Select(hour => hour == 20 ? 7m : 0)]);

        Assert.Equal((28 + (3 / 24.0)) / 31, DayCurve.Of(Enumerable.Repeat(evening, 28)).Shares[20], 9);
        Assert.Equal(0.91, DayCurve.Of(Enumerable.Repeat(evening, 28)).Shares[20], 2);
        Assert.All(DayCurve.Of([]).Shares, share => Assert.Equal(1 / 24.0, share, 9));
    }

    [Fact]
    public void A_curve_rises_from_nothing_to_everything_whatever_was_seen() =>
        Gen.Select(Gen.Decimal[0, 1_000_000].Array[24].Array[0, 28], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((days, one, other) =>
        {
            var curve = DayCurve.Of(days.Where(day => day.Sum() > 0).Select(day => new SpendHours(Day.Date, [.. day])));
            Assert.Equal(1, curve.Shares.Sum(), 9);
            Assert.True(curve.SpentBy(Math.Min(one, other)) <= curve.SpentBy(Math.Max(one, other)) + 1e-12);
            Assert.Equal((0, 1), (curve.SpentBy(0), Math.Round(curve.SpentBy(1), 9)));
        });

    [Fact]
    public void Hours_are_never_negative_and_corrections_take_back_what_they_correct() =>
        Gen.Decimal[-50, 500].Array[23].Sample(counts =>
        {
            var day = Counted(Day, [.. counts.Select((spent, index) => Count(index + 1, spent))]);
            if (SpendHours.Of(day, Day) is { } hours) Assert.All(hours.Spent, spent => Assert.True(spent >= 0));
            Assert.Equal(counts[^1], day.Spent);
        });
}
