namespace Autonoomi.Core.Primitives;

/// <summary>A run of reporting days, both ends included, in the storefront's own time zone.</summary>
public readonly record struct DateSpan
{
    public DateSpan(DateOnly first, DateOnly last)
    {
        if (last < first) throw new ArgumentOutOfRangeException(nameof(last), last, $"The span ends before it begins ({first:yyyy-MM-dd}).");
        First = first;
        Last = last;
    }

    public DateOnly First { get; }
    public DateOnly Last { get; }

    /// <returns>Number of days, at least 1.</returns>
    public int Days => Last.DayNumber - First.DayNumber + 1;

    public bool Contains(DateOnly day) => day >= First && day <= Last;

    /// <param name="last">The last day of the span.</param>
    /// <param name="days">How many days, at least 1.</param>
    public static DateSpan Ending(DateOnly last, int days) => new(last.AddDays(1 - days), last);

    public override string ToString() => $"{First:yyyy-MM-dd}..{Last:yyyy-MM-dd}";
}
