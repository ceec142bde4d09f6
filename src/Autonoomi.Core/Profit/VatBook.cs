using System.Collections.Frozen;
using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>A rate of value added tax that the seller set.</summary>
/// <param name="From">First day on which it holds; a later one replaces it.</param>
/// <param name="Sku">Of one product (reduced rates); null for all products without a rate of their own.</param>
/// <param name="InPrices">Tax over the net price, 0 to 1: 0.19 where 119 are paid for 100; 0 for a seller who owes none.</param>
public sealed record VatRate(DateOnly From, Sku? Sku, decimal InPrices);

/// <summary>Which part of a price is value added tax: what was given, and nothing else.</summary>
public sealed class VatBook
{
    // Standard rates of prices that buyers see with tax, as of September 2026. In the US and Canada tax comes on top; Brazil has no single rate, so the seller sets it.
    private static readonly FrozenDictionary<string, decimal> StandardRates = new Dictionary<string, decimal>
    {
        ["UK"] = 0.20m, ["DE"] = 0.19m, ["FR"] = 0.20m, ["IT"] = 0.22m, ["ES"] = 0.21m, ["NL"] = 0.21m, ["BE"] = 0.21m, ["IE"] = 0.23m, ["SE"] = 0.25m, ["PL"] = 0.23m,
        ["TR"] = 0.20m, ["AE"] = 0.05m, ["SA"] = 0.15m, ["ZA"] = 0.15m, ["IN"] = 0.18m, ["JP"] = 0.10m, ["AU"] = 0.10m, ["SG"] = 0.09m, ["MX"] = 0.16m,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly ILookup<Sku?, VatRate> rates;

    /// <param name="rates">Of two that hold on a day the later one counts, of equal ones the first.</param>
    public VatBook(ImmutableArray<VatRate> rates) => this.rates = rates.OrderByDescending(rate => rate.From).ToLookup(rate => rate.Sku);

    /// <summary>The rate of a storefront whose prices hold tax, for as long as the seller has set none; empty where tax comes on top of prices.</summary>
    public static ImmutableArray<VatRate> Standard(Marketplace marketplace) =>
        StandardRates.TryGetValue(marketplace.Country, out var rate) ? [new VatRate(DateOnly.MinValue, null, rate)] : [];

    /// <returns>Tax over the net price, zero or more.</returns>
    /// <param name="sku">The product.</param>
    /// <param name="day">Of the sale.</param>
    public decimal Rate(Sku sku, DateOnly day) => (rates[sku].FirstOrDefault(rate => rate.From <= day) ?? rates[null].FirstOrDefault(rate => rate.From <= day))?.InPrices ?? 0;

    /// <returns>The tax that is held in a price, of the price's sign, in micros, rounded half to even.</returns>
    /// <param name="micros">The price with tax.</param>
    /// <param name="sku">The product.</param>
    /// <param name="day">Of the sale.</param>
    public long Held(long micros, Sku sku, DateOnly day)
    {
        var rate = Rate(sku, day);
        return (long)decimal.Round(micros * rate / (1 + rate), 0, MidpointRounding.ToEven);
    }
}
