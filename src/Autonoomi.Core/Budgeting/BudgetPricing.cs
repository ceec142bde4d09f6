using Autonoomi.Core.Facts;
using Autonoomi.Core.Profit;

namespace Autonoomi.Core.Budgeting;

/// <summary>One target's spend as a function of the budget price.</summary>
/// <param name="SpendPerDay">At the bid in force, not cut off by a budget.</param>
/// <param name="FreeRatio">Bid at budget price zero over the bid in force.</param>
/// <param name="LeastRatio">Lowest bid that the marketplace takes over the bid in force.</param>
/// <param name="Follows">False for targets that nobody moves: they spend on as they do.</param>
internal readonly record struct SpendCell(double SpendPerDay, double FreeRatio, double LeastRatio, bool Follows);

/// <summary>One price on money for the whole storefront, instead of a target per campaign. See docs/maths/budgeting.md.</summary>
internal static class BudgetPricing
{
    /// <summary>Days ahead for which all budgets must fit into the month's rest where Amazon ends the month's spend itself.</summary>
    private const int HeldDays = 7;

    private const double Highest = 10;
    private const int Steps = 40;

    /// <returns>λ of 0 to 10: the smallest at which the cells spend no more than the allowance.</returns>
    public static double Price(IReadOnlyList<SpendCell> cells, double allowancePerDay, double elasticity)
    {
        if (Spend(cells, 0, elasticity) <= allowancePerDay) return 0;
        var (low, high) = (0.0, Highest);
        for (var step = 0; step < Steps; step++)
        {
            var middle = (low + high) / 2;
            if (Spend(cells, middle, elasticity) > allowancePerDay) low = middle;
            else high = middle;
        }

        return high;
    }

    /// <returns>Expected spend a day of all cells at the budget price.</returns>
    public static double Spend(IReadOnlyList<SpendCell> cells, double price, double elasticity)
    {
        double sum = 0;
        for (var index = 0; index < cells.Count; index++)
        {
            var cell = cells[index];
            sum += cell.Follows ? At(cell.SpendPerDay, Math.Max(cell.LeastRatio, cell.FreeRatio / (1 + price)), elasticity) : cell.SpendPerDay;
        }

        return sum;
    }

    /// <summary>Spend at another bid; at most twenty times what was seen, because nobody knows the market that far out.</summary>
    public static double At(double spendPerDay, double bidRatio, double elasticity) =>
        Math.Min(spendPerDay * Math.Pow(bidRatio, elasticity), 20 * spendPerDay);

    /// <summary>
    /// Days of all daily budgets together that the month's rest must hold: those left and one of overdelivery, so that the budget is kept even if nobody ever writes again.
    /// Where a portfolio's monthly budget at Amazon keeps it, at most a week and that one.
    /// </summary>
    public static int DaysCovered(Workspace workspace, int daysLeft) => DaysCovered(workspace.Settings with { PortfolioCap = workspace.HeldMonth }, daysLeft);

    /// <inheritdoc cref="DaysCovered(Workspace, int)"/>
    public static int DaysCovered(StorefrontSettings settings, int daysLeft) =>
        1 + (settings.PortfolioCap is { } cap && cap <= settings.MonthlyBudget ? Math.Min(HeldDays, daysLeft) : daysLeft);

    /// <summary>What may be spent a day until the month ends.</summary>
    public static (double Remaining, int DaysLeft, double PerDay) Allowance(double monthlyBudget, double monthToDate, DateOnly today, double reserve)
    {
        var daysLeft = DateTime.DaysInMonth(today.Year, today.Month) - today.Day + 1;
        var remaining = Math.Max(0, monthlyBudget - monthToDate);
        return (remaining, daysLeft, remaining * (daysLeft > 3 ? 1 - reserve : 1) / daysLeft);
    }
}
