using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Outcomes;

/// <summary>
/// Grades moves of bids against targets of the same match that were left alone, once the days have settled. See docs/maths/outcomes.md: the formula, what it assumes and how often it is wrong.
/// </summary>
public static class OutcomeLedger
{
    /// <summary>Days before the first move and after the last.</summary>
    public const int WindowDays = 14;

    /// <summary>Days after which the orders of a day are taken to be complete.</summary>
    public const int SettledAge = 8;

    private const int FewestLookAlikes = 5;
    private const double FewestLookAlikeOrders = 10;
    private const double PriorOrders = 5;
    private const double Eighty = 1.2816;

    public static Ledger Of(Workspace workspace)
    {
        var measured = new Measurement(workspace, DecisionSettings.Default);
        var episodes = Episodes(workspace, measured.Structure);
        if (episodes.Count == 0) return new([], [], null);
        var days = new Days(measured, episodes);
        var judged = episodes.Select(episode => Judge(episode, days, workspace)).ToList();
        var sums = judged.Where(item => item.Outcome.Effect is not null).GroupBy(item => item.Outcome.Reason).Select(group => Sum(group.Key, [.. group], workspace.Marketplace.Currency))
            .OrderByDescending(sum => sum.Judged).ThenBy(sum => sum.Reason).ToImmutableArray();
        var all = judged.Where(item => item.Outcome.Effect is not null).ToList();
        return new(
            [.. judged.Select(item => item.Outcome).OrderByDescending(outcome => outcome.Ended).ThenByDescending(outcome => Math.Abs(outcome.Effect?.Mean.Amount ?? 0)).ThenBy(outcome => outcome.Target.Value)],
            sums, all.Count == 0 ? null : Sum(null, all, workspace.Marketplace.Currency));
    }

