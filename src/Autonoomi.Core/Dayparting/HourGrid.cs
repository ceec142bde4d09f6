using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Intraday;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Dayparting;

/// <summary>What one hour of one weekday brought, over all days that are told; or a sum of such.</summary>
/// <param name="Days">Over how many days.</param>
/// <param name="Clicks">Zero where only spend is told.</param>
/// <param name="Cost">In micros.</param>
/// <param name="Orders">At the click's hour; zero where only spend is told.</param>
/// <param name="Sales">In micros.</param>
public readonly record struct HourCell(int Days, long Clicks, long Cost, long Orders, long Sales)
{
    /// <returns>Clicks of one such hour; null where no day is told.</returns>
    public double? ClicksADay => Days == 0 ? null : (double)Clicks / Days;

    /// <returns>Orders of one such hour; null where no day is told.</returns>
    public double? OrdersADay => Days == 0 ? null : (double)Orders / Days;

    /// <returns>Micros of one such hour; null where no day is told.</returns>
    public long? CostADay => Days == 0 ? null : Cost / Days;

    /// <returns>Orders per click; null without a click.</returns>
    public double? ConversionRate => Clicks == 0 ? null : (double)Orders / Clicks;

    /// <returns>Cost over sales, as a fraction; null without sales.</returns>
    public double? Acos => Sales == 0 ? null : (double)Cost / Sales;

    internal HourCell Plus(HourCell other) => new(Days, Clicks + other.Clicks, Cost + other.Cost, Orders + other.Orders, Sales + other.Sales);
}

/// <summary>A week of hours: what each hour of each weekday brought. Sums are of the same facts, so rows, columns and whole agree. Pure.</summary>
public sealed class HourGrid
{
    public const int Hours = 24;
    public const int Weekdays = 7;

    private readonly HourCell[] cells;
    private readonly int[] days;

    private HourGrid(HourCell[] cells, int[] days, bool tellsClicks, DateSpan? span) => (this.cells, this.days, TellsClicks, Span) = (cells, days, tellsClicks, span);

    /// <summary>False where nothing but spend is told by the hour.</summary>
    public bool TellsClicks { get; }

    /// <summary>From the first to the last day that is told; null without any.</summary>
    public DateSpan? Span { get; }

    /// <summary>Days that are told.</summary>
    public int Days => days.Sum();

    /// <param name="weekday">0 for Monday.</param>
    /// <param name="hour">0 to 23, of the storefront's clock.</param>
    public HourCell this[int weekday, int hour] => cells[(weekday * Hours) + hour];

    /// <summary>All hours of a weekday: a whole day.</summary>
    /// <param name="weekday">0 for Monday.</param>
    public HourCell Day(int weekday) => Enumerable.Range(0, Hours).Aggregate(new HourCell(days[weekday], 0, 0, 0, 0), (sum, hour) => sum.Plus(this[weekday, hour]));

    /// <summary>An hour of all days.</summary>
    /// <param name="hour">0 to 23.</param>
    public HourCell Hour(int hour) => Enumerable.Range(0, Weekdays).Aggregate(new HourCell(Days, 0, 0, 0, 0), (sum, weekday) => sum.Plus(this[weekday, hour]));

    /// <summary>Everything.</summary>
    public HourCell Whole => Enumerable.Range(0, Weekdays).Aggregate(new HourCell(Days, 0, 0, 0, 0), (sum, weekday) => sum.Plus(Day(weekday)));

    /// <param name="table">Rows of <see cref="Dataset.HourDay"/>.</param>
    public static HourGrid Of(FactTable table)
    {
        var (cells, told) = (new HourCell[Weekdays * Hours], new HashSet<int>());
        var day = table.Ints("day");
        var hour = table.Ints("hour");
        var clicks = table.Longs("clicks");
        var cost = table.Longs("cost");
        var orders = table.Longs("orders");
        var sales = table.Longs("sales");
        for (var row = 0; row < table.Rows; row++)
        {
            told.Add(day[row]);
            ref var cell = ref cells[(Weekday(DateOnly.FromDayNumber(day[row])) * Hours) + hour[row]];
            cell = cell.Plus(new(0, clicks[row], cost[row], orders[row], sales[row]));
        }

        return Made(cells, [.. told.Select(DateOnly.FromDayNumber)], tellsClicks: true);
    }

    /// <param name="told">Finished days, each once.</param>
    public static HourGrid Of(IReadOnlyCollection<SpendHours> told)
    {
        var cells = new HourCell[Weekdays * Hours];
        foreach (var one in told)
        {
            for (var hour = 0; hour < Hours; hour++)
            {
                ref var cell = ref cells[(Weekday(one.Date) * Hours) + hour];
                cell = cell.Plus(new(0, 0, (long)decimal.Round(one.Spent[hour] * Money.MicrosPerUnit), 0, 0));
            }
        }

        return Made(cells, [.. told.Select(one => one.Date)], tellsClicks: false);
    }

    private static HourGrid Made(HourCell[] cells, ImmutableArray<DateOnly> told, bool tellsClicks)
    {
        var days = new int[Weekdays];
        foreach (var day in told) days[Weekday(day)]++;
        for (var at = 0; at < cells.Length; at++) cells[at] = cells[at] with { Days = days[at / Hours] };
        return new(cells, days, tellsClicks, told.IsEmpty ? null : new DateSpan(told.Min(), told.Max()));
    }

    private static int Weekday(DateOnly day) => ((int)day.DayOfWeek + 6) % Weekdays;
}
