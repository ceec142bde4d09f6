using System.Collections.Frozen;
using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>A rate of value added tax that the seller set.</summary>
/// <param name="From">First day on which it holds; a later one replaces it.</param>
/// <param name="Sku">Of one product (reduced rates); null for all products without a rate of their own.</param>
/// <param name="InPrices">Tax over the net price, 0 to 1: 0.19 where 119 are paid for 100; 0 for a seller who owes none.</param>
public sealed record VatRate(DateOnly From, Sku? Sku, decimal InPrices);

/// <summary>Which part of a price is value added tax. Where prices hold it, the storefront's standard rate counts until the seller sets another.</summary>
public sealed class VatBook
{
    // Standard rates of prices that buyers see with tax, as of September 2026. In the US and Canada tax comes on top; Brazil has no single rate, so the seller sets it.
    private static readonly FrozenDictionary<string, decimal> Standard = new Dictionary<string, decimal>
    {
        ["UK"] = 0.20m, ["DE"] = 0.19m, ["FR"] = 0.20m, ["IT"] = 0.22m, ["ES"] = 0.21m, ["NL"] = 0.21m, ["BE"] = 0.21m, ["IE"] = 0.23m, ["SE"] = 0.25m, ["PL"] = 0.23m,
        ["TR"] = 0.20m, ["AE"] = 0.05m, ["SA"] = 0.15m, ["ZA"] = 0.15m, ["IN"] = 0.18m, ["JP"] = 0.10m, ["AU"] = 0.10m, ["SG"] = 0.09m, ["MX"] = 0.16m,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly decimal standard;
    private readonly ILookup<Sku?, VatRate> rates;

    /// <param name="marketplace">Of the storefront.</param>
    /// <param name="rates">What the seller set.</param>
    public VatBook(Marketplace marketplace, ImmutableArray<VatRate> rates)
    {
        standard = Standard.GetValueOrDefault(marketplace.Country);
        this.rates = rates.OrderByDescending(rate => rate.From).ToLookup(rate => rate.Sku);
    }

    /// <returns>Tax over the net price, zero or more.</returns>
    /// <param name="sku">The product.</param>
    /// <param name="day">Of the sale.</param>
    public decimal Rate(Sku sku, DateOnly day) => (rates[sku].FirstOrDefault(rate => rate.From <= day) ?? rates[null].FirstOrDefault(rate => rate.From <= day))?.InPrices ?? standard;

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
