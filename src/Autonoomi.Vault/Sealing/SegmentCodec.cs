using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Autonoomi.Core.Facts;
using ZstdSharp;
using Field = Apache.Arrow.Field;

namespace Autonoomi.Vault;

/// <summary>Rows of a fact table as an Arrow IPC stream, compressed: what a segment holds before it is encrypted. Layout in docs/privacy/vault-format.md.</summary>
/// <remarks>
/// Whole numbers are written in the narrowest Arrow integer that holds the column, text is dictionary-coded, and a daily segment leaves the day column out:
/// it is the same in every row and stands in the schema's metadata.
/// </remarks>
internal static class SegmentCodec
{
    private const byte Plain = 0;
    private const byte Zstd = 1;
    private const int HeaderBytes = 5;
    private const string DayKey = "day";

    // A stream larger than this is not kept for the next segment.
    private const int LargestKept = 4 << 20;

    [ThreadStatic] private static MemoryStream? kept;
    [ThreadStatic] private static Compressor? compressor;
    [ThreadStatic] private static Decompressor? decompressor;

    /// <param name="table">Where the rows are.</param>
    /// <param name="rows">Which rows, in the order to write; empty together with a null day means all.</param>
    /// <param name="day">The day that all of them have in common, as day number; null for a snapshot.</param>
    /// <param name="compress">False only when a test switched sealing off and wants to read along.</param>
    public static byte[] Encode(FactTable table, RowSelection rows, int? day, bool compress) => Encode(table, rows, day, compress, packed => packed.ToArray());

