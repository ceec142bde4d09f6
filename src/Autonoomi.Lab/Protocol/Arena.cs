using Autonoomi.Core.Goals;
using Autonoomi.Lab.Calibration;
using Autonoomi.Lab.Oracles;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.Scenarios;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Protocol;

/// <summary>A named departure of an ablation: numbers of the policy, or what the seller's world tells it. The market's truth stays the same.</summary>
internal sealed record Variant(string Name, IReadOnlyDictionary<string, double> Numbers, Func<WorldSettings, WorldSettings> World)
{
    public static Variant None { get; } = new("", new Dictionary<string, double>(StringComparer.Ordinal), settings => settings);
}

/// <summary>One policy to be played in one world.</summary>
internal sealed record Job(Family Family, ulong Seed, Contestant Contestant, double Target, bool Pooled)
{
    public Variant Variant { get; init; } = Variant.None;

    public PlayKey Key => new(Family.Id, Seed, Contestant.Id, Target, Pooled, Variant.Name);
}

/// <summary>Builds the worlds of a family, measures what could be earned in them and lets one policy play.</summary>
internal static class Arena
{
    private const int LastDays = 30;

    // Where no budget binds anybody else, the one that the seller types must not bind ours either: peaks cost several times a usual day.
    private const decimal AmpleBudget = 3;

    // Days of attribution in the reports, and the share of orders within half a day in the middle of its range.
    private const int ReportedDays = 7;
    private const double UsualSameDayShare = 0.70;

    /// <summary>The checks that a world must pass before it is used, and the denominators that every policy shares.</summary>
    public static WorldFigures Measure(Family family, ulong seed, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var oracles = new List<OracleResult>();
        decimal? cap = null;
        double? ceiling = null;
        var months = 0;
        foreach (var (index, settings) in Storefronts(family, seed).Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var world = new MarketWorld(Families.WorldSeed(seed, index), settings);
            var (first, last) = (world.Today, world.Today.AddDays(family.Days - 1));
            months = (12 * (last.Year - first.Year)) + last.Month - first.Month + 1;
            faults.AddRange(CalibrationRules.Faults(CalibrationFigures.Of(CalibrationRules.Judged(world))));
            var options = new OracleOptions { Incremental = family.Incremental, StockBinds = family.StockBinds };
            var oracle = RelaxedOracle.Of(world, family.Days, options);
            if (family.BudgetBinds)
            {
                cap = Math.Round((decimal)(oracle.Spend.Sum() / family.Days * 30) * (decimal)settings.BudgetFactor, 0);
                oracle = RelaxedOracle.Of(world, family.Days, options with { MonthlyCap = cap });
            }

            if (family.TargetOfBreakEven is { } share)
            {
                // Break-even of the account: contribution before ads over sales, as the free oracle sells.
                ceiling = share * (oracle.Total + oracle.Spend.Sum()) / oracle.Sales.Sum();
                oracle = RelaxedOracle.Of(world, family.Days, options with { AcosCeiling = ceiling });
            }

            if (oracle.Bound <= 0) faults.Add("nothing can be earned in it");
            oracles.Add(oracle);
        }

        return new WorldFigures
        {
            Family = family.Id,
            Seed = seed,
            Faults = faults,
            MonthlyCap = cap,
            Months = months,
            Oracle = Sum(family, oracles, oracle => oracle.Bound),
            OracleLastThirty = Sum(family, oracles, oracle => (ceiling is null ? oracle.Profit : oracle.Sales).TakeLast(LastDays).Sum()),
            OracleProfit = Sum(family, oracles, oracle => oracle.Total),
            OracleSpend = Sum(family, oracles, oracle => oracle.Spend.Sum()),
            DualGap = oracles.Max(oracle => oracle.DualGap),
            AcosCeiling = ceiling,
            CeilingPrice = oracles.Max(oracle => oracle.CeilingPrice ?? 0),
        };
    }

