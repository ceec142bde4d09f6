using System.Globalization;

namespace Autonoomi.App.Features.Economics;

/// <summary>What the way a number is written says about its decimal mark.</summary>
internal enum NumberShape
{
    /// <summary>Not a number.</summary>
    None,

    /// <summary>No mark at all: reads the same either way.</summary>
    Whole,

    /// <summary>Only the decimal point makes sense of it.</summary>
    Point,

    /// <summary>Only the decimal comma makes sense of it.</summary>
    Comma,

    /// <summary><c>1.234</c>: a thousand or a fraction.</summary>
    Doubtful,
}

internal static class CostNumber
{
    /// <param name="cell">The cell without blanks around.</param>
    public static NumberShape Shape(string cell)
    {
        var asPoint = Reads(cell, '.', ',');
        var asComma = Reads(cell, ',', '.');
        return (asPoint, asComma) switch
        {
            (true, true) => cell.AsSpan().ContainsAny('.', ',') ? NumberShape.Doubtful : NumberShape.Whole,
            (true, false) => NumberShape.Point,
            (false, true) => NumberShape.Comma,
            (false, false) => NumberShape.None,
        };
    }

    /// <param name="cell">The cell without blanks around.</param>
    /// <param name="mark">Point or comma; the other may group thousands, and only in threes.</param>
    /// <param name="number">The number, negative ones included.</param>
    public static bool TryParse(string cell, DecimalMark mark, out decimal number)
    {
        number = 0;
        var (fraction, group) = mark == DecimalMark.Comma ? (',', '.') : ('.', ',');
        return Reads(cell, fraction, group)
            && decimal.TryParse(cell.Replace(group.ToString(), "", StringComparison.Ordinal).Replace(fraction, '.'), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>A number typed into a field of its own: a comma is a decimal mark unless exactly three digits follow it.</summary>
    public static bool TryParseTyped(string? cell, out decimal number) =>
        TryParse((cell ?? "").Trim(), Shape((cell ?? "").Trim()) == NumberShape.Comma ? DecimalMark.Comma : DecimalMark.Point, out number);

    // digits, or digits grouped in threes; then at most one fraction mark with digits behind it. ASCII digits only.
    private static bool Reads(string cell, char fraction, char group)
    {
        var rest = cell.AsSpan();
        if (rest.Length is 0 or > 24) return false;
        if (rest[0] == '-') rest = rest[1..];

        var cut = rest.IndexOf(fraction);
        if (cut >= 0)
        {
            var digits = rest[(cut + 1)..];
            if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9')) return false;
            rest = rest[..cut];
            if (rest.IsEmpty) return true; // .5
        }

        if (!rest.Contains(group)) return !rest.IsEmpty && !rest.ContainsAnyExceptInRange('0', '9');

        var first = true;
        foreach (var part in rest.Split(group))
        {
            var digits = rest[part];
            if (digits.ContainsAnyExceptInRange('0', '9') || (first ? digits.Length is 0 or > 3 || digits[0] == '0' : digits.Length != 3)) return false;
            first = false;
        }

        return true;
    }
}
