using System.Runtime.InteropServices;

namespace Autonoomi.Core.Facts;

/// <summary>Collects rows column by column: call the setters of one row in schema order, any number of rows, then <see cref="Build"/>, which leaves the builder empty for further rows.</summary>
/// <remarks>Not safe for two threads. Text is interned, so memory grows with distinct words, not with rows.</remarks>
public sealed class FactTableBuilder
{
    private readonly TableSchema schema;
    private readonly long[][] longs;
    private readonly int[][] ints;
    private readonly Dictionary<string, int>[] words;
    private int capacity;
    private int column;

    /// <param name="schema">Of the rows.</param>
    /// <param name="expectedRows">Room made at once; a table of exactly so many rows is handed over without a copy.</param>
    public FactTableBuilder(TableSchema schema, int expectedRows = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(expectedRows);
        this.schema = schema;
        capacity = expectedRows;
        longs = new long[schema.Columns.Length][];
        ints = new int[schema.Columns.Length][];
        words = new Dictionary<string, int>[schema.Columns.Length];
        for (var index = 0; index < schema.Columns.Length; index++)
            if (schema.Columns[index].Kind == ColumnKind.Text) words[index] = new(StringComparer.Ordinal);
        MakeRoom();
    }

    /// <summary>Complete rows so far.</summary>
    public int Rows { get; private set; }

    /// <param name="value">An id, a count, or money in micros.</param>
    public FactTableBuilder Long(long value)
    {
        if (Rows == capacity) Grow();
        longs[column][Rows] = value;
        return Next();
    }

    public FactTableBuilder Day(DateOnly day) => Int(day.DayNumber);

    /// <param name="value">A day number or a small integer.</param>
    public FactTableBuilder Int(int value)
    {
        if (words[column] is not null) throw new InvalidOperationException($"Column '{schema.Columns[column].Name}' of {schema.Dataset} holds text.");
        if (Rows == capacity) Grow();
        ints[column][Rows] = value;
        return Next();
    }

    public FactTableBuilder Text(string value) => Text(value.AsSpan());

    public FactTableBuilder Text(ReadOnlySpan<char> value)
    {
        if (Rows == capacity) Grow();
        var known = words[column].GetAlternateLookup<ReadOnlySpan<char>>();
        ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(known, value, out var exists);
        if (!exists) code = words[column].Count - 1;
        ints[column][Rows] = code;
        return Next();
    }

    /// <returns>The rows since the last table, which are forgotten here.</returns>
    /// <exception cref="InvalidOperationException">The last row is not complete.</exception>
    public FactTable Build()
    {
        if (column != 0) throw new InvalidOperationException($"The last row of {schema.Dataset} stops before column '{schema.Columns[column].Name}'.");
        var columns = new Column[schema.Columns.Length];
        for (var index = 0; index < columns.Length; index++)
        {
            columns[index] = schema.Columns[index].Kind switch
            {
                ColumnKind.Long or ColumnKind.Micros => new LongColumn(Filled(longs[index])),
                ColumnKind.Day or ColumnKind.Int => new IntColumn(Filled(ints[index])),
                ColumnKind.Text => new TextColumn(Filled(ints[index]), Ordered(words[index])),
            };
            words[index]?.Clear();
        }

        // Arrays that were handed over belong to the table now; those that were copied from stay.
        if (Rows == capacity) MakeRoom();
        Rows = 0;
        return new FactTable(schema, columns);
    }

    private T[] Filled<T>(T[] values) => Rows == capacity ? values : values[..Rows];

    private static string[] Ordered(Dictionary<string, int> codes)
    {
        var ordered = new string[codes.Count];
        foreach (var (word, code) in codes) ordered[code] = word;
        return ordered;
    }

    private void MakeRoom()
    {
        for (var index = 0; index < schema.Columns.Length; index++)
        {
            // Only written rows are ever handed over, so nothing needs to be cleared before.
            if (schema.Columns[index].Kind is ColumnKind.Long or ColumnKind.Micros) longs[index] = GC.AllocateUninitializedArray<long>(capacity);
            else ints[index] = GC.AllocateUninitializedArray<int>(capacity);
        }
    }

    private void Grow()
    {
        capacity *= 2;
        for (var index = 0; index < schema.Columns.Length; index++)
        {
            if (longs[index] is not null) Array.Resize(ref longs[index], capacity);
            else Array.Resize(ref ints[index], capacity);
        }
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
