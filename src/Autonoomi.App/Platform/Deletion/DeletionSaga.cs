using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Retention;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Amazon.Login;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Autonoomi.App.Platform.Deletion;

/// <param name="Before">Rows before they went.</param>
/// <param name="After">Rows after.</param>
public sealed record DeletedRows(long Before, long After);

/// <summary>What is signed when a deletion is over.</summary>
/// <param name="Deletion">Its id.</param>
/// <param name="SellerAccount">Which account; null for the organisation itself.</param>
/// <param name="What">What went, in words.</param>
/// <param name="Cause">Why.</param>
/// <param name="StartedAt">From when its days counted.</param>
/// <param name="StoppedAt">When nothing ran any more.</param>
/// <param name="RowsGoneAt">When the rows went.</param>
/// <param name="KeyGoneAt">When the key was destroyed; where one consent's data went, when the step was passed.</param>
/// <param name="KeyDestroyed">True where the data key of the account was destroyed.</param>
/// <param name="BackupsGoneAt">From when no backup is young enough to hold anything.</param>
/// <param name="Rows">By table.</param>
public sealed record Certificate(
    Guid Deletion, Guid? SellerAccount, string What, DeletionCause Cause, DateTimeOffset StartedAt, DateTimeOffset? StoppedAt, DateTimeOffset? RowsGoneAt, DateTimeOffset? KeyGoneAt,
    bool KeyDestroyed, DateTimeOffset BackupsGoneAt, SortedDictionary<string, DeletedRows> Rows);

/// <param name="Text">The certificate, as it was signed.</param>
/// <param name="Signature">ECDSA with P-256 and SHA-256 over the UTF-8 bytes of the text, base64.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo, base64.</param>
public sealed record SignedCertificate(string Text, string Signature, string PublicKey);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Certificate))]
[JsonSerializable(typeof(SignedCertificate))]
[JsonSerializable(typeof(SortedDictionary<string, DeletedRows>))]
internal sealed partial class CertificateJson : JsonSerializerContext;

/// <summary>
/// Takes deletions from step to step. Every step is one transaction that begins by moving the state on, or may be repeated without harm: whoever is killed
/// in between, and however many processes work on it, each step happens once.
/// </summary>
public sealed partial class DeletionSaga(AppDbs databases, KeyChain keys, SellerVaults vaults, Workspaces workspaces, DeletionBook book, AuditLog audit, TimeProvider clock, ILogger<DeletionSaga> log)
{
    private static readonly DateOnly Beginning = new(2000, 1, 1);
    private static readonly DateOnly End = new(2999, 12, 31);

    /// <summary>Takes every deletion as far as its clock allows.</summary>
    /// <returns>How many steps were taken.</returns>
    public async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        var steps = 0;
        List<DeletionRow> open;
        await using (var db = databases.System())
        {
            var rows = await db.Deletions.AsNoTracking().Where(row => row.State != DeletionState.Closed && row.State != DeletionState.TakenBack).ToListAsync(cancellationToken);

            // Sellers first: an organisation goes when the last of its accounts is gone.
            open = [.. rows.OrderBy(row => row.SellerId is null).ThenBy(row => row.StartedAt)];
        }

