using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Writes;

/// <summary>
/// Budgets of peers that publish no rule of their own: once a week the month's budget is split over the open campaigns, 70 % by attributed sales of 14 days
/// and 30 % equally. Where one cap rations the whole account, campaign budgets are made loose once and stay.
/// </summary>
internal static class WeeklyBudgets
{
    private const double ShareBySales = 0.7;
    private const int SalesDays = 14;

    public static void AddTo(List<Change> changes, Account account, bool pooled)
    {
        if (pooled ? account.Day != 0 : account.Day % 7 != 0) return;
        var workspace = account.Workspace;
        var aDay = (double)workspace.Settings.MonthlyBudget.Amount / DateTime.DaysInMonth(workspace.Today.Year, workspace.Today.Month);
        if (!(aDay > 0)) return;

        var sales = account.Window(SalesDays).Campaigns.Sales;
        double total = 0;
        var open = 0;
        for (var campaign = 0; campaign < sales.Length; campaign++)
        {
            if (!account.IsOpenCampaign[campaign]) continue;
            total += sales[campaign];
            open++;
        }

        for (var campaign = 0; campaign < sales.Length; campaign++)
        {
            if (!account.IsOpenCampaign[campaign]) continue;
            var share = total > 0 ? ShareBySales * sales[campaign] / total + (1 - ShareBySales) / open : 1.0 / open;
            var entry = workspace.Campaigns[campaign];
            var budget = Rounded(workspace.Marketplace, pooled ? Math.Max(aDay, (double)entry.DailyBudget.Amount) : aDay * share);
            if (budget.Amount != entry.DailyBudget.Amount) changes.Add(new SetBudget(entry.Id, entry.DailyBudget, budget));
        }
    }

    private static Money Rounded(Marketplace marketplace, double budget)
    {
        var unit = marketplace.Currency.Decimals == 0 ? 1m : 0.01m;
        return new Money(Math.Clamp(Math.Floor((decimal)Math.Min(budget, 1e9) / unit) * unit, marketplace.MinimumBudget, marketplace.MaximumBudget), marketplace.Currency);
    }
}
