using System.Runtime.InteropServices;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Lab.Play;

/// <summary>The rows of one day, column by column; a day that is still restated is written in place.</summary>
/// <param name="schema">What the columns mean.</param>
/// <param name="rows">How many.</param>
internal sealed class DayRows(TableSchema schema, int rows)
{
    public int Rows { get; } = rows;

    /// <summary>By position in the schema; null where the column holds small integers or words.</summary>
    public long[]?[] Longs { get; } = [.. schema.Columns.Select(column => column.Kind is ColumnKind.Long or ColumnKind.Micros ? new long[rows] : null)];

    /// <summary>By position in the schema; days, small integers, and numbers of words.</summary>
    public int[]?[] Ints { get; } = [.. schema.Columns.Select(column => column.Kind is ColumnKind.Long or ColumnKind.Micros ? null : new int[rows])];

    /// <summary>Rows that count for nothing now and are left out, ascending.</summary>
    public int[] Skipped { get; set; } = [];
}

/// <summary>A daily fact table kept as days, so that a morning writes only what changed and joins the rest by copying columns.</summary>
internal sealed class DayTable(Dataset dataset)
{
    private readonly SortedDictionary<int, DayRows> days = [];
    private readonly Dictionary<string, int> codes = new(StringComparer.Ordinal);
    private readonly List<string> words = [];

    public TableSchema Schema { get; } = TableSchema.Of(dataset);

    /// <returns>The word's number in every day of this table.</returns>
    public int Code(string word)
    {
        ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(codes, word, out var known);
        if (!known)
        {
            code = words.Count;
            words.Add(word);
        }

        return code;
    }

    public void Put(int day, DayRows rows) => days[day] = rows;

    public void Remove(DateSpan span)
    {
        for (var day = span.First.DayNumber; day <= span.Last.DayNumber; day++) days.Remove(day);
    }

    /// <summary>Drops the days up to and with this one.</summary>
    public void Forget(int last)
    {
        while (days.Count > 0 && days.First().Key <= last) days.Remove(days.First().Key);
    }

    /// <summary>One table of all days in order; words are numbered by first appearance, as a table read from storage has them.</summary>
    /// <param name="wanted">Which days; null for all.</param>
    public FactTable Join(Func<int, bool>? wanted = null)
    {
        var parts = days.Where(day => day.Value.Rows > 0 && (wanted is null || wanted(day.Key))).Select(day => day.Value).ToArray();
        var rows = parts.Sum(part => part.Rows - part.Skipped.Length);
        var columns = new Column[Schema.Columns.Length];
        for (var index = 0; index < columns.Length; index++)
        {
            columns[index] = Schema.Columns[index].Kind switch
            {
                ColumnKind.Long or ColumnKind.Micros => new LongColumn(Joined(parts, rows, part => part.Longs[index]!)),
                ColumnKind.Text => Numbered(Joined(parts, rows, part => part.Ints[index]!)),
                ColumnKind.Day or ColumnKind.Int => new IntColumn(Joined(parts, rows, part => part.Ints[index]!)),
            };
        }

        return new FactTable(Schema, columns);
    }

    private static T[] Joined<T>(DayRows[] parts, int rows, Func<DayRows, T[]> values)
    {
        var all = GC.AllocateUninitializedArray<T>(rows);
        var at = 0;
        foreach (var part in parts)
        {
            var column = values(part).AsSpan();
            var from = 0;
            foreach (var skipped in part.Skipped)
            {
                Take(column[from..skipped]);
                from = skipped + 1;
            }

            Take(column[from..]);
        }

        return all;

        void Take(ReadOnlySpan<T> run)
        {
            run.CopyTo(all.AsSpan(at));
            at += run.Length;
        }
    }

    private TextColumn Numbered(int[] column)
    {
        var places = new int[words.Count];
        var used = new List<string>();
        foreach (ref var code in column.AsSpan())
        {
            ref var place = ref places[code];
            if (place == 0)
            {
                used.Add(words[code]);
                place = used.Count;
            }

            code = place - 1;
        }

        return new TextColumn(column, [.. used]);
    }
}
