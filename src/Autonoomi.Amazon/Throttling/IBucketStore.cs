namespace Autonoomi.Amazon.Throttling;

/// <param name="Tokens">Left then; may be fractional.</param>
/// <param name="At">When.</param>
public readonly record struct BucketLevel(double Tokens, DateTimeOffset At);

/// <summary>Where slow buckets outlive the process: an operation with one call in three minutes must not begin full after each restart. Nothing in it says more than who, which operation, when.</summary>
public interface IBucketStore
{
    /// <param name="seller">The grant's key before its slash.</param>
    /// <param name="operation">Method, path pattern and what tells several buckets of one seller apart.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when none was kept.</returns>
    Task<BucketLevel?> FindAsync(string seller, string operation, CancellationToken cancellationToken);

    Task SaveAsync(string seller, string operation, BucketLevel level, CancellationToken cancellationToken);
}

/// <summary>For who has nothing to keep buckets in: a restart begins with full ones, and Amazon's own 429 is then the limit.</summary>
internal sealed class NoBucketStore : IBucketStore
{
    public Task<BucketLevel?> FindAsync(string seller, string operation, CancellationToken cancellationToken) => Task.FromResult<BucketLevel?>(null);

    public Task SaveAsync(string seller, string operation, BucketLevel level, CancellationToken cancellationToken) => Task.CompletedTask;
}
