using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>A rate of exchange that a person typed. It holds from its first day until the next one from and to the same currencies begins, not the other way round.</summary>
/// <param name="From">Currency that is given.</param>
/// <param name="To">Currency that is got.</param>
/// <param name="Since">First day on which it holds.</param>
/// <param name="Rate">Units of <paramref name="To"/> for one of <paramref name="From"/>, above zero.</param>
public sealed record ExchangeRate(Currency From, Currency To, DateOnly Since, decimal Rate);

/// <summary>Which currency a seller account's figures are shown in beside their own, and by which rates.</summary>
/// <param name="Currency">Null: nothing is converted.</param>
/// <param name="Rates">Old ones too: the days on which they held are still converted by them.</param>
public sealed record Reporting(Currency? Currency, ImmutableArray<ExchangeRate> Rates)
{
    public const int MostRates = 3_000;
    private const decimal HighestRate = 1_000_000;
    private const int RateDigits = 10;

    /// <summary>Those of storefronts, and others that sellers keep books in.</summary>
    public static readonly ImmutableArray<Currency> Known =
    [
        .. Marketplace.All.Select(marketplace => marketplace.Currency.Code).Concat(["CHF", "CNY", "CZK", "DKK", "HKD", "HUF", "ILS", "NOK", "NZD", "RON", "THB", "TWD"])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(code => new Currency(code)),
    ];

    public static Reporting None { get; } = new(null, []);

    /// <returns>What converts figures of a storefront; null where they are in the currency wanted, or none is wanted.</returns>
    public Exchange? Of(Currency storefront) => Currency is { } wanted && wanted != storefront ? new Exchange(storefront, wanted, Rates) : null;

    /// <returns>What is wrong, one sentence each: field, rule, fix; empty when it can be stored.</returns>
    public IEnumerable<string> Faults()
    {
        if (Currency is { } wanted && !Known.Contains(wanted)) yield return $"Reporting currency: '{wanted}' is none of {Among}. Take one of these, or leave it empty.";
        if (Rates.Length > MostRates) yield return $"At most {MostRates} exchange rates can be kept. Take away those of days that you no longer look at.";
        foreach (var rate in Rates)
        {
            var name = Name(rate);
            if (!Known.Contains(rate.From)) yield return $"{name}, from: '{rate.From}' is none of {Among}. Take one of these.";
            if (!Known.Contains(rate.To)) yield return $"{name}, to: '{rate.To}' is none of {Among}. Take one of these.";
            if (rate.From == rate.To) yield return $"{name}: a currency has no rate to itself. Change one of the two, or take the row away.";
            if (rate.Rate is <= 0 or > HighestRate || decimal.Round(rate.Rate, RateDigits) != rate.Rate) yield return $"{name}, rate: it is above zero and at most one million, with at most ten digits after the decimal mark.";
            if (rate.Since.Year is < 2000 or > 2100) yield return $"{name}, holds since: the day lies between 2000 and 2100. Correct the year.";
        }

        foreach (var same in Rates.GroupBy(rate => (rate.From, rate.To, rate.Since)).Where(group => group.Count() > 1))
            yield return $"{Name(same.First())}: two rates hold from the same day. Take one away.";
    }

    private static string Among => string.Join(", ", Known);

    private static string Name(ExchangeRate rate) => string.Create(CultureInfo.InvariantCulture, $"Rate from {rate.From} to {rate.To} since {rate.Since:yyyy-MM-dd}");
}

/// <summary>An amount in another currency with the rates that it was converted by: shown wherever the amount is.</summary>
/// <param name="Amount">Rounded once, after all days were added, to the currency's decimals.</param>
/// <param name="Rates">Those that were used, the oldest first; empty where there was nothing to convert.</param>
public sealed record Converted(Money Amount, ImmutableArray<ExchangeRate> Rates);

/// <summary>Converts a storefront's amounts, each at the rate of its day. A day without a rate leaves the whole unknown. See docs/maths/profit.md.</summary>
public sealed class Exchange
{
    private readonly ExchangeRate[] rates;

    /// <param name="from">Of the storefront.</param>
    /// <param name="to">Into which is converted.</param>
    /// <param name="rates">Those of other currencies are passed over.</param>
    /// <exception cref="ArgumentException">A rate is not above zero.</exception>
    public Exchange(Currency from, Currency to, IEnumerable<ExchangeRate> rates)
    {
        (From, To) = (from, to);
        this.rates = [.. rates.Where(rate => rate.From == from && rate.To == to).OrderBy(rate => rate.Since)];
        if (this.rates.FirstOrDefault(rate => rate.Rate <= 0) is { } wrong) throw new ArgumentException($"The rate from {from} to {to} since {wrong.Since:yyyy-MM-dd} is {wrong.Rate}; a rate is above zero.", nameof(rates));
    }

    public Currency From { get; }

    public Currency To { get; }

    /// <returns>The rate that holds on the day; null before the first one.</returns>
    public ExchangeRate? On(DateOnly day) => Array.FindLast(rates, rate => rate.Since <= day);

    /// <param name="amounts">Micros of <see cref="From"/> by day; a day may come several times.</param>
    /// <returns>Their sum; null while a day with an amount has no rate: unknown, never a part of it.</returns>
    public Converted? Convert(IEnumerable<(DateOnly Day, long Micros)> amounts)
    {
        var sum = 0m;
        var used = new HashSet<ExchangeRate>();
        foreach (var day in amounts.GroupBy(amount => amount.Day, amount => amount.Micros))
        {
            var micros = day.Sum();
            if (micros == 0) continue;
            if (On(day.Key) is not { } rate) return null;
            used.Add(rate);
            sum += Money.FromMicros(micros, From).Amount * rate.Rate;
        }

        return new Converted(new Money(decimal.Round(sum, To.Decimals, MidpointRounding.ToEven), To), [.. used.OrderBy(rate => rate.Since)]);
    }

    /// <param name="rows">Parts of the profit.</param>
    /// <param name="part">Micros that are wanted of each.</param>
    /// <inheritdoc cref="Convert(IEnumerable{ValueTuple{DateOnly, long}})" path="/returns" />
    public Converted? Convert(IEnumerable<ProfitRow> rows, Func<Statement, long> part) => Convert(rows.Select(row => (row.Day, part(row.Lines))));

    /// <returns>Rates that hold on days with amounts, the oldest first.</returns>
    public ImmutableArray<ExchangeRate> Held(IEnumerable<ProfitRow> rows) => [.. Days(rows).Select(On).OfType<ExchangeRate>().Distinct().OrderBy(rate => rate.Since)];

    /// <returns>Days with amounts on which no rate holds, the oldest first.</returns>
    public ImmutableArray<DateOnly> Missing(IEnumerable<ProfitRow> rows) => [.. Days(rows).Where(day => On(day) is null).Order()];

    private static IEnumerable<DateOnly> Days(IEnumerable<ProfitRow> rows) => rows.Where(row => !row.Lines.Equals(Statement.Empty)).Select(row => row.Day).Distinct();
}
