using System.Globalization;
using Autonoomi.Lab.Play;
using Autonoomi.Lab.Protocol;

namespace Autonoomi.Lab.Report;

/// <summary>Turns plays into rows: percentages per world first, then over worlds, so that every world weighs the same.</summary>
internal static class Scoring
{
    public static StudyReport Report(StudyResult study, IReadOnlyList<Contestant> contestants, Tuned tuned)
    {
        var worlds = study.Worlds.ToDictionary(world => (world.Family, world.Seed));
        var byFamily = study.Plays.GroupBy(play => play.Family).ToDictionary(group => group.Key, group => new FamilyPlays(group, worlds));
        var seed = study.Header.Seed;
        var rows = new List<Row>();
        foreach (var family in study.Header.Families)
        {
            var plays = byFamily[family];
            foreach (var contestant in contestants)
            {
                var setup = study.Header.Setups.Single(entry => entry.Family == family && entry.Policy == contestant.Id);
                rows.Add(RowOf(setup, plays, contestants, study, seed));
            }
        }

        var summaries = contestants.Select(contestant =>
        {
            var own = rows.Where(row => row.Policy == contestant.Id).ToList();
            var worst = own.MinBy(row => row.PercentOfOracle.Mean)!;
            return new Summary(contestant.Id, own.Average(row => row.PercentOfOracle.Mean), worst.Family, worst.PercentOfOracle.Mean);
        });
        return new StudyReport(study.Header, rows, Compare(study.Header.Families, byFamily, contestants, seed), [.. summaries], [.. Notes(study, contestants, tuned)], study.Worlds, study.Plays, study.Hindsight);
    }

    /// <returns>Paired differences of <c>ours</c> to every competitor in every family, corrected together.</returns>
    private static List<Comparison> Compare(IReadOnlyList<string> families, Dictionary<string, FamilyPlays> plays, IReadOnlyList<Contestant> contestants, ulong seed)
    {
        if (contestants.All(contestant => contestant.Id != Contestant.Ours)) return [];
        var pairs = families.SelectMany(
            _ => contestants.Where(contestant => contestant.Id != Contestant.Ours && !contestant.IsReference),
            (family, rival) => (Family: family, Rival: rival.Id, Ahead: plays[family].Difference(Contestant.Ours, rival.Id))).ToList();
        // Ahead in each of n worlds happens by luck once in 2ⁿ: where that is not rare enough for so many comparisons, n worlds cannot carry a claim.
        bool CanClaim(double[] ahead) => Math.Pow(0.5, ahead.Length) <= Bootstrap.Tail / pairs.Count;
        var bootstraps = pairs.Select(pair => CanClaim(pair.Ahead) ? new Bootstrap(pair.Ahead, Bootstrap.Mean, seed) : null).ToList();
        var corrected = Holm.Correct([.. bootstraps.Select(bootstrap => bootstrap?.LevelOf(0) ?? 1)], Bootstrap.Tail);
        return [.. pairs.Select((pair, at) =>
        {
            var (interval, bootstrap) = (Bootstrap.Of(pair.Ahead, seed), bootstraps[at]);
            return new Comparison(
                pair.Family, pair.Rival, interval.Mean, interval.Low, interval.High, bootstrap?.Bound(corrected[at].Level), bootstrap is null ? null : corrected[at].AdjustedP,
                bootstrap is not null && corrected[at].IsRejected, pair.Ahead.Count(ahead => ahead > 0) / (double)pair.Ahead.Length);
        })];
    }

