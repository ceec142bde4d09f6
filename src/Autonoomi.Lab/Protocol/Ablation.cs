using System.Globalization;
using Autonoomi.Marketplace.Scenarios;

namespace Autonoomi.Lab.Protocol;

/// <summary>One departure from the default, paired with it.</summary>
/// <param name="Variant">For example <c>shading 0.9</c>.</param>
/// <param name="Mean">Departure less default, points of O1.</param>
/// <param name="Low">At 95 %.</param>
/// <param name="High">At 95 %.</param>
internal sealed record AblationRow(string Variant, double Mean, double? Low, double? High);

/// <summary>Our policy with one number changed at a time, or with a seller's world that tells it less; section 8.6 of the protocol.</summary>
internal sealed class Ablation(StudyHeader header, Family family, IReadOnlyList<Variant> variants)
{
    /// <summary>Names are those of the optimiser's settings.</summary>
    public static IReadOnlyList<Variant> All { get; } =
    [
        .. Each("shading", 0.50, 0.60, 0.65, 0.70, 0.80, 0.95),
        .. Each("marketWeight", 0, 0.15, 0.45),
        .. Each("priceWeight", 0, 0.5, 0.85, 1),
        .. Each("wordWeight", 0),
        .. Each("budgetPriceWeight", 0),
        .. Each("closeDuplicates", 0),
        .. Each("negationChance", 0),
        .. Each("harvestChance", 1),
        .. Each("rollbackEvidence", 1e6),
        .. Each("goalDriftWeight", 0),
        .. Each("priceHistoryWeight", 0),
        .. Each("placementStep", 0),
        .. Each("seasonWeight", 0),
        .. Each("inventoryWeight", 0, 1),
        .. Each("incrementalityWeight", 0),
        .. Each("servedShare", 0.35, 0.75),
        .. Each("dailyStep", 0.10, 0.15, 0.35, 0.50),
        .. Each("firstWeekStep", 0.25, 0.50),
        .. Each("weeklyRise", 0.30, 1),
        .. Each("deadBand", 0.01, 0.05),
        .. Each("halfLifeDays", 30, 60, 400),
        .. Each("clickElasticity", 0.8, 2),
        .. Each("budgetHeadroom", 1, 1.3),
        .. Each("budgetReserve", 0, 0.05, 0.1),
        .. Each("placementPseudoClicks", 50, 200, 1000, 4000),
        .. Each("negationEvidence", 5, 100, 1000),
        .. Each("harvestChance", 0.6, 0.95),
        .. Each("maximumStructuresPerDay", 0),
        .. Each("delayPseudoOrders", 1e9),
        new("cost of goods typed 15 % too low", Variant.None.Numbers, world => world with { TypedCostFactor = 0.85 }),
        new("cost of goods typed 15 % too high", Variant.None.Numbers, world => world with { TypedCostFactor = 1.15 }),
        new("orders reported 24 h later", Variant.None.Numbers, world => world with { OrderReportLagHours = world.OrderReportLagHours + 24 }),
    ];

    public (IReadOnlyList<AblationRow> Rows, IReadOnlyList<PlayFigures> Plays) Run(Field field, CancellationToken cancellationToken)
    {
        var worlds = field.Measure([.. Enumerable.Range(0, header.Worlds).Select(world => (family, header.Seed + (ulong)world))], cancellationToken).Where(world => world.Faults.Count == 0).ToList();
        if (worlds.Count == 0) throw new LabException($"No world of {family.Id} passes the calibration checks.");
        var ours = Contestant.Find(Contestant.Ours);
        var jobs = worlds.SelectMany(world => variants.Prepend(Variant.None).Select(variant => new Job(family, world.Seed, ours, family.TargetOfBreakEven ?? 0, family.BudgetBinds) { Variant = variant })).ToList();
        var plays = field.Play(jobs, cancellationToken);
        var percents = plays.GroupBy(play => play.Variant).ToDictionary(group => group.Key, group => group.Zip(worlds, (play, world) => 100 * play.Score / world.Oracle).ToList());
        return ([.. variants.Select(variant =>
        {
            var difference = Bootstrap.Of([.. percents[variant.Name].Zip(percents[""], (changed, asIs) => changed - asIs)], header.Seed);
            return new AblationRow(variant.Name, difference.Mean, difference.Low, difference.High);
        })], plays);
    }

    private static IEnumerable<Variant> Each(string number, params double[] values) => values.Select(value =>
        new Variant($"{number} {value.ToString(CultureInfo.InvariantCulture)}", new Dictionary<string, double>(StringComparer.Ordinal) { [number] = value }, world => world));
}
