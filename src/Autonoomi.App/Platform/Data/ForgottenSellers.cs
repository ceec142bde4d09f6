using Autonoomi.App.Platform.Deletion;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>
/// Sellers whose key was destroyed have no rows. At each start, and in a restore, whatever an older copy of the database brought back of them is
/// deleted before anybody can see it: their vault could not be opened, but names, tokens and notes of runs rest under the application's key.
/// </summary>
public static class ForgottenSellers
{
    /// <returns>How many rows were deleted.</returns>
    public static async Task<int> DeleteAsync(Func<AppDb> open, IEnumerable<SellerId> destroyed, CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var seller in destroyed)
        {
            await using var db = open();
            await using var transaction = await VaultEngine.BeginAsync(db, seller, write: true, cancellationToken);
            foreach (var (table, column) in DeletionSaga.SellerTables(db.Model))
#pragma warning disable EF1003 // names of the model's own tables and columns; the seller is a parameter
                deleted += await db.Database.ExecuteSqlRawAsync("DELETE FROM \"" + table + "\" WHERE \"" + column + "\" = {0}", [seller.Value], cancellationToken);
#pragma warning restore EF1003
            await transaction.CommitAsync(cancellationToken);
        }

        return deleted;
    }
}
