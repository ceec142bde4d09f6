using Autonoomi.Marketplace.Scenarios;

namespace Autonoomi.Lab.Protocol;

/// <summary>One value of the target that was tried.</summary>
/// <param name="Target">Share of break-even ACoS.</param>
/// <param name="Pooled">One cap for the account instead of budgets per campaign.</param>
/// <param name="Score">Mean percent of the oracle.</param>
/// <param name="Worlds">Percent of the oracle per world, in order of seeds.</param>
internal sealed record CurvePoint(double Target, bool Pooled, double Score, IReadOnlyList<double> Worlds);

/// <summary>Everything tried for one policy in one family, by target.</summary>
internal sealed record Curve(string Family, string Policy, IReadOnlyList<CurvePoint> Points, TunedValue Best);

/// <summary>
/// Finds each policy's best target on development seeds, coarse to fine, the same worlds for every value: nine values, further ones while the best lies at an edge,
/// six around the best. Where a budget binds, with split and with pooled budgets; where none does, campaign budgets are loose, because weekly splits would only
/// pinch single campaigns, which our own policy does not suffer from either.
/// </summary>
internal sealed class Tuning(StudyHeader header, IReadOnlyList<Family> families, IReadOnlyList<Contestant> contestants)
{
    private static readonly bool[] KindsOfBudget = [false, true];

    public IReadOnlyList<Curve> Run(Field field, CancellationToken cancellationToken)
    {
        var all = families.SelectMany(_ => Enumerable.Range(0, header.Worlds), (family, world) => (family, header.Seed + (ulong)world)).ToList();
        var worlds = field.Measure(all, cancellationToken).Where(world => world.Faults.Count == 0).ToLookup(world => world.Family);
        var searches = families.SelectMany(family => contestants.SelectMany(contestant =>
            KindsOfBudget.Where(pooled => family.BudgetBinds || pooled).Select(pooled => new Search(family, contestant, pooled, [.. worlds[family.Id]])))).ToList();
        if (searches.Find(search => search.Worlds.Count == 0) is { } empty) throw new LabException($"No world of {empty.Family.Id} passes the calibration checks.");

        foreach (var search in searches) search.Ask(TargetGrid.Coarse);
        Settle(field, searches, cancellationToken);
        do
        {
            foreach (var search in searches) search.AskBeyond();
        }
        while (Settle(field, searches, cancellationToken));
        foreach (var search in searches) search.Ask(TargetGrid.Around(search.Best.Target));
        Settle(field, searches, cancellationToken);

        return [.. searches.GroupBy(search => (search.Family.Id, Policy: search.Contestant.Id)).Select(group =>
        {
            var points = group.SelectMany(search => search.Points).OrderBy(point => point.Pooled).ThenBy(point => point.Target).ToList();
            var best = points.MaxBy(point => point.Score)!;
            return new Curve(group.Key.Id, group.Key.Policy, points, new TunedValue(
                group.Key.Id, group.Key.Policy, best.Target, best.Pooled, Math.Round(best.Score, 2), header.Seed, best.Worlds.Count, points.Count, header.Sources.Market));
        })];
    }

    // One round of plays for all searches together keeps both cores busy.
    private static bool Settle(Field field, List<Search> searches, CancellationToken cancellationToken)
    {
        var jobs = searches.SelectMany(search => search.Jobs()).ToList();
        if (jobs.Count == 0) return false;
        var plays = field.Play(jobs, cancellationToken).ToDictionary(PlayKey.Of);
        foreach (var search in searches) search.Take(plays);
        return true;
    }

    private sealed class Search(Family family, Contestant contestant, bool pooled, IReadOnlyList<WorldFigures> worlds)
    {
        private readonly SortedSet<double> asked = [];

        public Family Family => family;
        public Contestant Contestant => contestant;
        public IReadOnlyList<WorldFigures> Worlds => worlds;
        public List<CurvePoint> Points { get; } = [];
        public CurvePoint Best => Points.MaxBy(point => point.Score)!;

        public void Ask(IEnumerable<double> targets) => asked.UnionWith(targets.Where(target => Points.TrueForAll(point => point.Target != target)));

        public void AskBeyond()
        {
            if (TargetGrid.Beyond([.. Points.Select(point => point.Target)], Best.Target) is { } next) asked.Add(next);
        }

        public IEnumerable<Job> Jobs() => asked.SelectMany(_ => worlds, JobOf);

        public void Take(Dictionary<PlayKey, PlayFigures> plays)
        {
            foreach (var target in asked)
            {
                var percents = worlds.Select(world => 100 * plays[JobOf(target, world).Key].Score / world.Oracle).ToList();
                Points.Add(new CurvePoint(target, pooled, percents.Average(), percents));
            }

            asked.Clear();
        }

        private Job JobOf(double target, WorldFigures world) => new(family, world.Seed, contestant, target, pooled);
    }
}
