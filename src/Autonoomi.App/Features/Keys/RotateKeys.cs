using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Keys;

/// <param name="Sellers">Sellers whose data were re-encrypted.</param>
/// <param name="OldMaster">Id of the master key that is refused from now on.</param>
/// <param name="NewMaster">Id of the one that takes its place.</param>
/// <param name="MasterKeyFile">Where it rests.</param>
internal sealed record KeysRotated(int Sellers, string OldMaster, string NewMaster, string MasterKeyFile);

/// <summary>Gives every seller a new data key and re-encrypts its data, then makes a new master key and a new environment key. May run while the product does.</summary>
/// <remarks>The application key stays: e-mail addresses and accounts are found by hashes under it. It is wrapped anew, and with it the key ring of cookies and forms, which rests under it.</remarks>
internal static class RotateKeys
{
    /// <param name="storage">Whose keys.</param>
    /// <param name="now">Backups of before need the old environment key for fourteen days from here.</param>
    /// <param name="progress">How many sellers are done, of how many.</param>
    /// <param name="cancellationToken">Stops between two sellers; what is done stays done.</param>
    /// <exception cref="SetupException">There is no store yet, or the product has to bring it up to date first.</exception>
    /// <exception cref="VaultException">Keys and data do not belong together, or a row does not open.</exception>
    public static async Task<KeysRotated> RunAsync(StorageSettings storage, DateTimeOffset now, IProgress<(int Done, int Of)>? progress, CancellationToken cancellationToken)
    {
        using var store = await OpenedStore.OpenAsync(storage, cancellationToken);
        var (databases, keys) = (store.Databases, store.Keys);
        var vaults = new SellerVaults(databases.System, keys);
        await vaults.VerifyStoreAsync(cancellationToken);
        var sellers = keys.Sellers();
        for (var done = 0; done < sellers.Count; done++)
        {
            var seller = sellers[done];
            progress?.Report((done, sellers.Count));
            await vaults.RotateAsync(seller, (db, sealer, stop) => AuditLog.RewrapAsync((AppDb)db, seller, sealer, stop), cancellationToken);
        }

        var (old, next) = keys.RotateMaster(now);
        keys.DropRetired(now);

        // The database names the master key it was written with.
        await vaults.VerifyStoreAsync(cancellationToken);
        return new(sellers.Count, old, next, keys.MasterKeyFile);
    }
}
