using Autonoomi.Core.Facts;
using CsCheck;

namespace Autonoomi.Vault.Tests;

public sealed class CodecTests
{
    private static readonly Gen<string> Words = Gen.String[Gen.Char[' ', '~'], 0, 12].Select(text => text + (text.Length % 3 == 0 ? "é漢😀" : ""));

    private static readonly Gen<long> Longs = Gen.OneOf(Gen.Long[0, 255], Gen.Long[0, 65_535], Gen.Long[0, uint.MaxValue], Gen.Long[int.MinValue, int.MaxValue], Gen.Long);

    private static readonly Gen<FactTable> Tables = Gen.Select(Gen.Enum<Dataset>(), Gen.Int[0, 60], Gen.Int).SelectMany((dataset, rows, unused) =>
    {
        var schema = TableSchema.Of(dataset);
        return Gen.Select(Longs.Array[rows * schema.Columns.Length], Words.Array[1, 9], Gen.Int[1, 4]).Select((numbers, words, days) =>
        {
            var builder = new FactTableBuilder(schema);
            for (var at = 0; at < numbers.Length; at++)
                _ = schema.Columns[at % schema.Columns.Length].Kind switch
                {
                    ColumnKind.Day => builder.Day(Facts.Day.AddDays((int)(unchecked((ulong)numbers[at]) % (ulong)days))),
                    ColumnKind.Int => builder.Int(unchecked((int)numbers[at])),
                    ColumnKind.Text => builder.Text(words[unchecked((ulong)numbers[at]) % (ulong)words.Length]),
                    _ => builder.Long(numbers[at]),
                };
            return builder.Build();
        });
    });

    [Fact]
    public void Whatever_is_encoded_decodes_to_the_same_rows() => Gen.Select(Tables, Gen.Bool).Sample((table, compress) =>
    {
        var assembler = new TableAssembler(table.Schema, [table.Rows]);
        SegmentCodec.Decode(SegmentCodec.Encode(table, RowSelection.All(table), null, compress), assembler, 0);
        return Facts.Text(table).SequenceEqual(Facts.Text(assembler.Build()));
    }, iter: 500);

    [Fact]
    public void Rows_that_were_stored_before_a_column_was_there_read_as_its_schema_says()
    {
        var before = new FactTableBuilder(TableSchema.Of(Dataset.TargetDay)).Day(Facts.Day).Long(1).Long(2).Long(3).Long(100).Long(5).Long(2_000_000).Long(4).Long(6).Long(9_000_000).Build();
        var assembler = new TableAssembler(TableSchema.Of(Dataset.DisplayTargetDay), [1]);
        SegmentCodec.Decode(SegmentCodec.Encode(before, RowSelection.All(before), Facts.Day.DayNumber, compress: true), assembler, 0);
        var read = assembler.Build();

        Assert.Equal((4, 6, 9_000_000), (read.Longs("orders")[0], read.Longs("units")[0], read.Longs("sales")[0]));
        Assert.Equal((-1, -1, -1), (read.Longs("click_orders")[0], read.Longs("click_units")[0], read.Longs("click_sales")[0]));
    }

    [Fact]
    public void Cutting_into_days_and_joining_keeps_every_row_in_order_of_its_day() => Tables.Where(table => table.Schema.IsDaily && table.Rows > 0).Sample(table =>
    {
        var days = RowSelection.ByDay(table.Ints("day"));
        var assembler = new TableAssembler(table.Schema, [.. days.Select(day => day.Rows.Count)]);
        for (var part = 0; part < days.Count; part++)
            SegmentCodec.Decode(SegmentCodec.Encode(table, days[part].Rows, days[part].Day, compress: true), assembler, part);

        var rows = Facts.Text(table);
        var dayOf = table.Ints("day").ToArray();
        var expected = Enumerable.Range(0, rows.Length).OrderBy(row => dayOf[row]).Select(row => rows[row]);
        return expected.SequenceEqual(Facts.Text(assembler.Build()));
    }, iter: 500);

    [Fact]
    public void The_multiset_hash_forgets_order_and_remembers_everything_else() => Gen.Select(Gen.Byte.Array[0, 20].Array[1, 12], Gen.Int).Sample((rows, seed) =>
    {
        var key = SubKey.Derive(new byte[32], "test", 1, sealingOff: false);
        var forward = rows.Aggregate(default(MultisetHash), (hash, row) => hash.With(key, row));
        var shuffled = (byte[][])rows.Clone();
        new Random(seed).Shuffle(shuffled);
        var backward = shuffled.Aggregate(default(MultisetHash), (hash, row) => hash.With(key, row));
        var emptied = rows.Aggregate(forward, (hash, row) => hash.Without(key, row));
        return forward == backward && emptied == default && forward.With(key, rows[0]) != forward && forward.Without(key, rows[0]) != forward;
    }, iter: 500);

    [Fact]
    public void Sums_of_the_multiset_hash_carry_over_all_256_bits()
    {
        var key = SubKey.Derive(new byte[32], "test", 1, sealingOff: false);
        var ones = new MultisetHash(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue);

        Assert.Equal(ones, ones.With(key, "row"u8).Without(key, "row"u8));
        var term = default(MultisetHash).With(key, "row"u8);
        Assert.Equal(term, ones.With(key, "row"u8) with { A = term.A });
        Assert.Equal(term.A - 1, ones.With(key, "row"u8).A);
    }

    [Fact]
    public void Contexts_of_different_parts_never_look_alike() =>
        Assert.NotEqual(Cipher.Context("ab", "c"), Cipher.Context("a", "bc"));
}