    private static Row RowOf(Setup setup, FamilyPlays family, IReadOnlyList<Contestant> contestants, StudyResult study, ulong seed)
    {
        var own = family.Of(setup.Policy);
        var percents = family.Percents(setup.Policy);
        var rival = setup.Policy != Contestant.Ours && contestants.Any(contestant => contestant.Id == Contestant.Ours)
            ? Contestant.Ours
            : contestants.Where(contestant => contestant.Id != setup.Policy && !contestant.IsReference).Select(contestant => contestant.Id).MaxBy(id => family.Percents(id).Average());
        var sorted = percents.Order().ToArray();
        var days = own[0].Play.Days.Count;
        var ofImplementable = own.Where(entry => entry.Best.Score > 0).Select(entry => 100 * entry.Play.Score / entry.Best.Score).ToList();
        var lastOfImplementable = own.Where(entry => entry.Best.ScoreLastThirty > 0).Select(entry => 100 * entry.Play.ScoreLastThirty / entry.Best.ScoreLastThirty).ToList();
        return new Row
        {
            Family = setup.Family,
            Policy = setup.Policy,
            Worlds = own.Count,
            PercentOfOracle = Bootstrap.Of(percents, seed),
            PercentOfImplementable = ofImplementable.Count == 0 ? null : Bootstrap.Of(ofImplementable, seed),
            LastThirtyDays = Bootstrap.Of([.. own.Select(entry => 100 * entry.Play.ScoreLastThirty / entry.World.OracleLastThirty)], seed),
            LastThirtyDaysOfImplementable = lastOfImplementable.Count == 0 ? null : Bootstrap.Of(lastOfImplementable, seed),
            Advantage = rival is null ? null : AdvantageOver(rival, family.Difference(setup.Policy, rival), seed),
            Breaches = own.All(entry => entry.Play.Breaches is null) ? null : own.Sum(entry => entry.Play.Breaches ?? 0),
            Median = Quantile(sorted, 0.5),
            FivePercentQuantile = Quantile(sorted, 0.05),
            RealisedPercentOfOracle = own.Average(entry => 100 * entry.Play.RealisedProfit / entry.World.OracleProfit),
            DaysTo80 = DaysTo(own, 0.8),
            DaysTo90 = DaysTo(own, 0.9),
            CumulativeRegret = own.Average(entry => entry.Best.Score - entry.Play.Score),
            ActionsPerDay = own.Average(entry => entry.Play.Changes / (double)days),
            Actions = new SortedDictionary<string, int>(
                own.SelectMany(entry => entry.Play.Actions).GroupBy(action => action.Key).ToDictionary(group => group.Key, group => group.Sum(action => action.Value)), StringComparer.Ordinal),
            Failures = own.Sum(entry => entry.Play.Failures),
            BidChurn = own.Average(entry => entry.Play.BidChurn / Math.Max(1, entry.Play.Targets) / days),
            StockOutDays = own.Average(entry => entry.Play.StockOutDays),
            Negatives = own.Average(entry => entry.Play.Terms.Negatives),
            BlockedOfAvoided = Share(own, terms => terms.BlockedProfit, terms => terms.AvoidedLoss),
            HarvestPrecision = Share(own, terms => terms.PayingHarvests, terms => terms.Harvests),
            HarvestRecall = Share(own, terms => terms.HarvestedGain, terms => terms.PossibleGain),
            SpendOfCap = own[0].World.MonthlyCap is null ? null : own.Average(entry => entry.Play.Spend / (entry.World.Months * (double)entry.World.MonthlyCap!.Value)),
            AcosError = own[0].World.AcosCeiling is null ? null : own.Average(entry => entry.Play.Sales <= 0 ? 1 : Math.Abs((entry.Play.Spend / entry.Play.Sales / entry.World.AcosCeiling!.Value) - 1)),
            CpuSecondsPer10000Targets = own.Average(entry => entry.Play.DecideSeconds / days / Math.Max(1, entry.Play.Targets) * 10_000),
            Target = contestants.Single(contestant => contestant.Id == setup.Policy).IsTuned ? setup.Target : null,
            Pooled = setup.Pooled,
            TunedOn = setup.TunedOn,
            Hindsight = Hindsight(setup, own, study.Hindsight, seed),
        };
    }

    private static Advantage AdvantageOver(string rival, double[] ahead, ulong seed)
    {
        var interval = Bootstrap.Of(ahead, seed);
        return new Advantage(rival, interval.Mean, interval.Low, interval.High);
    }

