using System.Collections.Immutable;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Overview;

/// <summary>A campaign's place among those that compete for the budget.</summary>
/// <param name="Campaign">Which.</param>
/// <param name="Return">What one more unit spent there returns beyond itself, as the newest decision reckoned it; null where it stored nothing.</param>
/// <param name="Low">10 % quantile.</param>
/// <param name="High">90 % quantile.</param>
/// <param name="OutOfBudget">Days of the last seven on which its budget ran out; null where nothing was stored.</param>
/// <param name="Planned">Ad spend expected on the day of the decision.</param>
/// <param name="Wanted">The daily budget that is proposed; null where none is.</param>
/// <param name="State">Of that proposal: one of <see cref="ProposalState"/>.</param>
/// <param name="Spent">A day, over the period.</param>
/// <param name="Profit">Ad profit of the period; null while a cost is missing.</param>
/// <param name="Proposal">The proposal; null where none is.</param>
public sealed record BudgetRow(Campaign Campaign, double? Return, double? Low, double? High, double? OutOfBudget, Money? Planned, Money? Wanted, string? State, Money Spent, Money? Profit, ProposalId? Proposal);

/// <summary>Where the next unit of budget earns most, from what the newest decision stored. Nothing is decided or estimated here.</summary>
public static class BudgetBoard
{
    /// <param name="workspace">Campaigns.</param>
    /// <param name="decision">The newest.</param>
    /// <param name="proposals">In any state.</param>
    /// <param name="figures">Of the period.</param>
    /// <returns>First those whose budget ran out, because more is spent only there; of each the best return first, and those of which the decision stored none last.</returns>
    public static ImmutableArray<BudgetRow> Of(Workspace workspace, StoredDecision decision, IEnumerable<ListedProposal> proposals, SpanFigures figures)
    {
        var plan = decision.Plan.GroupBy(entry => entry.Campaign).ToDictionary(group => group.Key, group => group.First().Spend);
        var wishes = proposals.Where(listed => listed.Created == decision.Day && listed.Proposal is { Change: SetBudget }).GroupBy(listed => ((SetBudget)listed.Proposal.Change).Campaign).ToDictionary(group => group.Key, group => group.First());
        var ads = new Dictionary<CampaignId, (Money Cost, Money? Profit)>();
        for (var row = 0; row < figures.Targets.Rows; row++)
        {
            var (campaign, next) = (figures.Targets.Targets[row].Campaign, figures.Targets[row]);
            var held = ads.GetValueOrDefault(campaign, (Money.Zero(workspace.Marketplace.Currency), Money.Zero(workspace.Marketplace.Currency)));
            ads[campaign] = (held.Cost + next.Cost, next is { Cost.Amount: 0, Sales.Amount: 0 } ? held.Profit : held.Profit + next.Profit);
        }

        return
        [
            .. workspace.Campaigns.Where(campaign => campaign.State == EntityState.Enabled).Select(campaign =>
            {
                var wish = wishes.GetValueOrDefault(campaign.Id);
                var evidence = wish?.Proposal.Evidence;
                var (cost, profit) = ads.GetValueOrDefault(campaign.Id, (Money.Zero(workspace.Marketplace.Currency), null));
                return new BudgetRow(campaign, evidence?.Find("marginalReturn"), evidence?.Find("marginalLow"), evidence?.Find("marginalHigh"), evidence?.Find("daysOutOfBudget"),
                    plan.TryGetValue(campaign.Id, out var planned) ? planned : null, wish is null ? null : ((SetBudget)wish.Proposal.Change).After, wish?.State, new Money(cost.Amount / figures.Span.Days, cost.Currency), profit, wish?.Proposal.Id);
            }).OrderByDescending(row => row.OutOfBudget > 0).ThenBy(row => row.Return is null).ThenByDescending(row => row.Return).ThenByDescending(row => row.Spent.Amount).ThenBy(row => row.Campaign.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }
}
