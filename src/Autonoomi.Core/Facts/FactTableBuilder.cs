using System.Runtime.InteropServices;

namespace Autonoomi.Core.Facts;

/// <summary>Collects rows column by column: call the setters of one row in schema order, any number of rows, then <see cref="Build"/>.</summary>
/// <remarks>Not safe for two threads. Text is interned, so memory grows with distinct words, not with rows.</remarks>
public sealed class FactTableBuilder
{
    private readonly TableSchema schema;
    private readonly List<long>[] longs;
    private readonly List<int>[] ints;
    private readonly Dictionary<string, int>[] words;
    private int column;

    public FactTableBuilder(TableSchema schema)
    {
        this.schema = schema;
        longs = new List<long>[schema.Columns.Length];
        ints = new List<int>[schema.Columns.Length];
        words = new Dictionary<string, int>[schema.Columns.Length];
        for (var index = 0; index < schema.Columns.Length; index++)
        {
            switch (schema.Columns[index].Kind)
            {
                case ColumnKind.Long or ColumnKind.Micros: longs[index] = []; break;
                case ColumnKind.Day or ColumnKind.Int: ints[index] = []; break;
                case ColumnKind.Text: ints[index] = []; words[index] = new(StringComparer.Ordinal); break;
            }
        }
    }

    /// <summary>Complete rows so far.</summary>
    public int Rows { get; private set; }

    /// <param name="value">An id, a count, or money in micros.</param>
    public FactTableBuilder Long(long value)
    {
        longs[column].Add(value);
        return Next();
    }

    public FactTableBuilder Day(DateOnly day) => Int(day.DayNumber);

    /// <param name="value">A day number or a small integer.</param>
    public FactTableBuilder Int(int value)
    {
        ints[column].Add(value);
        return Next();
    }

    public FactTableBuilder Text(string value) => Text(value.AsSpan());

    public FactTableBuilder Text(ReadOnlySpan<char> value)
    {
        var known = words[column].GetAlternateLookup<ReadOnlySpan<char>>();
        ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(known, value, out var exists);
        if (!exists) code = words[column].Count - 1;
        ints[column].Add(code);
        return Next();
    }

    /// <exception cref="InvalidOperationException">The last row is not complete.</exception>
    public FactTable Build()
    {
        if (column != 0) throw new InvalidOperationException($"The last row of {schema.Dataset} stops before column '{schema.Columns[column].Name}'.");
        var columns = new Column[schema.Columns.Length];
        for (var index = 0; index < columns.Length; index++)
        {
            columns[index] = schema.Columns[index].Kind switch
            {
                ColumnKind.Long or ColumnKind.Micros => new LongColumn([.. longs[index]]),
                ColumnKind.Day or ColumnKind.Int => new IntColumn([.. ints[index]]),
                ColumnKind.Text => new TextColumn([.. ints[index]], Ordered(words[index])),
            };
        }

        return new FactTable(schema, columns);
    }

    private static string[] Ordered(Dictionary<string, int> codes)
    {
        var ordered = new string[codes.Count];
        foreach (var (word, code) in codes) ordered[code] = word;
        return ordered;
    }

    private FactTableBuilder Next()
    {
        if (++column == schema.Columns.Length)
        {
            column = 0;
            Rows++;
        }

        return this;
    }
}
