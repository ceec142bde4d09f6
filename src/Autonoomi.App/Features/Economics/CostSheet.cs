using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text;
using CsvHelper;
using MiniExcelLibs;

namespace Autonoomi.App.Features.Economics;

/// <summary>An uploaded table as rows of text, whatever it came in.</summary>
/// <param name="HeadingRow">Row of the headings as a spreadsheet counts; 0 when the file has none.</param>
/// <param name="Headings">As they stand there.</param>
/// <param name="Rows">Filled rows below, with their numbers.</param>
/// <param name="Numbers">Cells that are numbers in a workbook, by row and column from 0: their text has a decimal point, and no doubt about it.</param>
/// <param name="Problems">What keeps it from being read at all.</param>
internal sealed record CostSheet(int HeadingRow, string[] Headings, IReadOnlyList<(int Row, string[] Cells)> Rows, IReadOnlySet<(int Row, int Column)> Numbers, IReadOnlyList<CostFileProblem> Problems)
{
    private const long LargestUnpacked = 128L * 1024 * 1024;
    private const int MostColumns = 200;
    private static readonly char[] Delimiters = [',', ';', '\t'];
    private static readonly CostFileProblem TooManyRows = new(null, null, "The file has more than 200,000 rows.", "Split it into several files and upload one after the other.");
    private static readonly CostFileProblem NoWorkbook = new(null, null, "The file begins like an Excel workbook and cannot be read as one.", "Open it in a spreadsheet and save it again as .xlsx or as CSV UTF-8.");

    /// <param name="file">The file's bytes.</param>
    public static CostSheet Read(ReadOnlyMemory<byte> file)
    {
        if (IsWorkbook(file.Span)) return Workbook(file);
        return CostFileEncoding.Decode(file.Span, out var text) is { } wrong ? Refused(wrong) : Text(text);
    }

    public static bool IsWorkbook(ReadOnlySpan<byte> file) => file.StartsWith("PK\u0003\u0004"u8);

    private static CostSheet Refused(CostFileProblem problem) => new(0, [], [], new HashSet<(int, int)>(), [problem]);

    private static CostSheet Text(string text)
    {
        var body = text;
        var skipped = 0;
        char? declared = null;
        if (body.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && body.Length > 4 && body[4] is ',' or ';' or '\t')
        {
            declared = body[4];
            var end = body.IndexOf('\n', StringComparison.Ordinal);
            body = end < 0 ? "" : body[(end + 1)..];
            skipped = 1;
        }

        var sheet = new Gathered();
        try
        {
            using var reader = CsvReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(body)), Options(declared ?? Delimiter(body)));
            while (reader.Read())
            {
                var cells = new string[reader.FieldCount];
                for (var i = 0; i < cells.Length; i++) cells[i] = reader.GetString(i);
                if (!sheet.Add((int)reader.RowNumber + skipped, cells)) return Refused(TooManyRows with { Row = (int)reader.RowNumber + skipped });
            }
        }
        catch (CsvFormatException broken)
        {
            return sheet.Whole(new CostFileProblem((int)broken.RecordNumber + skipped, null, "A quotation mark stands in the middle of a cell or is never closed, or the row is longer than 64 KB.", "Put the whole cell in quotation marks and double those inside, or remove them."));
        }

        return sheet.Whole();
    }

    // Row numbers of this reader are those of a spreadsheet: a blank line counts, a line break inside quotation marks does not.
    private static CsvReaderOptions Options(char delimiter) => new()
    {
        Separator = delimiter, HasHeader = false, SkipEmptyLines = false, TrimWhitespace = false, DetectSeparatorHint = false,
        MalformedData = CsvMalformedDataHandling.Throw, MaxRecordSize = 64 * 1024,
    };

    /// <summary>The one of comma, semicolon and tab that splits the first line into the most headings we know.</summary>
    private static char Delimiter(string body)
    {
        var line = body.TrimStart('\r', '\n').Split('\n', 2)[0];
        return Delimiters.MaxBy(candidate => line.Split(candidate).Select(cell => CostColumns.Of(cell.Trim().Trim('"')))
            .Count(field => field is not null) * 1000 + line.Count(letter => letter == candidate));
    }

    /// <summary>The first sheet of a workbook. Formulas are not calculated: what counts is the value that was saved with them.</summary>
    private static CostSheet Workbook(ReadOnlyMemory<byte> file)
    {
        if (UnpackedTooLarge(file)) return Refused(new(null, null, "Unpacked, the workbook is larger than 128 MiB, or it is damaged.", "Copy the columns that are needed into a new workbook, or save it as CSV UTF-8."));
        var sheet = new Gathered();
        try
        {
            using var stream = new MemoryStream(file.ToArray());
            var number = 0;
            foreach (var row in stream.Query(useHeaderRow: false, excelType: ExcelType.XLSX).Cast<IDictionary<string, object?>>())
            {
                number++;
                var values = row.Values.Take(MostColumns).ToArray();
                for (var column = 0; column < values.Length; column++)
                    if (values[column] is double or int or long or decimal) sheet.Numbers.Add((number, column));
                if (!sheet.Add(number, [.. values.Select(Cell)])) return Refused(TooManyRows with { Row = number });
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or System.Xml.XmlException or InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException or NotSupportedException or OverflowException or NullReferenceException or IndexOutOfRangeException)
        {
            // The library has no exception of its own for a file that is none.
            return Refused(NoWorkbook);
        }

        return sheet.Whole();
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        string text => text,
        DateTime day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        double number when Math.Abs(number) < 1e15 => ((decimal)number).ToString("0.##########", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    // What the archive says about its sizes may be wrong: it is unpacked once and counted.
    private static bool UnpackedTooLarge(ReadOnlyMemory<byte> file)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file.ToArray()), ZipArchiveMode.Read);
            var (left, buffer) = (LargestUnpacked, new byte[64 * 1024]);
            foreach (var entry in archive.Entries)
            {
                using var part = entry.Open();
                while (part.Read(buffer) is > 0 and var read)
                    if ((left -= read) < 0) return true;
            }

            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    private sealed class Gathered
    {
        private readonly List<(int Row, string[] Cells)> rows = [];
        private string[] headings = [];
        private int headingRow;

        public HashSet<(int Row, int Column)> Numbers { get; } = [];

        /// <returns>False when there are too many.</returns>
        public bool Add(int row, string[] cells)
        {
            if (cells.All(string.IsNullOrWhiteSpace)) return true;
            if (headingRow == 0) (headingRow, headings) = (row, cells);
            else if (rows.Count == CostFile.MaximumRows) return false;
            else rows.Add((row, cells));
            return true;
        }

        public CostSheet Whole(params CostFileProblem[] problems) => new(headingRow, headings, rows, Numbers, problems);
    }
}
