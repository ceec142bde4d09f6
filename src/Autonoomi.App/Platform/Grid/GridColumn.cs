using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Platform.Grid;

/// <summary>What a column holds: decides how its values are shown, filtered and written into files.</summary>
public enum CellKind
{
    Text, Badge, Money, Percent, Count,

    /// <summary>A small line, drawn for the rows in view; neither sorted nor filtered by, and in no file.</summary>
    Trend,
}

/// <param name="Value">As addresses hold it; letters and digits.</param>
/// <param name="Words">As people read it.</param>
public sealed record BadgeWord(string Value, string Words);

/// <summary>One column of a sheet. Its functions take the number of a row.</summary>
/// <param name="Id">Lower-case letters, digits and hyphens: its name in addresses.</param>
/// <param name="Title">Its head, in files too.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Kind">What it holds.</param>
public sealed record GridColumn(string Id, string Title, int Width, CellKind Kind)
{
    /// <summary>The text, or the value of the badge.</summary>
    public Func<int, string>? Text { get; init; }

    /// <summary>A fraction (0.25 is 25 %) or a count; null where it is not known.</summary>
    public Func<int, double?>? Number { get; init; }

    /// <summary>Money in millionths of the currency unit; null where it is not known.</summary>
    public Func<int, long?>? Micros { get; init; }

    /// <summary>What a badge may be.</summary>
    public ImmutableArray<BadgeWord> Badges { get; init; } = [];

    /// <summary>What the column is about, where its title leaves a question.</summary>
    public string? Meaning { get; init; }

    /// <summary>False where a person has to choose it first.</summary>
    public bool IsShown { get; init; } = true;

    /// <summary>A badge that can be chosen above the sheet without opening the filters.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Digits after the point of a percentage, 0 to 2.</summary>
    public int Decimals { get; init; } = 1;

    /// <summary>Stands where a value is not known; a dash without it.</summary>
    public Func<int, string>? Unknown { get; init; }

    /// <summary>Style class of the value; null for none.</summary>
    public Func<int, string?>? Tone { get; init; }

    /// <summary>Where the value leads to.</summary>
    public Func<int, string?>? Link { get; init; }

    /// <summary>What is told when the pointer rests on it.</summary>
    public Func<int, string?>? Hint { get; init; }

    /// <summary>In fewer letters, where there is little room: on screen alone.</summary>
    public Func<int, string>? Brief { get; init; }

    /// <summary>Drawn before the value.</summary>
    public Func<int, EntityState>? State { get; init; }

    /// <summary>One value a day, oldest first; empty where there is nothing to draw.</summary>
    public Func<int, IReadOnlyList<double?>>? Series { get; init; }

    public bool IsNumber => Kind is CellKind.Money or CellKind.Percent or CellKind.Count;

    /// <returns>What rows are sorted and filtered by: units of the currency, fractions, counts; not a number where it is not known.</returns>
    public double Key(int row) => Micros is not null ? Micros(row) is { } micros ? (double)micros / Money.MicrosPerUnit : double.NaN : Number?.Invoke(row) ?? double.NaN;

    /// <returns>The value as people read it.</returns>
    public string Words(int row, Currency currency) => Kind switch
    {
        CellKind.Text => Text!(row),
        CellKind.Badge => WordOf(Text!(row)),
        CellKind.Money => Micros!(row) is { } micros ? Display.Amount(Money.FromMicros(micros, currency)) : Missing(row),
        CellKind.Percent => Number!(row) is { } fraction ? Display.Percent(fraction, Decimals) : Missing(row),
        CellKind.Count => Number!(row) is { } count ? Display.Count((long)Math.Round(count)) : Missing(row),
        CellKind.Trend => Series!(row) is { Count: > 0 } days ? $"up to {Display.Amount(new Money((decimal)(days.Max() ?? 0), currency))} a day" : "",
    };

    /// <returns>The value for a file: text, a decimal with at most six digits after the point, or null where it is not known.</returns>
    public object? Cell(int row) => Kind switch
    {
        CellKind.Text or CellKind.Badge => Words(row, default),
        CellKind.Money => Micros!(row) is { } micros ? Money.FromMicros(micros, default).Amount : null,
        CellKind.Percent or CellKind.Count => Number!(row) is { } number ? decimal.Round((decimal)number, 6) : null,
        CellKind.Trend => null,
    };

    public string WordOf(string value) => Badges.FirstOrDefault(badge => badge.Value == value)?.Words ?? value;

    public static GridColumn OfText(string id, string title, int width, Func<int, string> text) => new(id, title, width, CellKind.Text) { Text = text };

    public static GridColumn OfBadge(string id, string title, int width, IEnumerable<BadgeWord> badges, Func<int, string> value) => new(id, title, width, CellKind.Badge) { Badges = [.. badges], Text = value };

    /// <param name="id">Its name in addresses.</param>
    /// <param name="title">Its head.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="words">Every member in words.</param>
    /// <param name="value">Of a row.</param>
    public static GridColumn OfBadge<T>(string id, string title, int width, Func<T, string> words, Func<int, T> value) where T : struct, Enum
    {
        var names = Enum.GetValues<T>().ToDictionary(member => member, member => member.ToString());
        return OfBadge(id, title, width, names.Select(name => new BadgeWord(name.Value, words(name.Key))), row => names[value(row)]);
    }

    public static GridColumn OfMoney(string id, string title, int width, Func<int, long?> micros) => new(id, title, width, CellKind.Money) { Micros = micros };

    public static GridColumn OfPercent(string id, string title, int width, Func<int, double?> fraction) => new(id, title, width, CellKind.Percent) { Number = fraction };

    public static GridColumn OfCount(string id, string title, int width, Func<int, double?> count) => new(id, title, width, CellKind.Count) { Number = count };

    /// <summary>Ad spend of the last thirty days.</summary>
    public static GridColumn OfTrend(DayTrend trend) => new("trend", "Spend, 30 days", 130, CellKind.Trend) { Series = trend.Of };

    /// <summary>The state of something at Amazon.</summary>
    public static GridColumn OfState(Func<int, EntityState> state) => OfBadge("state", "State", 96, TargetWords.State, state) with { IsShown = false, IsQuick = true };

    private string Missing(int row) => Unknown?.Invoke(row) ?? Display.None;

    /// <summary>A number as it stands in files.</summary>
    internal static string Written(object? cell) => cell is decimal number ? SpreadsheetText.Number(number) : cell is string text ? text : Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";
}
