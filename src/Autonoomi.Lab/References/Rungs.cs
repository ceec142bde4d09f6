using System.Collections.Immutable;
using Autonoomi.Core;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Placements;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using Autonoomi.Lab.Oracles;
using Autonoomi.Lab.Play;
using Autonoomi.Lab.Protocol;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;
using Bidder = Autonoomi.Core.Bidding.Bidder;

namespace Autonoomi.Lab.References;

/// <summary>What the product's own rules are told instead of having to estimate it; each rung is told less.</summary>
internal enum Rung
{
    /// <summary>Orders per click of every target, ratios of placements, the price of money.</summary>
    Rates,

    /// <summary>Placements are estimated.</summary>
    Placements,

    /// <summary>Rates are estimated too; how late orders come is told.</summary>
    Estimates,

    /// <summary>How late orders come is learnt; the price of money alone is told.</summary>
    Delay,
}

/// <summary>
/// The product's optimiser with parts of the truth in place of its estimates, for the regret ladder (docs/maths/optimiser.md). Shading, limits, harvests, negatives and guardrails are the product's own. Money is
/// rationed by its true price alone: daily budgets are loose and the seller's monthly budget is out of sight, Amazon ends the month.
/// </summary>
/// <param name="days">Days that it manages.</param>
/// <param name="rung">What it is told.</param>
/// <param name="monthlyCap">Ceiling of the spend in each calendar month; null when money never runs out.</param>
internal sealed class Rungs(int days, Rung rung, decimal? monthlyCap) : IInsider
{
    // Clicks behind a rate that is known for certain.
    private const double Certain = 1e6;

    private const int AttributedDays = 7;
    private const double UsualSameDayShare = 0.70;
    private const double HighestPrice = 10;
    private const int Rounds = 14;
    private const decimal Plenty = 100_000_000;

    // Daily budgets over the whole account's spend of a day.
    private const decimal Loose = 5;

    private static readonly double ReportedShare = Shop.KeptShare * new OrderDelay(UsualSameDayShare, restatement: 0).ShareWithin(AttributedDays);

    private readonly DecisionSettings settings = DecisionSettings.Default;
    private readonly Queue<(double Spent, double Promised)> week = new();
    private Horizon? horizon;
    private double promised;
    private FactTable? delays;

    public ImmutableArray<Handover> Handovers { get; private set; } = [];

    public IReadOnlyDictionary<string, Proposal> Reasons { get; private set; } = ImmutableDictionary<string, Proposal>.Empty;

    public IReadOnlyList<Change> Decide(MarketWorld world, PolicyView view)
    {
        horizon ??= new Horizon(world, days);
        var workspace = view.Workspace with { Settings = view.Workspace.Settings with { MonthlyBudget = view.Workspace.Settings.MonthlyBudget with { Amount = Plenty }, PortfolioCap = null } };
        if (rung < Rung.Delay) workspace = workspace with { MaturityDays = delays ??= Delays(world) };
        var measured = new Measurement(workspace, settings);
        var truth = new TrueGains(world, ImmutableDictionary<long, (double[], double)>.Empty, []);
        if (rung <= Rung.Placements) TellRates(measured, truth);
        var sums = new PlacementSums(measured, settings);
        if (rung == Rung.Rates) TellPlacements(sums, world);
        var situation = Optimiser.Look(measured, settings, sums);
        if (monthlyCap is { } cap) situation = situation with { BudgetPrice = PriceOf(situation, truth, world, view.Day, (double)cap) };
        var decision = Optimiser.Decide(situation);
        Handovers = decision.Handovers;
        var chosen = decision.Proposals.Where(proposal => proposal.Change is not SetBudget)
            .OrderByDescending(proposal => proposal.Effect.Mean.Amount).ThenBy(proposal => proposal.Id.Value, StringComparer.Ordinal)
            .DistinctBy(proposal => proposal.Change.EntityKey, StringComparer.Ordinal).ToArray();
        Reasons = chosen.ToDictionary(proposal => proposal.Change.EntityKey, StringComparer.Ordinal);
        IReadOnlyList<Change> changes = [.. LooseBudgets(measured), .. MovesTogether.Units(chosen, MovesTogether.Groups(chosen)).SelectMany(unit => unit).Select(proposal => proposal.Change)];
        if (monthlyCap is not null) Remember(world, changes);
        return changes;
    }

