using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Play;

/// <summary>Somebody who knows the truth: a reference (B14, O2), never a competitor.</summary>
internal interface IInsider
{
    /// <summary>Called once a day with the world itself.</summary>
    IReadOnlyList<Change> Decide(MarketWorld world, PolicyView view);
}

/// <summary>One managed day, amounts in the storefront's currency.</summary>
/// <param name="Day">Reporting day.</param>
/// <param name="ExpectedProfit">Contribution of the ads minus their cost, luck removed.</param>
/// <param name="IncrementalProfit">The same without orders that would have come anyway, luck removed.</param>
/// <param name="RealisedProfit">With the day's luck.</param>
/// <param name="ExpectedSpend">Cost of clicks, luck removed.</param>
/// <param name="ExpectedSales">Sales that clicks led to, luck removed.</param>
/// <param name="Changes">Writes that Amazon took.</param>
/// <param name="Failures">Writes that Amazon refused or failed.</param>
internal sealed record DayResult(
    DateOnly Day, double ExpectedProfit, double IncrementalProfit, double RealisedProfit, double ExpectedSpend, double ExpectedSales, int Changes, int Failures);

/// <summary>What one policy made of one world.</summary>
internal sealed record EpisodeResult
{
    public required IReadOnlyList<DayResult> Days { get; init; }

    /// <summary>Processor seconds spent in the policy's decisions.</summary>
    public required double DecideSeconds { get; init; }

    /// <summary>Processor seconds of the whole episode.</summary>
    public required double Seconds { get; init; }

    /// <summary>Enabled targets at the end.</summary>
    public required int Targets { get; init; }

    /// <summary>Guardrail breaches found by the independent audit; only for a policy that promises them.</summary>
    public required int Breaches { get; init; }

    /// <summary>Sum of |ln(new bid / old bid)| over all bid changes, per target and day.</summary>
    public required double BidChurn { get; init; }

    /// <summary>Applied changes by kind (<c>set-bid</c>, <c>add-negative</c>, …).</summary>
    public required IReadOnlyDictionary<string, int> Actions { get; init; }

    /// <summary>Days × products with an empty shelf.</summary>
    public required int StockOutDays { get; init; }
}
