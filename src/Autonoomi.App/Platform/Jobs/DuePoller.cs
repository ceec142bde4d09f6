using Autonoomi.App.Platform.Environments;

namespace Autonoomi.App.Platform.Jobs;

/// <summary>Asks the database which sellers are due and pokes their owners. What is due is a query, so a restart forgets nothing.</summary>
internal sealed partial class DuePoller(SellerLedger ledger, IGrainFactory grains, DueSignal signal, StorageSettings storage, ILogger<DuePoller> log) : Keeper(Interval)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // On SQLite this process is alone on its data folder, so claims of a dead one need not run out.
    private bool reclaim = storage.Provider == StorageEngine.Sqlite;

    protected override async Task RoundAsync(CancellationToken stoppingToken)
    {
        if (reclaim) await ledger.ReclaimAllAsync(stoppingToken);
        reclaim = false;
        foreach (var seller in await ledger.ClaimDueAsync(100, stoppingToken)) await grains.GetGrain<ISellerGrain>(seller.Value).Poke();
    }

    protected override Task RestAsync(CancellationToken stoppingToken) => signal.WaitAsync(Interval, stoppingToken);

    protected override void Failed(Exception failure) => LogFailed(failure);

    [LoggerMessage(LogLevel.Warning, "Could not ask for due sellers; trying again")]
    private partial void LogFailed(Exception failure);
}
