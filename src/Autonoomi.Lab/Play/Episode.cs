using System.Collections.Immutable;
using Autonoomi.Core.Proposals;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Play;

/// <summary>Somebody who knows the truth: a reference (B14, O2), never a competitor.</summary>
internal interface IInsider
{
    /// <summary>Called once a day with the world itself.</summary>
    IReadOnlyList<Change> Decide(MarketWorld world, PolicyView view);

    /// <summary>Hand-overs under way after the last decision; none for those who make no targets.</summary>
    ImmutableArray<Handover> Handovers => [];

    /// <summary>Proposals behind the last decision's changes, by entity; none for those who need no reasons.</summary>
    IReadOnlyDictionary<string, Proposal> Reasons => ImmutableDictionary<string, Proposal>.Empty;
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

    /// <summary>Contribution of everything sold, organic orders included, less the cost of clicks; with luck.</summary>
    public double StoreProfit { get; init; }

    /// <summary>What search-term decisions were worth by the truth, as of the last day.</summary>
    public required TermScore Terms { get; init; }
}

/// <summary>Search-term decisions judged by the truth; amounts in the storefront's currency per 30 average days.</summary>
/// <param name="Negatives">Negatives that the policy added and that still stand.</param>
/// <param name="BlockedProfit">Expected profit, at the bids in force, that would come back without those negatives, search by search where it is a profit (false negations). Searches that an exact keyword of their own serves are not closed and do not count.</param>
/// <param name="AvoidedLoss">The same where it is a loss.</param>
/// <param name="Harvests">Exact keywords that the policy created.</param>
/// <param name="PayingHarvests">Those whose search at its best bid earns at least a thirtieth of the product's price in 30 days.</param>
/// <param name="HarvestedGain">What a bid of their own adds, at best, for the searches that got one: over what the targets that found them earn, or over nothing where those lose.</param>
/// <param name="PossibleGain">The same for every search that was clicked through a target that is not exact; counted from a thirtieth of the price on.</param>
internal sealed record TermScore(int Negatives, double BlockedProfit, double AvoidedLoss, int Harvests, int PayingHarvests, double HarvestedGain, double PossibleGain)
{
    public static TermScore None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>Share of the created exact keywords that pay; null without any.</summary>
    public double? HarvestPrecision => Harvests == 0 ? null : (double)PayingHarvests / Harvests;

    /// <summary>Share of the gain that was there to be had; null when there was none.</summary>
    public double? HarvestRecall => PossibleGain <= 0 ? null : HarvestedGain / PossibleGain;
}
