using Autonoomi.Core.Primitives;
using Orleans.Concurrency;

namespace Autonoomi.App.Platform.Jobs;

/// <summary>The owner of one seller account in memory: exactly one per cluster.</summary>
public interface ISellerGrain : IGrainWithGuidKey
{
    /// <summary>There may be work. Idempotent; lost pokes are repeated by the poller.</summary>
    [OneWay]
    [AlwaysInterleave]
    Task Poke();
}

internal sealed partial class SellerGrain(SellerLedger ledger, Pump pump, ILocalSiloDetails me, ILogger<SellerGrain> log) : Grain, ISellerGrain, IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private long epoch;
    private Task? work;
    private IGrainTimer? beat;
    private bool again;

    private SellerId Seller => new(this.GetPrimaryKey());

    public override async Task OnActivateAsync(CancellationToken cancellationToken) =>
        epoch = await ledger.AcquireAsync(Seller, me.SiloAddress.ToString(), cancellationToken);

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await stop.CancelAsync();
        if (work is not null) await work.WaitAsync(cancellationToken);
        if (again || work is not null) await ledger.DueNowAsync(Seller, epoch, cancellationToken);
    }

    public void Dispose() => stop.Dispose();

    public Task Poke()
    {
        again = true;
        if (work is not (null or { IsCompleted: true })) return Task.CompletedTask;

        // The beat keeps the activation alive and the claim fresh while there is work; a long timer callback as the pump would hang the shutdown.
        beat ??= this.RegisterGrainTimer(BeatAsync, new GrainTimerCreationOptions(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)) { Interleave = true, KeepAlive = true });
        work = WorkAsync(stop.Token);
        return Task.CompletedTask;
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (await ledger.ExtendAsync(Seller, epoch, cancellationToken)) return;
        await stop.CancelAsync();
        DeactivateOnIdle();
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (again)
            {
                again = false;
                if (await pump.RunAsync(Seller, epoch, cancellationToken)) continue;
                DeactivateOnIdle();
                return;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Shutting down, or fenced: the next owner goes on from the ledger.
        }
#pragma warning disable CA1031 // nobody awaits this task: what escapes here would be lost
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogBroken(failure, Seller.Value);
        }
        finally
        {
            beat?.Dispose();
            beat = null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The work of seller {Seller} broke off; it is tried again when its claim ends")]
    private partial void LogBroken(Exception failure, Guid seller);
}
