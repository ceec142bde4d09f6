using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

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

/// <summary>Everything the overview says about one period. Computed from the storefront's figures and nothing else.</summary>
public sealed record OverviewFigures
{
    public required SpanFigures Now { get; init; }

    /// <summary>The same number of days before; null when they are not all imported.</summary>
    public required SpanFigures? Before { get; init; }
    public required IReadOnlyList<Tile> Tiles { get; init; }
    public required Currency Currency { get; init; }

    public DateSpan Span => Now.Span;

    /// <summary>True when the daily profit is that of all sales; false when only that of ads is known.</summary>
    public bool WholeProfit => Now.Whole.TotalProfit is not null;

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

    /// <summary>The month's spend as people say it.</summary>
    public static string PaceWords(Pace pace) =>
        $"{Display.Rounded(pace.Spent)} of {Display.Rounded(pace.Budget)} spent, {Display.Rounded(pace.PlanSoFar)} by an even share. At {Display.Rounded(pace.PerDay)} a day{(pace.IsPlanned ? ", as planned," : "")} the month ends at {Display.Rounded(pace.Ends)}.";

    /// <param name="now">Of the period.</param>
    /// <param name="before">Of as many days before; null when they are not all imported.</param>
    public static OverviewFigures Of(SpanFigures now, SpanFigures? before) => new()
    {
        Now = now,
        Before = before,
        Tiles = TilesOf(now, before?.Whole),
        Currency = now.Whole.AdSpend.Currency,
    };

    /// <summary>What makes figures of these days differ from what a reader expects; empty where nothing does.</summary>
    public IEnumerable<string> Notes()
    {
        if (Now.EstimatedDays > 0) yield return $"Fees of {Display.Count(Now.EstimatedDays, "day")} are expected ones: Amazon has not reported {(Now.EstimatedDays == 1 ? "it" : "them")} yet.";
        if (Before is { } before && before.Source != Now.Source)
            yield return Now.Source == ProfitSource.Settlements ? "The days before are told from reports, since settlements do not cover all of them." : "The days before are told from settlements, by the day on which Amazon posted them.";
        if (Display.Rounded(Now.Whole.Ads.Cost) != Display.Rounded(Now.Whole.AdSpend))
            yield return $"Amazon's reports by target tell {Display.Rounded(Now.Whole.Ads.Cost)} of ad spend, those by product {Display.Rounded(Now.Whole.AdSpend)}: ACoS and ad profit go by the first, profit and TACoS by the second.";
    }

    /// <summary>The state of the shop in one sentence; every number in it is also on the page.</summary>
    public string Sentence()
    {
        var ads = Now.Whole.Ads;
        var period = $"in the last {Display.Count(Span.Days, "day")}";
        if (ads.Cost.Amount == 0) return $"No ad money was spent {period}.";
        if (ads.Profit is not { } profit)
            return $"Ads cost {Display.Rounded(ads.Cost)} and brought {Display.Rounded(ads.Sales)} of sales {period}. What they earned is unknown until every advertised product has its cost.";
        var earned = profit.Amount >= 0
            ? $"Ads earned {Display.Rounded(profit)} after product costs, fees and ad spend {period}"
            : $"Ads lost {Display.Rounded(-profit)} after product costs, fees and ad spend {period}";
        var compared = Before?.Whole.Ads.Profit is { } earlier && profit != earlier
            ? $", {Display.Rounded(Distance(profit, earlier))} {(profit > earlier ? "more" : "less")} than in the {Display.Count(Span.Days, "day")} before"
            : "";
        var acos = ads.Acos is { } ratio && ads.BreakEvenAcos is { } even
            ? $". ACoS is {Display.Percent(ratio)}, {(ratio <= even ? "below" : "above")} the break-even of {Display.Percent(even)}"
            : "";
        return $"{earned}{compared}{acos}.";
    }

