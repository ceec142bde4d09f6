using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Oracles;

/// <summary>What must be written to turn an account into a plan: rounded, within the marketplace's limits, with budgets so loose that they never ration.</summary>
internal static class Writes
{
    // A purse may hold as little as one day's budget, and a day may be several times as busy as the plan's average.
    private const double BudgetOverSpend = 5;
    private const int BudgetOverBid = 10;

    /// <param name="world">Where.</param>
    /// <param name="field">The account's structure.</param>
    /// <param name="plan">Bids and multipliers wanted.</param>
    /// <param name="costs">Cost per day that the plan expects, by campaign.</param>
    public static IReadOnlyList<Change> Towards(MarketWorld world, Field field, Plan plan, IReadOnlyList<double> costs)
    {
        var (limits, currency) = (world.Marketplace, world.Marketplace.Currency);
        var changes = new List<Change>();
        var highest = new double[costs.Count];
        for (var target = 0; target < field.Targets.Count; target++)
        {
            var entity = world.Ads.Target(field.Targets[target].Id)!;
            var before = world.Ads.BidInForce(entity);
            var steps = Math.Round((decimal)Math.Min(Math.Exp(plan.Bids[target]), 1e7) / limits.BidStep);
            var after = Math.Clamp(steps * limits.BidStep, limits.MinimumBid, limits.MaximumBid);
            highest[field.CampaignOf[target]] = Math.Max(highest[field.CampaignOf[target]], (double)after);
            if (after != before)
                changes.Add(new SetBid(new(entity.CampaignId), new(entity.AdGroupId), new(entity.Id), entity.Kind, new Money(before, currency), new Money(after, currency)));
        }

        for (var campaign = 0; campaign < costs.Count; campaign++)
        {
            var now = world.Ads.Campaign(field.Campaigns[campaign].Id)!;
            var needed = Math.Max(BudgetOverSpend * costs[campaign], BudgetOverBid * highest[campaign]);
            if (needed > (double)now.DailyBudget)
            {
                var budget = Math.Clamp(decimal.Ceiling((decimal)Math.Min(needed * 1.5, 1e8)), limits.MinimumBudget, limits.MaximumBudget);
                changes.Add(new SetBudget(new(now.Id), new Money(now.DailyBudget, currency), new Money(budget, currency)));
            }

            foreach (var placement in Enum.GetValues<Placement>())
            {
                var (before, after) = (now.PercentAt(placement), Plan.PercentOf(plan.Multipliers[Field.Switch(campaign, (int)placement)]));
                if (before != after) changes.Add(new SetPlacement(new(now.Id), placement, before, after));
            }
        }

        return changes;
    }
}
