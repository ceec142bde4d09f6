using System.Globalization;
using System.Text;
using Autonoomi.App.Platform;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Economics;

/// <summary>How numbers are written in an uploaded file.</summary>
public enum DecimalMark
{
    /// <summary>Found from the numbers themselves; refused when they leave a doubt.</summary>
    Detect,
    Point,
    Comma,
}

/// <summary>What is known before a file is read.</summary>
/// <param name="Currency">The storefront's currency: a file never names one.</param>
/// <param name="Today">First day of entries that name none.</param>
/// <param name="Mark">Decimal mark the person declared.</param>
/// <param name="Known">SKUs of the storefront's listings.</param>
/// <param name="Current">The entry now in force per SKU: what an absent or empty optional cell keeps.</param>
public sealed record CostFileContext(
    Currency Currency, DateOnly Today, DecimalMark Mark, IReadOnlySet<string> Known, IReadOnlyDictionary<string, ProductCost> Current);

/// <summary>One thing that keeps a row, or the whole file, from being stored.</summary>
/// <param name="Row">Row as a spreadsheet counts, the heading included; null for the file as a whole.</param>
/// <param name="Field">Column heading, or null.</param>
/// <param name="Rule">What the rule is and how it was broken.</param>
/// <param name="Fix">What to do.</param>
public sealed record CostFileProblem(int? Row, string? Field, string Rule, string Fix)
{
    public override string ToString() =>
        (Row, Field) switch
        {
            (null, null) => $"{Rule} {Fix}",
            (null, _) => $"Column {Field}: {Rule} {Fix}",
            (_, null) => $"Row {Row}: {Rule} {Fix}",
            _ => $"Row {Row}, {Field}: {Rule} {Fix}",
        };
}

/// <param name="Costs">Empty when there is any problem.</param>
/// <param name="Problems">The first hundred, in the order of the file.</param>
/// <param name="Total">How many problems there are in all.</param>
/// <param name="Rows">Filled rows below the heading.</param>
/// <param name="Ignored">Headings that mean nothing here; their cells were not looked at.</param>
public sealed record CostFile(IReadOnlyList<ProductCost> Costs, IReadOnlyList<CostFileProblem> Problems, int Total, int Rows, IReadOnlyList<string> Ignored)
{
    /// <summary>Rows without a problem, also where others have one.</summary>
    public IReadOnlyList<ProductCost> Good { get; init; } = Costs;

    /// <summary>Headings of the file in their order; empty where it has none.</summary>
    public IReadOnlyList<string> Headings { get; init; } = [];

    /// <summary>Which column each field was read from, from 0, or most likely is where a needed one was not recognised.</summary>
    public IReadOnlyDictionary<string, int> Columns { get; init; } = new Dictionary<string, int>();

    /// <summary>True where a needed column was not recognised and a person may say which one it is.</summary>
    public bool NeedsColumns { get; init; }

    /// <summary>Largest file in bytes.</summary>
    public const int MaximumBytes = 10 * 1024 * 1024;

    public const int MaximumRows = 200_000;

    public const decimal MaximumAmount = 1_000_000m;

    /// <summary>Lead time of a product for which nobody said anything.</summary>
    public const int UsualLeadTimeDays = 30;

    /// <summary>True when nothing stands in the way of storing the file.</summary>
    public bool IsValid => Total == 0;

    /// <param name="file">The file's bytes, at most <see cref="MaximumBytes"/>; longer ones are refused unread.</param>
    /// <param name="context">What is known before.</param>
    /// <param name="columns">Which column of the file each field is, from 0, as a person said; null: by the headings.</param>
    public static CostFile Read(ReadOnlyMemory<byte> file, CostFileContext context, IReadOnlyDictionary<string, int>? columns = null) =>
        file.Length > MaximumBytes ? Refused(TooLarge) : new CostFileParser(CostSheet.Read(file), context, columns).Parse();

    internal static CostFileProblem TooLarge { get; } = new(null, null,
        "The file is larger than 10 MiB.", "Leave out columns that are not needed, or split it into several files and upload one after the other.");

    internal static CostFile Refused(CostFileProblem problem) => new([], [problem], 1, 0, []);
}

/// <summary>Bytes to text; only UTF-8 is taken, because every other guess can quietly change a SKU.</summary>
internal static class CostFileEncoding
{
    private const string SaveAsUtf8 = "In Excel choose Save as, type \"CSV UTF-8 (comma delimited)\"; in other programs choose the character set UTF-8.";

