using Autonoomi.Core;
using Autonoomi.Core.Health;
using Autonoomi.Lab.Oracles;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.Scenarios;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Protocol;

/// <summary>One look at a health score, beside what the truth says of the same days.</summary>
/// <param name="Family">Id.</param>
/// <param name="Seed">The world's.</param>
/// <param name="Policy">Who runs the account; <c>idle</c> leaves it as its seller did.</param>
/// <param name="Target">Target ACoS as a share of break-even, where the policy has one.</param>
/// <param name="Day">Managed day on whose morning the score was taken.</param>
/// <param name="Score">0 to 100; null when not rated.</param>
/// <param name="Low">10 % quantile.</param>
/// <param name="High">90 % quantile.</param>
/// <param name="Reached">What the account is expected to earn at its bids, in % of that and all that its faults are said to cost.</param>
/// <param name="Parts">Scores of the parts.</param>
/// <param name="Gates">What holds the score down.</param>
/// <param name="PercentOfOracle">Expected profit of the week before, in % of O1's of the same days.</param>
/// <param name="PercentOfImplementable">The same in % of O2's.</param>
internal sealed record HealthLook(
    string Family, ulong Seed, string Policy, double Target, int Day, double? Score, double Low, double High, double Reached, IReadOnlyDictionary<string, double?> Parts, IReadOnlyList<string> Gates,
    double PercentOfOracle, double PercentOfImplementable);

/// <param name="Header">What the figures depend on.</param>
/// <param name="Looks">All of them.</param>
/// <param name="WithOracle">Correlation of score and % of O1 over all rated looks.</param>
/// <param name="WithImplementable">Correlation with % of O2.</param>
/// <param name="WithFloored">The same where a loss counts as 0 %: the score ends at 0 too.</param>
/// <param name="WithinWorlds">Correlation with % of O2 after each world's means are taken out.</param>
/// <param name="Ranks">Rank correlation with % of O2.</param>
internal sealed record HealthStudyReport(StudyHeader Header, IReadOnlyList<HealthLook> Looks, double WithOracle, double WithImplementable, double WithFloored, double WithinWorlds, double Ranks);

/// <summary>Does the score tell well run accounts from badly run ones? Policies of every quality play, and the truth judges.</summary>
internal sealed class HealthStudy(StudyHeader header, IReadOnlyList<Family> families, IReadOnlyList<Contestant> contestants)
{
    private const string Idle = "idle";

    /// <summary>Days that judge each look: the account has been run like this for so long.</summary>
    private const int Judged = 7;

    // From the first weeks, when the past still shows, to an account that has been run in one way for months.
    private static readonly int[] LookDays = [7, 20, 40, 80, 119];

    // A tuned policy is good; the same with a careless or a timid aim shows the scale's other end.
    private static readonly double[] OtherTargets = [0.2, 1.5];

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
        return new HealthStudyReport(header, all, Correlation(scores, [.. rated.Select(look => look.PercentOfOracle)]), Correlation(scores, reached), Correlation(scores, [.. reached.Select(percent => Math.Max(0, percent))]),
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

    private List<HealthLook> Look(Family family, ulong seed, CancellationToken cancellationToken)
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
        foreach (var (id, target, policy) in Players(family, worldSeed))
        {
            var seen = new List<(int Day, HealthReport Health)>();
            var day = -1;
            var lookOn = EpisodeOptions.Default with
            {
                LookOn = (_, view) =>
                {
                    if (LookDays.Contains(++day)) seen.Add((day, Optimiser.Review(view.Workspace, DecisionSettings.Default).Health));
                },
            };
            var played = Episodes.Play(settings, worldSeed, family.Days, policy, lookOn, cancellationToken).Days;
            looks.AddRange(seen.Select(look => new HealthLook(
                family.Id, seed, id, target, look.Day, look.Health.Score, look.Health.Low, look.Health.High, Reached(look.Health),
                look.Health.Parts.ToDictionary(part => part.Part.ToString(), part => part.Score), [.. look.Health.Gates.Select(gate => gate.Kind.ToString())],
                100 * Earned(family, played, look.Day) / best.Skip(look.Day - Judged).Take(Judged).Sum(), 100 * Earned(family, played, look.Day) / Earned(family, implementable, look.Day))));
        }

        return looks;
    }

    private IEnumerable<(string Id, double Target, Func<IPolicy> Policy)> Players(Family family, ulong worldSeed)
    {
        yield return (Idle, 0, () => new IdlePolicy());
        foreach (var contestant in contestants)
        {
            var setup = header.Setups.First(item => item.Family == family.Id && item.Policy == contestant.Id);
            foreach (var target in contestant.IsTuned ? OtherTargets.Prepend(setup.Target) : [setup.Target])
                yield return (contestant.Id, target, () => contestant.Policy!(new() { TargetOfBreakEven = target, Pooled = setup.Pooled, Seed = worldSeed }));
        }
    }

    private static double Reached(HealthReport health)
    {
        var best = (double)(health.Profit + health.Lost).Amount;
        return best <= 0 ? 0 : Math.Max(0, 100 * (double)health.Profit.Amount / best);
    }

    private static double Earned(Family family, IReadOnlyList<DayResult> days, int until) =>
        days.Skip(until - Judged).Take(Judged).Sum(day => family.Incremental ? day.IncrementalProfit : day.ExpectedProfit);

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

/// <summary>Leaves everything as it is.</summary>
internal sealed class IdlePolicy : IPolicy
{
    public IReadOnlyList<Core.Proposals.Change> Decide(PolicyView view) => [];
}
