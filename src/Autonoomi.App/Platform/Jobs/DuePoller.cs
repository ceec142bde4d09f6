using Autonoomi.App.Platform.Environments;

namespace Autonoomi.App.Platform.Jobs;

/// <summary>Asks the database which sellers are due and pokes their owners. What is due is a query, so a restart forgets nothing.</summary>
internal sealed partial class DuePoller(SellerLedger ledger, IGrainFactory grains, DueSignal signal, StorageSettings storage, ILogger<DuePoller> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // On SQLite this process is alone on its data folder, so claims of a dead one need not run out.
        var reclaim = storage.Provider == StorageEngine.Sqlite;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (reclaim) await ledger.ReclaimAllAsync(stoppingToken);
                reclaim = false;
                foreach (var seller in await ledger.ClaimDueAsync(100, stoppingToken)) await grains.GetGrain<ISellerGrain>(seller.Value).Poke();
                await signal.WaitAsync(Interval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // the poller must outlive a database that is away for a while
            catch (Exception failure)
#pragma warning restore CA1031
            {
                LogFailed(failure);
                await Task.Delay(Interval, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Could not ask for due sellers; trying again")]
    private partial void LogFailed(Exception failure);
}
