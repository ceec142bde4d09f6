using System.IO;
using System.Text.Json;

namespace Autonoomi.Amazon.Reports;

/// <summary>The objects of one array of a large JSON document, one at a time from a stream: <c>{"about": {…}, "items": [{…}, {…}]}</c>.</summary>
internal static class JsonItems
{
    private const int LargestItem = 1 << 20;

    /// <summary>Deeper than any report of Amazon's.</summary>
    private const int Deepest = 16;

    /// <param name="document">For messages.</param>
    /// <param name="plain">The document.</param>
    /// <param name="array">Name of the array in the outermost object.</param>
    /// <param name="take">Gets the bytes of each item, and its number from 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="AmazonDocumentException">The document is not JSON, is cut, or has no such array.</exception>
    public static async Task ReadAsync(string document, Stream plain, string array, ByteLines.Take take, CancellationToken cancellationToken)
    {
        var scan = new Scan(document, array, take);
        var buffer = new byte[128 << 10];
        var filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                if (buffer.Length >= LargestItem) throw new AmazonDocumentException(document, scan.Row + 1, null, $"an item is larger than {LargestItem >> 20} MB");
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await plain.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            filled += read;
            var used = scan.Read(buffer.AsSpan(0, filled), isLast: read == 0);
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            if (read == 0) break;
        }

        if (!scan.Found) throw new AmazonDocumentException(document, 0, array, "the list is missing");
    }

    private sealed class Scan(string document, string array, ByteLines.Take take)
    {
        private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = Deepest });
        private bool inside;
        private bool named;

        public bool Found { get; private set; }

        public long Row { get; private set; }

        /// <returns>Bytes that are done with.</returns>
        public int Read(ReadOnlySpan<byte> bytes, bool isLast)
        {
            var reader = new Utf8JsonReader(bytes, isLast, state);
            try
            {
                while (inside ? Item(ref reader, bytes) : Token(ref reader)) { }
            }
            catch (JsonException)
            {
                throw new AmazonDocumentException(document, Row + 1, null, isLast ? "it is cut off, or is not JSON" : "it is not JSON");
            }

            state = reader.CurrentState;
            return (int)reader.BytesConsumed;
        }

        // An item that is not whole yet is read again from its beginning when there are more bytes: the reader stays before it.
        private bool Item(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
        {
            var ahead = reader;
            if (!ahead.Read()) return false;
            if (ahead.TokenType == JsonTokenType.StartObject)
            {
                var begin = (int)ahead.TokenStartIndex;
                if (!ahead.TrySkip()) return false;
                take(bytes[begin..(int)ahead.BytesConsumed], ++Row);
            }
            else
            {
                if (ahead.TokenType != JsonTokenType.EndArray) throw new AmazonDocumentException(document, Row + 1, array, "an object was expected");
                inside = false;
            }

            reader = ahead;
            return true;
        }

        private bool Token(ref Utf8JsonReader reader)
        {
            if (!reader.Read()) return false;
            if (reader.CurrentDepth != 1) return true;
            if (reader.TokenType == JsonTokenType.PropertyName) named = reader.ValueTextEquals(array);
            else if (reader.TokenType == JsonTokenType.StartArray && named) (inside, Found) = (true, true);
            return true;
        }
    }
}
