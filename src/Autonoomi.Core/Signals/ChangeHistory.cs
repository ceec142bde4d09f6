using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Signals;

/// <summary>What was written before, per bid, budget and placement, so that limits over days hold whatever the hour of the run.</summary>
internal sealed class ChangeHistory
{
    // A little less than a day and a week: a run that starts some minutes earlier than yesterday's is still the next day's run.
    private static readonly TimeSpan Day = TimeSpan.FromHours(20);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    // Weekly moves: a run that starts some hours earlier than last week's is still the next week's.
    private static readonly TimeSpan PlacementWeek = TimeSpan.FromDays(6.7);

    private readonly Dictionary<string, List<AppliedChange>> byKey = new(StringComparer.Ordinal);
    private readonly DateTimeOffset now;

    public ChangeHistory(Workspace workspace)
    {
        now = Now(workspace);
        foreach (var applied in workspace.Changes)
        {
            if (!byKey.TryGetValue(applied.Change.EntityKey, out var list)) byKey.Add(applied.Change.EntityKey, list = []);
            list.Add(applied);
            if (FirstAt is null || applied.At < FirstAt) FirstAt = applied.At;
        }

        foreach (var list in byKey.Values) list.Sort((left, right) => left.At.CompareTo(right.At));
    }

    /// <summary>First change of the last 90 days; null before any.</summary>
    public DateTimeOffset? FirstAt { get; }

    public bool IsFirstWeek => FirstAt is null || now - FirstAt < Week;

    public static DateTimeOffset Now(Workspace workspace) =>
        workspace.SyncedAt ?? new DateTimeOffset(workspace.Today.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    public IReadOnlyList<AppliedChange> Of(string entityKey) => byKey.TryGetValue(entityKey, out var list) ? list : [];

    public BidHistory Bid(string entityKey, decimal current) => Describe(Of(entityKey), current, change => change is SetBid bid ? (bid.Before.Amount, bid.After.Amount) : null);

    /// <summary>The bid that stood before cuts for want of stock; null without such cuts, once it was reached again, a week after the first raise, or when a person moved the bid since.</summary>
    public decimal? BeforeShortage(string entityKey)
    {
        decimal? stood = null;
        DateTimeOffset? since = null;
        foreach (var applied in Of(entityKey))
        {
            if (applied.Change is not SetBid bid || applied.At > now) continue;
            if (applied is { Reason: ReasonCode.LowStock, ByPerson: false } && bid.After < bid.Before) (stood, since) = (stood ?? bid.Before.Amount, null);
            else if (applied.ByPerson || bid.After.Amount >= stood) stood = null;
            else if (bid.After > bid.Before) since ??= applied.At;
        }

        return now - since >= Week ? null : stood;
    }

    /// <summary>A budget that was lowered to keep a day's cap counts as standing where it stood before, so that what is given back is no step; only <see cref="BidHistory.Steps"/> tell what was really in force.</summary>
    public BidHistory Budget(string entityKey, decimal current)
    {
        var told = Describe(Of(entityKey), current, Budget);
        if (!Of(entityKey).Any(applied => applied.Module == Module.Intraday)) return told;
        var (kept, standing) = WithoutLowering(Of(entityKey), current);
        return Describe(kept, standing, Budget) with { Steps = told.Steps };

        static (decimal, decimal)? Budget(Change change) => change is SetBudget budget ? (budget.Before.Amount, budget.After.Amount) : null;
    }

    private (List<AppliedChange> Kept, decimal Standing) WithoutLowering(IReadOnlyList<AppliedChange> changes, decimal current)
    {
        var kept = new List<AppliedChange>();
        (decimal Stood, decimal Left)? lowered = null;
        foreach (var applied in changes)
        {
            if (applied.At > now || applied.Change is not SetBudget budget) continue;
            var stood = lowered is { } held && held.Left == budget.Before.Amount ? held.Stood : budget.Before.Amount;
            lowered = applied.Module == Module.Intraday ? (stood, budget.After.Amount) : null;
            if (lowered is null && stood != budget.After.Amount) kept.Add(applied with { Change = budget with { Before = budget.Before with { Amount = stood } } });
        }

        return (kept, lowered is { } open && open.Left == current ? open.Stood : current);
    }

    /// <summary>A placement's whole percent over time, read as amounts.</summary>
    public BidHistory Percent(string entityKey, int current) => Describe(Of(entityKey), current, change => change is SetPlacement percent ? (percent.BeforePercent, percent.AfterPercent) : null, PlacementWeek);

    private BidHistory Describe(IReadOnlyList<AppliedChange> changes, decimal current, Func<Change, (decimal Before, decimal After)?> read, TimeSpan? within = null)
    {
        if (changes.Count == 0) return new BidHistory(current, current, double.PositiveInfinity, false, []);
        decimal? day = null, week = null;
        var steps = new List<(double DaysAgo, decimal Before)>();
        (decimal Before, decimal After)? previous = null;
        var undone = false;
        var last = double.PositiveInfinity;
        foreach (var applied in changes)
        {
            if (applied.At > now || read(applied.Change) is not { } step) continue;
            var ago = now - applied.At;
            if (ago < Day) day ??= step.Before;
            if (ago < (within ?? Week)) week ??= step.Before;
            last = ago.TotalDays;
            steps.Add((ago.TotalDays, step.Before));
            undone = applied.ByPerson && ago < Week && previous is { } earlier && earlier.Before == step.After && earlier.After == step.Before;
            previous = step;
        }

        return new BidHistory(day ?? current, week ?? current, last, undone, steps);
    }
}

/// <param name="DayStart">Value when the day began.</param>
/// <param name="WeekStart">Value seven days ago.</param>
/// <param name="DaysSinceChange">Days since the last change; infinite without one.</param>
/// <param name="UndoneByPerson">A person took back the last change within seven days.</param>
/// <param name="Steps">Each change: how long ago, and what stood there before.</param>
internal readonly record struct BidHistory(
    decimal DayStart, decimal WeekStart, double DaysSinceChange, bool UndoneByPerson, IReadOnlyList<(double DaysAgo, decimal Before)> Steps)
{
    /// <summary>The value in force some days ago, given today's.</summary>
    public decimal At(double daysAgo, decimal current)
    {
        foreach (var (when, before) in Steps)
        {
            if (when < daysAgo) return before;
        }

        return current;
    }
}
