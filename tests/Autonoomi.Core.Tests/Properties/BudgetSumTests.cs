using Autonoomi.Core.Advertising;
using Autonoomi.Core.Budgeting;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;
using Autonoomi.Core.Tests.Fuzz;

namespace Autonoomi.Core.Tests.Properties;

/// <summary>Sums over all campaigns of a decision stay within what the seller allows.</summary>
public sealed class BudgetSumTests
{
    [Fact]
    public void All_budgets_after_a_decision_fit_into_the_months_rest_or_none_was_raised()
    {
        var (decided, tight, raised) = (0, 0, 0);
        for (var seed = 1; seed <= 150; seed++)
        {
            var workspace = FuzzedWorld.Make(20_000 + seed);
            var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
            var after = decision.Proposals.Select(proposal => proposal.Change).OfType<SetBudget>().ToDictionary(change => change.Campaign, change => change.After.Amount);
            if (decision.Proposals.Length == 0) continue;
            decided++;
            var (before, then) = (0m, 0m);
            foreach (var campaign in workspace.Campaigns.Where(campaign => campaign.State == EntityState.Enabled))
            {
                before += campaign.DailyBudget.Amount;
                then += after.GetValueOrDefault(campaign.Id, campaign.DailyBudget.Amount);
                if (after.GetValueOrDefault(campaign.Id) > campaign.DailyBudget.Amount) raised++;
            }

            var room = Room(workspace);
            if (then > room) tight++;
            Assert.True(then <= room + 0.01m || !decision.Proposals.Any(proposal => proposal.Change is SetBudget budget && budget.After > budget.Before), $"seed {seed}: {before} → {then}, room {room}");
        }

        Assert.True(decided > 80 && tight > 5 && raised > 50, $"{decided} decided, {tight} tight, {raised} raised");
    }

    [Theory]
    [InlineData(1, 2500)]
    [InlineData(2, 3000)]
    [InlineData(3, 4000)]
    public void Planned_spend_comes_within_a_days_share_of_the_months_rest_and_stays_there(int seed, int month)
    {
        var (workspace, random, over) = (new SomeStorefront { Seed = seed, ClicksPerDay = 2, MonthlyBudget = month, DailyBudget = 40 }.Build(), new Random(seed), new List<double>());
        for (var day = 0; day < 18; day++)
        {
            var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
            var allowance = BudgetPricing.Allowance(month, new Measurement(workspace, DecisionSettings.Default).MonthToDate, workspace.Today, DecisionSettings.Default.BudgetReserve);
            over.Add((double)decision.PlannedSpend.Amount / Math.Max(1, allowance.PerDay));
            workspace = SomeStorefront.NextDay(workspace, [.. decision.Proposals.Select(proposal => proposal.Change)], random, 2) with { Handovers = decision.Handovers };
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(" ", over.Select(ratio => ratio.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture))));
        Assert.True(over[0] > 1, "the month's budget does not bind: the test shows nothing");

        // One day may stand out by what a day may grow (G3); together the days keep to the share.
        Assert.All(over.Skip(10), ratio => Assert.InRange(ratio, 0, 1.2));
        Assert.InRange(over.Skip(10).Average(), 0, 1.05);
    }

    // What all daily budgets together may be: the month's rest over the days that it must hold, and half of a day's cap.
    private static decimal Room(Workspace workspace)
    {
        var allowance = BudgetPricing.Allowance((double)workspace.Settings.MonthlyBudget.Amount, new Measurement(workspace, DecisionSettings.Default).MonthToDate, workspace.Today, 0);
        var month = (decimal)allowance.Remaining / BudgetPricing.DaysCovered(workspace, allowance.DaysLeft);
        return workspace.Settings.DailyCap is { } cap ? Math.Min(month, cap.Amount / 2) : month;
    }
}
