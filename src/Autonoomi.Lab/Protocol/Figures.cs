using System.Text.Json.Serialization;
using Autonoomi.Lab.Play;

namespace Autonoomi.Lab.Protocol;

/// <summary>One line of a journal after its header.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "line")]
[JsonDerivedType(typeof(WorldFigures), "world")]
[JsonDerivedType(typeof(PlayFigures), "play")]
internal abstract record Line;

/// <summary>One world before anybody plays it: whether it is fit for use, and the denominators. Amounts in US dollars where storefronts were summed, else in the storefront's currency.</summary>
internal sealed record WorldFigures : Line
{
    public required string Family { get; init; }
    public required ulong Seed { get; init; }

    /// <summary>Why the world is left out; empty when it is used.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Ceiling of the account's spend per calendar month (S7); null when money never runs out.</summary>
    public decimal? MonthlyCap { get; init; }

    /// <summary>Calendar months that the managed days touch: each has the whole cap.</summary>
    public int Months { get; init; }

    /// <summary>What the relaxed oracle (O1; O4 where stock binds) reaches at most: profit, incremental profit in S10, sales in S12.</summary>
    public required double Oracle { get; init; }

    /// <summary>The same for the last thirty days.</summary>
    public required double OracleLastThirty { get; init; }

    /// <summary>Profit of the same oracle; differs from <see cref="Oracle"/> in S12 alone.</summary>
    public required double OracleProfit { get; init; }

    public required double OracleSpend { get; init; }

    /// <summary>Share of the bound that the oracle's own plan does not reach.</summary>
    public required double DualGap { get; init; }

    /// <summary>Spend over sales that binds the seller (S12).</summary>
    public double? AcosCeiling { get; init; }

    /// <summary>Sales per unit of spend above the ceiling that the oracle would give (S12).</summary>
    public double CeilingPrice { get; init; }
}

/// <summary>What one policy made of one world, all storefronts together.</summary>
internal sealed record PlayFigures : Line
{
    public required string Family { get; init; }
    public required ulong Seed { get; init; }
    public required string Policy { get; init; }

    /// <summary>Target ACoS as a share of break-even that it was given.</summary>
    public required double Target { get; init; }

    public required bool Pooled { get; init; }

    /// <summary>Name of the ablation; empty for the policy as it is.</summary>
    public string Variant { get; init; } = "";

    /// <summary>What is compared with the oracle: expected profit; incremental in S10; in S12 sales less the spend above the ceiling at the oracle's price.</summary>
    public required double Score { get; init; }

    public required double ScoreLastThirty { get; init; }

    /// <summary>Per managed day, rounded to cents; sums are exact in <see cref="Score"/>.</summary>
    public required IReadOnlyList<double> Days { get; init; }

    public required double ExpectedProfit { get; init; }
    public required double IncrementalProfit { get; init; }
    public required double RealisedProfit { get; init; }
    public required double Spend { get; init; }
    public required double Sales { get; init; }

    /// <summary>Expected spend per managed day, rounded to cents, beside the sales of <see cref="Days"/>; null without an ACoS ceiling.</summary>
    public IReadOnlyList<double>? DaySpend { get; init; }

    public required int Changes { get; init; }
    public required int Failures { get; init; }
    public required IReadOnlyDictionary<string, int> Actions { get; init; }
    public required double BidChurn { get; init; }

    /// <summary>Guardrail breaches; null for a policy that does not promise the guardrails.</summary>
    public required int? Breaches { get; init; }

    public required int StockOutDays { get; init; }

    /// <summary>Contribution of everything sold, organic orders included, less expected spend; what a thin shelf is really about.</summary>
    public double StoreProfit { get; init; }

    /// <summary>Search-term decisions judged by the truth.</summary>
    public required TermScore Terms { get; init; }

    /// <summary>Enabled targets at the end.</summary>
    public required int Targets { get; init; }

    public required double DecideSeconds { get; init; }
    public required double Seconds { get; init; }
}
