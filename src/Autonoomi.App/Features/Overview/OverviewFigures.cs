using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Signals;

namespace Autonoomi.App.Features.Overview;

/// <summary>One tile: a figure, how it moved against the days before, and its course.</summary>
/// <param name="Name">What the figure is.</param>
/// <param name="Value">As shown.</param>
/// <param name="Change">Movement against the period before; null when there is nothing to compare with.</param>
/// <param name="Rises">True when the figure went up.</param>
/// <param name="Good">Whether the movement is welcome; null when it is neither.</param>
/// <param name="Beside">A second figure that gives the first its meaning.</param>
/// <param name="Line">One value a day.</param>
/// <param name="Meaning">What the words mean, for the tooltip.</param>
public sealed record Tile(string Name, string Value, string? Change, bool Rises, bool? Good, string? Beside, IReadOnlyList<double?> Line, string Meaning);

/// <summary>Everything the overview says about one period. Computed from a workspace and nothing else.</summary>
public sealed record OverviewFigures
{
    public required DateSpan Span { get; init; }
    public required PerformanceTotals Now { get; init; }

    /// <summary>The same number of days before; null when they are not all imported.</summary>
    public required PerformanceTotals? Before { get; init; }
    public required IReadOnlyList<DayPerformance> Days { get; init; }
    public required IReadOnlyList<Tile> Tiles { get; init; }
    public required Currency Currency { get; init; }

    /// <summary>True when the daily profit is that of all sales; false when only that of ads is known.</summary>
    public required bool WholeProfit { get; init; }

    /// <summary>What clicks of the period are still expected to bring; null where all is settled.</summary>
    public required Settling? Settling { get; init; }

    /// <summary>The budget price as people say it.</summary>
    /// <param name="price">Profit that one more currency unit of ad budget would return; 0 when the budget does not bind.</param>
    /// <param name="planned">Ad spend expected today.</param>
    /// <param name="month">The month's budget.</param>
    public static string BudgetWords(double price, Money planned, Money month)
    {
        var unit = Display.Amount(new Money(1, month.Currency));
        return price > 0
            ? $"The month's budget of {Display.Rounded(month)} binds: {unit} more would bring {Display.Amount(new Money((decimal)Math.Min(1 + price, 100), month.Currency))} back. {Display.Rounded(planned)} are planned for today."
            : $"The month's budget of {Display.Rounded(month)} does not bind; {Display.Rounded(planned)} are planned for today.";
    }

    /// <returns>Null before the first import.</returns>
    public static OverviewFigures? Of(Workspace workspace, int days)
    {
        if (Performance.Coverage(workspace) is not { } coverage) return null;
        var last = workspace.Today.AddDays(-1) < coverage.First ? coverage.Last : Min(coverage.Last, workspace.Today.AddDays(-1));
        var first = Max(last.AddDays(1 - days), coverage.First);
        var span = new DateSpan(first, last);
        var now = Performance.Totals(workspace, span);
        var beforeSpan = DateSpan.Ending(first.AddDays(-1), span.Days);
        var before = beforeSpan.First >= coverage.First ? Performance.Totals(workspace, beforeSpan) : null;
        var byDay = Performance.ByDay(workspace, span);
        var settling = Core.Profit.Settling.Of(byDay, workspace.Today, Maturity.Of(workspace, AdProduct.SponsoredProducts));
        return new OverviewFigures
        {
            Span = span,
            Now = now,
            Before = before,
            Days = byDay,
            Settling = settling,
            Tiles = TilesOf(now.Figures, before?.Figures, byDay, settling),
            Currency = workspace.Marketplace.Currency,
            WholeProfit = now.Figures.TotalProfit is not null,
        };
    }

    /// <summary>The state of the shop in one sentence; every number in it is also on the page.</summary>
    public string Sentence()
    {
        var ads = Now.Figures.Ads;
        var period = $"in the last {Display.Count(Span.Days, "day")}";
        if (ads.Cost.Amount == 0) return $"No ad money was spent {period}.";
        if (ads.Profit is not { } profit)
            return $"Ads cost {Display.Rounded(ads.Cost)} and brought {Display.Rounded(ads.Sales)} of sales {period}. What they earned is unknown until every advertised product has its cost.";
        var earned = profit.Amount >= 0
            ? $"Ads earned {Display.Rounded(profit)} after product costs, fees and ad spend {period}"
            : $"Ads lost {Display.Rounded(-profit)} after product costs, fees and ad spend {period}";
        var compared = Before?.Figures.Ads.Profit is { } earlier && profit != earlier
            ? $", {Display.Rounded(Distance(profit, earlier))} {(profit > earlier ? "more" : "less")} than in the {Display.Count(Span.Days, "day")} before"
            : "";
        var acos = ads.Acos is { } ratio && ads.BreakEvenAcos is { } even
            ? $". ACoS is {Display.Percent(ratio)}, {(ratio <= even ? "below" : "above")} the break-even of {Display.Percent(even)}"
            : "";
        return $"{earned}{compared}{acos}.";
    }

