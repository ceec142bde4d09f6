using Autonoomi.App.Platform.Environments;

namespace Autonoomi.App.Platform.Deletion;

/// <summary>Looks after deletions every twenty seconds, so that what was asked for is stopped within a minute.</summary>
internal sealed partial class DeletionKeeper(DeletionSaga saga, DeletionBook book, BusinessClock business, ILogger<DeletionKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var looks = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await saga.PassAsync(stoppingToken);
                if (!business.IsFrozen && looks++ % 180 == 0)
                    foreach (var (row, late) in await book.OpenAsync(stoppingToken))
                        if (late is not null) LogLate(row.Id, late);
                await Task.Delay(Round, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // the keeper must outlive a database that is away for a while
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogFailed(failure);
                await Task.Delay(Round, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "Deletion {Deletion} is late: {What} by now")]
    private partial void LogLate(Guid deletion, string what);

    [LoggerMessage(LogLevel.Warning, "Deletions could not be looked after; trying again")]
    private partial void LogFailed(Exception failure);
}

public static class DeletionServices
{
    public static WebApplicationBuilder AddDeletion(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DeletionBook>();
        builder.Services.AddSingleton<LegalHolds>();
        builder.Services.AddSingleton<DeletionSaga>();
        builder.Services.AddHostedService<DeletionKeeper>();
        return builder;
    }
}
