using Autonoomi.Core.Advertising;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Budgeting;

/// <summary>Finds the budget price, then gives every campaign room for what it is planned to spend.</summary>
internal static class BudgetPlanner
{
    /// <summary>Money by which budgets may exceed what is left before they fall faster than their daily step: sums of cents are not exact.</summary>
    private const double Tolerance = 0.02;

    /// <summary>Standard deviation of the profit that a budget move brings, over the money that it moves.</summary>
    private const double CutError = 1;

    /// <summary>Share of what a budget seems to cut off that it truly does. Fitted in the lab.</summary>
    private const double CutShare = 0.55;

    /// <param name="situation">With a budget price of zero.</param>
    public static double Price(Situation situation)
    {
        var (measured, settings, workspace) = (situation.Measured, situation.Settings, situation.Workspace);
        var cells = new List<SpendCell>(workspace.Targets.Length);
        for (var index = 0; index < workspace.Targets.Length; index++)
        {
            if (measured.DailySpend[index] <= 0 || (measured.Structure.TargetProduct[index] is >= 0 and var product && situation.Stock.IsOut[product])) continue;
            var bid = (double)workspace.Targets[index].Bid.Amount;
            if (bid <= 0 || !Bidder.TryInputs(situation, index, out var inputs))
            {
                cells.Add(new SpendCell(measured.DailySpend[index], 1, 1, false));
                continue;
            }

            // Without the learning premium: it is the first thing to go when money is short.
            var value = measured.PosteriorMean(index) * inputs.OrderWorth;
            cells.Add(new SpendCell(measured.DailySpend[index], inputs.Shading * value / inputs.PlacementMultiplier / bid, inputs.MarketMinimum / bid, true));
        }

        var allowance = BudgetPricing.Allowance((double)workspace.Settings.MonthlyBudget.Amount, measured.MonthToDate, workspace.Today, settings.BudgetReserve);
        return settings.BudgetPriceWeight * BudgetPricing.Price(cells, allowance.PerDay, settings.ClickElasticity + settings.PriceElasticity);
    }

    /// <summary>Expected spend today per campaign, given the bids decided.</summary>
    public static double[] Plan(Situation situation, IEnumerable<Proposal> proposals)
    {
        var (measured, settings, workspace) = (situation.Measured, situation.Settings, situation.Workspace);
        var demand = situation.Seasons.DemandIndex(workspace.Today);
        var ratios = new double[workspace.Targets.Length];
        Array.Fill(ratios, 1);
        var planned = new double[workspace.Campaigns.Length];
        foreach (var proposal in proposals)
        {
            if (proposal.Change is SetBid { Before.Amount: > 0 } bid && measured.Structure.Target(bid.Target) is >= 0 and var target) ratios[target] = (double)(bid.After.Amount / bid.Before.Amount);
            if (proposal.Change is CreateTarget created && measured.Structure.Campaign(created.Campaign) is >= 0 and var campaign) planned[campaign] += proposal.Evidence["clicks30"] / 30 * proposal.Evidence["clickPrice"];
        }

        for (var target = 0; target < ratios.Length; target++)
        {
            if (measured.Structure.TargetCampaign[target] is >= 0 and var campaign)
                planned[campaign] += demand * BudgetPricing.At(measured.DailySpend[target], ratios[target], settings.ClickElasticity + settings.PriceElasticity);
        }

        return planned;
    }

