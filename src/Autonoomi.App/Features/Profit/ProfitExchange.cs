using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Profit;

/// <summary>Converted figures of a row, and the rates in words.</summary>
public static class ProfitExchange
{
    /// <summary>Every line of the statement, then contribution and ad spend; null where the figure or a rate is unknown.</summary>
    public static IEnumerable<Converted?> Figures(Exchange exchange, ProfitItem item) =>
        [.. Statement.Lines.Select(line => Line(exchange, item, line)), Contribution(exchange, item), AdSpend(exchange, item)];

    public static Converted? Line(Exchange exchange, ProfitItem item, ProfitLine line) => item.Whole.Line(line) is null ? null : exchange.Convert(item.Parts, lines => lines[line]);

    public static Converted? Sales(Exchange exchange, ProfitItem item) => exchange.Convert(item.Parts, lines => lines.Sales);

    public static Converted? AdSpend(Exchange exchange, ProfitItem item) => exchange.Convert(item.Parts, lines => lines.AdSpend);

    public static Converted? BeforeAds(Exchange exchange, ProfitItem item) => item.Whole.IsComplete ? exchange.Convert(item.Parts, lines => lines.BeforeAds) : null;

    public static Converted? Contribution(Exchange exchange, ProfitItem item) => item.Whole.IsComplete ? exchange.Convert(item.Parts, lines => lines.Total) : null;

    /// <summary>"converted at 1.0790 since 2026-10-15 and 1.0840 since 2026-11-01", or which days have no rate.</summary>
    public static string Words(Exchange exchange, ImmutableArray<ProfitRow> parts)
    {
        var missing = Missing(exchange, parts);
        if (exchange.Held(parts) is { IsEmpty: false } held) return $"converted at {Listed([.. held.Select(Of)])}{(missing is null ? "" : $"; {missing}")}";
        return missing ?? "nothing to convert";
    }

    /// <summary>"no rate holds on 3 days, 2026-10-12 to 2026-10-14"; null where every day with amounts has one.</summary>
    public static string? Missing(Exchange exchange, ImmutableArray<ProfitRow> parts) => exchange.Missing(parts) switch
    {
        [] => null,
        [var only] => $"no rate holds on {Day(only)}",
        [var first, .., var last] days => $"no rate holds on {Display.Count(days.Length)} days, {Day(first)} to {Day(last)}",
    };

    /// <summary>"1.0840 since 2026-11-01".</summary>
    public static string Of(ExchangeRate rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.Rate:0.0000######} since {rate.Since:yyyy-MM-dd}");

    /// <summary>"a", "a and b", "a, b and c".</summary>
    public static string Listed(IReadOnlyList<string> parts) => parts.Count < 2 ? string.Concat(parts) : $"{string.Join(", ", parts.Take(parts.Count - 1))} and {parts[^1]}";

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
