using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Hygiene;

/// <summary>Paused targets that would pay today. What people paused is for people to start again. See docs/maths/hygiene.md.</summary>
internal static class PausedTargets
{
    private const int MemoryDays = 90;
    private const double UsualPriceOverBid = 0.75;

    /// <returns>Those that a person paused, or nobody whom we know.</returns>
    public static IEnumerable<(int Target, WakeInputs Inputs)> ThatWouldPay(Situation situation) =>
        Sleeping(situation).Where(sleeper => sleeper.Inputs.Pays && IsAPersons(situation, sleeper.Target));

    // What was paused to take harm back sleeps on: the figures that speak for it are those that led to the harm.
    private static bool IsAPersons(Situation situation, int index) =>
        situation.Measured.History.Of($"target:{situation.Workspace.Targets[index].Id.Value}:state") is not { Count: > 0 } changes || changes[^1] is not { ByPerson: false, Change: SetTargetState { After: EntityState.Paused } };

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
            if (workspace.Targets[target].Match is MatchType.Exact or MatchType.Product) byText[(structure.TargetProduct[target], TermText.Plain(workspace.Targets[target].Text))] = target;
        }

        var sums = new Dictionary<int, (double Exposure, double Orders, double Clicks30, double Cost30)>();
        if (byText.Count == 0) return sums;
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(terms.Cells))
        {
            if (cell.IsExact || !byText.TryGetValue((structure.GroupProduct[cell.Group], TermText.Plain(terms.Words[cell.Term])), out var target)) continue;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, target, out _);
            sum = (sum.Exposure + cell.Exposure, sum.Orders + cell.Orders, sum.Clicks30 + cell.Clicks30, sum.Cost30 + cell.Cost30);
        }

        return sums;
    }

    private static Dictionary<int, (double Clicks, double Cost)> Paid(Measurement measured, List<int> targets)
    {
        var sums = targets.ToDictionary(target => target, _ => default((double Clicks, double Cost)));
        var keys = measured.Workspace.TargetDays.Keys("target_id");
        var targetOf = Array.ConvertAll(measured.Structure.Targets(keys), target => sums.ContainsKey(target) ? target : -1);
        var facts = new AdColumns(measured.Workspace.TargetDays);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = measured.Workspace.Today.DayNumber - facts.Days[row] - 1;
            if (targetOf[keys.Codes[row]] is not (>= 0 and var target) || age is < 0 or >= MemoryDays) continue;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, target, out _);
            sum = (sum.Clicks + facts.Clicks[row], sum.Cost + facts.Cost[row] / 1e6);
        }

        return sums;
    }
}
