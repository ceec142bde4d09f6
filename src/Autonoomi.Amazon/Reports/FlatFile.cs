using System.Globalization;
using System.Text;

namespace Autonoomi.Amazon.Reports;

/// <summary>Amazon's flat files: tab-separated, one header line, columns found by name. A column that was not asked for is stepped over as bytes: no text of it ever exists.</summary>
internal sealed class FlatFile
{
    // Columns about people, by the words that flat files use. Asking for one is a mistake in our own code.
    private static readonly string[] Personal = ["buyer-", "ship-", "recipient-", "bill-", "gift-", "customer-", "cpf", "license-plate", "purchase-order", "delivery-", "payments-status", "vat-", "tax-"];

    private readonly string document;
    private readonly string[] wanted;
    private readonly int required;
    private readonly Encoding encoding;
    private readonly Row row;
    private int[]? places;
    private int width;

    private FlatFile(string document, string[] wanted, int required, Encoding encoding)
    {
        (this.document, this.wanted, this.required, this.encoding) = (document, wanted, required, encoding);
        row = new Row(this);
    }

    public delegate void Take(Row row);

    /// <summary>Reads a file row by row; the row handed over is the same object each time.</summary>
    /// <param name="document">For messages.</param>
    /// <param name="plain">The file.</param>
    /// <param name="required">Columns that must be there, in the file's words; blanks, underscores and capitals do not matter.</param>
    /// <param name="optional">Columns that some marketplaces or settings leave out: empty there.</param>
    /// <param name="take">Gets each row; columns are numbered as required, then optional.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="AmazonDocumentException">The header lacks a column, a row does not fit the header, or bytes do not fit the charset.</exception>
    public static Task ReadAsync(string document, PlainDocument plain, string[] required, string[] optional, Take take, CancellationToken cancellationToken)
    {
        string[] wanted = [.. required, .. optional];
        if (wanted.FirstOrDefault(name => Personal.Any(word => name.StartsWith(word, StringComparison.Ordinal))) is { } person)
            throw new ArgumentException($"The column '{person}' is about a person and is never read.", nameof(required));
        var file = new FlatFile(document, wanted, required.Length, EncodingOf(document, plain.Charset));
        return ReadAllAsync();

        async Task ReadAllAsync()
        {
            await ByteLines.ReadAsync(document, plain.Content, (line, number) => file.Line(line, number, take), cancellationToken).ConfigureAwait(false);
            if (file.places is null) throw new AmazonDocumentException(document, 0, null, "a header line was expected, and the file is empty");
        }
    }

    private static Encoding EncodingOf(string document, string? charset) => charset?.Trim('"', ' ').ToUpperInvariant() switch
    {
        null or "" or "UTF-8" or "UTF8" or "US-ASCII" => new UTF8Encoding(false, throwOnInvalidBytes: true),
        "ISO-8859-1" or "LATIN1" => Encoding.Latin1,
        "WINDOWS-1252" or "CP1252" => Strict(1252),
        "SHIFT_JIS" or "SHIFT-JIS" or "SJIS" or "WINDOWS-31J" or "CP932" or "MS932" => Strict(932),
        _ => throw new AmazonDocumentException(document, 0, null, "its charset is none of UTF-8, ISO-8859-1, Windows-1252 and Shift_JIS, in which Amazon writes flat files"),
    };

    private static Encoding Strict(int page) => CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    // In each of the charsets a tab or a line feed is one byte and never part of another sign, so lines and fields are cut before anything is decoded.
    private void Line(ReadOnlySpan<byte> line, long number, Take take)
    {
        if (line is [.., (byte)'\r']) line = line[..^1];
        if (places is null)
        {
            Header(line);
            return;
        }

        if (line.Trim(" \t"u8).IsEmpty) return;
        row.Fill(line, number);
        take(row);
    }

    private void Header(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("\uFEFF"u8)) line = line[3..];
        if (line.TrimStart(" "u8) is [(byte)'<' or (byte)'{', ..]) throw new AmazonDocumentException(document, 0, null, "a header line was expected, and something else came");
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        width = 0;
        foreach (var range in line.Split((byte)'\t'))
        {
            var name = Plain(Encoding.Latin1.GetString(line[range]));
            names.TryAdd(name, width++);
        }

        var found = new int[wanted.Length];
        for (var index = 0; index < wanted.Length; index++)
        {
            found[index] = names.GetValueOrDefault(Plain(wanted[index]), -1);
            if (found[index] < 0 && index < required) throw new AmazonDocumentException(document, 0, wanted[index], "the header has no such column");
        }

