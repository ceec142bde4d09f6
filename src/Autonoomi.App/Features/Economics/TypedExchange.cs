using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Economics;

/// <summary>A rate of exchange as typed; what names no currency is from the storefront's into the reporting currency.</summary>
public sealed record TypedRate(string From, string To, string Since, string Rate)
{
    public static TypedRate Blank { get; } = new("", "", "", "");

    public bool IsBlank => (From + To + Since + Rate).Trim().Length == 0;

    public static TypedRate Of(ExchangeRate rate) => new(rate.From.Code, rate.To.Code, TypedGoal.Day(rate.Since), rate.Rate.ToString("0.0000######", CultureInfo.InvariantCulture));
}

/// <summary>The form of the reporting currency and of exchange rates as typed.</summary>
public sealed record TypedExchange(string Currency, ImmutableArray<TypedRate> Rates)
{
    /// <summary>The newest rates first.</summary>
    public static TypedExchange Of(Reporting reporting) => new(
        reporting.Currency?.Code ?? "",
        [.. reporting.Rates.OrderByDescending(rate => rate.Since).ThenBy(rate => rate.From.Code, StringComparer.Ordinal).ThenBy(rate => rate.To.Code, StringComparer.Ordinal).Select(TypedRate.Of)]);

    /// <param name="storefront">Its currency stands where a row names none to convert from.</param>
    /// <param name="problems">One sentence each: field, rule, fix. Ranges are judged when it is stored.</param>
    public Reporting Read(Currency storefront, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        var wanted = Code(Currency);
        var rates = Rates.Where(rate => !rate.IsBlank).Select(Rate).ToImmutableArray();
        problems = found;
        return new Reporting(
            wanted.Length == 0 ? null : new Currency(wanted),
            [.. rates.OrderBy(rate => rate.From.Code, StringComparer.Ordinal).ThenBy(rate => rate.To.Code, StringComparer.Ordinal).ThenBy(rate => rate.Since)]);

        ExchangeRate Rate(TypedRate typed)
        {
            var (from, to) = (Code(typed.From) is { Length: > 0 } named ? named : storefront.Code, Code(typed.To) is { Length: > 0 } other ? other : wanted);
            var where = $"Rate from {Short(from)} to {(to.Length == 0 ? "no currency" : Short(to))} since {(typed.Since.Trim().Length == 0 ? "no day" : Short(typed.Since))}";
            if (to.Length == 0) found.Add($"{where}, to: it is empty, and no reporting currency is chosen that would stand for it. Choose one, or write one in the row.");
            if (!DateOnly.TryParseExact(typed.Since.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var since)) found.Add($"{where}, holds since: '{Short(typed.Since)}' is no date. Write it like 2026-11-27.");
            if (!CostNumber.TryParseTyped(typed.Rate, out var number)) found.Add($"{where}, rate: '{Short(typed.Rate)}' is not a number. Write it like 1.0840.");

            // 1,084 is a rate to one reader and a thousand to another.
            else if (CostNumber.Shape(typed.Rate.Trim()) == NumberShape.Doubtful && typed.Rate.Contains(',', StringComparison.Ordinal)) found.Add($"{where}, rate: '{Short(typed.Rate)}' may be a fraction or thousands. Write it with a decimal point, like 1.0840.");
            return new ExchangeRate(new Currency(from), new Currency(to), since, number);
        }
    }

    private static string Code(string typed) => typed.Trim().ToUpperInvariant();

    private static string Short(string text) => text.Trim() is { Length: > 30 } trimmed ? trimmed[..30] + "…" : text.Trim();
}
