using Autonoomi.Marketplace.Scenarios;

namespace Autonoomi.Lab.Protocol;

/// <summary>One rung of the ladder over the worlds of a family.</summary>
/// <param name="Id">Who played.</param>
/// <param name="What">What it knows, or what it has to estimate from here on.</param>
/// <param name="OfOracle">Percent of O1.</param>
/// <param name="OfImplementable">Percent of O2; null where O2 earns nothing.</param>
/// <param name="Lost">Points of O1 lost to the rung before; null for the first.</param>
/// <param name="LostOfImplementable">Points of O2 lost to the rung before; null for the first.</param>
internal sealed record RungRow(string Id, string What, Interval OfOracle, Interval? OfImplementable, Interval? Lost, Interval? LostOfImplementable);

/// <summary>O3: where regret comes from. The product's own rules, told the truth at first and less from rung to rung; each rung plays the same worlds. Section 7 of the protocol's reference.</summary>
internal sealed class RegretLadder(StudyHeader header, Family family)
{
    /// <summary>Names of the rungs, best informed first.</summary>
    public static IReadOnlyList<(string Id, string What)> Steps { get; } =
    [
        (Contestant.Implementable, "knows the market and plans, on the account's own structure"),
        ("O3a", "our rules with true rates, placements and price of money"),
        ("O3b", "placements estimated"),
        ("O3c", "rates estimated"),
        ("O3d", "how late orders come learnt"),
        (Contestant.Ours, "price of money and budgets learnt"),
    ];

    public (IReadOnlyList<RungRow> Rows, IReadOnlyList<PlayFigures> Plays, IReadOnlyList<Excluded> Excluded) Run(Field field, CancellationToken cancellationToken)
    {
        var all = field.Measure([.. Enumerable.Range(0, header.Worlds).Select(world => (family, header.Seed + (ulong)world))], cancellationToken);
        var worlds = all.Where(world => world.Faults.Count == 0).ToList();
        if (worlds.Count == 0) throw new LabException($"No world of {family.Id} passes the calibration checks.");
        var plays = field.Play([.. worlds.SelectMany(world => Steps.Select(step => new Job(family, world.Seed, Contestant.Find(step.Id), step.Id == Contestant.Ours ? family.TargetOfBreakEven ?? 0 : 0, step.Id == Contestant.Ours && family.BudgetBinds)))], cancellationToken);
        return (Rows(worlds, plays), plays, [.. all.Where(world => world.Faults.Count > 0).Select(world => new Excluded(world.Family, world.Seed, world.Faults))]);
    }

    private IReadOnlyList<RungRow> Rows(List<WorldFigures> worlds, IReadOnlyList<PlayFigures> plays)
    {
        double[] Scores(string id) => [.. worlds.Select(world => plays.Single(play => play.Seed == world.Seed && play.Policy == id).Score)];
        var best = Scores(Contestant.Implementable);
        double[] OfOracle(string id) => [.. Scores(id).Zip(worlds, (score, world) => 100 * score / world.Oracle)];
        double[] OfBest(string id) => [.. Scores(id).Zip(best).Where(pair => pair.Second > 0).Select(pair => 100 * pair.First / pair.Second)];
        Interval? Of(IEnumerable<double> values) => values.ToList() is { Count: > 0 } list ? Bootstrap.Of(list, header.Seed) : null;
        return [.. Steps.Select((step, place) => new RungRow(
            step.Id, step.What, Of(OfOracle(step.Id))!, Of(OfBest(step.Id)),
            place == 0 ? null : Of(OfOracle(Steps[place - 1].Id).Zip(OfOracle(step.Id), (before, now) => before - now)),
            place == 0 ? null : Of(OfBest(Steps[place - 1].Id).Zip(OfBest(step.Id), (before, now) => before - now))))];
    }
}

internal sealed record LadderReport(StudyHeader Header, IReadOnlyList<RungRow> Rows, IReadOnlyList<PlayFigures> Plays);
