using System.IO;

namespace Autonoomi.Amazon.Reports;

/// <summary>JSON Lines, one line at a time from a stream.</summary>
internal static class JsonLines
{
    /// <param name="document">For messages.</param>
    /// <param name="plain">The document.</param>
    /// <param name="take">Gets each line that is not empty, and its number from 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static Task ReadAsync(string document, Stream plain, ByteLines.Take take, CancellationToken cancellationToken)
    {
        long row = 0;
        return ByteLines.ReadAsync(document, plain, (line, _) =>
        {
            line = line.Trim(" \r\t"u8);
            if (!line.IsEmpty) take(line, ++row);
        }, cancellationToken);
    }
}

/// <summary>Lines of bytes from a stream, never the whole of it.</summary>
internal static class ByteLines
{
    private const int LongestLine = 4 << 20;

    public delegate void Take(ReadOnlySpan<byte> line, long row);

    /// <param name="document">For messages.</param>
    /// <param name="plain">The document.</param>
    /// <param name="take">Gets each line without its line feed, empty ones too, and its number from 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task ReadAsync(string document, Stream plain, Take take, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        var filled = 0;
        long row = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                if (buffer.Length >= LongestLine) throw new AmazonDocumentException(document, row + 1, null, $"a line is longer than {LongestLine >> 20} MB");
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await plain.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            filled += read;
            var begin = 0;
            while (begin < filled)
            {
                var length = buffer.AsSpan(begin, filled - begin).IndexOf((byte)'\n');
                if (length < 0 && read > 0) break;
                var line = buffer.AsSpan(begin, length < 0 ? filled - begin : length);
                begin = length < 0 ? filled : begin + length + 1;
                take(line, ++row);
            }

            buffer.AsSpan(begin, filled - begin).CopyTo(buffer);
            filled -= begin;
            if (read == 0) return;
        }
    }
}
