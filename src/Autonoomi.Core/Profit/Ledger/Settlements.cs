using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Profit.Ledger;

/// <summary>A settlement whose report was read.</summary>
/// <param name="Id">Amazon's settlement id.</param>
/// <param name="First">First day that it covers.</param>
/// <param name="Last">Last day that it covers; it is known from then on.</param>
/// <param name="PaidOut">Millionths of the currency that the report says were paid out; negative where the seller owed.</param>
/// <param name="Rows">Millionths of the currency that its rows add up to.</param>
public sealed record Settlement(long Id, DateOnly First, DateOnly Last, long PaidOut, long Rows)
{
    /// <summary>True when the rows add up to the payout, to the last millionth: nothing of the report is missing, nothing is there twice.</summary>
    public bool AddsUp => PaidOut == Rows;
}

/// <summary>The settlements of a storefront and the days that they cover.</summary>
public sealed class Settlements
{
    private readonly ImmutableArray<Settlement> all;

    private Settlements(ImmutableArray<Settlement> all) => this.all = all;

    /// <summary>In order of their days.</summary>
    public ImmutableArray<Settlement> All => all;

    /// <param name="movements">All of the storefront; those of no settlement are passed over, and so is a settlement whose payout row is missing.</param>
    public static Settlements Of(IEnumerable<Movement> movements)
    {
        var payouts = new Dictionary<long, Movement>();
        var sums = new Dictionary<long, long>();
        foreach (var movement in Counted.Once(movements.Where(movement => movement.Source == LedgerSource.Settlement)))
        {
            if (movement.Kind == LedgerKind.Payout) payouts[movement.Settlement] = movement;
            else sums[movement.Settlement] = sums.GetValueOrDefault(movement.Settlement) + movement.Micros;
        }

        return new([.. payouts.Values
            .Select(payout => new Settlement(payout.Settlement, payout.Day.AddDays(1 - (int)Math.Max(1, payout.Quantity)), payout.Day, -payout.Micros, sums.GetValueOrDefault(payout.Settlement)))
            .OrderBy(settlement => settlement.Last).ThenBy(settlement => settlement.Id)]);
    }

    /// <summary>True when everything released on the day is in settlements that we have. Settlements begin and end within a day, so its neighbours must be in them too.</summary>
    public bool Covers(DateOnly day) => Holds(day.AddDays(-1)) && Holds(day) && Holds(day.AddDays(1));

    /// <summary>The settlement with which the days are complete: it ends after them, and no day before it is without one. Null while there is none.</summary>
    /// <param name="days">Days that must be covered.</param>
    public Settlement? CompletedBy(DateSpan days)
    {
        var reached = days.First.AddDays(-1);
        foreach (var settlement in all)
        {
            if (settlement.Last <= reached) continue;
            if (settlement.First > reached.AddDays(1)) return null;
            reached = settlement.Last;
            if (reached > days.Last) return settlement;
        }

        return null;
    }

    private bool Holds(DateOnly day) => all.Any(settlement => day >= settlement.First && day <= settlement.Last);
}
