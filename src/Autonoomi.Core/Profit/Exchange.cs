using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>A rate of exchange with where it is from.</summary>
/// <param name="From">Currency that is given.</param>
/// <param name="To">Currency that is got.</param>
/// <param name="Day">On which it held.</param>
/// <param name="Rate">Units of <paramref name="To"/> for one of <paramref name="From"/>, above zero.</param>
/// <param name="Source">Who says so, for people.</param>
public sealed record ExchangeRate(Currency From, Currency To, DateOnly Day, decimal Rate, string Source);

/// <summary>An amount in another currency, with the rate that was used: shown wherever the amount is.</summary>
public sealed record Converted(Money Original, Money Amount, ExchangeRate Rate);

/// <summary>Dated rates that were given to us; there is no rate that nobody gave.</summary>
public sealed class Exchange
{
    /// <summary>Days for which a rate speaks: over holidays, no longer.</summary>
    public const int LongestDays = 7;

    private readonly ILookup<(Currency, Currency), ExchangeRate> rates;

    /// <exception cref="ArgumentException">A rate is not above zero.</exception>
    public Exchange(ImmutableArray<ExchangeRate> rates)
    {
        if (rates.FirstOrDefault(rate => rate.Rate <= 0) is { } wrong) throw new ArgumentException($"The rate from {wrong.From} to {wrong.To} of {wrong.Day:yyyy-MM-dd} is {wrong.Rate}; a rate is above zero.", nameof(rates));
        this.rates = rates.OrderByDescending(rate => rate.Day).ToLookup(rate => (rate.From, rate.To));
    }

    /// <summary>The amount by the latest rate of the day or the <see cref="LongestDays"/> days before it; null without one: unknown, not zero. Not rounded.</summary>
    public Converted? Convert(Money amount, Currency to, DateOnly day)
    {
        if (amount.Currency == to) return new Converted(amount, amount, new ExchangeRate(to, to, day, 1, "same currency"));
        var rate = rates[(amount.Currency, to)].FirstOrDefault(rate => rate.Day <= day && rate.Day >= day.AddDays(-LongestDays));
        return rate is null ? null : new Converted(amount, new Money(amount.Amount * rate.Rate, to), rate);
    }
}