        var failures = new List<Exception>();
        foreach (var row in open)
        {
            try
            {
                var at = row;
                while (at is not null && await StepAsync(at, cancellationToken))
                {
                    steps++;
                    await using var db = databases.System();
                    at = await db.Deletions.AsNoTracking().SingleOrDefaultAsync(item => item.Id == row.Id, cancellationToken);
                }
            }
#pragma warning disable CA1031 // one that cannot go on must not hold up the others; all are told at the end
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                failures.Add(failure);
            }
        }

        return failures.Count == 0 ? steps : throw new AggregateException("Deletions could not go on.", failures);
    }

    /// <summary>The next step of one deletion.</summary>
    /// <returns>False when nothing is due.</returns>
    internal async Task<bool> StepAsync(DeletionRow row, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        switch (row.State)
        {
            case DeletionState.Requested:
                return await StopAsync(row, now, cancellationToken);
            case DeletionState.Stopped when now >= DeletionClock.RowsGo(row.StartedAt):
                return row.SellerId is null ? await DeleteOrganisationAsync(row, now, cancellationToken) : await DeleteRowsAsync(row, now, cancellationToken);
            case DeletionState.RowsGone:
                return await DestroyKeyAsync(row, now, cancellationToken);
            case DeletionState.KeyGone when now >= DeletionClock.BackupsGo(row.KeyGoneAt!.Value):
                return await CloseAsync(row, now, cancellationToken);
            default:
                return false;
        }
    }

    /// <summary>Every table whose rows belong to a seller, with the column that says to which.</summary>
    internal static IReadOnlyList<(string Table, string Column)> SellerTables(IModel model) => TablesWith(model, "Seller", typeof(SellerRow));

    /// <summary>Every table whose rows belong to an organisation, but for the deletions themselves.</summary>
    internal static IReadOnlyList<(string Table, string Column)> OrganisationTables(IModel model) => TablesWith(model, "Organisation", typeof(OrganisationRow));

    private async Task<bool> StopAsync(DeletionRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await BeginAsync(db, row, cancellationToken);
        if (await db.Deletions.Where(item => item.Id == row.Id && item.State == DeletionState.Requested)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, DeletionState.Stopped).SetProperty(item => item.StoppedAt, now), cancellationToken) == 0) return false;
        if (row is { SellerId: { } seller, Scope: RetainedFrom.Both })
        {
            foreach (var run in await db.Runs.Where(item => item.Seller == seller && item.State == RunState.Running).ToListAsync(cancellationToken))
                (run.State, run.FinishedAt, run.SealedError) = (RunState.Failed, now, keys.Application.SealText("run", "error", run.Id.ToString("N"), Jobs.Runs.Leaving));
            await db.SaveChangesAsync(cancellationToken);

            // Whoever works on the seller loses it with this: its next write is refused, and its next sign of life ends it.
            await db.Sellers.Where(item => item.Id == seller).ExecuteUpdateAsync(set => set.SetProperty(item => item.Epoch, item => item.Epoch + 1).SetProperty(item => item.DueAt, (long?)null), cancellationToken);
        }

        await TellAsync(db, row, AuditAction.DeletionStopped, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogStep(row.Id, DeletionState.Stopped);
        return true;
    }

    private async Task<bool> DeleteRowsAsync(DeletionRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var seller = new SellerId(row.SellerId!.Value);
        IReadOnlySet<RetentionRule> held;
        await using (var look = databases.System()) held = await LegalHolds.HeldAsync(look, seller, now, cancellationToken);
        var whole = row.Scope == RetainedFrom.Both && held.Count == 0;

        // What stays sealed beside what goes must still be proven, so the vault itself takes rows out; it is repeated without harm.
        if (!whole && keys.HasSeller(seller)) await EmptyAsync(seller, row.Scope, held, cancellationToken);
        await using var db = databases.System();
        await using var transaction = await BeginAsync(db, row, cancellationToken);
        if (await db.Deletions.Where(item => item.Id == row.Id && item.State == DeletionState.Stopped)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, DeletionState.RowsGone).SetProperty(item => item.RowsGoneAt, now), cancellationToken) == 0) return false;
        var counts = new SortedDictionary<string, DeletedRows>(StringComparer.Ordinal);
        if (row.Scope == RetainedFrom.Both)
        {
            await DeletePersonalAsync(db, seller, cancellationToken);
            string[] stay = whole ? [] : ["seller", "segment", "record"];
            foreach (var (table, column) in SellerTables(db.Model))
            {
                if (!stay.Contains(table)) counts[table] = await DeleteAsync(db, table, column, seller.Value, cancellationToken);
                else if (await CountAsync(db, table, column, seller.Value, cancellationToken) is var rows) counts[table] = new(rows, rows);
            }
        }
        else
        {
            var kind = row.Scope == RetainedFrom.Ads ? GrantKind.Ads : GrantKind.SellingPartner;
            counts["grant"] = new(await db.Grants.Where(item => item.Seller == seller.Value && item.Kind == kind && item.State == GrantState.ReauthRequired).ExecuteDeleteAsync(cancellationToken), 0);
            counts["missing_permission"] = new(await db.MissingPermissions.Where(item => item.Seller == seller.Value && item.Kind == kind).ExecuteDeleteAsync(cancellationToken), 0);
            await db.Storefronts.Where(item => item.Seller == seller.Value).ExecuteUpdateAsync(set => set.SetProperty(item => item.Active, false), cancellationToken);
        }

        var text = JsonSerializer.Serialize(counts, CertificateJson.Default.SortedDictionaryStringDeletedRows);
        await db.Deletions.Where(item => item.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(item => item.Counts, text), cancellationToken);
        await TellAsync(db, row, AuditAction.DeletionRowsGone, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        workspaces.Forget(seller);
        await CleanAsync(db, cancellationToken);
        LogStep(row.Id, DeletionState.RowsGone);
        return true;
    }

    private async Task<bool> DestroyKeyAsync(DeletionRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (row is { SellerId: { } id, Scope: RetainedFrom.Both })
        {
            var seller = new SellerId(id);
            await using (var look = databases.System())
                if ((await LegalHolds.HeldAsync(look, seller, now, cancellationToken)).Count > 0) return false;

            // The pseudonyms of the audit log die with it, and what a hold had kept goes now.
            await vaults.ShredAsync(seller, cancellationToken);
            workspaces.Forget(seller);
        }

        await using var db = databases.System();
        await using var transaction = await BeginAsync(db, row, cancellationToken);
        if (await db.Deletions.Where(item => item.Id == row.Id && item.State == DeletionState.RowsGone)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, DeletionState.KeyGone).SetProperty(item => item.KeyGoneAt, now), cancellationToken) == 0) return false;
        if (row.SellerId is { } gone && row.Scope == RetainedFrom.Both) await db.AuditKeys.Where(item => item.Id == gone && item.Kind == AuditKeyKind.Seller).ExecuteDeleteAsync(cancellationToken);
        await TellAsync(db, row, AuditAction.DeletionKeyGone, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await CleanAsync(db, cancellationToken);
        LogStep(row.Id, DeletionState.KeyGone);
        return true;
    }

    private async Task<bool> DeleteOrganisationAsync(DeletionRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var organisation = row.Organisation;
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.SellerAccounts.AnyAsync(item => item.Organisation == organisation, cancellationToken)) return false;
        if (await db.Deletions.AnyAsync(item => item.Organisation == organisation && item.SellerId != null && item.Scope == RetainedFrom.Both && (item.State == DeletionState.Requested || item.State == DeletionState.Stopped || item.State == DeletionState.RowsGone), cancellationToken)) return false;
        if (await db.Deletions.Where(item => item.Id == row.Id && item.State == DeletionState.Stopped)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, DeletionState.RowsGone).SetProperty(item => item.RowsGoneAt, now), cancellationToken) == 0) return false;
        var people = await db.Memberships.Where(item => item.Organisation == organisation).Select(item => item.User).ToListAsync(cancellationToken);
        var counts = new SortedDictionary<string, DeletedRows>(StringComparer.Ordinal);
        foreach (var (table, column) in OrganisationTables(db.Model)) counts[table] = await DeleteAsync(db, table, column, organisation, cancellationToken);
        var leave = people.Except(await db.Memberships.Where(item => people.Contains(item.User)).Select(item => item.User).ToListAsync(cancellationToken)).ToList();
        counts["passkey"] = new(await db.Passkeys.Where(item => leave.Contains(item.User)).ExecuteDeleteAsync(cancellationToken), 0);
        counts["sign_on"] = new(await db.SignOns.Where(item => leave.Contains(item.User)).ExecuteDeleteAsync(cancellationToken), 0);
        counts["session"] = new(await db.Sessions.Where(item => leave.Contains(item.User)).ExecuteDeleteAsync(cancellationToken), 0);
        counts["password_reset"] = new(await db.PasswordResets.Where(item => leave.Contains(item.User)).ExecuteDeleteAsync(cancellationToken), 0);
        await db.Mails.Where(item => item.User != null && leave.Contains(item.User.Value)).ExecuteDeleteAsync(cancellationToken);
        counts["user"] = new(await db.Users.Where(item => leave.Contains(item.Id)).ExecuteDeleteAsync(cancellationToken), 0);
        counts["audit_key"] = new(await db.AuditKeys.Where(item => item.Kind == AuditKeyKind.Person && leave.Contains(item.Id)).ExecuteDeleteAsync(cancellationToken), 0);
        var text = JsonSerializer.Serialize(counts, CertificateJson.Default.SortedDictionaryStringDeletedRows);
        await db.Deletions.Where(item => item.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(item => item.Counts, text), cancellationToken);
        await TellAsync(db, row, AuditAction.DeletionRowsGone, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await CleanAsync(db, cancellationToken);
        LogStep(row.Id, DeletionState.RowsGone);
        return true;
    }

    private async Task<bool> CloseAsync(DeletionRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var counts = row.Counts is null ? new(StringComparer.Ordinal) : JsonSerializer.Deserialize(row.Counts, CertificateJson.Default.SortedDictionaryStringDeletedRows)!;
        var certificate = new Certificate(
            row.Id, row.SellerId, row.SellerId is null ? "organisation and people" : DeletionBook.Words(row.Scope), row.Cause, row.StartedAt, row.StoppedAt, row.RowsGoneAt, row.KeyGoneAt,
            row is { SellerId: not null, Scope: RetainedFrom.Both }, DeletionClock.BackupsGo(row.KeyGoneAt!.Value), counts);
        var text = JsonSerializer.Serialize(certificate, CertificateJson.Default.Certificate);
        var (signature, publicKey) = await book.SignAsync(db, Encoding.UTF8.GetBytes(text), cancellationToken);
        var signed = JsonSerializer.Serialize(new SignedCertificate(text, Convert.ToBase64String(signature), Convert.ToBase64String(publicKey)), CertificateJson.Default.SignedCertificate);
        if (await db.Deletions.Where(item => item.Id == row.Id && item.State == DeletionState.KeyGone)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, DeletionState.Closed).SetProperty(item => item.EndedAt, now).SetProperty(item => item.Certificate, signed), cancellationToken) == 0) return false;
        await book.TellDoneAsync(db, row, cancellationToken);
        await TellAsync(db, row, AuditAction.DeletionClosed, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogStep(row.Id, DeletionState.Closed);
        return true;
    }

    /// <summary>Takes out of a vault what the scope covers and no hold names; the rest stays proven.</summary>
    private async Task EmptyAsync(SellerId seller, RetainedFrom scope, IReadOnlySet<RetentionRule> held, CancellationToken cancellationToken)
    {
        bool Goes(RetentionRule rule) => !held.Contains(rule) && (scope == RetainedFrom.Both || rule.From == scope || rule.From == RetainedFrom.Both);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var vault = await vaults.OpenAsync(seller, Purpose.Delete, cancellationToken);
                var write = new VaultWrite();
                await using (var db = databases.System())
                await using (await VaultEngine.BeginAsync(db, seller, write: false, cancellationToken))
                    foreach (var segment in await db.Segments.Where(row => row.Seller == seller.Value && row.Rows > 0).Select(row => new { row.Dataset, row.Storefront }).Distinct().ToListAsync(cancellationToken))
                    {
                        if (!Goes(RetentionTable.Of(RetainedAs.Dataset, segment.Dataset))) continue;
                        var (dataset, storefront) = (Enum.Parse<Dataset>(segment.Dataset), new StorefrontId(segment.Storefront));
                        if (TableSchema.Of(dataset).IsDaily) write.ReplaceDays(dataset, storefront, new DateSpan(Beginning, End), Expired.Empty(dataset));
                        else write.ReplaceSnapshot(dataset, storefront, Expired.Empty(dataset));
                    }

                foreach (var rule in RetentionTable.Rules.Where(rule => rule.As == RetainedAs.Record && Goes(rule)))
                    foreach (var record in await vault.RecordsAsync(rule.Name, AnyRecordJson.Default.JsonElement, null, cancellationToken)) write.Delete(rule.Name, record.Id);
                await vault.CommitAsync(write, cancellationToken);
                return;
            }
            catch (VaultConflictException) when (attempt < 20)
            {
                // A run that was not stopped yet, or another process at the same step, committed in between.
            }
        }
    }

    private static async Task DeletePersonalAsync(AppDb db, SellerId seller, CancellationToken cancellationToken)
    {
        // What names the account in another way: notices put away, and login clients that no other account uses.
        var name = seller.Value.ToString("N");
        await db.NoticesSeen.Where(item => item.Notice.Contains(name)).ExecuteDeleteAsync(cancellationToken);
        var mine = await db.Grants.Where(item => item.Seller == seller.Value && item.Client != null).Select(item => item.Client!.Value).ToListAsync(cancellationToken);
        await db.LoginClients.Where(item => mine.Contains(item.Id) && !db.Grants.Any(grant => grant.Client == item.Id && grant.Seller != seller.Value)).ExecuteDeleteAsync(cancellationToken);
    }

    private static IReadOnlyList<(string Table, string Column)> TablesWith(IModel model, string property, Type own) =>
        [.. from type in model.GetEntityTypes()
            where type.ClrType != typeof(DeletionRow)
            let column = type.ClrType == own ? type.FindProperty("Id") : type.FindProperty(property)
            where column is not null && (Nullable.GetUnderlyingType(column.ClrType) ?? column.ClrType) == typeof(Guid)
            let table = type.GetTableName()!
            orderby table
            select (table, column.GetColumnName(StoreObjectIdentifier.Table(table))!)];

    private static async Task<DeletedRows> DeleteAsync(AppDb db, string table, string column, Guid id, CancellationToken cancellationToken)
    {
#pragma warning disable EF1003 // names of the model's own tables and columns; the id is a parameter
        var gone = await db.Database.ExecuteSqlRawAsync("DELETE FROM \"" + table + "\" WHERE \"" + column + "\" = {0}", [id], cancellationToken);
#pragma warning restore EF1003
        return new(gone, await CountAsync(db, table, column, id, cancellationToken));
    }

    private static async Task<long> CountAsync(AppDb db, string table, string column, Guid id, CancellationToken cancellationToken)
    {
#pragma warning disable EF1003 // as above
        return await db.Database.SqlQueryRaw<long>("SELECT count(*) AS \"Value\" FROM \"" + table + "\" WHERE \"" + column + "\" = {0}", id).SingleAsync(cancellationToken);
#pragma warning restore EF1003
    }

    private static async Task<Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction> BeginAsync(AppDb db, DeletionRow row, CancellationToken cancellationToken) =>
        row.SellerId is { } seller ? await VaultEngine.BeginAsync(db, new SellerId(seller), write: true, cancellationToken) : await db.Database.BeginTransactionAsync(cancellationToken);

    // Deleted rows must not lie about in the write-ahead log or in dead tuples: SQLite overwrites freed pages by itself (secure_delete).
    private static async Task CleanAsync(AppDb db, CancellationToken cancellationToken)
    {
        try
        {
            await db.Database.ExecuteSqlRawAsync(db.Database.IsNpgsql() ? "VACUUM segment, record, seller" : "PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
        }
        catch (System.Data.Common.DbException)
        {
            // Somebody reads at this moment; the next deletion or checkpoint does it.
        }
    }

    private Task TellAsync(AppDb db, DeletionRow row, string action, CancellationToken cancellationToken) =>
        audit.AppendAsync(db, new(action, Actor.Product, row.SellerId is { } seller ? new SellerId(seller) : null, string.Create(CultureInfo.InvariantCulture, $"deletion {row.Id:N}"), DeletionBook.Words(row.Scope)), cancellationToken);

    [LoggerMessage(LogLevel.Information, "Deletion {Deletion}: {State}")]
    private partial void LogStep(Guid deletion, DeletionState state);
}
