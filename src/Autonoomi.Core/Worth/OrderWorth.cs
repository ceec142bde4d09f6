using System.Collections.Immutable;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Seasons;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Worth;

/// <summary>What an order is worth beside its contribution, target by target in arrays parallel to the workspace's: goals, incrementality, season. See docs/maths/worth.md.</summary>
internal sealed class OrderWorth
{
    private OrderWorth(int targets, Incrementality incrementality, SeasonIndex seasons)
    {
        Addition = new double[targets];
        Searches = incrementality;
        Season = new double[targets];
        AcosWorth = new double[targets];
        AcosOnly = new bool[targets];
        Array.Fill(Season, seasons.Conversion);
    }

    /// <summary>Money per order on top of the contribution (growth, rank, stock that has to go); zero without a goal that asks for it.</summary>
    public double[] Addition { get; }

    /// <summary>Share of attributed orders that would not have come without the ad, 0 to 1.</summary>
    public double[] Incrementality => Searches.Factor;

    /// <summary>The same asked of a single search.</summary>
    public Incrementality Searches { get; }

    /// <summary>Today's worth of a click over its usual one, above 0.</summary>
    public double[] Season { get; }

    /// <summary>Money per order under an ACoS goal or ceiling, τ times the order's sales; 0 without one.</summary>
    public double[] AcosWorth { get; }

    /// <summary>True where the ACoS goal alone decides, and contribution does not limit.</summary>
    public bool[] AcosOnly { get; }

    /// <summary>Groups under an ACoS goal or ceiling, as they stand today.</summary>
    public ImmutableArray<AcosGroup> AcosGroups { get; private set; } = [];

    public static OrderWorth Of(Measurement measured, StockPrices stock, SeasonIndex seasons, DecisionSettings settings)
    {
        var worth = new OrderWorth(measured.Workspace.Targets.Length, new Incrementality(measured, settings), seasons);

        var goals = new GoalBook(measured.Structure);
        GoalAdditions.Fill(worth.Addition, measured, stock, goals);

        // Last, because it looks at the worth that everything else leads to.
        worth.AcosGroups = AcosControl.Fill(worth, measured, stock, goals, settings);
        return worth;
    }

    /// <summary>Worth of an order through the target today, zero or more; the same formula as <see cref="Bidding.BidInputs.OrderWorth"/>.</summary>
    public double Of(int target, double contribution, double inventoryPrice) =>
        Of(contribution, Addition[target], inventoryPrice, Incrementality[target], Season[target], AcosWorth[target], AcosOnly[target]);

    /// <summary>Worth of an order through the target for decisions that last: its goal counts, today's season and stock do not; zero or more.</summary>
    /// <param name="target">Position in the workspace; below zero nobody's, which counts as profit.</param>
    /// <param name="contribution">Of an order before ads.</param>
    /// <param name="share">Share of its orders that count, 0 to 1; see <see cref="Searches"/>.</param>
    public double Lasting(int target, double contribution, double share = 1) =>
        target < 0 ? Math.Max(0, contribution) * share : Of(contribution, Addition[target], 0, share, 1, AcosWorth[target], AcosOnly[target]);

    public static double Of(double contribution, double addition, double inventoryPrice, double incrementality, double season, double acosWorth, bool acosOnly)
    {
        var profit = Math.Max(0, contribution + addition - inventoryPrice) * incrementality * season;
        if (acosWorth <= 0) return profit;
        var capped = acosWorth * season * (contribution > 0 ? Math.Clamp(1 - (inventoryPrice / contribution), 0, 1) : 1);
        return acosOnly ? capped : Math.Min(profit, capped);
    }
}