    /// <summary>Hands the segment to <paramref name="take"/>, in memory that is used again afterwards.</summary>
    public static T Encode<T>(FactTable table, RowSelection rows, int? day, bool compress, Func<ReadOnlySpan<byte>, T> take)
    {
        var fields = new List<Field>();
        var arrays = new List<IArrowArray>();
        for (var index = 0; index < table.Schema.Columns.Length; index++)
        {
            var column = table.Schema.Columns[index];
            if (column.Kind == ColumnKind.Day && day is not null) continue;
            var array = table[index] switch
            {
                LongColumn numbers => Narrow(rows.Of(numbers.Values)),
                IntColumn numbers => Narrow(rows.Of(numbers.Values)),
                TextColumn text => Coded(rows.Of(text.Codes), text.Words),
                _ => throw new InvalidOperationException($"Column {column.Name} has storage that no segment knows."),
            };
            fields.Add(new Field(column.Name, array.Data.DataType, nullable: false));
            arrays.Add(array);
        }

        var metadata = new List<KeyValuePair<string, string>> { new("dataset", table.Schema.Dataset.ToString()) };
        if (day is { } number) metadata.Add(new(DayKey, DateOnly.FromDayNumber(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        var schema = new Apache.Arrow.Schema(fields, metadata);
        var arrow = kept ??= new MemoryStream();
        arrow.SetLength(0);
        using (var batch = new RecordBatch(schema, arrays, rows.Count))
        using (var writer = new ArrowStreamWriter(arrow, schema, leaveOpen: true))
        {
            writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        if (arrow.Capacity > LargestKept) kept = null;
        return Pack(arrow.GetBuffer().AsSpan(0, (int)arrow.Length), compress, take);
    }

    /// <summary>Decodes a segment into its slice of the columns of a larger table; text keeps codes of its own, see <see cref="TableAssembler"/>.</summary>
    /// <exception cref="InvalidDataException">Not a segment of this schema and row count. It was authenticated, so this is our own mistake or a newer version's.</exception>
    public static void Decode(ReadOnlySpan<byte> packed, TableAssembler into, int part)
    {
        var rented = Unpacked(packed, out var length);
        try
        {
            using var reader = new ArrowStreamReader(rented.AsMemory(0, length));
            using var batch = reader.ReadNextRecordBatch() ?? throw new InvalidDataException("The segment holds no rows' batch.");
            Fill(batch, reader.Schema, into, part);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Adds a segment's numbers up; its rows and words are never laid out.</summary>
    /// <param name="packed">One that was encoded by this version.</param>
    /// <param name="columns">Names of columns of whole numbers.</param>
    /// <param name="sums">One for each name; what they hold already is added to.</param>
    /// <returns>How many rows it has.</returns>
    /// <exception cref="OverflowException">A sum cannot be held.</exception>
    public static int Sum(ReadOnlySpan<byte> packed, ReadOnlySpan<string> columns, Span<long> sums)
    {
        var rented = Unpacked(packed, out var length);
        try
        {
            using var reader = new ArrowStreamReader(rented.AsMemory(0, length));
            using var batch = reader.ReadNextRecordBatch() ?? throw new InvalidDataException("The segment holds no rows' batch.");
            var values = ArrayPool<long>.Shared.Rent(batch.Length);
            for (var column = 0; column < columns.Length; column++)
            {
                Widen(((Apache.Arrow.Array)batch.Column(columns[column])).Data, values.AsSpan(0, batch.Length));
                foreach (var value in values.AsSpan(0, batch.Length)) sums[column] = checked(sums[column] + value);
            }

            ArrayPool<long>.Shared.Return(values);
            return batch.Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static byte[] Unpacked(ReadOnlySpan<byte> packed, out int length)
    {
        length = BinaryPrimitives.ReadInt32LittleEndian(packed[1..]);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        if (packed[0] == Plain) packed[HeaderBytes..].CopyTo(rented);
        else (decompressor ??= new Decompressor()).Unwrap(packed[HeaderBytes..], rented.AsSpan(0, length));
        return rented;
    }

    private static void Fill(RecordBatch batch, Apache.Arrow.Schema written, TableAssembler into, int part)
    {
        if (batch.Length != into.RowsOf(part)) throw new InvalidDataException($"The segment holds {batch.Length} rows, its clear columns say {into.RowsOf(part)}.");
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < written.FieldsList.Count; index++) positions.Add(written.FieldsList[index].Name, index);
        for (var index = 0; index < into.Schema.Columns.Length; index++)
        {
            var column = into.Schema.Columns[index];
            if (!positions.TryGetValue(column.Name, out var position))
            {
                // A segment from before a column was added reads as what the schema says, zeros as a rule, and empty words; the day stands in the metadata.
                var absent = column.Kind == ColumnKind.Day && written.Metadata.TryGetValue(DayKey, out var day)
                    ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber
                    : column.Absent;
                into.FillConstant(part, index, absent);
                continue;
            }

            switch (batch.Column(position))
            {
                case DictionaryArray coded:
                    Widen(((Apache.Arrow.Array)coded.Indices).Data, into.Ints(part, index));
                    into.SetWords(part, index, Words((StringArray)coded.Dictionary));
                    break;
                case Apache.Arrow.Array numbers when column.Kind is ColumnKind.Long or ColumnKind.Micros:
                    Widen(numbers.Data, into.Longs(part, index));
                    break;
                case Apache.Arrow.Array numbers:
                    Widen(numbers.Data, into.Ints(part, index));
                    break;
            }
        }
    }

    // Level 1: columns are narrow already and ids hardly shrink, so higher levels cost time for little.
    private static T Pack<T>(ReadOnlySpan<byte> arrow, bool compress, Func<ReadOnlySpan<byte>, T> take)
    {
        var rented = ArrayPool<byte>.Shared.Rent(HeaderBytes + (compress ? Compressor.GetCompressBound(arrow.Length) : arrow.Length));
        try
        {
            rented[0] = compress ? Zstd : Plain;
            BinaryPrimitives.WriteInt32LittleEndian(rented.AsSpan(1), arrow.Length);
            var written = arrow.Length;
            if (compress) written = (compressor ??= new Compressor(1)).Wrap(arrow, rented.AsSpan(HeaderBytes));
            else arrow.CopyTo(rented.AsSpan(HeaderBytes));
            return take(rented.AsSpan(0, HeaderBytes + written));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static Apache.Arrow.Array Narrow<T>(ReadOnlySpan<T> values) where T : unmanaged, IBinaryInteger<T>
    {
        T low = T.Zero, high = T.Zero;
        foreach (var value in values)
        {
            if (value < low) low = value;
            if (value > high) high = value;
        }

        return (long.CreateChecked(low), long.CreateChecked(high)) switch
        {
            ( >= 0, <= byte.MaxValue) => Numbers<T, byte>(UInt8Type.Default, values),
            ( >= 0, <= ushort.MaxValue) => Numbers<T, ushort>(UInt16Type.Default, values),
            ( >= 0, <= uint.MaxValue) => Numbers<T, uint>(UInt32Type.Default, values),
            ( >= int.MinValue, <= int.MaxValue) => Numbers<T, int>(Int32Type.Default, values),
            _ => Numbers<T, long>(Int64Type.Default, values),
        };
    }

    private static Apache.Arrow.Array Numbers<TFrom, TTo>(IArrowType type, ReadOnlySpan<TFrom> values)
        where TFrom : unmanaged, IBinaryInteger<TFrom> where TTo : unmanaged, IBinaryInteger<TTo>
    {
        var bytes = GC.AllocateUninitializedArray<byte>(values.Length * Unsafe.SizeOf<TTo>());
        var to = MemoryMarshal.Cast<byte, TTo>(bytes.AsSpan());
        for (var row = 0; row < to.Length; row++) to[row] = TTo.CreateTruncating(values[row]);
        return Array(type, values.Length, bytes);
    }

    /// <summary>Only the words that these rows use, in order of first appearance.</summary>
    private static DictionaryArray Coded(ReadOnlySpan<int> codes, string[] words)
    {
        var local = ArrayPool<int>.Shared.Rent(words.Length);
        var mapped = ArrayPool<int>.Shared.Rent(codes.Length);
        try
        {
            local.AsSpan(0, words.Length).Fill(-1);
            var used = new List<string>();
            for (var row = 0; row < codes.Length; row++)
            {
                ref var code = ref local[codes[row]];
                if (code < 0)
                {
                    code = used.Count;
                    used.Add(words[codes[row]]);
                }

                mapped[row] = code;
            }

            ReadOnlySpan<int> written = mapped.AsSpan(0, codes.Length);
            var indices = used.Count switch
            {
                <= sbyte.MaxValue => Numbers<int, sbyte>(Int8Type.Default, written),
                <= short.MaxValue => Numbers<int, short>(Int16Type.Default, written),
                _ => Numbers<int, int>(Int32Type.Default, written),
            };
            return new DictionaryArray(new DictionaryType(indices.Data.DataType, StringType.Default, ordered: false), indices, Strings(used));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(local);
            ArrayPool<int>.Shared.Return(mapped);
        }
    }

    private static Apache.Arrow.Array Strings(List<string> words)
    {
        var offsets = new byte[(words.Count + 1) * sizeof(int)];
        var ends = MemoryMarshal.Cast<byte, int>(offsets.AsSpan());
        for (var word = 0; word < words.Count; word++) ends[word + 1] = ends[word] + Encoding.UTF8.GetByteCount(words[word]);
        var bytes = new byte[ends[words.Count]];
        for (var word = 0; word < words.Count; word++) Encoding.UTF8.GetBytes(words[word], bytes.AsSpan(ends[word]));
        return Array(StringType.Default, words.Count, offsets, bytes);
    }

    private static Apache.Arrow.Array Array(IArrowType type, int length, params ReadOnlySpan<byte[]> buffers) => (Apache.Arrow.Array)ArrowArrayFactory.BuildArray(
        new ArrayData(type, length, nullCount: 0, offset: 0, (ArrowBuffer[])[ArrowBuffer.Empty, .. buffers.ToArray().Select(bytes => new ArrowBuffer(bytes))]));

    private static string[] Words(StringArray dictionary)
    {
        var words = new string[dictionary.Length];
        var offsets = dictionary.ValueOffsets;
        var bytes = dictionary.Values;
        for (var word = 0; word < words.Length; word++) words[word] = Encoding.UTF8.GetString(bytes[offsets[word]..offsets[word + 1]]);
        return words;
    }

    private static void Widen<T>(ArrayData data, Span<T> to) where T : unmanaged, IBinaryInteger<T>
    {
        var bytes = data.Buffers[1].Span;
        switch (data.DataType.TypeId)
        {
            case ArrowTypeId.UInt8: Copy<byte, T>(bytes, to); break;
            case ArrowTypeId.UInt16: Copy<ushort, T>(bytes, to); break;
            case ArrowTypeId.UInt32: Copy<uint, T>(bytes, to); break;
            case ArrowTypeId.Int8: Copy<sbyte, T>(bytes, to); break;
            case ArrowTypeId.Int16: Copy<short, T>(bytes, to); break;
            case ArrowTypeId.Int32: Copy<int, T>(bytes, to); break;
            case ArrowTypeId.Int64: Copy<long, T>(bytes, to); break;
            default: throw new InvalidDataException($"A segment's column has Arrow type {data.DataType.Name}, which this version does not read.");
        }
    }

    private static void Copy<TFrom, TTo>(ReadOnlySpan<byte> bytes, Span<TTo> to)
        where TFrom : unmanaged, IBinaryInteger<TFrom> where TTo : unmanaged, IBinaryInteger<TTo>
    {
        var from = MemoryMarshal.Cast<byte, TFrom>(bytes)[..to.Length];
        if (typeof(TFrom) == typeof(TTo)) MemoryMarshal.Cast<TFrom, TTo>(from).CopyTo(to);
        else for (var row = 0; row < to.Length; row++) to[row] = TTo.CreateTruncating(from[row]);
    }
}
