using System.Collections.Concurrent;
using Autonoomi.Marketplace.Scenarios;

namespace Autonoomi.Lab.Protocol;

/// <summary>Told what is being done; called from several threads.</summary>
internal interface IStudyProgress
{
    /// <param name="what">For example "worlds" or "plays".</param>
    /// <param name="jobs">Still to do.</param>
    void Begin(string what, int jobs);

    void Done(string job);
}

/// <summary>Runs jobs on all cores; what the journal has already is not run again.</summary>
internal sealed class Field(Journal journal, IStudyProgress progress, int workers)
{
    /// <returns>The worlds in the order given.</returns>
    public IReadOnlyList<WorldFigures> Measure(IReadOnlyList<(Family Family, ulong Seed)> worlds, CancellationToken cancellationToken)
    {
        Run("worlds", [.. worlds.Where(world => journal.World(world.Family.Id, world.Seed) is null)], world => $"{world.Family.Id} world {world.Seed}",
            world => journal.Add(Arena.Measure(world.Family, world.Seed, cancellationToken)), cancellationToken);
        return [.. worlds.Select(world => journal.World(world.Family.Id, world.Seed)!)];
    }

    /// <summary>Plays jobs whose worlds have been measured.</summary>
    /// <returns>The plays in the order given.</returns>
    public IReadOnlyList<PlayFigures> Play(IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        Run("plays", [.. jobs.DistinctBy(job => job.Key).Where(job => journal.Play(job.Key) is null)], job => $"{job.Family.Id} world {job.Seed} {job.Contestant.Id}",
            job => journal.Add(Arena.Play(job, journal.World(job.Family.Id, job.Seed)!, cancellationToken)), cancellationToken);
        return [.. jobs.Select(job => journal.Play(job.Key)!)];
    }

    /// <summary>Takes over worlds of an earlier study; of each family one is measured again first.</summary>
    /// <exception cref="LabException">It came out differently.</exception>
    public void Take(IEnumerable<(Family Family, WorldFigures World)> earlier, CancellationToken cancellationToken)
    {
        var groups = earlier.Where(entry => journal.World(entry.Family.Id, entry.World.Seed) is null).GroupBy(entry => entry.Family.Id).ToList();
        var samples = Measure([.. groups.Select(group => (group.First().Family, group.First().World.Seed))], cancellationToken);
        foreach (var (group, sample) in groups.Zip(samples))
        {
            var there = group.First().World;
            if (!sample.Oracle.Equals(there.Oracle)) throw Differs($"{there.Family} world {there.Seed}", there.Oracle, sample.Oracle);
            foreach (var (_, world) in group.Skip(1)) journal.Add(world);
        }
    }

    /// <summary>Takes over plays of an earlier study; of each family and policy one is played again first.</summary>
    /// <exception cref="LabException">It came out differently.</exception>
    public void Take(IEnumerable<(Job Job, PlayFigures Play)> earlier, CancellationToken cancellationToken)
    {
        var groups = earlier.Where(entry => journal.Play(entry.Job.Key) is null).GroupBy(entry => (entry.Job.Family.Id, Policy: entry.Job.Contestant.Id)).ToList();
        var samples = Play([.. groups.Select(group => group.First().Job)], cancellationToken);
        foreach (var (group, sample) in groups.Zip(samples))
        {
            var there = group.First().Play;
            if (!sample.Score.Equals(there.Score)) throw Differs($"{there.Family} world {there.Seed} {there.Policy}", there.Score, sample.Score);
            foreach (var (_, play) in group.Skip(1)) journal.Add(play);
        }
    }

    private static LabException Differs(string what, double there, double here) =>
        new($"{what} came out at {there} in the earlier study and at {here} now: its figures are those of another market or another policy. Leave out --take.");

    private void Run<T>(string what, IReadOnlyList<T> left, Func<T, string> name, Action<T> run, CancellationToken cancellationToken)
    {
        if (left.Count == 0) return;
        progress.Begin(what, left.Count);
        Parallel.ForEach(
            // One at a time: chunks would leave a core idle at the end.
            Partitioner.Create(left, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken },
            job =>
            {
                run(job);
                progress.Done(name(job));
            });
    }
}
