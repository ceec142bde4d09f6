using Autonoomi.App.Platform.Jobs;

namespace Autonoomi.App.Platform.Deletion;

/// <summary>Looks after deletions every twenty seconds, so that what was asked for is stopped within a minute.</summary>
internal sealed partial class DeletionKeeper(DeletionSaga saga, ILogger<DeletionKeeper> log) : Keeper(TimeSpan.FromSeconds(20))
{
    protected override Task RoundAsync(CancellationToken stoppingToken) => saga.PassAsync(stoppingToken);

    protected override void Failed(Exception failure) => LogFailed(failure);

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
