using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit.Ledger;

/// <summary>A month of the books.</summary>
/// <param name="First">Its first day.</param>
/// <param name="Closed">True once settlements cover the month to its end: from then on nothing in it changes.</param>
/// <param name="Movements">Booked in the month, settled and, while it is open, posted ones; corrections left out.</param>
/// <param name="Corrections">Movements of earlier, closed months that came to light later: they are booked here, and keep their own day.</param>
public sealed record BookMonth(DateOnly First, bool Closed, ImmutableArray<Movement> Movements, ImmutableArray<Movement> Corrections);

/// <summary>Closes months as their settlements come in.</summary>
public static class Months
{
    /// <param name="movements">All of one storefront, in any order; order data are left out.</param>
    /// <returns>One month after the other from the first to the last that has a movement; empty without movements.</returns>
    /// <remarks>
    /// A month closes with the first settlement that ends after it, when no day of it is without a settlement. What a later settlement brings of a closed month is
    /// booked in the month in which that settlement ends, which is open then. So whatever is settled later, a closed month stays as it is. Only when settlements
    /// from before are read afterwards do the books begin earlier, and are drawn up anew.
    /// </remarks>
    public static ImmutableArray<BookMonth> Of(IReadOnlyCollection<Movement> movements)
    {
        var settlements = Settlements.Of(movements);
        var counted = Counted.Of(movements).Movements;
        if (counted.IsEmpty) return [];
        var ends = settlements.All.ToDictionary(settlement => settlement.Id, settlement => settlement.Last);
        var (first, last) = (MonthOf(counted.Min(movement => movement.Day)), MonthOf(counted.Max(movement => movement.Day)));
        var closedOn = new Dictionary<DateOnly, DateOnly>();
        var booked = new Dictionary<DateOnly, (List<Movement> Own, List<Movement> Corrections)>();
        for (var month = first; month <= last; month = month.AddMonths(1))
        {
            booked[month] = ([], []);
            if (settlements.CompletedBy(new DateSpan(month, month.AddMonths(1).AddDays(-1))) is { } by) closedOn[month] = by.Last;
        }

        foreach (var movement in counted)
        {
            var month = MonthOf(movement.Day);

            // Posted, and not in the settlements that should have it: it waits in the newest month.
            var known = ends.TryGetValue(movement.Settlement, out var end) ? end : DateOnly.MaxValue;
            if (!closedOn.TryGetValue(month, out var closed) || known <= closed) booked[month].Own.Add(movement);
            else booked[known == DateOnly.MaxValue ? last : MonthOf(known)].Corrections.Add(movement);
        }

        return [.. booked.OrderBy(pair => pair.Key).Select(pair => new BookMonth(pair.Key, closedOn.ContainsKey(pair.Key), Ordered(pair.Value.Own), Ordered(pair.Value.Corrections)))];
    }

    /// <summary>On which day what came to light of a closed month is booked: the last of the settlement that brings it; without one the newest day of all.</summary>
    /// <param name="movements">All of one storefront, in any order.</param>
    internal static Dictionary<Movement, DateOnly> Corrections(IReadOnlyCollection<Movement> movements)
    {
        var ends = Settlements.Of(movements).All.ToDictionary(settlement => settlement.Id, settlement => settlement.Last);
        var months = Of(movements);
        if (months.IsEmpty) return [];
        var newest = months.SelectMany(month => month.Movements).Select(movement => movement.Day).DefaultIfEmpty(months[^1].First).Max();
        return months.SelectMany(month => month.Corrections).ToDictionary(movement => movement, movement => ends.TryGetValue(movement.Settlement, out var end) ? end : newest);
    }

    private static ImmutableArray<Movement> Ordered(List<Movement> movements) => [.. movements
        .OrderBy(movement => movement.Day).ThenBy(movement => movement.OrderKey).ThenBy(movement => movement.Sku.Value, StringComparer.Ordinal)
        .ThenBy(movement => movement.Kind).ThenBy(movement => movement.Source).ThenBy(movement => movement.Line)];

    private static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);
}
