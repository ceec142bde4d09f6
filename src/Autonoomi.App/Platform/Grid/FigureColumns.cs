using System.Collections.Immutable;
using Autonoomi.App.Platform.Shell;

namespace Autonoomi.App.Platform.Grid;

/// <summary>The columns and totals that every sheet of ads has.</summary>
public static class FigureColumns
{
    public const string ProfitMeaning = "What the ads' sales left at the average of these days' sales, as on the page Profit, less ad spend. Bids are decided by what a unit is expected to leave.";

    public static ImmutableArray<GridColumn> Of(FigureTable of) =>
    [
        GridColumn.OfMoney("spend", "Spend", 88, row => of.Cost(row)),
        GridColumn.OfMoney("sales", "Sales", 92, row => of.Sales(row)),
        GridColumn.OfPercent("acos", "ACoS", 92, row => Ratio(of.Cost(row), of.Sales(row))) with
        {
            Unknown = row => of.Cost(row) > 0 ? "no sale" : Display.None, Tone = row => Heat(of, row),
            Hint = row => Ratio(of.Contribution(row), of.Sales(row)) is { } even ? $"Break-even {Display.Percent(even)}" : null,
        },
        GridColumn.OfPercent("even", "Break-even", 104, row => Ratio(of.Contribution(row), of.Sales(row))) with { Meaning = ProfitMeaning },
        GridColumn.OfMoney("profit", "Profit", 92, row => of.Contribution(row) - of.Cost(row)) with { Meaning = ProfitMeaning, Tone = row => of.Contribution(row) - of.Cost(row) < 0 ? "bad" : null },
        GridColumn.OfCount("orders", "Orders", 78, row => of.Orders(row)),
        GridColumn.OfCount("clicks", "Clicks", 76, row => of.Clicks(row)),
        GridColumn.OfPercent("cvr", "Conv. rate", 96, row => Ratio(of.Orders(row), of.Clicks(row))),
        GridColumn.OfPercent("ctr", "CTR", 76, row => Ratio(of.Clicks(row), of.Impressions(row))) with { Decimals = 2 },
        GridColumn.OfCount("impressions", "Impressions", 110, row => of.Impressions(row)),
        GridColumn.OfMoney("cpc", "CPC", 76, row => of.Clicks(row) == 0 ? null : (long)Math.Round((decimal)of.Cost(row) / of.Clicks(row))),
        GridColumn.OfCount("units", "Units", 76, row => of.Units(row)) with { IsShown = false },
        GridColumn.OfText("settled", "Orders and sales", 150, of.State) with { IsShown = false, Meaning = "Orders are attributed for 7 days after a click (Brands and Display 14) and restated for as long again." },
    ];

    /// <param name="sum">Of the rows shown.</param>
    /// <param name="row">What a row is, for a count of those without costs.</param>
    /// <param name="rows">Of several.</param>
    /// <param name="between">Totals of the sheet's own, behind the ACoS.</param>
    public static ImmutableArray<GridTotal> Totals(FigureSum sum, string row, string rows, params ReadOnlySpan<GridTotal> between) =>
    [
        new("spend", "Spend", Display.Amount(sum.Totals.Cost)),
        new("sales", "Sales", Display.Amount(sum.Totals.Sales)),
        new("state", "", sum.State) { IsNote = true, Meaning = "Orders are attributed for 7 days after a click (Brands and Display 14) and restated for as long again." },
        new("acos", "ACoS", Display.Percent(sum.Totals.Acos)) { Beside = sum.Totals.BreakEvenAcos is { } even ? $"break-even {Display.Percent(even)}" : null },
        .. between,
        new("profit", "Profit", Display.Amount(sum.KnownProfit)) { Meaning = ProfitMeaning, Beside = sum.RowsWithoutCosts > 0 ? $"without {Display.Count(sum.RowsWithoutCosts, row, rows)} of unknown cost" : null },
        new("orders", "Orders", Display.Count(sum.Totals.Orders)),
        new("clicks", "Clicks", Display.Count(sum.Totals.Clicks)),
        new("cpc", "CPC", Display.Amount(sum.Totals.Cpc)),
    ];

    // Against break-even where it is known: a good tenth below, above, or in between.
    private static string Heat(FigureTable of, int row) => (Ratio(of.Cost(row), of.Sales(row)), Ratio(of.Contribution(row), of.Sales(row))) switch
    {
        (null, _) when of.Cost(row) > 0 && of.Clicks(row) >= 10 => "heat high",
        (null, _) => "heat none",
        (_, null) => "heat unknown",
        ({ } acos, { } even) when acos > even => "heat high",
        ({ } acos, { } even) when acos > even * 0.9 => "heat near",
        _ => "heat low",
    };

    private static double? Ratio(long? numerator, long denominator) => denominator == 0 || numerator is null ? null : (double)numerator.Value / denominator;
}
