using System.Collections.Immutable;
using Autonoomi.Core;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.Scenarios;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;
using MathNet.Numerics;

namespace Autonoomi.Lab.Protocol;

/// <summary>One interval held against what came: the share of its distribution that lies below the outcome.</summary>
/// <param name="Family">Id.</param>
/// <param name="Seed">The world's.</param>
/// <param name="Day">Managed day on whose morning it was given.</param>
/// <param name="Clicks">Clicks that it is about: those that came, or those that it rests on.</param>
/// <param name="Below">0 to 1, evenly spread where intervals tell the truth.</param>
internal sealed record Predicted(string Family, ulong Seed, int Day, double Clicks, double Below);

/// <summary>One applied change, its expected effect and what it was truly worth; amounts over 30 days in the storefront's currency.</summary>
/// <param name="Family">Id.</param>
/// <param name="Seed">The world's.</param>
/// <param name="Day">Managed day.</param>
/// <param name="Kind">Reason; a campaign's placements count as one change.</param>
/// <param name="Mean">Expected.</param>
/// <param name="Low">10 % quantile.</param>
/// <param name="High">90 % quantile.</param>
/// <param name="Gain">By the truth.</param>
internal sealed record JudgedChange(string Family, ulong Seed, int Day, string Kind, double Mean, double Low, double High, double Gain)
{
    /// <summary>Half a cent of rounding is nobody's fault.</summary>
    private const double Rounding = 0.005;

    public bool IsCovered => Gain >= Low - Rounding && Gain <= High + Rounding;

    /// <summary>At least a currency unit is expected or possible.</summary>
    public bool IsNotable => Math.Max(Math.Abs(Low), Math.Abs(High)) >= 1;
}

/// <param name="Of">What was predicted.</param>
/// <param name="Family">Id, or <c>all</c>.</param>
/// <param name="Band">Which clicks.</param>
/// <param name="Count">Intervals.</param>
/// <param name="Covered">Share of outcomes within the 80 % interval.</param>
/// <param name="Under">Share of outcomes below it.</param>
/// <param name="Over">Share of outcomes above it.</param>
internal sealed record CoverageRow(string Of, string Family, string Band, int Count, double Covered, double Under, double Over);

/// <param name="Kind">Kind of change, or <c>all</c>.</param>
/// <param name="Family">Id, or <c>all</c>.</param>
/// <param name="Count">Changes.</param>
/// <param name="Expected">Sum of expected effects.</param>
/// <param name="Gained">Sum of true gains.</param>
/// <param name="Ratio">Gained over expected; null where nothing was expected.</param>
/// <param name="Covered">Share of true gains within their 80 % intervals.</param>
/// <param name="Notable">Changes that may be worth a currency unit.</param>
/// <param name="NotableCovered">Of those; null without any.</param>
internal sealed record GainRow(string Kind, string Family, int Count, double Expected, double Gained, double? Ratio, double Covered, int Notable, double? NotableCovered);

internal sealed record PredictionReport(StudyHeader Header, IReadOnlyList<CoverageRow> Coverage, IReadOnlyList<GainRow> Gains);

/// <summary>Do the product's intervals hold what they promise, and do its changes bring what they are said to bring? It plays, and the truth judges.</summary>
internal sealed class PredictionStudy(StudyHeader header, IReadOnlyList<Family> families, DecisionSettings settings)
{
    /// <summary>Days ahead that orders are predicted for, and mornings between two looks.</summary>
    public const int Ahead = 28, Between = 14;

    // Until attribution is over, so that the last orders are in.
    private const int Settling = 10;
    private const int AttributedDays = 7;
    private const double UsualSameDayShare = 0.70;
    private const double FewestClicks = 5;
    private const string All = "all", Together = "a morning's bids together";

    // As in every study: where no budget binds anybody else, none binds ours.
    private const decimal AmpleBudget = 3;

    private static readonly (string Name, double From)[] Bands = [("5 to 19 clicks", FewestClicks), ("20 to 79 clicks", 20), ("80 clicks and more", 80)];

