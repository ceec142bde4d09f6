using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit.Ledger;

public enum ReturnOutcome
{
    /// <summary>Back in stock.</summary>
    Sellable,

    /// <summary>Came back damaged by the buyer or worn: the seller's loss.</summary>
    Unsellable,

    /// <summary>Damaged in Amazon's hands or on its way: Amazon reimburses.</summary>
    DamagedByAmazon,
}

/// <summary>Goods that came back.</summary>
/// <param name="OrderKey">Keyed hash of the order's id; 0 where the order is not known.</param>
/// <param name="Sku">The product.</param>
/// <param name="Day">When it came back.</param>
/// <param name="Quantity">Units, at least 1.</param>
/// <param name="Outcome">In which state.</param>
public sealed record ReturnedGoods(long OrderKey, Sku Sku, DateOnly Day, long Quantity, ReturnOutcome Outcome)
{
    /// <summary>All rows of a table of <see cref="Dataset.ReturnDay"/>, in its order.</summary>
    public static ImmutableArray<ReturnedGoods> Of(FactTable table)
    {
        var days = table.Ints("day");
        var outcomes = table.Ints("outcome");
        var orders = table.Longs("order_key");
        var quantities = table.Longs("quantity");
        var skus = table.Texts("sku");
        var all = ImmutableArray.CreateBuilder<ReturnedGoods>(table.Rows);
        for (var row = 0; row < table.Rows; row++)
            all.Add(new ReturnedGoods(orders[row], new Sku(skus[row]), DateOnly.FromDayNumber(days[row]), quantities[row], (ReturnOutcome)outcomes[row]));
        return all.MoveToImmutable();
    }
}

/// <summary>Goods that came back, and of which days that is known.</summary>
/// <param name="Days">All of them were read.</param>
/// <param name="Goods">In any order.</param>
public sealed record KnownReturns(DateSpan Days, ImmutableArray<ReturnedGoods> Goods);
