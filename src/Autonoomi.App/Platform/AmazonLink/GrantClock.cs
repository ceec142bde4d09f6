namespace Autonoomi.App.Platform.AmazonLink;

/// <summary>What runs out at Amazon, and when somebody is told.</summary>
public static class GrantClock
{
    /// <summary>A consent ends this long after it was given, used or not (Selling Partner: always; Ads: since summer 2026).</summary>
    public static readonly TimeSpan ConsentLife = TimeSpan.FromDays(365);

    /// <summary>The secret of a Selling Partner application's login client ends this long after it was made.</summary>
    public static readonly TimeSpan SecretLife = TimeSpan.FromDays(180);

    /// <summary>Days before an end on which it is said, in falling order.</summary>
    public static IReadOnlyList<int> ReminderDays { get; } = [60, 30, 7, 1];

    /// <param name="made">The day on which a Selling Partner application's secret was made.</param>
    public static DateTimeOffset SecretEnds(DateOnly made) => new DateTimeOffset(made.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) + SecretLife;

    /// <returns>The smallest of <see cref="ReminderDays"/> that is reached; null while the end is further away.</returns>
    public static int? Reached(DateTimeOffset ends, DateTimeOffset now)
    {
        int? reached = null;
        foreach (var days in ReminderDays)
            if (ends - now <= TimeSpan.FromDays(days)) reached = days;
        return reached;
    }

    /// <returns>Whole days that are left; negative once it has ended.</returns>
    public static int DaysLeft(DateTimeOffset ends, DateTimeOffset now) => (int)Math.Floor((ends - now).TotalDays);
}
