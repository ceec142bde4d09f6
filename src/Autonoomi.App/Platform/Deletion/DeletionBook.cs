using System.Security.Cryptography;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Deletion;

public sealed record NotDeletable(string Text) : Error(Text);

/// <summary>Deletions: begun, taken back, looked at. What they do is done by <see cref="DeletionSaga"/>.</summary>
public sealed class DeletionBook(AppDbs databases, KeyChain keys, Outbox outbox, AuditLog audit, TimeProvider clock)
{
    private static readonly DeletionState[] Open = [DeletionState.Requested, DeletionState.Stopped, DeletionState.RowsGone, DeletionState.KeyGone];
    private static readonly DeletionState[] CanBeTakenBack = [DeletionState.Requested, DeletionState.Stopped];

    private readonly Rights rights = new(databases, audit);

    /// <summary>True once the whole seller account is on its way out: nothing may begin for it any more.</summary>
    public static Task<bool> IsLeavingAsync(AppDb db, SellerId seller, CancellationToken cancellationToken) =>
        db.Deletions.AnyAsync(row => row.SellerId == seller.Value && row.Scope == RetainedFrom.Both && row.State != DeletionState.TakenBack && row.State != DeletionState.Closed, cancellationToken);

    /// <summary>Begins the deletion of one seller account. Where one is under way, the earlier start counts and nothing else happens.</summary>
    /// <param name="organisation">Whose account it is.</param>
    /// <param name="seller">Which.</param>
    /// <param name="scope">All, or what one consent brought.</param>
    /// <param name="cause">Why.</param>
    /// <param name="startedAt">From when the days count; never later than now.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<DeletionRow>> StartAsync(Guid organisation, SellerId seller, RetainedFrom scope, DeletionCause cause, DateTimeOffset startedAt, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Own, organisation, AuditAction.DeletionStarted, cancellationToken) is { } refusal) return refusal;
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.SellerAccounts.AnyAsync(row => row.Seller == seller.Value && row.Organisation == organisation, cancellationToken))
            return new NotDeletable("There is no such seller account. It may be deleted already.");
        var row = await StartAsync(db, organisation, seller, scope, cause, startedAt, by, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row;
    }

    /// <summary>Begins the deletion of an organisation: of each of its seller accounts, and then of itself with its people.</summary>
    public async Task<Result<DeletionRow>> StartOrganisationAsync(Guid organisation, DateTimeOffset startedAt, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Own, organisation, AuditAction.DeletionStarted, cancellationToken) is { } refusal) return refusal;
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.Organisations.AnyAsync(row => row.Id == organisation, cancellationToken)) return new NotDeletable("There is no such organisation. It may be deleted already.");
        foreach (var seller in await db.SellerAccounts.Where(row => row.Organisation == organisation).Select(row => row.Seller).ToListAsync(cancellationToken))
            await StartAsync(db, organisation, new SellerId(seller), RetainedFrom.Both, DeletionCause.Organisation, startedAt, by, cancellationToken);
        var row = await StartAsync(db, organisation, null, RetainedFrom.Both, DeletionCause.Organisation, startedAt, by, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row;
    }

    /// <summary>The same in the caller's transaction, as its last act: what starts it and the start stand together or not at all.</summary>
    internal async Task<DeletionRow> StartAsync(AppDb db, Guid organisation, SellerId? seller, RetainedFrom scope, DeletionCause cause, DateTimeOffset startedAt, Actor by, CancellationToken cancellationToken)
    {
        var (id, now) = (seller?.Value, clock.GetUtcNow());
        var start = DeletionClock.Earliest(startedAt, now);
        var row = await db.Deletions.SingleOrDefaultAsync(item => item.Organisation == organisation && item.SellerId == id && item.Scope == scope && Open.Contains(item.State), cancellationToken);
        if (row is null)
        {
            // Where the whole organisation goes, one mail says so for all of its accounts.
            if (seller is null || cause != DeletionCause.Organisation) await outbox.AddForOwnersAsync(db, MailKind.Deletion, organisation, Letters.DeletionBegun(seller is null, Words(scope), DeletionClock.RowsGo(start)), cancellationToken);
            db.Deletions.Add(row = new DeletionRow { Id = Guid.CreateVersion7(now), Organisation = organisation, SellerId = id, Scope = scope, Cause = cause, StartedAt = start, State = DeletionState.Requested });
        }
        else if (start < row.StartedAt) (row.StartedAt, row.Cause) = (start, cause);
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.DeletionStarted, by, seller, $"deletion {row.Id:N}, {Words(scope)}", $"{cause}"), cancellationToken);
        return row;
    }

    /// <summary>Takes a deletion back, as long as no row has gone.</summary>
    /// <returns>What is wrong; null when it was taken back.</returns>
    public async Task<Error?> TakeBackAsync(Guid organisation, Guid deletion, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Own, organisation, AuditAction.DeletionTakenBack, cancellationToken) is { } refusal) return refusal;
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var row = await db.Deletions.AsNoTracking().SingleOrDefaultAsync(item => item.Id == deletion && item.Organisation == organisation, cancellationToken);
        if (row is null || !await TakeBackAsync(db, row, cancellationToken)) return new NotDeletable("This deletion cannot be taken back any more: its rows are gone, or it ended before.");
        await audit.AppendAsync(db, TakenBack(row, by), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>A consent given anew takes back what its withdrawal had started.</summary>
    /// <returns>What is to be told at the end of the caller's transaction.</returns>
    internal async Task<IReadOnlyList<AuditEvent>> RejoinedAsync(AppDb db, SellerId seller, RetainedFrom scope, Actor by, CancellationToken cancellationToken)
    {
        var open = await db.Deletions.AsNoTracking().Where(row => row.SellerId == seller.Value && row.Cause == DeletionCause.Withdrawal && (row.Scope == scope || row.Scope == RetainedFrom.Both) && CanBeTakenBack.Contains(row.State)).ToListAsync(cancellationToken);
        var told = new List<AuditEvent>();
        foreach (var row in open)
            if (await TakeBackAsync(db, row, cancellationToken)) told.Add(TakenBack(row, by));
        return told;
    }

    /// <returns>Deletions of an organisation, the newest first.</returns>
    public async Task<IReadOnlyList<DeletionRow>> OfAsync(Guid organisation, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return [.. (await db.Deletions.AsNoTracking().Where(row => row.Organisation == organisation).ToListAsync(cancellationToken)).OrderByDescending(row => row.StartedAt).ThenBy(row => row.Id)];
    }

    /// <returns>All that are not done, and those that broke a promise of time.</returns>
    public async Task<IReadOnlyList<(DeletionRow Row, string? Late)>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var now = clock.GetUtcNow();
        return [.. (await db.Deletions.AsNoTracking().Where(row => Open.Contains(row.State)).ToListAsync(cancellationToken)).OrderBy(row => row.StartedAt).Select(row => (row, DeletionClock.Late(row, now)))];
    }

    /// <summary>A withdrawn consent is proven, not guessed: Amazon refused it twice, and the year after which Amazon ends consents by itself is not over.</summary>
    internal static bool IsProven(DateTimeOffset? endsAt, DateTimeOffset now) => endsAt is null || now < endsAt;

    /// <summary>What one consent brought.</summary>
    internal static RetainedFrom ScopeOf(Amazon.Login.GrantKind kind) => kind switch { Amazon.Login.GrantKind.Ads => RetainedFrom.Ads, Amazon.Login.GrantKind.SellingPartner => RetainedFrom.Selling };

    internal static string Words(RetainedFrom scope) => scope switch
    {
        RetainedFrom.Ads => "what the Ads consent brought",
        RetainedFrom.Selling => "what the Selling Partner consent brought",
        _ => "everything",
    };

    /// <summary>Signs a certificate with the installation's key, made on first use.</summary>
    internal async Task<(byte[] Signature, byte[] PublicKey)> SignAsync(AppDb db, byte[] bytes, CancellationToken cancellationToken)
    {
        var row = await db.SigningKeys.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (row is null)
        {
            db.SigningKeys.Add(row = new SigningKeyRow { Id = 1, Public = key.ExportSubjectPublicKeyInfo(), SealedPrivate = keys.Application.Seal("signing_key", "private", "1", key.ExportPkcs8PrivateKey()) });
            await db.SaveChangesAsync(cancellationToken);
        }
        else
        {
            key.ImportPkcs8PrivateKey(keys.Application.Open("signing_key", "private", "1", row.SealedPrivate), out _);
        }

        return (key.SignData(bytes, HashAlgorithmName.SHA256), row.Public);
    }

    private static AuditEvent TakenBack(DeletionRow row, Actor by) => new(AuditAction.DeletionTakenBack, by, row.SellerId is { } seller ? new SellerId(seller) : null, $"deletion {row.Id:N}");

    private async Task<bool> TakeBackAsync(AppDb db, DeletionRow row, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var taken = await db.Deletions.Where(item => item.Id == row.Id && CanBeTakenBack.Contains(item.State))
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.State, DeletionState.TakenBack).SetProperty(item => item.EndedAt, now), cancellationToken);
        if (taken == 0) return false;
        if (row.SellerId is { } id)
        {
            await VaultEngine.AsSellerAsync(db, new SellerId(id), cancellationToken);
            var due = Jobs.Runs.Micros(now);
            await db.Sellers.Where(item => item.Id == id).ExecuteUpdateAsync(set => set.SetProperty(item => item.DueAt, due), cancellationToken);
        }

        if (row.SellerId is null || row.Cause != DeletionCause.Organisation) await outbox.AddForOwnersAsync(db, MailKind.Deletion, row.Organisation, Letters.DeletionTakenBack(row.SellerId is null), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>That the deletion of a seller account is done, in the caller's transaction; of an organisation nobody is left to be told.</summary>
    internal async Task TellDoneAsync(AppDb db, DeletionRow row, CancellationToken cancellationToken)
    {
        if (row.SellerId is null || row.Cause == DeletionCause.Organisation) return;
        await outbox.AddForOwnersAsync(db, MailKind.Deletion, row.Organisation, Letters.DeletionDone(Words(row.Scope)), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }
}
