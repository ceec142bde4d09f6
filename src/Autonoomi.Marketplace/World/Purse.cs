namespace Autonoomi.Marketplace.World;

/// <summary>One finished day of a purse.</summary>
/// <param name="Day">Reporting day.</param>
/// <param name="Budget">Daily budget in force last, in cents; 0 for a purse that has only a monthly ceiling.</param>
/// <param name="Spent">In cents, overshoot included, before credits.</param>
/// <param name="InBudget">Demand-weighted share of the day in which it could pay, 0 to 1.</param>
internal readonly record struct PurseDay(DateOnly Day, long Budget, long Spent, double InBudget);

/// <summary>
/// What a campaign, or the whole account, may spend. A day adds its budget to the month's purse and may spend what the purse holds, at most twice its
/// budget: leftovers of earlier days of the month overdeliver, and the month never passes the sum of its daily budgets. Amazon notices late: clicks of
/// the quarter of an hour after the purse ran dry are charged as well, and the debt is taken from the next day of the month.
/// Amounts are whole hundredths of the currency, times are minutes since the world began.
/// </summary>
/// <param name="monthlyCeiling">Most that a calendar month may cost whatever the daily budgets say; null for none.</param>
internal sealed class Purse(long? monthlyCeiling = null)
{
    public const int NoticeMinutes = 15;
    private const int MinutesPerHour = 60;

    private readonly List<PurseDay> days = [];
    private DateOnly? today;
    private long? budget;
    private long carried;
    private long given;
    private long spentToday;
    private long spentThisMonth;
    private double elapsed;

    /// <summary>First minute that is not paid any more; <see cref="long.MaxValue"/> while there is money.</summary>
    public long ClosesAt { get; private set; } = long.MaxValue;

    /// <summary>Share of a whole day's shoppers during whose visit it could pay today; grows from hour to hour.</summary>
    public double PaidShare { get; private set; }

    /// <summary>Finished days, oldest first.</summary>
    public IReadOnlyList<PurseDay> Days => days;

    public long SpentToday => spentToday;

    /// <summary>Today as it stands.</summary>
    public PurseDay Today => new(today ?? default, budget ?? 0, spentToday, elapsed > 0 ? PaidShare / elapsed : 1);

    public bool Pays(long minute) => minute < ClosesAt;

    /// <summary>Opens a new day, or takes over a budget that was changed during the day.</summary>
    /// <param name="date">A date before the last is an error of the caller.</param>
    /// <param name="minute">Now.</param>
    /// <param name="dailyBudget">0 while the campaign does not run; null when only the monthly ceiling counts.</param>
    public void Open(DateOnly date, long minute, long? dailyBudget)
    {
        if (today == date)
        {
            // Lowering a budget below what was spent makes no debt, it ends the day; and raising it again gives nothing twice.
            given = Math.Max(dailyBudget ?? 0, Math.Min(given, spentToday - carried));
            budget = dailyBudget;
            if (spentToday < Allowance) ClosesAt = long.MaxValue;
            else if (ClosesAt == long.MaxValue) ClosesAt = minute + NoticeMinutes;
            return;
        }

        var isSameMonth = today is { } last && last.Year == date.Year && last.Month == date.Month;
        if (today is not null) days.Add(Today);
        carried = isSameMonth ? carried + given - spentToday : 0;
        given = dailyBudget ?? 0;
        spentThisMonth = isSameMonth ? spentThisMonth : 0;
        budget = dailyBudget;
        today = date;
        spentToday = 0;
        PaidShare = 0;
        elapsed = 0;
        ClosesAt = Allowance > 0 ? long.MaxValue : minute;
    }

    /// <summary>Charges one click, in the order of the clicks; the caller asks <see cref="Pays"/> first.</summary>
    public void Spend(long minute, long amount)
    {
        spentToday += amount;
        spentThisMonth += amount;
        if (ClosesAt == long.MaxValue && spentToday >= Allowance) ClosesAt = minute + NoticeMinutes;
    }

    /// <param name="start">First minute of the hour that ends.</param>
    /// <param name="share">The hour's share of the day's shoppers.</param>
    /// <param name="othersCloseAt">When another purse that must pay as well closes.</param>
    public void EndHour(long start, double share, long othersCloseAt = long.MaxValue)
    {
        PaidShare += share * Math.Clamp(Math.Min(ClosesAt, othersCloseAt) - start, 0, MinutesPerHour) / MinutesPerHour;
        elapsed += share;
    }

    // What the whole day may cost.
    private long Allowance => Math.Min(
        budget is { } daily ? Math.Min(2 * daily, carried + given) : long.MaxValue,
        monthlyCeiling is { } ceiling ? ceiling - (spentThisMonth - spentToday) : long.MaxValue);
}