    private static IReadOnlyList<Tile> TilesOf(Figures now, Figures? before, IReadOnlyList<DayPerformance> days, Settling? settling)
    {
        // Every figure that orders go into says how settled it is.
        var (state, more) = (SettlingWords.Of(settling), settling is { More: >= SettlingWords.LeastToSay } ? settling.More : 0);
        var ads = now.Ads;
        var earlier = before?.Ads;
        return
        [
            MoneyTile("Profit after costs", now.TotalProfit, before?.TotalProfit, true, ProfitWords(now, more, state),
                [.. days.Select(day => Value(day.Figures.TotalProfit))], "All sales less refunds, value added tax, Amazon's fees, product costs and the spend of all ads. Unknown while a product that sold or was advertised has no cost. What is expected on top are orders that clicks of the period may still bring."),
            MoneyTile("Ad profit", ads.Profit, earlier?.Profit, true, ads.Profit is null ? "needs all product costs" : more > 0 ? $"expected {Display.Rounded(ads.Contribution!.Value * (decimal)(1 + more) - ads.Cost)}" : state,
                [.. days.Select(day => Value(day.Figures.Ads.Profit))], "Sales that came from ad clicks, less refunds, fees, product costs and ad spend."),
            MoneyTile("Ad spend", now.AdSpend, before?.AdSpend, null, now.OtherAdSpend is null ? more > 0 ? "last 3 days may fall" : "settled" : SpendWords(now),
                [.. days.Select(day => Value(day.Figures.AdSpend))], "What Amazon charged for ads of all types; the last 3 days may fall. Ad profit, ad sales and ACoS are of Sponsored Products."),
            MoneyTile("Ad sales", ads.Sales, earlier?.Sales, true, $"{Display.Count(ads.Orders, "order")}, {state}",
                [.. days.Select(day => Value(day.Figures.Ads.Sales))], "Sales within 7 days of an ad click, booked on the day of the click."),
            RatioTile("ACoS", ads.Acos, earlier?.Acos, ads.BreakEvenAcos is { } even ? $"break-even {Display.Percent(even)}{(more > 0 && ads.Acos is { } acos ? $", expected {Display.Percent(acos / (1 + more))}" : "")}" : null,
                [.. days.Select(day => day.Figures.Ads.Acos)], "Ad spend divided by ad sales. Above break-even ACoS a sale from ads loses money."),
            RatioTile("TACoS", now.Tacos, before?.Tacos, TacosWords(now, more, state),
                [.. days.Select(day => day.Figures.Tacos)], "Spend of all ads divided by all sales: how much the shop leans on ads. Above break-even TACoS the shop as a whole loses money. What is expected counts orders that clicks of the period may still bring."),
        ];
    }

    private static string ProfitWords(Figures now, double more, string state)
    {
        if (now.Sales is null) return "needs sales data";
        if (now.CostsMissing) return now.KnownProfit is { } known ? $"{Display.Rounded(known)} known, of {Display.Percent(now.ShareWithCosts)} of sales" : "no product cost is known";
        if (more <= 0 || now.TotalProfit is not { } profit || now.Ads.Contribution is not { } contribution) return state;
        var coming = contribution * (decimal)more;
        return profit.Amount > 0 && coming.Amount >= 0 ? $"expected +{Display.Percent((double)(coming.Amount / profit.Amount))}" : $"expected {Display.Rounded(profit + coming)}";
    }

    private static string SpendWords(Figures now) => string.Join(", ",
        new[] { ("Products", (Money?)now.Ads.Cost), ("Brands", now.BrandsSpend), ("Display", now.DisplaySpend) }.Where(type => type.Item2 is not null).Select(type => $"{type.Item1} {Display.Rounded(type.Item2)}"));

    private static string TacosWords(Figures now, double more, string state)
    {
        if (now.Sales is not { } sales) return "needs sales data";
        var even = now.CostsMissing ? ", break-even unknown" : now.BreakEvenTacos is { } least ? $", break-even {Display.Percent(least)}" : "";
        var all = sales.Sales.Amount + now.Ads.Sales.Amount * (decimal)more;
        return $"of {Display.Rounded(sales.Sales)} total sales{even}, {(more > 0 && all > 0 ? $"expected {Display.Percent((double)(now.AdSpend.Amount / all))}" : state)}";
    }

    private static Tile MoneyTile(string name, Money? now, Money? before, bool? goodWhenUp, string? beside, IReadOnlyList<double?> line, string meaning)
    {
        if (now is not { } value || before is not { } earlier || value == earlier) return new(name, now is null ? "unknown" : Display.Rounded(now), null, false, null, beside, line, meaning);
        var rises = value > earlier;
        // A percentage of a small or negative amount says nothing; the amount itself does.
        var change = earlier.Amount >= 1 && value.Amount >= 0
            ? Display.Percent((double)(Distance(value, earlier).Amount / earlier.Amount))
            : Display.Rounded(Distance(value, earlier));
        return new(name, Display.Rounded(now), change, rises, goodWhenUp is { } up ? rises == up : null, beside, line, meaning);
    }

    private static Tile RatioTile(string name, double? now, double? before, string? beside, IReadOnlyList<double?> line, string meaning)
    {
        if (now is not { } value || before is not { } earlier || Math.Abs(value - earlier) < 0.0005) return new(name, Display.Percent(now), null, false, null, beside, line, meaning);
        return new(name, Display.Percent(now), $"{Display.Percent(Math.Abs(value - earlier)).TrimEnd('%')} points", value > earlier, value < earlier, beside, line, meaning);
    }

    private static Money Distance(Money left, Money right) => left > right ? left - right : right - left;
    private static double? Value(Money? money) => money is { } value ? (double)value.Amount : null;
    private static DateOnly Min(DateOnly left, DateOnly right) => left < right ? left : right;
    private static DateOnly Max(DateOnly left, DateOnly right) => left > right ? left : right;
}
