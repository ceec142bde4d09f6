using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit.Ledger;

public enum LineStage
{
    /// <summary>Nothing is posted: all of it is expected.</summary>
    Estimated,

    /// <summary>Some units are posted, the others are still expected.</summary>
    PartlyPosted,

    /// <summary>All units are posted, not all in a settlement; money may be held back.</summary>
    Posted,

    /// <summary>All units are in settlements.</summary>
    Settled,
}

/// <summary>One product of one order, from what was expected to what was settled. Amounts in micros of the storefront's currency, positive to the seller.</summary>
/// <param name="OrderKey">Keyed hash of the order's id.</param>
/// <param name="Sku">The product.</param>
/// <param name="Day">Of the order where it is known, otherwise of the first posting.</param>
/// <param name="Ordered">Units ordered; without order data those posted.</param>
/// <param name="Posted">Units whose price is posted, never more than ordered.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Movements">What counts of it, settled and posted; see <see cref="Counted"/>.</param>
/// <param name="Expected">What is expected of the whole order line by kind: price and promotions of the order, fees by the rates of its day; fees are missing where no rate held.</param>
public sealed record OrderLine(
    long OrderKey, Sku Sku, DateOnly Day, long Ordered, long Posted, LineStage Stage, ImmutableArray<Movement> Movements, ImmutableArray<(LedgerKind Kind, long Micros)> Expected)
{
    /// <summary>What was posted or settled of the kind.</summary>
    public long Actual(LedgerKind kind)
    {
        var sum = 0L;
        foreach (var movement in Movements) if (movement.Kind == kind) sum += movement.Micros;
        return sum;
    }

    /// <summary>What is still expected of the kind, for the units that are not posted yet.</summary>
    public long Open(LedgerKind kind)
    {
        var whole = Expected.FirstOrDefault(expected => expected.Kind == kind).Micros;
        return Ordered == 0 ? 0 : whole - (long)decimal.Round((decimal)whole * Posted / Ordered);
    }

    /// <summary>The best that is known of the line today: what was posted or settled and what is still expected, tax and transfers left out.</summary>
    public long Best => Movements.Where(movement => !LedgerLines.PassesThrough(movement.Kind)).Sum(movement => movement.Micros) + Expected.Where(expected => !LedgerLines.PassesThrough(expected.Kind)).Sum(expected => Open(expected.Kind));

    /// <summary>All order lines that order data or postings know, in order of day, order and product.</summary>
    /// <param name="movements">Of one storefront, in any order, order data among them.</param>
    /// <param name="counted">Those that count.</param>
    /// <param name="fees">Rates by which fees are expected.</param>
    /// <param name="currency">Of the storefront.</param>
    public static ImmutableArray<OrderLine> Of(IReadOnlyCollection<Movement> movements, Counted counted, FeeBook fees, Currency currency)
    {
        var orders = Counted.Once(movements.Where(movement => movement is { Source: LedgerSource.Order, OrderKey: not 0 })).ToLookup(movement => (movement.OrderKey, movement.Sku));
        var posted = counted.Movements.Where(movement => movement.OrderKey != 0).ToLookup(movement => (movement.OrderKey, movement.Sku));
        return [.. orders.Select(line => line.Key).Union(posted.Select(line => line.Key))
            .Select(key => Line(key.OrderKey, key.Sku, [.. orders[key]], [.. posted[key]], fees, currency))
            .OrderBy(line => line.Day).ThenBy(line => line.OrderKey).ThenBy(line => line.Sku.Value, StringComparer.Ordinal)];
    }

    private static OrderLine Line(long order, Sku sku, ImmutableArray<Movement> ordered, ImmutableArray<Movement> posted, FeeBook fees, Currency currency)
    {
        var charges = posted.Where(movement => movement.Kind == LedgerKind.ProductCharge).ToArray();
        var units = charges.Sum(movement => movement.Quantity);
        var wanted = ordered.IsEmpty ? units : ordered.Where(movement => movement.Kind == LedgerKind.ProductCharge).Sum(movement => movement.Quantity);
        var day = (ordered.IsEmpty ? posted : ordered).Min(movement => movement.Day);
        var stage = units == 0 && !ordered.IsEmpty ? LineStage.Estimated
            : units < wanted ? LineStage.PartlyPosted
            : posted.All(movement => movement.Source == LedgerSource.Settlement) ? LineStage.Settled : LineStage.Posted;
        return new OrderLine(order, sku, day, wanted, Math.Min(units, wanted), stage, posted, Expect(ordered, wanted, fees.At(sku, day), currency));
    }

    private static ImmutableArray<(LedgerKind Kind, long Micros)> Expect(ImmutableArray<Movement> ordered, long units, FeeRate? rate, Currency currency)
    {
        if (ordered.IsEmpty) return [];
        var expected = ordered.GroupBy(movement => movement.Kind).Select(group => (group.Key, group.Sum(movement => movement.Micros))).OrderBy(pair => pair.Key).ToList();
        if (rate is not null)
        {
            expected.Add((LedgerKind.ReferralFee, -FeeBook.Referral(rate, LedgerLines.Paid(ordered), units, currency)));
            expected.Add((LedgerKind.FulfilmentFee, -FeeBook.Fulfilment(rate, units, currency)));
        }

        return [.. expected];
    }
}