    public static PlayFigures Play(Job job, WorldFigures world, CancellationToken cancellationToken)
    {
        var (family, contestant) = (job.Family, job.Contestant);
        var options = new EpisodeOptions { Audit = contestant.Id == Contestant.Ours, Incremental = family.Incremental, Goal = GoalOf(job, world), BudgetFactor = family.BudgetBinds ? 1 : AmpleBudget };
        var episodes = new List<EpisodeResult>();
        foreach (var (index, settings) in Storefronts(family, job.Seed).Index())
        {
            var own = job.Variant.World(settings with { AccountMonthlyCap = world.MonthlyCap });
            var seed = Families.WorldSeed(job.Seed, index);
            episodes.Add(contestant.Insider is { } insider
                ? Episodes.Play(own, seed, family.Days, () => insider(family.Days, new OracleOptions { Incremental = family.Incremental, MonthlyCap = world.MonthlyCap, AcosCeiling = world.AcosCeiling, StockBinds = family.StockBinds }), options, cancellationToken)
                : Episodes.Play(own, seed, family.Days, () => contestant.Policy!(SettingsOf(job, seed)), options, cancellationToken));
        }

        var days = Enumerable.Range(0, family.Days).Select(day => Sum(family, episodes, episode => Objective(family, episode.Days[day]))).ToList();
        var (spend, sales) = (Days(family, episodes, day => day.ExpectedSpend), Days(family, episodes, day => day.ExpectedSales));
        return new PlayFigures
        {
            Family = family.Id,
            Seed = job.Seed,
            Policy = contestant.Id,
            Target = job.Target,
            Pooled = job.Pooled,
            Variant = job.Variant.Name,
            Score = Score(world, days, spend, sales),
            ScoreLastThirty = Score(world, days.TakeLast(LastDays), spend.TakeLast(LastDays), sales.TakeLast(LastDays)),
            Days = [.. days.Select(day => Math.Round(day, 2))],
            ExpectedProfit = Days(family, episodes, day => day.ExpectedProfit).Sum(),
            IncrementalProfit = Days(family, episodes, day => day.IncrementalProfit).Sum(),
            RealisedProfit = Days(family, episodes, day => day.RealisedProfit).Sum(),
            Spend = spend.Sum(),
            Sales = sales.Sum(),
            DaySpend = world.AcosCeiling is null ? null : [.. spend.Select(day => Math.Round(day, 2))],
            Changes = episodes.Sum(episode => episode.Days.Sum(day => day.Changes)),
            Failures = episodes.Sum(episode => episode.Days.Sum(day => day.Failures)),
            Actions = new SortedDictionary<string, int>(
                episodes.SelectMany(episode => episode.Actions).GroupBy(action => action.Key).ToDictionary(group => group.Key, group => group.Sum(action => action.Value)), StringComparer.Ordinal),
            BidChurn = episodes.Sum(episode => episode.BidChurn),
            Breaches = options.Audit ? episodes.Sum(episode => episode.Breaches) : null,
            StockOutDays = episodes.Sum(episode => episode.StockOutDays),
            StoreProfit = Sum(family, episodes, episode => episode.StoreProfit),
            Terms = new TermScore(
                episodes.Sum(episode => episode.Terms.Negatives), Sum(family, episodes, episode => episode.Terms.BlockedProfit), Sum(family, episodes, episode => episode.Terms.AvoidedLoss),
                episodes.Sum(episode => episode.Terms.Harvests), episodes.Sum(episode => episode.Terms.PayingHarvests),
                Sum(family, episodes, episode => episode.Terms.HarvestedGain), Sum(family, episodes, episode => episode.Terms.PossibleGain)),
            Targets = episodes.Sum(episode => episode.Targets),
            DecideSeconds = episodes.Sum(episode => episode.DecideSeconds),
            Seconds = episodes.Sum(episode => episode.Seconds),
        };
    }

    // Peers are told a target per product, tuned to what is judged; ours is told what the seller would type: one ceiling for the account, in the terms of Amazon's reports,
    // which leave out orders that come later than seven days after their click.
    private static Goal GoalOf(Job job, WorldFigures world) => world.AcosCeiling is { } ceiling
        ? new Goal(GoalKind.TargetAcos) { TargetAcos = ceiling / AttributedShare * (job.Contestant.Id == Contestant.Ours ? job.Target / job.Family.TargetOfBreakEven!.Value : 1) }
        : Goal.Profit;

    private static readonly double AttributedShare = new OrderDelay(UsualSameDayShare, restatement: 0).ShareWithin(ReportedDays);

    private static IReadOnlyList<WorldSettings> Storefronts(Family family, ulong seed) => family.Storefronts(seed, Families.SplitOf(seed));

    private static PolicySettings SettingsOf(Job job, ulong seed) => new()
    {
        TargetOfBreakEven = job.Target,
        Pooled = job.Pooled,
        Seed = seed,
        Numbers = job.Variant.Numbers,
    };

    private static double Objective(Family family, DayResult day) =>
        family.TargetOfBreakEven is not null ? day.ExpectedSales : family.Incremental ? day.IncrementalProfit : day.ExpectedProfit;

    // Under a ceiling, sales bought above it are paid for at the oracle's own price, so that nobody wins by breaking it; by weak duality the oracle still bounds everybody.
    private static double Score(WorldFigures world, IEnumerable<double> days, IEnumerable<double> spend, IEnumerable<double> sales) =>
        days.Sum() - (world.AcosCeiling is { } ceiling ? world.CeilingPrice * Math.Max(0, spend.Sum() - (ceiling * sales.Sum())) : 0);

    private static List<double> Days(Family family, List<EpisodeResult> episodes, Func<DayResult, double> figure) =>
        [.. Enumerable.Range(0, family.Days).Select(day => Sum(family, episodes, episode => figure(episode.Days[day])))];

    private static double Sum<T>(Family family, IEnumerable<T> storefronts, Func<T, double> figure) =>
        storefronts.Index().Sum(storefront => family.UnitedStatesDollars[storefront.Index] * figure(storefront.Item));
}
