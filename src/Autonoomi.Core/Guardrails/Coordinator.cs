using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Budgeting;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Guardrails;

/// <summary>The one place where proposals become permitted ones. The result does not depend on the order of the proposals, and what it permits it permits again.</summary>
internal static class Coordinator
{
    /// <summary>Expected spend of a day over the mean of the last seven.</summary>
    public const double HighestSpendGrowth = 1.2;

    /// <summary>Amazon may spend so many times a daily budget on one day.</summary>
    public const decimal Overdelivery = 2;

    private const double NewStructureShare = 0.03;
    private const int NegativesPerCampaign = 50;

    public static (ImmutableArray<Proposal> Accepted, ImmutableArray<Withheld> Withheld) Compose(IEnumerable<Proposal> proposals, GuardContext context)
    {
        var withheld = new List<Withheld>();

        // What takes harm back comes first, then the largest effect, then the name: the same order whoever came first.
        var ordered = proposals.OrderByDescending(proposal => proposal.Module == Module.Rollback).ThenByDescending(proposal => proposal.Effect.Mean.Amount).ThenBy(proposal => proposal.Id.Value, StringComparer.Ordinal).ToList();
        context.Consider(ordered);
        var accepted = new List<Proposal>(ordered.Count);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var proposal in ordered)
        {
            var current = proposal;
            Withheld? refused = null;
            foreach (var rule in Guardrail.All)
            {
                var verdict = rule.Judge(current, context);
                if (verdict.Why is { } why)
                {
                    refused = new Withheld(proposal, rule.Id, why);
                    break;
                }

                current = verdict.Proposal;
            }

            if (refused is null && !keys.Add(current.Change.EntityKey)) refused = new Withheld(proposal, "G7", "another proposal writes the same thing");
            if (refused is null) accepted.Add(current);
            else withheld.Add(refused);
        }

