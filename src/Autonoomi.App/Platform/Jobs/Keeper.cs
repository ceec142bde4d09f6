namespace Autonoomi.App.Platform.Jobs;

/// <summary>Background work in rounds that outlives a database or folder that is away for a while: what fails is logged and tried again.</summary>
/// <param name="again">How long to wait after a failure.</param>
public abstract class Keeper(TimeSpan again) : BackgroundService
{
    /// <summary>One round of work.</summary>
    protected abstract Task RoundAsync(CancellationToken stoppingToken);

    /// <summary>What passes between two rounds.</summary>
    protected abstract Task RestAsync(CancellationToken stoppingToken);

    protected abstract void Failed(Exception failure);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(stoppingToken);
                await RestAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a keeper must outlive what is away for a while
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Failed(failure);
                await Task.Delay(again, stoppingToken);
            }
        }
    }
}
