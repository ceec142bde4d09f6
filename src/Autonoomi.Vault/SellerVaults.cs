using Autonoomi.Core.Primitives;
using Microsoft.Extensions.Logging;

namespace Autonoomi.Vault;

/// <summary>Opens sellers' vaults. One per process.</summary>
/// <param name="open">Makes a new context; the vault disposes it.</param>
/// <param name="keys">The key chain of this environment.</param>
/// <param name="log">Ids and purposes only.</param>
public sealed class SellerVaults(Func<VaultDb> open, KeyChain keys, ILogger<SellerVaults>? log = null)
{
    /// <summary>Call once at start, before anything else: is this database of this environment and key? The first call stamps a new database.</summary>
    /// <exception cref="MasterKeyMissingException">The database has data of another key and the key folder was empty.</exception>
    /// <exception cref="WrongMasterKeyException">Another key or environment.</exception>
    public Task VerifyStoreAsync(CancellationToken cancellationToken) => throw new NotImplementedException((open, keys, log).ToString());

    /// <summary>Makes the seller's key and row; nothing happens when both exist.</summary>
    public Task CreateAsync(SellerId seller, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Opens and verifies the vault of a seller.</summary>
    /// <param name="seller">Whose.</param>
    /// <param name="purpose">Why, in a word or two (<c>run</c>, <c>overview</c>); logged.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SellerKeyMissingException">No key.</exception>
    /// <exception cref="SealBrokenException">Rows are missing, foreign, changed or rolled back.</exception>
    public Task<SellerVault> OpenAsync(SellerId seller, string purpose, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <returns>The new epoch; writes with an older one are refused from now on.</returns>
    public Task<long> TakeOwnershipAsync(SellerId seller, string owner, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Destroys the key, then deletes the rows. May be repeated after a crash.</summary>
    public Task ShredAsync(SellerId seller, CancellationToken cancellationToken) => throw new NotImplementedException();
}
