using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading.Channels;
using Autonoomi.Core.Facts;

namespace Autonoomi.Amazon.Reports;

/// <summary>Reads a report of the Ads API (one JSON array of flat rows, plain or gzip) into a table: unpacking on one thread, reading on another, a few megabytes in flight.</summary>
public static class ReportReader
{
    // A row that lies across two blocks is moved into the room before the second one.
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
        var rows = new ReportRows(ReportLayout.Of(dataset));
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
}
