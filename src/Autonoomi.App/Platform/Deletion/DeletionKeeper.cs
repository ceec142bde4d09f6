using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;

namespace Autonoomi.App.Platform.Deletion;

/// <summary>Looks after deletions every twenty seconds, so that what was asked for is stopped within a minute.</summary>
internal sealed partial class DeletionKeeper(DeletionSaga saga, DeletionBook book, BusinessClock business, ILogger<DeletionKeeper> log) : Keeper(Round)
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(20);
    private int looks;

    protected override async Task RoundAsync(CancellationToken stoppingToken)
    {
        await saga.PassAsync(stoppingToken);
        if (business.IsFrozen || looks++ % 180 != 0) return;
        foreach (var (row, late) in await book.OpenAsync(stoppingToken))
            if (late is not null) LogLate(row.Id, late);
    }

    protected override Task RestAsync(CancellationToken stoppingToken) => Task.Delay(Round, stoppingToken);

    protected override void Failed(Exception failure) => LogFailed(failure);

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
