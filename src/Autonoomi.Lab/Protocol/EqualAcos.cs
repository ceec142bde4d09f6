using Autonoomi.Marketplace.Scenarios;

namespace Autonoomi.Lab.Protocol;

/// <summary>How ours held one target ACoS.</summary>
/// <param name="Target">Over the account's break-even ACoS.</param>
/// <param name="Worlds">Worlds played.</param>
/// <param name="Held">Realised over target ACoS of the whole time, mean over worlds.</param>
/// <param name="WindowsWithin">Share of worlds whose every 28-day window after day 30 lies within 5 % on average (root mean square over windows).</param>
internal sealed record AcosRow(double Target, int Worlds, double Held, double WindowsWithin);

/// <summary>Sales of ours over a peer's at the same realised ACoS in the same world.</summary>
/// <param name="Target">What ours was told, over the account's break-even ACoS.</param>
/// <param name="Over">The peer.</param>
/// <param name="Worlds">Worlds in which the peer's targets reach both sides of our ACoS.</param>
/// <param name="Percent">Percent more sales of ours, with the interval over worlds; null where no world can be compared.</param>
internal sealed record AcosComparison(double Target, string Over, int Worlds, Interval? Percent);

/// <summary>
/// Under a ceiling nobody may be compared with a policy that is exempt from it (section 8.7e of the protocol): every peer plays a whole grid of targets, and in each world its sales are read
/// off at the ACoS that ours realised there. The peer thereby gets its best target in hindsight, world by world.
/// </summary>
internal sealed class EqualAcos(StudyHeader header, Family family, IReadOnlyList<Contestant> peers, IReadOnlyList<double> targets)
{
    private const int FirstDay = 30;
    private const int WindowDays = 28;
    private const double Tolerance = 0.05;

    public (IReadOnlyList<AcosRow> Rows, IReadOnlyList<AcosComparison> Comparisons, IReadOnlyList<PlayFigures> Plays) Run(Field field, CancellationToken cancellationToken)
    {
        var worlds = field.Measure([.. Enumerable.Range(0, header.Worlds).Select(world => (family, header.Seed + (ulong)world))], cancellationToken).Where(world => world.Faults.Count == 0).ToList();
        if (worlds.Count == 0) throw new LabException($"No world of {family.Id} passes the calibration checks.");
        var contestant = Contestant.Find(Contestant.Ours);
        var ours = field.Play([.. worlds.SelectMany(world => targets.Select(target => new Job(family, world.Seed, contestant, target, Pooled: false)))], cancellationToken);
        var theirs = field.Play([.. worlds.SelectMany(world => peers.SelectMany(peer => TargetGrid.Coarse.Select(target => new Job(family, world.Seed, peer, target, Pooled: true))))], cancellationToken);
        var ceilings = worlds.ToDictionary(world => world.Seed, world => world.AcosCeiling!.Value / family.TargetOfBreakEven!.Value);
        return (
            [.. targets.Select(target => Row(target, [.. ours.Where(play => play.Target == target)], ceilings))],
            [.. targets.SelectMany(target => peers.Select(peer => Compare(target, peer.Id, [.. ours.Where(play => play.Target == target)], [.. theirs.Where(play => play.Policy == peer.Id)])))],
            [.. ours, .. theirs]);
    }

    /// <summary>Sales at an ACoS on a line through what was played, in logarithms of both; null beyond its ends.</summary>
    public static double? SalesAt(double acos, IEnumerable<(double Acos, double Sales)> played)
    {
        var points = played.Where(point => point is { Acos: > 0, Sales: > 0 }).OrderBy(point => point.Acos).ToList();
        for (var right = 1; right < points.Count; right++)
        {
            var (low, high) = (points[right - 1], points[right]);
            if (acos < low.Acos || acos > high.Acos) continue;
            var share = high.Acos == low.Acos ? 0 : Math.Log(acos / low.Acos) / Math.Log(high.Acos / low.Acos);
            return low.Sales * Math.Pow(high.Sales / low.Sales, share);
        }

        return null;
    }

    private AcosComparison Compare(double target, string peer, IReadOnlyList<PlayFigures> ours, IReadOnlyList<PlayFigures> theirs)
    {
        var percents = new List<double>();
        foreach (var play in ours)
        {
            if (SalesAt(play.Spend / play.Sales, theirs.Where(other => other.Seed == play.Seed).Select(other => (other.Spend / other.Sales, other.Sales))) is { } sales)
                percents.Add(100 * ((play.Sales / sales) - 1));
        }

        return new AcosComparison(target, peer, percents.Count, percents.Count == 0 ? null : Bootstrap.Of(percents, header.Seed));
    }

    private static AcosRow Row(double target, IReadOnlyList<PlayFigures> plays, Dictionary<ulong, double> breakEven) => new(
        target, plays.Count,
        plays.Average(play => play.Spend / play.Sales / (target * breakEven[play.Seed])),
        plays.Average(play => MissOf(play, target * breakEven[play.Seed]) <= Tolerance ? 1.0 : 0));

    // Root mean square of the relative miss over all windows that begin after the thirtieth day.
    private static double MissOf(PlayFigures play, double target)
    {
        var misses = new List<double>();
        for (var first = FirstDay; first + WindowDays <= play.Days.Count; first++)
            misses.Add((play.DaySpend!.Skip(first).Take(WindowDays).Sum() / play.Days.Skip(first).Take(WindowDays).Sum() / target) - 1);
        return misses.Count == 0 ? double.PositiveInfinity : Math.Sqrt(misses.Average(miss => miss * miss));
    }
}
