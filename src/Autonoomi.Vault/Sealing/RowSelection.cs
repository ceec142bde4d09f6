using Autonoomi.Core.Facts;

namespace Autonoomi.Vault;

/// <summary>Some rows of a table: a run of neighbours, or a list.</summary>
internal readonly struct RowSelection
{
    private readonly int[]? order;
    private readonly int first;

    private RowSelection(int[]? order, int first, int count) => (this.order, this.first, Count) = (order, first, count);

    public int Count { get; }

    public static RowSelection All(FactTable table) => new(null, 0, table.Rows);

    /// <summary>The values of the selected rows: a view when they are neighbours, otherwise a copy.</summary>
    public ReadOnlySpan<T> Of<T>(T[] values)
    {
        if (order is null) return values.AsSpan(first, Count);
        var picked = new T[Count];
        for (var row = 0; row < picked.Length; row++) picked[row] = values[order[first + row]];
        return picked;
    }

    /// <summary>The rows of each day, oldest day first; within a day in the table's order.</summary>
    public static List<(int Day, RowSelection Rows)> ByDay(ReadOnlySpan<int> days)
    {
        var counts = new SortedDictionary<int, int>();
        var runs = 0;
        for (var row = 0; row < days.Length;)
        {
            var end = row + 1;
            while (end < days.Length && days[end] == days[row]) end++;
            counts[days[row]] = counts.GetValueOrDefault(days[row]) + end - row;
            row = end;
            runs++;
        }

        var starts = new Dictionary<int, int>();
        var selections = new List<(int, RowSelection)>(counts.Count);
        var order = runs == counts.Count ? null : new int[days.Length];
        if (order is null)
        {
            // One run per day: find where each begins.
            for (var row = 0; row < days.Length; row += counts[days[row]]) starts[days[row]] = row;
        }
        else
        {
            var next = new Dictionary<int, int>();
            var at = 0;
            foreach (var (day, count) in counts)
            {
                starts[day] = next[day] = at;
                at += count;
            }

            for (var row = 0; row < days.Length; row++) order[next[days[row]]++] = row;
        }

        foreach (var (day, count) in counts) selections.Add((day, new RowSelection(order, starts[day], count)));
        return selections;
    }
}
