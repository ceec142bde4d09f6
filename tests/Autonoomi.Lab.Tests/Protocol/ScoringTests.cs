using Autonoomi.Lab.Play;
using Autonoomi.Lab.Protocol;
using Autonoomi.Lab.Report;

namespace Autonoomi.Lab.Tests.Protocol;

public sealed class ScoringTests
{
    private static readonly Contestant[] Field = [Contestant.Find("ours"), Contestant.Find("B03"), Contestant.Find("B01")];

    [Fact]
    public void Percentages_are_means_over_worlds_of_each_worlds_own_share()
    {
        // A rich world and a poor one weigh the same: (80 % + 40 %) / 2, not 840 / 1,100.
        var report = Report(worlds: [1_000, 100], ours: [800, 40], b03: [700, 30], b01: [500, 50], best: [900, 50]);

        var row = Row(report, "ours");
        Assert.Equal(60, row.PercentOfOracle.Mean, 9);
        Assert.Equal(100 * ((800 / 900d) + (40 / 50d)) / 2, row.PercentOfImplementable!.Mean, 9);
        Assert.Equal(60, row.Median, 9);
        Assert.Equal(42, row.FivePercentQuantile, 9);
        Assert.Equal((0.02, 0.75, 0.5), (row.BlockedOfAvoided, row.HarvestPrecision, row.HarvestRecall));
        Assert.Equal(-42.5, Row(Report([1_000, 100], [-500, -35], [0, 0], [0, 0], [900, 50]), "ours").PercentOfOracle.Mean, 9);
    }

    [Fact]
    public void Everybody_is_compared_with_ours_and_ours_with_the_best_of_the_others_world_by_world()
    {
        var report = Report(worlds: [1_000, 1_000, 1_000], ours: [800, 600, 700], b03: [700, 520, 610], b01: [500, 450, 400], best: [900, 900, 900]);

        Assert.Equal(("B03", 9d), (Row(report, "ours").Advantage!.Over, Math.Round(Row(report, "ours").Advantage!.Mean, 9)));
        Assert.Equal(("ours", -9d), (Row(report, "B03").Advantage!.Over, Math.Round(Row(report, "B03").Advantage!.Mean, 9)));
        // Paired: the worlds differ by 20 points, the differences by 2.
        Assert.True(Row(report, "ours").Advantage!.High - Row(report, "ours").Advantage!.Low < 3);
    }

    [Fact]
    public void Superiority_is_claimed_only_where_the_corrected_lower_bound_is_above_zero()
    {
        double[] worlds = [.. Enumerable.Repeat(1_000d, 20)];
        double[] ours = [.. Enumerable.Range(0, 20).Select(world => 700d + world)];
        double[] close = [.. ours.Select((score, world) => score + (world % 2 == 0 ? 30 : -29))];
        double[] far = [.. ours.Select((score, world) => score - 50 - world)];

        var report = Report(worlds, ours, close, far, worlds);

        Assert.All(report.Comparisons, comparison => Assert.Equal(comparison.Superior, comparison.CorrectedLow > 0));
        Assert.False(report.Comparisons.Single(comparison => comparison.Over == "B03").Superior);
        var clear = report.Comparisons.Single(comparison => comparison.Over == "B01");
        Assert.True(clear.Superior);
        Assert.True(clear.CorrectedLow < clear.Low);
        Assert.Equal(1, clear.WorldsAhead);
    }

    [Fact]
    public void A_few_worlds_carry_no_claim_however_clear_they_look()
    {
        var report = Report(worlds: [1_000, 1_000, 1_000], ours: [800, 801, 802], b03: [100, 101, 102], b01: [1, 2, 3], best: [900, 900, 900]);

        Assert.All(report.Comparisons, comparison => Assert.Equal((false, null), (comparison.Superior, comparison.CorrectedLow)));
    }

    [Fact]
    public void A_borrowed_or_missing_target_and_a_world_left_out_are_said()
    {
        var report = Report([1_000, 1_000], [1, 1], [1, 1], [1, 1], [1, 1]);

        Assert.Contains("B03 was not tuned on S5; it runs with the target of S2.", report.Notes);
        Assert.Contains("B01 was never tuned; it runs with 0.6 of break-even.", report.Notes);
        Assert.Contains("S5 world 9 is left out: too strange.", report.Notes);
        Assert.Contains("B03: tuned on another version of the market.", report.Notes);
    }

    private static Row Row(StudyReport report, string policy) => report.Rows.Single(row => row.Policy == policy);

    private static StudyReport Report(double[] worlds, double[] ours, double[] b03, double[] b01, double[] best)
    {
        var header = new StudyHeader
        {
            Command = "study", Families = ["S5"], Policies = [.. Field.Select(contestant => contestant.Id)], Worlds = worlds.Length, Seed = 0, Split = "development", Version = "1", Sources = Sources.Built,
            Setups = [new("S5", "ours", 0.6, false, null), new("S5", "B03", 0.5, false, "S2"), new("S5", "B01", 0.6, false, null)],
            Excluded = [new("S5", 9, ["too strange"])],
        };
        var plays = new (string Policy, double[] Scores)[] { ("ours", ours), ("B03", b03), ("B01", b01), ("O2", best) }
            .SelectMany(entry => entry.Scores.Select((score, world) => Play(entry.Policy, (ulong)world, score))).ToList();
        return Scoring.Report(new StudyResult(header, [.. worlds.Select((oracle, world) => World((ulong)world, oracle))], plays, []), Field, new Tuned([new("S2", "B03", 0.5, false, 70, 0, 8, 15, "old")]));
    }

    private static WorldFigures World(ulong seed, double oracle) => new()
    {
        Family = "S5", Seed = seed, Faults = [], Oracle = oracle, OracleLastThirty = oracle / 4, OracleProfit = oracle, OracleSpend = oracle, DualGap = 0,
    };

    private static PlayFigures Play(string policy, ulong seed, double score) => new()
    {
        Family = "S5", Seed = seed, Policy = policy, Target = 0.5, Pooled = false, Score = score, ScoreLastThirty = score / 4, Days = [.. Enumerable.Repeat(score / 120, 120)],
        ExpectedProfit = score, IncrementalProfit = score, RealisedProfit = score, Spend = 100, Sales = 400, Changes = 240, Failures = 0, Actions = new Dictionary<string, int> { ["set-bid"] = 240 },
        BidChurn = 1, Breaches = policy == "ours" ? 0 : null, StockOutDays = 0, Terms = new TermScore(10, 2, 100, 8, 6, 30, 60), Targets = 300, DecideSeconds = 1, Seconds = 2,
    };
}
