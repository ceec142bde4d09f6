using System.Globalization;

namespace Autonoomi.Privacy;

public enum ClockStanding
{
    /// <summary>Not told, and time is left.</summary>
    Running,

    /// <summary>Not told, and no time is left.</summary>
    Late,

    /// <summary>Told within the limit.</summary>
    InTime,

    /// <summary>Told after the limit.</summary>
    TooLate,

    /// <summary>Somebody decided that it need not be told.</summary>
    NotOwed,
}

/// <summary>One of the clocks of an incident, at one moment.</summary>
/// <param name="To">Who must be told.</param>
/// <param name="Deadline">Until when.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Distance">Time left, or time beyond the limit; always positive.</param>
public sealed record IncidentDeadline(IncidentNotice To, DateTimeOffset Deadline, ClockStanding Standing, TimeSpan Distance)
{
    /// <summary>True where the limit was passed, told or not.</summary>
    public bool IsBroken => Standing is ClockStanding.Late or ClockStanding.TooLate;
}

/// <summary>What is to be done within the first hours, as a help and not as a law.</summary>
/// <param name="What">In words.</param>
/// <param name="Due">Until when.</param>
/// <param name="DoneAt">When it was done; null while it is not.</param>
public sealed record IncidentTarget(string What, DateTimeOffset Due, DateTimeOffset? DoneAt);

/// <summary>
/// How much time is left. Every clock runs from the detection, a mere suspicion included: Amazon demands 24 hours, sellers were promised 72, the law gives an
/// authority 72. An hour is an hour: neither nights nor week-ends stop it. Whoever is told at the very end of the limit was told in time; untold at that
/// moment is late.
/// </summary>
public static class IncidentClock
{
    public static readonly TimeSpan Amazon = TimeSpan.FromHours(24);
    public static readonly TimeSpan Sellers = TimeSpan.FromHours(72);
    public static readonly TimeSpan Authority = TimeSpan.FromHours(72);

    /// <summary>What we want of ourselves for all three.</summary>
    public static readonly TimeSpan Goal = TimeSpan.FromHours(24);

    public static TimeSpan LimitOf(IncidentNotice to) => to switch
    {
        IncidentNotice.Amazon => Amazon,
        IncidentNotice.Sellers => Sellers,
        IncidentNotice.Authority => Authority,
    };

    public static IncidentDeadline Of(Incident incident, IncidentNotice to, DateTimeOffset now)
    {
        var deadline = incident.DetectedAt + LimitOf(to);
        if (incident.ToldTo(to) is { } told) return new(to, deadline, told.At <= deadline ? ClockStanding.InTime : ClockStanding.TooLate, (told.At - deadline).Duration());
        if (incident.NotOwedTo(to) is not null) return new(to, deadline, ClockStanding.NotOwed, TimeSpan.Zero);
        return new(to, deadline, now < deadline ? ClockStanding.Running : ClockStanding.Late, (now - deadline).Duration());
    }

    /// <returns>All three, Amazon first.</returns>
    public static IReadOnlyList<IncidentDeadline> Of(Incident incident, DateTimeOffset now) => [.. Enum.GetValues<IncidentNotice>().Select(to => Of(incident, to, now))];

    /// <returns>The first hours: contain within one, judge within four, decide about notices within twelve.</returns>
    public static IReadOnlyList<IncidentTarget> Targets(Incident incident)
    {
        var judged = incident.Entries.FirstOrDefault(entry => entry is { Step: IncidentStep.Assessed, Facts: { Severity: not IncidentSeverity.Suspected, Data: not null, Sellers: not null } })?.At;
        var decided = Enum.GetValues<IncidentNotice>().Select(to => (incident.ToldTo(to) ?? incident.NotOwedTo(to))?.At).ToList();
        return
        [
            new("contained", incident.DetectedAt + TimeSpan.FromHours(1), incident.ContainedAt),
            new("severity, data and sellers judged", incident.DetectedAt + TimeSpan.FromHours(4), judged),
            new("told or decided about, all three", incident.DetectedAt + TimeSpan.FromHours(12), decided.Exists(at => at is null) ? null : decided.Max()),
        ];
    }

    /// <returns>For example <c>21 h 40 min left</c>; seconds are cut off, so that no minute is shown that is not there.</returns>
    public static string InWords(IncidentDeadline clock) => clock.Standing switch
    {
        ClockStanding.Running => $"{Span(clock.Distance)} left",
        ClockStanding.Late => $"LATE by {Span(clock.Distance)}",
        ClockStanding.InTime => $"told in time, {Span(clock.Distance)} before the end",
        ClockStanding.TooLate => $"told {Span(clock.Distance)} too late",
        ClockStanding.NotOwed => "need not be told",
    };

    private static string Span(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min");
}
