using Autonoomi.Core;
using Autonoomi.Core.Health;
using Autonoomi.Lab.Oracles;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.Scenarios;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Protocol;

/// <summary>One look at a health score, beside what the truth says of the same days.</summary>
/// <param name="Family">Id.</param>
/// <param name="Seed">The world's.</param>
/// <param name="Policy">Who runs the account.</param>
/// <param name="Day">Managed day on whose morning the score was taken, from 0: then the account is as its seller left it.</param>
/// <param name="Score">0 to 100; null when not rated.</param>
/// <param name="Low">10 % quantile.</param>
/// <param name="High">90 % quantile.</param>
/// <param name="Parts">Scores of the parts.</param>
/// <param name="Gates">What holds the score down.</param>
/// <param name="PercentOfOracle">Expected profit of the days that follow, in % of O1's of the same days.</param>
/// <param name="PercentOfImplementable">The same in % of O2's.</param>
internal sealed record HealthLook(
    string Family, ulong Seed, string Policy, int Day, double? Score, double Low, double High, IReadOnlyDictionary<string, double?> Parts, IReadOnlyList<string> Gates,
    double PercentOfOracle, double PercentOfImplementable);

/// <param name="Header">What the figures depend on.</param>
/// <param name="Looks">All of them.</param>
/// <param name="WithOracle">Correlation of score and % of O1 over all rated looks.</param>
/// <param name="WithImplementable">Correlation with % of O2.</param>
/// <param name="WithinWorlds">Correlation with % of O2 after each world's means are taken out.</param>
/// <param name="Ranks">Rank correlation with % of O2.</param>
internal sealed record HealthStudyReport(StudyHeader Header, IReadOnlyList<HealthLook> Looks, double WithOracle, double WithImplementable, double WithinWorlds, double Ranks);

/// <summary>Does the score tell well run accounts from badly run ones? Policies of every quality play, and the truth judges.</summary>
internal sealed class HealthStudy(StudyHeader header, IReadOnlyList<Family> families, IReadOnlyList<Contestant> contestants)
{
    /// <summary>Days between two looks, and days that judge each.</summary>
    public const int Every = 30, Judged = 10;

    public HealthStudyReport Run(IStudyProgress progress, int workers, CancellationToken cancellationToken)
    {
        var worlds = families.SelectMany(_ => Enumerable.Range(0, header.Worlds), (family, index) => (Family: family, Seed: header.Seed + (ulong)index)).ToList();
        var looks = new IReadOnlyList<HealthLook>[worlds.Count];
        progress.Begin("worlds", worlds.Count);
        Parallel.For(0, worlds.Count, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken }, index =>
        {
            looks[index] = Look(worlds[index].Family, worlds[index].Seed, cancellationToken);
            progress.Done($"{worlds[index].Family.Id} world {worlds[index].Seed}");
        });

        var all = looks.SelectMany(list => list).ToList();
        var rated = all.Where(look => look.Score is not null).ToList();
        var scores = rated.Select(look => look.Score!.Value).ToArray();
        var reached = rated.Select(look => look.PercentOfImplementable).ToArray();
        return new HealthStudyReport(header, all, Correlation(scores, [.. rated.Select(look => look.PercentOfOracle)]), Correlation(scores, reached),
            Correlation(WithoutWorld(rated, look => look.Score!.Value), WithoutWorld(rated, look => look.PercentOfImplementable)), Correlation(Ranks(scores), Ranks(reached)));
    }

    /// <summary>Pearson's; 0 where either side does not vary.</summary>
    public static double Correlation(double[] left, double[] right)
    {
        if (left.Length < 2) return 0;
        var (meanLeft, meanRight) = (left.Average(), right.Average());
        double both = 0, ofLeft = 0, ofRight = 0;
        for (var index = 0; index < left.Length; index++)
        {
            var (x, y) = (left[index] - meanLeft, right[index] - meanRight);
            (both, ofLeft, ofRight) = (both + (x * y), ofLeft + (x * x), ofRight + (y * y));
        }

        return ofLeft <= 0 || ofRight <= 0 ? 0 : both / Math.Sqrt(ofLeft * ofRight);
    }

    private IReadOnlyList<HealthLook> Look(Family family, ulong seed, CancellationToken cancellationToken)
    {
        // Of several storefronts the first speaks: a score is a storefront's.
        var figures = Arena.Measure(family, seed, cancellationToken);
        if (figures.Faults.Count > 0) return [];
        var settings = family.Storefronts(seed, Families.SplitOf(seed))[0] with { AccountMonthlyCap = figures.MonthlyCap };
        var worldSeed = Families.WorldSeed(seed, 0);
        var options = new OracleOptions { Incremental = family.Incremental, MonthlyCap = figures.MonthlyCap, AcosCeiling = figures.AcosCeiling, StockBinds = family.StockBinds };
        var best = RelaxedOracle.Of(new MarketWorld(worldSeed, settings), family.Days, options).Profit;
        var implementable = Episodes.Play(settings, worldSeed, family.Days, () => Contestant.Find(Contestant.Implementable).Insider!(family.Days, options), EpisodeOptions.Default, cancellationToken).Days;

        var looks = new List<HealthLook>();
        foreach (var contestant in contestants)
        {
            var setup = header.Setups.First(item => item.Family == family.Id && item.Policy == contestant.Id);
            var seen = new List<(int Day, HealthReport Health)>();
            var day = -1;
            var lookOn = EpisodeOptions.Default with
            {
                LookOn = (_, view) =>
                {
                    if (++day % Every == 0 && day + Judged <= family.Days) seen.Add((day, Optimiser.Review(view.Workspace, DecisionSettings.Default).Health));
                },
            };
            var played = Episodes.Play(settings, worldSeed, family.Days, () => contestant.Policy!(new() { TargetOfBreakEven = setup.Target, Pooled = setup.Pooled, Seed = worldSeed }), lookOn, cancellationToken).Days;
            looks.AddRange(seen.Select(look =>
            {
                var earned = played.Skip(look.Day).Take(Judged).Sum(day => family.Incremental ? day.IncrementalProfit : day.ExpectedProfit);
                var could = implementable.Skip(look.Day).Take(Judged).Sum(day => family.Incremental ? day.IncrementalProfit : day.ExpectedProfit);
                return new HealthLook(
                    family.Id, seed, contestant.Id, look.Day, look.Health.Score, look.Health.Low, look.Health.High,
                    look.Health.Parts.ToDictionary(part => part.Part.ToString(), part => part.Score), [.. look.Health.Gates.Select(gate => gate.Kind.ToString())],
                    100 * earned / best.Skip(look.Day).Take(Judged).Sum(), 100 * earned / could);
            }));
        }

        return looks;
    }

    private static double[] WithoutWorld(IReadOnlyList<HealthLook> looks, Func<HealthLook, double> figure)
    {
        var means = looks.GroupBy(look => (look.Family, look.Seed)).ToDictionary(group => group.Key, group => group.Average(figure));
        return [.. looks.Select(look => figure(look) - means[(look.Family, look.Seed)])];
    }

    private static double[] Ranks(double[] values)
    {
        var ranks = new double[values.Length];
        foreach (var (rank, index) in Enumerable.Range(0, values.Length).OrderBy(index => values[index]).Index()) ranks[index] = rank;
        return ranks;
    }
}
