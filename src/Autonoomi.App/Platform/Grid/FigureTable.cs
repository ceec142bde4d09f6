using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Signals;

namespace Autonoomi.App.Platform.Grid;

/// <summary>Sums of rows.</summary>
/// <param name="Totals">Ratios are ratios of sums. Contribution is null when a row with spend or sales lacks costs.</param>
/// <param name="KnownProfit">Profit of the rows whose costs are known: their own spend is taken off, no other.</param>
/// <param name="RowsWithoutCosts">Rows with spend or sales whose costs are missing: left out of the profit.</param>
/// <param name="State">Whether orders and sales of these rows are settled, in words.</param>
public sealed record FigureSum(AdFigures Totals, Money KnownProfit, int RowsWithoutCosts, string State);

/// <summary>What ads did, row by row: each row is of one ad product. Amounts in micros.</summary>
public sealed class FigureTable
{
    private const long Unknown = long.MinValue;
    private readonly Currency currency;
    private readonly long[] impressions, clicks, cost, orders, units, sales, contribution;
    private readonly double[] visible;
    private readonly AdProduct[] ads;

    private FigureTable(int rows, Currency currency)
    {
        this.currency = currency;
        (impressions, clicks, cost, orders, units, sales, contribution) = (new long[rows], new long[rows], new long[rows], new long[rows], new long[rows], new long[rows], new long[rows]);
        (visible, ads) = (new double[rows], new AdProduct[rows]);
    }

    public int Rows => ads.Length;

    public AdFigures this[int row] => new(impressions[row], clicks[row], Money.FromMicros(cost[row], currency), orders[row], units[row], Money.FromMicros(sales[row], currency), Contribution(row) is { } left ? Money.FromMicros(left, currency) : null);

    public AdProduct Ad(int row) => ads[row];
    public long Impressions(int row) => impressions[row];
    public long Clicks(int row) => clicks[row];
    public long Cost(int row) => cost[row];
    public long Orders(int row) => orders[row];
    public long Units(int row) => units[row];
    public long Sales(int row) => sales[row];

    /// <summary>What its sales left before ad spend; null where costs are missing.</summary>
    public long? Contribution(int row) => contribution[row] == Unknown ? null : contribution[row];

    /// <summary>Whether the row's orders and sales are settled, in words.</summary>
    public string State(int row) => Words([Maturing(row)]);

    /// <summary>The figures of targets.</summary>
    public static FigureTable Of(TargetGrid grid, ReadOnlySpan<AdProduct> ads)
    {
        var table = new FigureTable(grid.Rows, grid.Currency);
        grid.Impressions.CopyTo(table.impressions);
        grid.Clicks.CopyTo(table.clicks);
        grid.Cost.CopyTo(table.cost);
        grid.Orders.CopyTo(table.orders);
        grid.Units.CopyTo(table.units);
        grid.Sales.CopyTo(table.sales);
        grid.Contribution.CopyTo(table.contribution);
        grid.VisibleCost.CopyTo(table.visible);
        ads.CopyTo(table.ads);
        return table;
    }

    /// <summary>Adds up reports by whatever their rows are counted to.</summary>
    /// <param name="workspace">Restatements and today.</param>
    /// <param name="span">Days.</param>
    /// <param name="ads">Ad product of each row.</param>
    /// <param name="reports">Of which ad product each is.</param>
    /// <param name="place">Takes a report and gives, for one of its rows, the row that it is counted to; −1 for none.</param>
    public static FigureTable Of(Workspace workspace, DateSpan span, IReadOnlyList<AdProduct> ads, IEnumerable<(AdProduct Ad, FactTable Table)> reports, Func<FactTable, Func<int, int>> place)
    {
        var sums = new FigureTable(ads.Count, workspace.Marketplace.Currency);
        for (var row = 0; row < ads.Count; row++) sums.ads[row] = ads[row];
        foreach (var (ad, report) in reports) sums.Add(workspace, span, ad, report, place(report));
        return sums;
    }