    private static Interval? Hindsight(Setup setup, List<Entry> own, IReadOnlyList<PlayFigures> plays, ulong seed)
    {
        var best = plays.Where(play => play.Family == setup.Family && play.Policy == setup.Policy).GroupBy(play => play.Seed).ToDictionary(group => group.Key, group => group.Max(play => play.Score));
        return best.Count == 0 ? null : Bootstrap.Of([.. own.Select(entry => 100 * best[entry.World.Seed] / entry.World.Oracle)], seed);
    }

    // Weeks, because single days of a small account are all luck of which searches happen.
    private static int? DaysTo(List<Entry> own, double share)
    {
        var reached = own.Select(entry =>
        {
            for (var day = 7; day <= entry.Play.Days.Count; day++)
            {
                var best = entry.Best.Days.Skip(day - 7).Take(7).Sum();
                if (best > 0 && entry.Play.Days.Skip(day - 7).Take(7).Sum() >= share * best) return day;
            }

            return int.MaxValue;
        }).Order().ToArray();
        var median = reached[(reached.Length - 1) / 2];
        return median == int.MaxValue ? null : median;
    }

    private static double? Share(List<Entry> own, Func<TermScore, double> part, Func<TermScore, double> whole) =>
        own.Sum(entry => whole(entry.Play.Terms)) is > 0 and var all ? own.Sum(entry => part(entry.Play.Terms)) / all : null;

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below == sorted.Length - 1 ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }

    private static IEnumerable<string> Notes(StudyResult study, IReadOnlyList<Contestant> contestants, Tuned tuned)
    {
        foreach (var setup in study.Header.Setups.Where(setup => setup.TunedOn is not null && setup.TunedOn != setup.Family))
            yield return $"{setup.Policy} was not tuned on {setup.Family}; it runs with the target of {setup.TunedOn}.";
        foreach (var setup in study.Header.Setups.Where(setup => setup.TunedOn is null && contestants.Single(contestant => contestant.Id == setup.Policy).IsTuned))
            yield return $"{setup.Policy} was never tuned; it runs with {setup.Target.ToString("0.##", CultureInfo.InvariantCulture)} of break-even.";
        var stale = study.Header.Setups.Where(setup => setup.TunedOn is not null)
            .Where(setup => tuned.Find(setup.Family, setup.Policy) is { } value && value.Market != study.Header.Sources.Market).Select(setup => setup.Policy).Distinct().ToList();
        if (stale.Count > 0) yield return $"{string.Join(", ", stale)}: tuned on another version of the market.";
        if (study.Header.Taken is { } version) yield return $"Worlds and peers' plays were taken over from a study by version {version}; one of each policy and family was repeated and came out the same.";
        foreach (var excluded in study.Header.Excluded)
            yield return $"{excluded.Family} world {excluded.Seed} is left out: {string.Join("; ", excluded.Faults)}.";
    }

    private sealed record Entry(WorldFigures World, PlayFigures Play, PlayFigures Best);

    /// <summary>The plays of one family, by policy, worlds in order of their seeds.</summary>
    private sealed class FamilyPlays(IEnumerable<PlayFigures> plays, Dictionary<(string, ulong), WorldFigures> worlds)
    {
        private readonly Dictionary<string, List<PlayFigures>> byPolicy =
            plays.GroupBy(play => play.Policy).ToDictionary(group => group.Key, group => group.OrderBy(play => play.Seed).ToList(), StringComparer.Ordinal);

        public List<Entry> Of(string policy) =>
            [.. byPolicy[policy].Zip(byPolicy[Contestant.Implementable], (play, best) => new Entry(worlds[(play.Family, play.Seed)], play, best))];

        public double[] Percents(string policy) => [.. byPolicy[policy].Select(play => 100 * play.Score / worlds[(play.Family, play.Seed)].Oracle)];

        public double[] Difference(string policy, string rival) => [.. Percents(policy).Zip(Percents(rival), (own, other) => own - other)];
    }
}
