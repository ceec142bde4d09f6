using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Goals;

public enum GoalKind
{
    /// <summary>Most contribution after ads.</summary>
    Profit,

    /// <summary>Profit, where each sale counts for more than its contribution.</summary>
    Grow,

    /// <summary>Rank of a young product: an order is worth more until a date, at most until a loss budget is spent.</summary>
    Launch,

    /// <summary>Most sales at an aggregate ACoS.</summary>
    TargetAcos,

    /// <summary>Stock has to go: an order is worth what keeping the unit would cost as well.</summary>
    ClearStock,
}

/// <summary>What the seller wants of a product, or of all products without a goal of their own.</summary>
/// <param name="Kind">Profit unless the seller says otherwise.</param>
public sealed record Goal(GoalKind Kind)
{
    public static Goal Profit { get; } = new(GoalKind.Profit);

    /// <summary>Aggregate ad cost over ad sales, 0.01 to 2: the aim of <see cref="GoalKind.TargetAcos"/>, a ceiling beside every other kind; null without one.</summary>
    public double? TargetAcos { get; init; }

    /// <summary>Value of a sale beyond its contribution as a share of its revenue, 0 to 0.3; for <see cref="GoalKind.Grow"/>.</summary>
    public double GrowthShare { get; init; }

    /// <summary>Value of an order for rank, zero or more; for <see cref="GoalKind.Launch"/>.</summary>
    public Money? RankWorth { get; init; }

    /// <summary>What the launch may lose in all, zero or more; then <see cref="RankWorth"/> counts nothing.</summary>
    public Money? LossBudget { get; init; }

    /// <summary>What it costs to keep a unit until it would sell without a push, zero or more, for <see cref="GoalKind.ClearStock"/>; null: estimated from the storage fees that Amazon charges.</summary>
    public Money? KeepingCost { get; init; }

    /// <summary>First day of the goal; null: always.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day of the goal; null: no end. Afterwards the product is run for profit.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>True from its first to its last day.</summary>
    public bool Holds(DateOnly today) => (From is null || today >= From) && (Until is null || today <= Until);

    /// <summary>What cannot be meant, in words for the seller; nothing when the goal can be followed.</summary>
    public IEnumerable<string> Faults()
    {
        if (Kind == GoalKind.TargetAcos && TargetAcos is null) yield return "A target ACoS goal needs its ACoS.";
        if (TargetAcos is { } target && !(target >= 0.01 && target <= 2)) yield return "A target ACoS lies between 1% and 200%.";
        if (!(GrowthShare >= 0 && GrowthShare <= 0.3)) yield return "The extra worth of a sale lies between 0 and 30% of its revenue.";
        if (Kind == GoalKind.Launch && (RankWorth is null || LossBudget is null || From is null)) yield return "A launch needs the worth of an order for rank, a loss budget and its first day.";
        if (RankWorth is { Amount: < 0 } || LossBudget is { Amount: < 0 } || KeepingCost is { Amount: < 0 }) yield return "Amounts of a goal are zero or more.";
        if (From is { } from && Until is { } until && until < from) yield return "A goal ends after it begins.";
    }
}

/// <param name="Sku">The product.</param>
/// <param name="Goal">Its own goal.</param>
public sealed record ProductGoal(Sku Sku, Goal Goal);