    public PredictionReport Run(IStudyProgress progress, int workers, CancellationToken cancellationToken)
    {
        var worlds = families.SelectMany(_ => Enumerable.Range(0, header.Worlds), (family, index) => (Family: family, Seed: header.Seed + (ulong)index)).ToList();
        var seen = new Seen[worlds.Count];
        progress.Begin("worlds", worlds.Count);
        Parallel.For(0, worlds.Count, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken }, index =>
        {
            seen[index] = Look(worlds[index].Family, worlds[index].Seed, cancellationToken);
            progress.Done($"{worlds[index].Family.Id} world {worlds[index].Seed}");
        });

        return new PredictionReport(
            header with { Excluded = [.. seen.Select(world => world.Excluded).OfType<Excluded>()] },
            [.. Cover("orders of 28 days", [.. seen.SelectMany(world => world.Orders)]), .. Cover("orders per click", [.. seen.SelectMany(world => world.Rates)])],
            [.. Sum([.. seen.SelectMany(world => world.Changes)])]);
    }

    private sealed record Seen(Excluded? Excluded, List<Predicted> Orders, List<Predicted> Rates, List<JudgedChange> Changes);

    private Seen Look(Family family, ulong seed, CancellationToken cancellationToken)
    {
        // Of several storefronts the first speaks.
        var figures = Arena.Measure(family, seed, cancellationToken);
        var seen = new Seen(figures.Faults.Count > 0 ? new Excluded(family.Id, seed, figures.Faults) : null, [], [], []);
        if (seen.Excluded is not null) return seen;
        var own = family.Storefronts(seed, Families.SplitOf(seed))[0] with { AccountMonthlyCap = figures.MonthlyCap };
        var watch = new Watch(Contestant.Find(Contestant.Ours).Policy!(new PolicySettings { TargetOfBreakEven = 0, Pooled = false, Seed = seed }));
        MarketWorld? world = null;
        var given = new List<(int Day, int Today, long Target, Posterior Posterior)>();
        var options = EpisodeOptions.Default with
        {
            Incremental = family.Incremental,
            BudgetFactor = family.BudgetBinds ? 1 : AmpleBudget,
            LookOn = (market, view) =>
            {
                world = watch.World = market;
                if (view.Day % Between != 0 || view.Day + Ahead > family.Days) return;
                var measured = new Measurement(view.Workspace, settings);
                var truth = new TrueGains(market, ImmutableDictionary<long, (double[], double)>.Empty, []);
                var share = Shop.KeptShare * new OrderDelay(UsualSameDayShare, restatement: 0).ShareWithin(AttributedDays);
                for (var target = 0; target < view.Workspace.Targets.Length; target++)
                {
                    var id = view.Workspace.Targets[target].Id;
                    given.Add((view.Day, market.Today.DayNumber - market.FirstDay.DayNumber, id.Value, measured.Posterior(target)));
                    if (measured.Clicks30[target] >= FewestClicks && truth.RateOf(id) is { } rate)
                        seen.Rates.Add(new Predicted(family.Id, seed, view.Day, measured.Clicks30[target], measured.Posterior(target).Cdf(rate * share)));
                }
            },
        };
        watch.Judge = (day, kind, effects, gain) => seen.Changes.Add(new JudgedChange(
            family.Id, seed, day, kind, effects.Sum(effect => (double)effect.Mean.Amount), effects.Sum(effect => (double)effect.Low.Amount), effects.Sum(effect => (double)effect.High.Amount), gain));
        watch.Settings = settings;
        Episodes.Play(own, Families.WorldSeed(seed, 0), family.Days, () => watch, options, cancellationToken);
        world!.AdvanceDays(Settling);
        AddOrders(world, family, seed, given, seen.Orders);
        return seen;
    }

    private static void AddOrders(MarketWorld world, Family family, ulong seed, List<(int Day, int Today, long Target, Posterior Posterior)> given, List<Predicted> into)
    {
        var now = (long)(world.Now - world.Start).TotalMinutes;
        var lag = world.Settings.OrderReportLagHours * 60L;
        foreach (var look in given.GroupBy(entry => (entry.Day, entry.Today)))
        {
            var came = new Dictionary<long, (int Clicks, int Orders)>();
            foreach (var click in world.Simulation.Days.Skip(look.Key.Today).Take(Ahead).SelectMany(day => day.Clicks).Where(click => click.CreditedMinute is null))
            {
                var id = world.Ads.Targets[click.Target].Id;
                var (clicks, orders) = came.GetValueOrDefault(id);
                came[id] = (clicks + 1, orders + (click.Order?.IsVisible(now, lag, AttributedDays) == true ? 1 : 0));
            }

            foreach (var (_, _, target, posterior) in look)
            {
                if (!came.TryGetValue(target, out var found) || found.Clicks < FewestClicks) continue;
                into.Add(new Predicted(family.Id, seed, look.Key.Day, found.Clicks, Below(posterior, found.Clicks, found.Orders, Lot(seed, look.Key.Day, target))));
            }
        }
    }

    /// <summary>Share of the predicted orders below those that came; of equal numbers a share by lot, so that it is even where the prediction is true.</summary>
    /// <param name="posterior">What is believed about orders per click.</param>
    /// <param name="clicks">That came.</param>
    /// <param name="orders">That came of them.</param>
    /// <param name="lot">0 to 1.</param>
    public static double Below(Posterior posterior, int clicks, int orders, double lot)
    {
        var below = 0d;
        for (var count = 0; count < orders; count++) below += Chance(posterior, clicks, count);
        return Math.Clamp(below + (lot * Chance(posterior, clicks, orders)), 0, 1);
    }

    // Beta-binomial; Gamma-Poisson where more orders than clicks are possible.
    private static double Chance(Posterior posterior, int clicks, int orders)
    {
        var (first, second) = (posterior.First, posterior.Second);
        if (posterior.IsGamma)
            return Math.Exp(SpecialFunctions.GammaLn(first + orders) - SpecialFunctions.GammaLn(first) - SpecialFunctions.GammaLn(orders + 1) + (first * Math.Log(second / (second + clicks))) + (orders * Math.Log(clicks / (second + clicks))));
        return orders > clicks ? 0 : Math.Exp(
            SpecialFunctions.GammaLn(clicks + 1) - SpecialFunctions.GammaLn(orders + 1) - SpecialFunctions.GammaLn(clicks - orders + 1)
            + SpecialFunctions.BetaLn(first + orders, second + clicks - orders) - SpecialFunctions.BetaLn(first, second));
    }

    private static double Lot(ulong seed, int day, long target) => new Dice(seed).Uniform(Draw.Noise, target, day, Ahead);

    private static IEnumerable<CoverageRow> Cover(string of, IReadOnlyList<Predicted> predicted)
    {
        foreach (var family in predicted.Select(entry => entry.Family).Distinct().Append(All))
        {
            foreach (var (name, from, until) in Bands.Select((band, place) => (band.Name, band.From, place + 1 < Bands.Length ? Bands[place + 1].From : double.PositiveInfinity)).Append((All, 0, double.PositiveInfinity)))
            {
                var chosen = predicted.Where(entry => (family == All || entry.Family == family) && entry.Clicks >= from && entry.Clicks < until).ToList();
                if (chosen.Count == 0) continue;
                double Share(Func<Predicted, bool> holds) => chosen.Count(holds) / (double)chosen.Count;
                yield return new CoverageRow(of, family, name, chosen.Count, Share(entry => entry.Below is >= 0.1 and <= 0.9), Share(entry => entry.Below < 0.1), Share(entry => entry.Below > 0.9));
            }
        }
    }

    private static IEnumerable<GainRow> Sum(IReadOnlyList<JudgedChange> changes)
    {
        foreach (var family in changes.Select(change => change.Family).Distinct().Append(All))
        {
            foreach (var kind in changes.Select(change => change.Kind).Distinct().Order(StringComparer.Ordinal).Append(All))
            {
                var chosen = changes.Where(change => (family == All || change.Family == family) && (change.Kind == kind || (kind == All && change.Kind != Together))).ToList();
                if (chosen.Count == 0) continue;
                var notable = chosen.Where(change => change.IsNotable).ToList();
                var (expected, gained) = (chosen.Sum(change => change.Mean), chosen.Sum(change => change.Gain));
                yield return new GainRow(
                    kind, family, chosen.Count, expected, gained, expected == 0 ? null : gained / expected, chosen.Count(change => change.IsCovered) / (double)chosen.Count,
                    notable.Count, notable.Count == 0 ? null : notable.Count(change => change.IsCovered) / (double)notable.Count);
            }
        }
    }

    /// <summary>Lets our policy decide, and judges what it is about to write.</summary>
    private sealed class Watch(IPolicy ours) : IPolicy
    {
        public MarketWorld? World { get; set; }
        public DecisionSettings Settings { get; set; } = DecisionSettings.Default;
        private readonly Queue<(double Spent, double Promised)> week = new();
        private double promised;
        public Action<int, string, IReadOnlyList<Effect>, double>? Judge { get; set; }
        public ImmutableArray<Handover> Handovers => ours.Handovers;
        public IReadOnlyDictionary<string, Proposal> Reasons => ours.Reasons;

        public IReadOnlyList<Change> Decide(PolicyView view)
        {
            var changes = ours.Decide(view);
            var proposals = changes.Select(change => ours.Reasons[change.EntityKey]).ToList();
            var moves = proposals.Where(proposal => proposal.Change is SetPlacement).ToLookup(proposal => proposal.Change.Campaign.Value);
            var turned = new Dictionary<long, (double[], double)>();
            if (moves.Count > 0)
            {
                var measured = new Measurement(view.Workspace, Settings);
                foreach (var move in moves)
                {
                    var campaign = World!.Ads.Campaign(move.Key)!;
                    var raised = Enumerable.Range(0, 3).Select(placement => 1 + (campaign.PercentAt((Core.Advertising.Placement)placement) / 100d)).ToArray();
                    foreach (var change in move.Select(proposal => (SetPlacement)proposal.Change)) raised[(int)change.Placement] = 1 + (change.AfterPercent / 100d);
                    turned[move.Key] = (raised, measured.MeanMultiplier[measured.Structure.Campaign(new(move.Key))] / move.First().Evidence["meanMultiplier"]);
                }
            }

            // Rivals who were provoked, weekdays, lost buy boxes and dry budgets: the landscapes promise more than a week brings, by the same factor nearly everywhere.
            if (promised > 0) week.Enqueue((World!.Simulation.Days[World.Today.DayNumber - World.FirstDay.DayNumber - 1].ExpectedSpend, promised));
            if (week.Count > 7) week.Dequeue();
            var scale = week.Count == 0 ? 1 : week.Sum(day => day.Spent) / week.Sum(day => day.Promised);
            var truth = new TrueGains(World!, turned, changes);
            promised = truth.DailyCost();
            foreach (var move in moves) Judge!(view.Day, nameof(ReasonCode.PlacementChange), [.. move.Select(proposal => proposal.Effect)], scale * truth.OfPlacements(move.Key));
            if (proposals.Any(proposal => proposal.Change is SetBid))
                Judge!(view.Day, Together, [.. proposals.Where(proposal => proposal.Change is SetBid).Select(proposal => proposal.Effect)], scale * truth.OfAllBids());
            foreach (var proposal in proposals)
            {
                // Steps that carry no figure promise nothing.
                if (proposal.Effect is { Low.Amount: 0, High.Amount: 0 } || truth.Of(proposal.Change, proposal.Evidence.Find("wantedBid")) is not { } gain) continue;
                Judge!(view.Day, proposal.Reason.ToString(), [proposal.Effect], scale * gain);
            }

            return changes;
        }
    }
}
