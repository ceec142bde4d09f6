using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Deletion;

/// <param name="Seller">Whose data.</param>
/// <param name="Scope">Rules that it is about, for example <c>Dataset:LedgerDay</c>; nothing else is kept.</param>
/// <param name="Basis">The statute or order, in at least 20 characters.</param>
/// <param name="EndsAt">When it ends by itself.</param>
/// <param name="By">Name of who asks for it.</param>
public sealed record NewHold(SellerId Seller, IReadOnlyList<string> Scope, string Basis, DateTimeOffset EndsAt, string By);

public sealed record WrongHold(string Text) : Error(Text);

/// <summary>Legal holds: what law demands to keep, by name, for a time, on the word of two people. Everything else of the seller goes as it would.</summary>
public sealed class LegalHolds(AppDbs databases, KeyChain keys, AuditLog audit, TimeProvider clock)
{
    /// <summary>No hold is longer; law that asks for more is looked at again.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3 * 366);

    private const string Table = "legal_hold";

    /// <summary>Writes down a hold; it holds nothing until somebody else has approved it.</summary>
    /// <returns>Its id.</returns>
    public async Task<Result<Guid>> RequestAsync(NewHold request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (request.EndsAt <= now) return new WrongHold("Until: a hold needs an end in the future.");
        if (request.EndsAt > now + Longest) return new WrongHold("Until: a hold ends after three years at the latest; look at it again then.");
        if (request.Basis.Trim().Length < 20) return new WrongHold("Basis: name the statute or order and who asks, in at least 20 characters.");
        if (request.By.Trim().Length < 2) return new WrongHold("By: say who asks for it.");
        if (request.Scope.Count == 0) return new WrongHold("Scope: name each data set or kind of record, for example Dataset:LedgerDay. A hold never covers everything.");
        foreach (var name in request.Scope)
            if (Rule(name) is not { Hold: HoldRule.ByName }) return new WrongHold($"Scope: '{name}' is no data set or kind of record that can be held. Names are those of docs/privacy/retention.md, for example Dataset:LedgerDay.");
        await using var db = databases.System();
        if (!await db.SellerAccounts.AnyAsync(row => row.Seller == request.Seller.Value, cancellationToken)) return new WrongHold("Seller: there is no such seller account.");
        var id = Guid.CreateVersion7(now);
        db.LegalHolds.Add(new LegalHoldRow
        {
            Id = id, SellerId = request.Seller.Value, Scope = string.Join(' ', request.Scope.Distinct(StringComparer.Ordinal)), RequestedAt = now, EndsAt = request.EndsAt,
            SealedBasis = keys.Application.SealText(Table, "basis", id.ToString("N"), request.Basis.Trim()), SealedRequester = keys.Application.SealText(Table, "requester", id.ToString("N"), request.By.Trim()),
        });
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.HoldRequested, Actor.Operator, request.Seller, $"hold {id:N}: {string.Join(' ', request.Scope)}", $"until {request.EndsAt:yyyy-MM-dd}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    /// <returns>What is wrong; null when it holds from now on.</returns>
    public async Task<Error?> ApproveAsync(Guid hold, string by, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.LegalHolds.SingleOrDefaultAsync(row => row.Id == hold && row.SealedApprover == null && row.ReleasedAt == null, cancellationToken) is not { } row) return new WrongHold("There is no such hold that waits for approval.");
        var requester = keys.Application.OpenText(Table, "requester", hold.ToString("N"), row.SealedRequester);
        if (by.Trim().Length < 2 || string.Equals(by.Trim(), requester, StringComparison.OrdinalIgnoreCase)) return new WrongHold("By: a hold is approved by somebody else than who asked for it.");
        row.SealedApprover = keys.Application.SealText(Table, "approver", hold.ToString("N"), by.Trim());
        return await SaveAsync(db, row, AuditAction.HoldApproved, cancellationToken);
    }

    /// <returns>What is wrong; null when it holds nothing any more.</returns>
    public async Task<Error?> ReleaseAsync(Guid hold, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.LegalHolds.SingleOrDefaultAsync(row => row.Id == hold && row.ReleasedAt == null, cancellationToken) is not { } row) return new WrongHold("There is no such hold.");
        row.ReleasedAt = clock.GetUtcNow();
        return await SaveAsync(db, row, AuditAction.HoldReleased, cancellationToken);
    }

    /// <returns>All holds of a seller, oldest first.</returns>
    public async Task<IReadOnlyList<LegalHoldRow>> OfAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return [.. (await db.LegalHolds.AsNoTracking().Where(row => row.SellerId == seller.Value).ToListAsync(cancellationToken)).OrderBy(row => row.RequestedAt)];
    }

    /// <returns>The rules that must be kept for a seller now; empty for nearly everybody.</returns>
    public static async Task<IReadOnlySet<RetentionRule>> HeldAsync(AppDb db, SellerId seller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var scopes = await db.LegalHolds.Where(row => row.SellerId == seller.Value && row.SealedApprover != null && row.ReleasedAt == null && row.EndsAt > now).Select(row => row.Scope).ToListAsync(cancellationToken);
        return scopes.SelectMany(scope => scope.Split(' ')).Select(Rule).OfType<RetentionRule>().ToHashSet();
    }

    private async Task<Error?> SaveAsync(AppDb db, LegalHoldRow row, string action, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(action, Actor.Operator, new SellerId(row.SellerId), $"hold {row.Id:N}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static RetentionRule? Rule(string name) =>
        name.Split(':') is [var kind, var rule] && Enum.TryParse<RetainedAs>(kind, out var kept) && kept != RetainedAs.Table ? RetentionTable.Rules.FirstOrDefault(item => item.As == kept && item.Name == rule) : null;
}
