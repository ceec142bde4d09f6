using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Graduation;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Hygiene;

/// <summary>Closes looser targets to terms that have a target of their own, where the looser one bids more and so takes them at the wrong price. See docs/maths/hygiene.md.</summary>
internal static class Duplicates
{
    private const double FewestClicks30 = 2;
    private const double FewestOwnClicks = 5;

    /// <param name="handovers">Hand-overs under way; the closed source joins them, so that it opens again if the traffic does not arrive.</param>
    public static void Propose(Situation situation, List<Handover> handovers, List<Proposal> into)
    {
        var (measured, terms, workspace, structure) = (situation.Measured, situation.Terms, situation.Workspace, situation.Measured.Structure);
        var own = OwnTargets(measured);
        if (own.Count == 0 || situation.Settings.CloseDuplicates == 0) return;
        var closed = ClosedTerms.Of(workspace, structure);
        var known = handovers.Select(handover => (handover.SourceAdGroup.Value, handover.Term)).ToHashSet();
        var inherited = handovers.Where(handover => handover.State is not (HandoverState.Restored or HandoverState.Abandoned)).Select(handover => (handover.TargetAdGroup.Value, handover.Term)).ToHashSet();
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(terms.Cells))
        {
            if (cell.IsExact || cell.Clicks30 < FewestClicks30 || cell.Cost30 <= 0 || cell.Source < 0 || structure.GroupProduct[cell.Group] is not (>= 0 and var product)) continue;
            var text = TermText.Plain(terms.Words[cell.Term]);
            if (!own.TryGetValue((product, text), out var target) || !measured.IsDecidable(cell.Source)) continue;
            var (home, from) = (workspace.Targets[target], workspace.AdGroups[cell.Group]);
            if (home.AdGroup == from.Id || known.Contains((from.Id.Value, text)) || closed.Holds(cell.Group, cell.Term) || closed.Holds(structure.TargetGroup[target], text)) continue;
            if (ProtectedTerms.Holds(workspace.Settings.ProtectedTerms, text)) continue;

            // A hand-over's target has the term's history already.
            var add = inherited.Contains((home.AdGroup.Value, text)) ? 0 : 1;
            var inputs = new DuplicateInputs(
                measured.Exposure[target] + (add * Math.Max(0, cell.Exposure)), measured.Orders[target] + (add * Math.Max(0, cell.Orders)), measured.PriorMean[target], measured.PriorStrength,
                situation.Worth.Lasting(target, measured.Contribution[target], situation.Worth.Searches.OfSearch(text, home.Kind == TargetKind.Product)), (double)home.Bid.Amount,
                (double)workspace.Targets[cell.Source].Bid.Amount * situation.Multipliers[structure.GroupCampaign[cell.Group]] / situation.Multipliers[structure.TargetCampaign[target]],
                cell.Clicks30, cell.Cost30 / cell.Clicks30, situation.BudgetPrice, situation.Settings.ClickElasticity, situation.Settings.PriceElasticity, situation.MinimumGain);
            if (!inputs.Holds) continue;

            var asin = Harvest.IsAsin(text);
            var change = new AddNegative(from.Campaign, from.Id, asin ? NegativeMatch.Product : NegativeMatch.Exact, asin ? text.ToUpperInvariant() : text);
            inputs.Write(evidence);
            evidence.Word("term", text);
            into.Add(new Proposal(
                ProposalNames.Of(workspace, Module.Hygiene, change.EntityKey), Module.Hygiene, ReasonCode.RemoveDuplicate, structure.Products[product], change, evidence.Take(), inputs.Effect(workspace.Marketplace.Currency)));
            handovers.Add(new Handover(text, structure.Products[product], from.Campaign, from.Id, home.Campaign, home.AdGroup, HandoverState.Delivering, workspace.Today, cell.Clicks30 / 30));
        }
    }

    // Enabled, and clicked often enough to show that it can be served; of twins the most clicked, then the older.
    private static Dictionary<(int Product, string Text), int> OwnTargets(Measurement measured)
    {
        var own = new Dictionary<(int, string), int>();
        var targets = measured.Workspace.Targets;
        for (var target = 0; target < targets.Length; target++)
        {
            if (targets[target].Match is not (MatchType.Exact or MatchType.Product) || !measured.IsDecidable(target) || measured.Exposure[target] < FewestOwnClicks || measured.FirstSeen[target] == int.MaxValue) continue;
            var key = (measured.Structure.TargetProduct[target], TermText.Plain(targets[target].Text));
            if (own.TryGetValue(key, out var other)
                && (measured.Clicks30[other], -targets[other].Id.Value).CompareTo((measured.Clicks30[target], -targets[target].Id.Value)) >= 0) continue;
            own[key] = target;
        }

        return own;
    }
}
