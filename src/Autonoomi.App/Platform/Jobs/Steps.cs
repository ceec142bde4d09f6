using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Jobs;

/// <summary>Works on steps of one kind. A step may be begun any number of times; only its <see cref="StepResult"/> makes it done, in one transaction with its data.</summary>
public interface IStep
{
    /// <summary>One of <see cref="StepNames"/>.</summary>
    string Kind { get; }

    Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken);
}

/// <param name="Run">The run.</param>
/// <param name="RunKind">What kind of run.</param>
/// <param name="Ordinal">Position in the run.</param>
/// <param name="Seller">Whose.</param>
/// <param name="Storefront">For which storefront.</param>
/// <param name="Epoch">The owner's fence: every write carries it.</param>
/// <param name="Notes">The step's notes as they stand in the ledger.</param>
/// <param name="Vault">Opened for this step.</param>
public sealed record StepContext(Guid Run, RunKind RunKind, int Ordinal, SellerId Seller, StorefrontId Storefront, long Epoch, string? Notes, SellerVault Vault);

public abstract record StepResult
{
    private StepResult() { }

    /// <summary>The step is done.</summary>
    /// <param name="Count">Rows read or changes written.</param>
    /// <param name="Data">What to write in the same transaction.</param>
    /// <param name="Then">Steps that follow, appended to the run.</param>
    /// <param name="Afterwards">Runs once the transaction is through: swap a snapshot, tell a screen.</param>
    public sealed record Finished(long Count, Action<VaultWrite>? Data = null, IReadOnlyList<NewStep>? Then = null, Action? Afterwards = null) : StepResult;

    /// <summary>Not done yet: look again later.</summary>
    /// <param name="After">How long to wait at least.</param>
    /// <param name="Notes">New notes to keep; null leaves them as they are and writes nothing.</param>
    /// <param name="Data">What to write with the notes.</param>
    /// <param name="Count">Added to the step's count.</param>
    public sealed record Again(TimeSpan After, string? Notes = null, Action<VaultWrite>? Data = null, long Count = 0) : StepResult;

    /// <summary>The run cannot go on.</summary>
    /// <param name="Why">In a person's words, with the fix.</param>
    /// <param name="Data">What to write all the same.</param>
    public sealed record Failed(string Why, Action<VaultWrite>? Data = null) : StepResult;
}

/// <summary>Work that computes goes through here: it leaves the scheduler of the owner and never takes more than the machine's cores less one.</summary>
public sealed class CpuGate : IDisposable
{
    private readonly SemaphoreSlim places = new(Math.Max(1, Environment.ProcessorCount - 1));

    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();
}