    /// <summary>Takes what sales left from the table of profit. A row is known only where the table tells all of its spend and sales, and the cost of every product in it.</summary>
    /// <param name="table">Of the same days.</param>
    /// <param name="place">The row that a part is counted to; −1 for none.</param>
    public FigureTable Credit(ProfitTable table, Func<ProfitRow, int> place)
    {
        var (left, spent, sold, known) = (new long[Rows], new long[Rows], new long[Rows], new bool[Rows]);
        Array.Fill(known, true);
        foreach (var part in table.Rows)
        {
            if (part.Campaign == 0 || place(part) is not (>= 0 and var row)) continue;
            left[row] += part.Lines.BeforeAds;
            spent[row] += part.Lines.AdSpend;
            sold[row] += part.Lines.Sales;
            known[row] &= part.CostKnown;
        }

        for (var row = 0; row < Rows; row++)
        {
            var isTold = known[row] && spent[row] == cost[row] && sold[row] == sales[row] && (table.Sold is not null || (cost[row] == 0 && sales[row] == 0));
            contribution[row] = isTold ? left[row] : Unknown;
        }

        return this;
    }

    /// <summary>Puts what sales left in place, row by row; null where it is not known.</summary>
    public FigureTable Credit(Func<int, long?> left)
    {
        for (var row = 0; row < Rows; row++) contribution[row] = left(row) ?? Unknown;
        return this;
    }

    public FigureSum Sum(ReadOnlySpan<int> rows)
    {
        long shown = 0, clicked = 0, spent = 0, ordered = 0, sold = 0, worth = 0, left = 0, profit = 0;
        var without = 0;
        var maturing = new Maturing[Enum.GetValues<AdProduct>().Length];
        foreach (var row in rows)
        {
            shown += impressions[row];
            clicked += clicks[row];
            spent += cost[row];
            ordered += orders[row];
            sold += units[row];
            worth += sales[row];
            maturing[(int)ads[row]] += Maturing(row);
            if (contribution[row] != Unknown)
            {
                left += contribution[row];
                profit += contribution[row] - cost[row];
            }
            else if (cost[row] != 0 || sales[row] != 0)
            {
                without++;
            }
        }

        Money Amount(long micros) => Money.FromMicros(micros, currency);
        return new(new(shown, clicked, Amount(spent), ordered, sold, Amount(worth), without == 0 ? Amount(left) : null), Amount(profit), without, Words(maturing));
    }

    private void Add(Workspace workspace, DateSpan span, AdProduct ad, FactTable report, Func<int, int> place)
    {
        if (report.Rows == 0) return;
        var maturity = Maturity.Of(workspace, ad);
        var shares = Enumerable.Range(0, span.Days).Select(index => maturity.VisibleShare(workspace.Today.DayNumber - span.First.DayNumber - index - 1)).ToArray();
        var days = report.Ints("day");
        var shown = report.Longs("impressions");
        var clicked = report.Longs("clicks");
        var spent = report.Longs("cost");
        var ordered = report.Longs("orders");
        var sold = report.Longs("units");
        var worth = report.Longs("sales");
        for (var fact = 0; fact < report.Rows; fact++)
        {
            var at = days[fact] - span.First.DayNumber;
            if (at < 0 || at >= shares.Length || place(fact) is not (>= 0 and var row)) continue;
            impressions[row] += shown[fact];
            clicks[row] += clicked[fact];
            cost[row] += spent[fact];
            orders[row] += ordered[fact];
            units[row] += sold[fact];
            sales[row] += worth[fact];
            visible[row] += shares[at] * spent[fact];
        }
    }

    private Maturing Maturing(int row) => new(visible[row], cost[row] - visible[row], orders[row], sales[row]);

    private static string Words(Maturing[] products) => SettlingWords.Of(Settling.Of(products), Settling.HiddenShare(products));
}
