using Autonoomi.Lab.Protocol;

namespace Autonoomi.Lab.Report;

/// <summary>What <c>./run lab --json</c> writes; the first members of header and rows are a contract (ARCHITECTURE.md). Percentages are 0 to 100, amounts in the storefront's currency.</summary>
internal sealed record StudyReport(
    StudyHeader Header, IReadOnlyList<Row> Rows, IReadOnlyList<Comparison> Comparisons, IReadOnlyList<Summary> Summaries, IReadOnlyList<string> Notes,
    IReadOnlyList<WorldFigures> Worlds, IReadOnlyList<PlayFigures> Plays, IReadOnlyList<PlayFigures> HindsightPlays);

/// <summary>One policy in one family.</summary>
internal sealed record Row
{
    public required string Family { get; init; }
    public required string Policy { get; init; }

    /// <summary>Worlds that count.</summary>
    public required int Worlds { get; init; }

    /// <summary>Of the relaxed oracle O1 (O4 where stock binds): mean over worlds.</summary>
    public required Interval PercentOfOracle { get; init; }

    /// <summary>Of the implementable oracle O2.</summary>
    public required Interval? PercentOfImplementable { get; init; }

    /// <summary>Last thirty days, of O1.</summary>
    public required Interval LastThirtyDays { get; init; }

    /// <summary>Last thirty days, of O2.</summary>
    public required Interval? LastThirtyDaysOfImplementable { get; init; }

    /// <summary>This policy less <c>over</c>, world by world, in points of O1; null when it is alone.</summary>
    public required Advantage? Advantage { get; init; }

    /// <summary>Guardrail breaches in all worlds together; null for a policy that does not promise them.</summary>
    public required int? Breaches { get; init; }

    public required double Median { get; init; }
    public required double FivePercentQuantile { get; init; }

    /// <summary>With the luck of the draws, of O1.</summary>
    public required double RealisedPercentOfOracle { get; init; }

    /// <summary>First day from which a week reaches that share of O2's week; median over worlds, null when half of them never do.</summary>
    public required int? DaysTo80 { get; init; }

    public required int? DaysTo90 { get; init; }

    /// <summary>O2 less this policy over the whole study, mean over worlds.</summary>
    public required double CumulativeRegret { get; init; }

    /// <summary>Writes that Amazon took, a day and world.</summary>
    public required double ActionsPerDay { get; init; }

    /// <summary>By kind, all worlds together.</summary>
    public required IReadOnlyDictionary<string, int> Actions { get; init; }

    /// <summary>Writes that Amazon refused or failed, all worlds together.</summary>
    public required int Failures { get; init; }

    /// <summary>Σ |ln(new bid / old bid)| per target and day.</summary>
    public required double BidChurn { get; init; }

    public required double StockOutDays { get; init; }

    /// <summary>Negatives that it added and that stand at the end, mean over worlds.</summary>
    public required double Negatives { get; init; }

    /// <summary>Profit that those negatives stop (false negations) over the loss that they avoid, all worlds together; null when they avoid none.</summary>
    public required double? BlockedOfAvoided { get; init; }

    /// <summary>Share of the exact keywords it created that truly pay; null without any.</summary>
    public required double? HarvestPrecision { get; init; }

    /// <summary>Share of the gain from keywords of their own that it took; null where there was none.</summary>
    public required double? HarvestRecall { get; init; }

    /// <summary>Mean spend over what the caps of all months allowed together; null without a cap.</summary>
    public required double? SpendOfCap { get; init; }

    /// <summary>Mean of |ACoS over its ceiling − 1|; null without a ceiling.</summary>
    public required double? AcosError { get; init; }

    /// <summary>Processor seconds per day of decisions for 10,000 targets.</summary>
    public required double CpuSecondsPer10000Targets { get; init; }

    /// <summary>Target ACoS over break-even; null for a policy that has none to tune.</summary>
    public required double? Target { get; init; }
    public required bool Pooled { get; init; }
    public required string? TunedOn { get; init; }

    /// <summary>With each world's best target, chosen afterwards, of O1; null unless asked for.</summary>
    public required Interval? Hindsight { get; init; }
}

/// <param name="Over">The policy it is compared with: <c>ours</c> for everybody else, the best competitor for <c>ours</c>.</param>
/// <param name="Mean">Points of O1.</param>
/// <param name="Low">At 95 %, not corrected for the number of comparisons.</param>
/// <param name="High">At 95 %.</param>
internal sealed record Advantage(string Over, double Mean, double? Low, double? High);

/// <summary><c>ours</c> against one competitor in one family, corrected (Holm) over all of them.</summary>
/// <param name="Family">Id.</param>
/// <param name="Over">The competitor.</param>
/// <param name="Mean">Paired difference, points of O1.</param>
/// <param name="Low">At 95 %, not corrected.</param>
/// <param name="High">At 95 %, not corrected.</param>
/// <param name="CorrectedLow">Lower bound at Holm's level; null with too few worlds for a claim.</param>
/// <param name="AdjustedP">Holm's adjusted one-sided p-value; null likewise.</param>
/// <param name="Superior">True only when the corrected lower bound is above zero.</param>
/// <param name="WorldsAhead">Share of worlds in which ours earned more.</param>
internal sealed record Comparison(string Family, string Over, double Mean, double? Low, double? High, double? CorrectedLow, double? AdjustedP, bool Superior, double WorldsAhead);

/// <summary>One policy over all families of the study.</summary>
internal sealed record Summary(string Policy, double MeanOfFamilies, string WorstFamily, double WorstPercentOfOracle);
