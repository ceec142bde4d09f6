using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit.Ledger;

/// <summary>How far a fee of a product went away from what was expected of it, over the units that are posted.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Fee">Which fee.</param>
/// <param name="Units">Units whose fee is posted and whose rate was known.</param>
/// <param name="Expected">By the rates of their days, positive.</param>
/// <param name="Charged">As posted, positive.</param>
public sealed record FeeDrift(Sku Sku, LedgerKind Fee, long Units, Money Expected, Money Charged)
{
    /// <returns>Charged more than expected, over expected: 0.1 is 10 % more; null where nothing was expected.</returns>
    public double? Share => AdFigures.Ratio((Charged - Expected).Amount, Expected.Amount);

    /// <summary>One row per product and fee, in order of SKU.</summary>
    /// <param name="lines">Order lines.</param>
    /// <param name="fees">Rates that held.</param>
    /// <param name="currency">Of the storefront.</param>
    public static ImmutableArray<FeeDrift> Of(IEnumerable<OrderLine> lines, FeeBook fees, Currency currency)
    {
        var sums = new SortedDictionary<(string Sku, LedgerKind Fee), (long Units, long Expected, long Charged)>();
        foreach (var line in lines)
        {
            if (line.Posted == 0 || fees.At(line.Sku, line.Day) is not { } rate) continue;
            Add(line, LedgerKind.ReferralFee, FeeBook.Referral(rate, LedgerLines.Paid(line.Movements), line.Posted, currency));
            Add(line, LedgerKind.FulfilmentFee, FeeBook.Fulfilment(rate, line.Posted, currency));
        }

        return [.. sums.Select(pair => new FeeDrift(new Sku(pair.Key.Sku), pair.Key.Fee, pair.Value.Units, Money.FromMicros(pair.Value.Expected, currency), Money.FromMicros(pair.Value.Charged, currency)))];

        void Add(OrderLine line, LedgerKind fee, long expected)
        {
            var held = sums.GetValueOrDefault((line.Sku.Value, fee));
            sums[(line.Sku.Value, fee)] = (held.Units + line.Posted, held.Expected + expected, held.Charged - line.Actual(fee));
        }
    }
}
