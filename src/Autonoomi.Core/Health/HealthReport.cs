using System.Collections.Immutable;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Recommendations;

namespace Autonoomi.Core.Health;

/// <summary>What the health score looks at, in the order of its page.</summary>
public enum HealthPart { ProfitEfficiency, WastedSpend, Budgets, Coverage, PlacementsAndHours, Structure, RetailReadiness, Incrementality, DataAndEconomics }

public enum HealthBand { NotRated, A, B, C, D, E }

/// <summary>What holds the whole score down, whatever its parts say.</summary>
public enum HealthGateKind { AdsWithoutStock, MissingCosts, StaleData, BudgetExceeded, LosesMoney, MoneyLeftLying }

/// <param name="Part">Which.</param>
/// <param name="Weight">Share in the score before parts without data are left out, in points of 100.</param>
/// <param name="Score">0 to 100; null where the data does not say.</param>
/// <param name="Lost">Profit that this part is expected to cost over 30 days, zero or more; null where it has no price.</param>
/// <param name="Figures">The numbers behind the score.</param>
/// <param name="Recommendation">Catalogue id of what would mend it; null when nothing is proposed.</param>
public sealed record HealthComponent(HealthPart Part, double Weight, double? Score, Money? Lost, ImmutableArray<EvidenceValue> Figures, string? Recommendation = null);

/// <param name="Kind">What is wrong.</param>
/// <param name="Highest">The score that cannot be passed while it is, 0 to 100.</param>
/// <param name="Figures">The numbers behind it.</param>
public sealed record HealthGate(HealthGateKind Kind, double Highest, ImmutableArray<EvidenceValue> Figures);

/// <param name="Campaign">Which.</param>
/// <param name="Score">0 to 100, of the parts that a campaign has.</param>
/// <param name="Spend">Ad spend of the last 30 days.</param>
/// <param name="Lost">Profit that its faults are expected to cost over 30 days.</param>
public sealed record CampaignHealth(CampaignId Campaign, double Score, Money Spend, Money Lost);

/// <summary>How well a storefront's advertising is run, in one number whose parts have a price. See docs/maths/health.md.</summary>
public sealed record HealthReport
{
    /// <summary>0 to 100; null when it is not rated.</summary>
    public required double? Score { get; init; }

    /// <summary>10 % quantile of the score over what conversion rates may truly be.</summary>
    public required double Low { get; init; }

    /// <summary>90 % quantile.</summary>
    public required double High { get; init; }
    public required HealthBand Band { get; init; }

    /// <summary>Clicks of the last 30 days: below <see cref="HealthScore.LeastClicks"/> nothing is rated.</summary>
    public required double Clicks { get; init; }

    /// <summary>Ad spend of the last 30 days.</summary>
    public required Money Spend { get; init; }

    /// <summary>Expected contribution after ads over 30 days at the bids in force.</summary>
    public required Money Profit { get; init; }

    /// <summary>What all parts together are expected to cost over 30 days; no amount is counted in two parts.</summary>
    public required Money Lost { get; init; }

    /// <summary>In the order of <see cref="HealthPart"/>.</summary>
    public required ImmutableArray<HealthComponent> Parts { get; init; }
    public required ImmutableArray<HealthGate> Gates { get; init; }

    /// <summary>Campaigns that spent in the last 30 days, the most expensive faults first.</summary>
    public required ImmutableArray<CampaignHealth> Campaigns { get; init; }

    // What mends a part, where it is advised.
    private static readonly string[][] Mends =
    [
        ["R01", "R02", "R13"], ["R04"], ["R11", "R13", "R12"], ["R07", "R08"], ["R10", "R14"], ["R21", "R27", "R25", "R09"], ["R15", "R17"], ["R20"], ["R22"],
    ];

    /// <summary>Links each part to the advice that would mend it: of several the one that ranks highest.</summary>
    internal HealthReport With(IReadOnlyList<Recommendation> recommendations) => this with
    {
        Parts = [.. Parts.Select(part => part with { Recommendation = recommendations.FirstOrDefault(item => Mends[(int)part.Part].Contains(item.Entry))?.Entry })],
    };
}