    public static void Propose(Situation situation, double[] planned, List<Proposal> into)
    {
        var (measured, settings, workspace) = (situation.Measured, situation.Settings, situation.Workspace);
        var market = workspace.Marketplace;
        var allowance = BudgetPricing.Allowance((double)workspace.Settings.MonthlyBudget.Amount, measured.MonthToDate, workspace.Today, settings.BudgetReserve);
        var (clicks, cost) = ByCampaign(measured);
        var least = LeastBudgets(measured);

        BudgetInputs Inputs(int index, double scale, double freeFall)
        {
            var campaign = workspace.Campaigns[index];
            var history = measured.History.Budget($"campaign:{campaign.Id.Value}:budget", campaign.DailyBudget.Amount);
            return new BudgetInputs(
                planned[index], clicks[index] > 0 ? cost[index] / clicks[index] : 0, settings.BudgetHeadroom, scale, (double)campaign.DailyBudget.Amount,
                (double)history.DayStart, settings.BudgetStep, freeFall, least[index], (double)market.MaximumBudget, market.Currency.Decimals == 0 ? 1 : 0.01);
        }

        // The pool: all budgets together, one day of overdelivery included, never exceed what is left of the month.
        var now = workspace.Campaigns.Where(campaign => campaign.State == EntityState.Enabled).Sum(campaign => (double)campaign.DailyBudget.Amount);
        double All(double scale)
        {
            double wanted = 0;
            for (var index = 0; index < planned.Length; index++)
            {
                if (workspace.Campaigns[index].State != EntityState.Enabled) continue;
                wanted += measured.IsManaged(index) ? Math.Max(least[index], Inputs(index, scale, 0).Wanted) : (double)workspace.Campaigns[index].DailyBudget.Amount;
            }

            return wanted;
        }

        var room = Math.Min(allowance.Remaining / BudgetPricing.DaysCovered(workspace, allowance.DaysLeft), workspace.Settings.DailyCap is { } cap ? (double)(cap.Amount / Guardrails.Coordinator.Overdelivery) : double.MaxValue);
        var (poolScale, tooMuch) = (BudgetInputs.FullPool, BudgetInputs.FullPool);
        if (All(poolScale) > room)
        {
            poolScale = 0;
            for (var step = 0; step < 30; step++)
            {
                var middle = (poolScale + tooMuch) / 2;
                if (All(middle) > room) tooMuch = middle;
                else poolScale = middle;
            }
        }

        var freeFall = now > room + Tolerance ? 1.0 : 0;
        var evidence = new EvidenceList(market.Currency.Code);
        for (var index = 0; index < planned.Length; index++)
        {
            if (!measured.IsManaged(index)) continue;
            var inputs = Inputs(index, poolScale, freeFall);
            var campaign = workspace.Campaigns[index];
            var budget = inputs.Budget();
            if (budget == campaign.DailyBudget.Amount) continue;

            var change = new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget with { Amount = budget });
            inputs.Write(evidence);
            evidence.Days("daysOutOfBudget", measured.OutOfBudgetDays[index]);
            if (ReturnOf(measured, index) is { } more)
                evidence.Factor("marginalReturn", more.Mean).Factor("marginalLow", more.Low).Factor("marginalHigh", more.High).SharedFactor("budgetPrice", situation.BudgetPrice);
            into.Add(new Proposal(
                ProposalNames.Of(workspace, Module.Budgeting, change.EntityKey), Module.Budgeting, change.After > change.Before ? ReasonCode.BudgetUp : ReasonCode.BudgetDown,
                null, change, evidence.Take(), EffectOf(measured, settings, index, inputs, (double)budget)));
        }
    }

    // More budget buys only what the old one cut off at the bids in force: what a changed bid spends is told with the bid. At what its targets' clicks are worth at the bids in force.
    private static Effect EffectOf(Measurement measured, DecisionSettings settings, int campaign, in BudgetInputs inputs, double budget)
    {
        double paid = 0, value = 0, doubt = 0;
        for (var target = 0; target < measured.Exposure.Length; target++)
        {
            if (measured.Structure.TargetCampaign[target] != campaign || double.IsNaN(measured.Contribution[target])) continue;
            var (level, shift) = (measured.Level(target), measured.BidShift[target]);
            var found = measured.MonthOfClicks(target) / 30 / Effects.Clicks(level, -shift);
            var posterior = measured.Posterior(target);
            paid += found * measured.ClickPrice(target) / Effects.Price(level, -shift);
            value += found * posterior.Mean * measured.Contribution[target];
            doubt += found * posterior.Deviation * measured.Contribution[target];
        }

        var spend = paid / (1 - ((1 - settings.ServedShare) * measured.OutOfBudgetDays[campaign] / 7));
        var bought = CutShare * (Math.Min(spend, budget) - Math.Min(spend, inputs.BudgetBefore));
        if (bought == 0 || paid <= 0) return Effects.Certain(0, measured.Workspace.Marketplace.Currency);
        var share = 30 * bought / paid;
        Span<(double, double)> points = stackalloc (double, double)[Effects.SliceCount];
        for (var slice = 0; slice < points.Length; slice++) points[slice] = (share * (value + (Effects.Slice(slice) * doubt) - paid), 1.0 / points.Length);

        // How much a budget cuts off is a guess on days that ran dry.
        return Effects.Widened(Effects.Of(points, measured.Workspace.Marketplace.Currency), CutError / CutShare * 30 * Math.Abs(bought), measured.Workspace.Marketplace.Currency);
    }

    /// <summary>What one more unit of money spent on clicks returns beyond itself, 10 % and 90 % quantile beside it.</summary>
    /// <param name="value">Contribution that clicks bring.</param>
    /// <param name="doubt">Its standard deviation.</param>
    /// <param name="paid">What they cost, above zero.</param>
    internal static (double Mean, double Low, double High) Return(double value, double doubt, double paid) =>
        ((value / paid) - 1, ((value + (Effects.Low * doubt)) / paid) - 1, ((value + (Effects.High * doubt)) / paid) - 1);

    // Of the campaign's clicks of a month; null where nobody knows.
    private static (double Mean, double Low, double High)? ReturnOf(Measurement measured, int campaign)
    {
        double paid = 0, value = 0, doubt = 0;
        for (var target = 0; target < measured.Exposure.Length; target++)
        {
            if (measured.Structure.TargetCampaign[target] != campaign || double.IsNaN(measured.Contribution[target])) continue;
            var (clicks, price, posterior) = (measured.MonthOfClicks(target), measured.ClickPrice(target), measured.Posterior(target));
            if (clicks <= 0 || price <= 0) continue;
            paid += clicks * price;
            value += clicks * posterior.Mean * measured.Contribution[target];
            doubt += clicks * posterior.Deviation * Math.Abs(measured.Contribution[target]);
        }

        return paid > 0 ? Return(value, doubt, paid) : null;
    }

    // Amazon refuses a bid above its campaign's budget: a quarter more than the highest bid leaves it room for a day's step.
    private static double[] LeastBudgets(Measurement measured)
    {
        var least = new double[measured.Workspace.Campaigns.Length];
        Array.Fill(least, (double)measured.Workspace.Marketplace.MinimumBudget);
        for (var target = 0; target < measured.Workspace.Targets.Length; target++)
        {
            if (measured.Structure.TargetCampaign[target] is >= 0 and var campaign && measured.Workspace.Targets[target].State == EntityState.Enabled)
                least[campaign] = Math.Max(least[campaign], 1.25 * (double)measured.Workspace.Targets[target].Bid.Amount);
        }

        return least;
    }

    private static (double[] Clicks, double[] Cost) ByCampaign(Measurement measured)
    {
        var (clicks, cost) = (new double[measured.Workspace.Campaigns.Length], new double[measured.Workspace.Campaigns.Length]);
        for (var target = 0; target < measured.Clicks30.Length; target++)
        {
            if (measured.Structure.TargetCampaign[target] is not (>= 0 and var campaign)) continue;
            clicks[campaign] += measured.Clicks30[target];
            cost[campaign] += measured.Cost30[target];
        }

        return (clicks, cost);
    }
}
