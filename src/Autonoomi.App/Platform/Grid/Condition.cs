using System.Globalization;
using System.Text.RegularExpressions;

namespace Autonoomi.App.Platform.Grid;

/// <summary>
/// What is asked of one column, as a person types it. Text: words that must all occur. Badges: one of a list, separated by commas. Numbers: 10, &gt;10, &gt;=10, &lt;10, &lt;=10, 10..20 with both
/// ends, or <c>none</c> for those that are not known; percentages in percent.
/// </summary>
public static partial class Condition
{
    /// <summary>Asks for what is not known.</summary>
    public const string None = "none";

    /// <summary>What to write in place of what is not understood.</summary>
    public const string NumberRule = "Write a number, >10, <=10, 10..20, or none for rows without a figure.";

    /// <param name="typed">As typed.</param>
    /// <param name="kind">Money, percent or count.</param>
    /// <returns>Takes the key of a row (<see cref="GridColumn.Key"/>); null where it is not understood.</returns>
    public static Func<double, bool>? Number(string typed, CellKind kind)
    {
        var text = typed.Trim();
        if (text.Equals(None, StringComparison.OrdinalIgnoreCase)) return double.IsNaN;
        if (text.Split("..") is [var low, var high]) return Figure(low, kind) is { } from && Figure(high, kind) is { } to ? key => key >= from && key <= to : null;
        foreach (var sign in (string[])[">=", "<=", ">", "<", "="])
        {
            if (!text.StartsWith(sign, StringComparison.Ordinal)) continue;
            if (Figure(text[sign.Length..], kind) is not { } bound) return null;
            return sign switch { ">=" => key => key >= bound, "<=" => key => key <= bound, ">" => key => key > bound, "<" => key => key < bound, _ => Same(bound, kind) };
        }

        return Figure(text, kind) is { } figure ? Same(figure, kind) : null;
    }

    /// <summary>All words must occur; case does not matter.</summary>
    public static Func<string, bool> Words(string typed)
    {
        var words = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return text => Array.TrueForAll(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <param name="typed">Values separated by commas; case does not matter.</param>
    public static HashSet<string> List(string typed) => typed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);

    // As it is shown: to the cent, to a tenth of a percent, to the whole.
    private static Func<double, bool> Same(double figure, CellKind kind)
    {
        var reach = kind switch { CellKind.Money => 0.005, CellKind.Percent => 0.0005, _ => 0.5 };
        return key => Math.Abs(key - figure) < reach;
    }

    private static double? Figure(string typed, CellKind kind)
    {
        var text = Symbols().Replace(typed, "").Replace('−', '-');
        if (!Digits().IsMatch(text) || !double.TryParse(text.Replace(",", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return null;
        return kind == CellKind.Percent ? number / 100 : number;
    }

    [GeneratedRegex(@"[\s$€£¥₹%]", RegexOptions.None, 1000)]
    private static partial Regex Symbols();

    [GeneratedRegex(@"^-?(?=[\d.]*\d)(\d{1,3}(,\d{3})+|\d{0,15})(\.\d{0,9})?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digits();
}