        accepted = LimitCounts(accepted, context, withheld);
        accepted = LimitOrdersCut(accepted, context, withheld);
        accepted = KeepPairs(ordered, accepted, context, withheld);
        accepted = LimitBudgets(accepted, context, withheld);
        accepted = LimitGrowth(accepted, context, withheld);
        return ([.. accepted], [.. withheld]);
    }

    /// <summary>Takes out placements that no rule would let pass, before bids make room for them; a campaign's placements move together or not at all.</summary>
    public static IReadOnlyList<Withheld> TakeOutUnfitPlacements(List<Proposal> proposals, GuardContext context)
    {
        var withheld = new List<Withheld>();
        context.Consider(proposals);
        foreach (var group in proposals.Where(proposal => proposal.Change is SetPlacement).GroupBy(proposal => proposal.Change.Campaign).ToList())
        {
            var refused = group.SelectMany(proposal => Guardrail.All.Select(rule => (rule.Id, rule.Judge(proposal, context).Why))).FirstOrDefault(verdict => verdict.Why is not null);
            if (refused.Why is null) continue;
            withheld.AddRange(group.Select(proposal => new Withheld(proposal, refused.Id, refused.Why)));
            var campaign = context.Measured.Structure.Campaign(group.Key);
            if (campaign >= 0) context.Situation.Multipliers[campaign] = context.Measured.MeanMultiplier[campaign];
        }

        var gone = withheld.Select(entry => entry.Proposal.Id).ToHashSet();
        proposals.RemoveAll(proposal => gone.Contains(proposal.Id));
        return withheld;
    }

    // G8: not too much at once, and little money on what has not been tried.
    private static List<Proposal> LimitCounts(List<Proposal> ordered, GuardContext context, List<Withheld> withheld)
    {
        var (bids, structures) = (context.Settings.MaximumBidsPerDay, context.Settings.MaximumStructuresPerDay);
        var negatives = new Dictionary<long, int>();
        var now = Signals.ChangeHistory.Now(context.Workspace);
        var left = context.Workspace.Settings.MaximumChangesPerDay ?? int.MaxValue;
        foreach (var applied in context.Workspace.Changes.Where(applied => now - applied.At < TimeSpan.FromHours(20)))
        {
            if (left < int.MaxValue) left--;
            if (applied.Change is SetBid) bids--;
            if (applied.Change is CreateTarget or AddNegative) structures--;
            if (applied.Change is AddNegative closed) negatives[closed.Campaign.Value] = negatives.GetValueOrDefault(closed.Campaign.Value) + 1;
        }

        var money = NewStructureShare * context.Measured.SpendPerDay7 - (ordered.Exists(proposal => proposal.Change is CreateTarget) ? context.UntestedSpend : 0);
        var own = Filter(ordered, withheld, "G8", proposal =>
        {
            switch (proposal.Change)
            {
                case SetBid: return bids-- > 0 ? null : "more bids than may change in a day";
                case CreateTarget:
                    var extra = proposal.Evidence["newSpend"];
                    if (extra > money) return "more new spend than may be tried in a day";
                    money -= Math.Max(0, extra);
                    return structures-- > 0 ? null : "more new structure than may be built in a day";
                case AddNegative negative:
                    var count = negatives[negative.Campaign.Value] = negatives.GetValueOrDefault(negative.Campaign.Value) + 1;
                    return count > NegativesPerCampaign ? "more negatives than a campaign may get in a day" : structures-- > 0 ? null : "more new structure than may be built in a day";
                default: return null;
            }
        });
        return left == int.MaxValue ? own : Filter(own, withheld, "G8", _ => left-- > 0 ? null : "more changes than you allow in a day");
    }

    // G5, together: all negatives of a campaign, those that stand and those of the day, cut no more than one may.
    private static List<Proposal> LimitOrdersCut(List<Proposal> ordered, GuardContext context, List<Withheld> withheld)
    {
        var cut = new Dictionary<long, double>();
        return Filter(ordered, withheld, "G5", proposal =>
        {
            if (proposal is not { Change: AddNegative negative, Reason: not (ReasonCode.IsolateSource or ReasonCode.RemoveDuplicate) } || context.OrderShare(negative) is not (> 0 and var own)) return null;
            if (!cut.TryGetValue(negative.Campaign.Value, out var before)) before = context.OrderShareClosed(negative.Campaign);
            if (before + own > ProvenTraffic.HighestOrderShare) return "together with others it would cut more than 2% of the campaign's orders";
            cut[negative.Campaign.Value] = before + own;
            return null;
        });
    }

    // G2: bids that were worked out for other placements make no sense without them, nor do placements without the bids that make room for them.
    private static List<Proposal> KeepPairs(List<Proposal> wanted, List<Proposal> accepted, GuardContext context, List<Withheld> withheld)
    {
        var raised = wanted.Select(proposal => proposal.Change).OfType<SetPlacement>().GroupBy(change => change.Campaign)
            .ToDictionary(group => group.Key, group => group.Any(change => change.AfterPercent > change.BeforePercent));
        if (raised.Count == 0) return accepted;
        var written = accepted.Select(proposal => proposal.Change.EntityKey).ToHashSet(StringComparer.Ordinal);
        var broken = withheld.Select(entry => entry.Proposal.Change).Where(change => !written.Contains(change.EntityKey))
            .Where(change => raised.TryGetValue(change.Campaign, out var more) && (change is SetPlacement || (more && change is SetBid bid && bid.After < bid.Before)))
            .Select(change => change.Campaign).ToHashSet();

        // Where placements would have risen, bids that made room for them are a little low without them, which harms nobody; holding them would keep dear bids dear.
        return Filter(accepted, withheld, "G2", proposal => proposal.Module != Module.Rollback && broken.Contains(proposal.Change.Campaign)
            && (proposal.Change is SetPlacement || (proposal.Change is SetBid bid && bid.After > bid.Before && context.PlacementFactor(context.Measured.Structure.Campaign(bid.Campaign)) < 1))
            ? "placements and the bids that make room for them move together or not at all" : null);
    }

    // G4: all budgets until the month's end (a week, where a portfolio's cap at Amazon keeps the month), and one day of overdelivery, fit into what is left; otherwise nothing is raised.
    // Cuts do not count: a person may approve the raises alone, and Amazon may refuse a cut. Room that cuts make is there tomorrow.
    private static List<Proposal> LimitBudgets(List<Proposal> ordered, GuardContext context, List<Withheld> withheld)
    {
        var after = ordered.Select(proposal => proposal.Change).OfType<SetBudget>().ToDictionary(change => change.Campaign, change => change.After.Amount);
        if (after.Count == 0) return ordered;
        var workspace = context.Workspace;
        var allowance = BudgetPricing.Allowance((double)workspace.Settings.MonthlyBudget.Amount, context.Measured.MonthToDate, workspace.Today, 0);
        var sum = workspace.Campaigns.Where(campaign => campaign.State == EntityState.Enabled).Sum(campaign => (double)Math.Max(campaign.DailyBudget.Amount, after.GetValueOrDefault(campaign.Id)));
        var month = sum * BudgetPricing.DaysCovered(workspace, allowance.DaysLeft) > allowance.Remaining + 0.01;
        var day = workspace.Settings.DailyCap is { } cap && (decimal)sum * Overdelivery > cap.Amount;
        if (!month && !day) return ordered;
        return Filter(ordered, withheld, "G4", proposal => proposal.Change is SetBudget budget && budget.After > budget.Before
            ? month ? "all budgets together would exceed what is left of the month" : "all budgets together would let Amazon spend more on one day than you allow"
            : null);
    }

    // G3: what the day is expected to cost grows by a fifth at most; all raises give way in the same proportion. Cuts do not count, as above,
    // but for those that make room for a placement: they come with it or not at all.
    private static List<Proposal> LimitGrowth(List<Proposal> ordered, GuardContext context, List<Withheld> withheld)
    {
        var (measured, structure) = (context.Measured, context.Measured.Structure);
        var elasticity = context.Settings.ClickElasticity + context.Settings.PriceElasticity;
        var total = measured.SpendPerDay7 * 7;
        if (total <= 0) return ordered;
        var moved = ordered.Select(proposal => proposal.Change).OfType<SetPlacement>().Select(change => structure.Campaign(change.Campaign)).ToHashSet();
        var changes = ordered.Select(proposal => proposal.Change).OfType<SetBid>().Where(bid => bid.Before.Amount > 0).ToDictionary(bid => structure.Target(bid.Target));
        var cells = new List<(SetBid? Change, double Cost, double Factor)>();
        foreach (var (target, bid) in changes)
        {
            var here = target >= 0 && moved.Contains(structure.TargetCampaign[target]);
            var back = context.IsReturn(bid);
            if (target >= 0 && (here || (bid.After > bid.Before && !back))) cells.Add((back ? null : bid, measured.Cost7[target], here ? context.PlacementFactor(structure.TargetCampaign[target]) : 1));
        }

        for (var target = 0; moved.Count > 0 && target < measured.Cost7.Length; target++)
        {
            if (!changes.ContainsKey(target) && structure.TargetCampaign[target] is >= 0 and var campaign && moved.Contains(campaign)) cells.Add((null, measured.Cost7[target], context.PlacementFactor(campaign)));
        }

        double Growth(decimal share)
        {
            double sum = total;
            foreach (var (change, cost, factor) in cells)
            {
                var ratio = factor * (change is null ? 1 : (double)(Scaled(change, share, context) / change.Before.Amount));
                if (ratio > 1) sum += cost * (Math.Pow(ratio, elasticity) - 1);
            }

            return sum / total;
        }

        if (Growth(1) <= HighestSpendGrowth) return ordered;
        if (Growth(0) > HighestSpendGrowth)
            return Filter(ordered, withheld, "G3", proposal => proposal.Change is SetPlacement || (proposal.Change is SetBid bid && (bid.After > bid.Before || moved.Contains(structure.Campaign(bid.Campaign)))) ? "the day's expected spend would grow by more than a fifth" : null);
        var (low, high) = (0m, 1m);
        for (var step = 0; step < 20; step++)
        {
            var middle = (low + high) / 2;
            if (Growth(middle) > HighestSpendGrowth) high = middle;
            else low = middle;
        }

        var limited = new List<Proposal>(ordered.Count);
        foreach (var proposal in ordered)
        {
            if (proposal.Change is not SetBid { Before.Amount: > 0 } bid || bid.After <= bid.Before || context.IsReturn(bid))
            {
                limited.Add(proposal);
                continue;
            }

            var amount = Scaled(bid, low, context);
            if (amount <= bid.Before.Amount) withheld.Add(new Withheld(proposal, "G3", "the day's expected spend would grow by more than a fifth"));
            else limited.Add(proposal with
            {
                Change = bid with { After = bid.After with { Amount = amount } },
                Evidence = new Evidence(proposal.Evidence.Values.RemoveAll(value => value.Name == Guardrail.Ceiling).Add(new EvidenceValue(Guardrail.Ceiling, (double)amount, bid.After.Currency.Code))),
            });
        }

        return limited;
    }

    private static decimal Scaled(SetBid change, decimal share, GuardContext context)
    {
        if (change.After <= change.Before || share == 1) return change.After.Amount;
        var step = context.Workspace.Marketplace.BidStep;
        return Math.Max(change.Before.Amount, Math.Floor((change.Before.Amount + share * (change.After.Amount - change.Before.Amount)) / step) * step);
    }

    private static List<Proposal> Filter(List<Proposal> ordered, List<Withheld> withheld, string guardrail, Func<Proposal, string?> refuse)
    {
        var kept = new List<Proposal>(ordered.Count);
        foreach (var proposal in ordered)
        {
            if (refuse(proposal) is { } why) withheld.Add(new Withheld(proposal, guardrail, why));
            else kept.Add(proposal);
        }

        return kept;
    }
}
