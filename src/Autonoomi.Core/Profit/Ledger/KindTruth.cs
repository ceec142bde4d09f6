using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit.Ledger;

/// <summary>One kind of money of some orders: what settlements hold, what is posted and in none yet, and what is still expected. The three add up to the best that is known.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Expected">What was expected of the units that are posted, by order data and the rates of their days; null where none of them had an expectation.</param>
/// <param name="Settled">In settlements.</param>
/// <param name="Posted">Posted, in no settlement yet.</param>
/// <param name="Open">Still expected.</param>
public sealed record KindTruth(LedgerKind Kind, Money? Expected, Money Settled, Money Posted, Money Open)
{
    /// <summary>The best that is known today.</summary>
    public Money Best => Settled + Posted + Open;

    /// <returns>Share of the best that is in settlements, 0 to 1; null where it is nothing.</returns>
    public double? Share => AdFigures.Ratio(Settled.Amount, Best.Amount) is { } share ? Math.Clamp(share, 0, 1) : null;

    /// <summary>One row per kind that moved or is expected, in order of kind; what passes through is left out.</summary>
    /// <param name="lines">Order lines.</param>
    /// <param name="currency">Of the storefront.</param>
    public static ImmutableArray<KindTruth> Of(IEnumerable<OrderLine> lines, Currency currency)
    {
        var sums = new SortedDictionary<LedgerKind, (long? Expected, long Settled, long Posted, long Open)>();
        foreach (var line in lines)
        {
            foreach (var movement in line.Movements)
            {
                var held = sums.GetValueOrDefault(movement.Kind);
                sums[movement.Kind] = movement.Source == LedgerSource.Settlement ? held with { Settled = held.Settled + movement.Micros } : held with { Posted = held.Posted + movement.Micros };
            }

            foreach (var (kind, whole) in line.Expected)
            {
                var (held, open) = (sums.GetValueOrDefault(kind), line.Open(kind));
                sums[kind] = held with { Expected = line.Posted == 0 ? held.Expected : (held.Expected ?? 0) + whole - open, Open = held.Open + open };
            }
        }

        return [.. sums.Where(sum => !LedgerLines.PassesThrough(sum.Key)).Select(sum => new KindTruth(sum.Key,
            sum.Value.Expected is { } expected ? Money.FromMicros(expected, currency) : null, Money.FromMicros(sum.Value.Settled, currency), Money.FromMicros(sum.Value.Posted, currency), Money.FromMicros(sum.Value.Open, currency)))];
    }
}
