using System.Buffers;
using System.Collections.Immutable;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;

namespace Autonoomi.Amazon.Reports;

/// <summary>The rows of one report, block by block.</summary>
/// <remarks>
/// Amazon writes all rows of a report alike, so the first row teaches the bytes between the values, and later rows that match them are read without a general parser
/// (measured: three times faster). Whatever differs in the least, escapes, another order, a missing column, goes through the JSON reader, which alone decides what is wrong.
/// </remarks>
/// <param name="layout">What the rows hold.</param>
/// <param name="partRows">Rows after which <see cref="Read"/> pauses, to be called again after <see cref="TakePart"/>.</param>
/// <param name="report">Learns what was rejected and what the rows add up to.</param>
internal sealed class ReportRows(ReportLayout layout, int partRows, ReportParts report)
{
    // A report of which more than one row in a hundred is wrong is wrong itself; one with so many is not read to its end.
    private const int RowsPerReject = 100;
    private const int MostRejects = 1000;

    // No row of a day comes near: what is larger is a mistake, and millions of such rows would break the sums.
    private const long LargestAmount = 1_000_000_000L * 1_000_000;
    private const long LargestCount = 1_000_000_000_000;
    private const int LongestText = 1000;
    private const int DeepestNesting = 16;

    private const int NotOurs = -1;

    // Most reports are small; a part's size is this doubled a few times, so that full parts are handed over without a copy.
    private const int FirstRoom = 625;
    private static readonly SearchValues<byte> EndOfText = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> EndOfNumber = SearchValues.Create(",} \t\r\n\"\\[]{"u8);
    private readonly FactTableBuilder table = new(TableSchema.Of(layout.Dataset), FirstRoom);
    private readonly ReportField[] fields = [.. report.Currency is null ? layout.Fields : layout.Asked];
    private readonly byte[] currency = Encoding.ASCII.GetBytes(report.Currency?.Code ?? "");
    private readonly long[] numbers = new long[layout.Asked.Length];
    private readonly long[] sums = new long[layout.Asked.Length];
    private readonly ulong all = (1UL << (report.Currency is null ? layout.Fields : layout.Asked).Length) - 1;
    private readonly ulong absent = (report.Currency is null ? layout.Fields : layout.Asked).Select((field, index) => field.MayBeAbsent ? 1UL << index : 0).Aggregate(0UL, (all, one) => all | one);
    private readonly byte[] lastDay = new byte[10];
    private (byte[] Before, int Field)[] learned = [];
    private byte[] learnedEnd = [];
    private readonly char[][] texts = [.. layout.Fields.Select(field => field.Kind == FieldKind.Text ? new char[256] : [])];
    private readonly int[] textLengths = new int[layout.Fields.Length];
    private int lastDayNumber;
    private long row;
    private bool begun;
    private bool afterRow;
    private bool closed;
    private bool outside;
    private AmazonDocumentException? wrong;

    /// <summary>A part is complete.</summary>
    public bool IsFull => table.Rows == partRows;

    /// <summary>The rows since the last part.</summary>
    public FactTable TakePart() => table.Build();

