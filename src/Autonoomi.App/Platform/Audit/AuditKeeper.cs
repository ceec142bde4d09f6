using Autonoomi.App.Platform.Incidents;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Audit;

/// <summary>Lets the head file follow the log within a second, and proves the whole log at start and every hour.</summary>
public sealed partial class AuditKeeper(AuditLog audit, IncidentBook incidents, TimeProvider clock, ILogger<AuditKeeper> log) : Keeper(Rest)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Round = TimeSpan.FromHours(1);
    private readonly SemaphoreSlim appended = new(0);

    /// <summary>The last look at the whole log and when it was; null before the first.</summary>
    public (DateTimeOffset At, AuditVerdict Verdict)? Latest { get; private set; }

    public override void Dispose()
    {
        appended.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        audit.Appended += OnAppended;
        try
        {
            await base.ExecuteAsync(stoppingToken);
        }
        finally
        {
            audit.Appended -= OnAppended;
        }
    }

    protected override async Task RoundAsync(CancellationToken stoppingToken)
    {
        if (Latest is null || clock.GetUtcNow() - Latest.Value.At >= Round) await LookAsync(stoppingToken);
        await appended.WaitAsync(Round, stoppingToken);
        await Task.Delay(Rest, stoppingToken);
        while (await appended.WaitAsync(0, stoppingToken))
        {
            // Several entries are one reason to follow.
        }

        await audit.MarkAsync(stoppingToken);
    }

    protected override Task RestAsync(CancellationToken stoppingToken) => Task.CompletedTask;

    protected override void Failed(Exception failure) => LogAway(failure.GetType().Name);

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await audit.MarkAsync(cancellationToken);
        var verdict = await audit.VerifyAsync(cancellationToken);
        Latest = (clock.GetUtcNow(), verdict);
        if (verdict.IsWhole) return;
        LogBroken(verdict.Faults.Count, verdict.Faults[0]);
        await incidents.SuspectAsync(Found(verdict.Faults[0]), cancellationToken);
    }

    /// <summary>The incident that a fault opens. An entry that was changed is named by its number; where head and end differ, the numbers grow with every look.</summary>
    internal static Suspicion Found(string fault) =>
        new(fault.StartsWith("Entry ", StringComparison.Ordinal) ? $"audit-log/{fault.Split(' ')[1].TrimEnd('.')}" : IncidentBook.CauseOf("audit-log", fault), IncidentKind.Tampering, $"The audit log is not whole: {fault}", [TouchedData.Operational]);

    private void OnAppended() => appended.Release();

    [LoggerMessage(LogLevel.Error, "The audit log is broken ({Count} faults): {Fault}")]
    private partial void LogBroken(int count, string fault);

    [LoggerMessage(LogLevel.Warning, "The audit log's head file could not follow ({Failure}); trying again")]
    private partial void LogAway(string failure);
}