    public static CostFileProblem? Decode(ReadOnlySpan<byte> file, out string text)
    {
        text = "";
        if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || file.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return new(null, null, "The file is written in UTF-16 (\"Unicode text\"); UTF-8 is needed.", SaveAsUtf8);
        if (file.Contains((byte)0))
            return new(RowOf(file, file.IndexOf((byte)0)), null, "The file holds a zero byte: it is UTF-16 or no text at all; UTF-8 is needed.", SaveAsUtf8);

        if (file.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) file = file[3..];
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file);
            return null;
        }
        catch (DecoderFallbackException broken)
        {
            return new(RowOf(file, Math.Clamp(broken.Index, 0, file.Length)), null, "A letter there is not written in UTF-8 (the file looks like Windows or Mac Western text).", SaveAsUtf8);
        }
    }

    private static int RowOf(ReadOnlySpan<byte> file, int index) => file[..index].Count((byte)'\n') + 1;
}

/// <summary>Rows to costs: finds columns and decimal mark, then checks each cell; collects problems instead of stopping at the first.</summary>
internal sealed class CostFileParser(CostSheet sheet, CostFileContext context, IReadOnlyDictionary<string, int>? said)
{
    private const int ShownProblems = 100;

    private static readonly string[] Numeric = [CostColumns.CostOfGoods, "inbound_per_unit", "target_margin", "lead_time_days"];

    private readonly List<CostFileProblem> problems = [];
    private readonly Dictionary<string, int> columns = new(StringComparer.Ordinal);
    private readonly List<string> ignored = [];
    private int total;

    public CostFile Parse()
    {
        if (sheet.HeadingRow > 0) ReadHeading();
        if (total > 0) return Result(0) with { NeedsColumns = sheet.Rows.Count > 0, Columns = CostColumns.Guess(sheet.Headings) };
        foreach (var problem in sheet.Problems) Add(problem.Row, problem.Field, problem.Rule, problem.Fix);
        if (total > 0) return Result(sheet.Rows.Count);
        if (sheet.HeadingRow == 0) Add(null, null, "The file is empty.", "The first row names the columns: sku, cost_of_goods and, if wanted, " + string.Join(", ", CostColumns.Optional) + ".");
        else if (sheet.Rows.Count == 0) Add(null, null, "Below the headings the file has no row.", "Add one row per product.");
        if (total > 0) return Result(0);

        var mark = context.Mark == DecimalMark.Detect ? Detect() : context.Mark;
        return mark is null ? Result(sheet.Rows.Count) : Costs(mark.Value);
    }

    private void ReadHeading()
    {
        var (row, cells) = (sheet.HeadingRow, sheet.Headings);
        for (var i = 0; said is null && i < cells.Length; i++)
        {
            if (CostColumns.Of(cells[i]) is { } name)
            {
                if (!columns.TryAdd(name, i)) Add(row, name, "The heading stands twice.", "Keep one column with that heading.");
            }
            else if (cells[i].Trim().Length > 0) ignored.Add(cells[i].Trim());
        }

        foreach (var (name, i) in said ?? new Dictionary<string, int>())
        {
            if (i < 0 || i >= cells.Length) Add(row, name, "The file has no such column.", "Choose one of its headings.");
            else if (columns.FirstOrDefault(chosen => chosen.Value == i) is { Key: { } taken }) Add(row, name, $"The column '{Shown(cells[i])}' is chosen for {taken} already.", "Give each field a column of its own.");
            else columns[name] = i;
        }

        if (said is not null) ignored.AddRange(cells.Where((cell, i) => cell.Trim().Length > 0 && !columns.ContainsValue(i)).Select(cell => cell.Trim()));
        foreach (var missing in CostColumns.Required.Where(name => !columns.ContainsKey(name)))
            Add(row, missing, $"The column is missing; the headings found are: {Shown(string.Join(", ", cells))}.", $"Add a column with the heading {missing}, or say below which column it is; the template has all of them.");
    }

