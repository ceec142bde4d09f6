using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Autonoomi.Core.Facts;
using Autonoomi.Privacy.Scrubbing;

namespace Autonoomi.Amazon.Reports;

/// <summary>Reads a report of the Ads API (one JSON array of flat rows, plain or gzip) into tables: unpacking on one thread, reading on another, a few megabytes in flight.</summary>
public static class ReportReader
{
    // A row that lies across two blocks is moved into the room before the second one.
    private const int Room = 64 << 10;
    private const int Block = 1 << 20;
    private const int InFlight = 3;

    // Tables that wait for their reader beside the one in the making and the one in the reader's hands.
    private const int TablesInFlight = 3;

    /// <summary>Rows of one part of <see cref="ReadPartsAsync"/>: large enough to compress well, small enough that no column reaches the large object heap (85,000 bytes), which is seldom collected.</summary>
    internal const int PartRows = 10_000;

    /// <param name="dataset">One that comes from a report of the Ads API.</param>
    /// <param name="document">The report as it was downloaded.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="AmazonDocumentException">Too many rows break a rule; nothing is kept.</exception>
    /// <exception cref="EndOfStreamException">The document is cut off.</exception>
    public static async Task<FactTable> ReadAsync(Dataset dataset, Stream document, CancellationToken cancellationToken)
    {
        var parts = new List<FactTable>();
        await foreach (var part in ReadPartsAsync(dataset, document, cancellationToken).ConfigureAwait(false)) parts.Add(part);
        return FactTable.Concat(dataset, parts);
    }

    /// <summary>The same in tables of bounded size, in the report's order: the next one is read while the caller works on the last, and memory does not grow with the report.</summary>
    /// <remarks>A broken row or a cut document ends the sequence with an exception after whole parts were given out: keep nothing before the end was seen.</remarks>
    public static async IAsyncEnumerable<FactTable> ReadPartsAsync(Dataset dataset, Stream document, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plain = await Documents.OpenAsync($"{dataset} report", document, new AmazonOptions(), cancellationToken).ConfigureAwait(false);
        await using (plain.ConfigureAwait(false))
        {
            await foreach (var part in new ReportParts(dataset, plain, currency: null).WithCancellation(cancellationToken).ConfigureAwait(false)) yield return part;
        }
    }

    /// <param name="report">What is read, from where; learns what was left out and the report's own sums.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal static async IAsyncEnumerable<FactTable> ReadPlainPartsAsync(ReportParts report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var blocks = Channel.CreateBounded<(byte[] Buffer, int Length)>(new BoundedChannelOptions(InFlight) { SingleReader = true, SingleWriter = true });
        var tables = Channel.CreateBounded<FactTable>(new BoundedChannelOptions(TablesInFlight) { SingleReader = true, SingleWriter = true });
        var unpacking = Task.Run(() => UnpackAsync(report.Plain, blocks.Writer, stop.Token), CancellationToken.None);
        var reading = Task.Run(() => ReadBlocksAsync(report, blocks.Reader, tables.Writer, stop.Token), CancellationToken.None);
        try
        {
            while (await WaitAsync(tables.Reader, stop.Token).ConfigureAwait(false))
                while (tables.Reader.TryRead(out var table)) yield return Scrubbed(table);
        }
        finally
        {
            // The stream belongs to the caller: nobody may still read from it when we return.
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(unpacking, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (blocks.Reader.TryRead(out var left)) ArrayPool<byte>.Shared.Return(left.Buffer);
        }
    }

    // What shoppers typed may tell who they are: it goes before anybody sees it, on the thread that has time for it.
    private static FactTable Scrubbed(FactTable part) => part.Schema.Dataset is Dataset.SearchTermDay or Dataset.BrandsSearchTermDay ? part.Reword("search_term", TermScrubber.Scrub) : part;

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

    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends the reading is handed to the caller's side, which throws it.")]
    private static async Task ReadBlocksAsync(ReportParts report, ChannelReader<(byte[] Buffer, int Length)> blocks, ChannelWriter<FactTable> tables, CancellationToken cancellationToken)
    {
        try
        {
            var rows = new ReportRows(ReportLayout.Of(report.Dataset), PartRows, report);
            var rest = new byte[Room];
            var left = 0;
            while (await WaitAsync(blocks, cancellationToken).ConfigureAwait(false))
            {
                while (blocks.TryRead(out var block))
                {
                    try
                    {
                        rest.AsSpan(0, left).CopyTo(block.Buffer.AsSpan(Room - left));
                        var data = block.Buffer.AsMemory(Room - left, left + block.Length);
                        var read = 0;
                        while (true)
                        {
                            read += rows.Read(data.Span[read..]);
                            if (!rows.IsFull) break;
                            await tables.WriteAsync(rows.TakePart(), cancellationToken).ConfigureAwait(false);
                        }

                        var unread = data.Span[read..];
                        if (unread.Length > Room) throw rows.Broken(null, $"a single row is longer than {Room >> 10} KB");
                        unread.CopyTo(rest);
                        left = unread.Length;
                    }
                    finally
                    {
                        ArrayPool<byte>.Shared.Return(block.Buffer);
                    }
                }
            }

            if (rows.Finish(rest.AsSpan(0, left)) is { } last) await tables.WriteAsync(last, cancellationToken).ConfigureAwait(false);
            tables.Complete();
        }
        catch (Exception failure)
        {
            tables.TryComplete(failure);
        }
    }

    private static async ValueTask<bool> WaitAsync<T>(ChannelReader<T> items, CancellationToken cancellationToken)
    {
        try
        {
            return await items.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is { } failure)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            throw;
        }
    }
}