    /// <returns>How many bytes were read, up to a full part; the rest belongs before the next block.</returns>
    public int Read(ReadOnlySpan<byte> data)
    {
        var at = 0;
        while (true)
        {
            while (at < data.Length && data[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
            if (at == data.Length) return at;
            if (closed) throw Broken(null, "something follows after the end of the list");
            if (!begun)
            {
                if (data[at++] != '[') throw Broken(null, "it is not a JSON array");
                begun = true;
            }
            else if (data[at] == ']' && (afterRow || row == 0))
            {
                at++;
                closed = true;
            }
            else if (afterRow)
            {
                if (data[at++] != ',') throw Broken(null, "it is not JSON from here on");
                afterRow = false;
            }
            else
            {
                row++;
                outside = false;
                wrong = null;
                for (var index = 0; index < fields.Length && absent != 0; index++)
                    if ((absent & (1UL << index)) != 0) numbers[index] = 0;
                var used = Fast(data[at..]);
                if (used == 0) used = Careful(data[at..]);
                if (used == 0)
                {
                    // The row goes on in the next block.
                    row--;
                    return at;
                }

                if (wrong is null) Keep();
                else Reject(wrong);
                at += used;
                afterRow = true;
                if (IsFull) return at;
            }
        }
    }

    /// <returns>The last part; null when the one before ended with the report.</returns>
    public FactTable? Finish(ReadOnlySpan<byte> rest)
    {
        if (!closed || !rest.IsEmpty) throw new EndOfStreamException($"The {layout.Dataset} report ends after row {row}, before its list closes.");
        report.Rows = row;
        if (report.Rejected * RowsPerReject > row) throw TooMany(report.Rejects[0]);
        var columns = TableSchema.Of(layout.Dataset).Columns;
        report.Sums = layout.Fields.Select((field, index) => (field.Kind, columns[index].Name, Sum: sums[index])).Where(item => item.Kind is FieldKind.Count or FieldKind.Amount)
            .ToImmutableSortedDictionary(item => item.Name, item => item.Sum, StringComparer.Ordinal);
        return table.Rows == 0 && row > 0 ? null : table.Build();
    }

    public AmazonDocumentException Broken(string? name, string rule) => new($"{layout.Dataset} report", row, name, rule);

    /// <returns>Bytes of the row; 0 when it is not exactly like the first one, or is not all there.</returns>
    private int Fast(ReadOnlySpan<byte> data)
    {
        if (learned.Length == 0) return 0;
        var at = 0;
        foreach (var (before, field) in learned)
        {
            if (!data[at..].StartsWith(before)) return 0;
            at += before.Length;
            if (at == data.Length) return 0;
            var isText = data[at] == '"';
            var value = isText ? data[(at + 1)..] : data[at..];
            var length = value.IndexOfAny(isText ? EndOfText : EndOfNumber);
            if (length < 0 || (isText && value[length] == '\\') || (!isText && length == 0)) return 0;
            value = value[..length];
            if (field != NotOurs && !TakeFast(field, value, isText)) return 0;
            at += isText ? length + 2 : length;
        }

        return data[at..].StartsWith(learnedEnd) ? at + learnedEnd.Length : 0;
    }

    private bool TakeFast(int field, ReadOnlySpan<byte> value, bool isText)
    {
        switch (fields[field].Kind)
        {
            case FieldKind.Amount:
                return !isText && Utf8Amounts.TryMicros(value, out numbers[field]) && numbers[field] is >= 0 and <= LargestAmount;
            case FieldKind.Count:
                return !isText && Utf8Amounts.TryPlain(value, out numbers[field]) && numbers[field] <= LargestCount;
            case FieldKind.Id:
                return (Utf8Amounts.TryPlain(value, out numbers[field]) && numbers[field] > 0) || (fields[field].MayBeAbsent && !isText && value.SequenceEqual("null"u8) && (numbers[field] = 0) == 0);
            case FieldKind.Day when isText:
                return TryDay(field, value);
            case FieldKind.Placement when isText:
                return TryPlacement(field, value);
            case FieldKind.Currency when isText:
                return value.SequenceEqual(currency);
            case FieldKind.Text when isText:
                if (value.Length > LongestText) return false;
                if (texts[field].Length < value.Length) texts[field] = new char[value.Length * 2];
                return Utf8.ToUtf16(value, texts[field], out _, out textLengths[field], replaceInvalidSequences: false) == OperationStatus.Done;
            default:
                return false;
        }
    }

    /// <returns>Bytes of the row; 0 when it is not all there.</returns>
    private int Careful(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = DeepestNesting }));
        var seen = 0UL;
        var field = NotOurs;
        var flat = true;
        var valueEnd = 0;
        List<(byte[] Before, int Field)>? lesson = learned.Length == 0 ? [] : null;
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject when reader.CurrentDepth == 0:
                        break;
                    case JsonTokenType.EndObject when reader.CurrentDepth == 0:
                        if ((seen | absent) != all && wrong is null) wrong = Broken(Missing(seen | absent), "the column is missing");
                        var used = (int)reader.BytesConsumed;
                        if (lesson is not null && flat && wrong is null)
                        {
                            learned = [.. lesson];
                            learnedEnd = data[valueEnd..used].ToArray();
                        }

