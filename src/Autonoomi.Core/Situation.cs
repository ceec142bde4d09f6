using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Placements;
using Autonoomi.Core.Seasons;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Worth;

namespace Autonoomi.Core;

/// <summary>What every module of one decision looks at: facts, estimates, worth, prices. Nothing in it changes once the modules propose.</summary>
internal sealed record Situation
{
    public required DecisionSettings Settings { get; init; }
    public required Measurement Measured { get; init; }
    public required SearchTerms Terms { get; init; }
    public required StockPrices Stock { get; init; }
    public required OrderWorth Worth { get; init; }
    public required SeasonIndex Seasons { get; init; }

    public required PlacementPlan Placements { get; init; }

    /// <summary>Per campaign: click-weighted mean of the placement multipliers that will be in force.</summary>
    public double[] Multipliers => Placements.Multipliers;

    /// <summary>λ: profit that one more currency unit of ad budget would return, zero or more.</summary>
    public required double BudgetPrice { get; init; }

    /// <summary>Smallest effect worth a structural change, in the storefront's currency over 30 days.</summary>
    public required double MinimumGain { get; init; }

    public Workspace Workspace => Measured.Workspace;
}
