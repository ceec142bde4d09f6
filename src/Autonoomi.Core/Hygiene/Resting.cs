using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Hygiene;

/// <summary>Lays targets without hope to rest, the lowest bid first and a pause later, and wakes those that would pay again. See docs/maths/hygiene.md.</summary>
internal static class Resting
{
    private const int MemoryDays = 90;

    // A rate under this share of the prior's: the cheap test before the costly one.
    private const double Suspicious = 0.7;
    private const double UsualPriceOverBid = 0.75;

    /// <param name="handovers">A target that takes a term over keeps its bid, and one that has taken it over is never paused: its source would open again.</param>
    public static void Propose(Situation situation, IReadOnlyList<Handover> handovers, List<Proposal> into)
    {
        if (situation.Settings.HopelessChance > 0) Demote(situation, handovers, into);
        Wake(situation, into);
    }

    /// <returns>Paused targets that would pay and that a person paused, or nobody whom we know: for people to decide.</returns>
    public static IEnumerable<(int Target, WakeInputs Inputs)> PausedByPeople(Situation situation) =>
        Sleeping(situation).Where(sleeper => sleeper.Inputs.Pays && LastPause(situation, sleeper.Target) is null or { ByPerson: true });

    private static void Demote(Situation situation, IReadOnlyList<Handover> handovers, List<Proposal> into)
    {
        var (measured, workspace, settings) = (situation.Measured, situation.Workspace, situation.Settings);
        var suspects = new List<int>();
        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            if (measured.Exposure[target] * measured.PriorMean[target] >= 3 && measured.PosteriorMean(target) < Suspicious * measured.PriorMean[target] && measured.IsDecidable(target)) suspects.Add(target);
        }

        if (suspects.Count == 0) return;
        var (taking, holding) = HandedOver(measured, handovers);
        var paid = Paid(measured, suspects);
        var managedDays = measured.History.FirstAt is { } first ? (ChangeHistory.Now(workspace) - first).TotalDays : 0;
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        var found = new List<Proposal>();
        var demoted = new HashSet<TargetId>();
        foreach (var index in suspects)
        {
            var (target, product) = (workspace.Targets[index], measured.Structure.TargetProduct[index]);
            if (taking.Contains(index) || situation.Stock.IsOut[product] || paid[index] is not { Clicks: > 0, Cost: > 0 } sum || !Bidder.TryInputs(situation, index, out var bid)) continue;

            // What has earned money on the whole stays, whatever the estimate says.
            if (sum.Sales * (measured.Products[product]?.BreakEvenAcos ?? 1) > sum.Cost) continue;
            var history = measured.History.Bid($"target:{target.Id.Value}:bid", target.Bid.Amount);
            var inputs = new HopelessInputs(
                bid.Clicks, bid.Orders, bid.PriorMean, bid.PriorStrength, situation.Worth.Lasting(index, measured.Contribution[index], situation.Worth.Incrementality[index]), sum.Cost / sum.Clicks,
                bid.BidBefore, bid.MarketMinimum, Math.Min(MemoryDays, Math.Min(history.DaysSinceChange, managedDays)), settings.HopelessChance);
            if (!inputs.IsHopeless) continue;
            demoted.Add(target.Id);
            var clickPrice = measured.ClickPrice(index);
            if (inputs.Pauses && !holding.Contains(index))
            {
                var pause = new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, target.State, EntityState.Paused);
                inputs.Write(evidence);
                evidence.Clicks("clicks30", measured.Clicks30[index]).Money("clickPrice", clickPrice);
                found.Add(Make(situation, index, ReasonCode.PauseHopeless, pause, evidence, inputs.EffectOfPause(measured.Clicks30[index], clickPrice, workspace.Marketplace.Currency)));
                continue;
            }

