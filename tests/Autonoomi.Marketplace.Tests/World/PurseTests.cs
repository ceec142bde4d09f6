using CsCheck;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

/// <summary>Tables worked out by hand; amounts in cents, clicks of 1.00.</summary>
public sealed class PurseTests
{
    private const long Click = 100;
    private const long MinutesPerDay = 1440;
    private static readonly DateOnly FirstOfJune = new(2026, 6, 1);

    [Fact]
    public void Leftovers_of_the_month_overdeliver_up_to_twice_the_budget()
    {
        // Budget 10.00. The purse holds what is left of the days before and 10.00 more; a day takes at most 20.00 of it.
        long[] wanted = [4, 30, 5, 3, 30, 30, 10, 0, 0, 30];
        long[] purse = [10, 16, 10, 15, 22, 12, 10, 10, 20, 30];
        long[] spent = [4, 16, 5, 3, 20, 12, 10, 0, 0, 20];
        var own = new Purse();

        var seen = wanted.Select((clicks, day) => Live(own, day, 1_000, clicks)).ToList();

        Assert.Equal([.. spent.Select(units => units * Click)], seen);
        Assert.All(purse.Zip(spent), pair => Assert.InRange(pair.Second, 0, Math.Min(20, pair.First)));
    }

    [Theory]
    [InlineData(2026, 6, 30)]
    [InlineData(2026, 7, 31)]
    [InlineData(2027, 2, 28)]
    public void A_month_costs_no_more_than_its_days_times_the_budget(int year, int month, int days)
    {
        var purse = new Purse();
        var total = 0L;
        for (var day = 0; day < days; day++)
        {
            // Nothing for ten days, then as much as it gives.
            total += Live(purse, new DateOnly(year, month, 1 + day), day * MinutesPerDay, 1_000, day < 10 ? 0 : 60);
        }

        Assert.Equal(days * 1_000, total);
    }

    [Fact]
    public void A_new_month_starts_without_leftovers_and_without_debt()
    {
        var purse = new Purse();
        for (var day = 0; day < 30; day++) Live(purse, day, 1_000, 2);

        Assert.Equal(1_000, Live(purse, 30, 1_000, 60));
    }

    [Fact]
    public void Clicks_of_the_quarter_of_an_hour_after_it_ran_dry_are_charged_and_owed()
    {
        var purse = new Purse();
        purse.Open(FirstOfJune, 0, 1_000);
        // A click a minute: the tenth, in minute 9, empties it; minutes 10 to 23 are charged as well.
        for (var minute = 0; minute < 60; minute++) if (purse.Pays(minute)) purse.Spend(minute, Click);

        Assert.Equal(24, purse.ClosesAt);
        Assert.Equal(2_400, purse.SpentToday);
        Assert.Equal([0, 600], new[] { Live(purse, 1, 1_000, 60), Live(purse, 2, 1_000, 60) });
    }

    [Fact]
    public void Time_in_budget_is_the_share_of_shoppers_who_came_before_it_closed()
    {
        var purse = new Purse();
        purse.Open(FirstOfJune, 0, 1_000);
        for (var hour = 0; hour < 24; hour++)
        {
            if (purse.Pays(hour * 60)) purse.Spend(hour * 60, Click);
            purse.EndHour(hour * 60, 1 / 24d);
        }

        purse.Open(FirstOfJune.AddDays(1), MinutesPerDay, 1_000);

        // The tenth click comes at 9:00, so it closes at 9:15.
        Assert.Equal(9.25 / 24, purse.Days[0].InBudget, 10);
        Assert.Equal((FirstOfJune, 1_000L, 1_000L), (purse.Days[0].Day, purse.Days[0].Budget, purse.Days[0].Spent));
    }

    [Fact]
    public void A_raised_budget_opens_a_dry_campaign_again()
    {
        var purse = new Purse();
        purse.Open(FirstOfJune, 0, 500);
        for (var minute = 0; minute < 100; minute += 20) purse.Spend(minute, Click);
        Assert.False(purse.Pays(95));

        purse.Open(FirstOfJune, 600, 800);

        Assert.True(purse.Pays(600));
        Assert.Equal(800, purse.SpentToday + Spend(purse, 600, 60));
    }

    [Fact]
    public void A_budget_lowered_below_what_was_spent_ends_the_day_and_makes_no_debt()
    {
        var purse = new Purse();
        purse.Open(FirstOfJune, 0, 2_000);
        for (var minute = 0; minute < 300; minute += 20) purse.Spend(minute, Click);

        purse.Open(FirstOfJune, 480, 500);

        Assert.Equal(495, purse.ClosesAt);
        Assert.Equal(500, Live(purse, 1, 500, 60));
    }

    [Fact]
    public void Pausing_and_resuming_gives_no_second_budget()
    {
        var purse = new Purse();
        var spent = Live(purse, 0, 1_000, 60);
        for (var round = 0; round < 3; round++)
        {
            purse.Open(FirstOfJune, 1_210 + (20 * round), 0);
            purse.Open(FirstOfJune, 1_220 + (20 * round), 1_000);
            spent += Spend(purse, 1_220 + (20 * round), 60);
        }

        Assert.Equal(1_000, spent);
        Assert.Equal(1_000, Live(purse, 1, 1_000, 60));
    }

    [Fact]
    public void A_ceiling_of_the_account_holds_over_the_month_whatever_a_day_takes()
    {
        var account = new Purse(monthlyCeiling: 2_500);

        Assert.Equal([1_200, 1_300, 0, 0], new[] { Live(account, 0, null, 12), Live(account, 1, null, 60), Live(account, 2, null, 60), Live(account, 29, null, 60) });
        Assert.Equal(2_500, Live(account, 30, null, 60));
    }

    [Fact]
    public void A_campaign_counts_as_in_budget_only_while_the_account_pays_too()
    {
        var purse = new Purse();
        purse.Open(FirstOfJune, 0, 1_000);
        purse.EndHour(0, 0.5, othersCloseAt: 45);
        purse.EndHour(60, 0.5, othersCloseAt: 45);

        Assert.Equal(0.375, purse.PaidShare, 10);
    }

    [Fact]
    public void No_order_of_days_and_budgets_spends_more_than_the_month_gave() =>
        Gen.Select(Gen.Long[100, 5_000], Gen.Int[0, 60]).Array[1, 30].Sample(days =>
        {
            var purse = new Purse();
            var spent = days.Select((day, place) => Live(purse, place, day.Item1, day.Item2)).ToList();
            Assert.InRange(spent.Sum(), 0, days.Sum(day => day.Item1) + Click);
            Assert.All(spent.Zip(days), pair => Assert.InRange(pair.First, 0, (2 * pair.Second.Item1) + Click));
        });

    private static long Live(Purse purse, int day, long? budget, long clicks) => Live(purse, FirstOfJune.AddDays(day), day * MinutesPerDay, budget, clicks);

    // Twenty minutes between clicks: nobody profits from the quarter of an hour.
    private static long Live(Purse purse, DateOnly date, long midnight, long? budget, long clicks)
    {
        purse.Open(date, midnight, budget);
        return Spend(purse, midnight, clicks);
    }

    private static long Spend(Purse purse, long minute, long clicks)
    {
        var before = purse.SpentToday;
        for (var click = 0; click < clicks; click++, minute += 20)
        {
            if (purse.Pays(minute)) purse.Spend(minute, Click);
        }

        return purse.SpentToday - before;
    }
}