    // Moves of one bid within a fortnight are one episode: what came of the first cannot be told from what came of the next.
    private static List<Episode> Episodes(Workspace workspace, Structure structure)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(workspace.Marketplace.TimeZone);
        int DayOf(AppliedChange applied) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(applied.At, zone).DateTime).DayNumber;
        var episodes = new List<Episode>();
        foreach (var moves in workspace.Changes.Where(applied => applied.Change is SetBid { AdProduct: AdProduct.SponsoredProducts }).GroupBy(applied => ((SetBid)applied.Change).Target))
        {
            if (structure.Target(moves.Key) is not (>= 0 and var target)) continue;
            var open = new List<AppliedChange>();
            foreach (var move in moves.OrderBy(applied => applied.At))
            {
                if (open.Count > 0 && DayOf(move) - DayOf(open[^1]) > WindowDays) Close();
                open.Add(move);
            }

            Close();

            void Close()
            {
                var (first, last) = ((SetBid)open[0].Change, (SetBid)open[^1].Change);
                if (first.Before != last.After) episodes.Add(new(target, moves.Key, first.Before, last.After, open.Count, DayOf(open[0]), DayOf(open[^1]), open[^1].ByPerson, open[^1].Reason));
                open = [];
            }
        }

        return episodes;
    }

    private static Judged Judge(Episode episode, Days days, Workspace workspace)
    {
        var settles = episode.Ended + WindowDays + SettledAge + 1;
        var outcome = new Outcome(episode.Id, episode.First, episode.Last, episode.Moves, DateOnly.FromDayNumber(episode.Began), DateOnly.FromDayNumber(episode.Ended), episode.ByPerson, episode.Reason, Grade.TooEarly, DateOnly.FromDayNumber(settles));
        if (workspace.Today.DayNumber < settles || episode.Began - WindowDays < days.First) return new(outcome, 0, 0, 0);
        var (before, after) = (days.Of(episode.Target, episode.Began - WindowDays), days.Of(episode.Target, episode.Ended + 1));
        if (before is not { } then || after is not { } since) return new(outcome with { Grade = Grade.NothingToCompareWith }, 0, 0, 0);
        if (days.LookAlikes(episode) is not { } alike) return new(outcome with { Grade = Grade.NothingToCompareWith }, 0, 0, 0);

        // What would have been: gross contribution follows the look-alikes' and so does what its clicks cost.
        var expected = then.Mean * alike.Index;
        var own = (WindowDays * since.Variance) + (alike.Index * alike.Index * WindowDays * then.Variance);
        var (effect, shared) = ((since.Mean - expected) * WindowDays, then.Mean * WindowDays * Math.Sqrt(alike.Variance));
        var spread = Eighty * Math.Sqrt(own + (shared * shared));
        var currency = workspace.Marketplace.Currency;
        return new(outcome with
        {
            Grade = effect - spread > 0 ? Grade.Gained : effect + spread < 0 ? Grade.Lost : Grade.NoDifferenceSeen,
            Before = Amount(then.Mean * WindowDays, currency), After = Amount(since.Mean * WindowDays, currency),
            Effect = new(Amount(effect, currency), Amount(effect - spread, currency), Amount(effect + spread, currency)),
        }, effect, own, shared);
    }

    // Errors of their own add up by their squares; the error of the look-alikes is common to all.
    private static OutcomeSum Sum(ReasonCode? reason, IReadOnlyList<Judged> judged, Currency currency)
    {
        var (effect, own, shared) = (judged.Sum(item => item.Effect), judged.Sum(item => item.Own), judged.Sum(item => item.Shared));
        var spread = Eighty * Math.Sqrt(own + (shared * shared));
        return new(reason, judged.Count, judged.Count(item => item.Outcome.Grade == Grade.Gained), judged.Count(item => item.Outcome.Grade == Grade.Lost),
            new(Amount(effect, currency), Amount(effect - spread, currency), Amount(effect + spread, currency)));
    }

    private static Money Amount(double amount, Currency currency) => new(decimal.Round((decimal)amount, currency.Decimals, MidpointRounding.ToEven), currency);

    private sealed record Episode(int Target, TargetId Id, Money First, Money Last, int Moves, int Began, int Ended, bool ByPerson, ReasonCode? Reason);

    private readonly record struct Judged(Outcome Outcome, double Effect, double Own, double Shared);

    private readonly record struct Window(double Mean, double Variance);

    /// <summary>Profit after ads of each target by day, and of the targets of each match that nobody moved.</summary>
    private sealed class Days
    {
        private readonly Measurement measured;
        private readonly double[][] profit;
        private readonly double[][] gross;
        private readonly double[][] orders;
        private readonly ILookup<int, Episode> moved;
        private readonly Dictionary<(MatchType, int, int), (double Index, double Variance)?> known = [];
        private readonly int length;

        public Days(Measurement measured, IEnumerable<Episode> episodes)
        {
            this.measured = measured;
            moved = episodes.ToLookup(episode => episode.Target);
            var workspace = measured.Workspace;
            var keys = workspace.TargetDays.Keys("target_id");
            var targetOf = measured.Structure.Targets(keys);
            var facts = new AdColumns(workspace.TargetDays);
            First = int.MaxValue;
            foreach (var day in facts.Days) First = Math.Min(First, day);
            length = Math.Max(0, workspace.Today.DayNumber - First);
            var targets = workspace.Targets.Length;
            (profit, gross, orders) = (new double[targets][], new double[targets][], new double[targets][]);
            for (var row = 0; row < facts.Days.Length; row++)
            {
                var at = facts.Days[row] - First;
                if (at >= length || targetOf[keys.Codes[row]] is not (>= 0 and var target) || double.IsNaN(measured.Contribution[target])) continue;
                profit[target] ??= new double[length];
                gross[target] ??= new double[length];
                orders[target] ??= new double[length];
                var earned = facts.Orders[row] * measured.Contribution[target];
                orders[target][at] += facts.Orders[row];
                gross[target][at] += earned;
                profit[target][at] += earned - (facts.Cost[row] / 1e6);
            }
        }

        /// <summary>Day number of the oldest fact.</summary>
        public int First { get; }

        /// <returns>A fortnight's daily profit; null where the product's economics are unknown or nothing is known of the days.</returns>
        public Window? Of(int target, int from) => profit[target] is { } days && from >= First && from + WindowDays <= First + length ? Of(days, from - First) : null;

        /// <returns>How the gross contribution of targets of the same match that were left alone moved between the two fortnights, and the variance of that; null where there are too few.</returns>
        public (double Index, double Variance)? LookAlikes(Episode episode)
        {
            var match = measured.Workspace.Targets[episode.Target].Match;
            if (known.TryGetValue((match, episode.Began, episode.Ended), out var found)) return found;
            var (from, until) = (episode.Began - WindowDays, episode.Ended + WindowDays);
            var (then, since) = (new double[WindowDays], new double[WindowDays]);
            var (count, sold, usual) = (0, 0.0, 0.0);
            for (var target = 0; target < profit.Length; target++)
            {
                if (gross[target] is not { } days || measured.Workspace.Targets[target].Match != match || moved[target].Any(other => other.Ended >= from && other.Began <= until)) continue;
                count++;
                for (var day = 0; day < WindowDays; day++)
                {
                    then[day] += days[from - First + day];
                    since[day] += days[episode.Ended + 1 - First + day];
                    sold += orders[target][from - First + day];
                    usual += days[from - First + day];
                }
            }

            (double, double)? answer = null;
            if (count >= FewestLookAlikes && sold >= FewestLookAlikeOrders)
            {
                // Five orders' worth on both sides keep a few orders from moving the index much.
                var prior = PriorOrders * usual / sold;
                var (was, now) = (then.Sum() + prior, since.Sum() + prior);
                var index = now / was;
                answer = (index, index * index * ((WindowDays * Of(then, 0).Variance / (was * was)) + (WindowDays * Of(since, 0).Variance / (now * now))));
            }

            return known[(match, episode.Began, episode.Ended)] = answer;
        }

        private static Window Of(double[] days, int at)
        {
            double sum = 0, squares = 0;
            for (var day = at; day < at + WindowDays; day++) sum += days[day];
            var mean = sum / WindowDays;
            for (var day = at; day < at + WindowDays; day++) squares += (days[day] - mean) * (days[day] - mean);
            return new(mean, squares / (WindowDays - 1));
        }
    }
}