    // Where a target gets no clicks at the bids in force, its estimate stays.
    private static void TellRates(Measurement measured, TrueGains truth)
    {
        for (var target = 0; target < measured.Orders.Length; target++)
        {
            if (truth.RateOf(measured.Workspace.Targets[target].Id) is not { } rate) continue;
            measured.Exposure[target] = Certain;
            measured.Orders[target] = Certain * rate * ReportedShare;
        }
    }

    private static void TellPlacements(PlacementSums sums, MarketWorld world)
    {
        Array.Clear(sums.Exposure);
        Array.Clear(sums.Orders);
        for (var kind = 0; kind < sums.AccountRatio.Length; kind++) sums.AccountRatio[kind] = world.Market.Parameters.PlacementConversion[kind];
    }

    // One day's reading at every age, with so many orders that nothing is left of what is assumed.
    private static FactTable Delays(MarketWorld world)
    {
        const int LastAge = 14;
        const double Orders = 1e9;
        var delay = new OrderDelay(world.Settings.Market.SameDayShare ?? new Dice(world.Seed).Uniform(Draw.Delay, -1, 0.65, 0.75), restatement: 0);
        var late = (TimeZoneInfo.ConvertTime(world.Now, TimeZoneInfo.FindSystemTimeZoneById(world.Marketplace.TimeZone)).TimeOfDay.TotalHours - world.Settings.OrderReportLagHours) / 24;
        var builder = new FactTableBuilder(TableSchema.Of(Dataset.MaturityDay));
        for (var age = 0; age <= LastAge; age++)
        {
            var seen = Enumerable.Range(0, 24).Sum(hour => Season.HourShare[hour] * delay.ShareWithin(Math.Min(AttributedDays, age + late + ((23.5 - hour) / 24))));
            builder.Day(world.Today.AddDays(-LastAge)).Int((int)AdProduct.SponsoredProducts).Int(age).Long((long)Orders).Long((long)(Orders * seen / delay.ShareWithin(AttributedDays)));
        }

        return builder.Build();
    }

    // The price at which the bids that the rules want would truly spend what is left of the month.
    private double PriceOf(Situation situation, TrueGains truth, MarketWorld world, int day, double cap)
    {
        if (promised > 0) week.Enqueue((world.Simulation.Days[world.Today.DayNumber - world.FirstDay.DayNumber - 1].ExpectedSpend, promised));
        if (week.Count > 7) week.Dequeue();
        var scale = week.Count == 0 ? 1 : week.Sum(entry => entry.Spent) / week.Sum(entry => entry.Promised);
        var (left, share) = horizon!.LeftOfMonth(day, day + 1, cap);
        var free = situation with { BudgetPrice = 0 };
        var wanted = new Dictionary<long, (double Bid, double Least)>();
        for (var target = 0; target < situation.Workspace.Targets.Length; target++)
        {
            if (Bidder.TryInputs(free, target, out var inputs)) wanted[situation.Workspace.Targets[target].Id.Value] = (BidRule.Apply(inputs).Wanted, inputs.MarketMinimum);
        }

        double Spend(double price) => scale * share * truth.DailyCost(wanted.ToDictionary(entry => entry.Key, entry => Math.Max(entry.Value.Least, entry.Value.Bid / (1 + price))));
        if (Spend(0) <= left) return 0;
        var (low, high) = (0d, Math.Log(1 + HighestPrice));
        for (var round = 0; round < Rounds; round++)
        {
            var middle = (low + high) / 2;
            if (Spend(Math.Exp(middle) - 1) > left) low = middle;
            else high = middle;
        }

        return Math.Exp(high) - 1;
    }

    // Rivals who were provoked, lost buy boxes: a week costs less than the landscapes say, by nearly the same factor everywhere.
    private void Remember(MarketWorld world, IReadOnlyList<Change> changes) => promised = new TrueGains(world, ImmutableDictionary<long, (double[], double)>.Empty, changes).DailyCost();

    private static IEnumerable<Change> LooseBudgets(Measurement measured)
    {
        var limits = measured.Workspace.Marketplace;
        foreach (var campaign in measured.Workspace.Campaigns)
        {
            var highest = measured.Workspace.Targets.Where(target => target.Campaign == campaign.Id).Select(target => target.Bid.Amount).DefaultIfEmpty(0).Max();
            var needed = Math.Min(limits.MaximumBudget, Math.Max(Loose * (decimal)measured.SpendPerDay7, 10 * highest));
            if (campaign.DailyBudget.Amount < needed) yield return new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget with { Amount = decimal.Ceiling(needed) });
        }
    }
}
