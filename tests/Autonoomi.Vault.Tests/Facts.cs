using System.Text.Json.Serialization;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault.Tests;

/// <summary>A record of the tests.</summary>
public sealed record Note(string Text, int Number);

[JsonSerializable(typeof(Note))]
internal sealed partial class TestJson : JsonSerializerContext;

/// <summary>Seeded tables of any dataset.</summary>
internal static class Facts
{
    public static readonly DateOnly Day = new(2026, 11, 1);
    public static readonly StorefrontId Shop = new(7);

    public static DateSpan Days(int count) => DateSpan.Ending(Day, count);

    /// <param name="dataset">Which dataset.</param>
    /// <param name="days">How many days, the last one <see cref="Day"/>; a snapshot has one.</param>
    /// <param name="rows">Rows a day.</param>
    /// <param name="seed">Decides every value.</param>
    public static FactTable Table(Dataset dataset, int days, int rows, int seed)
    {
        var random = new Random(seed);
        var schema = TableSchema.Of(dataset);
        var builder = new FactTableBuilder(schema);
        for (var day = 0; day < (schema.IsDaily ? days : 1); day++)
            for (var row = 0; row < rows; row++)
                foreach (var column in schema.Columns)
                    _ = column.Kind switch
                    {
                        ColumnKind.Day => builder.Day(Day.AddDays(1 - days + day)),
                        ColumnKind.Int => builder.Int(random.Next(-3, 900)),
                        ColumnKind.Text => builder.Text($"{column.Name} ünïcode {random.Next(rows)}"),
                        ColumnKind.Micros => builder.Long(random.NextInt64(-5_000_000, 5_000_000_000)),
                        ColumnKind.Long => builder.Long(column.Key ? random.NextInt64(1L << 47, 1L << 50) : random.Next(40)),
                        _ => throw new InvalidOperationException(),
                    };
        return builder.Build();
    }

    public static void AssertEqual(FactTable expected, FactTable actual)
    {
        Assert.Equal(expected.Schema.Dataset, actual.Schema.Dataset);
        Assert.Equal(expected.Rows, actual.Rows);
        Assert.Equal(Text(expected), Text(actual));
    }

    /// <summary>Every value, readable: what two tables have in common whatever the order of their words.</summary>
    public static string[] Text(FactTable table) => [.. Enumerable.Range(0, table.Rows).Select(row => string.Join('|', table.Schema.Columns.Select((_, column) => table[column] switch
    {
        LongColumn numbers => FormattableString.Invariant($"{numbers.Values[row]}"),
        IntColumn numbers => FormattableString.Invariant($"{numbers.Values[row]}"),
        TextColumn words => words[row],
        _ => throw new InvalidOperationException(),
    })))];
}
