using System.Text.Json.Serialization.Metadata;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault;

/// <param name="Id">The caller's id.</param>
/// <param name="State">In clear at rest.</param>
/// <param name="DueAt">In clear at rest.</param>
/// <param name="Revision">The seller's revision at which the record was written.</param>
/// <param name="Value">The opened value.</param>
public sealed record VaultRecord<T>(string Id, string State, DateTimeOffset? DueAt, long Revision, T Value);

/// <summary>The one door to a seller's data. Safe to use from several threads; holds no connection between calls.</summary>
public sealed class SellerVault
{
    internal SellerVault(SellerId seller, string purpose) => (Seller, Purpose) = (seller, purpose);

    public SellerId Seller { get; }

    public string Purpose { get; }

    /// <param name="dataset">Which.</param>
    /// <param name="storefront">Of which storefront.</param>
    /// <param name="days">Which days; null for all, and for snapshots.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Rows by day, oldest first, within a day in the order written; empty when nothing is kept.</returns>
    /// <exception cref="SealBrokenException">Never zeros: what cannot be proven is refused.</exception>
    public Task<FactTable> ReadAsync(Dataset dataset, StorefrontId storefront, DateSpan? days, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <returns>The value, or null (default) when there is no such record.</returns>
    public Task<T?> RecordAsync<T>(string kind, string id, JsonTypeInfo<T> type, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <param name="kind">Which kind.</param>
    /// <param name="type">From a source-generated context.</param>
    /// <param name="state">Only records in this state; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Oldest revision first, then by id.</returns>
    public Task<IReadOnlyList<VaultRecord<T>>> RecordsAsync<T>(string kind, JsonTypeInfo<T> type, string? state, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One transaction: everything in the write, or nothing.</summary>
    /// <exception cref="StaleOwnerException">The seller has a newer owner.</exception>
    /// <exception cref="VaultConflictException">A write without epoch met a newer commit: open again, decide again.</exception>
    public Task CommitAsync(VaultWrite write, CancellationToken cancellationToken) => throw new NotImplementedException();
}
