namespace Autonoomi.Core.Facts;

/// <summary>The values of one column. Arrays are shared, never copied: treat them as read-only.</summary>
public abstract record Column(int Rows);

/// <summary>Ids, counts and money in micros.</summary>
public sealed record LongColumn(long[] Values) : Column(Values.Length);

/// <summary>Days and small integers.</summary>
public sealed record IntColumn(int[] Values) : Column(Values.Length);

/// <summary>Dictionary-coded text: <c>Words[Codes[row]]</c>.</summary>
/// <param name="Codes">One code per row.</param>
/// <param name="Words">Distinct words in order of first appearance.</param>
public sealed record TextColumn(int[] Codes, string[] Words) : Column(Codes.Length)
{
    public string this[int row] => Words[Codes[row]];
}

/// <summary>A column of ids with its distinct values numbered, so that a group-by adds into an array instead of asking a dictionary per row.</summary>
/// <param name="Codes">One per row: position in <paramref name="Values"/>.</param>
/// <param name="Values">Distinct ids in order of first appearance.</param>
public sealed record KeyColumn(int[] Codes, long[] Values);

/// <summary>An immutable columnar table. A group-by over it is a loop over arrays.</summary>
public sealed class FactTable
{
    private readonly Column[] columns;
    private readonly KeyColumn?[] keys;

    /// <param name="schema">What the columns mean.</param>
    /// <param name="columns">One per schema column, in order, all of one length, each of the storage its kind asks for.</param>
    /// <exception cref="ArgumentException">Count, length or storage disagree with the schema.</exception>
    public FactTable(TableSchema schema, IReadOnlyList<Column> columns)
    {
        if (columns.Count != schema.Columns.Length)
            throw new ArgumentException($"Dataset {schema.Dataset} has {schema.Columns.Length} columns, {columns.Count} were given.", nameof(columns));
        for (var index = 0; index < columns.Count; index++)
        {
            var fits = (schema.Columns[index].Kind, columns[index]) switch
            {
                (ColumnKind.Long or ColumnKind.Micros, LongColumn) => true,
                (ColumnKind.Day or ColumnKind.Int, IntColumn) => true,
                (ColumnKind.Text, TextColumn) => true,
                _ => false,
            };
            if (!fits) throw new ArgumentException($"Column '{schema.Columns[index].Name}' of {schema.Dataset} cannot be held by {columns[index].GetType().Name}.", nameof(columns));
            if (columns[index].Rows != columns[0].Rows) throw new ArgumentException($"Column '{schema.Columns[index].Name}' of {schema.Dataset} has {columns[index].Rows} rows, the first column has {columns[0].Rows}.", nameof(columns));
        }

        Schema = schema;
        this.columns = [.. columns];
        keys = new KeyColumn?[columns.Count];
    }

    public TableSchema Schema { get; }

    public int Rows => columns[0].Rows;

    public Column this[int index] => columns[index];

    /// <returns>Ids, counts, or money in micros; one value per row.</returns>
    public ReadOnlySpan<long> Longs(string column) => ((LongColumn)columns[Schema.IndexOf(column)]).Values;

    /// <returns>Day numbers or small integers; one value per row.</returns>
    public ReadOnlySpan<int> Ints(string column) => ((IntColumn)columns[Schema.IndexOf(column)]).Values;

    public TextColumn Texts(string column) => (TextColumn)columns[Schema.IndexOf(column)];

    /// <summary>The column's ids, numbered; worked out on first use and kept. Two threads may both work it out: the results are equal.</summary>
    public KeyColumn Keys(string column)
    {
        var index = Schema.IndexOf(column);
        return keys[index] ??= Numbered(((LongColumn)columns[index]).Values);
    }

    /// <summary>The same rows with other words in a text column; this table where the rule leaves all of them alone.</summary>
    /// <param name="column">One that holds text.</param>
    /// <param name="rule">Asked once for each distinct word; gives the same instance back for a word that stays.</param>
    public FactTable Reword(string column, Func<string, string> rule)
    {
        var index = Schema.IndexOf(column);
        var text = (TextColumn)columns[index];
        string[]? words = null;
        for (var word = 0; word < text.Words.Length; word++)
        {
            var other = rule(text.Words[word]);
            if (!ReferenceEquals(other, text.Words[word])) (words ??= [.. text.Words])[word] = other;
        }

        if (words is null) return this;
        var distinct = new List<string>(words.Length);
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var codes = Array.ConvertAll(words, word =>
        {
            if (known.TryAdd(word, distinct.Count)) distinct.Add(word);
            return known[word];
        });
        return new FactTable(Schema, [.. columns.Select((each, at) => at == index ? new TextColumn(Array.ConvertAll(text.Codes, code => codes[code]), [.. distinct]) : each)]);
    }

    private static KeyColumn Numbered(long[] ids)
    {
        var codes = new int[ids.Length];
        var values = new List<long>();
        var known = new Dictionary<long, int>();
        var guess = -1;
        for (var row = 0; row < ids.Length; row++)
        {
            // Reports come day by day in one order: the successor of the last id is mostly the next id.
            var id = ids[row];
            if (guess >= 0 && values[guess] == id) { codes[row] = guess; continue; }
            var next = guess + 1 < values.Count ? guess + 1 : 0;
            if (next < values.Count && values[next] == id) guess = next;
            else if (!known.TryGetValue(id, out guess))
            {
                guess = values.Count;
                known.Add(id, guess);
                values.Add(id);
            }

            codes[row] = guess;
        }

        return new KeyColumn(codes, [.. values]);
    }

    public static FactTable Empty(Dataset dataset) => new FactTableBuilder(TableSchema.Of(dataset)).Build();

    /// <summary>One table with the rows of all, in the order given; text dictionaries are merged.</summary>
    public static FactTable Concat(Dataset dataset, IReadOnlyList<FactTable> parts)
    {
        if (parts.Count == 0) return Empty(dataset);
        if (parts.Count == 1) return parts[0];
        var schema = TableSchema.Of(dataset);
        var rows = parts.Sum(part => part.Rows);
        var merged = new Column[schema.Columns.Length];
        for (var index = 0; index < merged.Length; index++)
        {
            merged[index] = schema.Columns[index].Kind switch
            {
                ColumnKind.Long or ColumnKind.Micros => new LongColumn(Joined(parts, rows, part => ((LongColumn)part[index]).Values)),
                ColumnKind.Day or ColumnKind.Int => new IntColumn(Joined(parts, rows, part => ((IntColumn)part[index]).Values)),
                ColumnKind.Text => JoinedText(parts, rows, index),
            };
        }

        return new FactTable(schema, merged);
    }

    private static T[] Joined<T>(IReadOnlyList<FactTable> parts, int rows, Func<FactTable, T[]> values)
    {
        var all = new T[rows];
        var at = 0;
        foreach (var part in parts)
        {
            values(part).CopyTo(all, at);
            at += part.Rows;
        }

        return all;
    }

    private static TextColumn JoinedText(IReadOnlyList<FactTable> parts, int rows, int index)
    {
        var codes = new int[rows];
        var words = new List<string>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var at = 0;
        foreach (var part in parts)
        {
            var text = (TextColumn)part[index];
            var map = new int[text.Words.Length];
            for (var word = 0; word < map.Length; word++)
            {
                if (!known.TryGetValue(text.Words[word], out map[word]))
                {
                    known.Add(text.Words[word], map[word] = words.Count);
                    words.Add(text.Words[word]);
                }
            }

            foreach (var code in text.Codes) codes[at++] = map[code];
        }

        return new TextColumn(codes, [.. words]);
    }
}
