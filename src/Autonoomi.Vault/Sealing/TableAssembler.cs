using Autonoomi.Core.Facts;

namespace Autonoomi.Vault;

/// <summary>Receives segments as slices of one table, in any order and from several threads, and joins their words at the end.</summary>
internal sealed class TableAssembler
{
    private readonly int[] starts;
    private readonly long[][] longs;
    private readonly int[][] ints;
    private readonly string[][][] words;

    /// <param name="schema">Of the table.</param>
    /// <param name="rows">How many rows each part has.</param>
    public TableAssembler(TableSchema schema, IReadOnlyList<int> rows)
    {
        Schema = schema;
        starts = new int[rows.Count + 1];
        for (var part = 0; part < rows.Count; part++) starts[part + 1] = starts[part] + rows[part];
        longs = new long[schema.Columns.Length][];
        ints = new int[schema.Columns.Length][];
        words = new string[schema.Columns.Length][][];
        for (var column = 0; column < schema.Columns.Length; column++)
        {
            // Every element is written by Decode or FillConstant, so nothing needs to be cleared before.
            if (schema.Columns[column].Kind is ColumnKind.Long or ColumnKind.Micros) longs[column] = GC.AllocateUninitializedArray<long>(starts[^1]);
            else ints[column] = GC.AllocateUninitializedArray<int>(starts[^1]);
            if (schema.Columns[column].Kind is ColumnKind.Text) words[column] = new string[rows.Count][];
        }
    }

    public TableSchema Schema { get; }

    public int RowsOf(int part) => starts[part + 1] - starts[part];

    public Span<long> Longs(int part, int column) => longs[column].AsSpan(starts[part], RowsOf(part));

    public Span<int> Ints(int part, int column) => ints[column].AsSpan(starts[part], RowsOf(part));

    public void SetWords(int part, int column, string[] dictionary) => words[column][part] = dictionary;

    public void FillConstant(int part, int column, int value)
    {
        if (longs[column] is not null) Longs(part, column).Fill(value);
        else Ints(part, column).Fill(value);
        if (words[column] is not null) words[column][part] = [""];
    }

    public FactTable Build()
    {
        var columns = new Column[Schema.Columns.Length];
        for (var column = 0; column < columns.Length; column++)
        {
            columns[column] = longs[column] is { } numbers ? new LongColumn(numbers)
                : words[column] is null ? new IntColumn(ints[column])
                : new TextColumn(ints[column], Joined(column));
        }

        return new FactTable(Schema, columns);
    }

    private string[] Joined(int column)
    {
        if (words[column].Length == 1) return words[column][0];
        var all = new List<string>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var part = 0; part < words[column].Length; part++)
        {
            var dictionary = words[column][part];
            var map = new int[dictionary.Length];
            for (var word = 0; word < map.Length; word++)
            {
                if (known.TryGetValue(dictionary[word], out map[word])) continue;
                known.Add(dictionary[word], map[word] = all.Count);
                all.Add(dictionary[word]);
            }

            foreach (ref var code in Ints(part, column)) code = map[code];
        }

        return [.. all];
    }
}