    private static IReadOnlyList<Tile> TilesOf(SpanFigures span, Figures? before)
    {
        // Every figure that orders go into says how settled it is.
        var (state, more) = (SettlingWords.Of(span.Settling, Settling.HiddenShare(span.Maturing)), span.Settling is { More: >= SettlingWords.LeastToSay } settling ? settling.More : 0);
        var (now, days) = (span.Whole, span.Days);
        var ads = now.Ads;
        var earlier = before?.Ads;
        return
        [
            MoneyTile("Profit after costs", now.TotalProfit, before?.TotalProfit, true, ProfitWords(span, state),
                [.. days.Select(day => Value(day.Figures.TotalProfit))], "All sales less refunds, value added tax, Amazon's fees, product costs, other costs and the spend of all ads: the contribution of the page Profit. Unknown while a product that sold or was advertised has no cost. Settled is what stands in settlements; orders that ads still bring come on top."),
            MoneyTile("Ad profit", ads.Profit, earlier?.Profit, true, ads.Profit is null ? "needs all product costs" : more > 0 ? $"expected {Display.Rounded(ads.Contribution!.Value * (decimal)(1 + more) - ads.Cost)}" : state,
                [.. days.Select(day => Value(day.Figures.Ads.Profit))], "What sales after clicks on ads of all types left, at the average of these days' sales of the product, less ad spend."),
            MoneyTile("Ad spend", now.AdSpend, before?.AdSpend, null, SpendWords(now) ?? (more > 0 ? "last 3 days may fall" : "settled"),
                [.. days.Select(day => Value(day.Figures.AdSpend))], "What Amazon charged for ads of all types; the last 3 days may fall."),
            MoneyTile("Ad sales", ads.Sales, earlier?.Sales, true, $"{Display.Count(ads.Orders, "order")}, {state}",
                [.. days.Select(day => Value(day.Figures.Ads.Sales))], "Sales after a click on an ad of any type, booked on the day of the click: within 7 days, after Sponsored Brands and Display within 14."),
            RatioTile("ACoS", ads.Acos, earlier?.Acos, ads.BreakEvenAcos is { } even ? $"break-even {Display.Percent(even)}{(more > 0 && ads.Acos is { } acos ? $", expected {Display.Percent(acos / (1 + more))}" : "")}" : null,
                [.. days.Select(day => day.Figures.Ads.Acos)], "Ad spend divided by ad sales, of all ad types. Above break-even ACoS a sale from ads loses money."),
            RatioTile("TACoS", now.Tacos, before?.Tacos, TacosWords(span),
                [.. days.Select(day => day.Figures.Tacos)], "Spend of all ads divided by all sales: how much the shop leans on ads. Above break-even TACoS the shop as a whole loses money."),
        ];
    }

    private static string ProfitWords(SpanFigures span, string ads)
    {
        var now = span.Whole;
        if (now.Left.CostsMissing) return now.ShareWithCosts is { } share ? $"{Display.Rounded(now.Left.KnownProfit)} known, of {Display.Percent(share)} of sales" : "no product cost is known";
        return now.Left.IsComplete ? SettlingWords.Books(span.Settled, now.AdSpend.Amount == 0 ? null : ads) : "needs sales data";
    }

    /// <returns>Null where Sponsored Products are alone.</returns>
    private static string? SpendWords(Figures now)
    {
        var types = new[] { ("Products", AdProduct.SponsoredProducts), ("Brands", AdProduct.SponsoredBrands), ("Display", AdProduct.SponsoredDisplay) }.Select(type => (Name: type.Item1, Spend: now.Left.Spend(type.Item2))).Where(type => type.Spend.Amount != 0).ToArray();
        return types.All(type => type.Name == "Products") ? null : string.Join(", ", types.Select(type => $"{type.Name} {Display.Rounded(type.Spend)}"));
    }

    private static string TacosWords(SpanFigures span)
    {
        var now = span.Whole;
        if (!now.Left.IsComplete && !now.Left.CostsMissing) return "needs sales data";
        var even = now.Left.CostsMissing ? ", break-even unknown" : now.BreakEvenTacos is { } least ? $", break-even {Display.Percent(least)}" : "";
        return $"of {Display.Rounded(now.Left.Sales)} total sales{even}{(span.Settled is { } share ? $", {SettlingWords.Books(share)}" : "")}";
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
}
