using System.Globalization;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Dayparting;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Features.Hours;

/// <summary>What the map shows.</summary>
public enum HourFigure { Cost, Clicks, Orders, Conversion, Acos }

/// <summary>One figure of a week of hours, as people read it. Pure.</summary>
/// <param name="Grid">The week.</param>
/// <param name="Figure">Which figure.</param>
/// <param name="Currency">Of the storefront.</param>
public sealed record HourView(HourGrid Grid, HourFigure Figure, Currency Currency)
{
    /// <summary>Shades of the map.</summary>
    public const int Shades = 5;

    private readonly double highest = Enumerable.Range(0, HourGrid.Weekdays).SelectMany(weekday => Enumerable.Range(0, HourGrid.Hours).Select(hour => Value(Grid[weekday, hour], Figure) ?? 0)).Max();

    /// <summary>The figure as it stands in a cell: counts and money of one such hour or day, ratios of sums.</summary>
    public string Words(HourCell cell) => Figure switch
    {
        HourFigure.Cost => cell.CostADay is { } micros ? Short(Money.FromMicros(micros, Currency)) : Display.None,
        HourFigure.Clicks => Short(cell.ClicksADay),
        HourFigure.Orders => Short(cell.OrdersADay),
        HourFigure.Conversion => Display.Percent(cell.ConversionRate),
        HourFigure.Acos => Display.Percent(cell.Acos, 0),
    };

    /// <returns>0 for nothing, 1 to <see cref="Shades"/> by the share of the highest hour.</returns>
    public int Shade(HourCell cell) => Value(cell, Figure) is { } value and > 0 && highest > 0 ? (int)Math.Clamp(Math.Ceiling(value / highest * Shades), 1, Shades) : 0;

    public static string Name(HourFigure figure) => figure switch
    {
        HourFigure.Cost => "Cost",
        HourFigure.Clicks => "Clicks",
        HourFigure.Orders => "Orders",
        HourFigure.Conversion => "Conversion",
        HourFigure.Acos => "ACoS",
    };

    private static double? Value(HourCell cell, HourFigure figure) => figure switch
    {
        HourFigure.Cost => cell.CostADay,
        HourFigure.Clicks => cell.ClicksADay,
        HourFigure.Orders => cell.OrdersADay,
        HourFigure.Conversion => cell.ConversionRate,
        HourFigure.Acos => cell.Acos,
    };

    // There are 168 of them: the currency stands above the map.
    private static string Short(Money money) => money.Amount.ToString(Math.Abs(money.Amount) >= 100 || money.Currency.Decimals == 0 ? "#,0" : "0.00", CultureInfo.InvariantCulture);

    private static string Short(double? count) => count is { } value ? value.ToString("#,0.#", CultureInfo.InvariantCulture) : Display.None;
}
