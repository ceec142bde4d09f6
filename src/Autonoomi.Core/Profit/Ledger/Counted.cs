using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit.Ledger;

/// <summary>
/// The movements that count: each once. A deferred movement and its release are one; a settlement replaces the transactions that it settles. See docs/maths/profit.md.
/// </summary>
/// <param name="Movements">Settled ones, and posted ones that no settlement has yet, deferred ones among them.</param>
/// <param name="Replaced">Posted ones in whose place the settlement says something else: what they said is not counted.</param>
public sealed record Counted(ImmutableArray<Movement> Movements, ImmutableArray<Movement> Replaced)
{
    /// <param name="movements">Of one storefront, in any order; rows of order data and estimates are left out.</param>
    public static Counted Of(IReadOnlyCollection<Movement> movements)
    {
        var settlements = Settlements.Of(movements);
        var counted = ImmutableArray.CreateBuilder<Movement>(movements.Count);
        var replaced = ImmutableArray.CreateBuilder<Movement>();
        foreach (var group in Once(movements.Where(movement => movement.Source >= LedgerSource.Transaction)).GroupBy(movement => (movement.OrderKey, movement.Sku, movement.Kind)))
        {
            // How many settled movements of each amount wait for the posting that they settle.
            var settled = new Dictionary<long, int>();
            foreach (var movement in group.Where(movement => movement.Source == LedgerSource.Settlement))
            {
                counted.Add(movement);
                settled[movement.Micros] = settled.GetValueOrDefault(movement.Micros) + 1;
            }

            var isSettled = settled.Count > 0;
            foreach (var movement in group.Where(movement => movement.Source == LedgerSource.Transaction).OrderByDescending(movement => movement.State).ThenBy(movement => movement.Day).ThenBy(movement => movement.Line))
            {
                if (settled.GetValueOrDefault(movement.Micros) > 0) settled[movement.Micros]--;
                else if (isSettled && movement.State != LedgerState.Deferred && settlements.Covers(movement.Day)) replaced.Add(movement);
                else counted.Add(movement);
            }
        }

        return new(counted.DrainToImmutable(), replaced.DrainToImmutable());
    }

    /// <summary>Each movement once: of several readings of one the most certain, of equal ones the latest.</summary>
    internal static IEnumerable<Movement> Once(IEnumerable<Movement> movements)
    {
        var best = new Dictionary<(long OrderKey, Sku Sku, LedgerKind Kind, LedgerSource Source, long Settlement, long Line), Movement>();
        foreach (var movement in movements)
        {
            var key = (movement.OrderKey, movement.Sku, movement.Kind, movement.Source, movement.Settlement, movement.Line);
            if (!best.TryGetValue(key, out var held) || (movement.State, movement.Day).CompareTo((held.State, held.Day)) > 0) best[key] = movement;
        }

        return best.Values;
    }
}
