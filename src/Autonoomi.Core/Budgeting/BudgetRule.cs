using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Budgeting;

/// <summary>Everything a campaign's daily budget rests on; amounts in the storefront's currency.</summary>
internal readonly record struct BudgetInputs(
    double Planned, double ClickPrice, double Headroom, double PoolScale, double BudgetBefore, double DayBudget,
    double DailyStep, double FreeFall, double Minimum, double Maximum, double Unit)
{
    private const double DeadBand = 0.05;

    /// <summary>With all of its headroom, when the pool does not bind.</summary>
    public const double FullPool = 2;

    /// <summary>
    /// Room for the planned spend and for two standard deviations of its clicks, <see cref="PoolScale"/> 2. Where all budgets together have less, the headroom goes first
    /// (1: the plan alone), then all plans give way in the same proportion (below 1): what a campaign leaves of a day Amazon lets it spend on another of the month.
    /// </summary>
    public double Wanted => Planned * Math.Min(1, PoolScale) + Math.Max(0, PoolScale - 1) * Math.Max((Headroom - 1) * Planned, 2 * Math.Sqrt(Planned * ClickPrice));

    /// <returns>The budget to set; the budget before when nothing should change.</returns>
    public decimal Budget()
    {
        var (before, unit) = ((decimal)BudgetBefore, (decimal)Unit);
        var least = Math.Ceiling((decimal)Minimum / unit) * unit;
        var highest = Math.Floor((decimal)(DayBudget * (1 + DailyStep)) / unit) * unit;
        var lowest = FreeFall == 1 ? least : Math.Ceiling((decimal)(DayBudget * (1 - DailyStep)) / unit) * unit;
        var goal = Math.Clamp(Math.Floor((decimal)Math.Min(Wanted, 1e9) / unit) * unit, least, Math.Max(least, (decimal)Maximum));
        var budget = goal > before ? Math.Max(before, Math.Min(goal, highest)) : Math.Min(before, Math.Max(goal, lowest));
        return before > 0 && Math.Abs((double)(budget / before) - 1) < DeadBand ? before : budget;
    }

    public void Write(EvidenceList list) => list
        .Money("planned", Planned).Money("clickPrice", ClickPrice).SharedFactor("headroom", Headroom).SharedFactor("poolScale", PoolScale)
        .Money("budgetBefore", BudgetBefore).Money("dayBudget", DayBudget).SharedFraction("dailyStep", DailyStep).SharedFactor("freeFall", FreeFall)
        .SharedMoney("minimum", Minimum).SharedMoney("maximum", Maximum).SharedMoney("unit", Unit).Money("wantedBudget", Wanted);

    public static BudgetInputs Read(Evidence evidence) => new(
        evidence["planned"], evidence["clickPrice"], evidence["headroom"], evidence["poolScale"], evidence["budgetBefore"], evidence["dayBudget"],
        evidence["dailyStep"], evidence["freeFall"], evidence["minimum"], evidence["maximum"], evidence["unit"]);
}
