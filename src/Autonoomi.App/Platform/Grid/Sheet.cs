using System.Collections.Concurrent;
using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Platform.Grid;

/// <param name="Rows">Row numbers of the sheet in the order asked for.</param>
/// <param name="Kept">The same in the sheet's own order, in which they are quickest to add up.</param>
/// <param name="Refused">What was typed and not understood, with the rule, by column; such a filter is left out.</param>
public sealed record GridAnswer(int[] Rows, int[] Kept, ImmutableSortedDictionary<string, string> Refused);

/// <param name="Id">Name in the markup.</param>
/// <param name="Title">What it is.</param>
/// <param name="Words">The figure.</param>
public sealed record GridTotal(string Id, string Title, string Words)
{
    /// <summary>What stands behind it.</summary>
    public string? Beside { get; init; }

    /// <summary>What it means.</summary>
    public string? Meaning { get; init; }

    /// <summary>A whole sentence in place of a title and a figure.</summary>
    public bool IsNote { get; init; }
}

/// <summary>Rows and columns of one page over some days, ready to be asked. What was sorted by once is not worked out again.</summary>
public sealed class Sheet(int rows, Currency currency, ImmutableArray<GridColumn> columns)
{
    private readonly ConcurrentDictionary<string, double[]> keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Column, bool Up), int[]> orders = new();
    private readonly int[] all = [.. Enumerable.Range(0, rows)];
    private ImmutableArray<GridTotal> whole;
    private readonly Lazy<string[]> texts = new(() => []);
    private readonly Func<int, string> find = _ => "";

    public int Rows => rows;

    public Currency Currency => currency;

    /// <summary>All there are; the first always stands first.</summary>
    public ImmutableArray<GridColumn> Columns => columns;

    /// <summary>What words are looked for in.</summary>
    public required Func<int, string> Find
    {
        get => find;
        init => (find, texts) = (value, new(() => [.. Enumerable.Range(0, rows).Select(value)]));
    }

    /// <summary>What the row is about, whatever its number after the next reading.</summary>
    public required Func<int, object> Id { get; init; }

    /// <summary>The column by which rows are sorted when nothing else is asked for.</summary>
    public required string Sort { get; init; }

    /// <summary>Sums of rows; ratios are ratios of sums.</summary>
    public required Func<int[], ImmutableArray<GridTotal>> Totals { get; init; }

    /// <summary>What a person may change here; null for nothing.</summary>
    public GridEdits? Edits { get; init; }

    /// <summary>What the sheet was made of, for a page that shows more of a row.</summary>
    public object? Of { get; init; }

    /// <summary>Campaign and ad group of a row, 0 for none; null where rows belong to no campaign.</summary>
    public Func<int, (long Campaign, long AdGroup)>? Home { get; init; }

    public GridColumn? Column(string id) => columns.FirstOrDefault(column => column.Id == id);

    /// <returns>The columns that a query shows, in their order.</returns>
    public ImmutableArray<GridColumn> Shown(GridQuery query) => query.Columns.Length == 0
        ? [.. columns.Where((column, at) => at == 0 || column.IsShown)]
        : [columns[0], .. query.Columns.Split(',').Distinct(StringComparer.Ordinal).Where(id => id != columns[0].Id).Select(Column).OfType<GridColumn>()];

    /// <returns>The column that rows are sorted by, and whether the smallest stands first.</returns>
    public (GridColumn Column, bool Up) Order(GridQuery query)
    {
        var column = Column(query.Sort) is { Kind: not CellKind.Trend } wanted ? wanted : Column(Sort)!;
        return (column, query.Up ?? !column.IsNumber);
    }

    public GridAnswer Ask(GridQuery query)
    {
        var refused = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var tests = new List<Func<int, bool>>();
        if (query.Campaign is { } campaign && Home is { } home) tests.Add(row => home(row) is var at && at.Campaign == campaign && (query.AdGroup is not { } group || at.AdGroup == group));
        foreach (var (id, typed) in query.Filters)
        {
            if (Column(id) is not { Kind: not CellKind.Trend } column) continue;
            if (Test(column, typed) is { } test) tests.Add(test);
            else refused[id] = $"{column.Title}: {Condition.NumberRule}";
        }

        if (query.Text.Length > 0)
        {
            var (found, said) = (texts.Value, Condition.Words(query.Text));
            tests.Add(row => said(found[row]));
        }

        var (sort, up) = Order(query);
        var order = orders.GetOrAdd((sort.Id, up), _ => Sorted(sort, up));
        if (tests.Count == 0) return new(order, all, refused.ToImmutable());

        var holds = new bool[rows];
        var kept = new List<int>();
        for (var row = 0; row < rows; row++)
        {
            holds[row] = true;
            for (var at = 0; holds[row] && at < tests.Count; at++) holds[row] = tests[at](row);
            if (holds[row]) kept.Add(row);
        }

        return new(kept.Count == rows ? order : Array.FindAll(order, row => holds[row]), [.. kept], refused.ToImmutable());
    }

    /// <summary>Totals of what was asked for; those of all rows are worked out once.</summary>
    public ImmutableArray<GridTotal> TotalsOf(GridAnswer answer)
    {
        if (answer.Kept.Length < rows) return Totals(answer.Kept);
        if (whole.IsDefault) whole = Totals(all);
        return whole;
    }

    private Func<int, bool>? Test(GridColumn column, string typed)
    {
        if (column.Kind == CellKind.Badge)
        {
            var wanted = Condition.List(typed);
            return row => wanted.Contains(column.Text!(row));
        }

        if (column.Kind == CellKind.Text)
        {
            var holds = Condition.Words(typed);
            return row => holds(column.Text!(row));
        }

        if (Condition.Number(typed, column.Kind) is not { } number) return null;
        var values = Keys(column);
        return row => number(values[row]);
    }

    // Rows without a value come last either way; equal ones keep the sheet's order.
    private int[] Sorted(GridColumn column, bool up)
    {
        var values = Keys(column);
        var known = Array.FindAll(all, row => !double.IsNaN(values[row]));
        var by = Array.ConvertAll(known, row => up ? values[row] : -values[row]);
        Array.Sort(by, known);
        for (var first = 0; first < known.Length;)
        {
            var next = first + 1;
            while (next < known.Length && by[next] == by[first]) next++;
            if (next - first > 1) Array.Sort(known, first, next - first);
            first = next;
        }

        return known.Length == rows ? known : [.. known, .. all.Where(row => double.IsNaN(values[row]))];
    }

    private double[] Keys(GridColumn column) => keys.GetOrAdd(column.Id, _ => column.IsNumber ? [.. Enumerable.Range(0, rows).Select(column.Key)] : Ranks(column));

    // The place of each row's words among all words of the column; empty ones count as not known.
    private double[] Ranks(GridColumn column)
    {
        var words = Enumerable.Range(0, rows).Select(row => column.Words(row, currency)).ToArray();
        var places = words.Where(word => word.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)
            .Select((word, place) => (word, place)).ToDictionary(pair => pair.word, pair => (double)pair.place, StringComparer.OrdinalIgnoreCase);
        return Array.ConvertAll(words, word => places.TryGetValue(word, out var place) ? place : double.NaN);
    }
}
