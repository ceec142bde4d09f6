using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Promises;

/// <summary>Asks all probes every hour.</summary>
internal sealed partial class ProbeHour(ProbeBook book, IOptions<PromiseSettings> settings, ILogger<ProbeHour> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(settings.Value.First, stoppingToken);
            while (true)
            {
                try
                {
                    await book.AskAllAsync(stoppingToken);
                }
#pragma warning disable CA1031 // the hour must outlive a database that is away for a while; what was not asked turns stale
                catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    LogFailed(failure);
                }

                await Task.Delay(PromiseBoard.Interval, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The product ends.
        }
    }

    [LoggerMessage(LogLevel.Warning, "Could not keep the answers of the probes; trying again in an hour")]
    private partial void LogFailed(Exception failure);
}
