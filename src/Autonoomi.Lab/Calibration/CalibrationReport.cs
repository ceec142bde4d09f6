using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Autonoomi.Lab.Protocol;
using Autonoomi.Marketplace.Scenarios;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Calibration;

/// <summary>One check over all worlds of a family.</summary>
/// <param name="Name">Of the rule.</param>
/// <param name="Lowest">World.</param>
/// <param name="Median">World.</param>
/// <param name="Highest">World.</param>
/// <param name="WorldsFailed">Worlds outside the rule's range for one world.</param>
/// <param name="MedianFits">Whether the median lies where public figures lie.</param>
internal sealed record CalibrationVerdict(string Name, double Lowest, double Median, double Highest, int WorldsFailed, bool MedianFits);

/// <summary>A world that is not used, and why.</summary>
internal sealed record UnfitWorld(ulong Seed, IReadOnlyList<string> Faults);

/// <summary>The calibration of one family.</summary>
internal sealed record CalibrationReport(
    string Family, ulong Seed, int Worlds, string Version, string Market, IReadOnlyList<CalibrationFigures> Figures, IReadOnlyList<CalibrationVerdict> Verdicts, IReadOnlyList<UnfitWorld> Unfit)
{
    /// <summary>Largest departure of the event market's mean profit from the fluid one's that is allowed.</summary>
    public const double ModeTolerance = 0.01;

    public bool Passed => Verdicts.All(verdict => verdict.MedianFits);

    /// <param name="family">Whose markets.</param>
    /// <param name="seed">First seed.</param>
    /// <param name="worlds">How many seeds.</param>
    /// <param name="ownAccount">Judge under the family's own account where it is one to judge by, instead of an ordinary seller's.</param>
    /// <param name="modeWorlds">Of so many worlds both kinds of market are compared.</param>
    /// <param name="workers">Worlds at the same time.</param>
    /// <param name="progress">Told of every world.</param>
    /// <param name="cancellationToken">Looked at between worlds.</param>
    public static CalibrationReport Run(Family family, ulong seed, int worlds, bool ownAccount, int modeWorlds, int workers, IStudyProgress progress, CancellationToken cancellationToken)
    {
        var seen = new ConcurrentDictionary<ulong, CalibrationFigures>();
        progress.Begin("worlds", worlds);
        Parallel.For(0, worlds, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken }, index =>
        {
            var own = seed + (ulong)index;
            var settings = family.Storefronts(own, Families.SplitOf(own))[0] with { Mode = MarketMode.Fluid };
            var world = ownAccount ? CalibrationRules.Judged(new MarketWorld(Families.WorldSeed(own, 0), settings)) : CalibrationRules.Twin(Families.WorldSeed(own, 0), settings);
            seen[own] = CalibrationFigures.Of(world) with { Modes = index < modeWorlds ? ModeAgreement.Of(world.Seed, world.Settings) : null };
            progress.Done($"{family.Id} world {own}");
        });
        return Of(ownAccount ? $"{family.Id}, own account" : $"{family.Id}, ordinary account", seed, [.. seen.OrderBy(entry => entry.Key).Select(entry => entry.Value)]);
    }

    public static CalibrationReport Of(string family, ulong seed, IReadOnlyList<CalibrationFigures> figures)
    {
        var verdicts = CalibrationRules.All.Select(rule =>
        {
            var values = figures.Select(rule.Of).ToList();
            var median = CalibrationFigures.Median(values);
            return new CalibrationVerdict(rule.Name, values.Min(), median, values.Max(), figures.Count(world => !rule.Allows(world)), median >= rule.MedianLow && median <= rule.MedianHigh);
        }).ToList();
        var both = figures.Select(world => world.Modes).OfType<ModeAgreement>().ToList();
        if (both.Count > 0)
        {
            // Of the mean profit, not the mean of ratios: a world that hardly earns says nothing about the market.
            var mean = both.Sum(world => world.EventProfit) / both.Sum(world => world.FluidProfit);
            verdicts.Add(new CalibrationVerdict(
                "profit of event over fluid auctions", both.Min(world => world.Profit), mean, both.Max(world => world.Profit), 0, Math.Abs(mean - 1) <= ModeTolerance));
        }

        var unfit = figures.Select(world => new UnfitWorld(world.Seed, CalibrationRules.Faults(world))).Where(world => world.Faults.Count > 0).ToList();
        return new CalibrationReport(family, seed, figures.Count, StudyHeader.BuiltVersion, Sources.Built.Market, figures, verdicts, unfit);
    }

    /// <returns>A table for docs/maths/calibration.md.</returns>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"## {Family}: {Worlds} worlds from seed {Seed} (version {Version}, market {Market})");
        text.AppendLine();
        text.AppendLine("| figure | lowest world | median | highest world | wanted for the median | allowed for a world | worlds left out |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var (rule, verdict) in CalibrationRules.All.Zip(Verdicts))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {rule.Name} | {rule.Text(verdict.Lowest)} | {rule.Text(verdict.Median)}{(verdict.MedianFits ? "" : " **outside**")} | {rule.Text(verdict.Highest)} | {rule.Text(rule.MedianLow)} to {rule.Text(rule.MedianHigh)} | {rule.Text(rule.Low)} to {rule.Text(rule.High)} | {verdict.WorldsFailed} |");
        }

        foreach (var verdict in Verdicts.Skip(CalibrationRules.All.Count))
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {verdict.Name} | {verdict.Lowest:0.000} | {verdict.Median:0.000} (mean){(verdict.MedianFits ? "" : " **outside**")} | {verdict.Highest:0.000} | {1 - ModeTolerance:0.00} to {1 + ModeTolerance:0.00} | – | 0 |");
        }

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Orders seen 1 to 7 days after the day of the click: {string.Join(", ", Enumerable.Range(0, 7).Select(age => FormattableString.Invariant($"{100 * Figures.Average(world => world.Delay[age]):0.0}")))} %. Clicks a day: {Figures.Min(world => world.ClicksPerDay):0} to {Figures.Max(world => world.ClicksPerDay):0}; targets {Figures.Min(world => world.Targets)} to {Figures.Max(world => world.Targets)}; Gini over clicked search terms {Figures.Min(world => world.GiniOfTerms):0.00} to {Figures.Max(world => world.GiniOfTerms):0.00}; spend of the top tenth of the terms {100 * Figures.Min(world => world.SpendOfTopTenth):0} to {100 * Figures.Max(world => world.SpendOfTopTenth):0} %.");
        foreach (var world in Unfit) text.AppendLine(CultureInfo.InvariantCulture, $"Left out: world {world.Seed} ({string.Join("; ", world.Faults)}).");
        return text.ToString();
    }
}