            // Nothing of a click's value is bid; steps, floor and rounding are those of any bid.
            var resting = bid with { Shading = 0, LearningWeight = 0, ResumeBid = 0 };
            var result = BidRule.Apply(resting);
            if (result.Bid >= target.Bid.Amount) continue;
            BidEvidence.Write(evidence, resting, result);
            inputs.WriteRest(evidence);
            evidence.Clicks("clicks30", measured.Clicks30[index]).Money("clickPrice", clickPrice);
            found.Add(Make(
                situation, index, ReasonCode.PauseHopeless, new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, target.Bid with { Amount = result.Bid }), evidence,
                Bidder.EffectOf(situation, index, resting, result.Bid)));
        }

        if (demoted.Count > 0) into.RemoveAll(proposal => proposal.Change is SetBid bid && demoted.Contains(bid.Target));
        into.AddRange(found);
    }

    private static void Wake(Situation situation, List<Proposal> into)
    {
        var evidence = new EvidenceList(situation.Workspace.Marketplace.Currency.Code);
        foreach (var (index, inputs) in Sleeping(situation))
        {
            if (!inputs.Pays || !IsOurs(situation, index)) continue;
            var target = situation.Workspace.Targets[index];
            inputs.Write(evidence);
            into.Add(Make(
                situation, index, ReasonCode.Reactivate, new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, EntityState.Paused, EntityState.Enabled), evidence,
                inputs.Effect(situation.Workspace.Marketplace.Currency)));
        }
    }

    // Paused by us because its clicks did not pay. What was paused to take harm back stays so: the figures that speak for it are those that led to the harm.
    private static bool IsOurs(Situation situation, int index) => LastPause(situation, index) is { ByPerson: false, Module: not Module.Rollback };

    // The change that paused it, as far as is remembered; a pause of which nothing is known is a person's.
    private static AppliedChange? LastPause(Situation situation, int index) =>
        situation.Measured.History.Of($"target:{situation.Workspace.Targets[index].Id.Value}:state") is { Count: > 0 } changes && changes[^1] is { Change: SetTargetState { After: EntityState.Paused } } pause ? pause : null;

    // Paused targets in places that are on, with what they and their words elsewhere have shown.
    private static List<(int Target, WakeInputs Inputs)> Sleeping(Situation situation)
    {
        var (measured, workspace, structure) = (situation.Measured, situation.Workspace, situation.Measured.Structure);
        var sleeping = new List<int>();
        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            if (workspace.Targets[target].State == EntityState.Paused && measured.IsManaged(structure.TargetCampaign[target]) && structure.TargetGroup[target] is >= 0 and var group
                && workspace.AdGroups[group].State == EntityState.Enabled && measured.Contribution[target] > 0) sleeping.Add(target);
        }

        if (sleeping.Count == 0) return [];
        var paid = Paid(measured, sleeping);
        var elsewhere = Elsewhere(situation, sleeping);
        var found = new List<(int, WakeInputs)>();
        foreach (var target in sleeping)
        {
            var (own, words) = (paid[target], elsewhere.GetValueOrDefault(target));
            var price = words.Clicks30 > 0 && words.Cost30 > 0 ? words.Cost30 / words.Clicks30
                : own.Clicks > 0 && own.Cost > 0 ? own.Cost / own.Clicks
                : double.IsNaN(measured.Suggested[target]) ? 0 : UsualPriceOverBid * measured.Suggested[target];
            found.Add((target, new WakeInputs(
                measured.Exposure[target] + Math.Max(0, words.Exposure), measured.Orders[target] + Math.Max(0, words.Orders), measured.PriorMean[target], measured.PriorStrength,
                situation.Worth.Lasting(target, measured.Contribution[target], situation.Worth.Incrementality[target]), price, own.Clicks * 30 / MemoryDays, situation.Settings.HarvestChance, situation.MinimumGain)));
        }

        return found;
    }

    // The same words in looser targets of the product, for targets that answer one search alone.
    private static Dictionary<int, (double Exposure, double Orders, double Clicks30, double Cost30)> Elsewhere(Situation situation, List<int> sleeping)
    {
        var (workspace, structure, terms) = (situation.Workspace, situation.Measured.Structure, situation.Terms);
        var byText = new Dictionary<(int Product, string Text), int>();
        foreach (var target in sleeping)
        {
            if (workspace.Targets[target].Match is MatchType.Exact or MatchType.Product) byText[(structure.TargetProduct[target], workspace.Targets[target].Text.Trim().ToLowerInvariant())] = target;
        }

        var sums = new Dictionary<int, (double Exposure, double Orders, double Clicks30, double Cost30)>();
        if (byText.Count == 0) return sums;
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(terms.Cells))
        {
            if (cell.IsExact || !byText.TryGetValue((structure.GroupProduct[cell.Group], terms.Words[cell.Term].Trim().ToLowerInvariant()), out var target)) continue;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, target, out _);
            sum = (sum.Exposure + cell.Exposure, sum.Orders + cell.Orders, sum.Clicks30 + cell.Clicks30, sum.Cost30 + cell.Cost30);
        }

        return sums;
    }

    private static (HashSet<int> Taking, HashSet<int> Holding) HandedOver(Measurement measured, IReadOnlyList<Handover> handovers)
    {
        var (taking, holding) = (new HashSet<int>(), new HashSet<int>());
        if (handovers.Count == 0) return (taking, holding);
        var own = new OwnTargets(measured);
        foreach (var handover in handovers)
        {
            if (handover.State is HandoverState.Restored or HandoverState.Abandoned || own.Find(handover) is not (>= 0 and var target)) continue;
            holding.Add(target);
            if (handover.State is HandoverState.Created or HandoverState.Delivering) taking.Add(target);
        }

        return (taking, holding);
    }

    private static Dictionary<int, (double Clicks, double Cost, double Sales)> Paid(Measurement measured, List<int> targets)
    {
        var sums = targets.ToDictionary(target => target, _ => default((double Clicks, double Cost, double Sales)));
        var keys = measured.Workspace.TargetDays.Keys("target_id");
        var targetOf = Array.ConvertAll(measured.Structure.Targets(keys), target => sums.ContainsKey(target) ? target : -1);
        var facts = new AdColumns(measured.Workspace.TargetDays);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = measured.Workspace.Today.DayNumber - facts.Days[row] - 1;
            if (targetOf[keys.Codes[row]] is not (>= 0 and var target) || age is < 0 or >= MemoryDays) continue;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, target, out _);
            sum = (sum.Clicks + facts.Clicks[row], sum.Cost + facts.Cost[row] / 1e6, sum.Sales + facts.Sales[row] / 1e6);
        }

        return sums;
    }

    private static Proposal Make(Situation situation, int index, ReasonCode reason, Change change, EvidenceList evidence, Effect effect) => new(
        ProposalNames.Of(situation.Workspace, Module.Hygiene, change.EntityKey), Module.Hygiene, reason,
        situation.Measured.Structure.Products[situation.Measured.Structure.TargetProduct[index]], change, evidence.Take(), effect);
}
