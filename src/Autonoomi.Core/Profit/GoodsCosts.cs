using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit;

/// <summary>Units bought together at one price.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Received">First day on which they could be sold.</param>
/// <param name="Quantity">Units, at least 1.</param>
/// <param name="CostOfGoods">Per unit.</param>
/// <param name="InboundPerUnit">Per unit: freight and preparation.</param>
public sealed record GoodsBatch(Sku Sku, DateOnly Received, long Quantity, Money CostOfGoods, Money InboundPerUnit);

/// <summary>A cost beside goods and fees: a licence, a photographer, a loan's interest. Spread evenly over its days.</summary>
/// <param name="Sku">The product; null: over all products by their sales of the day.</param>
/// <param name="First">First day.</param>
/// <param name="Last">Last day, not before the first.</param>
/// <param name="Amount">The whole amount, or that of a whole calendar month where it is <see cref="Monthly"/>; zero or more.</param>
public sealed record OtherCost(Sku? Sku, DateOnly First, DateOnly Last, Money Amount)
{
    /// <summary>For people.</summary>
    public string Name { get; init; } = "";

    /// <summary>True: the amount is due for every calendar month; a month that is begun or ended within bears its days' share.</summary>
    public bool Monthly { get; init; }

    /// <returns>Micros that the day bears, zero or more; zero outside its days. What does not divide goes to the earlier days.</returns>
    /// <param name="day">Any day.</param>
    public long On(DateOnly day)
    {
        if (day < First || day > Last) return 0;
        var (days, index) = Monthly ? (DateTime.DaysInMonth(day.Year, day.Month), day.Day - 1) : (Last.DayNumber - First.DayNumber + 1, day.DayNumber - First.DayNumber);
        var (each, left) = Math.DivRem(Amount.ToMicros(), days);
        return each + (index < left ? 1 : 0);
    }
}

/// <summary>What the goods sold have cost: by batch, first in first out, as far as there are batches, otherwise by the cost that held on the day.</summary>
public sealed class GoodsCosts
{
    private readonly CostBook costs;
    private readonly Dictionary<Sku, GoodsBatch[]> batches;

    /// <param name="costs">Dated costs.</param>
    /// <param name="batches">Batches, in any order; a product may have none.</param>
    public GoodsCosts(ImmutableArray<ProductCost> costs, ImmutableArray<GoodsBatch> batches)
    {
        this.costs = new CostBook(costs);
        this.batches = batches.GroupBy(batch => batch.Sku).ToDictionary(group => group.Key, group => group.OrderBy(batch => batch.Received).ToArray());
    }

    /// <summary>Cost of a product's units day by day. Units sold before the first batch came, and units beyond all batches, cost what held on their day.</summary>
    /// <param name="sku">The product.</param>
    /// <param name="days">In order: units that left for good; negative where more came back into stock than left, which gives the latest units back at their cost.</param>
    /// <returns>Per day goods and inbound in micros, zero or more for units sold; null where a unit has no cost, and on a day without units where nothing is known of the product.</returns>
    public ImmutableArray<(long Goods, long Inbound)?> Of(Sku sku, IReadOnlyList<(DateOnly Day, long Units)> days)
    {
        var stock = batches.GetValueOrDefault(sku, []);
        var taken = 0L;
        var all = ImmutableArray.CreateBuilder<(long, long)?>(days.Count);
        foreach (var (day, units) in days)
        {
            var dated = costs.At(sku, day);
            if (stock.Length == 0 || day < stock[0].Received)
            {
                all.Add(dated is null ? null : (units * dated.CostOfGoods.ToMicros(), units * dated.InboundPerUnit.ToMicros()));
                continue;
            }

            var next = Math.Max(0, taken + units);
            var (from, to) = (Math.Min(taken, next), Math.Max(taken, next));
            var (goods, inbound, start) = (0L, 0L, 0L);
            foreach (var batch in stock)
            {
                var used = Math.Max(0, Math.Min(to, start + batch.Quantity) - Math.Max(from, start));
                goods += used * batch.CostOfGoods.ToMicros();
                inbound += used * batch.InboundPerUnit.ToMicros();
                start += batch.Quantity;
            }

            var beyond = to - Math.Max(from, start);
            if (beyond > 0 && dated is not null)
            {
                goods += beyond * dated.CostOfGoods.ToMicros();
                inbound += beyond * dated.InboundPerUnit.ToMicros();
            }

            var sign = next < taken ? -1 : 1;
            taken = next;
            all.Add(beyond > 0 && dated is null ? null : (sign * goods, sign * inbound));
        }

        return all.MoveToImmutable();
    }
}
