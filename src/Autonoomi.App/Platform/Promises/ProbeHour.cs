using Autonoomi.App.Platform.Jobs;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Promises;

/// <summary>Asks all probes every hour.</summary>
internal sealed partial class ProbeHour(ProbeBook book, IOptions<PromiseSettings> settings, ILogger<ProbeHour> log) : Keeper(PromiseBoard.Interval)
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(settings.Value.First, stoppingToken);
        await base.ExecuteAsync(stoppingToken);
    }

    protected override Task RoundAsync(CancellationToken stoppingToken) => book.AskAllAsync(stoppingToken);

    protected override Task RestAsync(CancellationToken stoppingToken) => Task.Delay(PromiseBoard.Interval, stoppingToken);

    // What was not asked turns stale.
    protected override void Failed(Exception failure) => LogFailed(failure);

    [LoggerMessage(LogLevel.Warning, "Could not keep the answers of the probes; trying again in an hour")]
    private partial void LogFailed(Exception failure);
}