                        return used;
                    case JsonTokenType.PropertyName when reader.CurrentDepth == 1:
                        field = Find(ref reader);
                        break;
                    default:
                        if (reader.CurrentDepth == 0) throw Broken(null, "it is not an object");
                        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.EndObject or JsonTokenType.EndArray) flat = false;
                        if (reader.CurrentDepth > 1) break;
                        if (field != NotOurs && fields[field].OrElse is not null && (reader.TokenType == JsonTokenType.Null || (seen & (1UL << field)) != 0)) field = NotOurs;
                        if (field != NotOurs)
                        {
                            wrong ??= Take(field, ref reader);
                            seen |= 1UL << field;
                        }

                        lesson?.Add((data[valueEnd..(int)reader.TokenStartIndex].ToArray(), field));
                        valueEnd = (int)reader.BytesConsumed;
                        field = NotOurs;
                        break;
                }
            }
        }
        catch (JsonException)
        {
            // The parser's own words may quote the document.
            throw Broken(null, $"it is not JSON from here on, or nested deeper than {DeepestNesting}");
        }

        return 0;
    }

    private int Find(ref Utf8JsonReader reader)
    {
        for (var index = 0; index < fields.Length; index++)
            if (reader.ValueTextEquals(fields[index].Utf8) || (fields[index].OrElse is not null && reader.ValueTextEquals(fields[index].OrElseUtf8))) return index;
        return NotOurs;
    }

    private string Missing(ulong seen)
    {
        for (var index = 0; index < fields.Length; index++)
            if ((seen & (1UL << index)) == 0) return fields[index].Name;
        throw new InvalidOperationException("Nothing is missing.");
    }

    /// <returns>What rule the value breaks; null when it is taken.</returns>
    /// <exception cref="AmazonDocumentException">It shows that this is not the report that was asked for.</exception>
    private AmazonDocumentException? Take(int field, ref Utf8JsonReader reader)
    {
        var (name, kind) = fields[field];
        var isText = reader.TokenType == JsonTokenType.String;
        if (reader.TokenType == JsonTokenType.Null && fields[field].MayBeAbsent) return null;
        if (!isText && reader.TokenType != JsonTokenType.Number) return WrongType(field, reader.TokenType == JsonTokenType.Null ? "null" : "no such value");
        switch (kind)
        {
            case FieldKind.Amount or FieldKind.Count:
                if (isText) return WrongType(field, "text");
                if (!(kind == FieldKind.Amount ? Utf8Amounts.TryMicros(reader.ValueSpan, out numbers[field]) : Utf8Amounts.TryWhole(reader.ValueSpan, out numbers[field]))) return WrongType(field, "a number that cannot be held so");
                if (numbers[field] < 0) return Broken(name, $"{(kind == FieldKind.Amount ? "an amount" : "a count")} is zero or more, and this one is negative");
                return numbers[field] > (kind == FieldKind.Amount ? LargestAmount : LargestCount) ? Broken(name, "no row of one day can be so large") : null;
            case FieldKind.Id:
                return Utf8Amounts.TryWhole(reader.ValueSpan, out numbers[field]) && numbers[field] > 0 ? null : Broken(name, "an id is a whole number from 1 to 2^63 - 1, and this one is not");
            case FieldKind.Day:
                return isText && TryDay(field, reader.ValueSpan) ? null : Broken(name, "a day is written YYYY-MM-DD, and this one is not");
            case FieldKind.Placement:
                return !isText ? WrongType(field, "a number") : TryPlacement(field, reader.ValueSpan) ? null : Broken(name, "it names a placement that is not known");
            case FieldKind.Currency:
                return isText && reader.ValueTextEquals(currency) ? null : throw Broken(name, $"{report.Currency} was expected, and it is in another currency: nothing of this report is kept");
            case FieldKind.Text:
                if (!isText) return WrongType(field, "a number");
                if (reader.ValueSpan.Length > LongestText) return Broken(name, $"a text has at most {LongestText} characters");
                if (texts[field].Length < reader.ValueSpan.Length) texts[field] = new char[reader.ValueSpan.Length * 2];
                try
                {
                    textLengths[field] = reader.CopyString(texts[field]);
                    return null;
                }
                catch (InvalidOperationException)
                {
                    return WrongType(field, "not valid UTF-8");
                }
        }

        throw new InvalidOperationException($"No rule reads {kind}.");
    }

    private void Reject(AmazonDocumentException broken)
    {
        report.Reject(broken);
        report.Rows = row;
        if (report.Rejected == MostRejects) throw TooMany(report.Rejects[0]);
    }

    private AmazonDocumentException TooMany(RejectedRow first) =>
        new($"{layout.Dataset} report", first.Row, first.Field, report.Rejected == 1 ? first.Rule : $"{first.Rule}; {report.Rejected:#,0} of {row:#,0} rows break a rule, and at most one in {RowsPerReject} may");

    private bool TryDay(int field, ReadOnlySpan<byte> day)
    {
        if (!day.SequenceEqual(lastDay))
        {
            if (day.Length != 10 || day[4] != '-' || day[7] != '-'
                || !Utf8Amounts.TryPlain(day[..4], out var year) || !Utf8Amounts.TryPlain(day[5..7], out var month) || !Utf8Amounts.TryPlain(day[8..], out var date)
                || year < 2000 || month is < 1 or > 12 || date < 1 || date > DateTime.DaysInMonth((int)year, (int)month)) return false;
            lastDayNumber = new DateOnly((int)year, (int)month, (int)date).DayNumber;
            day.CopyTo(lastDay);
        }

        numbers[field] = lastDayNumber;
        return true;
    }

    private bool TryPlacement(int field, ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("Top of Search on-Amazon"u8)) numbers[field] = (long)Placement.TopOfSearch;
        else if (name.SequenceEqual("Other on-Amazon"u8)) numbers[field] = (long)Placement.RestOfSearch;
        else if (name.SequenceEqual("Detail Page on-Amazon"u8)) numbers[field] = (long)Placement.ProductPages;
        // No bid can be set for places outside Amazon; their cost is in the target's day all the same.
        else if (name.SequenceEqual("Off Amazon"u8)) outside = true;
        // Sponsored Brands has places of its own (the home page), and how the report calls them is not documented.
        else if (layout.Dataset == Dataset.BrandsPlacementDay) outside = true;
        else return false;
        return true;
    }

    private void Keep()
    {
        if (outside)
        {
            var (clicks, cost) = report.Outside;
            report.Outside = (clicks + numbers[Position("clicks")], cost + numbers[Position("cost")]);
            return;
        }

        for (var index = 0; index < layout.Fields.Length; index++)
        {
            switch (fields[index].Kind)
            {
                case FieldKind.Text: table.Text(texts[index].AsSpan(0, textLengths[index])); break;
                case FieldKind.Day or FieldKind.Placement: table.Int((int)numbers[index]); break;
                case FieldKind.Id: table.Long(numbers[index]); break;
                default:
                    table.Long(numbers[index]);
                    Add(index);
                    break;
            }
        }
    }

    private void Add(int index)
    {
        // Bounded rows still overflow when there are enough of them.
        if (sums[index] > long.MaxValue - numbers[index]) throw Broken(fields[index].Name, "the report adds up to more than can be held");
        sums[index] += numbers[index];
    }

    private int Position(string column) => Array.FindIndex(fields, field => field.Name == column);

    private AmazonDocumentException WrongType(int field, string found) => Broken(fields[field].Name, $"{Expected(fields[field].Kind)} was expected, and it is {found}");

    private static string Expected(FieldKind kind) => kind switch
    {
        FieldKind.Day => "a day",
        FieldKind.Id => "an id",
        FieldKind.Text => "text",
        FieldKind.Placement => "a placement",
        FieldKind.Count => "a whole number",
        FieldKind.Amount => "an amount",
        FieldKind.Currency => "a currency",
    };
}
