using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Promises;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Duties;

/// <summary>Duties of one subject against their days.</summary>
/// <param name="id">As the register of promises names it.</param>
/// <param name="asks">What is asked, as a sentence that should be true.</param>
/// <param name="duties">Ids; empty for all.</param>
/// <param name="book">When they were done.</param>
/// <param name="clock">To tell the days that are left.</param>
internal sealed class DutiesProbe(string id, string asks, string[] duties, DutyBook book, TimeProvider clock) : IProbe
{
    public string Id => id;
    public string Asks => asks;

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var standing = (await book.StandingAsync(cancellationToken)).Where(one => duties.Length == 0 || Array.IndexOf(duties, one.Duty.Id) >= 0).ToList();
        if (standing.Count == 0) return new(false, "no duty is counted");
        var next = standing.Find(one => !one.IsOverdue) is { } ahead ? $"next: {ahead.Duty.Id}, {ahead.InWords(now)}" : "none in time";
        return Measurement.Of([.. standing.Where(one => one.IsOverdue).Select(one => $"{one.Duty.Id} is {one.InWords(now)}")], $"{Display.Count(standing.Count, "duty", "duties")}; {next}");
    }
}

/// <summary>Says in the log, once a day, what is overdue.</summary>
internal sealed partial class DutyDay(DutyBook book, TimeProvider clock, ILogger<DutyDay> log) : Keeper(TimeSpan.FromDays(1), TimeSpan.FromMinutes(5))
{
    /// <returns>How many duties are overdue.</returns>
    internal async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var overdue = (await book.StandingAsync(cancellationToken)).Where(one => one.IsOverdue).ToList();
        foreach (var one in overdue) LogOverdue(one.Duty.Id, one.InWords(now));
        return overdue.Count;
    }

    protected override Task RoundAsync(CancellationToken stoppingToken) => LookAsync(stoppingToken);

    protected override void Failed(Exception failure) => LogFailed(failure.GetType().Name);

    [LoggerMessage(LogLevel.Warning, "Duty {Duty} of whoever runs this installation is {Standing}; see: autonoomi duties list")]
    private partial void LogOverdue(string duty, string standing);

    [LoggerMessage(LogLevel.Warning, "The duties could not be looked at ({Failure}); trying again")]
    private partial void LogFailed(string failure);
}

public static class DutyServices
{
    public static WebApplicationBuilder AddDuties(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<DutyBook>();
        services.AddHostedService<DutyDay>();
        Probe("drills", "The incident plan was read and practised within the last six months.", DutyTable.IncidentDrill, DutyTable.IncidentPlan);
        Probe("audits", "Audit, penetration test and scans of this installation are not overdue.", DutyTable.SecurityAudit, DutyTable.PenetrationTest, "vulnerability-scan");
        Probe("duties", "Nothing that people must do by hand is overdue.");
        return builder;

        void Probe(string id, string asks, params string[] duties) =>
            services.AddSingleton<IProbe>(provider => new DutiesProbe(id, asks, duties, provider.GetRequiredService<DutyBook>(), provider.GetRequiredService<TimeProvider>()));
    }
}
