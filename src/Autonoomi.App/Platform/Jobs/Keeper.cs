namespace Autonoomi.App.Platform.Jobs;

/// <summary>Background work in rounds that outlives a database or folder that is away for a while: what fails is logged and tried again.</summary>
/// <param name="round">What passes between two rounds.</param>
/// <param name="again">How long to wait after a failure; as long as between two rounds where nothing is said.</param>
public abstract class Keeper(TimeSpan round, TimeSpan? again = null) : BackgroundService
{
    /// <summary>One round of work.</summary>
    protected abstract Task RoundAsync(CancellationToken stoppingToken);

    /// <summary>Ends when the next round is due.</summary>
    protected virtual Task RestAsync(CancellationToken stoppingToken) => Task.Delay(round, stoppingToken);

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
                await Task.Delay(again ?? round, stoppingToken);
            }
        }
    }
}
