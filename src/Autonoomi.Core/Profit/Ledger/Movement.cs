using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit.Ledger;

/// <summary>One movement of money: a row of <see cref="Dataset.LedgerDay"/>.</summary>
/// <param name="Day">On which Amazon posted it; of order data the day of the order.</param>
/// <param name="OrderKey">Keyed hash of the order's id; 0 without an order.</param>
/// <param name="Sku">The product; empty where it is of none.</param>
/// <param name="Kind">What for.</param>
/// <param name="Source">Where it is known from.</param>
/// <param name="Line">Number of the movement, the same at every reading.</param>
/// <param name="State">How far it is.</param>
/// <param name="Quantity">Units, zero or more; of a payout the days of the settlement.</param>
/// <param name="Micros">Millionths of the storefront's currency, positive to the seller.</param>
/// <param name="Settlement">Id of the settlement; 0 outside.</param>
public readonly record struct Movement(
    DateOnly Day, long OrderKey, Sku Sku, LedgerKind Kind, LedgerSource Source, long Line, LedgerState State, long Quantity, long Micros, long Settlement)
{
    /// <summary>All rows of a table of <see cref="Dataset.LedgerDay"/>, in its order.</summary>
    public static ImmutableArray<Movement> Of(FactTable table)
    {
        var days = table.Ints("day");
        var kinds = table.Ints("kind");
        var sources = table.Ints("source");
        var states = table.Ints("state");
        var orders = table.Longs("order_key");
        var lines = table.Longs("line");
        var quantities = table.Longs("quantity");
        var amounts = table.Longs("amount");
        var settlements = table.Longs("settlement");
        var texts = table.Texts("sku");
        var skus = texts.Words.Select(word => new Sku(word)).ToArray();
        var all = ImmutableArray.CreateBuilder<Movement>(table.Rows);
        for (var row = 0; row < table.Rows; row++)
        {
            all.Add(new Movement(DateOnly.FromDayNumber(days[row]), orders[row], skus[texts.Codes[row]], (LedgerKind)kinds[row], (LedgerSource)sources[row],
                lines[row], (LedgerState)states[row], quantities[row], amounts[row], settlements[row]));
        }

        return all.MoveToImmutable();
    }

    /// <summary>Appends the movement as a row.</summary>
    public void AddTo(FactTableBuilder table) => table
        .Day(Day).Long(OrderKey).Text(Sku.Value).Int((int)Kind).Int((int)Source).Long(Line).Int((int)State).Long(Quantity).Long(Micros).Long(Settlement);
}