        places = found;
    }

    private static string Plain(string name) => name.Trim().Trim('"').ToLowerInvariant().Replace(' ', '-').Replace('_', '-');

    /// <summary>One row; columns by their number in the list that was asked for. Valid until the next row.</summary>
    internal sealed class Row(FlatFile file)
    {
        private byte[] line = [];
        private int length;
        private readonly List<(int Begin, int Length)> fields = [];

        /// <summary>Line of the file, from 1; the header is 1.</summary>
        public long Number { get; private set; }

        public void Fill(ReadOnlySpan<byte> bytes, long number)
        {
            if (line.Length < bytes.Length) line = new byte[bytes.Length * 2];
            bytes.CopyTo(line);
            (length, Number) = (bytes.Length, number);
            fields.Clear();
            foreach (var range in bytes.Split((byte)'\t'))
            {
                var (begin, count) = range.GetOffsetAndLength(length);
                fields.Add((begin, count));
            }

            if (fields.Count > file.width) throw new AmazonDocumentException(file.document, number, null, $"{file.width} fields were expected as in the header, and {fields.Count} came");
        }

        /// <summary>The field's bytes without blanks around; empty when the file has no such column.</summary>
        public ReadOnlySpan<byte> Bytes(int column)
        {
            var place = file.places![column];
            if (place < 0 || place >= fields.Count) return default;
            var (begin, count) = fields[place];
            return line.AsSpan(begin, count).Trim(" "u8);
        }

        public bool IsEmpty(int column) => Bytes(column).IsEmpty;

        public bool Is(int column, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(Bytes(column), word);

        public string Text(int column)
        {
            try
            {
                return file.encoding.GetString(Bytes(column));
            }
            catch (DecoderFallbackException)
            {
                throw Wrong(column, "its bytes do not fit the file's charset");
            }
        }

        public string Needed(int column) => IsEmpty(column) ? throw Wrong(column, "the field is empty") : Text(column);

        /// <returns>Millionths; 0 for an empty field. A decimal comma is one.</returns>
        public long Micros(int column)
        {
            var digits = Bytes(column);
            if (digits.IsEmpty) return 0;
            if (Utf8Amounts.TryMicros(digits, out var micros)) return micros;
            var comma = digits.IndexOf((byte)',');
            if (comma >= 0 && digits.IndexOf((byte)'.') < 0 && digits.Length <= 32)
            {
                Span<byte> pointed = stackalloc byte[digits.Length];
                digits.CopyTo(pointed);
                pointed[comma] = (byte)'.';
                if (Utf8Amounts.TryMicros(pointed, out micros)) return micros;
            }

            throw Wrong(column, "an amount was expected");
        }

        /// <returns>A whole number of any sign; null for an empty field.</returns>
        public long? Whole(int column)
        {
            var digits = Bytes(column);
            if (digits.IsEmpty) return null;
            return Utf8Amounts.TryWhole(digits, out var value) ? value : throw Wrong(column, "a whole number was expected");
        }

        /// <returns>A number of zero or more; 0 for an empty field.</returns>
        public long Count(int column) => Whole(column) switch
        {
            null => 0,
            >= 0 and var count => count,
            _ => throw Wrong(column, "a count is zero or more, and this one is negative"),
        };

        /// <returns>An instant in one of the ways in which flat files write it: ISO 8601, <c>2026-10-01 08:00:00 UTC</c>, <c>01.10.2026 08:00:00 UTC</c>.</returns>
        public DateTimeOffset Instant(int column)
        {
            var bytes = Bytes(column);
            Span<char> text = stackalloc char[40];
            if (bytes.Length is > 0 and <= 40)
            {
                for (var index = 0; index < bytes.Length; index++) text[index] = (char)bytes[index];
                var written = text[..bytes.Length];
                if (written.EndsWith(" UTC", StringComparison.Ordinal)) written = written[..^4];
                if (DateTimeOffset.TryParseExact(written, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)) return instant;
            }

            throw Wrong(column, "an instant was expected");
        }

        public AmazonDocumentException Wrong(int column, string rule) => new(file.document, Number, file.wanted[column], rule);

        private static readonly string[] Instants =
        [
            "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.fffK", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "yyyy/MM/dd HH:mm:ss",
            "dd.MM.yyyy HH:mm:ss", "dd.MM.yyyy", "dd/MM/yyyy HH:mm:ss",
        ];
    }
}