    private CostFile Costs(DecimalMark mark)
    {
        var (rows, width) = (sheet.Rows, sheet.Headings.Length);
        var costs = new List<ProductCost>(rows.Count);
        var seen = new Dictionary<(string, DateOnly), int>();
        foreach (var (row, cells) in rows)
        {
            var before = total;
            if (cells.Length > width && cells[width..].Any(cell => cell.Length > 0))
            {
                Add(row, null, $"The row has {cells.Length} cells, the heading {width}.", "A decimal comma in a file separated by commas does this: use the decimal point, separate by semicolons, or put the number in quotation marks.");
                continue;
            }

            var sku = KnownSku(row, Cell(cells, "sku"));
            var current = sku is null ? null : context.Current.GetValueOrDefault(sku);
            var cost = Amount(row, "cost_of_goods", cells, mark, null);
            var inbound = Amount(row, "inbound_per_unit", cells, mark, current?.InboundPerUnit.Amount ?? 0m);
            var margin = Margin(row, cells, mark, current?.TargetMargin);
            var lead = LeadTime(row, cells, current?.LeadTimeDays ?? CostFile.UsualLeadTimeDays);
            var from = From(row, cells);
            if (total > before || sku is null || cost is null || inbound is null || from is null) continue;

            if (!seen.TryAdd((sku, from.Value), row))
            {
                Add(row, "sku", $"'{Shown(sku)}' stands in row {seen[(sku, from.Value)]} already, valid from the same day.", "Keep one of the two rows, or give them different days in valid_from.");
                continue;
            }

            costs.Add(new ProductCost(new Sku(sku), from.Value, new Money(cost.Value, context.Currency), new Money(inbound.Value, context.Currency), margin, lead));
        }

        return Result(rows.Count, costs);
    }

    private string? KnownSku(int row, string cell)
    {
        if (cell.Length == 0)
        {
            Add(row, "sku", "The cell is empty.", "Write the SKU as it stands in Seller Central.");
            return null;
        }

        if (context.Known.Contains(cell)) return cell;

        // Before Amazon has listed the products any SKU may be one of them; those that are none never count.
        if (context.Known.Count == 0 && cell.Length <= 40 && !SpreadsheetText.IsFormula(cell)) return cell;
        // Our own template guards such SKUs with an apostrophe, as spreadsheets do.
        if (cell[0] == '\'' && context.Known.Contains(cell[1..])) return cell[1..];
        if (SpreadsheetText.IsFormula(cell)) Formula(row, "sku", cell);
        else Add(row, "sku", $"'{Shown(cell)}' is not among the {context.Known.Count} products of this storefront.", "Check capitals, spaces and zeros at the front; spreadsheets like to change them. New products appear after the next sync.");
        return null;
    }

    private decimal? Amount(int row, string field, string[] cells, DecimalMark mark, decimal? absent)
    {
        var cell = Cell(cells, field);
        if (cell.Length == 0)
        {
            if (absent is null) Add(row, field, "The cell is empty.", "Write the amount per unit, 0 if there is none.");
            return absent;
        }

        if (Number(row, field, cell, mark) is not { } number) return null;
        if (number < 0) Add(row, field, $"{Shown(cell)} is below zero.", "Costs are written as amounts of zero or more.");
        else if (number > CostFile.MaximumAmount) Add(row, field, $"{Shown(cell)} is above one million per unit.", "Write the cost of one unit, not of the whole order.");
        else if (decimal.Round(number, 6) != number) Add(row, field, $"{Shown(cell)} has more than six digits after the decimal mark.", "Round it.");
        else return number;
        return null;
    }

    private double? Margin(int row, string[] cells, DecimalMark mark, double? absent)
    {
        const string field = "target_margin";
        var cell = Cell(cells, field);
        if (cell.Length == 0) return absent;
        var percent = cell.EndsWith('%');
        if (Number(row, field, percent ? cell[..^1].TrimEnd() : cell, mark) is not { } number) return null;
        var fraction = percent ? number / 100m : number;
        if (fraction is >= 0m and <= 0.9m) return (double)fraction;
        Add(row, field, $"{Shown(cell)} is outside 0 to 0.9.", "Write a quarter as 0.25 or as 25%.");
        return null;
    }

