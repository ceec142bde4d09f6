using Autonoomi.Core.Dayparting;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Intraday;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Tests;

/// <summary>Weeks of hours whose sums are worked out here by hand.</summary>
public sealed class HourGridTests
{
    private static readonly DateOnly Monday = new(2026, 11, 2);

    [Fact]
    public void Every_hour_of_a_weekday_has_the_mean_of_its_days_and_rows_columns_and_whole_agree()
    {
        // Two Mondays and a Sunday: 4 and 6 clicks at 9 o'clock on Mondays, 10 at 23 o'clock on Sunday.
        var table = new FactTableBuilder(TableSchema.Of(Dataset.HourDay));
        Add(Monday, 9, 1, clicks: 3, cost: 3_000_000, orders: 1, sales: 20_000_000);
        Add(Monday, 9, 2, clicks: 1, cost: 1_000_000, orders: 0, sales: 0);
        Add(Monday.AddDays(7), 9, 1, clicks: 6, cost: 4_000_000, orders: 1, sales: 12_000_000);
        Add(Monday.AddDays(6), 23, 1, clicks: 10, cost: 5_000_000, orders: 0, sales: 0);
        var grid = HourGrid.Of(table.Build());

        var nine = grid[0, 9];
        Assert.Equal((2, 5d, 4_000_000L, 1d, 0.2, 0.25), (nine.Days, nine.ClicksADay!.Value, nine.CostADay!.Value, nine.OrdersADay!.Value, nine.ConversionRate!.Value, nine.Acos!.Value));
        Assert.Equal((1, 10d, null), (grid[6, 23].Days, grid[6, 23].ClicksADay!.Value, grid[6, 23].Acos));
        Assert.Equal((null, null, null), (grid[2, 9].ClicksADay, grid[2, 9].CostADay, grid[2, 9].ConversionRate));
        Assert.Equal(0, grid[0, 8].ClicksADay);
        Assert.Equal((3, 20, 13_000_000, 2, 32_000_000), (grid.Whole.Days, grid.Whole.Clicks, grid.Whole.Cost, grid.Whole.Orders, grid.Whole.Sales));
        Assert.Equal(grid.Whole.Clicks, Enumerable.Range(0, 24).Sum(hour => grid.Hour(hour).Clicks));
        Assert.Equal(grid.Whole.Cost, Enumerable.Range(0, 7).Sum(weekday => grid.Day(weekday).Cost));
        Assert.Equal((10d / 3, 5d), (grid.Hour(9).ClicksADay!.Value, grid.Day(0).ClicksADay!.Value));
        Assert.Equal((new DateSpan(Monday, Monday.AddDays(7)), 3, true), (grid.Span!.Value, grid.Days, grid.TellsClicks));

        void Add(DateOnly day, int hour, long campaign, long clicks, long cost, long orders, long sales) =>
            table.Day(day).Int(hour).Long(campaign).Long(clicks * 10).Long(clicks).Long(cost).Long(orders).Long(orders).Long(sales);
    }

    [Fact]
    public void Counts_of_spend_tell_cost_alone_and_nothing_is_told_without_a_day()
    {
        SpendHours Day(DateOnly date, decimal perHour) => new(date, [.. Enumerable.Range(0, 24).Select(hour => hour < 12 ? perHour : 0)]);

        var grid = HourGrid.Of([Day(Monday, 1.5m), Day(Monday.AddDays(7), 0.5m), Day(Monday.AddDays(1), 2)]);

        Assert.False(grid.TellsClicks);
        Assert.Equal((1_000_000L, 0L, 12_000_000L, 24_000_000L), (grid[0, 3].CostADay!.Value, grid[0, 13].CostADay!.Value, grid.Day(0).CostADay!.Value, grid.Day(1).CostADay!.Value));
        Assert.Equal(1_333_333, grid.Hour(0).CostADay);
        Assert.Null(grid[3, 3].CostADay);
        Assert.Equal((null, 0), (HourGrid.Of([]).Span, HourGrid.Of([]).Days));
    }
}
