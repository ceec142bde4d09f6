using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Promises;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Incidents;

/// <summary>Every open incident's clocks: nobody who must be told is told too late.</summary>
internal sealed class IncidentsProbe(IncidentBook book, TimeProvider clock) : IProbe
{
    public string Id => "incidents";
    public string Asks => "Of every open incident Amazon was told within 24 hours, sellers and authority within 72, or time is left.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var open = (await book.ListAsync(closed: false, cancellationToken)).Where(incident => !incident.IsDrill).ToList();
        var broken = from incident in open
                     from deadline in IncidentClock.Of(incident, now)
                     where deadline.IsBroken
                     select $"incident {incident.Number}, {IncidentWords.Of(deadline.To)}: {IncidentClock.InWords(deadline)}";
        var next = open.SelectMany(incident => IncidentClock.Of(incident, now)).Where(deadline => deadline.Standing == ClockStanding.Running).MinBy(deadline => deadline.Deadline);
        return Measurement.Of([.. broken], $"{Display.Count(open.Count, "open incident")}{(next is null ? "" : $"; next: {IncidentWords.Of(next.To)}, {IncidentClock.InWords(next)}")}");
    }
}

/// <summary>Says in the log how much time is left to tell somebody, and opens incidents of what only a look at the clock finds.</summary>
internal sealed partial class IncidentHour(IncidentBook book, DeletionBook deletions, TimeProvider clock, ILogger<IncidentHour> log) : Keeper(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5))
{
    /// <returns>How many clocks run or ran out.</returns>
    internal async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        foreach (var (row, late) in await deletions.OpenAsync(cancellationToken))
        {
            if (late is null) continue;
            LogLate(row.Id, late);
            await book.SuspectAsync(new($"deletion/{row.Id:N}", IncidentKind.Failure, $"Deletion {row.Id} is late: {late} by now.", null, row.SellerId is { } seller ? new(seller) : null), cancellationToken);
        }

        var now = clock.GetUtcNow();
        var told = 0;
        foreach (var incident in await book.ListAsync(closed: false, cancellationToken))
        {
            foreach (var deadline in IncidentClock.Of(incident, now).Where(deadline => deadline.Standing is ClockStanding.Running or ClockStanding.Late))
            {
                told++;
                if (!incident.IsDrill) LogClock(incident.Number, deadline.To, IncidentClock.InWords(deadline));
            }
        }

        return told;
    }

    protected override Task RoundAsync(CancellationToken stoppingToken) => LookAsync(stoppingToken);

    protected override void Failed(Exception failure) => LogFailed(failure.GetType().Name);

    [LoggerMessage(LogLevel.Error, "Deletion {Deletion} is late: {What} by now")]
    private partial void LogLate(Guid deletion, string what);

    [LoggerMessage(LogLevel.Warning, "Incident {Number}: {To} must be told, {Left}; see: autonoomi incident list")]
    private partial void LogClock(int number, IncidentNotice to, string left);

    [LoggerMessage(LogLevel.Warning, "The register of incidents could not be looked at ({Failure}); trying again")]
    private partial void LogFailed(string failure);
}

public static class IncidentServices
{
    public static WebApplicationBuilder AddIncidents(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IncidentBook>();
        builder.Services.AddSingleton<IProbe, IncidentsProbe>();
        builder.Services.AddHostedService<IncidentHour>();
        return builder;
    }
}
