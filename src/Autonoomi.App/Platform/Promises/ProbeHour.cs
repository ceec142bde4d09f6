using Autonoomi.App.Platform.Incidents;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Privacy;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Promises;

/// <summary>Asks all probes every hour. A no that shows a breach opens an incident.</summary>
internal sealed partial class ProbeHour(ProbeBook book, IncidentBook incidents, IOptions<PromiseSettings> settings, ILogger<ProbeHour> log) : Keeper(PromiseBoard.Interval)
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(settings.Value.First, stoppingToken);
        await base.ExecuteAsync(stoppingToken);
    }

    protected override async Task RoundAsync(CancellationToken stoppingToken)
    {
        foreach (var found in (await book.AskAllAsync(stoppingToken)).Select(Found).OfType<Suspicion>()) await incidents.SuspectAsync(found, stoppingToken);
    }

    // What was not asked turns stale.
    protected override void Failed(Exception failure) => LogFailed(failure);

    /// <returns>What a probe's answer makes of itself as an incident; null where it says yes, could not be asked, or measures nothing that could be one.</returns>
    internal static Suspicion? Found(ProbeResult result)
    {
        if (result.Holds || result.Measured.StartsWith(ProbeBook.Unasked, StringComparison.Ordinal)) return null;
        IncidentKind? kind = result.Probe switch
        {
            "at-rest" or "tenants" => IncidentKind.Disclosure,
            "tamper" => IncidentKind.Tampering,
            "environment" => IncidentKind.ForeignEnvironment,
            "age" => IncidentKind.Failure,
            _ => null,
        };
        return kind is { } breach ? new(IncidentBook.CauseOf($"probe/{result.Probe}", result.Measured), breach, $"The probe '{result.Probe}' says no: {result.Measured}") : null;
    }

    [LoggerMessage(LogLevel.Warning, "Could not keep the answers of the probes; trying again in an hour")]
    private partial void LogFailed(Exception failure);
}
