using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;

namespace Autonoomi.Amazon.Reports;

/// <summary>Reads a report of the Ads API (one JSON array of flat rows, plain or gzip) into a table: unpacking on one thread, reading on another, a few megabytes in flight.</summary>
public static class ReportReader
{
    // A token (a search term, at most) that lies across two blocks is moved into the room before the second one.
    private const int Room = 64 << 10;
    private const int Block = 1 << 20;
    private const int InFlight = 3;

    /// <param name="dataset">TargetDay, SearchTermDay, PlacementDay or ProductDay.</param>
    /// <param name="document">The report as it was downloaded.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="AmazonDocumentException">A row breaks a rule; nothing is kept.</exception>
    /// <exception cref="EndOfStreamException">The document is cut off.</exception>
    public static async Task<FactTable> ReadAsync(Dataset dataset, Stream document, CancellationToken cancellationToken)
    {
        var plain = await Documents.OpenAsync($"{dataset} report", document, new AmazonOptions(), cancellationToken).ConfigureAwait(false);
        await using (plain.ConfigureAwait(false)) return await ReadPlainAsync(dataset, plain, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<FactTable> ReadPlainAsync(Dataset dataset, Stream plain, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var blocks = Channel.CreateBounded<(byte[] Buffer, int Length)>(new BoundedChannelOptions(InFlight) { SingleReader = true, SingleWriter = true });
        var unpacking = Task.Run(() => UnpackAsync(plain, blocks.Writer, stop.Token), CancellationToken.None);
        try
        {
            return await Task.Run(() => ReadBlocksAsync(dataset, blocks.Reader, stop.Token), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            // The stream belongs to the caller: nobody may still read from it when we return.
            await stop.CancelAsync().ConfigureAwait(false);
            await unpacking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (blocks.Reader.TryRead(out var left)) ArrayPool<byte>.Shared.Return(left.Buffer);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends the unpacking is handed to the reading side, which throws it.")]
    private static async Task UnpackAsync(Stream plain, ChannelWriter<(byte[] Buffer, int Length)> blocks, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var buffer = ArrayPool<byte>.Shared.Rent(Room + Block);
                var length = await plain.ReadAtLeastAsync(buffer.AsMemory(Room, Block), Block, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                if (length == 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    blocks.Complete();
                    return;
                }

                await blocks.WriteAsync((buffer, length), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            blocks.TryComplete(failure);
        }
    }

    private static async Task<FactTable> ReadBlocksAsync(Dataset dataset, ChannelReader<(byte[] Buffer, int Length)> blocks, CancellationToken cancellationToken)
    {
        var rows = new RowReader(ReportLayout.Of(dataset));
        var rest = new byte[Room];
        var left = 0;
        while (await WaitAsync(blocks, cancellationToken).ConfigureAwait(false))
        {
            while (blocks.TryRead(out var block))
            {
                try
                {
                    rest.AsSpan(0, left).CopyTo(block.Buffer.AsSpan(Room - left));
                    var data = block.Buffer.AsSpan(Room - left, left + block.Length);
                    var unread = data[rows.Read(data)..];
                    if (unread.Length > Room) throw rows.Broken(null, $"a single value is longer than {Room >> 10} KB");
                    unread.CopyTo(rest);
                    left = unread.Length;
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(block.Buffer);
                }
            }
        }

        return rows.Finish(rest.AsSpan(0, left));
    }

    private static async ValueTask<bool> WaitAsync(ChannelReader<(byte[] Buffer, int Length)> blocks, CancellationToken cancellationToken)
    {
        try
        {
            return await blocks.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            throw;
        }
    }

    /// <summary>The rows of one document, token by token across blocks.</summary>
    private sealed class RowReader(ReportLayout layout)
    {
        private const int NotOurs = -1;
        private readonly FactTableBuilder table = new(TableSchema.Of(layout.Dataset));
        private readonly ReportField[] fields = [.. layout.Fields];
        private readonly long[] numbers = new long[layout.Fields.Length];
        private readonly List<(byte[] Name, int Field)> order = [];
        private readonly ulong all = (1UL << layout.Fields.Length) - 1;
        private readonly byte[] lastDay = new byte[10];
        private JsonReaderState state;
        private char[] text = new char[256];
        private int textLength;
        private int lastDayNumber;
        private ulong seen;
        private int field = NotOurs;
        private int place;
        private long row;
        private bool begun;
        private bool closed;
        private bool outside;

        /// <returns>How many bytes were read; the rest belongs before the next block.</returns>
        public int Read(ReadOnlySpan<byte> data)
        {
            var reader = new Utf8JsonReader(data, isFinalBlock: false, state);
            try
            {
                while (reader.Read()) Take(ref reader);
            }
            catch (JsonException)
            {
                // The parser's own words may quote the document.
                throw Broken(null, begun ? "it is not JSON from here on" : "it is not a JSON array");
            }

            state = reader.CurrentState;
            return (int)reader.BytesConsumed;
        }

        public FactTable Finish(ReadOnlySpan<byte> rest)
        {
            if (!closed) throw new EndOfStreamException($"The {layout.Dataset} report ends in row {row}, before its list closes.");
            if (!rest.Trim(" \r\n\t"u8).IsEmpty) throw Broken(null, "something follows after the end of the list");
            return table.Build();
        }

        public AmazonDocumentException Broken(string? name, string rule) => new($"{layout.Dataset} report", row, name, rule);

        private void Take(ref Utf8JsonReader reader)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when reader.CurrentDepth == 2:
                    field = Find(reader.ValueSpan);
                    break;
                case JsonTokenType.Number when field != NotOurs && reader.CurrentDepth == 2:
                    TakeNumber(reader.ValueSpan);
                    break;
                case JsonTokenType.String when field != NotOurs && reader.CurrentDepth == 2:
                    TakeText(ref reader);
                    break;
                case JsonTokenType.StartObject when reader.CurrentDepth == 1:
                    row++;
                    seen = 0;
                    place = 0;
                    outside = false;
                    field = NotOurs;
                    break;
                case JsonTokenType.EndObject when reader.CurrentDepth == 1:
                    Complete();
                    break;
                case JsonTokenType.StartArray when reader.CurrentDepth == 0:
                    begun = true;
                    break;
                case JsonTokenType.EndArray when reader.CurrentDepth == 0:
                    closed = true;
                    break;
                default:
                    if (reader.CurrentDepth == 0) throw Broken(null, "it is not a JSON array");
                    if (reader.CurrentDepth == 1) throw Broken(null, "it is not an object");
                    if (field != NotOurs && reader.CurrentDepth == 2) throw WrongType(reader.TokenType == JsonTokenType.Null ? "null" : "no such value");
                    break;
            }
        }

        // Rows repeat their columns in one order: the name expected here is compared first.
        private int Find(ReadOnlySpan<byte> name)
        {
            if (place < order.Count && name.SequenceEqual(order[place].Name)) return order[place++].Field;
            var found = NotOurs;
            for (var index = 0; index < fields.Length; index++)
                if (name.SequenceEqual(fields[index].Utf8)) found = index;
            if (row == 1)
            {
                order.Add((name.ToArray(), found));
                place = order.Count;
            }
            else
            {
                // A missing or moved column: look where it stood and go on from there.
                var known = order.FindIndex(entry => entry.Field == found && found != NotOurs);
                if (known >= 0) place = known + 1;
            }

            return found;
        }

        private void TakeNumber(ReadOnlySpan<byte> digits)
        {
            var kind = fields[field].Kind;
            if (kind == FieldKind.Amount)
            {
                if (!Utf8Amounts.TryMicros(digits, out numbers[field])) throw WrongType("no amount that can be held");
                if (numbers[field] < 0) throw Broken(fields[field].Name, "an amount is zero or more, and this one is negative");
            }
            else if (kind == FieldKind.Count)
            {
                if (!Utf8Amounts.TryWhole(digits, out numbers[field])) throw WrongType("no whole number");
                if (numbers[field] < 0) throw Broken(fields[field].Name, "a count is zero or more, and this one is negative");
            }
            else if (kind == FieldKind.Id)
            {
                TakeId(digits);
            }
            else
            {
                throw WrongType("a number");
            }

            seen |= 1UL << field;
        }

        private void TakeText(ref Utf8JsonReader reader)
        {
            switch (fields[field].Kind)
            {
                case FieldKind.Text:
                    if (text.Length < reader.ValueSpan.Length) text = new char[reader.ValueSpan.Length * 2];
                    try
                    {
                        textLength = reader.ValueIsEscaped ? reader.CopyString(text) : Encoding.UTF8.GetChars(reader.ValueSpan, text);
                    }
                    catch (InvalidOperationException)
                    {
                        throw WrongType("text that is not valid UTF-8");
                    }

                    break;
                case FieldKind.Day:
                    TakeDay(reader.ValueSpan);
                    break;
                case FieldKind.Id:
                    TakeId(reader.ValueSpan);
                    break;
                case FieldKind.Placement:
                    TakePlacement(ref reader);
                    break;
                default:
                    throw WrongType("text");
            }

            seen |= 1UL << field;
        }

        private void TakeId(ReadOnlySpan<byte> digits)
        {
            if (!Utf8Amounts.TryWhole(digits, out numbers[field]) || numbers[field] <= 0) throw Broken(fields[field].Name, "an id is a whole number from 1 to 2^63 - 1, and this one is not");
        }

        private void TakeDay(ReadOnlySpan<byte> day)
        {
            if (!day.SequenceEqual(lastDay))
            {
                if (day.Length != 10 || day[4] != '-' || day[7] != '-' || !Digits(day[..4], out var year) || !Digits(day[5..7], out var month) || !Digits(day[8..], out var date)
                    || year < 2000 || month is < 1 or > 12 || date < 1 || date > DateTime.DaysInMonth(year, month))
                    throw Broken(fields[field].Name, "a day is written YYYY-MM-DD, and this one is not");
                lastDayNumber = new DateOnly(year, month, date).DayNumber;
                day.CopyTo(lastDay);
            }

            numbers[field] = lastDayNumber;
        }

        private void TakePlacement(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("Top of Search on-Amazon"u8)) numbers[field] = (long)Placement.TopOfSearch;
            else if (reader.ValueTextEquals("Other on-Amazon"u8)) numbers[field] = (long)Placement.RestOfSearch;
            else if (reader.ValueTextEquals("Detail Page on-Amazon"u8)) numbers[field] = (long)Placement.ProductPages;
            // No bid can be set for places outside Amazon; their cost is in the target's day all the same.
            else if (reader.ValueTextEquals("Off Amazon"u8)) outside = true;
            else throw Broken(fields[field].Name, "it names a placement that is not known");
        }

        private void Complete()
        {
            if (seen != all)
            {
                for (var index = 0; index < fields.Length; index++)
                    if ((seen & (1UL << index)) == 0) throw Broken(fields[index].Name, "the column is missing");
            }

            if (outside) return;
            for (var index = 0; index < fields.Length; index++)
            {
                switch (fields[index].Kind)
                {
                    case FieldKind.Text: table.Text(text.AsSpan(0, textLength)); break;
                    case FieldKind.Day or FieldKind.Placement: table.Int((int)numbers[index]); break;
                    default: table.Long(numbers[index]); break;
                }
            }
        }

        private AmazonDocumentException WrongType(string found) => Broken(fields[field].Name, $"{Expected(fields[field].Kind)} was expected, and it is {found}");

        private static string Expected(FieldKind kind) => kind switch
        {
            FieldKind.Day => "a day",
            FieldKind.Id => "an id",
            FieldKind.Text => "text",
            FieldKind.Placement => "a placement",
            FieldKind.Count => "a whole number",
            FieldKind.Amount => "an amount",
        };

        private static bool Digits(ReadOnlySpan<byte> digits, out int value)
        {
            value = 0;
            foreach (var digit in digits)
            {
                if (digit is < (byte)'0' or > (byte)'9') return false;
                value = (value * 10) + (digit - '0');
            }

            return true;
        }
    }
}
