using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Features.Overview;

/// <param name="Day">Day of the month.</param>
/// <param name="Spent">Ad spend from the first of the month to this day.</param>
/// <param name="Plan">An even share of the month's budget to this day.</param>
/// <param name="IsForecast">True where the day has not been told yet.</param>
public sealed record PacePoint(DateOnly Day, Money Spent, Money Plan, bool IsForecast);

/// <summary>Ad spend of the month against its budget: what is spent, and where it ends at today's pace.</summary>
public sealed record Pace
{
    /// <summary>Every day of the month.</summary>
    public required IReadOnlyList<PacePoint> Points { get; init; }
    public required Money Budget { get; init; }

    /// <summary>Spent so far, of all ads, on whole days.</summary>
    public required Money Spent { get; init; }

    /// <summary>What a day is taken to cost from here on.</summary>
    public required Money PerDay { get; init; }

    /// <summary>True where <see cref="PerDay"/> is what the newest decision plans, false where it is the mean of the last seven days.</summary>
    public required bool IsPlanned { get; init; }

    /// <summary>Spend of the whole month at that pace.</summary>
    public Money Ends => Points[^1].Spent;

    /// <summary>An even share of the budget up to the last day that was told.</summary>
    public Money PlanSoFar => Points.LastOrDefault(point => !point.IsForecast)?.Plan ?? Money.Zero(Budget.Currency);

    /// <summary>The day on which the budget is used up at that pace; null when it lasts.</summary>
    public DateOnly? UsedUp => Ends <= Budget ? null : Points.First(point => point.Spent > Budget).Day;

    /// <param name="month">Days of the month that were told, oldest first; empty on its first day.</param>
    /// <param name="before">The seven days before today, for a pace where nothing is planned.</param>
    /// <param name="today">The day that runs; its spend is not told yet.</param>
    /// <param name="budget">Of the month.</param>
    /// <param name="planned">What the newest decision plans for a day; null where there is none of these days.</param>
    public static Pace Of(IReadOnlyList<(DateOnly Day, Money Spend)> month, IReadOnlyList<(DateOnly Day, Money Spend)> before, DateOnly today, Money budget, Money? planned)
    {
        var perDay = planned ?? (before.Count == 0 ? Money.Zero(budget.Currency) : new Money(Sum(before, budget.Currency).Amount / before.Count, budget.Currency));
        var days = DateTime.DaysInMonth(today.Year, today.Month);
        var told = month.ToDictionary(day => day.Day, day => day.Spend);
        var last = told.Count == 0 ? (DateOnly?)null : told.Keys.Max();
        var points = new List<PacePoint>(days);
        var spent = Money.Zero(budget.Currency);
        for (var number = 1; number <= days; number++)
        {
            var day = new DateOnly(today.Year, today.Month, number);
            var forecast = last is not { } known || day > known;
            spent += forecast ? perDay : told.GetValueOrDefault(day, Money.Zero(budget.Currency));
            points.Add(new(day, spent, budget * ((decimal)number / days), forecast));
        }

        return new Pace { Points = points, Budget = budget, Spent = Sum(month, budget.Currency), PerDay = perDay, IsPlanned = planned is not null };
    }

    private static Money Sum(IReadOnlyList<(DateOnly Day, Money Spend)> days, Currency currency) => days.Select(day => day.Spend).Aggregate(Money.Zero(currency), (sum, next) => sum + next);
}