    private int LeadTime(int row, string[] cells, int absent)
    {
        const string field = "lead_time_days";
        var cell = Cell(cells, field);
        if (cell.Length == 0) return absent;
        if (int.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days) && days is >= 0 and <= 365 && cell[0] != '+') return days;
        if (SpreadsheetText.IsFormula(cell) && !Negative(cell)) Formula(row, field, cell);
        else Add(row, field, $"'{Shown(cell)}' is not a whole number from 0 to 365.", "Write the days from order to available stock, for example 30.");
        return absent;
    }

    private DateOnly? From(int row, string[] cells)
    {
        const string field = "valid_from";
        var cell = Cell(cells, field);
        if (cell.Length == 0) return context.Today;
        if (SpreadsheetText.IsFormula(cell)) Formula(row, field, cell);
        else if (!DateOnly.TryParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            Add(row, field, $"'{Shown(cell)}' is not a day written as year-month-day.", $"Write it like {context.Today:yyyy-MM-dd}; 01/02/2026 would mean two different days in two countries.");
        else if (day < new DateOnly(2000, 1, 1) || day > context.Today.AddDays(366)) Add(row, field, $"{cell} is before 2000 or more than a year ahead.", "Check the year.");
        else return day;
        return null;
    }

    private decimal? Number(int row, string field, string cell, DecimalMark mark)
    {
        if (CostNumber.TryParse(cell, columns.TryGetValue(field, out var column) && sheet.Numbers.Contains((row, column)) ? DecimalMark.Point : mark, out var number)) return number;
        if (SpreadsheetText.IsFormula(cell) && !Negative(cell)) Formula(row, field, cell);
        else if (CostNumber.Shape(cell) == NumberShape.None) Add(row, field, $"'{Shown(cell)}' is not a number.", "Write digits and a decimal mark only, without currency sign or unit.");
        else Add(row, field, $"'{Shown(cell)}' does not fit the decimal {(mark == DecimalMark.Comma ? "comma" : "point")}.", "Write all numbers of the file the same way, or choose the other decimal mark at the upload.");
        return null;
    }

    private static bool Negative(string cell) => cell[0] == '-' && CostNumber.Shape(cell) != NumberShape.None;

    private void Formula(int row, string field, string cell) =>
        Add(row, field, $"'{Shown(cell)}' starts like a formula ({Name(cell[0])}).", "Paste values instead of formulas; formulas are never calculated here.");

    private static string Name(char first) => first switch { '\t' => "tab", '\r' => "line break", _ => first.ToString() };

    /// <summary>Null after a problem was noted.</summary>
    private DecimalMark? Detect()
    {
        (int Row, string Field, string Cell)? point = null, comma = null, doubt = null;
        foreach (var (row, cells) in sheet.Rows)
            foreach (var field in Numeric)
            {
                if (columns.TryGetValue(field, out var column) && sheet.Numbers.Contains((row, column))) continue;
                var cell = Cell(cells, field).TrimEnd('%').Trim();
                switch (CostNumber.Shape(cell))
                {
                    case NumberShape.Point: point ??= (row, field, cell); break;
                    case NumberShape.Comma: comma ??= (row, field, cell); break;
                    case NumberShape.Doubtful: doubt ??= (row, field, cell); break;
                    case NumberShape.None or NumberShape.Whole: break;
                }
            }

        if (point is { } p && comma is { } c)
        {
            var later = p.Row >= c.Row ? p : c;
            var earlier = p.Row >= c.Row ? c : p;
            Add(later.Row, later.Field, $"'{Shown(later.Cell)}' and '{Shown(earlier.Cell)}' (row {earlier.Row}) use different decimal marks.", "Write all numbers of the file the same way.");
            return null;
        }

        if (point is not null) return DecimalMark.Point;
        if (comma is not null) return DecimalMark.Comma;
        if (doubt is not { } d) return DecimalMark.Point;
        Add(d.Row, d.Field, $"'{Shown(d.Cell)}' can mean a thousand or a fraction, and no other number of the file tells which.", "Choose the decimal mark at the upload instead of \"detect\".");
        return null;
    }

    private string Cell(string[] cells, string field)
    {
        if (!columns.TryGetValue(field, out var i) || i >= cells.Length) return "";
        var cell = cells[i];
        // A tab or line break in front is a formula in disguise and must stay visible; blanks around are an accident.
        return cell.Trim(' ', '\u00A0');
    }

    private static string Shown(string cell)
    {
        var plain = new string([.. cell.Take(60).Select(letter => char.IsControl(letter) ? ' ' : letter)]).Trim();
        return cell.Length > 60 ? plain + "…" : plain;
    }

    private void Add(int? row, string? field, string rule, string fix)
    {
        total++;
        if (problems.Count < ShownProblems) problems.Add(new CostFileProblem(row, field, rule, fix));
    }

    private CostFile Result(int rows, IReadOnlyList<ProductCost>? good = null) =>
        new(total > 0 ? [] : good ?? [], problems, total, rows, ignored) { Good = good ?? [], Headings = sheet.Headings, Columns = columns };
}
