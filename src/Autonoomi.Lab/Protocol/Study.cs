using Autonoomi.Lab.Report;
using Autonoomi.Marketplace.Scenarios;

namespace Autonoomi.Lab.Protocol;

/// <summary>What a study found, before it is put in rows.</summary>
internal sealed record StudyResult(StudyHeader Header, IReadOnlyList<WorldFigures> Worlds, IReadOnlyList<PlayFigures> Plays, IReadOnlyList<PlayFigures> Hindsight);

/// <summary>Every policy in every world of every family, paired: section 8 of the protocol.</summary>
internal sealed class Study(StudyHeader header, IReadOnlyList<Family> families, IReadOnlyList<Contestant> contestants)
{
    /// <summary>Coarse grid of targets for the best in hindsight, besides the tuned one.</summary>
    private static readonly IReadOnlyList<double> HindsightGrid = TargetGrid.Coarse;

    /// <param name="tuned">Values for tuned policies.</param>
    public static IReadOnlyList<Setup> Setups(IReadOnlyList<Family> families, IReadOnlyList<Contestant> contestants, Tuned tuned) =>
        [.. families.SelectMany(family => contestants.Select(contestant => SetupOf(family, contestant, tuned)))];

    /// <param name="field">Where it is played.</param>
    /// <param name="earlier">A study whose worlds and plays are taken over where they are the same: everybody's when it was made by these very sources, all but ours otherwise.</param>
    /// <param name="cancellationToken">Looked at between plays.</param>
    public StudyResult Run(Field field, StudyReport? earlier, CancellationToken cancellationToken)
    {
        if (earlier is not null) field.Take(families.SelectMany(Seeds, (family, seed) => (family, World: earlier.Worlds.FirstOrDefault(world => world.Family == family.Id && world.Seed == seed)!)).Where(entry => entry.World is not null), cancellationToken);
        var worlds = field.Measure([.. families.SelectMany(Seeds, (family, seed) => (family, seed))], cancellationToken);
        var used = worlds.Where(world => world.Faults.Count == 0).Select(world => (world.Family, world.Seed)).ToHashSet();
        if (families.FirstOrDefault(family => !used.Any(world => world.Family == family.Id)) is { } empty)
            throw new LabException($"No world of {empty.Id} passes the calibration checks: {string.Join("; ", worlds.Where(world => world.Family == empty.Id).SelectMany(world => world.Faults).Distinct())}.");
        // O2 is a denominator too. World by world, so that a broken-off study has whole worlds.
        var players = contestants.Prepend(Contestant.Find(Contestant.Implementable)).DistinctBy(contestant => contestant.Id).ToList();
        var jobs = families.SelectMany(Seeds, (family, seed) => (family, seed)).Where(world => used.Contains((world.family.Id, world.seed)))
            .SelectMany(world => players.Select(player => JobOf(world.family, world.seed, player))).ToList();
        if (earlier is not null)
        {
            var there = earlier.Plays.Where(play => earlier.Header.Sources == header.Sources || !play.Policy.StartsWith(Contestant.Ours, StringComparison.Ordinal)).ToDictionary(PlayKey.Of);
            field.Take(jobs.Where(job => there.ContainsKey(job.Key)).Select(job => (job, there[job.Key])), cancellationToken);
        }

        var plays = field.Play(jobs, cancellationToken);
        var hindsight = header.Hindsight
            ? field.Play([.. jobs.Where(job => job.Contestant.IsTuned).SelectMany(job => HindsightGrid.Append(job.Target).Select(target => job with { Target = target }))], cancellationToken)
            : [];
        var excluded = worlds.Where(world => world.Faults.Count > 0).Select(world => new Excluded(world.Family, world.Seed, world.Faults)).ToList();
        return new StudyResult(header with { Excluded = excluded }, [.. worlds.Where(world => world.Faults.Count == 0)], plays, hindsight);
    }

    private IEnumerable<ulong> Seeds(Family family) => Enumerable.Range(0, header.Worlds).Select(world => header.Seed + (ulong)world);

    private Job JobOf(Family family, ulong seed, Contestant player) =>
        header.Setups.FirstOrDefault(setup => setup.Family == family.Id && setup.Policy == player.Id) is { } setup
            ? new Job(family, seed, player, setup.Target, setup.Pooled)
            : new Job(family, seed, player, 0, Pooled: false);

    private static Setup SetupOf(Family family, Contestant contestant, Tuned tuned)
    {
        if (contestant.IsReference) return new Setup(family.Id, contestant.Id, 0, Pooled: false, TunedOn: null);
        if (!contestant.IsTuned) return new Setup(family.Id, contestant.Id, family.TargetOfBreakEven ?? Untuned, family.BudgetBinds, TunedOn: null);
        var value = tuned.Find(family.Id, contestant.Id);
        // One cap for the account was worth more to the peers than a split nearly everywhere, so a peer that was not tuned here gets it.
        return value is null
            ? new Setup(family.Id, contestant.Id, family.TargetOfBreakEven ?? Untuned, Pooled: true, TunedOn: null)
            : new Setup(family.Id, contestant.Id, value.Target, value.Family != family.Id || value.Pooled, value.Family);
    }

    /// <summary>Target ACoS over break-even of a policy that was never tuned.</summary>
    private const double Untuned = 0.6;
}
