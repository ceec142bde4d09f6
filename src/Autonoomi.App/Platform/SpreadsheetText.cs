using System.Globalization;

namespace Autonoomi.App.Platform;

/// <summary>Text on its way to or from a spreadsheet, which would run a cell that starts like a formula.</summary>
public static class SpreadsheetText
{
    /// <summary>True for cells that a spreadsheet may calculate: ASCII and full-width signs, tab and line breaks.</summary>
    public static bool IsFormula(string cell) => cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠';

    /// <summary>A quoted CSV cell that no spreadsheet calculates: an apostrophe stands before what looks like a formula.</summary>
    public static string Cell(string text) => $"\"{Plain(text).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Text that no spreadsheet calculates, for files that need no quotes: an apostrophe stands before what looks like a formula.</summary>
    public static string Plain(string text) => IsFormula(text.TrimStart()) || IsFormula(text) ? "'" + text : text;

    /// <summary>Plain digits with a point and at most six decimals, as spreadsheets of every country import it.</summary>
    public static string Number(decimal value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>A fraction; empty where there is none.</summary>
    public static string Ratio(double? value) => value is { } ratio ? ratio.ToString("0.######", CultureInfo.InvariantCulture) : "";
}
