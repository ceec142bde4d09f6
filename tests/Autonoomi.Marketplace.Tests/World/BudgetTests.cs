using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

/// <summary>The purse at work in a market.</summary>
public sealed class BudgetTests
{
    private static readonly MarketWorld World = Worlds.Small(days: 40);

    [Fact]
    public void What_budgets_lost_is_what_clicks_cost_before_credits()
    {
        var clicks = World.Simulation.Days.SelectMany((book, day) => book.Clicks.Select(click => (Day: World.FirstDay.AddDays(day), World.Ads.Targets[click.Target].CampaignId, click.Cents)))
            .GroupBy(click => (click.Day, click.CampaignId)).ToDictionary(group => group.Key, group => group.Sum(click => click.Cents) / 100m);

        var usage = World.BudgetUsage(World.AllDays());

        Assert.Equal(clicks.OrderBy(entry => entry.Key), usage.Where(row => row.Spent > 0).ToDictionary(row => (row.Day, row.CampaignId), row => row.Spent).OrderBy(entry => entry.Key));
        Assert.Equal(World.Ads.Campaigns.Count * World.AllDays().Days, usage.Count);
    }

    [Fact]
    public void A_day_costs_at_most_twice_its_budget_and_a_quarter_of_an_hour() =>
        Assert.All(World.BudgetUsage(World.AllDays()), row => Assert.InRange(row.Spent, 0, (2 * row.Budget) + 15));

    [Fact]
    public void A_month_costs_at_most_its_budgets_and_a_quarter_of_an_hour() =>
        Assert.All(
            World.BudgetUsage(World.AllDays()).GroupBy(row => (row.CampaignId, row.Day.Month)),
            month => Assert.InRange(month.Sum(row => row.Spent), 0, month.Sum(row => row.Budget) + 15));

    [Fact]
    public void Time_in_budget_is_whole_where_money_was_left_and_less_where_it_ran_out()
    {
        var usage = World.BudgetUsage(new(World.FirstDay, World.Today.AddDays(-1)));

        Assert.All(usage.Where(row => row.Spent < row.Budget / 2), row => Assert.True(row.TimeInBudget > 0.999 || CarriedDebt(row)));
        Assert.All(usage, row => Assert.InRange(row.TimeInBudget, 0, 1 + 1e-9));
        Assert.InRange(usage.Count(row => row.TimeInBudget < 0.9), 1, usage.Count / 2);
        Assert.All(usage.Where(row => row.TimeInBudget < 0.5), row => Assert.True(row.Spent > 0 || CarriedDebt(row)));

        // Yesterday's overshoot shortens today.
        bool CarriedDebt(BudgetUsageRow row) => usage.Any(before => before.CampaignId == row.CampaignId && before.Day == row.Day.AddDays(-1) && before.Spent > before.Budget);
    }

    [Fact]
    public void The_accounts_monthly_cap_holds_for_all_campaigns_together()
    {
        var free = Worlds.Small(days: 30);
        var month = free.BudgetUsage(free.AllDays()).Where(row => row.Day.Month == 5).Sum(row => row.Spent);

        var capped = new MarketWorld(free.Seed, free.Settings with { AccountMonthlyCap = Math.Round(month / 2) });
        var usage = capped.BudgetUsage(new(capped.FirstDay, capped.Today.AddDays(-1)));

        Assert.InRange(usage.Where(row => row.Day.Month == 5).Sum(row => row.Spent), Math.Round(month / 2) * 0.99m, Math.Round(month / 2) + 15);
        Assert.Contains(usage, row => row.Day == new DateOnly(2026, 5, 31) && row.TimeInBudget == 0);
        Assert.All(usage.Where(row => row.Day > new DateOnly(2026, 5, 31)), row => Assert.True(row.TimeInBudget > 0));
    }
}
